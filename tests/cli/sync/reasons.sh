# reasons.sh - what cron mails, rudder status and rudder log say of a failure: the same,
# with what it happened to
. "$TOP/tests/tool/lib.sh"
. "$TOP/tests/tool/fake.sh"
export COLUMNS=300 LC_ALL=C.UTF-8
sqlite3 shop.db "CREATE TABLE users(id, email); INSERT INTO users VALUES(1, 'a@example.com'), (2, 'b@example.com')"
mkdir -p syncs secrets
printf 'abc\n' >secrets/wk
chmod 600 secrets/wk
sync() { # DESTINATION [OPTION ...]
	printf 'version: 1\nsource: "%s"\ntable: users\nkey: id\nmapping: {type: identify, user_id: id}\ndestination:\n  dest: "%s"\n  retry_max_time: 0s\n' "${SOURCE:-sqlite:shop.db}" "$1" >syncs/users.yaml
	shift
	for o in "$@"; do echo "  $o"; done >>syncs/users.yaml
}
# fails STATUS WORDS: one line with these words, which the status and the log have as well
fails() {
	rc=0
	rudder run 2>mail || rc=$?
	cp mail err
	ownerless err
	is "$1" $rc "status ($(cat err))"
	is 1 "$(grep -c . err)" "lines: $(cat err)"
	says "$2"
	rudder status >table
	grep -qF "$2" table || fail "the status: $(cat table)"
	rudder log -n 1 >log
	grep -qF "$2" log || fail "the log: $(cat log)"
}

# the host that replied, and the file of the key
echo 'always reply 401 body "unauthorized"' >script
serve -s script
sync "rudder:$URL" 'write_key_file: secrets/wk'
fails 77 "'$URL': HTTP 401: unauthorized; check the write key in 'secrets/wk'"
halt || :
echo 'always reply 503' >script
serve -s script
sync "webhook:$URL/a/secret/path"
fails 69 "'$URL': gave up after 1 attempt: HTTP 503"
! grep -q 'a/secret' err table log || fail 'a path that may be a secret'
halt || :
# of one that does not reply the address is known
sync "rudder:$URL" 'write_key_file: secrets/wk'
fails 69 'gave up after 1 attempt: Failed to connect to 127.0.0.1 port'
! grep -q "'$URL'" err || fail "twice: $(cat err)"

# which key is wrong
: >secrets/wk
fails 78 "the write key in 'secrets/wk' is empty or has invalid characters"

# the server of the source, and an id of the run
SOURCE=postgres://reader@127.0.0.1:1/shop sync null:
fails 69 'connection to server at "127.0.0.1", port 1 failed: Connection refused'
id=$(sed -n 's/^rudder-query\[.* \(.*\)\]: .*/\1/p' mail)
[ -n "$id" ] || fail "no id: $(cat mail)"
grep -q "^run $id " log || fail "a different id than $id: $(cat log)"
SOURCE=mariadb://reader@127.0.0.1:1/shop sync null:
rudder run 2>err || :
grep -q 'built without' err || fails 69 "'127.0.0.1'"
SOURCE=clickhouse://127.0.0.1:1/shop sync null:
rudder run 2>err || :
grep -q 'built without' err || fails 69 '127.0.0.1 port 1 '

# of several syncs in one mail each line has its state, also of a stage that never began
sync "rudder:$URL" 'write_key_file: secrets/none'
sed 's/table: users/table: orders/' syncs/users.yaml >syncs/orders.yaml
rudder run --jobs 2 2>mail || :
is 'rudder-query orders rudder-send orders rudder-send users' "$(sed -n "s|^\([a-z-]*\)\[$PWD/state/\([a-z]*\)[] ].*|\1 \2|p" mail | sort | paste -sd ' ')" "the states: $(cat mail)"
rm syncs/orders.yaml

# the form of messages, and how many, is that of all filters
sync file:ev
printf '  b: file:ev2\n' >>syncs/users.yaml
sed -i 's/^destination:/destinations:/; s/^  dest: "file:ev"/  a: file:ev/; /retry_max/d' syncs/users.yaml
status 0 rudder run
sed -i 's/user_id: id/&, columns: [email]/' syncs/users.yaml
sed -i 's/^key:.*/&\nmode: insert-only/' syncs/users.yaml
status 0 rudder plan -q syncs/users.yaml >out
is '' "$(cat err)" 'a quiet plan'
status 0 rudder run --log-format json
[ "$(grep -c '"level":"warning"' err)" -ge 2 ] || fail "warnings: $(cat err)"
! grep -v '^{"ts":' err || fail "no JSON: $(cat err)"
rm -r state ev ev2

# deletes that a guard blocks: once, with the option that allows them
sync file:ev
sed -i 's/^key:.*/&\nmode: mirror/; s/user_id: id/&, deletes: skip/' syncs/users.yaml
status 0 rudder run
sqlite3 shop.db 'DELETE FROM users'
fails 3 '2 of 2 keys (100.0 %) would be deleted; blocked by delete guard empty, count: the input has no rows; check the rows, and to allow these deletes run again with --allow-deletes=2,empty'
status 0 rudder run --allow-deletes=2,empty

# rows that fail, and what happens to them
sqlite3 shop.db "INSERT INTO users VALUES(1, 'a'), (1, 'b')"
status 1 rudder run
says 'the next run tries this row again'
rudder status >table
grep -qF "1 row fails: duplicate key in column 'id'; everything else is delivered; list: rudder log --failing users" table || fail "$(cat table)"

# a state that cannot be made, where the destination fails too
rm -rf state
: >state
printf 'abc\n' >secrets/wk
sync "rudder:$URL" 'write_key_file: secrets/none'
rc=0
rudder run 2>err || rc=$?
is 73 $rc "status ($(cat err))"
is 1 "$(grep -c "cannot create the state 'state/users'" err)" "said once: $(cat err)"
grep -q "cannot open 'secrets/none'" err || fail "the other failure: $(cat err)"
