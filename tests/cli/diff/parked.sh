# parked.sh - rows that are missing while their change is unacknowledged, in
# modes without deletes: the change stays for one run, so that a row that is back
# has its first id; nothing stays for ever, and nothing is forgotten
. "$TOP/tests/tool/lib.sh"
D="rudder-diff -k id -s st"

# sync OPTIONS <ROWS: one whole run into the file ev
sync() {
	rows | $D "$@" >out
	rudder-map -t track -e x -u id --delete-event gone <out >events
	rudder-send -d file:ev <events | rudder-diff --commit -s st || fail "status $?"
	changes <out
}
# missing OPTIONS <ROWS: one whole run that keeps the changes of missing rows
missing() {
	rows | $D "$@" >out
	! grep -q '"skip"' out || fail "parked at once: $*"
	ack accepted <out >receipts
	status 1 rudder-diff --commit -s st receipts
}
# sent <CHANGES: the run, and action, id and change id of each
sent() { jq -r '._rudder | select(.type == "begin").run, (select(.type == "change") | "\(.action) \(.id) \(.change)")'; }
due() { rudder-diff --status -s st | jq .pending; }

printf '{"id":1,"v":"a"}\n' >A
printf '{"id":1,"v":"a"}\n{"id":2,"v":"a"}\n' >AB
for mode in upsert insert-only update-only full; do
	rm -rf st
	# an unacknowledged insert and update, of rows that are missing then
	printf '{"id":1,"v":"a"}\n{"id":3,"v":"a"}\n' | sync >/dev/null
	printf '{"id":1,"v":"a"}\n{"id":2,"v":"a"}\n{"id":3,"v":"b"}\n' | rows | $D >/dev/null
	sent_was=$(printf '{"id":1,"v":"a"}\n{"id":2,"v":"a"}\n{"id":3,"v":"b"}\n' | rows | $D | sent)
	rm -rf before
	cp -r st before
	missing --mode $mode <A
	is 2 "$(due)" "$mode: due"
	# back in the next run: the same run and ids, as often as it happens
	if [ $mode != full ]; then
		for _ in 1 2; do
			is "$sent_was" "$(printf '{"id":1,"v":"a"}\n{"id":2,"v":"a"}\n{"id":3,"v":"b"}\n' | rows | $D --mode $mode | tee out | sent)" "$mode: back"
			ack unknown <out >receipts
			status 1 rudder-diff --commit -s st receipts
			missing --mode $mode <A
		done
	fi
	# a run that is not committed, cut or partial counts for nothing
	rm -rf st
	cp -r before st
	rows <A | $D --mode $mode >/dev/null
	rows <A | sed '$d' >cut
	status 65 $D --mode $mode cut >out
	rows <A | sed '$s/}}/,"partial":true}}/' | $D --mode $mode >out
	ack accepted <out >receipts
	status 1 rudder-diff --commit -s st receipts
	missing --mode $mode <A
	rows <A | sed '$s/}}/,"partial":true}}/' | $D --mode $mode >out
	! grep -q '"skip"' out || fail "parked by a part: $mode"
	ack accepted <out >receipts
	status 1 rudder-diff --commit -s st receipts
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

	# an unacknowledged delete, and then a mode without deletes
	rm -rf st
	sync <AB >/dev/null
	rows <A | $D --mode mirror >/dev/null
	missing --mode $mode <A
	sync --mode $mode <A >/dev/null
	is 0 "$(due)" "$mode: due after a delete"
	[ $mode = full ] || is 'update 2' "$(sync --mode $mode <AB)" "$mode: back after a delete"
done

# a row of which no column counts is not mistaken for one that is not known
rm -rf st
printf '{"id":1,"x":1}\n{"id":2,"v":"a"}\n' | rows | rudder-diff -k id -s st --compare x >out
ack accepted <out | sed 2q | rudder-diff --commit -s st || :
printf '{"id":1,"x":1}\n' | missing --compare x
printf '{"id":1,"x":1}\n' | sync --compare x >/dev/null
is 'update 2' "$(printf '{"id":1,"x":1}\n{"id":2,"v":"b"}\n' | sync --compare x)" 'back, and nothing counts'
is '' "$(printf '{"id":1,"x":1}\n{"id":2,"v":"c"}\n' | sync --compare x)" 'delivered, and nothing counts'

# mirror: a delete that is blocked or deferred keeps the change as well
for option in '--max-deletes 0' '--delete-after-runs 4'; do
	rm -rf st
	sync <A >/dev/null
	rows <AB | $D >out
	was=$(sent <out)
	for _ in 1 2 3; do
		rows <A >in
		# shellcheck disable=SC2086 # an option and its value
		$D --mode mirror $option in >out 2>err || is 3 $? "a blocked run $option"
		is '' "$(grep '"skip"' out)" "parked $option"
		ack accepted <out >receipts
		# shellcheck disable=SC2086
		rudder-diff --commit -s st receipts 2>err && fail "a commit $option"
	done
	# shellcheck disable=SC2086
	is "$was" "$(rows <AB | $D --mode mirror $option | sent)" "back $option"
done

# a key that a different one replaced is parked at once: its row may not
# have the first id when it is back, since the destination has had the other one
rm -rf st
sync <A >/dev/null
rows <AB | $D >/dev/null
printf '{"id":1,"v":"a"}\n{"id":"2","v":"b"}\n' | rows | $D >out
is 'skip' "$(jq -r '._rudder | select(.type == "skip").type' out)" 'another type'
