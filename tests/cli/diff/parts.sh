# parts.sh - a change that became two events, of which one arrived
. "$TOP/tests/tool/lib.sh"
D="rudder-diff -k id -s st --mode mirror --max-deletes 100%"

run() { echo "$1" | rows | $D >out; changes <out; }

# halves FIRST SECOND: receipts of the two events of the one change in out
halves() {
	id=$(ack x <out | sed -n 's/.*"messageId":"\([^"]*\)".*/\1/p')
	head -n 1 out
	printf '{"messageId":"%s-1-2","status":"%s"}\n' "$id" "$1"
	printf '{"messageId":"%s-2-2","status":"%s"}\n' "$id" "$2"
	echo '{"_rudder":{"type":"end","stream":"receipts","receipts":2}}'
}

# the destination holds a part of the new row: it is deleted when it is missing
is 'insert 1' "$(run '{"id":1,"v":"a"}')" 'a row'
halves accepted rejected >half
status 1 rudder-diff --commit -s st half
is 'delete 1
insert 2' "$(run '{"id":2,"v":"a"}')" 'half an insert, and gone'
ack accepted <out | rudder-diff --commit -s st

# and of the changed one: it is sent again when it is what it was
is 'update 2' "$(run '{"id":2,"v":"b"}')" 'an update'
halves failed accepted >half
status 1 rudder-diff --commit -s st half
is 'update 2' "$(run '{"id":2,"v":"a"}')" 'half an update, and back'
halves accepted accepted | rudder-diff --commit -s st
is '' "$(run '{"id":2,"v":"a"}')" 'both halves'

# where nothing arrived nothing is in doubt
is 'update 2' "$(run '{"id":2,"v":"b"}')" 'another update'
halves failed rejected >half
status 1 rudder-diff --commit -s st half
[ ! -e st/pending ] || fail 'an intent of which nothing arrived is left'
