# --if-changed: the model is not run while a cheap query gives the value that
# the state has
# shellcheck shell=sh
. "$TOP/tests/tool/lib.sh"
command -v sqlite3 >/dev/null || skip 'no sqlite3'
sqlite3 db "CREATE TABLE t (id INT, v TEXT, at TEXT); INSERT INTO t VALUES (1, 'a', '1'), (2, 'b', '1'), (3, 'c', '1')"
probe='SELECT max(at) AS at FROM t'
q() { rudder-query -d sqlite:db -e 'SELECT * FROM t' --if-changed "$probe" --cursor-state st; }
d() { rudder-diff -q -k id -s st --mode mirror "$@"; }
rest() { rudder-map -t record --identifier id | rudder-send -q -d null: | rudder-diff -q --commit -s st; }
# run WANTED: this number of changes is delivered, and "n rows" were read
run() {
	q | d >changes || fail "diff: $?"
	rest <changes || fail "commit: $?"
	is "$1" "$(grep -c '"type":"change"' changes) of $(tail -n 1 changes | jq ._rudder.rows) rows" "$2"
}
run '3 of 3 rows' 'the first run'
run '0 of 0 rows' 'nothing has changed'
run '0 of 0 rows' 'nor now'
q >out
is '{"type":"end","stream":"rows","rows":0,"rejects":0,"skips":0,"partial":true,"unchanged":true}' "$(tail -n 1 out | jq -c '._rudder | del(.cursor)')" 'the stream of a run that does nothing'
sqlite3 db "UPDATE t SET v = 'x', at = '2' WHERE id = 1; DELETE FROM t WHERE id = 3"
run '2 of 2 rows' 'a change and a delete'
run '0 of 0 rows' 'settled'
is 2 "$(rudder-diff -s st --status | jq .keys)" 'nothing is deleted by a run without rows'

# another query or model is run
probe='SELECT max(at), NULL FROM t'
status 78 q >out
says '2 columns, 1 row'
probe='SELECT max(at) AS other FROM t'
run '0 of 2 rows' 'another query'
run '0 of 0 rows' 'and again'

# what is pending, failed or was not acknowledged makes the model run
sqlite3 db "UPDATE t SET at = '3', v = 'y'"
q | d >changes
is 2 "$(grep -c '"type":"change"' changes)" 'changes without receipts'
run '2 of 2 rows' 'they are sent again'
run '0 of 0 rows' 'settled again'
sqlite3 db "UPDATE t SET v = 'z' WHERE id = 1" # the query does not see it
rudder-query -d sqlite:db -e 'SELECT * FROM t' | d >changes
run '1 of 2 rows' 'pending by a run without --if-changed'
run '0 of 0 rows' 'and settled'
sqlite3 db "UPDATE t SET at = '4', v = 'w'"
q | d | rudder-map -t record --identifier id | jq -c 'if ._rudder then (if ._rudder.stream then ._rudder.stream = "receipts" else . end | if ._rudder.events then ._rudder.receipts = ._rudder.events | del(._rudder.events) else . end) else {recordId, messageId, status: "rejected"} end' | rudder-diff -q --commit -s st 2>/dev/null || :
run '2 of 2 rows' 'rejected rows'

# deletes that a guard blocks, and those that wait
sqlite3 db "UPDATE t SET at = '5'; DELETE FROM t WHERE id = 2"
q | d --max-deletes 0 2>/dev/null | rest 2>/dev/null || :
q | d --delete-after-runs 2 >changes
rest <changes
is '1 of 1 rows' "$(tail -n 1 changes | jq -r '._rudder | "\(.deferred) of \(.rows) rows"')" 'a blocked delete, then one that waits'
q | d --delete-after-runs 2 >changes
rest <changes
is 1 "$(grep -c '"action":"delete"' changes)" 'the delete that waited'
run '0 of 0 rows' 'all settled'

# a wider comparison reads all rows; --full learns that there are none
q >rows
status 1 d --ignore v rows >changes
says 'compared in another way: the next run reads all rows'
status 1 rest <changes
q | d --ignore v >changes
is 1 "$(tail -n 1 changes | jq ._rudder.rows)" 'rows are compared in another way'
rest <changes
q >rows
status 1 d rows >changes # and back, which this run finds out
status 1 rest <changes
run '0 of 1 rows' 'and back: no row is sent for that'
run '0 of 0 rows' 'settled for the last time'
q >rows
status 1 rudder-diff -k id -s st --mode mirror --full rows >changes
says 'the source was not read'

# options that do not go together
status 64 rudder-query -d sqlite:db -t t --if-changed 'SELECT 1' >out
says '--if-changed needs --cursor-state'
status 64 rudder-query -d sqlite:db -t t --if-changed 'SELECT 1' --cursor-state st --cursor id >out
says 'excludes --cursor'
status 64 rudder-query -d csv:x --if-changed 'SELECT 1' --cursor-state st >out
status 78 rudder-query -d sqlite:db -t t --if-changed 'DELETE FROM t' --cursor-state st >out

# a long value is compared to its end, though only its hash is kept
rm -r st
probe="SELECT hex(zeroblob(400)) || max(at) FROM t"
run '1 of 1 rows' 'a long value'
run '0 of 0 rows' 'the same long value'
sqlite3 db "UPDATE t SET at = '6', v = 'end'"
run '1 of 1 rows' 'a long value that differs at its end'
run '0 of 0 rows' 'and again'
! grep -r 00000000000000000000000000000000000000000000000000000000000000000000 st || fail 'the value is in the state'
