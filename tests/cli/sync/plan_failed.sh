# plan_failed.sh - rudder plan -o that fails is a run that failed, with its reason,
# and not one that was killed
. "$TOP/tests/tool/lib.sh"
printf 'id\n1\n' >u.csv
file() { # EVENT-TYPE DEST [MORE]: the sync file
	printf 'version: 1\nname: u\nsource: "csv:u.csv"\nkey: id\nmapping: {type: %s, user_id: id}\ndestination: "%s"\n%s\n' "$1" "$2" "${3:-}" >u.yaml
}
records() { rudder-diff --runs -s state/u | jq -r '"\(.status) \(.stage // "-") \(.reason // "-") \(.run | length)"'; }
last() { is "$1 20" "$(records | tail -n 1)" 'the newest record'; }

file identfy 'file:ev'
status 78 rudder plan u.yaml -o p >out
last "78 map mapping 'u.yaml': line 5: unknown event type 'identfy'; did you mean 'identify'?"
is 1 "$(wc -l <err)" "lines: $(cat err)"
{ [ -e p ] || [ -e state/u/hold ]; } && fail 'it holds the state'
rudder status u.yaml >out
grep -q 'failed in rudder-map with status 78: mapping' out || fail "status: $(cat out)"

# what the destination would refuse
file identify 'fille:ev'
status 64 rudder plan u.yaml -o p >out
last "64 send destination 'fille': did you mean 'file:'?"
is 2 "$(records | wc -l)" records

# a folder that is not there, as in the run
file identify 'file:nofolder/ev'
status 73 rudder plan u.yaml >out
says "rudder-send: cannot open 'nofolder/ev': No such file or directory; run mkdir -p 'nofolder'"
is '' "$(cat out)" 'no plan is shown'
status 73 rudder plan u.yaml -o p >out
last "73 send cannot open 'nofolder/ev': No such file or directory; run mkdir -p 'nofolder'"
{ [ -e p ] || [ -e state/u/hold ]; } && fail 'it holds the state'
file identify 'file:nofolder/%Y.ndjson'
status 73 rudder plan u.yaml >out

# the source, before the state is held; a plan that is not saved; no file for it
file identify 'file:ev'
mv u.csv v.csv
status 66 rudder plan u.yaml -o p >out
mv v.csv u.csv
file identfy 'file:ev'
status 78 rudder plan u.yaml >out
file identify 'file:ev'
status 73 rudder plan u.yaml -o nodir/p >out
is 3 "$(records | wc -l)" records

# the next run sends all once, and a failed plan does not count
status 0 rudder run u.yaml
last '0 - -'
is 1 "$(wc -l <ev)" events
! rudder-diff --runs -s state/u | grep -q killed || fail "killed: $(records)"

# a dry run does not count as a run, even if a stage fails before it has read a line; the abort
# line says so to the commit
rows() { printf '{"id":1}\n' | rudder-diff --trust-eof -k id -s dry "$@"; }
fails() { rudder-map -q -t identfy -u id 2>/dev/null || :; }
commit() { rudder-diff --commit -q -s dry 2>/dev/null || :; }
rows -q -n | fails | rudder-send -q -n -d null: 2>/dev/null | commit
is '' "$(rudder-diff --runs -s dry)" 'a dry run'
rows -q -n | fails | rudder-send -q -n -d null: 2>/dev/null | rudder-send -q -d null: | grep -q '"dry_run":true' || fail 'it is passed on'
rows -q | fails | rudder-send -q -d null: 2>/dev/null | commit
is '78 map' "$(rudder-diff --runs -s dry | jq -r '"\(.status) \(.stage)"')" 'a run'
