# progress.sh - the line that the last command of a pipe draws on a terminal,
# with the counters of all; nothing of it in the streams, and none without one
. "$TOP/tests/tool/lib.sh"
command -v script >/dev/null || skip 'no script(1)'
script -qec true /dev/null </dev/null >/dev/null 2>&1 || skip 'no terminals here'

cat >pipe.sh <<'END'
stty rows 12 cols 80 2>/dev/null || :
cat rows | rudder-query -d csv:- | tee 1 | rudder-diff -k id -s st | tee 2 | rudder-map -t identify -u id | tee 3 |
	rudder-send -d file:events | tee 4 | rudder-diff --commit -s st
echo $? >status
END
mkfifo rows
{
	printf 'id\n1\n2\n'
	eventually 'a line with the counters of all' grep -q 'rows read, 2 changed, 2 accepted' log
} >rows &
script -qefc 'sh pipe.sh' log </dev/null >/dev/null 2>&1 || :
wait
is 0 "$(cat status)" 'the pipe'
# drawn in place, and wiped before the summary
tr '\r' '\n' <log | grep -q 'rows read, 2 changed, 2 accepted' || fail "$(cat log)"
tr '\r' '\n' <log | sed 's/.\[K//g' | grep -qx 'rudder-diff: 2 receipts, .*' || fail "no summary: $(cat log)"
# no trace of it in the streams
for n in 1 2 3 4; do
	is 2 "$(grep -c '"_rudder":{"type":"\(begin\|end\)"' $n)" "control lines of stream $n"
	is 0 "$(grep -v '"type":"\(begin\|end\|change\)"' $n | grep -c '_rudder')" "other lines of stream $n"
done

# a wait inside a library that calls nobody is drawn as well, here of a query that
# never ends
cat >wait.sh <<'END'
rudder-query -d sqlite:a.db -e 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) AS c FROM n' >/dev/null &
echo $! >pid
wait $!
END
if command -v sqlite3 >/dev/null; then
	sqlite3 a.db 'CREATE TABLE t (x)'
	script -qefc 'sh wait.sh' waiting </dev/null >/dev/null 2>&1 &
	eventually 'a line while SQLite works' grep -q '0 rows read  2 s' waiting
	kill "$(cat pid)"
	wait
fi

# without a terminal nothing is drawn or said
rm -rf st
mkfifo again
{
	printf 'id\n1\n2\n'
	sleep 1.5
} >again &
rudder-query -d csv:again 2>>said | rudder-diff -k id -s st 2>>said | rudder-map -t identify -u id 2>>said |
	rudder-send -d file:events 2>>said | rudder-diff --commit -s st 2>>said || fail "status $?"
wait
is '' "$(cat said)" 'said without a terminal'

# rudder run has a line for each sync, with its name, and not the one of rudder-diff
mkdir syncs
for name in a b; do
	cat >syncs/$name.yaml <<END
version: 1
source: csv:$name.csv
key: id
mapping: {type: identify, user_id: id}
destination: "file:$name.out"
END
	printf 'id\n1\n2\n' >$name.csv
done
lines() { tr '\r' '\n' <log | sed 's/.\[K//g' | grep '^rudder'; }
script -qefc 'rudder run' log </dev/null >/dev/null 2>&1 || fail "rudder run: $(cat log)"
is "$(printf 'rudder run: %s: first sync: 2 rows delivered\n' a b)" "$(lines)" 'two syncs'
echo 3 >>b.csv
script -qefc 'rudder run' log </dev/null >/dev/null 2>&1 || fail "rudder run: $(cat log)"
is "$(printf 'rudder run: a: nothing changed (2 rows)\nrudder run: b: 1 row delivered\n')" "$(lines)" 'the second run'
# after an error there is no such line
sed -i 's/destination: .*/destination: "exec:exit 69"/' syncs/a.yaml
echo 3 >>a.csv
script -qefc 'rudder run a' log </dev/null >/dev/null 2>&1 && fail 'a command that fails'
! lines | grep -q '^rudder run: a:' || fail "a line after an error: $(lines)"
# a stopped one shows what was not tried; that does not count as failed
cat >syncs/c.yaml <<'END'
version: 1
source: csv:c.csv
key: id
mapping: {type: identify, user_id: id}
destination: {dest: "exec:touch began; sleep 1", batch: 5}
END
seq 50 | sed '1i id' >c.csv
script -qefc 'rudder run c & echo $! >pid; wait' log </dev/null >/dev/null 2>&1 &
eventually 'a first event' [ -e began ]
kill -TERM "$(cat pid)"
wait
lines | grep -qxE 'rudder run: c: first sync: [0-9]+ rows delivered, [0-9]+ not tried' || fail "stopped: $(lines)"
is '50 0 0' "$(rudder-diff --runs -s state/c | jq -r '"\(.succeeded + .untried) \(.failed) \(.failing)"')" 'counts of a stopped run'
is '' "$(rudder-diff --failing -s state/c)" 'rows that were not tried do not fail'
rudder log c | grep -qE '^    [0-9]+ delivered, [0-9]+ not tried$' || fail "rudder log: $(rudder log c)"
status 0 rudder run c
is '50' "$(rudder-diff --dump -s state/c | grep -c .)" 'the next run sends them'
rudder run a b 2>said
! grep -q 'delivered$' said || fail "said without a terminal: $(cat said)"
