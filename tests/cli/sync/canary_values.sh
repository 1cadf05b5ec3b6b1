# canary_values.sh - what failed is kept with the names of columns, options and files,
# and never with the value of a row, a key, a header or a secret
. "$TOP/tests/tool/lib.sh"
command -v jq >/dev/null || skip 'no jq'
export WRITE_KEY=canarysecret
mkdir syncs
printf 'id,email,age\ncanarykey1,canaryrow@example.com,canaryrow\ncanarykey2,"canaryrow, again",12\ncanarykey1,canaryrow,3\n' >users.csv
printf 'id,email,age\ncanarykey1,canaryrow,1,canaryrow\n' >long.csv
printf 'id,email\ncanarykey1,"canaryrow\n' >open.csv
printf '{"id":"canarykey1","email":"canaryrow"}\n{"id":"canarykey2","email":canaryrow}\n' >broken.ndjson
printf 'X-Canary: canaryheader\n' >header
chmod 600 header
# sync NAME SOURCE MAPPING DESTINATION [LINE...]: a sync that fails; the end is not asked
sync() {
	name=$1
	{
		printf 'version: 1\nsource: "%s"\nmapping: %s\ndestination: %s\n' "$2" "$3" "$4"
		shift 4
		printf '%s\n' "$@"
	} >syncs/$name.yaml
	rudder run $name >out 2>err && fail "$name does not fail"
	rudder-diff --runs -s state/$name >/dev/null 2>&1 || fail "$name has no record: $(cat err)"
}
reason() { rudder-diff --runs -s "state/$1" | tail -n 1 | jq -r .reason; }
user='{type: identify, user_id: id}'

# names are kept
sync nokey csv:users.csv "$user" '"null:"' 'key: user_no'
is "the rows have no key column 'user_no'; the columns are: id, email, age" "$(reason nokey)" 'a column of the key'
sync nocolumn csv:users.csv '{type: identify, user_id: emall}' '"null:"' 'key: id'
reason nocolumn | grep -qF "the rows have no column 'emall'; did you mean 'email'?" || fail "a column of the mapping: $(reason nocolumn)"
sync nofile csv:users.csv "$user" '{dest: "file:no/such/folder"}' 'key: id'
reason nofile | grep -qF "'no/such/folder'" || fail "a file: $(reason nofile)"
sync nosource csv:2026/none-20261130.csv "$user" '"null:"' 'key: id'
is "cannot open '2026/none-20261130.csv': No such file or directory" "$(reason nosource)" 'a source'
rudder status --format json nosource | jq -r .message | grep -qF "cannot open '2026/none-20261130.csv'" || fail 'rudder status does not say which file'

# values are not
sync long csv:long.csv "$user" '"null:"' 'key: id'
sync open csv:open.csv "$user" '"null:"' 'key: id'
sync broken ndjson:broken.ndjson "$user" '"null:"' 'key: id'
sync twice csv:users.csv "$user" '"null:"' 'key: id'
sync rejects csv:users.csv "$user" '"null:"' 'key: id' 'rejects: {query: 0, map: 0}'
sync cast csv:users.csv '{type: identify, user_id: id, columns: [age], fields: {age: {cast: integer}}}' '"null:"' 'key: id'
sync casts csv:users.csv '{type: identify, user_id: id, columns: [age], fields: {age: {cast: integer}}}' '"null:"' 'key: id' 'rejects: {map: 0}'
sync jq csv:users.csv "{type: identify, user_id: id, jq: 'error(\"bad: \\(.email)\")'}" '"null:"' 'key: id'
sync down csv:users.csv "$user" \
	'{dest: "webhook:http://127.0.0.1:1/x", header_file: header, header: ["Y: canaryheader"], allow_http: true, retry_max_time: 1ms}' 'key: id'
sync key csv:users.csv "$user" \
	'{dest: "rudder:http://127.0.0.1:1", write_key: "env:WRITE_KEY", allow_http: true, retry_max_time: 1ms}' 'key: id'
sync exec csv:users.csv "$user" '{dest: "exec:cat >&2; exit 65"}' 'key: id'
touch canaryrow
printf 'id,email\ncanarykey1,canaryrow\n' >one.csv
sync named csv:one.csv "$user" '{dest: "file:{traits.email}/x.ndjson"}' 'key: id'
grep -q 'cannot open' err || fail "a file that is named by a value: $(cat err)"
sync guard csv:users.csv "$user" '{dest: "exec:exit 3"}' 'key: id' 'mode: mirror'
if command -v sqlite3 >/dev/null; then
	sqlite3 shop.db "CREATE TABLE t (id TEXT, email TEXT); INSERT INTO t VALUES ('canarykey1', 'canaryrow')"
	sync sql sqlite:shop.db "$user" '"null:"' 'key: id' 'sql: SELECT id, json(email) FROM t'
fi

# all that is shown, and what is kept of runs and failing rows
{
	for format in text json prometheus html; do rudder status --format $format; done
	rudder log
	rudder log --format json
	rudder log --failing
	cat state/*/runs
} >shown 2>&1
[ "$(grep -c . shown)" -ge 100 ] || fail "too little: $(wc -l <shown)"
! grep -onE '.{60}canary(row|header|secret).{40}' shown >found || fail "a value is shown: $(cat found)"
cat state/*/runs >shown
for format in text json prometheus; do rudder status --format $format; done >>shown 2>&1
rudder log >>shown 2>&1
! grep -on '.*canarykey.*' shown >found || fail "a key is shown: $(cut -c1-300 found)"
! grep -rl 'canary\(header\|secret\)' state || fail 'a header or a secret is in a state'
