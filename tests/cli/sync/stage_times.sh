# stage_times.sh - RUDDER_STAGE_TIMES: how long each stage worked or waited for its
# source or destination, without the waits for its neighbours
. "$TOP/tests/tool/lib.sh"
stage_ms() { rudder-diff --runs -s "$1" | tail -n 1 | jq -c '[.query_ms, .diff_ms, .map_ms, .send_ms, .commit_ms]'; }
cat >sync.yaml <<'END'
version: 1
name: s
source: "exec:cat rows; [ -e fast ] || sleep 1"
key: id
mode: upsert
mapping: {type: identify, user_id: id}
destination: {dest: "exec:cat >/dev/null; sleep $((1 - $(ls fast | wc -l)))"}
END
echo '{"id":1}' >rows

# each stage is given the second that it took, and no other is
rudder run sync.yaml || fail "status $?"
stage_ms state/s >slow
jq -e '.[0] >= 1000 and .[3] >= 1000 and .[1] < 1000 and .[2] < 1000 and .[4] < 1000' slow >/dev/null || fail "times: $(cat slow)"
rudder log state/s | grep -qE '^    time: query 1\.[0-9] s, diff [0-9]+ ms, map [0-9]+ ms, send 1\.[0-9] s, commit [0-9]+ ms$' || fail "the log: $(rudder log state/s)"

# a plain pipe has them with the variable, in its end lines too, and else none
touch fast
rudder run --print sync.yaml >printed
sh printed
is '[null,null,null,null,null]' "$(stage_ms state/s)" 'a plain pipe'
! rudder log -n 1 state/s | grep 'time:' || fail 'times that nobody measured'
export RUDDER_STAGE_TIMES=1
sh printed
stage_ms state/s | jq -e 'all(. != null)' >/dev/null || fail "with the variable: $(stage_ms state/s)"
rudder-query -d csv:none.csv 2>/dev/null | grep '_ms' && fail 'an abort line has times'
printf 'id\n1\n' >x.csv
rudder-query -d csv:x.csv | rudder-diff -k id -s end --mode full | rudder-map -t identify -u id | rudder-send -d null: | tail -n 1 |
	jq -ce '._rudder | [.query_ms, .diff_ms, .map_ms, .send_ms] | all(type == "number")' >/dev/null || fail 'the end line'

# a run that failed has none; each state of several destinations, and a plan
RUDDER_STAGE_TIMES='' rudder-query -d 'exec:exit 69' 2>/dev/null | rudder-diff -k id -s state/s 2>/dev/null | rudder-diff --commit -s state/s
is '[null,null,null,null,null]' "$(stage_ms state/s)" 'a run that failed'
unset RUDDER_STAGE_TIMES
cat >two.yaml <<'END'
version: 1
source: csv:x.csv
key: id
mode: upsert
mapping: {type: identify, user_id: id}
destinations: {a: "null:", b: "null:"}
END
rudder run two.yaml || fail 'two destinations'
for d in a b; do
	stage_ms state/two/$d | jq -e 'all(. != null)' >/dev/null || fail "destination $d: $(stage_ms state/two/$d)"
done
printf 'id\n1\n2\n' >x.csv
rudder plan --destination a -o plan two.yaml >/dev/null || fail 'a plan'
rudder apply plan || fail 'the plan is applied'
stage_ms state/two/a | jq -e 'all(. != null)' >/dev/null || fail "an applied plan: $(stage_ms state/two/a)"
