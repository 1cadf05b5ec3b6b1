# cursor_full.sh - a run that is to send every row, where the source is read from
# a cursor on or not at all: all rows are read, or the run says that they were not
# shellcheck shell=sh
. "$TOP/tests/tool/lib.sh"
command -v sqlite3 >/dev/null || skip 'no sqlite3'

more=
asks='' # --if-changed instead of --cursor
query() {
	if [ "$asks" ]; then
		rudder-query -q -d sqlite:db -t t --if-changed "$asks" --cursor-state st "$@"
	else
		rudder-query -q -d sqlite:db -t t --cursor at --cursor-state st "$@"
	fi
}
# run [DIFF OPTION ...]: the statuses of diff and commit in $got, the ids sent in sent
run() {
	d=0 c=0
	# shellcheck disable=SC2086 # words
	query $more >rows 2>query.err || fail "query: $?: $(cat query.err)"
	rudder-diff -q -k id -s st "$@" rows >changes 2>diff.err || d=$?
	rudder-map -q -t identify -u id -c "$columns" <changes >events 2>err || :
	rudder-send -q -d file:out <events >receipts 2>send.err || :
	rudder-diff -q --commit -s st receipts 2>commit.err || c=$?
	got="$d $c"
	sed -n 's/.*"recordId":"\([0-9]*\)".*/\1/p' events | sort -n | tr '\n' ' ' >sent
}
ran() { # STATUSES SENT WHAT
	is "$1|$2" "$got|$(cat sent)" "$3: $(cat diff.err commit.err)"
}
new() {
	rm -rf st db out
	sqlite3 db "CREATE TABLE t (id INT, v TEXT, at INT); INSERT INTO t VALUES (1, 'a', 1), (2, 'b', 2), (3, 'c', 3)"
	columns=v
	run
	ran '0 0' '1 2 3 ' 'the first run'
	run
	ran '0 0' '' 'nothing has changed'
}

# a changed mapping: the run after the one that notices reads and sends all
new
columns=v=w
sqlite3 db "INSERT INTO t VALUES (4, 'd', 4)"
run
ran '0 1' '4 ' 'the mapping has changed'
run
ran '0 0' '1 2 3 4 ' 'the resend'
run
ran '0 0' '' 'the resend is done'

# one that waits until somebody allows it
new
columns=v=w
sqlite3 db "INSERT INTO t VALUES (4, 'd', 4)"
run
for n in 1 2; do
	run --max-resend 2
	ran '3 3' '' "a blocked resend, run $n"
done
run --allow-resend 4
ran '0 0' '1 2 3 4 ' 'the resend that was allowed'

# --full: refused before anything is sent, unless all rows are read
new
sqlite3 db "INSERT INTO t VALUES (4, 'd', 4)"
query >rows
status 64 rudder-diff -k id -s st --full rows >changes
says 'rudder-query --full'
grep -q '"type":"change"' changes && fail 'a change left'
more=--full
run --full
ran '0 0' '1 2 3 4 ' '--full, and all rows are read'
more=
run
ran '0 0' '' 'the cursor counts again'
# one that is interrupted: the next run reads all rows and sends the rest
query --full | sed '3,$d' >cut
status 65 rudder-diff -q -k id -s st --full cut >changes
status 65 rudder-map -q -t identify -u id -c v <changes >events
status 65 rudder-send -q -d file:out <events >receipts
status 65 rudder-diff -q --commit -s st receipts
run
ran '0 0' '2 3 4 ' 'what an interrupted --full did not send'
run
ran '0 0' '' 'the cursor counts once more'
sqlite3 db "UPDATE t SET v = 'x' WHERE id = 1"
more=--full
run
ran '0 0' '1 ' 'rudder-query --full alone sends only what has changed'
more=

# a changed tag, mode full, another comparison: said, and put right by the next run
new
run --tag b
ran '1 1' '3 ' 'another tag'
run --tag b
ran '0 0' '1 2 ' 'another tag: the rest'
run --tag b
ran '0 0' '' 'another tag is done'
new
run --mode full
ran '1 1' '3 ' 'mode full'
grep -q 'the next run reads all rows' diff.err || fail 'mode full: not said by diff'
for n in 1 2; do
	run --mode full
	ran '0 0' '1 2 3 ' "mode full, run $n"
done
new
run --ignore v
ran '1 1' '' 'another comparison'
run --ignore v
ran '0 0' '' 'another comparison: nothing is sent for that'

# by end lines alone, as of an older producer
new
query | sed '1s/,"since":"[^"]*"//' >rows
status 1 rudder-diff -k id -s st --full rows >changes
says 'the next run reads all rows'

# --if-changed: the model is not run
asks='SELECT max(at) AS at FROM t'
new
run --full
ran '1 1' '' 'an unchanged source and --full'
run --full
ran '0 0' '1 2 3 ' 'the next one reads it'
run
run
ran '0 0' '' 'unchanged'
more=--full
run --full
ran '0 0' '1 2 3 ' 'read all the same'
more=
run --mode full
ran '1 1' '' 'an unchanged source and mode full'
for n in 1 2; do
	run --mode full
	ran '0 0' '1 2 3 ' "an unchanged source and mode full, run $n"
done
run --tag b
run --tag b
run --tag b
ran '0 0' '' 'a tag, unchanged'
run --tag c
ran '1 1' '' 'an unchanged source and another tag'
run --tag c
ran '0 0' '1 2 3 ' 'an unchanged source and another tag: all rows'

status 64 rudder-query -d sqlite:db -t t --full
says '--full needs --cursor-state'
