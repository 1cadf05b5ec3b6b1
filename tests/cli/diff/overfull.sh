# overfull.sh - an output that takes no more ends rudder-diff with 74, whatever it was
# writing then, and the next run has all changes
. "$TOP/tests/tool/lib.sh"

table() { awk -v n="$1" -v v="$2" 'BEGIN {for (i = 1; i <= n; i++) printf "{\"id\":\"%05d\",\"email\":\"u%d\",\"v\":\"%s\"}\n", i, i, v}'; }
table 2000 a >a
table 2000 b >b
sed 's/^{"id":"\([0-9]*\)"/{"id":null,"n":"\1"/' a >nulls
sed 's/}$//' a >broken
: >empty
rows <a >rows.a
rows <b >rows.b
rows <nulls >rows.nulls
rows <broken >rows.broken
rows <empty >rows.empty
head -n 1100 a | rows >rows.half

# full WHAT OPTION ...
full() {
	what=$1
	shift
	got=0
	rudder-diff "$@" >/dev/full 2>err || got=$?
	is 74 $got "$what: status ($(cat err))"
	grep -q 'No space left on device' err || fail "$what: $(cat err)"
}
again() {
	rm -rf st
	[ -z "$1" ] || cp -r "$1" st
}
# left N OPTION ...: the changes of the run after it
left() {
	wanted=$1
	shift
	got=0
	rudder-diff "$@" >out 2>err || got=$?
	[ $got -le 3 ] || fail "the run after: $got, $(cat err)"
	is "$wanted" "$(changes <out | wc -l)" "$what: changes of the run after"
}
base='-k id -s st --mode mirror'
# shellcheck disable=SC2086 # words
{
	rudder-diff $base rows.a >out
	ack accepted <out | rudder-diff --commit -s st
	cp -r st known
	again '' && full inserts $base rows.a && left 2000 $base rows.a
	again known && full updates $base rows.b && left 2000 $base rows.b
	again known && full deletes $base --allow-deletes=900 rows.half
	left 900 $base --allow-deletes=900 rows.half
	again known && full 'blocked deletes' $base rows.empty && left 0 $base rows.empty
	again '' && full 'rows without a key' $base rows.nulls && left 0 $base rows.nulls
	again '' && full 'lines that are no rows' $base rows.broken && left 0 $base rows.broken
	again '' && full identities $base --identity email rows.a && left 2000 $base --identity email rows.a
	again '' && full kept $base --keep row rows.a
	rudder-diff $base --keep row rows.a | ack accepted | rudder-diff --commit -s st
	cp -r st rows && full 'rows before' $base --keep row rows.b && left 2000 $base --keep row rows.b
	again rows && full 'deletes with rows' $base --keep row --allow-deletes=900 rows.half
	left 900 $base --keep row --allow-deletes=900 rows.half
	again known && full 'all rows once' $base --full rows.a
	again known && full 'in parts' $base --max-changes 1500 rows.b && left 2000 $base rows.b
	again '' && full 'on disk' $base --memory 64K rows.a && left 2000 $base rows.a
}
full 'two files' -k id a b --trust-eof
full 'two sorted files' -k id --sorted a b --trust-eof
full 'an old sorted file' -k id --sorted a empty --trust-eof
full 'a new sorted file' -k id --sorted empty b --trust-eof
rudder-diff -k id a b --trust-eof >changes
full undo --invert changes
for form in debezium record; do
	full $form --format $form changes
done
again known
full 'the keys of a state' --dump -s st
awk 'BEGIN {for (i = 0; i < 900; i++) printf "{\"run\":\"r%019d\",\"status\":0,\"started\":\"2026-11-30T00:00:00.000Z\",\"ended\":\"2026-11-30T00:00:01.000Z\"}\n", i}' >st/runs
full 'the runs of a state' --runs -s st
