# init_many.sh - rudder init: a database of many tables or none, answers with blanks around
# them, names that make no file name
. "$TOP/tests/tool/lib.sh"
for i in $(seq 10 54); do echo "CREATE TABLE t$i(a, b);"; done | sqlite3 many.db
sqlite3 many.db 'CREATE TABLE "Users2-x.Y"(ID, b)' 'INSERT INTO t54 VALUES (1, 2)'
sqlite3 empty.db 'CREATE TABLE gone(a); DROP TABLE gone'

status 0 rudder init -d sqlite:many.db -t '"Users2-x.Y"' -k ID --dest file:ev </dev/null >out
is 'syncs/_Users2_x_Y_.yaml' "$(cat out)" 'the file of a table'
mkdir -p dir.d
printf 'id\n1\n' >dir.d/Some9-File.of.csv
status 0 rudder init -d csv:dir.d/Some9-File.of.csv --dest file:ev </dev/null >out
is 'syncs/Some9_File.yaml' "$(cat out)" 'the file of a file'
# shellcheck disable=SC2016 # a variable of the sync file
status 0 rudder init -d sqlite:many.db -t t10 -k a --dest 'file:${WHERE}' -o later.yaml </dev/null >out
WHERE=where status 0 rudder run later.yaml
: >nothing.csv
status 65 rudder init -d csv:nothing.csv -k a --dest file:ev </dev/null >out
# no password stands in these
for url in postgres://wh@127.0.0.1:1/db 'mysql://127.0.0.1:1/db?ssl-mode=disabled' 'odbc:DSN=none_of_this_name;UID=x'; do
	got=0
	timeout 20 rudder init -d "$url" -t users --dest file:x -o none.yaml </dev/null >out 2>err || got=$?
	[ $got != 0 ] || fail "$url: status $got: $(cat err)"
	! grep -q 'use env:' err || fail "$url is taken for one with a password: $(cat err)"
done
status 64 rudder init -d 'odbc:DSN=x;Password=s3cret' -t users --dest file:x </dev/null
says 'use env:RUDDER_SOURCE'

script -qec true /dev/null </dev/null >/dev/null 2>&1 || exit 0
asked() { [ "$(grep -ac "$1" screen)" -ge "${2:-1}" ]; }
: >screen
{
	eventually 'the first question' asked '^source'
	echo '   sqlite:many.db  '
	eventually 'the tables' asked 'or its number'
	echo 0
	eventually 'the table again' asked 'or its number' 2
	echo 47
	eventually 'the table once more' asked 'or its number' 3
	echo '46 '
	eventually 'the key' asked 'identifies a row \[a\]'
	echo
	eventually 'the destination' asked '^destination'
	echo 'file:ev'
	eventually 'the end' asked '^next'
} | script -qefc 'rudder init -o answers.yaml' screen >/dev/null || fail "the terminal: $(cat screen)"
asked '^ *40  t' || fail 'the fortieth table is not shown'
! asked '^ *41  t' || fail 'more than forty tables are shown'
asked 'and 6 more' || fail "not said how many more: $(cat screen)"
grep -q 't54' answers.yaml || fail "the last table by its number: $(cat answers.yaml)"
grep -q '^key: \[a\]$' answers.yaml || fail "the first column: $(cat answers.yaml)"

# nothing to choose from, and nobody who answers
: >screen
{
	eventually 'the first question' asked '^source'
	echo sqlite:empty.db
	eventually 'the end' asked 'has no tables'
	printf '\004\004\004'
} | script -qefc 'rudder init -o none.yaml; echo $? >status' screen >/dev/null || :
grep -qE '^(64|78)$' status || fail "no tables: $(cat status)"
: >screen
{
	eventually 'the first question' asked '^source'
	printf '\004'
	eventually 'the end' test -s status.2
} | script -qefc 'rudder init -o none.yaml; echo $? >status.2' screen >/dev/null || :
is 64 "$(cat status.2)" 'no answer'
asked 'no source' || fail "no answer: $(cat screen)"
[ ! -e none.yaml ] || fail 'a file without answers'
