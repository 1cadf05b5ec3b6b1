# parked.sh - rows that are gone before they were answered, in modes without
# deletes: nothing waits for ever, and nothing is forgotten
. "$TOP/tests/tool/lib.sh"
D="rudder-diff -k id -s st"

# sync OPTIONS <ROWS: one whole run into the file ev
sync() {
	rows | $D "$@" >out
	rudder-map -t track -e x -u id --delete-event gone <out >events
	rudder-send -d file:ev <events | rudder-diff --commit -s st || fail "status $?"
	changes <out
}
due() { rudder-diff --status -s st | jq .due; }

printf '{"id":1,"v":"a"}\n' >A
printf '{"id":1,"v":"a"}\n{"id":2,"v":"a"}\n' >AB
for mode in upsert insert-only update-only full; do
	rm -rf st
	# an insert and an update without an answer, of rows that are gone then
	printf '{"id":1,"v":"a"}\n{"id":3,"v":"a"}\n' | sync >/dev/null
	printf '{"id":1,"v":"a"}\n{"id":2,"v":"a"}\n{"id":3,"v":"b"}\n' | rows | $D >/dev/null
	rows <A | $D --mode $mode >out
	is 'skip skip' "$(jq -r '._rudder | select(.type == "skip").type' out | xargs)" "$mode: skips"
	rows <A | $D --mode $mode | grep -v attempt >again
	is "$(grep -v attempt out)" "$(cat again)" "$mode: the same skips"
	sync --mode $mode <A >/dev/null
	is 0 "$(due)" "$mode: due"
	is 3 "$(rudder-diff --status -s st | jq .keys)" "$mode: keys"
	[ $mode = full ] || is '' "$(sync --mode $mode <A)" "$mode: nothing is left"
	cp -r st kept
	# they may be at the destination
	is 'delete 2
delete 3' "$(sync --mode mirror --max-deletes 2 <A)" "$mode: deletes"
	# or may not
	rm -rf st
	mv kept st
	[ $mode = full ] || is 'update 2' "$(sync --mode $mode <AB)" "$mode: back"

	# a delete without an answer, and then a mode without deletes
	rm -rf st
	sync <AB >/dev/null
	rows <A | $D --mode mirror >/dev/null
	sync --mode $mode <A >/dev/null
	is 0 "$(due)" "$mode: due after a delete"
	[ $mode = full ] || is 'update 2' "$(sync --mode $mode <AB)" "$mode: back after a delete"
done

# a row of which no column counts is not taken for one that is not known
rm -rf st
printf '{"id":1,"x":1}\n{"id":2,"v":"a"}\n' | rows | rudder-diff -k id -s st --compare x >out
ack accepted <out | sed 2q | rudder-diff --commit -s st || :
printf '{"id":1,"x":1}\n' | sync --compare x >/dev/null
is 'update 2' "$(printf '{"id":1,"x":1}\n{"id":2,"v":"b"}\n' | sync --compare x)" 'back, and nothing counts'
is '' "$(printf '{"id":1,"x":1}\n{"id":2,"v":"c"}\n' | sync --compare x)" 'delivered, and nothing counts'
