# overtaken.sh - rows that the destination takes for one: 7 and "7", or two with
# one identity. What was sent of one is no longer there once another was sent, so
# it leaves again under a new messageId, whatever happened in between.
. "$TOP/tests/tool/lib.sh"
. "$TOP/tests/tool/overtaken.sh"

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

# a run that is killed parks the row that is left; a new row is sent in its place:
# nothing is due then
new_row_over_a_park() {
	lines "$C" "$Z" >table
	for left in "$A" "$B"; do
		new
		lines "$A" "$B" "$Z" | run accepted whole
		lines "$left" "$Z" | run lost whole
		for n in 1 2; do
			run accepted whole <table
			is 0 "$got" "$what: $left was left, run $n of the new row: $(cat err.diff)"
		done
		lines "$C" "$Z" | judge "$what: $left was left"
	done
}
C='{"id":3,"e":"x","v":"c"}' new_row_over_a_park
