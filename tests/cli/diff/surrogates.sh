# surrogates.sh - half a surrogate pair in a key keeps its escape, from the row
# to the destination
. "$TOP/tests/tool/lib.sh"
printf '{"id":"\\ud800x","v":1}\n{"id":"\\uDC00","v":1}\n{"id":"\\ud83d\\ude80","v":1}\n{"id":"\\u0061","v":1}\n' >in
utf8() { iconv -f UTF-8 -t UTF-8 "$1" >/dev/null || fail "$1 is not UTF-8: $2"; }
events() { rudder-map -t track -e x --delete-event gone -u id; }
for keys in id v,id; do
	rm -rf st
	rows <in | rudder-diff -k $keys -s st --mode mirror >out
	utf8 out 'inserts'
	status 0 events <out >ev
	is '"\ud800x" "\uDC00" "\ud83d\ude80" "\u0061"' "$(grep -o '"userId":"[^"]*"' ev | sed 's/"userId"://' | paste -sd ' ' -)" 'users'
	ack accepted <out | rudder-diff --commit -s st
	rudder-diff --dump -s st >dump
	utf8 dump 'dump'
	rows <in | rudder-diff -s st --mode mirror | changes >same
	is '' "$(cat same)" 'unchanged'
	rows </dev/null | rudder-diff -s st --mode mirror --allow-deletes=4,empty >out || :
	utf8 out 'deletes'
	status 0 events <out >ev
	is '"\ud800x" "\udc00" "a" "🚀"' "$(grep -o '"userId":"[^"]*"' ev | sed 's/"userId"://' | sort | paste -sd ' ' -)" "users of deletes, $keys"
done

# in a URL it is UTF-8 too
printf '{"type":"identify","userId":"\\ud800 x","messageId":"m","recordId":"1"}\n' >ev
rudder-send -n -d 'webhook:http://127.0.0.1:1/u/{userId}' --trust-eof <ev >out 2>err || :
grep -q '/u/%5Cud800%20x' out err || fail "$(cat out err)"
