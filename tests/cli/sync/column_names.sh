# column_names.sh - status, log and records name the column of a row that was
# rejected, and never its value
. "$TOP/tests/tool/lib.sh"
export COLUMNS=200 LC_ALL=C.UTF-8
printf 'id,age,email\n1,31,a@example.com\n2,secretvalue,b@example.com\n,5,c@example.com\n' >u.csv
file() {
	printf 'version: 1\nname: u\nsource: "csv:u.csv"\ntypes: age=int\nkey: id\nmapping: {type: identify, user_id: %s}\ndestination: "file:ev"\n%s\n' "$1" "${2:-}" >u.yaml
}
shows() { # TEXT: in the log, the failing rows, the status as text and page
	rudder log u.yaml >out 2>&1 || :
	rudder log u.yaml --failing >>out 2>&1 || :
	rudder status u.yaml >>out 2>&1 || :
	rudder status u.yaml --format html >page 2>/dev/null || :
	grep -qF -- "$1" out || fail "not shown: '$1' in: $(cat out)"
	! grep -q secretvalue out page err || fail "a value: $(cat out)"
}

# no reject is allowed: the run fails
file id
status 65 rudder run u.yaml
says "column 'age': "
shows "column 'age': "
rudder-diff --runs -s state/u | tail -n 1 | jq -r .reason >reason
grep -q "row 2: column 'age': \|line 3: column 'age': " reason || fail "$(cat reason)"

# rejects are allowed: the rows that fail
file id 'rejects: {query: 5, map: 5}'
status 1 rudder run u.yaml
shows "column 'age': "

# one that the map rejects, with another user id
printf 'id,age,email\n1,31,secretvalue\n' >u.csv
file 'email, fields: {email: {cast: integer}}' 'rejects: {map: 5}'
status 78 rudder run u.yaml
says 'accept the change once with rudder run --accept-connection'
rm -rf state
status 1 rudder run u.yaml
shows "'email'"

# a mapping that does not fit
file id
sed -i 's/user_id: id/user_id: id, fields: {age: {cast: strng}}/' u.yaml
status 78 rudder run u.yaml
rudder-diff --runs -s state/u | tail -n 1 | jq -r .reason >reason
grep -q "strng" reason || fail "$(cat reason)"
