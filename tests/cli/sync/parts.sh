# parts.sh - partitions in a sync file: a pipeline and a state for each part of the
# table, hooks once, and a changed number of parts is refused
. "$TOP/tests/tool/lib.sh"
command -v sqlite3 >/dev/null || skip 'no sqlite3'
db() { sqlite3 db "$@"; }
db 'CREATE TABLE users (id INTEGER PRIMARY KEY, v TEXT); INSERT INTO users WITH RECURSIVE n(a) AS (SELECT 1 UNION ALL SELECT a + 1 FROM n WHERE a < 200) SELECT a, 1 FROM n'
mkdir syncs
file() { # LINE ...
	cat >syncs/users.yaml <<'END'
version: 1
source: sqlite:db
table: users
key: [id]
mode: mirror
mapping: {type: record, identifiers: {id: id}}
deletes: {max: 100%}
on_success: ["cat >hook; echo >>hooks"]
on_failure: ["cat >hook; echo >>hooks"]
END
	printf '%s\n' "$@" >>syncs/users.yaml
}
sent() { # FILE: what left since the last time
	jq -r '.properties.action // .action' "$1" 2>/dev/null | sort | uniq -c | awk '{printf "%s %s ", $2, $1}'
	: >"$1"
}
two='destinations: {crm: {dest: "exec:cat >>crm"}, ads: {dest: "exec:cat >>ads"}}'
file 'partitions: 3' "$two"
rudder run --jobs 3 || fail "status $?"
is 'insert 200 insert 200 ' "$(sent crm)$(sent ads)" 'the first run'
is 6 "$(find state/users -name part | wc -l)" 'states'
is 1 "$(wc -l <hooks)" 'the hook runs once'
jq -e '.status == 0 and ([.destinations[].name] == ["crm/0", "ads/0", "crm/1", "ads/1", "crm/2", "ads/2"]) and ([.destinations[].run.rows] | add == 400)' hook >/dev/null || fail "its record: $(cat hook)"
is 'users/crm/0 users/crm/1 users/crm/2' "$(rudder status --format json | jq -r .sync | grep crm | paste -sd' ')" 'rudder status'
rudder log syncs/users.yaml | grep -q '^== users/ads/2$' || fail 'rudder log'
db 'UPDATE users SET v = 2 WHERE id <= 10; DELETE FROM users WHERE id > 195; INSERT INTO users VALUES (300, 1)'
rudder plan --destination crm/1 -o plan syncs/users.yaml >shown || fail "a plan of a part: $?"
rudder apply plan || fail 'the plan of a part is sent'
planned=$(wc -l <crm)
case $planned in
0 | 16) fail "planned: $planned" ;;
esac
rudder run || fail "changes: $?"
is 'delete 5 insert 1 update 10 ' "$(sent crm)" 'changes, with those of the plan'
is 'delete 5 insert 1 update 10 ' "$(sent ads)" 'changes'
rudder run --canary 1 || fail "a canary: $?"
is '' "$(sent crm)$(sent ads)" 'nothing new'
# as printed
db 'UPDATE users SET v = 3'
rudder run --print >printed
is 3 "$(grep -c '^# users/[012]$' printed)" 'pipelines'
sh printed || fail "as printed: $?"
is 'update 196 update 196 ' "$(sent crm)$(sent ads)" 'as printed'
rudder check syncs/users.yaml >steps || fail "check: $(cat steps)"
is '1 2 6' "$(grep -c ^partitions steps) $(grep -c '^destination ' steps) $(grep -c '^state ' steps)" 'rudder check'

# one part that fails does not stop the others, and the hook hears the worst
rm hooks
db 'UPDATE users SET v = 4'
chmod 777 state/users/crm/1
status 77 rudder run
says "rudder run: sync 'users/1' ended with status 77"
says "rudder run: 1 of 3 parts did not end with status 0; the exit status is that of 'users/1'"
is '77 1' "$(jq .status hook) $(wc -l <hooks)" 'the hook of the failure'
is 196 "$(wc -l <ads)" 'the other destination of that part'
chmod 700 state/users/crm/1
rudder run || fail 'again'
is 'update 196 ' "$(sent crm)" 'what was left'
: >ads

# another number, none, and parts where there were none: nothing is sent
for n in 'partitions: 4' 'partitions: 2' ''; do
	file "$n" "$two"
	for command in run plan\ --destination\ crm; do
		[ "$command" = run ] || [ -z "$n" ] || command="$command/0"
		# shellcheck disable=SC2086 # words
		status 78 rudder $command syncs/users.yaml
		says "the state 'state/users/crm' is of 3 partitions, and the file has"
	done
	rudder check syncs/users.yaml >steps 2>&1 && fail 'rudder check'
	grep -q '^partitions.failed' steps || fail "rudder check: $(cat steps)"
done
is '' "$(sent crm)$(sent ads)" 'nothing is sent'
file 'state: whole' 'destination: "null:"'
rudder run || fail 'a whole table'
file 'state: whole' 'destination: "null:"' 'partitions: 2'
status 78 rudder run
says "the state 'whole' is of a whole table, and the file has 2 partitions"
file 'state: new' 'destination: "file:all"' 'partitions: 2'
rudder run || fail 'a new state'
is 'insert 196 ' "$(sent all)" 'one destination'
is '2' "$(find new/0 new/1 -name part | wc -l)" 'its states'

file 'state: new' 'destination: "file:all"' 'partitions: 2' 'partition_by: number'
status 78 rudder run
says 'is of part 0 of 2, and the rows are part 0 of 2 by number'
file 'state: numbers' 'destination: "file:all"' 'partitions: 2' 'partition_by: number'
rudder run || fail 'by number'
is 'insert 196 ' "$(sent all)" 'parts by number'
grep -q '"by":"number"' numbers/1/part || fail "by number: $(cat numbers/1/part)"
rudder check syncs/users.yaml >steps || fail "check by number: $(cat steps)"
file 'destination: "null:"' 'partition_by: number'
status 78 rudder run
says "'partition_by' needs 'partitions'"

# what cannot be in parts
file 'destination: "null:"' 'partitions: 0'
status 78 rudder run
says "'partitions' must be a number of parts from 1 to 1024"
file 'destination: "null:"' 'partitions: 2' 'identity: v'
status 78 rudder run
says "'identity' needs all rows"
echo id >a.csv
file 'destination: "null:"' 'partitions: 2' 'state: csv'
sed -i 's/^source.*/source: csv:a.csv/; /^table/d' syncs/users.yaml
status 64 rudder run
says "source 'csv:' has no model for --partition"
rudder check syncs/users.yaml 2>&1 | grep -q '^partitions.failed.*--partition' || fail 'rudder check of csv:'
