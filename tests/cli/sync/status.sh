# status.sh - rudder status: how syncs stand, for people, programs and Prometheus
. "$TOP/tests/tool/lib.sh"
. "$TOP/tests/tool/month.sh"
export RUDDER_STAGE_TIMES=1
unset COLUMNS
sync() { # NAME [OPTION of the commit ...]
	n=$1
	shift
	rudder-query -d "csv:$n.csv" | rudder-diff -k id -s "state/$n" --mode mirror |
		rudder-map -t identify -u id --deletes skip |
		rudder-send -d "${DEST:-null:}" --retry-max-time 0s | rudder-diff --commit -s "state/$n" "$@"
}
state() { rudder status --format json "state/$1" | jq -r "$2"; }

status 66 rudder status
says "no folder 'syncs' or 'state' here"
status 66 rudder status none
says 'none'
mkdir empty
status 66 rudder status empty
says "'empty' is not a state, and has none"
status 64 rudder status --format jsn
says "did you mean 'json'?"

# one that is well, one of which rows fail, one that is down
printf 'id,email\n1,a@b.c\n2,b@b.c\n' >good.csv
printf 'id,email\n1,a@b.c\n1,d@b.c\n' >rows.csv
cp good.csv down.csv
sync good || fail 'a good run'
status 1 sync rows
DEST='exec:exit 69' status 69 sync down
rudder status >table || fail "status $?"
is '+x!' "$(sed -n '2,$s/^\([^ ]\) .*/\1/p' table | sort | tr -d '\n' | sed 's/!+x/+x!/')" "marks: $(cat table)"
grep -qE '^\+ good +(just now|[0-9]+ s ago) +ok +2 +2 +0  #$' table || fail "the good one: $(cat table)"
grep -qE '^! rows +never +rows fail +2 +1 +1  #$' table || fail "rows fail: $(cat table)"
grep -q "^    1 row fails: duplicate key in column 'id'; everything else is delivered;$" table || fail "why: $(cat table)"
grep -q '^    list: rudder log --failing rows$' table || fail "which: $(cat table)"
grep -qE '^x down +never +failed ' table || fail "the one that is down: $(cat table)"
grep -q 'the last run failed in rudder-send with status 69: ' table || fail "why: $(cat table)"
is '' "$(awk 'length($0) > 80' table)" 'lines of more than 80 columns'
is '' "$(COLUMNS=50 rudder status | awk 'length($0) > 66')" 'a narrow terminal'
is 'ok rows fail failed' "$(for s in good rows down; do state $s .word; done | paste -sd' ')" 'words'
is 'good warn bad' "$(for s in good rows down; do state $s .level; done | paste -sd' ')" 'levels'
is 'null true' "$(state good '"\(.running_since) \([.trend[0][]] == [.trend[0] | .ended, .status, .ms, .query_ms, .diff_ms, .map_ms, .send_ms, .commit_ms, .rows, .changes, .failed])"')" 'members of a trend'
is '2 0 2' "$(state good '"\(.state.keys) \(.last_run.status) \(.trend[0].changes)"')" 'JSON'
is null "$(state rows .age_seconds)" 'the age of what never succeeded'

# one command asks a state for all of that
for list in --status --runs --failing; do rudder-diff $list -s state/rows; done >want
rudder-diff --failing --runs --status -s state/rows >got
is 3 "$(wc -l <want)" 'an object, a run, a key'
cmp want got || fail "$(cat got)"
! command -v strace >/dev/null ||
	is 3 "$(strace -f -qq -e trace=execve -e status=successful rudder status 2>&1 >/dev/null | grep -c 'rudder-diff"')" 'a process for each state'

# a guard, an expectation, a kill
printf 'id,email\n' >good.csv
status 3 sync good
: >err
sync good 2>err || :
is 1 "$(grep -c . err)" "said once: $(cat err)"
is 'blocked: 2 of 2 keys (100.0 %) would be deleted; blocked by delete guard empty, count: the input has no rows; check the rows, and to allow these deletes run again with --allow-deletes=2,empty; new and changed rows were sent' "$(state good '"\(.word): \(.message)"')" 'a guard'
printf 'id,email\n1,a@b.c\n2,b@b.c\n3,x\n' >good.csv
status 4 sync good --expect 'rows>=100'
is 'not expected: the last run is not as expected: rows>=100 (3)' "$(state good '"\(.word): \(.message)"')" 'an expectation'
rudder-query -d csv:good.csv | rudder-diff -s state/good --mode mirror --full >left
is killed "$(state good .word)" 'a run without a commit'
sync good || fail 'it goes on'
is 'ok: nothing had changed in 3 rows' "$(sync good && state good '"\(.word): \(.message)"')" 'no change'

# a run that is not over is not one that was killed
mkfifo slow
rudder-diff -s state/good --mode mirror slow >/dev/null 2>&1 &
run=$!
exec 4>slow
eventually 'a run that has the lock' grep -q "pid $run" state/good/lock
eventually 'the run in the status' sh -c "rudder-diff --status -s state/good | grep -q running_since"
is 'ok: nothing had changed in 3 rows; a run is under way since' "$(state good '"\(.word): \(.message)"' | sed 's/ since .*/ since/')" 'a run under way'
is "$(rudder-diff --runs -s state/good | wc -l)" "$(wc -l <state/good/runs)" 'it is not listed as killed'
is "$(state good .state.running_since)" "$(state good .running_since)" 'since when, in JSON'
rudder status --format prometheus | grep -qE '^rudder_running_seconds\{sync="good"\} ([1-9].*|0\.[0-9]*[1-9].*)$' || fail 'it runs, in metrics'
exec 4>&-
wait $run || :
sync good || fail 'after it'

# a plan that waits for review
rudder-query -d csv:good.csv | rudder-diff -s state/good --mode mirror --full --hold | rudder-map -t identify -u id --deletes skip >plan
is 'warn plan waits: a plan waits for review since' "$(state good '"\(.level) \(.word): \(.message)"' | sed 's/ since .*/ since/')" 'a plan'
rudder log -n 1 good >log
grep -q '  ! a plan that waits for review$' log || fail "the log: $(cat log)"
! grep -q killed log || fail "a killed run: $(cat log)"
rudder status good | grep -q 'x$' && fail "a cross: $(rudder status good)"
rudder-send -d null: <plan | rudder-diff --commit -s state/good || fail 'the plan is sent'

# --max-age: 4, one line for each
status 0 rudder status --max-age 1h state/good
status 4 rudder status --max-age 1h
is 2 "$(wc -l <err)" "messages of --max-age: $(cat err)"
says "rudder status: rows: 1 row fails: duplicate key in column 'id'; everything else is delivered; list: rudder log --failing rows; no run has ever succeeded"
is true "$(rudder status --max-age 1h --format json state/rows 2>/dev/null | jq .too_old)" 'too old'

# a clock that was ahead for one good run hides no later failure: it ended before that
cp -r state/good ahead
tail -n 1 state/good/runs | sed 's/"ended":"2/"ended":"9/' >>ahead/runs
status 4 rudder-diff --status --max-age 1h -s ahead >shown
says 'the last run that succeeded ended in the future, at 9'
status 4 rudder status --max-age 1h ahead
says 'check the clocks: the last run that succeeded ended in the future, at 9'
status 0 rudder status ahead
tail -n 1 state/good/runs | sed 's/"status":0/"status":69/; s/"ended":"2.../"ended":"2001/' >>ahead/runs
status 4 rudder-diff --status --max-age 1h -s ahead >shown
says 'no run has succeeded since 2001-'
is 2001 "$(jq -r '.last_ok[:4]' shown)" 'the last good run'

# a damaged state does not hide the others, and its status is that of the command
mkdir -p state/crm/bad
echo '{"v":1,"status":0}' >state/crm/bad/runs
chmod 777 state/crm/bad
status 77 rudder status
says "rudder status: crm/bad: the state 'state/crm/bad' is writable by other users"
rudder status 2>/dev/null | grep -qE '^x crm/bad +unknown +unreadable' || fail "unreadable: $(rudder status)"
rudder status 2>/dev/null | grep -qE '^\+ good ' || fail 'the others'
# the message of a damaged snapshot is whole
mkdir -p state/crm/torn
echo '{"id":1}' | rows | rudder-diff -k id -s state/crm/torn | ack accepted | rudder-diff -q --commit -s state/crm/torn
truncate -s 50 state/crm/torn/snapshot
status 78 rudder status
grep -q "^rudder status: crm/torn: '/.*/torn/snapshot' is damaged" err || fail "torn: $(cat err)"
rm -r state/crm

# Prometheus: each line is a comment or a value, each metric has its help once
rudder status --format prometheus -o rudder.prom || fail "status $?"
is 644 "$(stat -c %a rudder.prom)" 'who may read it'
! grep -vE '^(# (HELP|TYPE) [a-z_]+ .*|[a-z_]+\{sync="[a-z]+"(,[a-z]+="[a-z]+")?\} [0-9]+(\.[0-9]{3})?)$' rudder.prom || fail 'not the format'
is '' "$(grep '^# HELP' rudder.prom | cut -d ' ' -f 3 | sort | uniq -d)" 'a metric twice'
grep -v '^#' rudder.prom | sed 's/{.*//' | sort -u >metrics
grep '^# TYPE' rudder.prom | cut -d ' ' -f 3 | sort >typed
diff -u typed metrics || fail 'metrics without a value'
while read -r m; do
	grep -q "$m" "$TOP/man/rudder-status.1" || fail "the manual does not have $m"
done <typed
value() { sed -n "s/^$1{sync=\"$2\"$3} //p" rudder.prom; }
is '3 0 69 1 2 1' "$(value rudder_last_run_rows good) $(value rudder_level good) $(value rudder_last_run_status down) $(value rudder_failing_rows rows) $(value rudder_level down) $(value rudder_last_run_receipts rows ',result="failed"')" 'values'
[ "$(value rudder_last_success_timestamp_seconds good)" -ge $(($(date +%s) - 100)) ] || fail 'when it succeeded'
# the file is replaced whole: a reader never sees a part, and a failure leaves it
before=$(cat rudder.prom)
status 73 rudder status -o none/rudder.prom
status 66 rudder status --format prometheus -o rudder.prom none
is "$before" "$(cat rudder.prom)" 'after a failure'
is '' "$(ls ./*.tmp 2>/dev/null)" 'temporary files'
status 74 sh -c 'rudder status >/dev/full'

# a month of 720 runs: the newest are the trend
tail -n 1 state/good/runs >newest # or its lock would tell of a run more
{ month "$(($(date +%s) - 60))" 719; cat newest; } >state/good/runs
LC_ALL=C.UTF-8 COLUMNS=120 rudder status state/good >table || fail "status $?"
grep -qE '^✓ state/good .*  [▁▂▃▄▅▆▇█×]+$' table || fail "the trend: $(cat table)"
for width in 80 100; do
	COLUMNS=$width rudder status state/good | sed -n 2p >line
	is $width "$(awk '{print length($0)}' line)" "a line as wide as the terminal: $(cat line)"
done
is 40 "$(state good '.trend | length')" 'the trend in JSON'

# a name that is not plain text
mkdir "state/a\"b"
cp -r state/rows/. "state/a\"b/"
is 'a"b' "$(rudder status --format json | jq -r 'select(.sync | test("\"")).sync')" 'a name with quotes'
rudder status --format prometheus | grep -q 'sync="a\\"b"' || fail 'a label with quotes'

# sync files: a state for each destination, max_age, one that has not run yet
mkdir -p proj/syncs && cd proj || exit
cat >syncs/users.yaml <<'EOT'
version: 1
name: users
source: "csv:users.csv"
key: [id]
mapping: {type: identify, user_id: id}
max_age: 26h
destinations:
  crm: {dest: "null:"}
  ads: {dest: "file:${NOT_SET_HERE}/ads"}
EOT
mkdir state
cp -r ../state/rows state/x
mkdir state/users
mv state/x state/users/crm
status 4 rudder status
says 'rudder status: users/ads: this sync has not run yet'
rudder status --max-age 99999d --format json 2>/dev/null | jq -r '"\(.sync) \(.word)"' | sort >got
printf 'users/ads never ran\nusers/crm too old\n' >want
diff -u want got || fail 'the states of a sync file'
# by the name of the sync or of a state; what has no sync file is not forgotten
rudder status users --format json 2>/dev/null | jq -r .sync | sort | paste -sd' ' >got
is 'users/ads users/crm' "$(cat got)" 'a sync by its name'
is users/crm "$(rudder status state/users --format json | jq -r .sync | sed 's|^|users/|')" 'a folder of states'
is state/users/crm "$(rudder status users/crm --format json | jq -r .sync)" 'a state by its name'
cp -r state/users/crm state/by_hand
status 4 rudder status >got
tail -1 got | grep -qx '+1 state without a sync file: rudder status state' || fail "$(cat got)"
rudder log 2>/dev/null | tail -1 | grep -qx '+1 state without a sync file: rudder log state' || fail 'rudder log does not say so'
status 66 rudder log user
says "no sync 'user' in the folder 'syncs', and no such file; did you mean 'users'?"
sed 's/^name.*/name: other/; /age/d' syncs/users.yaml >syncs/file.yaml
is other/ads "$(rudder status other --format json 2>/dev/null | jq -r .sync | sort | head -1)" 'a name that is not that of the file'
rm syncs/file.yaml
cd .. || exit
rudder status --format json proj/syncs/users.yaml 2>/dev/null | jq -r .sync | sort | paste -sd' ' >got
is 'users/ads users/crm' "$(cat got)" 'a sync file in another folder'
rudder log --failing proj/syncs/users.yaml | grep -q 'users/crm: 1 row fails' || fail 'rudder log of a sync file'
echo 'nam: users' >wrong.yaml
status 78 rudder status wrong.yaml
says wrong.yaml

# states three folders down are found, further ones are not looked for
mkdir -p deep/a/b/c deep/a/b/further/down
cp -r state/rows/. deep/a/b/c/
cp -r state/rows/. deep/a/b/further/down/
is a/b/c "$(rudder status --format json deep | jq -r .sync)" 'a state in a folder of folders'
# more folders than files that may be open
# shellcheck disable=SC2046 # numbers
mkdir $(seq -f 'deep/%03g' 100)
# shellcheck disable=SC3045 # dash, bash and busybox have it
is a/b/c "$(ulimit -n 64 && rudder status --format json deep | jq -r .sync)" 'a state among many folders'

# of a long name the end is shown
mkdir -p long/state && cd long || exit
for d in crm ads; do
	mkdir -p "state/a_name_that_is_too_long_for_a_column/$d"
	cp -r ../state/rows/. "state/a_name_that_is_too_long_for_a_column/$d/"
done
rudder status >table
[ "$(grep -c '^! \.\.[a-z_]*column/\(crm\|ads\)  never' table)" = 2 ] || fail "long names: $(cat table)"
is '' "$(awk 'length($0) > 80' table)" 'lines of more than 80 columns'
