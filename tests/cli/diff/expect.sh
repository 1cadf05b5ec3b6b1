# expect.sh - expectations of a run: --expect, and which status outranks it
. "$TOP/tests/tool/lib.sh"
commit() { rudder-diff --commit -s st "$@"; }
run() { # ACK <ROWS: receipts of a run are in receipts
	rows | rudder-diff -k id -s st --mode mirror >changes 2>/dev/null || :
	{
		ack "$1" <changes | sed '$d'
		sed -n '$p' changes | sed 's/"stream":"changes"/"stream":"receipts"/; s/}}$/,"receipts":'"$(grep -c '"type":"change"' changes)"'}}/'
	} >receipts
}
ten() { seq 1 10 | sed 's/.*/{"id":&}/'; }

ten | run accepted
status 0 commit --expect 'rows=10' --expect 'failed<1%' --expect 'rows>=0.9*last' --expect 'duration<10m' <receipts
# half of the rows are there
ten | head -n 5 | run accepted
status 4 commit --expect 'rows>=0.8*last' <receipts
is 'rudder-diff: not as expected: rows>=0.8*last (5, last 10)' "$(cat err)" 'one line'
is 4 "$(rudder-diff --runs -s st | tail -n 1 | jq .status)" 'its record'
# nothing is undone, and it is the last complete run now
is 5 "$(rudder-diff --status -s st | jq .keys)" 'deletes that were committed'
ten | head -n 5 | run accepted
status 0 commit --expect 'rows>=0.8*last' <receipts

# 4 outranks 3 and 1
ten | head -n 1 | run accepted
status 3 commit <receipts
status 4 commit --expect 'blocked=0' <receipts
ten | run rejected
status 1 commit --expect 'rows=10' <receipts
ten | run rejected
status 4 commit --expect 'failed<=50%' <receipts
says 'failed<=50% (5 of 5 receipts)'

# an abort outranks 4, and is not judged: its counts are not those of a run
ten | run accepted
sed '$d' receipts >cut
echo '{"_rudder":{"type":"abort","stage":"send","status":69,"reason":"down"}}' >>cut
# a pipe: the line of a file would be reported
status 69 sh -c 'rudder-diff --commit -s st --expect rows=99 <cut'
sed '$d' receipts >cut
status 65 commit --expect 'rows=99' <cut

# a stream that does not say
ten | rows | rudder-diff -s st --mode mirror >changes
ack accepted <changes >receipts
status 4 commit --expect 'rows=10' <receipts
says 'rows=10 (not in the stream)'

# refused before anything is read or made
status 64 rudder-diff --commit -s fresh --expect 'rows' </dev/null
says "option '--expect': 'rows' is not an expectation such as failed<1%"
[ ! -e fresh ] || fail 'a state was made'
status 64 rudder-diff -k id -s fresh --expect 'rows>1' </dev/null
says "option '--expect' needs --commit"
status 64 rudder-diff -k id -s fresh --keep-log 30d </dev/null
says "option '--keep-log' needs --commit"
status 64 rudder-diff -k id -s fresh --keep-runs 5 </dev/null
says "option '--keep-runs' needs --commit"
status 64 rudder-diff --commit -s fresh --keep-runs 10001 </dev/null
says "option '--keep-runs': at most 10000 runs are kept"
status 64 rudder-diff -k id -s fresh --max-age 26h </dev/null
says "option '--max-age' needs --status"
# --log is a key here, and the form of messages --log-format
status 66 rudder-diff --log-format json --log 7 -s nowhere
says '"level":"error"'
status 66 rudder-diff --log json -s st
says "has no such key; the form of messages is --log-format"
