# overtaken.sh - rows that the destination takes for one: 7 and "7", or two with
# one identity. What was sent of one is no longer there once another was sent, so
# it leaves again under a new messageId, whatever happened in between. Judged as a
# destination that drops the messageIds it knows, and as one that takes them all.
. "$TOP/tests/tool/lib.sh"

# world OPTIONS: a new state, of which key_of is the expression of what the
# destination knows a row by
world() {
	rm -rf st
	: >sent
	options=$*
	case $options in
	*identity*) known_by=.e ;;
	*id,b*) known_by='[.id, .b | tonumber | tostring] | join("/")' ;;
	*) known_by='.id | tonumber | tostring' ;;
	esac
	case $options in *-k*) ;; *) options="-k id $options" ;; esac
}

# run FATE INPUT OPTIONS <ROWS: a run whose changes all arrive, unless they are
# rejected or failed; INPUT is whole or cut, FATE what the receipts say, or lost:
# no receipts, or FATE/lost: the first row has no receipt. Its status goes to $got.
run() {
	fate=${1%/*} first=${1#*/} input=$2 got=0
	shift 2
	if [ $input = cut ]; then rows | sed '$d' >in; else rows >in; fi
	# shellcheck disable=SC2086 # words
	rudder-diff -s st --mode mirror --max-deletes 100% $options "$@" in >out 2>err.diff || got=$?
	case $fate in rejected | failed) ;; *) grep '"type":"change"' out >>sent || : ;; esac
	[ $fate != lost ] || return 0
	[ $first != lost ] || { awk '!/"type":"change"/ || n++' out >rest && mv rest out; }
	# what rudder-diff skips has an acknowledgement whatever the receipts say
	{ grep -v '"type":"end"' out | grep -v '"type":"change"' | ack accepted && grep -v '"type":"skip"\|"type":"begin"' out | ack $fate; } >receipts
	rudder-diff --commit -s st receipts >/dev/null 2>err || :
}

# all changes that have left, as: id, action, what it is known by, row
arrived() { jq -r "[._rudder.change, ._rudder.action, ($known_by), (del(._rudder) | tojson)] | @tsv" sent; }

# judge WHAT <ROWS: after quiet runs the destination holds these
judge() {
	cat >table
	for _ in 1 2 3; do # a run that owes a row to the next one says so
		run accepted whole <table
		[ $got = 1 ] || break
	done
	is 0 "$got" "$1: the quiet run"
	arrived >arrived
	for drops in 0 1; do
		awk -F'\t' -v drops=$drops '
			drops && seen[$1]++ {next}
			$2 == "delete" {delete at[$3]; next}
			{at[$3] = $4}
			END {for (i in at) print at[i]}' arrived | short_numbers | sort >holds
		short_numbers <table | sort | cmp -s - holds || fail "$1 (drops ids: $drops): wanted $(cat table), holds $(cat holds)"
	done
}

# A and B are one to the destination; Z is another row, so that no input is empty
# shellcheck disable=SC2317 # new() is called by the tests
each_world() {
	for pair in '7 "7"' '"7" 7' '7.0 "7"'; do
		A="{\"id\":${pair% *},\"v\":\"a\"}" B="{\"id\":${pair#* },\"v\":\"b\"}" Z='{"id":1,"v":"z"}'
		what=$pair
		new() { world; }
		$1
	done
	A='{"id":1,"e":"x","v":"a"}' B='{"id":2,"e":"x","v":"b"}' Z='{"id":9,"e":"z","v":"z"}'
	what=identity
	new() { world --identity e; }
	$1
}
lines() { printf '%s\n' "$@"; }
# both LAST: A and B, of which a or b comes last, and Z
both() { if [ $1 = a ]; then lines "$B" "$A" "$Z"; else lines "$A" "$B" "$Z"; fi; }

# B is sent by a run that is cut, and A is back
cut_between() {
	for first in accepted unknown lost; do
		for second in accepted unknown lost; do
			new
			lines "$A" "$Z" | run $first whole
			lines "$B" | run $second cut
			lines "$A" "$Z" | judge "$what: $first, B by a cut run $second"
		done
	done
}
each_world cut_between

# both are missing; the delete of one leaves, that of the other is postponed
postponed_delete() {
	for first in accepted unknown; do
		for limit in 1 2; do
			new
			lines "$A" "$Z" | run $first whole
			lines "$B" | run accepted cut
			lines "$Z" | run accepted whole --max-changes $limit
			rm -rf st.was
			cp -r st st.was && cp sent sent.was
			lines "$A" "$Z" | judge "$what: $first, A back after at most $limit"
			rm -rf st && mv st.was st && cp sent.was sent
			lines "$B" "$Z" | judge "$what: $first, B back after at most $limit"
		done
	done
}
each_world postponed_delete

# A was accepted before B, or both of them at once, and leave one after the other
one_after_the_other() {
	for how in '--max-changes 1' '--delete-after-runs 2' '--max-deletes 0'; do
		for back in "$A" "$B"; do
			new
			lines "$A" "$B" "$Z" | run accepted whole
			lines "$A" "$Z" | run lost whole --max-changes 1
			# shellcheck disable=SC2086 # words
			lines "$Z" | run accepted whole $how
			lines "$back" "$Z" | judge "$what: $how, $back is back"
		done
	done
}
each_world one_after_the_other

# both are delivered, and one is missing: the run that finds it says that the other is
# due, and the next one sends it
one_is_gone() {
	for left in "$A" "$B"; do
		new
		lines "$A" "$B" "$Z" | run accepted whole
		lines "$left" "$Z" >table
		run lost whole <table
		commit=0
		ack accepted <out | rudder-diff --commit -s st 2>err || commit=$?
		is '1 1' "$got $commit" "$what: $left is left"
		for text in err.diff err; do
			grep -q ': 1 row is sent again by the next run: the destination may have the values of another row that is missing now$' $text || fail "$what: $(cat $text)"
		done
		lines "$left" "$Z" | judge "$what: $left is left"
	done
}
each_world one_is_gone

# the other changes in the run that finds one missing: it is sent there, and nothing is
# due
changes_beside() {
	for left in "$A" "$B"; do
		new
		lines "$A" "$B" "$Z" | run accepted whole
		left=$(echo "$left" | sed 's/"v":"/&2/')
		lines "$left" "$Z" >table
		run accepted whole <table
		is 0 "$got" "$what: $left is sent"
		lines "$left" "$Z" | judge "$what: $left is left"
	done
}
each_world changes_beside

# A was sent once more after B, but nobody knows whether it arrived, and is missing
sent_after() {
	for lost in unknown lost accepted; do
		new
		lines "$A" "$Z" | run accepted whole
		lines "$B" | run accepted cut
		lines "$B" "$A" "$Z" | run $lost whole
		lines "$B" "$Z" >table
		run accepted whole <table
		is 1 "$got" "$what: A after B, $lost: B is due"
		lines "$B" "$Z" | judge "$what: A after B, $lost"
	done
}
each_world sent_after

# both are sent by one run, the other one last, and that one is missing
sent_together() {
	for lost in unknown lost; do
		for order in "$A|$B" "$B|$A"; do
			new
			lines "$Z" | run accepted whole
			lines "${order%|*}" "${order#*|}" "$Z" | run $lost whole
			lines "$B" "$Z" | judge "$what: $order, $lost"
		done
	done
}
each_world sent_together

# three of them: the one that is due when another is missing is missing itself
C='{"id":3,"e":"x","v":"c"}'
for lost in accepted unknown lost; do
	for order in "$A|$C|$B" "$A|$B|$C" "$B|$C|$A" "$C|$B|$A"; do
		last=${order##*|} middle=${order#*|}
		middle=${middle%|*}
		world --identity e
		lines "$A" "$B" "$C" "$Z" | run accepted whole
		lines "$middle" "$last" "$Z" | run $lost whole
		lines "$last" "$Z" | run accepted whole
		lines "$last" "$Z" | judge "three: $order, $lost"
	done
done

# A was sent before B, and its retry is postponed by the run that finds B missing
postponed_retry() {
	for lost in accepted lost; do
		new
		lines "$B" "$Z" | run accepted whole
		lines "$A" "$(echo "$B" | sed 's/"b"}/"c"}/')" "$Z" | run lost whole
		lines "$(echo "$Z" | sed 's/"z"}/"y"}/')" "$A" | run $lost whole --max-changes 1
		lines "$A" "$Z" | judge "$what: A before B, and postponed, $lost"
	done
}
each_world postponed_retry

# B waits while others are committed, is parked for A and sent after it, and is missing
sent_late() {
	new
	lines "$B" | run lost cut
	for v in 1 2 3; do lines "$(echo "$Z" | sed "s/\"z\"}/\"$v\"}/")" | run accepted cut; done
	lines "$A" "$B" "$Z" | run accepted whole
	lines "$A" "$Z" >table
	run accepted whole <table
	is 1 "$got" "$what: B late after A: A is due"
	lines "$A" "$Z" | judge "$what: B late after A"
}
each_world sent_late

# A and then B are sent again without a receipt, and the retry of A is postponed by the
# run that finds B missing
postponed_holder() {
	new
	lines "$A" "$B" "$Z" | run accepted whole
	lines "$(echo "$A" | sed 's/"a"}/"c"}/')" "$(echo "$B" | sed 's/"b"}/"c"}/')" | run lost cut
	lines "$(echo "$Z" | sed 's/"z"}/"y"}/')" "$(echo "$A" | sed 's/"a"}/"c"}/')" | run accepted whole --max-changes 1
	lines "$(echo "$A" | sed 's/"a"}/"c"}/')" "$Z" | judge "$what: A waits, and B is missing"
}
each_world postponed_holder

# the newest of three is postponed by the run that finds the second missing, and is
# missing itself in the next one
third_never_left() {
	later=$(echo "$Z" | sed 's/"z"}/"y"}/')
	lines "$A" "$Z" | run accepted whole
	lines "$A" "$B" "$Z" | run accepted whole
	lines "$later" "$A" "$C" | run accepted whole --max-changes 1
	lines "$later" "$A" | run accepted whole
	lines "$later" "$A" | judge "the third of $options never left"
}
world --identity e
third_never_left
world -k id,b
A='{"id":7,"b":7,"v":"a"}' B='{"id":"7","b":7,"v":"b"}' C='{"id":7,"b":"7","v":"c"}' Z='{"id":1,"b":1,"v":"z"}'
third_never_left

# the change of A is postponed by the run that finds B missing
postponed_change() {
	for lost in accepted lost; do
		new
		lines "$Z" | run accepted whole
		lines "$A" "$Z" | run unknown whole
		lines "$B" | run unknown cut
		lines "$(echo "$Z" | sed 's/"z"}/"y"}/')" "$A" | run $lost whole --max-changes 1
		lines "$A" "$Z" | judge "$what: A postponed, $lost"
	done
}
each_world postponed_change

# many of them, with little memory: in some runs what has arrived is on disk, and
# not known while rows are looked at
many() { # FROM TO FIRST: rows with the identities FROM to TO
	seq "$1" "$2" | sed "s/.*/{\"id\":$3&,\"e\":\"e&\",\"v\":\"$3\"}/"
}
for memory in '' '--memory 1'; do
	# shellcheck disable=SC2086 # words
	world --identity e $memory
	many 1 300 1 | run unknown whole
	many 1 300 2 | run accepted cut
	{ many 301 600 3 && many 1 200 1 && many 201 300 2; } >all
	run accepted whole <all
	judge "many, $memory" <all
done

# rows with one identity come to rest however few may leave in a run, in any order
what='a limit'
for limit in 1 2; do for left in 1 2 3 4; do
	world --identity e
	for n in 1 2 3 4; do echo "{\"id\":$n,\"e\":\"x\",\"v\":\"$n\"}"; done >four
	n=0
	run unknown whole <four
	until run accepted whole --max-changes $limit <four && [ $got = 0 ] && ! grep -q '"type":"change"' out; do
		n=$((n + 1))
		tac four >turned && mv turned four
		[ $n -le 8 ] || fail "$what of $limit: no rest: $(cat out)"
	done
	sed -n ${left}p four | judge "$what of $limit: only $left is left"
done; done

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

# a retry of what nobody overtook keeps its messageId
kept_id() {
	new
	lines "$A" "$Z" | run unknown whole
	arrived | cut -f1 | sort >first
	: >sent
	lines "$A" "$Z" | run unknown whole
	arrived | cut -f1 | sort | cmp -s first - || fail "$what: a retry under another id"
	# and one of what was, from the second time on
	lines "$B" | run unknown cut
	: >sent
	lines "$A" "$Z" | run lost whole
	arrived | cut -f1 | sort >first
	: >sent
	lines "$A" "$Z" | run lost whole
	arrived | cut -f1 | sort | cmp -s first - || fail "$what: no id is kept after B"
}
each_world kept_id
