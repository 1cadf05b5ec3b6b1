# project.sh - the models of a rudder-cli project
. "$TOP/tests/tool/lib.sh"
command -v sqlite3 >/dev/null || skip 'no sqlite3'
mkdir -p p/sql
echo 'kind: x' >probe.yaml
rudder-query -d sqlite:db --project probe.yaml 2>err || :
grep -q 'needs libyaml' err && skip 'no libyaml'
sqlite3 db 'CREATE TABLE users (user_id INT, email TEXT)' "INSERT INTO users VALUES (7, 'a@b.c'), (8, 'd@e.f')" 'CREATE TABLE "my table" (x INT)' 'INSERT INTO "my table" VALUES (1)'
cat >p/models.yaml <<'X'
version: rudder/v1
kind: retl-source-sql-model
metadata: {name: users}
spec:
  id: users-model
  display_name: Users
  account_id: acc-123
  primary_key: user_id
  source_definition: postgres
  sql: |
    -- those who matter
    SELECT user_id, email FROM users
    WHERE user_id > 7 -- the last line
---
version: rudder/v1
kind: retl-source-sql-model
metadata: {name: in-file}
spec: {id: in-file, display_name: F, account: "#account:wh", primary_key: user_id, source_definition: mysql, file: sql/all.sql, enabled: true, description: d}
---
version: rudder/v1
kind: retl-source-table
metadata: {name: t}
spec: {id: whole-table, display_name: T, account_id: a, primary_key: x, source_definition: postgres, schema: main, table: my table}
---
version: rudder/v1
kind: retl-source-table
metadata: {name: s}
spec: {id: bucket, display_name: S, account_id: a, source_definition: s3, bucket_name: b, object_prefix: o}
X
echo 'SELECT user_id FROM users ORDER BY 1' >p/sql/all.sql
cat >p/connections.yaml <<'X'
version: rudder/v1
kind: retl-connections
metadata: {name: c}
spec:
  connections:
    - id: users-to-webhook
      source: "#retl-source-sql-model:users-model"
      destination: "#destination:hook"
      config:
        sync_behaviour: upsert
        schedule: {type: manual}
        identifiers: [{from: user_id, to: user_id}]
        mappings: [{from: email, to: traits.email}]
X
q() { rudder-query -d sqlite:db --project p "$@"; }
is '{"user_id":8,"email":"d@e.f"}' "$(q --model users-model | sed -n 2p)" 'SQL in the model'
is '{"user_id":7} {"user_id":8}' "$(q --model in-file | sed -n 2,3p | paste -sd ' ' -)" 'SQL in a file'
is '{"x":1}' "$(q --model whole-table | sed -n 2p)" 'a table'
is '["8","d@e.f"]' "$(q --model users-model | rudder-map -m p | jq -c 'select(.type) | [.userId, .traits.email]')" 'a project end to end'
# key and mode come with the rows: nothing is typed twice
q --model users-model 2>err >/dev/null
says 'is written for postgres, but the source is sqlite:'
sed 's/source_definition: postgres/source_definition: SQLite/' p/models.yaml >own.yaml
rudder-query -d sqlite:db --project own.yaml --model users-model 2>err >/dev/null
is '' "$(cat err)" 'a model for this source'
is '["user_id"] upsert' "$(q --model users-model | rudder-diff -s st | head -n 1 | jq -r '._rudder | "\(.key | tojson) \(.mode)"')" 'key and mode'
is '["email"] mirror' "$(q --model users-model | rudder-diff -s st2 -k email --mode mirror | head -n 1 | jq -r '._rudder | "\(.key | tojson) \(.mode)"')" 'another key and mode'
is '["x"] null' "$(q --model whole-table | head -n 1 | jq -r '._rudder | "\(.key | tojson) \(.mode | tojson)"')" 'a table without a connection'
sed -i 's/sync_behaviour: upsert/sync_behaviour: mirror\n        cursor_column: email/' p/connections.yaml
is 'mirror email' "$(q --model users-model | rudder-diff -s st | head -n 1 | jq -r '._rudder | "\(.mode) \(.cursor)"')" 'mode and cursor of the connection'
is '{"column":"email","type":"string","value":"d@e.f"}' "$(q --model users-model --cursor-state st | tail -n 1 | jq -c ._rudder.cursor)" 'the cursor column need not be said'
q --model users-model | rudder-diff -s st --dry-run >/dev/null || fail 'the key of the state'
q --model users-model | sed 's/"key":\["user_id"\]/"key":["email"]/' | rudder-diff -s st >out 2>err
says "the source has the key 'email'"
sed 's/primary_key: user_id/primary_key: nosuch/' p/models.yaml >nosuch.yaml
rudder-query -d sqlite:db --project nosuch.yaml --model users-model >out 2>err
says "the key 'nosuch' of the source is not a column"
cp p/models.yaml one.yaml
sed -i '/^---/,$d' one.yaml
is 1 "$(rudder-query -d sqlite:db --project one.yaml | grep -c '"user_id":')" 'the only model'

refused() { # $1: status, $2: message, the rest: options
	want=$1 message=$2
	shift 2
	status "$want" rudder-query -d sqlite:db "$@"
	says "$message"
}
refused 78 "'p' has several models; use --model with one of: users-model, in-file, whole-table, bucket" --project p
refused 78 "'p' has no model 'user-model'; did you mean 'users-model'?" --project p --model user-model
sed 's/^version/---\nversion/' one.yaml | cat one.yaml - >twice.yaml
refused 78 "'twice.yaml' has more than one model 'users-model'" --project twice.yaml --model users-model
refused 78 'an S3 bucket is not supported as a table' --project p --model bucket
refused 78 "'p' has no model 'orders', but users-model, in-file, whole-table, bucket" --project p --model orders
refused 78 "'probe.yaml' has no model" --project probe.yaml
refused 66 "cannot open 'nowhere'" --project nowhere --model x
refused 64 '--model needs --dbt or --project' --model x
refused 64 'more than one model' --project p --model users-model -t users
wrong() { # $1: sed script, $2: message
	sed "$1" one.yaml >w.yaml
	cmp -s w.yaml one.yaml && fail "nothing changed by $1"
	refused 78 "$2" --project w.yaml
}
wrong 's/primary_key/primry_key/' "unknown key 'primry_key'; did you mean 'primary_key'?"
wrong 's/account_id: acc-123/file: x.sql/' "a model needs either 'sql' or 'file'"
# nothing outside the project is read, and nothing is waited for
echo 'SELECT 1 AS leaked' >outside.sql
outside() { # $1: the file's name, $2: message
	sed "s|file: sql/all.sql|file: $1|" p/file.yaml.kept >"$file"
	refused 78 "$2" --project p --model in-file
}
file=$(grep -l 'file: sql/all.sql' p/*.yaml p/*/*.yaml 2>/dev/null | head -n 1)
cp "$file" p/file.yaml.kept
outside ../outside.sql "is outside the folder 'p'"
outside "$PWD/outside.sql" 'must be relative to this file'
ln -s "$PWD/outside.sql" p/sql/link.sql
outside sql/link.sql "is outside the folder 'p'"
# all of them, as --model takes them
rudder-query --tables --project p 2>err | sed 1d >out || :
printf '%s\n' '{"name":"users-model","kind":"model","key":["user_id"],"definition":"postgres"}' '{"name":"in-file","kind":"model","key":["user_id"],"definition":"mysql"}' '{"name":"whole-table","kind":"table","key":["x"],"definition":"postgres"}' '{"name":"bucket","kind":"table","key":["x"],"definition":"s3"}' >wanted
sed 's/"key":null/"key":["x"]/' out | sed '$d' | sort >got
sort wanted | diff - got || fail 'the list of models'
refused 66 "cannot open 'nosuch'" --tables --project nosuch
mkfifo p/sql/fifo.sql
outside sql/fifo.sql 'is not a regular file'
cp p/file.yaml.kept "$file"
mkfifo p/fifo.yaml
refused 78 "'p/fifo.yaml' is not a regular file" --project p --model in-file
rm p/fifo.yaml
cp "$file" outside.yaml
ln -s "$PWD/outside.yaml" p/link.yaml
refused 78 "'p/link.yaml' is outside the folder 'p'" --project p --model in-file
rm p/link.yaml p/file.yaml.kept
rm p/sql/all.sql
refused 66 "cannot open 'p/sql/all.sql'" --project p --model in-file
