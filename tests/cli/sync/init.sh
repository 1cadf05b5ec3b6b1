# init.sh - rudder init: a sync file from a table, by options and by answers, that
# works as it is; and no file is overwritten
# shellcheck disable=SC2016 # names with a $
. "$TOP/tests/tool/lib.sh"

sqlite3 shop.db 'CREATE TABLE users(id, email, "odd, name", "true", "${x}"); INSERT INTO users VALUES (1, 2, 3, 4, 5)'
status 0 rudder init -d sqlite:shop.db -t users --dest file:ev </dev/null >out
is syncs/users.yaml "$(cat out)" 'the name'
status 0 rudder check syncs/users.yaml >steps
status 0 rudder run
is '{"email":2,"odd, name":3,"true":4,"${x}":5}' "$(jq -c .traits ev)" 'every column'
cp syncs/users.yaml kept
status 73 rudder init -d sqlite:shop.db -t users --dest file:other </dev/null
says "'syncs/users.yaml' exists"
status 73 rudder init -o syncs/users.yaml -d sqlite:none.db </dev/null
cmp kept syncs/users.yaml || fail 'overwritten'

# the folder syncs is made for a file that --output names in it, too
mkdir fresh
(cd fresh && rudder init -d sqlite:../shop.db -t users --dest file:ev -o syncs/people.yaml) </dev/null >out || fail 'no folder syncs'
is syncs/people.yaml "$(cat out)" 'the name by --output'
[ -s fresh/syncs/people.yaml ] || fail 'no file in a new folder syncs'

# what is missing or wrong
status 64 rudder init </dev/null
says 'use --source'
status 64 rudder init -d sqlite:shop.db </dev/null
says 'use --table'
status 64 rudder init -d sqlite:shop.db -t users </dev/null
says 'use --dest'
status 78 rudder init -d sqlite:shop.db -t users -k emial --dest file:x </dev/null
says "did you mean 'email'?"
status 66 rudder init -d sqlite:none.db -t users --dest file:x </dev/null
says none.db
status 64 rudder init -d sqlite:shop.db -t users --type alias --dest file:x </dev/null
# a password does not get into a file
for url in postgres://wh:s3cret@h/db 'mysql://h/db?password=s3cret' 'odbc:DSN=x;PWD=s3cret'; do
	RUDDER_SOURCE=$url status 64 rudder init -d "$url" -t users --dest file:x </dev/null
	says 'RUDDER_SOURCE has the same URL, so use env:RUDDER_SOURCE'
	status 64 rudder init -d "$url" -t users --dest file:x </dev/null
	says 'export RUDDER_SOURCE=..., and use env:RUDDER_SOURCE'
	! grep -q s3cret err || fail "the password is shown: $(cat err)"
done
status 64 rudder init -d sqlite:shop.db -t users --dest users.ndjson </dev/null
says "destination 'users.ndjson' is not a URL"
status 64 rudder init -d sqlite:shop.db -t users --dest flie:users.ndjson </dev/null
says "did you mean 'file:'"
status 64 rudder init -d sqlite:shop.db -t users --dest webhook:https://u:s3cret@h/x </dev/null
says 'do not put a secret into the URL'
! grep -q s3cret err || fail "the password is shown: $(cat err)"
status 64 rudder init -d sqlite:shop.db -t users --dest file:x --mode mirorr </dev/null
says "option '--mode': 'mirorr' is not upsert, mirror, insert-only, update-only or full; did you mean 'mirror'?"
is users.yaml "$(ls syncs)" 'files of what failed'

# each type is one that runs, in mirror mode too
printf 'a,b\n1,2\n' >u.csv
for type in identify track page screen record; do
	RUDDER_SOURCE_OF_TEST=csv:u.csv status 0 rudder init -d env:RUDDER_SOURCE_OF_TEST -k a --type $type --mode mirror --dest file:$type -o $type.yaml </dev/null >out
	RUDDER_SOURCE_OF_TEST=csv:u.csv status 0 rudder run $type.yaml
	is $type "$(jq -r .type $type)" "the type $type"
done

# by answers in a terminal
script -qec true /dev/null </dev/null >/dev/null 2>&1 || exit 0
: >screen
asked() { [ "$(grep -ac "$1" screen)" -gt 0 ]; }
{
	eventually 'the first question' asked '^source'
	echo shop.db
	eventually 'what is wrong' asked "'shop.db' is not a URL"
	echo sqlite:shop.db
	eventually 'the tables' asked 'or its number'
	echo usres
	eventually 'the table again' asked "no such table"
	echo 1
	eventually 'the key' asked 'identifies a row'
	echo idd
	eventually 'the key again' asked "did you mean 'id'"
	echo
	eventually 'the destination' asked '^destination'
	echo file:ev
	eventually 'the end' asked '^next'
} | script -qefc 'rudder init -o answers.yaml' screen >/dev/null || fail "the terminal: $(cat screen)"
diff kept answers.yaml || fail 'by answers'

# but not for ever
: >screen
{
	eventually 'the first question' asked '^source'
	printf 'a\nb\nc\nd\n'
	eventually 'the end' asked "'c' is not a URL"
} | script -qefc 'rudder init -o never.yaml' screen >/dev/null && fail 'wrong answers are accepted'
! asked "'d' is not a URL" || fail "asked more than three times: $(cat screen)"
[ ! -e never.yaml ] || fail 'a file of no answers'

# a CSV file with another delimiter, as the message says
printf 'sku;price\nA;9.50\n' >semi.csv
status 78 rudder init -d csv:semi.csv -k sku --dest file:semi.ev -o semi.yaml </dev/null >out
says "use --delimiter ';'"
status 0 rudder init -d csv:semi.csv --delimiter ';' -k sku --dest file:semi.ev -o semi.yaml </dev/null >out
sed -i 's/^key/types: {price: decimal}\nkey/' semi.yaml
status 0 rudder run semi.yaml
grep -q '"traits":{"price":9.50}' semi.ev || fail "the columns of the file: $(cat semi.ev)"
sed -i 's/{price: decimal}/{price: decimals}/' semi.yaml
status 64 rudder run semi.yaml
says "unknown type 'decimals'"
