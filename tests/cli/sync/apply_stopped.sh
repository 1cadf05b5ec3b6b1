# apply_stopped.sh - rudder apply ended by SIGTERM: what is in flight is in doubt, the
# status is 75, and nothing is sent that no commit knows of
. "$TOP/tests/tool/lib.sh"
mkdir syncs
printf 'id,a\n1,x\n2,y\n3,z\n' >users.csv
cat >syncs/users.yaml <<'END'
version: 1
source: csv:users.csv
key: id
mapping: {type: identify, user_id: id}
destination: {dest: "exec:cat >>got; : >started; while [ -e wait ]; do sleep 0.05; done", batch: 1, connections: 1, grace: 300ms}
END
: >wait
status 0 rudder plan -o plan syncs/users.yaml >shown
rudder apply plan 2>err &
pid=$!
eventually 'the first event' [ -e started ]
kill -TERM $pid
got=0
wait $pid || got=$?
rm wait
is 75 $got "the status: $(cat err)"
is 1 "$(wc -l <got)" 'events that were sent in spite of the signal'
# the same plan again sends what is in doubt only, and says that this is not all
cp -a state was
status 1 rudder apply plan
says '2 changes of an earlier commit of this run were not delivered: the next run sends their rows'
is '1 1' "$(jq -r .userId got | paste -sd' ')" 'what the second apply sent'
status 0 rudder run
is '1 1 2 3' "$(jq -r .userId got | paste -sd' ')" 'the run after it'
rm -rf state && mv was state
# the next run sends the rest
rudder apply --decline plan 2>err || :
status 0 rudder run
is '1 2 3' "$(jq -r .userId got | sort -u | paste -sd' ')" 'all of it'
# nothing was taken, so nothing is in doubt: the plan is done, and the next run
# sends the rows
rm -rf state got
printf 'version: 1\nsource: csv:users.csv\nkey: id\nmapping: {type: identify, user_id: id}\n' >syncs/users.yaml
echo 'destination: {dest: "exec:[ ! -e down ] || exit 75; cat >>got", retry_wait: 1ms, retry_max_time: 100ms}' >>syncs/users.yaml
: >down
status 0 rudder plan -o plan syncs/users.yaml >shown
status 69 rudder apply plan
rm down
status 75 rudder apply plan
says 'applied or declined before: make a new one'
[ ! -e got ] || fail 'a plan that is done was sent'
status 0 rudder run
is '1 2 3' "$(jq -r .userId got | sort -u | paste -sd' ')" 'what the plan did not deliver'
# on a terminal rudder check is in columns
! script -qec true /dev/null </dev/null >/dev/null 2>&1 ||
	script -qec 'stty cols 80; rudder check syncs/users.yaml' /dev/null </dev/null | tr -d '\r' >steps
[ ! -s steps ] || grep -Eq '^  file +ok +users' steps || fail "steps on a terminal: $(cat steps)"
