# option_keys.sh - messages of filters that rudder starts for a sync file name
# its keys, not options
. "$TOP/tests/tool/lib.sh"
printf 'id,email,at\n1,a@example.com,x\n2,b@example.com,x\n' >u.csv
mkdir syncs
sync() { # MAPPING LINES: a sync file, whose line 5 is the first of LINES
	printf 'version: 1\nsource: "csv:u.csv"\nmapping: {%s}\ndestination: "file:ev"\n%s\n' "$1" "$2" >syncs/u.yaml
}
map='type: identify, user_id: id'

# an option that the filter refuses: the key, its line and its file
sync "$map, jq: '{traits: (. | tojson)}'" 'key: id
mode: upsert
jq_jobs: 10000'
status 64 rudder run
says "rudder-map: key 'jq_jobs' in line 7 of 'syncs/u.yaml': at most"
rm -rf state

# advice: what to write into the file
sync 'type: page, user_id: id' 'key: id
mode: mirror'
status 78 rudder run
says "'type: record', 'delete_event: NAME' to send deletes as track events, or 'deletes: skip'"
! grep -q -- '--' err || fail "an option: $(cat err)"
rudder-diff --runs -s state/u | tail -n 1 | jq -r .reason | grep -q "'delete_event: NAME'" || fail 'the reason of the record'
status 78 rudder check u >out
grep -q "'delete_event: NAME'" out || fail "check: $(cat out)"
status 78 rudder plan u >out
says "'delete_event: NAME'"
rm -rf state

# a limit that was reached, by the commit too
sync "$map" 'key: id
max_changes: 1'
status 1 rudder run
says "1 change is postponed to the next run by 'max_changes'"
rm -rf state
sync "$map, delete_event: Gone" 'key: id
mode: mirror
deletes: {max: 1}'
status 0 rudder run
sed -i '2,3d' u.csv
echo '3,c@example.com,x' >>u.csv
status 3 rudder run
says "('deletes.max')"
says '--allow-deletes' # of rudder run itself
rm -rf state

# of several destinations: no line where each has its own
printf 'id\n1\n' >u.csv
sync "$map" 'key: id'
sed -i '/^destination/d' syncs/u.yaml
printf 'destinations:\n  a: {dest: "webhook:http://127.0.0.1:1", method: FETCH}\n  b: {dest: "webhook:http://127.0.0.1:1", method: FETCH}\n' >>syncs/u.yaml
status 64 rudder run
says "rudder-send: key 'method': 'FETCH' is not"
sed -i '$d' syncs/u.yaml
status 64 rudder run
says "rudder-send: key 'method' in line 6 of 'syncs/u.yaml': 'FETCH' is not"

rm -rf state

# --print is for a shell; a command that a source starts has its own options
rudder run --print >pipe
status 64 sh pipe
says "rudder-send: option '--method': 'FETCH' is not"
rm -rf state
sync "$map" 'key: id'
sed -i "s/csv:u.csv/exec:rudder-query -d csv:u.csv --overlap 5m/" syncs/u.yaml
status 65 rudder run
says 'rudder-query: --overlap needs'

# what a mapping file has is said once
rm -rf state
sync 'type: track, user_id: id' 'key: id'
status 64 rudder run
is "rudder-map: type 'track' needs an event name: use 'event: NAME' or 'event: {column: COLUMN}'" "$(cat err)" 'an event name'
