# log.sh - rudder log: runs newest first, rows that fail and why, the life of a row
. "$TOP/tests/tool/lib.sh"
. "$TOP/tests/tool/month.sh"
unset COLUMNS PAGER
sync() {
	rudder-query -d csv:users.csv | rudder-diff -k id -s state/users --mode mirror |
		rudder-map -t identify -u id --deletes skip |
		rudder-send -d "exec:! grep -q refuse || { echo 'email \"refuse@b.c\" is not valid' >&2; exit 65; }" -b 1 2>said |
		rudder-diff --commit -s state/users --keep-log 30d
}
printf 'id,email\n1,a@b.c\n2,b@b.c\n' >users.csv
sync || fail 'a good run'
printf 'id,email\n1,a@b.c\n2,new@b.c\n2,twice@b.c\n42,refuse@b.c\n' >users.csv
status 1 sync
status 1 sync

# runs, newest first
rudder log state/users >log || fail "status $?"
is 3 "$(grep -c '^run ' log)" "runs: $(cat log)"
is '1 1 0' "$(sed -n 's/^run .*(\([0-9]*\))$/\1/p' log | paste -sd' ')" 'statuses'
rudder-diff --runs -s state/users | jq -r .run | tac >want
sed -n 's/^run \([0-9a-v]*\).*/\1/p' log >got
diff -u want got || fail 'the order'
[ "$(grep -cx '    2 rows: 2 new\|    2 delivered' log)" = 2 ] || fail "the first run: $(cat log)"
grep -q '^    4 rows: 1 new, 1 changed, ' log || fail "the second run: $(cat log)"
is 1 "$(rudder log -n 1 state/users | grep -c '^run ')" '-n 1'
is '' "$(awk 'length($0) > 80' log)" 'lines of more than 80 columns'

# what fails now, and why
rudder log --failing state/users >failing || fail "status $?"
grep -qx 'users: 2 rows fail' failing || grep -qx 'state/users: 2 rows fail' failing || fail "$(cat failing)"
grep -qE '^    42 +insert +rejected' failing || fail "the row: $(cat failing)"
grep -q "duplicate key in column 'id'\$" failing || fail "the reason: $(cat failing)"
! grep -q '@' failing || fail 'a value of a row'
is 1 "$(rudder log --failing -n 1 state/users | grep -cE '^    (2|42) ')" '--failing -n 1'
rudder log --failing -n 1 state/users | grep -qx 'and 1 more' || fail 'the others are counted'

# the life of one row, newest first
rudder log --key 2 state/users >life || fail "status $?"
is 'failed succeeded failed succeeded' "$(sed -n '2,$s/.* \(failed\|succeeded\) .*/\1/p' life | head -n 4 | paste -sd' ')" "row 2: $(cat life)"
is 1 "$(rudder log -k 2 -n 1 state/users | grep -c UTC)" '--key -n 1'
status 66 rudder log --key 99 state/users
says 'no such key'

# several states: a key need not be in all
cp -r state/users state/other
sed -i 's/refuse/fine/' users.csv
sync || :
status 0 rudder log --key 1 >life
is 2 "$(grep -c ': key 1$' life)" 'both states'
rm -r state/other
printf 'id\n7\n' >o.csv
rudder-query -d csv:o.csv | rudder-diff -k id -s state/other | rudder-map -t identify -u id | rudder-send -d null: | rudder-diff --commit -s state/other
status 0 rudder log --key 7
status 0 rudder log
status 66 rudder log --key 99
rudder log | grep -qx '== other' || fail 'names of several syncs'

# JSON: the lines of rudder-diff
rudder log --format json state/users | jq -c 'del(.sync)' >got
rudder-diff --runs -s state/users | jq -c . | tac >want
diff -u want got || fail '--format json'
is state/users "$(rudder log --format json -n 1 state/users | jq -r .sync)" 'the sync'
rudder log --key 1 --format json state/users | jq -es 'all(.primary_key == "1")' >/dev/null || fail '--key as JSON'
status 64 rudder log --format xml state/users
status 64 rudder log --key 1 --failing state/users
status 74 sh -c 'rudder log state/users >/dev/full'

# on a terminal by a pager; the month fills more than a screen
tail -n 1 state/users/runs >newest # or its lock would tell of a run more
{ month "$(($(date +%s) - 60))" 719; cat newest; } >state/users/runs
is 720 "$(rudder log state/users | grep -c '^run ')" 'a month'
if command -v script >/dev/null; then
	TERM=xterm RUDDER_PAGER='head -n 1' script -qc 'rudder log state/users' /dev/null </dev/null >screen
	is 1 "$(wc -l <screen)" "the pager: $(head -n 3 screen)"
	grep -q '.\[33mrun ' screen || fail 'no color on a terminal'
	TERM=xterm NO_COLOR=1 RUDDER_PAGER=cat script -qc 'rudder log -n 1 state/users' /dev/null </dev/null >screen
	! grep -q '.\[' screen || fail 'color in spite of NO_COLOR'
	TERM=xterm RUDDER_PAGER='none of these' script -qc 'rudder log -n 1 state/users' /dev/null </dev/null >screen
	grep -q 'run .*complete' screen || fail "no pager: $(cat screen)"
fi

# a row without a key fails as well, though nobody can list it
printf '{"id":1,"v":"a"}\n{"id":null,"v":"b"}\n' | rows >nulls
nulls() { rudder-diff -q -k id -s nokey nulls | rudder-map -q -t identify -u id | rudder-send -q -d file:x | rudder-diff -q --commit -s nokey 2>/dev/null; }
nulls && fail 'a row without a key is rejected'
rudder log --failing nokey >log || :
grep -q '1 row fails' log || fail "no row fails: $(cat log)"
grep -q '^1 row without a key, which cannot be listed' log || fail "not said: $(cat log)"
is 1 "$(rudder-diff --status -s nokey | jq .failing)" 'failing, without a key'
sed 's/null/2/' nulls >whole && mv whole nulls
nulls || fail 'all rows have a key'
is 0 "$(rudder-diff --status -s nokey | jq .failing)" 'failing, with a key'
