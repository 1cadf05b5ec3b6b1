# check.sh - rudder check: each step of a sync, and this machine
. "$TOP/tests/tool/lib.sh"

sqlite3 shop.db 'CREATE TABLE "us""ers"("i d", a, b); INSERT INTO "us""ers" VALUES (1, 2, 3), (2, 2, 3), (3, 4, 5)'
sync() {
	cat >s.yaml
	printf 'version: 1\nsource: sqlite:shop.db\ndestination: file:ev\n' >>s.yaml
}
steps() { cut -f 1,2 out | tr '\t\n' ':,'; }

sync <<'END'
table: '"us""ers"'
key: [i d]
mapping: {type: identify, user_id: i d}
END
status 0 rudder check s.yaml >out
is 'file:ok,connection:ok,listing:ok,model:ok,changes:ok,key:ok,mapping:ok,destination:ok,state:ok,' "$(steps)" 'all is well'
is '' "$(ls -d state ev 2>/dev/null)" 'files'

# a model in SQL with its own end, a key of two columns, one that is not unique
sync <<'END'
sql: |
  SELECT a, b, "i d" FROM "us""ers" -- with a comment
  ;
key: [a, b]
mapping: {type: identify, user_id: a}
END
status 65 rudder check s.yaml >out
says '1 of 9 steps failed'
grep -q '^key	failed	1 key is in more than one row; list it by: SELECT "a", "b", count(\*) FROM (the model) m GROUP BY "a", "b" HAVING count(\*) > 1$' out || fail "$(cat out)"
sqlite3 shop.db 'UPDATE "us""ers" SET a = NULL WHERE "i d" = 1'
status 65 rudder check s.yaml >out
grep -q '^key	failed	1 row has no key (a,b is null)$' out || fail "$(cat out)"

# a comment behind the end of the model
sync <<'END'
sql: 'SELECT "i d" AS id FROM "us""ers"; -- all of them'
key: id
mapping: {type: identify, user_id: id}
END
status 0 rudder check s.yaml >out
grep -q '^key	ok' out || fail "$(cat out)"

# columns that the rows do not have, with what was meant
sync <<'END'
sql: SELECT a, b, "i d" AS id FROM "us""ers"
key: idd
cursor: aa
mapping: {type: identify, user_id: a}
END
status 78 rudder check s.yaml >out
grep -q "^cursor	failed	line 3: the model has no column 'aa'; did you mean 'a'?$" out || fail "$(cat out)"
grep -q "^changes	failed	line 2: the rows have no key column 'idd'; did you mean 'id'?$" out || fail "$(cat out)"
grep -q '^key	skipped' out || fail "$(cat out)"
sed -i 's/idd$/id/; s/: aa/: a/; s/FROM.*/& WHERE 0/' s.yaml
status 0 rudder check s.yaml >out
grep -q '^cursor	ok	a$' out || fail "$(cat out)"
sed -i 's/^key: .*/&x/' s.yaml
status 78 rudder check s.yaml >out
grep -q "^changes	failed	line 2: the rows have no key column 'idx'" out || fail "no rows: $(cat out)"
sed -i 's/^key: .*/key: id\nmode: mirror\nidentity: ab/' s.yaml
sed -i '/^cursor/d; s/ WHERE 0//' s.yaml
status 78 rudder check s.yaml >out
grep -q "^changes	failed	the rows have no identity column 'ab'" out || fail "$(cat out)"
is '' "$(ls -d state ev 2>/dev/null)" 'files'

# what a run would refuse once rows have come: deletes that the mapping cannot make,
# options of the commit, the statement of if_changed
sync <<'END'
sql: SELECT "i d" AS id, a FROM "us""ers"
key: id
mode: mirror
keep: {runs: 10001}
if_changed: SELECT max(a) FROM nowhere
mapping: {type: identify, user_id: id}
END
status 78 rudder check s.yaml >out
grep -q '^mapping	failed	the state is in mirror mode, but identify events cannot delete' out || fail "$(cat out)"
grep -q "^changes	failed	key 'keep.runs' in line [0-9]* of 's.yaml': at most 10000" out || fail "$(cat out)"
grep -q '^if_changed	failed	.*no such table: nowhere' out || fail "$(cat out)"
sed -i 's/nowhere/"us""ers"/; s/10001/10000/; s/: id}/: id, delete_event: gone}/' s.yaml
status 0 rudder check s.yaml >out
grep -q '^if_changed	ok' out || fail "$(cat out)"
is '' "$(ls -d state ev 2>/dev/null)" 'files'

sync <<'END'
sql: |
  SELECT a, b, "i d" FROM "us""ers" -- with a comment
  ;
key: [a, b]
mapping: {type: identify, user_id: a}
END

# the mapping, the destination, the state: each has its step, and all are tried
mkdir -p state/s
: >state/s/snapshot
sed -i 's/user_id: a/user_id: c/; s/file:ev/rudder:https:\/\/127.0.0.1:1/' s.yaml
status 78 rudder check s.yaml >out
is 'file:ok,connection:ok,listing:ok,model:ok,changes:ok,key:failed,mapping:failed,destination:failed,state:failed,' "$(steps)" 'all is wrong'
grep -q "^mapping	failed	's.yaml': line 5: 'user_id': the rows have no column 'c'" out || fail "$(cat out)"
sed -i 's/shop.db/none.db/' s.yaml
status 78 rudder check s.yaml >out
is 'file:ok,source:failed,destination:failed,state:failed,' "$(steps)" 'no source'
status 66 rudder check none.yaml >out
status 78 rudder check s.yaml none.yaml >out

# a source without SQL, several destinations
printf 'id\n1\n' >u.csv
cat >two.yaml <<'END'
version: 1
source: csv:u.csv
key: id
mapping: {type: identify, user_id: id}
destinations: {a: file:a, b: file:b}
END
status 0 rudder check two.yaml >out
is 'changes a:ok,changes b:ok,key:skipped,mapping a:ok,mapping b:ok,destination a:ok,destination b:ok,state a:ok,state b:ok,' "$(sed 1,3d out | cut -f 1,2 | tr '\t\n' ':,')" 'two destinations'

# where the receipts of a sync go, no events can go
sed 's/^destinations.*/destination: "stdout:"/' two.yaml >out.yaml
status 64 rudder check out.yaml >out
grep -q '^destination	failed	stdout: .*use file:PATH' out || fail "$(cat out)"

# a key twice, in JSON as in YAML
printf '{"version": 1,\n"source": "csv:u.csv",\n"key": "id",\n"key": "id"}\n' >twice.json
status 78 rudder check twice.json >out
is "file	failed	'twice.json': line 4: the key 'key' is already in line 3" "$(cat out)" 'JSON'
printf '{"version": 1, "mapping": {"type": "identify",\n"user_id": "id", "user_id": "id"}}\n' >twice.json
status 78 rudder check twice.json >out
is "file	failed	'twice.json': line 2: duplicate key 'user_id'" "$(cat out)" 'JSON, one line'

# this machine
status 0 rudder check >out
for step in rudder rudder-query rudder-send library folder temporary limits clock; do
	grep -q "^$step	" out || fail "no step $step: $(cat out)"
done
mkdir alone
cp "$(command -v rudder)" alone/
PATH=/usr/bin:/bin status 78 alone/rudder check >out
grep -q '^rudder-map	failed	cannot be run' out || fail "$(cat out)"

# what a state has
sed 's/^destinations.*/destination: file:ev/' two.yaml >one.yaml
for has in '1 key' '3 keys'; do
	status 0 rudder run one.yaml
	status 0 rudder check one.yaml >out
	grep -qx "state	ok	$has, 0 pending, 0 failing" out || fail "$(grep ^state out)"
	printf '2\n3\n' >>u.csv
done
rm -r state/one ev

# a state that the first run cannot make
mkdir -p full/of empty lost/lost+found
: >full/of/letters
state() { # FOLDER WANTED
	printf 'version: 1\nsource: "csv:u.csv"\nkey: id\nmapping: {type: identify, user_id: id}\ndestination: "null:"\nstate: %s\n' "$1" >where.yaml
	rudder check where.yaml >out 2>err && got=0 || got=$?
	grep '^state' out >step
	grep -qF -- "$2" step || fail "state $1: $(cat step)"
}
state empty 'new: the first run makes it and sends every row'
state lost 'new: the first run makes it and sends every row'
state deep/er/still 'new: the first run makes it and sends every row'
is 0 $got 'a new state'
state full/of "'full/of' is not a state: it contains 'letters'; use a new or empty folder"
is 73 $got 'a folder of something else'
state u.csv/x "cannot create the state 'u.csv/x': 'u.csv' is not a folder"
is 73 $got 'below a file'

# a sync that was renamed
mkdir moved
cd moved || exit 1
mkdir syncs
printf 'id\n1\n' >u.csv
printf 'version: 1\nsource: "csv:u.csv"\nkey: id\nmapping: {type: identify, user_id: id}\ndestination: "null:"\n' >syncs/old.yaml
status 0 rudder run
mv syncs/old.yaml syncs/new.yaml
status 0 rudder check new >out
grep -qF "'state/old' has no sync file: if this sync was renamed, run mv 'state/old' 'state/new'" out || fail "renamed: $(cat out)"
status 0 rudder plan new >out
says "'state/old' has no sync file: if this sync was renamed, run mv 'state/old' 'state/new'"
mv state/old state/new
status 0 rudder plan new >out
is '' "$(cat err)" 'a state that is there'
status 0 rudder check new >out
grep -q '^state	ok	1 key' out || fail "renamed, and its state: $(cat out)"

# one that got more destinations: what has its rows keeps its state
printf 'version: 1\nsource: "csv:u.csv"\nkey: id\nmapping: {type: identify, user_id: id}\ndestinations: {a: "null:", b: "null:"}\n' >syncs/new.yaml
status 0 rudder check new >out
is 2 "$(grep -cF "'state/new' has no sync file: if it is of this destination, give it 'state: state/new'" out)" "$(cat out)"
! grep -q 'run mv' out || fail "a folder cannot be moved into itself: $(cat out)"
status 0 rudder plan --destination a new >out
says "give it 'state: state/new'"
sed -i 's|a: "null:"|a: {dest: "null:", state: state/new}|' syncs/new.yaml
status 0 rudder check new >out
grep -q '^state a	ok	1 key,' out || fail "$(cat out)"
# the parts of a table are new: said once
printf 'version: 1\nsource: "csv:u.csv"\nkey: id\npartitions: 2\nmapping: {type: identify, user_id: id}\ndestination: "null:"\n' >syncs/new.yaml
status 78 rudder plan new >out
is 1 "$(grep -c . err)" "once: $(cat err)"
is '' "$(cat out)" 'nothing is shown'
status 78 rudder check new >out
! grep -q 'no sync file' out || fail "a part is no other state: $(cat out)"

# users that are known by a column outside of the key and the identity
mkdir people
printf 'id,email\n1,a@example.com\n' >people/u.csv
warns() { # WANTED LINES: the warning of a sync file with more lines, or none
	printf 'version: 1\nsource: "csv:u.csv"\nkey: id\ndestination: "null:"\n%s\n' "$2" >people/s.yaml
	status 0 rudder check people/s.yaml >out
	grep -q '^mapping	ok	fits the columns$' out || fail "$2: $(cat out)"
	is "$1" "$(sed -n 's/^mapping	warning	\(.*\); use .*/\1/p' out)" "$2"
}
old='users are known by email, which is not in the key: when it changes in a row, the old user stays'
warns "$old" 'mapping: {type: identify, user_id: email}'
warns "$old" 'mapping: {type: record, identifiers: {email: mail}}'
warns '' 'mapping: {type: identify, user_id: id}'
warns '' 'mapping: {type: identify, user_id: id, anonymous_id: email}'
warns '' 'mapping: {type: record, identifiers: {email: email, id: external}}'
warns '' 'mapping: {type: track, event: seen, user_id: email}'
warns '' 'mode: mirror
identity: email
mapping: {type: identify, user_id: email, deletes: skip}'
