# check_state.sh - what a run would refuse because of how its state was delivered,
# rudder check, rudder plan and a dry run refuse as well
. "$TOP/tests/tool/lib.sh"
RUDDER_WRITE_KEY='test'
export RUDDER_WRITE_KEY

printf 'id,email,plan\n1,a,x\n2,b,y\n' >users.csv
cat >good.yaml <<'END'
version: 1
name: users
source: csv:users.csv
key: id
mode: mirror
mapping:
  type: identify
  user_id: id
  columns: [email, plan]
  deletes: skip
destination: exec:cat >>ev
END
cp good.yaml s.yaml
status 0 rudder run s.yaml
status 0 rudder check s.yaml >out
status 73 lack 'rudder access:1+:EACCES:state/users' rudder check s.yaml >out
grep -qx "state	failed	cannot write to the state 'state/users': Permission denied" out || fail "read-only: $(cat out)"
printf '3,c,z\n' >>users.csv

# refused STEP WANT: by the check, at this step alone, by the plan and its file, by a dry
# run and by the run; nothing is left behind
refused() {
	status 78 rudder check s.yaml >out
	is 1 "$(grep -c '	failed	' out)" "failed steps: $(cat out)"
	grep '	failed	' out >line
	grep -qF "$1	failed	" line || fail "the step: $(cat out)"
	grep -qF "$2" line || fail "the reason: $(cat out)"
	status 78 rudder plan s.yaml >out
	says "$2"
	is '' "$(cat out)" 'nothing is shown'
	status 78 rudder plan -o plan s.yaml >out
	says "$2"
	[ ! -e plan ] || fail 'a plan is left'
	[ ! -e state/users/hold ] || fail 'the state is reserved'
	status 78 rudder run -n s.yaml >out
	says "$2"
	status 78 rudder run s.yaml
	says "$2"
	is 2 "$(wc -l <ev)" 'events'
}

# the key, and what the destination matches people on
sed 's/^key:.*/key: [id, plan]/' good.yaml >s.yaml
refused changes "has the key 'id', and this run the key 'id,plan':"
sed 's/^key:.*/&\nidentity: email/' good.yaml >s.yaml
refused changes "has the key 'id', and this run the key 'id' and the identity 'email':"

# who a user is, the type of the events
sed 's/user_id: id/user_id: email/' good.yaml >s.yaml
refused mapping "the state was delivered with user identifier 'id', not 'email':"
sed 's/type: identify/type: group\n  group_id: plan/' good.yaml >s.yaml
refused mapping "the state was delivered with event type 'identify', not 'group':"
sed 's/type: identify/type: track\n  event: seen/' good.yaml >s.yaml
refused mapping "the state was delivered with event type 'identify', not 'track':"

# the destination
sed 's/^destination:.*/destination: file:other/' good.yaml >s.yaml
refused destination "the state was delivered to 'exec:', not to this destination:"

# what may change
sed 's/plan\]/plan, id]/' good.yaml >s.yaml
status 0 rudder check s.yaml >out
status 0 rudder plan s.yaml >out
grep -qx "  the mapping has changed (column 'id' is new or changed): every row is sent again" out || fail "$(cat out)"
status 0 rudder plan --format json s.yaml >out
jq -e ".mapping_changed and .mapping_change == \"column 'id' is new or changed\" and (has(\"mode_was\") | not)" out >/dev/null || fail "$(cat out)"
sed 's/^mode: mirror/mode: upsert/' good.yaml >s.yaml
status 0 rudder plan --format markdown s.yaml >out
grep -qx -- '- the mode is upsert; it was mirror at the last delivery' out || fail "$(cat out)"
sed 's/^destination:.*/destination: exec:cat >>other/' good.yaml >s.yaml
status 0 rudder check s.yaml >out
status 0 rudder plan s.yaml >out
says 'a different command'

# a change that is accepted can be checked and planned, but for the key
sed 's/user_id: id/user_id: email/' good.yaml >s.yaml
status 78 rudder check s.yaml >out
status 0 rudder check --accept-connection s.yaml >out
sed 's/^key:.*/key: [id, plan]/' good.yaml >s.yaml
status 78 rudder check --accept-connection s.yaml >out
sed 's/^destination:.*/destination: file:other/' good.yaml >s.yaml
status 78 rudder check s.yaml >out
status 0 rudder check --accept-connection s.yaml >out
is 2 "$(wc -l <ev)" 'sent by a check'
status 0 rudder plan --accept-connection -o plan s.yaml >out
# the changes of refused runs are pending
grep -q '; 0 unchanged; 3 events$' out || fail "$(cat out)"
status 0 rudder apply plan
is 3 "$(wc -l <other)" 'events'
status 0 rudder check s.yaml >out
status 0 rudder run s.yaml

# each destination has a state of its own; a damaged one is said once
sed -e '/^destination:/d' good.yaml >s.yaml
printf 'destinations:\n  a: {dest: "exec:cat >>ev", state: state/a}\n  b: {dest: "file:other", state: state/users}\n' >>s.yaml
status 0 rudder check s.yaml >out
sed -i 's/"file:other"/"exec:cat"/' s.yaml
status 78 rudder check s.yaml >out
is 'destination b:' "$(grep '	failed	' out | cut -f 1):" "the other destination: $(cat out)"
printf garbage >state/users/snapshot
cp good.yaml s.yaml
status 78 rudder check s.yaml >out
is 1 "$(grep -c '	failed	' out)" "of a damaged state: $(cat out)"
grep -q "^state	failed	.*damaged" out || fail "$(cat out)"
