# retyped.sh - keys that come as another type: no delete of a row that is there
. "$TOP/tests/tool/lib.sh"

# sync KEY <ROWS: one whole run into the file ev
sync() {
	rows | rudder-diff -k "$1" -s st --mode mirror >out 2>err
	rudder-map -t record --identifier id <out >events
	rudder-send -d file:ev <events | rudder-diff --commit -s st || fail "status $?"
	changes <out
}

for keys in id id,c; do
	rm -rf st ev
	printf '{"id":1,"c":"1"}\n{"id":2,"c":"1"}\n{"id":3,"c":"x"}\n' | sync $keys >/dev/null
	# 2 is missing, the others are there as text
	sync $keys <<-'ROWS' >got
	{"id":"1","c":1}
	{"id":"3","c":"x"}
	ROWS
	is 1 "$(grep -c '^delete ' got)" "deletes by $keys"
	is 2 "$(grep -c '^insert ' got)" "inserts by $keys"
	says '2 keys arrived with a different type'
	tail -n 1 ev | grep -q '"action":"delete".*"identifiers":{"id":2}' || fail "not the delete of 2 by $keys"
	is '' "$(printf '{"id":"1","c":1}\n{"id":"3","c":"x"}\n' | sync $keys)" "again by $keys"
	is 2 "$(rudder-diff --dump -s st | wc -l)" "keys in the state by $keys"
	# and back, over an unacknowledged insert
	printf '{"id":"1","c":1}\n{"id":"3","c":"x"}\n{"id":"4","c":"x"}\n' | rows | rudder-diff -s st --mode mirror >/dev/null
	printf '{"id":1,"c":1}\n{"id":3,"c":"x"}\n{"id":4,"c":"x"}\n' | sync $keys >got
	is '' "$(grep '^delete ' got)" "deletes on the way back by $keys"
	[ ! -e st/pending ] || fail "an intent is left by $keys"
done

# every mode says so
for mode in upsert insert-only update-only full; do
	rm -rf st
	printf '{"id":7,"v":"a"}\n{"id":8,"v":"b"}\n' | sync_all -k id -s st >/dev/null
	what='are sent as new rows'
	[ $mode != update-only ] || what='are ignored as new rows'
	printf '{"id":"7","v":"a"}\n{"id":"8","v":"b"}\n{"id":9,"v":"c"}\n' | rows >in
	status 0 rudder-diff -s st --mode $mode in >out
	says "2 keys arrived with a different type (7 as \"7\") and $what: most destinations treat both as one key"
	ack accepted <out | rudder-diff --commit -s st
	status 0 rudder-diff -s st --mode $mode in >out
	[ $mode = update-only ] || ! grep -q 'different type' err || fail "said twice in mode $mode"
done

# the old key stands for the new one until that is delivered
rm -rf st
echo '{"id":7,"v":"a"}' | sync_all -k id -s st --mode mirror >/dev/null
echo '{"id":"7","v":"b"}' | rows | rudder-diff -s st --mode mirror >out 2>/dev/null
ack failed <out | rudder-diff --commit -s st 2>/dev/null && fail 'a failure is fine'
is 'delete 7
insert 8' "$(echo '{"id":8}' | rows | rudder-diff -s st --mode mirror --max-deletes 1 | changes)" 'gone as both'

# and may be different at the destination when it reappears
rm -rf st
echo '{"id":7,"v":"a"}' | sync_all -k id -s st --mode mirror >/dev/null
echo '{"id":"7","v":"b"}' | rows | rudder-diff -s st --mode mirror >/dev/null 2>&1
is 'update 7' "$(echo '{"id":7,"v":"a"}' | rows | rudder-diff -s st --mode mirror 2>/dev/null | changes)" 'there and back'

# also where no delete would be sent: it came as text, with another value, and
# reappears with the first one
for options in '--mode upsert' '--mode insert-only --full' '--mode mirror --delete-after-runs 3' '--mode mirror --max-deletes 0'; do
	rm -rf st
	{ echo '{"id":7,"v":"a"}' && seq 8 12 | sed 's/.*/{"id":&}/'; } | sync_all -k id -s st >/dev/null
	{ echo '{"id":"7","v":"b"}' && seq 9 12 | sed 's/.*/{"id":&}/'; } >text
	# shellcheck disable=SC2086
	rows <text | rudder-diff -s st $options >out 2>err || :
	grep -q '"insert","id":"7"' out || fail "no insert with $options"
	ack accepted <out | rudder-diff --commit -s st 2>err || :
	is 'update 7' "$(echo '{"id":7,"v":"a"}' | rows | rudder-diff -s st | changes)" "back after $options"
	is '' "$(rows <text | rudder-diff -s st -n --mode update-only 2>err | changes | grep -v ' 7$')" "others after $options"
done
# nor where the input was cut
rm -rf st
echo '{"id":7,"v":"a"}' | sync_all -k id -s st >/dev/null
echo '{"id":"7","v":"b"}' | rows | sed '$d' >in
status 65 rudder-diff -s st in >out
ack accepted <out >receipts
status 65 rudder-diff --commit -s st receipts
is 'update 7' "$(echo '{"id":7,"v":"a"}' | rows | rudder-diff -s st | changes)" 'back after a cut run'

# a number that is written in another way: its id is the plain one
while IFS='|' read -r as there back; do
	rm -rf st
	printf '{"id":7.0}\n{"id":8}\n' | sync_all -k id -s st --mode mirror >/dev/null
	printf '{"id":"%s"}\n{"id":8}\n' "$as" | rows | rudder-diff -s st --mode mirror >out 2>/dev/null
	is "$there" "$(changes <out | sort | paste -sd, -)" "7.0 as text $as"
	ack accepted <out | rudder-diff --commit -s st
	printf '{"id":7.0}\n{"id":8}\n' | rows | rudder-diff -s st --mode mirror >out 2>/dev/null
	is "$back" "$(changes <out | sort | paste -sd, -)" "text $as as 7.0"
done <<'END'
7|insert 7|update 7
7.0|delete 7,insert 7.0|delete 7.0,insert 7
END

# a key that left the state for the other, unacknowledged, was not deleted: its
# delete waits as any
rm -rf st
printf '{"id":7}\n{"id":"7"}\n{"id":1}\n' | sync_all -k id -s st --mode mirror >/dev/null
printf '{"id":"7"}\n{"id":1}\n' | rows | rudder-diff -s st --mode mirror >out 2>/dev/null
grep -q '"type":"skip"' out || fail "$(cat out)"
echo '{"id":1}' | rows | rudder-diff -s st --mode mirror --delete-after-runs 3 >out
is '' "$(changes <out)" 'missing once'
ack skipped <out | rudder-diff --commit -s st
echo '{"id":1}' | rows | rudder-diff -s st --mode mirror --max-deletes 2 >out
is 'delete 7 delete 7' "$(changes <out | paste -sd' ' -)" 'due'

# 7 that came as "7" while its change was unacknowledged is new when it is back: a
# destination that has both would drop its first id and keep the row of "7"
id_of() { jq -r '._rudder | select(.type == "change").change' out; }
for end in "accepted" "unknown" "lost"; do
	for keys in '7 "7"' '"7" 7' '"7" 7.0'; do
		rm -rf st
		[ $end = lost ] || {
			echo '{"id":1}' | rows | rudder-diff -k id -s st | ack accepted | rudder-diff --commit -s st
		}
		echo "{\"id\":${keys% *},\"v\":\"a\"}" | rows | rudder-diff -k id -s st >out
		first=$(id_of)
		# a run that is cut: nothing follows from what is missing
		echo "{\"id\":${keys#* },\"v\":\"b\"}" | rows | sed '$d' >cut
		status 65 rudder-diff -k id -s st cut >out
		[ "$(id_of | wc -l)" = 1 ] || fail "$keys: not sent"
		[ $end = lost ] || { ack $end <out >receipts; rudder-diff --commit -s st receipts 2>/dev/null || :; }
		echo "{\"id\":${keys% *},\"v\":\"a\"}" | rows >in
		rudder-diff -k id -s st in >out
		second=$(id_of)
		[ "$second" != "$first" ] || fail "$keys, $end: the first id again"
		# and has that id from then on
		rudder-diff -k id -s st in >out
		is "$second" "$(id_of)" "$keys, $end: a retry"
	done
done

# three of seven columns as text: a row that is there in a state and in two files,
# one among 40 that differ in their types, an unacknowledged one
seven() { echo "{\"a\":$1,\"b\":2,\"c\":$2,\"d\":4,\"e\":$3,\"f\":6,\"g\":7,\"v\":1}"; }
key=a,b,c,d,e,f,g
for others in 0 40; do
	rm -rf st
	for i in $(seq 0 $((others - 1))); do
		printf '{'
		for bit in 0 1 2 3 4 5; do
			[ $((i >> bit & 1)) = 0 ] && printf '"%s":1,' $bit || printf '"%s":"1",' $bit
		done
		echo '"v":1}'
	done | sed 's/"0":/"a":/; s/"1":/"b":/; s/"2":/"c":/; s/"3":/"d":/; s/"4":/"e":/; s/"5":/"f":/; s/"v"/"g":9,&/' >some
	{ cat some && seven 1 3 5; } >was
	{ cat some && seven '"1"' '"3"' '"5"'; } >now
	sync_all -k $key -s st <was >/dev/null
	rows <now | rudder-diff -s st --mode mirror --max-deletes 100 >out 2>err
	[ $others = 40 ] || is insert "$(changes <out | cut -d' ' -f1)" 'three of seven columns as text'
	is 1 "$(grep -c '"insert"' out)" "the row with $others others"
done
{ seven 1 3 5 && seven 8 8 8; } >was
{ seven '"1"' '"3"' '"5"' && seven 8 8 8; } >now
is 'insert' "$(rudder-diff -k $key was now 2>/dev/null | changes | cut -d' ' -f1)" 'in two files'
{ seven 8 8 8 && seven '"1"' '"3"' '"5"'; } >now
is 'insert' "$(rudder-diff -k $key --sorted was now 2>/dev/null | changes | cut -d' ' -f1)" 'in two sorted files'

# what is skipped says why
rm -rf st
echo '{"id":7,"v":"a"}' | sync_all -k id -s st >/dev/null
echo '{"id":"7","v":"b"}' | rows | rudder-diff -s st >out 2>/dev/null
is 'the key is sent with a different type' "$(jq -r '._rudder | select(.type == "skip").reason' out)" 'why 7 is skipped'
rm -rf st
echo '{"id":1,"e":"x"}' | sync_all -k id --identity e -s st --mode mirror >/dev/null
echo '{"id":2,"e":"x"}' | rows | rudder-diff -s st --mode mirror >out 2>/dev/null
grep -q '"reason":"another row with its identity is sent"' out || fail "why 1 is skipped: $(cat out)"
