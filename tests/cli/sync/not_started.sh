# not_started.sh - a run that cannot start is in the status and the log of its
# sync, with the reason
. "$TOP/tests/tool/lib.sh"
export COLUMNS=200 LC_ALL=C.UTF-8
printf 'id,email\n1,a@example.com\n' >u.csv
mkdir syncs
sync() { # NAME LINES: a sync file, with more lines
	printf 'version: 1\nsource: "csv:u.csv"\nkey: id\nmapping: {type: identify, user_id: id}\n%s\n' "$2" >"syncs/$1.yaml"
}
# last STATE WANTED: status, stage and reason of the newest record
last() { is "$2" "$(rudder-diff --runs -s "state/$1" | tail -n 1 | jq -r '"\(.status) \(.stage) \(.reason)"')" "the record of $1"; }
count() { is "$2" "$(rudder-diff --runs -s "state/$1" | wc -l)" "records of $1"; }

# a variable that is not set, on the first run
# shellcheck disable=SC2016 # a variable of the sync file
sync users 'destination: "file:${OUT}"
on_failure: "cat >hook"'
status 78 rudder run
is 1 "$(wc -l <err)" "lines: $(cat err)"
says "rudder run: 'syncs/users.yaml': line 5: the variable 'OUT' is not set"
last users "78 run 'syncs/users.yaml': line 5: the variable 'OUT' is not set; set it, or give a default as in \${OUT:-text}"
rudder status >out
grep -q "✗ users  never  *failed" out || fail "status: $(cat out)"
grep -q "the last run failed in rudder run with status 78: 'syncs/users.yaml': line 5: the variable 'OUT' is not set" out || fail "status: $(cat out)"
rudder log users >out
grep -q '^run [0-9a-v]\{20\}  ✗ wrong configuration (78)' out || fail "log: $(cat out)"
jq -e '.sync == "users" and .status == 78 and (.destinations[0].run | .status == 78 and .stage == "run")' hook >/dev/null || fail "the hook: $(cat hook)"
OUT=out.events status 0 rudder run
is 1 "$(wc -l <out.events)" 'events of the first run that starts'
count users 2

# a file where the folder of states should be: said once, and by the status
mv state away
: >state
OUT=out.events status 73 rudder run
is "rudder-diff: cannot create the state 'state/users': 'state' is not a folder" "$(sed 's/\[[^]]*\]//' err)" 'said once'
status 73 rudder status >out
grep -q '^✗ users  never  *cannot run' out || fail "status: $(cat out)"
grep -qF "cannot create the state 'state/users': 'state' is not a folder" out || fail "status: $(cat out)"
rm state
mv away state
chmod 777 state/users
OUT=out.events status 77 rudder run
is 1 "$(wc -l <err)" "once: $(cat err)"
chmod 700 state/users

# a dry run, --print and a wrong option leave no record
status 78 rudder run -n
status 78 rudder run --print
status 64 rudder run --nonsense
count users 2

# a variable of a secret, also in one of two destinations and with --canary
sync users 'destination: {dest: "file:out.events", write_key: env:WK}'
status 78 rudder run
last users "78 run the variable 'WK' is not set: the sync file names it for the write key"
status 78 rudder run --canary 1
count users 4
sync users 'source: env:WAREHOUSE'
sed -i -e '/^source: "csv/d' -e '$a destination: "null:"' syncs/users.yaml
status 78 rudder run
last users "78 run the variable 'WAREHOUSE' is not set: the sync file names it for the source"
count users 5
rm -f syncs/users.yaml

# one file that is wrong stops all that were asked for, and they say so
sync a 'destination: "file:out.a"
tags: day'
sync b 'destination: "file:out.b"
tags: night'
status 0 rudder run
printf 'destinaton: x\n' >>syncs/b.yaml
status 78 rudder run
for s in a b; do
	last $s "78 run 'syncs/b.yaml': line 7: unknown key 'destinaton'; did you mean 'destination'?"
	count $s 2
done
status 78 rudder run --select tag:night
count a 2
count b 3
status 0 rudder run a
count a 3

# status and log show what they can of all, and what is wrong with the file
status 78 rudder status >out
grep -q '✓ a ' out || fail "status: $(cat out)"
grep -q "^ *'syncs/b.yaml': line 7: unknown key" out || fail "status: $(cat out)"
says "rudder status: b: 'syncs/b.yaml': line 7: unknown key 'destinaton'"
status 78 rudder log b >out
is 3 "$(grep -c '^run' out)" "log: $(cat out)"
says "rudder log: b: 'syncs/b.yaml': line 7"

# a file that is not YAML, with two destinations
sync b 'destinations: {x: {dest: "file:out.x"}, y: {dest: "file:y", state: state/other}}'
rm -rf state/b
status 0 rudder run b
sed -i 's/^key: id/key: [id/' syncs/b.yaml
status 78 rudder run b
count b/x 2
last b/x "$(sed 's/^rudder run: /78 run /' err)"
status 78 rudder status b >out
grep -q '✗ b/x .*unreadable' out || fail "status: $(cat out)"
sed -i -e 's/^key: \[id/key: id/' -e '$a jobz: 1' syncs/b.yaml
status 78 rudder run b
count b/x 3
count other 2

# one that has not run yet makes no state by a guess
sync c 'nonsense: 1'
status 78 rudder run c
[ ! -e state/c ] || fail 'a guess made a state'
status 78 rudder status c >out
grep -q '✗ c ' out || fail "status: $(cat out)"
rm syncs/c.yaml syncs/b.yaml

# after one that failed; in a circle; a name that is there twice
sync first 'destination: "file:nodir/x"'
sync second 'destination: "file:out.second"
after: first'
status 73 rudder run first second
last second "75 run skipped: it runs after 'first', which failed"
sync first 'destination: "file:out.first"
after: second'
status 78 rudder run
last first "78 run 'after' goes in a circle: none of its syncs can be first"
sync first 'destination: "file:out.first"'
sed -i '$a name: first' syncs/second.yaml
status 78 rudder run
last first "78 run 'syncs/first.yaml' and 'syncs/second.yaml' both have the name 'first'"
rm syncs/first.yaml syncs/second.yaml

# the parts of a table that was whole; the record makes no state in a state
status 0 rudder run a
sed -i '$a partitions: 2' syncs/a.yaml
find state/a | sort >before
status 78 rudder run a
find state/a | sort | diff before - || fail 'a part in the state of a whole table'

# what is not there, beside what is
sed -i '$d' syncs/a.yaml
n=$(rudder-diff --runs -s state/a | wc -l)
status 66 rudder run a none.yaml
count a $((n + 1))
last a "66 run cannot open 'none.yaml': No such file or directory"

# no values, whatever is wrong
sync a 'destination: "file:out.a"
retry: {max: secret-value-1}'
status 78 rudder run a
! grep -rq secret-value-1 state || fail 'a value of the file in a record'

# a mistyped destination or source: the stage that refuses it is recorded
sync a 'destination: "fille:out.a"'
status 64 rudder run a
last a "64 send destination 'fille': did you mean 'file:'?"
sync a 'destination: "pigeon:out.a"'
status 64 rudder run a
grep -q "unknown destination 'pigeon:'" err || fail "$(cat err)"
sed -i -e 's/csv:u.csv/csw:u.csv/' -e 's/pigeon/file/' syncs/a.yaml
status 64 rudder run a
last a "64 query unknown source 'csw:'; did you mean 'csv:'?"

# the sender of a run that resumes another: one record, under the id of that
rm -rf state/resumed
sync resumed 'destination: {dest: "file:/dev/full"}'
status 74 rudder run resumed
id=$(rudder-diff --runs -s state/resumed | tail -n 1 | jq -r .run)
sync resumed 'destination: {dest: "segment:http://127.0.0.1:9"}'
status 78 rudder run resumed
says 'no write key'
last resumed "78 send no write key: use 'write_key_file: FILE' or set SEGMENT_WRITE_KEY"
is "2 $id" "$(rudder-diff --runs -s state/resumed | wc -l) $(rudder-diff --runs -s state/resumed | tail -n 1 | jq -r .run)" 'one record'
