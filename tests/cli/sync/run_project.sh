# run_project.sh - rudder run on a rudder-cli project: key, mode, cursor and
# schedule are those of its connections
. "$TOP/tests/tool/lib.sh"

sqlite3 shop.db "CREATE TABLE users(user_id, email, plan, updated_at); INSERT INTO users VALUES (1, 'a@x', 'free', 1), (2, 'b@x', 'pro', 2)"
mkdir -p shop/models
cat >shop/models/users.yaml <<'END'
version: rudder/v1
kind: retl-source-sql-model
metadata: {name: users}
spec: {id: users, display_name: Users, account_id: a, primary_key: user_id, source_definition: postgres, sql: "SELECT * FROM users"}
END
cat >shop/connections.yaml <<'END'
version: rudder/v1
kind: retl-connections
metadata: {name: connections}
spec:
  connections:
    - id: users-hourly
      source: "#retl-source-sql-model:users"
      destination: "#destination:crm"
      config:
        sync_behaviour: upsert
        cursor_column: updated_at
        schedule: {type: basic, every_minutes: 60}
        identifiers: [{from: user_id, to: user_id}]
        mappings: [{from: email, to: traits.email}]
    - id: users-all
      source: "#retl-source-sql-model:users"
      destination: "#destination:other"
      config:
        sync_behaviour: full
        schedule: {type: cron, cron_expression: "5 4 * * *"}
        event: {type: track, name: Seen}
        identifiers: [{from: user_id, to: user_id}]
        mappings: [{from: plan, to: properties.plan}]
    - id: off
      enabled: false
      source: "#retl-source-sql-model:users"
      destination: "#destination:other"
      config: {sync_behaviour: full, schedule: {type: manual}, identifiers: [{from: user_id, to: user_id}], mappings: [{from: plan, to: properties.plan}]}
END
status 78 rudder run shop/
says 'set RUDDER_DEST'
# no connection is left out without a word, and none runs that its YAML turns off
cp shop/connections.yaml kept
for edit in 's/id: users-all/id: 7/' '/id: users-all/{s/id: .*/enabled: true/}' 's/id: users-all/id: a b/' 's/enabled: false/enabled: no/' 's/enabled: false/enabled: 0/'; do
	sed "$edit" kept >shop/connections.yaml
	! cmp -s kept shop/connections.yaml || fail "no edit: $edit"
	RUDDER_DEST=file:$PWD/ev RUDDER_SOURCE=sqlite:$PWD/shop.db status 78 rudder run shop/
	case $edit in
	*7/) says "shop/connections.yaml', line 15: 'id' must be a non-empty string" ;;
	*true*) says "line 15: 'id' is missing" ;;
	*'a b'*) says 'to be the name of a sync' ;;
	*) says "line 24: 'enabled' must be true or false" ;;
	esac
	[ ! -e ev ] || fail "delivered: $edit"
done
status 78 rudder-map --mapping shop --connection users-all </dev/null >out
says "'enabled' must be true or false"
cp kept shop/connections.yaml
RUDDER_SOURCE=sqlite:$PWD/shop.db RUDDER_DEST=file:$PWD/ev
export RUDDER_SOURCE RUDDER_DEST
rudder run --print shop/ >printed 2>err || fail "print: $(cat err)"
grep -qx '# crontab: 0 \*/1 \* \* \* rudder run --select users-hourly shop' printed || fail "$(cat printed)"
grep -qx '# crontab: 5 4 \* \* \* rudder run --select users-all shop' printed || fail "$(cat printed)"
grep -q '    rudder-query --cursor updated_at --cursor-state state/users-hourly --project . --model users |' printed || fail "$(cat printed)"
grep -q '    rudder-map --mapping . --connection users-all |' printed || fail "$(cat printed)"
if grep -q ' off' printed; then fail 'a connection that is off'; fi
sed -i 's/postgres/sqlite/' shop/models/users.yaml
status 0 rudder check shop >steps
is '2 2' "$(grep -c '^model	ok' steps) $(grep -c '^mapping	ok' steps)" 'rudder check'
status 0 rudder run shop/
is '2 2' "$(grep -c '"identify"' ev) $(grep -c '"Seen"' ev)" 'the first run'
sqlite3 shop.db "INSERT INTO users VALUES (3, 'c@x', 'pro', 3)"
status 0 rudder run --select users-hourly shop
is '3 2' "$(grep -c '"identify"' ev) $(grep -c '"Seen"' ev)" 'by the cursor'
is 3 "$(rudder-diff --status -s shop/state/users-hourly | jq -r '.cursor.max // .cursor.value // .cursor' | tr -dc 0-9 | cut -c1)" 'the cursor'
sh printed 2>err || fail "printed: $? $(cat err)"
is '3 5' "$(grep -c '"identify"' ev) $(grep -c '"Seen"' ev)" 'printed'
# plans: one for each connection, or for one of them
sqlite3 shop.db "INSERT INTO users VALUES (4, 'd@x', 'pro', 4)"
status 0 rudder plan --format json shop >plans
is 'users-hourly 1 users-all 4' "$(jq -r '"\(.sync) \(.counts.inserts + .counts.updates)"' plans | paste -sd' ')" 'plans'
status 64 rudder plan --destination users shop
says "'shop' has no destination 'users'; it has 'users-hourly', 'users-all'"
status 0 rudder plan --destination users-hourly -o plan shop >shown
status 75 rudder run --select users-hourly shop
(cd / && rudder apply "$OLDPWD/plan") || fail "apply: $?"
is '4 5' "$(grep -c '"identify"' ev) $(grep -c '"Seen"' ev)" 'the plan of a connection'
status 0 rudder run --select users-hourly shop
is '4 5' "$(grep -c '"identify"' ev) $(grep -c '"Seen"' ev)" 'nothing new'
status 78 rudder run shop/models
says 'not a rudder-cli project with a connection'

# schedules that cron can keep, and those that it cannot
of_minutes() { # MINUTES: the line of crontab for users-hourly
	sed "s/every_minutes: 60/every_minutes: $1/" shop/connections.yaml >kept
	mkdir -p timed/models
	cp shop/models/users.yaml timed/models/
	cp kept timed/connections.yaml
	rudder run --print timed | sed -n 's/^# crontab: \(.*\) rudder run --select users-hourly timed$/\1/p'
}
is '*/15 * * * *' "$(of_minutes 15)" 'every 15 minutes'
is '0 */6 * * *' "$(of_minutes 360)" 'every 6 hours'
is '0 0 * * *' "$(of_minutes 1440)" 'every day'
for n in 7 0 45 420 2880 x; do
	is '' "$(of_minutes $n)" "every $n minutes"
done
# what a connection names must be there, and be the name of a sync
sed -i 's/#retl-source-sql-model:users"/#retl-source-sql-model:nobody"/' timed/connections.yaml
status 78 rudder run --print timed
says "connection 'users-hourly': the project has no such source"
sed 's/id: users-hourly/id: users hourly/' shop/connections.yaml >timed/connections.yaml
status 78 rudder run --print timed
says 'the id of a connection must have letters'
