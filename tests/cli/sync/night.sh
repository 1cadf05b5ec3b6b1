# night.sh - a night of failures, and what the state says of it in the morning:
# --status, --runs, --failing, --log
. "$TOP/tests/tool/lib.sh"
. "$TOP/tests/tool/fake.sh"
serve -r refuse-me -o events
sync() { # [OPTION of the commit ...]
	# shellcheck disable=SC2094 # each reads its own copy
	rudder-query -d csv:users.csv | rudder-diff -k id -s st --mode mirror |
		rudder-map -t identify -u id --deletes skip |
		rudder-send -d "rudder:$DEST" --retry-wait 5ms --retry-max-wait 20ms --retry-max-time 100ms |
		rudder-diff --commit -s st "$@"
}
night() { # STATUS: one run of the night must end so
	want=$1
	shift
	got=0
	sync "$@" 2>err || got=$?
	is "$want" "$got" "a run of the night: $(cat err)"
}
DEST=$URL
DOWN=http://127.0.0.1:1

# before anything: a state without a run
printf 'id,email\n1,a@b.c\n2,b@b.c\n3,c@b.c\n' >users.csv
night 0
is '0 0 0 true' "$(rudder-diff --status -s st | jq -r '"\(.last_status) \(.pending) \(.failing) \(.last_ok == .last_run)"')" 'after a good run'
status 0 rudder-diff --status -s st --max-age 26h >now

# 42 is refused five times, between other trouble
printf 'id,email\n1,a@b.c\n2,b@b.c\n3,c@b.c\n42,refuse-me@b.c\n' >users.csv
night 1 --keep-log 30d
night 1 --keep-log 30d
DEST=$DOWN
night 69
night 69
DEST=$URL
night 1
# the table is empty for a moment
cp users.csv full.csv
printf 'id,email\n' >users.csv
night 3
cp full.csv users.csv
# another run has the lock
mkfifo p
rudder-diff -s st --mode mirror p >/dev/null 2>&1 &
holder=$!
exec 3>p
eventually 'a run that has the lock' grep -q "pid $holder" st/lock
night 75
exec 3>&-
wait $holder || :
# the commit is killed while the sender works
mkfifo receipts
rudder-diff --commit -s st receipts 2>/dev/null &
commit=$!
exec 3>receipts
rudder-query -d csv:users.csv | rudder-diff -s st --mode mirror 2>/dev/null | head -n 1 >&3
eventually 'a commit that has the lock' test -e st/receipts
kill -9 $commit
wait $commit 2>/dev/null || :
exec 3>&-
# the source is not there
mv users.csv away.csv
night 66
mv away.csv users.csv
night 1
night 1 --keep-log 30d

# what each run was
rudder-diff --runs -s st >runs
is '0 1 1 69 69 1 3 75 null 66 1 1' "$(jq -r .status runs | paste -sd' ')" 'the statuses of the night'
jq -es '.[3] | .stage == "send" and .complete == false' runs >/dev/null || fail 'the destination'
jq -es 'map(select(.ended)) | all(.ms >= 0 and .started <= .ended)' runs >/dev/null || fail 'times of runs'
jq -es '.[7] | .stage == "diff" and (.reason | contains("another run"))' runs >/dev/null || fail "the lost lock: $(sed -n 8p runs)"
jq -es '.[9] | .stage == "query" and .complete == false' runs >/dev/null || fail 'the source'
jq -es '.[6] | .rows == 0 and .blocked > 0' runs >/dev/null || fail 'the empty run'
is 0 "$(awk 'length($0) >= 4096' runs | wc -l)" 'long lines'

# what fails now, and since when
rudder-diff --failing -s st >failing
is '42 insert rejected 400 7' "$(jq -r '"\(.id) \(.action) \(.status) \(.code) \(.attempts)"' failing)" 'the failing key'
jq -e --slurpfile r runs '.since >= $r[1].started and .since <= $r[1].ended' failing >/dev/null || fail 'since'
is 1 "$(rudder-diff --status -s st | jq .failing)" 'failing in --status'
grep -q '@' failing && fail 'a reason shows a value'

# how it stands
rudder-diff --status -s st >now
jq -e --slurpfile r runs '.last_ok == $r[0].ended and .last_run == $r[11].ended and .last_status == 1' now >/dev/null || fail "$(cat now)"
status 4 rudder-diff --status -s st --max-age 1ms >now
says 'no run has succeeded since'

# what happened to 42: three runs kept their receipts
rudder-diff --log 42 -s st >log
is 'failed failed failed pending' "$(jq -r .status log | paste -sd' ')" '--log 42'
jq -es --slurpfile r runs '.[0] | .primary_key == "42" and .operation == "insert" and .sync_run_id == $r[1].run and .sync_finished_at == $r[1].ended and .error_reason != null and (keys | length) == 8' log >/dev/null || fail "$(cat log)"
# and to 2, of which none were: nobody knows which run delivered it
rudder-diff --log 2 -s st >log
jq -es 'length == 1 and .[0].status == "settled" and .[0].sync_run_id == null and .[0].sync_finished_at == null' log >/dev/null || fail "$(cat log)"
status 66 rudder-diff --log 43 -s st
says 'no such key'

# it is fixed
sed -i 's/refuse-me/fine/' users.csv
night 0
is '0 0' "$(rudder-diff --status -s st | jq -r '"\(.failing) \(.last_status)"')" 'fixed'
[ ! -e st/failing ] || fail 'a list of failing keys is left'
is settled "$(rudder-diff --log 42 -s st | tail -n 1 | jq -r .status)" 'the end of 42'

# a person is forgotten everywhere
cp users.csv full.csv
sed -i 's/fine/refuse-me-again/' users.csv
night 1 --keep-log 30d
grep -rqF '"42"' st || fail 'nothing to forget'
status 0 rudder-diff --forget 42 -s st
if grep -rlF '"42"' st; then fail 'not forgotten'; fi
status 66 rudder-diff --log 42 -s st
