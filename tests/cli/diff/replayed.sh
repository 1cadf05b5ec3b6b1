# replayed.sh - receipts of an older run, committed once more
. "$TOP/tests/tool/lib.sh"
D="rudder-diff -k id -s st --mode mirror"

run() { echo "$1" | rows | $D >out; changes <out; }

is 'insert 1' "$(run '{"id":1,"v":"a"}')" 'a row'
ack accepted <out | rudder-diff --commit -s st

# b fails, is sent again as a new change and arrives; that it failed the first
# time says nothing of the second
for old in failed rejected skipped dry-run; do
	is 'update 1' "$(run '{"id":1,"v":"b"}')" "b, to be $old"
	grep '"change":' out >b
	ack "$old" <out >yesterday
	ack failed <out >failed
	status 1 rudder-diff --commit -s st failed
	is 'update 1' "$(run '{"id":1,"v":"b"}')" 'b again'
	if grep '"change":' out | cmp -s b -; then fail 'what surely was not taken has its id again'; fi
	status 1 rudder-diff --commit -s st yesterday
	is 'update 1' "$(run '{"id":1,"v":"a"}')" "back to a, $old replayed"
	ack accepted <out | rudder-diff --commit -s st
	is '' "$(run '{"id":1,"v":"a"}')" "a after $old"
done

# what arrived has arrived, whoever sent it
is 'update 1' "$(run '{"id":1,"v":"b"}')" 'b'
ack accepted <out >yesterday
is 'update 1' "$(run '{"id":1,"v":"b"}')" 'b, unacknowledged'
rudder-diff --commit -s st yesterday || fail "commit: $?"
is '' "$(run '{"id":1,"v":"b"}')" 'b is known'

# receipts of one state, committed to another
run '{"id":1,"v":"c"}' >/dev/null
ack accepted <out >receipts
mkdir -m 700 other
status 78 rudder-diff --commit -s other receipts
says 'the receipts are of the state'
rm -r other
run '{"id":1,"v":"c"}' >again
is 'update 1' "$(cat again)" 'c is not known'
ack accepted <out >receipts
mv st moved
status 0 rudder-diff --commit -s moved receipts
