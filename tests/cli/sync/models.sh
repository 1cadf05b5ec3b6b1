# models.sh - each way to name a model in a sync file: rudder run, check and --print
. "$TOP/tests/tool/lib.sh"

sqlite3 shop.db 'CREATE TABLE users(id INTEGER, email); INSERT INTO users VALUES (1, 2), (3, 4)' \
	'CREATE TABLE "odd "".t"(id INTEGER, email); INSERT INTO "odd "".t" VALUES (1, 2), (3, 4)'
mkdir -p syncs models shop
printf -- '-- users; all\nSELECT id, email FROM users -- of the shop;\n;\n' >models/users.sql
cp models/users.sql ./-users.sql
cat >shop/users.yaml <<'END'
version: rudder/v1
kind: retl-source-sql-model
metadata: {name: users}
spec: {id: users, display_name: Users, account_id: a, primary_key: id, source_definition: sqlite, sql: "SELECT * FROM users"}
END
cat >manifest.json <<'END'
{"metadata":{"dbt_schema_version":"https://schemas.getdbt.com/dbt/manifest/v12.json"},"nodes":{"model.shop.users":{"resource_type":"model","package_name":"shop","name":"users","alias":"users","schema":"main","database":"shop","relation_name":"\"users\"","config":{"enabled":true,"materialized":"table"}}},"sources":{}}
END

# model LINE [WORDS]: a sync with this line for its model sends both rows; words of
# the command line that --print shows
model() {
	rm -rf state ev
	cat >syncs/users.yaml <<END
version: 1
source: sqlite:shop.db
$1
key: id
mapping: {type: identify, user_id: id}
destination: file:ev
END
	status 0 rudder run --print syncs/users.yaml >printed
	grep -qF -- "${2:-}" printed || fail "$1: no '${2:-}' in: $(cat printed)"
	status 0 rudder check syncs/users.yaml >steps
	grep -q '^key	ok' steps || grep -q '^key	skipped' steps || fail "$1: $(cat steps)"
	status 0 rudder run syncs/users.yaml
	is '[{"email":2},{"email":4}]' "$(jq -sc 'map(.traits // empty)' ev)" "$1"
}
model 'model: models/users.sql' ' models/users.sql '
model "model: $PWD/models/users.sql" "$PWD/models/users.sql"
model 'model: -users.sql' ' ./-users.sql '
model 'sql: SELECT id, email FROM users' "--sql 'SELECT id, email FROM users'"
model 'sql: |
  -- the first
  SELECT id, email FROM users' "'--sql=-- the first"
model 'table: users' '--table users'
model 'table: main.users' '--table main.users'
model "table: '\"odd \"\".t\"'"
model 'dbt: {manifest: manifest.json, model: users}' '--dbt manifest.json'
model 'project: {path: shop, model: users}' '--project shop --model users'
model 'project: shop' '--project shop'

# a model that is wrong is said by check, with its file
printf 'SELECT id, emial FROM users' >models/users.sql
sed -i 's/^project:.*/model: models\/users.sql/' syncs/users.yaml
status 78 rudder check syncs/users.yaml >steps
grep '^source	failed' steps | grep -q "models/users.sql" || fail "$(cat steps)"
rm models/users.sql
status 66 rudder check syncs/users.yaml >steps
grep '^source	failed' steps | grep -q "models/users.sql" || fail "$(cat steps)"
# a key that is missing and one that is there twice
sqlite3 shop.db 'INSERT INTO users VALUES (3, 5), (NULL, 6)'
printf 'SELECT id, email FROM users' >models/users.sql
status 65 rudder check syncs/users.yaml >steps
grep -q '^key	failed	1 row has no key (id is null); 1 key is in more than one row' steps || fail "$(cat steps)"
# what a run is allowed goes to rudder-diff
rudder run --print --allow-deletes 5 --allow-resend 7 --lock-wait 3s --accept-connection syncs/users.yaml >printed
for words in '--allow-deletes 5' '--allow-resend 7' --accept-connection '--lock-wait 3s'; do
	grep 'rudder-diff --state' printed | grep -qF -- "$words" || fail "not in it: $words: $(cat printed)"
done
