# golden.sh - --test: rows and the events they must become
. "$TOP/tests/tool/lib.sh"
echo '{"type":"identify","user_id":"id","columns":"email,plan","constants_run":{"at":"start"},"where":".id != 3"}' >m.json
mkdir t
printf '{"id":1,"email":"a@b","plan":"pro","n":1.50}\n{"id":null,"email":"x"}\n{"id":3}\n' >t/users.rows
printf '{"_rudder":{"type":"begin","v":1,"stream":"changes","run":"r1000000000000000000"}}\n{"_rudder":{"type":"change","action":"insert","id":"7","change":"0123456789abcdef0123456789abcdef"},"id":7,"email":"c","plan":null}\n' >t/changes.rows
echo 'not a test' >t/README

# nothing is written yet
status 1 rudder-map -m m.json --test t >out
says '2 of 2 tests failed'
grep -q '^FAIL  users$' out || fail "$(cat out)"
grep -q "t/users.events does not exist (--test-update creates it)" out || fail "$(cat out)"

# written once, then the same on any day, in any run, from any folder
status 0 rudder-map -m m.json --test t --test-update >out
is 'new   changes new   users' "$(xargs <out | sed 's/new /new   /g')" 'what was written'
[ "$(stat -c %a t/users.events)" = 644 ] || fail 'mode'
status 0 rudder-map -m m.json --test t >out
is 'ok    changes
ok    users' "$(cat out)" 'after the update'
RUDDER_RUN_ID=other000000000000000 TZ=Asia/Tokyo status 0 rudder-map -m m.json --test "$PWD/t/" >out
mkdir cd
(cd cd && status 0 rudder-map -m ../m.json --test ../t >/dev/null)
is '{"type":"identify","at":"2024-01-01T00:00:00.000Z","version":"test","run":"cm90100000000000test"}' "$(jq -c 'select(.type and .userId == "1") | {type, at: .traits.at, version: .context.sources.version, run: .context.sources.job_run_id}' t/users.events)" 'the event of a test'
is "no user id: column 'id' has no value
omitted by the condition" "$(jq -r '._rudder.reason // empty' t/users.events)" 'rejects and skips are tested too'
is '"r1000000000000000000"' "$(jq -c '.context.sources.job_run_id' t/changes.events)" 'a run of its own'
cp t/users.events before

# a different mapping is shown by what differs
sed 's/email,plan/email=mail,plan/' m.json >n.json
status 1 rudder-map -m n.json --test t >out
says '2 of 2 tests failed'
grep '^[-+] ' out | sort -u >changed
printf -- '+    "mail": "a@b",\n+    "mail": "c",\n-    "email": "a@b",\n-    "email": "c",\n' | diff -u - changed || fail 'the difference'
cmp -s before t/users.events || fail 'written without --test-update'

# what diff(1) says of the same
rudder-map -m n.json --test t 2>/dev/null | sed -n '/^--- t.users/,$p' >ours
cp t/users.events a
rudder-map -m n.json --test t --test-update >/dev/null || fail update
diff -u a t/users.events | tail -n +3 | sed 's/^\(@@ -[0-9]*\) /\1,1 /' >theirs
tail -n +3 ours | diff -u theirs - || fail 'not as diff -u'

# a mapping that fails fails the test; so does a broken row file only by itself
echo '{"type":"identify","user_id":"id","columns":"nosuch","jq_numbers":"x"}' >bad.json
status 1 rudder-map -m bad.json --test t >out
says "jq numbers 'x' is not reject, string or literal"
grep -q 'the rows were not mapped completely' out || fail "$(cat out)"

# no tests, no folder, an update alone, no place to write
mkdir empty
status 66 rudder-map -m m.json --test empty
says "folder 'empty' has no file NAME.rows"
status 66 rudder-map -m m.json --test nowhere
status 64 rudder-map -m m.json --test-update
says '--test-update goes with --test'
status 74 rudder-map -m m.json --test t >/dev/full
