# delta: in a sync file, on a real PostgreSQL: run and --print, check, plan, parts
# shellcheck shell=sh
set -eu
eval "$("$TOP/tests/tool/pg.sh" start)"
trap '"$TOP/tests/tool/pg.sh" stop "$PG_DIR"' EXIT
trap 'exit 1' INT TERM
. "$TOP/tests/tool/lib.sh"
export WAREHOUSE=postgres://

sql() { psql -qAtX -v ON_ERROR_STOP=1 -c "$1"; }
file() { # DESTINATION [LINE...]: syncs/users.yaml
	mkdir -p syncs
	{
		printf 'version: 1\nsource: env:WAREHOUSE\ntable: users\ndelta: rudder\nkey: [id]\n'
		printf 'mapping: {type: identify, user_id: id, columns: [plan], delete_event: Gone}\n'
		printf '%s\n' "$@"
	} >syncs/users.yaml
}
tables() { sql "SELECT count(*) FROM pg_tables WHERE schemaname = 'rudder'"; }
# the counts of the newest run
last() { rudder-diff --runs -s "${1:-state/users}" | tail -n 1 | jq -r '"\(.rows) \(.inserts) \(.updates) \(.deletes)"'; }

sql "CREATE TABLE users (id int PRIMARY KEY, plan text);
	INSERT INTO users SELECT i, 'p' || i % 3 FROM generate_series(1, 40) i"
file 'destination: "file:out"' 'mode: mirror'
status 78 rudder run
says 'schema'
sql 'CREATE SCHEMA rudder'

# ---- check, and what writes no tables
rudder check syncs/users.yaml >steps || fail "check: $(cat steps)"
grep -q '^delta	ok	' steps || fail "no step: $(cat steps)"
rudder plan syncs/users.yaml >plan
grep -q '40 inserts' plan || fail "plan: $(cat plan)"
rudder run --dry-run >requests
is '40' "$(grep -o '"type":"identify"' requests | grep -c .)" 'dry run'
is '0' "$(tables)" 'tables of check, plan and a dry run'

# ---- run, and --print of the same, side by side
for way in run print; do
	mkdir $way
	cp -r syncs $way
done
n=10
both() {
	n=$((n + 1))
	export RUDDER_RUN_ID=dc6b00000000000000$n
	seed $n
	for way in run print; do
		(
			cd $way
			if [ $way = run ]; then rudder run "$@"; else rudder run --print "$@" | sh; fi
		) || fail "$way $*"
	done
	cmp run/out print/out || fail "events of --print $*"
	is "$(cd run && last)" "$(cd print && last)" "counts of --print $*"
}
both
is '40 40 0 0' "$(cd run && last)" 'first run'
sql "UPDATE users SET plan = 'x' WHERE id = 3; DELETE FROM users WHERE id = 4; INSERT INTO users VALUES (41, 'new')"
both
is '2 1 1 1' "$(cd run && last)" 'rows of keys that changed'
both
is '0 0 0 0' "$(cd run && last)" 'nothing changed'
both --all-rows
is '40 0 0 0' "$(cd run && last)" 'all rows are read'
both --full
is '40 0 40 0' "$(cd run && last)" 'all rows are sent'
both
is '0 0 0 0' "$(cd run && last)" 'after --full'
sed -i 's/columns: .plan./columns: [plan=tier]/' run/syncs/users.yaml print/syncs/users.yaml
both
is '40 0 40 0' "$(cd run && last)" 'a new mapping'
both
is '0 0 0 0' "$(cd run && last)" 'after a new mapping'
is '40' "$(rudder-diff --dump -s run/state/users | grep -c .)" 'keys'
is "$(rudder-diff --dump -s run/state/users | jq -r .id | sort)" "$(rudder-diff --dump -s print/state/users | jq -r .id | sort)" 'equal keys'
unset RUDDER_RUN_ID LD_PRELOAD

# ---- a plan: applied, then declined
cd run
sql "UPDATE users SET plan = 'y' WHERE id = 5"
rudder plan -o users.plan syncs/users.yaml >plan
grep -q '1 update' plan || fail "plan: $(cat plan)"
status 0 rudder apply users.plan
status 0 rudder run
is '0 0 0 0' "$(last)" 'after apply'
sql "UPDATE users SET plan = 'z' WHERE id = 5"
rudder plan -o users.plan syncs/users.yaml >plan
status 0 rudder apply --decline users.plan
status 0 rudder run
is '1 0 1 0' "$(last)" 'a declined change is found again'
cd ..

# ---- several destinations, parts, a canary: each state has its own base
file 'destinations: {a: {dest: "file:a"}, b: {dest: "file:b"}}' 'mode: mirror' 'partitions: 2' 'state: two'
status 0 rudder run --canary 1
is '40 40' "$(grep -c . a) $(grep -c . b)" 'all events once'
sql "DELETE FROM users WHERE id = 7"
status 0 rudder run
is '2' "$(cat a b | grep -c Gone)" 'a delete for each destination'
is '1' "$(cat two/*/*/runs | jq -r '.deletes // 0' | sort | uniq -c | awk '$2 == 1 {print $1 / 2}')" 'in one part'

# ---- what does not go with it
file 'destination: "null:"' 'mode: full'
status 78 rudder run
says "line 8: 'mode: full' needs all rows, and 'delta' reads only those that changed"
file 'destination: "null:"' 'identity: plan'
status 78 rudder run
says "line 8: 'identity' needs all rows, and 'delta'"
for line in 'cursor: id' 'limit: 5' 'if_changed: SELECT 1' 'legacy_types: true'; do
	file 'destination: "null:"' "$line" 'state: none'
	status 64 rudder run
	says "'delta' excludes 'cursor', --since"
	rudder check syncs/users.yaml >steps 2>err && fail "check takes $line"
	grep -q "failed.*'delta' excludes" steps || fail "$line: $(cat steps)"
done
printf 'id,plan\n1,a\n' >users.csv
file 'destination: "null:"' 'state: csv'
sed -i 's/^source.*/source: csv:users.csv/; /^table/d' syncs/users.yaml
status 78 rudder run
says "'delta' was not tried"
rudder check syncs/users.yaml >steps 2>err && fail 'check takes csv:'
grep -q "^delta.failed.*'delta' was not tried" steps || fail "csv: $(cat steps)"
