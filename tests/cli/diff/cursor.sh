# cursor.sh - how far a source was read is kept only past rows that are settled
. "$TOP/tests/tool/lib.sh"
M=0000000000000000000000000000000000000000000000000000000000000000

# upto FROM TO [MODEL] <ROWS: a stream as of rudder-query --cursor at
upto() {
	awk -v from="$1" -v to="$2" -v model="${3:-$M}" '
	BEGIN {print "{\"_rudder\":{\"type\":\"begin\",\"v\":1,\"stream\":\"rows\",\"run\":\"r0000000000000000001\",\"model\":\"" model "\"}}"}
	{print; n++}
	END {
		since = from == "" ? "" : ",\"since\":\"" from "\""
		partial = from == "" ? "" : ",\"partial\":true"
		printf "{\"_rudder\":{\"type\":\"end\",\"stream\":\"rows\",\"rows\":%d%s,\"cursor\":{\"column\":\"at\",\"type\":\"int\"%s,\"value\":\"%s\"}}}\n", n, partial, since, to
	}'
}
kept() { sed -n 's/.*"value":"\([^"]*\)".*/\1/p' st/cursor 2>/dev/null || :; }
at() { is "$1" "$(kept)" "$2"; }
run() { rudder-diff -k id -s st >out || fail "diff: $?"; }
commit() { ack "$1" <out | rudder-diff --commit -s st ${2:-} 2>err || got=$?; }

printf '{"id":1,"at":1}\n{"id":2,"at":2}\n{"id":3,"at":3}\n' >A
printf '{"id":3,"at":3}\n{"id":4,"at":4}\n' >B

# nothing is kept without receipts, nor while one of them is not fine
upto '' 3 <A | run
at '' 'no commit'
ack accepted <out | sed '3s/accepted/failed/' >receipts
status 1 rudder-diff --commit -s st receipts
at '' 'a failed row'
upto '' 3 <A | run
ack accepted <out | sed 2d >receipts # still whole, by its end line
status 65 rudder-diff --commit -s st receipts
at '' 'a receipt is missing'
upto '' 3 <A | run
ack accepted <out | sed '$d' >receipts
status 65 rudder-diff --commit -s st receipts
at '' 'no end line'
upto '' 3 <A | run
is '' "$(changes <out)" 'all is delivered'
commit accepted
at 3 'all is settled'
is '{"column":"at","value":"3"}' "$(rudder-diff --status -s st | jq -c .cursor)" '--status'

# from there on
upto 3 4 <B | run
is 'insert 4' "$(changes <out)" 'from the cursor on'
commit unknown
at 3 'an unknown outcome'
upto 3 4 <B | run
is 'insert 4' "$(changes <out)" 'the same again'
commit rejected
at 3 'a refused row stays due'
upto 3 4 <B | run
commit rejected --rejected=accept
at 4 'a refused row is accepted as refused'
[ "$(stat -c %a st/cursor)" = 600 ] || fail "mode of the cursor's file"

# receipts of a run before the last one move nothing
printf '{"id":5,"at":5}\n' | upto 4 5 | run
cp out old
printf '{"id":5,"at":5}\n{"id":6,"at":6}\n' | upto 4 6 | run
ack accepted <old >receipts
rudder-diff --commit -s st receipts || :
at 4 'receipts of an earlier run'
commit accepted
at 4 'some of its receipts were committed before'
upto 4 6 </dev/null | run
commit accepted
at 6 'receipts of the last run'

# a run that began elsewhere: a gap, another column, another model
printf '{"id":9,"at":9}\n' | upto 8 9 | run
commit accepted
at 6 'a run that began behind the cursor'
printf '{"id":7,"at":7}\n' | upto 6 7 11 | run
commit accepted
at 6 'another model'
printf '{"id":7,"at":7}\n' | upto 6 7 | sed 's/"column":"at"/"column":"on"/' | run
commit accepted
at 6 'another column'
upto '' 9 11 <A | run
commit accepted
at 9 'all rows of another model'
upto 9 9 11 </dev/null | run
commit accepted
at 9 'no rows'

# refused rows: due, unless they are accepted as refused
printf '{"id":null,"at":10}\n' | upto 9 10 11 >rows
status 1 rudder-diff -s st rows >out
ack accepted <out >receipts
grep '"reject"' out >refused
sed -i '1r refused' receipts
rudder-diff --commit -s st receipts || :
at 9 'a row without key, as a reject'
rudder-diff -s st rows >out || :
ack accepted <out | sed -e '1a {"recordId":"1","status":"rejected"}' -e 's/"receipts":0/"receipts":1/' >receipts
status 1 rudder-diff --commit -s st receipts
at 9 'a row without key, as a receipt'

# rows compared in another way: those behind the cursor may be due
printf '{"id":8,"at":11}\n' | upto 9 11 11 >rows
status 1 rudder-diff -s st --ignore at rows >out
says 'the next run reads all rows'
[ ! -e st/cursor ] || fail 'the cursor is left'
commit accepted
at '' 'another way'
upto '' 11 11 <A | rudder-diff -s st --ignore at >out
commit accepted
at 11 'all rows in another way'

# rudder filter carries it as well; an end line in a file proves too little
upto '' 12 11 <A >all
tail -n 1 all >end
rudder filter -- cat <all | rudder-diff -s st --ignore at >out || fail 'filter'
grep -q '"value":"12"' out || fail 'filter: no cursor'
sed '1d;$d' all | rudder-diff -s st --ignore at --end-from end >out 2>err || fail 'end-from'
grep -q '"value":"12"' out && fail 'end-from: a cursor'
status 3 sh -c "head -n 1 A | rudder-diff -s st --mode mirror --end-from end >out"
says 'omitted on purpose'

# an older snapshot beside a newer cursor, and one of another state
rm -rf st
upto '' 3 <A | run
commit accepted
cp st/snapshot older
upto 3 4 <B | run
commit accepted
at 4 'before the restore'
cp older st/snapshot
upto 4 4 </dev/null | rudder-diff -s st >out 2>err
says 'does not belong to its snapshot'
commit accepted
at '' 'restored'
upto '' 4 <A | run
commit accepted
at 4 'read again'
rm st/snapshot
status 78 rudder-diff -k id -s st --trust-eof A >out
says 'has lost its file snapshot'
rm st/runs # as in a state whose runs nobody knows
rudder-diff -k id -s st --trust-eof A >out 2>err
says 'does not belong to its snapshot'
[ ! -e st/cursor ] || fail 'a cursor without snapshot'

# a rebase may bring older rows; one that fails leaves all as it was
upto '' 4 <A | run
commit accepted
at 4 'before the rebase'
cp st/snapshot good
{ cat A && sed 1q A; } | rows >twice
status 65 rudder-diff -s st --rebase twice
at 4 'a rebase that failed'
cmp -s good st/snapshot || fail 'a rebase that failed changed the snapshot'
# killed between the two it leaves the old snapshot without a cursor, never a new
# one with it
rows <A >in
cp st/cursor before
if ASAN_OPTIONS=detect_leaks=0 strace -o log -e inject=rename:signal=SIGKILL rudder-diff -s st --rebase in >out 2>err; then
	fail 'it was not killed'
elif grep -q '^rename' log 2>/dev/null; then
	cmp -s good st/snapshot || fail 'a snapshot before its time'
	[ ! -e st/cursor ] || fail 'a cursor that the rebase may have passed'
	cp before st/cursor
fi
at 4 'before the rebase that comes through'
rudder-diff -s st --rebase in >out
[ ! -e st/cursor ] || fail 'a cursor behind a rebase'

# damaged, cut, newer: refused, never read as none
upto '' 4 <A | run
commit accepted
cp st/cursor good
for change in 's/"4"/"5"/' 's/"sum":"/&0/' 's/:1,/:2,/' '1s/.*//'; do
	sed "$change" good >st/cursor
	status 78 sh -c 'rudder-diff -s st --trust-eof A >out'
done
head -c 60 good >st/cursor
status 78 sh -c 'rudder-diff -s st --trust-eof A >out'
says 'damaged: remove it'
: >st/cursor
status 78 sh -c 'rudder-diff -s st --trust-eof A >out'
cp good st/cursor
rudder-diff -s st --trust-eof A >out || fail 'the good one'

# a dry run leaves it alone
upto 4 5 <B | rudder-diff -s st -n --ignore id >out
cmp good st/cursor || fail 'a dry run'

# an unacknowledged change whose row is before the cursor: all rows are read
# again, in any mode, and it is not taken as gone
for mode in upsert mirror; do
	rm -rf st
	run="rudder-diff -k id -s st --mode $mode"
	printf '{"id":1,"at":1}\n{"id":2,"at":2}\n' | upto '' 2 | $run | ack accepted | rudder-diff --commit -s st
	at 2 "before, $mode"
	printf '{"id":1,"at":1,"x":1}\n{"id":2,"at":2}\n' >late
	rows <late | $run >lost
	is 'update 1' "$(changes <lost)" "unacknowledged, $mode"
	printf '{"id":3,"at":3}\n' | upto 2 3 | $run >out 2>err || :
	says 'the next run reads all rows'
	is 'insert 3' "$(changes <out)" "behind the cursor, $mode"
	ack accepted <out | rudder-diff --commit -s st 2>err || :
	at '' "not past it, $mode"
	echo '{"id":3,"at":3}' >>late
	upto '' 3 <late | $run >out
	is "$(grep '"change":' lost)" "$(grep '"change":' out)" "the same change again, $mode"
	ack accepted <out | rudder-diff --commit -s st
	at 3 "past all, $mode"
done
