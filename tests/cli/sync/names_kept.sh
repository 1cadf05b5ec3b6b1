# names_kept.sh - status, log and records keep the names of columns, options,
# files and models in the reason of a run; only values of rows are hidden
. "$TOP/tests/tool/lib.sh"
export COLUMNS=400 LC_ALL=C.UTF-8
printf 'id,email\n1,a@example.com\n' >u.csv
file() { # LINES: behind the head, with the source u.csv
	printf 'version: 1\nname: u\n%s\n' "$1" >u.yaml
}
# keeps STATUS TEXT: rudder run ends so and prints it; the record has it whole
keeps() {
	status "$1" rudder run u.yaml
	says "$2"
	rudder-diff --runs -s state/u | jq -r 'select(.status).reason' | tail -n 1 >reason
	grep -qF -- "$2" reason || fail "the record: $(cat reason)"
}
csv='source: "csv:u.csv"'
map='mapping: {type: identify, user_id: id}'
to='destination: "file:ev"'

file "$csv
key: idd
$map
$to"
keeps 78 "the rows have no key column 'idd'; did you mean 'id'?"
rudder status u.yaml >out
grep -qF "did you mean 'id'?" out || fail "the status: $(cat out)"
rm -rf state

# the columns of a file without a header may be values
printf 'zz9,a@example.com\nzz8,b@example.com\n' >u.csv
status 78 rudder run u.yaml
rudder-diff --runs -s state/u | tail -n 1 | jq -r .reason >reason
! grep -q 'a@example.com' reason || fail "a value: $(cat reason)"
rm -rf state

printf 'id;email\n1;a@example.com\n' >u.csv
keeps 78 "the first line is a single column that contains ';': use 'delimiter: \";\"'"
printf 'id,email\n1,a@example.com\n' >u.csv

sqlite3 shop.db 'CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT); INSERT INTO users VALUES (1, NULL)'
printf 'SELECT id, email FROM users WHERE id = :who\n' >m.sql
file "source: sqlite:shop.db
model: m.sql
key: id
$map
$to"
keeps 78 "model 'm.sql' line 1: ':who': this parameter has no value; use 'params: {NAME: VALUE}'"
printf 'SELECT id, email FROM users; DELETE FROM users\n' >m.sql
keeps 78 "model 'm.sql'"
printf '\n' >m.sql
keeps 78 "model 'm.sql' is empty"
rm -rf state

# files of the state: of their path, which can be long, the record has the beginning
file "$csv
key: id
$map
$to"
status 0 rudder run u.yaml
printf '2,b@example.com\n' >>u.csv
status 0 rudder plan u.yaml -o plan
keeps 75 "is waiting for review: apply it (rudder apply, or send it and commit its receipts) or decline it (rudder apply --decline, or rudder-send -d declined:); if it is lost, remove '$(printf %.16s "$PWD")"
rm state/u/hold
cp state/u/snapshot kept
printf x >state/u/snapshot
status 78 rudder run u.yaml
tail -n 1 state/u/runs | grep -qF "'$PWD/state/u/snapshot' is " || fail "the record: $(tail -n 1 state/u/runs)"
mv kept state/u/snapshot

# options of a destination
file "$csv
key: id
$map
destination: {dest: 'webhook:http://127.0.0.1:9/', method: FETCH}"
rm -rf state
keeps 64 "'FETCH' is not GET"

# a condition as SQL has it
file "$csv
key: id
mapping: {type: identify, user_id: id, where: 'email = x'}
$to"
rm -rf state
keeps 78 "where: jq program, line 1, column 1: email/0 is not defined; did you mean '.email == \"x\"'?"

# the keys of the sync file, in place of options, in a message with values
file "$csv
types: email=int
key: id
$map
$to"
rm -rf state
keeps 65 "1 rejected, more than 'rejects: {query: 0}'"

# another run
file "$csv
key: id
$map
$to"
rm -rf state
status 0 rudder run u.yaml
exec 9>>state/u/lock
flock 9
keeps 75 "another run is still active (its rudder-diff had pid "
keeps 75 "): try later, or wait with 'lock_wait'"
exec 9>&-
