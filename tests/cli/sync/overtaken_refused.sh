# overtaken_refused.sh - rows that the destination takes for one, of which a change is
# refused: what it was to replace is still there, so the row leaves again (overtaken.sh).
. "$TOP/tests/tool/lib.sh"
. "$TOP/tests/tool/overtaken.sh"

# A and B are sent, A first, and its receipt is lost; then B is not there, and A
# is refused, which leaves B at the destination
refused_between() {
	for first in accepted/lost unknown/lost; do
		for refused in rejected failed; do
			for again in 1 2; do
				new
				lines "$A" "$B" "$Z" | run $first whole
				for n in $(seq $again); do lines "$A" "$Z" | run $refused whole; done
				lines "$A" "$Z" | judge "$what: $first, A $refused, $n times"
				lines "$Z" | judge "$what: none left of $first, A $refused"
			done
		done
	done
}
each_world refused_between

# a change that stands for both is refused, and its row is as it was before: the
# destination has the other one. A2 is A with other values.
refused_change() {
	A2=$(printf '%s' "$A" | sed 's/"v":"a"/"v":"a2"/')
	for refused in rejected failed; do
		for second in "$B" '' cut; do
			for left in "$A" "$B"; do
				for last in a b; do
					new
					both $last | run accepted whole
					case $second in
					cut) lines "$A2" | run $refused cut ;;
					'') lines "$A2" "$Z" | run $refused whole ;;
					*) lines "$A2" "$B" "$Z" | run $refused whole ;;
					esac
					lines "$left" "$Z" | judge "$what: $refused: $last was last, then $A2 and '$second', then"
				done
			done
		done
	done
}
each_world refused_change

# the same, and the receipts of one rudder-send are committed in two parts: only the
# second one says that the change was refused
refused_in_parts() {
	long=a2$(printf %0300d 0) # for the name of a file
	A2=$(printf '%s' "$A" | sed "s/\"v\":\"a\"/\"v\":\"$long\"/") Z2=$(printf '%s' "$Z" | sed 's/"v":"z"/"v":"z2"/')
	for left in "$A" "$B"; do
		for last in a b; do
			new
			both $last | run accepted whole
			lines "$A2" "$Z2" | rows >in
			# shellcheck disable=SC2086 # words
			rudder-diff -s st --mode mirror --max-deletes 100% $options in >out 2>err
			grep '"v":"z2"' out >>sent
			rudder-map -t identify -u id -c v --delete-event gone <out |
				rudder-send -d 'file:sent-{traits.v}' >receipts 2>err || got=$?
			is 1 "$got" "$what: $(cat err)"
			grep -v '"type":"end"\|"rejected"' receipts >first
			grep '"type":"begin"\|"rejected"' receipts >second
			for part in first second; do rudder-diff --commit -s st $part >/dev/null 2>err || :; done
			lines "$left" "$Z2" | judge "$what: $last was last, a change refused in the second part, then"
		done
	done
}
each_world refused_in_parts

# both are deleted, which is refused or waits, and one is back
refused_delete() {
	Z2=$(printf '%s' "$Z" | sed 's/"v":"z"/"v":"z2"/')
	for refused in rejected failed unknown waits; do
		for left in "$A" "$B"; do
			for last in a b; do
				new
				both $last | run accepted whole
				case $refused in
				waits) lines "$Z2" | run accepted whole --max-changes 1 ;;
				*) lines "$Z" | run $refused whole ;;
				esac
				lines "$left" "$Z" | judge "$what: $refused: $last was last, both deleted, then"
			done
		done
	done
}
each_world refused_delete

# nobody knows whether A and B arrived, and both are deleted; one of the deletes is
# refused, or its receipt is lost
one_delete_refused() {
	for refused in rejected failed unknown; do
		for which in 1 2; do
			for left in "$A" "$B"; do
				new
				lines "$A" "$B" "$Z" | run lost whole
				lines "$Z" | rows >in
				# shellcheck disable=SC2086 # words
				rudder-diff -s st --mode mirror --max-deletes 100% $options in >out 2>err
				id=$(sed -n 's/.*"type":"change".*"change":"\([0-9a-f]\{8\}\).*/\1/p' out | sed -n ${which}p)
				grep '"type":"change"' out | grep -v "\"change\":\"$id" >>sent || :
				ack accepted <out | sed "/\"$id-/s/accepted/$refused/" >receipts
				rudder-diff --commit -s st receipts >/dev/null 2>err || :
				lines "$left" "$Z" | judge "$what: change $which of the deletes $refused, then"
			done
		done
	done
}
each_world one_delete_refused

# and where nothing is left of what was refused: a new row, C, of three for one
what='a new row is refused'
A='{"id":7,"b":7,"v":"a"}' B='{"id":"7","b":7,"v":"b"}' Z='{"id":1,"b":1,"v":"z"}'
for last in a b; do
	world -k id,b
	both b | run accepted whole
	B='{"id":7,"b":"7","v":"c"}' && both $last | run rejected whole
	lines "$A" "$Z" | judge "$what: $last last"
	B='{"id":"7","b":7,"v":"b"}'
done
