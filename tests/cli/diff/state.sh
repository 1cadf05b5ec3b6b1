# state.sh - runs over a state: what is sent again, what never is
. "$TOP/tests/tool/lib.sh"
D="rudder-diff -k id -s st --mode mirror"

run() { rows | $D >out; changes <out; }
same() { is "$1" "$(run)" "$2"; }
id_of() { sed -n "s/.*\"id\":\"$1\",\"change\":\"\([0-9a-f]*\)\".*/\1/p" out; }

printf '{"id":1,"v":"a"}\n{"id":2,"v":"a"}\n' >A
printf '{"id":1,"v":"b"}\n{"id":2,"v":"a"}\n' >B

# a first run inserts all, and without receipts does so again, with the same
# ids under the same run
same "insert 1
insert 2" 'first run' <A
cp out first
run_id() { sed -n 's/.*"run":"\([^"]*\)".*/\1/p' "$1"; }
same "insert 1
insert 2" 'first run again' <A
is "$(grep '"change"' first)" "$(grep '"change"' out)" 'resent lines'
rows <A | sed 's/r0000000000000000001/r0000000000000000002/' | $D >out
is r0000000000000000001 "$(run_id out)" 'resumed run id'

# with receipts nothing is left to send, and the next run is a new one
ack accepted <out | rudder-diff --commit -s st || fail "commit: $?"
rows <A | sed 's/r0000000000000000001/r0000000000000000002/' | $D >out
is '' "$(changes <out)" 'after the commit'
is r0000000000000000002 "$(run_id out)" 'new run id'
[ ! -e st/pending ] || fail 'pending is left'

# stale: B was delivered, its receipt lost, the row went back to A
same 'update 1' 'B' <B
b=$(id_of 1)
same 'update 1' 'A after an unacknowledged B' <A
a=$(id_of 1)
[ "$a" != "$b" ] || fail 'A and B under one id'
same 'update 1' 'B again' <B
[ "$(id_of 1)" != "$b" ] || fail 'the second B under the id of the first'
ack accepted <out | rudder-diff --commit -s st
same '' 'B is known' <B

# orphan: a new row was delivered, its receipt lost, the row is missing
printf '{"id":1,"v":"b"}\n{"id":2,"v":"a"}\n{"id":3,"v":"a"}\n' >C
same 'insert 3' 'a new row' <C
same 'delete 3' 'an orphan' <B
ack accepted <out | rudder-diff --commit -s st
same '' 'the orphan is deleted' <B

# a value that goes on, off and on again has three ids
same 'insert 3' 'on' <C
i1=$(id_of 3)
ack accepted <out | rudder-diff --commit -s st
same 'delete 3' 'off' <B
ack accepted <out | rudder-diff --commit -s st
same 'insert 3' 'on again' <C
[ "$(id_of 3)" != "$i1" ] || fail 'inserted twice under one id'

# what was surely not delivered is offered again by itself
ack failed <out >failed
status 1 rudder-diff --commit -s st failed
[ ! -e st/pending ] || fail 'failed intents stay open'
same 'insert 3' 'after a failure' <C
ack rejected <out >rejected
status 1 rudder-diff --commit -s st rejected
same 'insert 3' 'after a refusal' <C
ack rejected <out | status 0 rudder-diff --commit -s st --rejected accept
same '' 'a refusal that is accepted' <C

# an insert in doubt is not settled by a later failure
printf '{"id":4,"v":"a"}\n' | cat C - >E
same 'insert 4' 'E' <E
same 'insert 4' 'E again' <E
ack failed <out >failed
status 1 rudder-diff --commit -s st failed
same 'delete 4' 'in doubt, and gone' <C
ack accepted <out | rudder-diff --commit -s st

# unknown is not an answer
same 'insert 4' 'E' <E
ack unknown <out >unknown
status 1 rudder-diff --commit -s st unknown
same 'delete 4' 'unknown, and gone' <C
ack accepted <out | rudder-diff --commit -s st

# foreign, repeated and shuffled receipts change nothing wrongly
same "update 1
update 2" 'two updates' <<'ROWS'
{"id":1,"v":"c"}
{"id":2,"v":"c"}
{"id":3,"v":"a"}
ROWS
printf '{"messageId":"00000000-0000-8000-8000-000000000000","status":"accepted"}\n{"messageId":7}\n{"status":"accepted"}\n' >foreign
status 65 rudder-diff --commit -s st foreign
{ ack accepted <out | grep messageId | sort -r; ack accepted <out | grep messageId; } >twice
status 65 rudder-diff --commit -s st twice
ack accepted <out >again
is '' "$(printf '{"id":1,"v":"c"}\n{"id":2,"v":"c"}\n{"id":3,"v":"a"}\n' | run)" 'after shuffled receipts'
cp -r st kept
status 65 rudder-diff --commit -s st twice
says ' for changes that are not pending'
cmp st/snapshot kept/snapshot || fail 'old receipts moved the snapshot'
status 1 rudder-diff --commit -s st again # complete: the exit status tells it
says ' for changes that are not pending'

# half of the receipts: the other half is sent again
printf '{"id":1,"v":"d"}\n{"id":2,"v":"d"}\n{"id":3,"v":"a"}\n' >F
same "update 1
update 2" 'F' <F
ack accepted <out | sed 2,2d >half
status 65 rudder-diff --commit -s st half
same 'update 1' 'the other half' <F
ack accepted <out | rudder-diff --commit -s st

# a commit that was killed with its receipts in the file: the next run knows
printf '{"id":1,"v":"e"}\n{"id":2,"v":"d"}\n{"id":3,"v":"a"}\n' >G
same 'update 1' 'G' <G
ack accepted <out | sed '$d' >nearly
mkfifo p
rudder-diff --commit -s st <p & commit=$!
exec 3>p
cat nearly >&3
eventually 'receipts in the file' larger st/receipts 32
kill -9 $commit
wait $commit 2>/dev/null || :
exec 3>&-
same '' 'after a killed commit' <G
[ ! -e st/receipts ] || fail 'answers are left'

# Ctrl-C does not stop a commit: what the sender still says is heard
printf '{"id":1,"v":"f"}\n{"id":2,"v":"d"}\n{"id":3,"v":"a"}\n' >H
same 'update 1' 'H' <H
ack accepted <out >receipts
rudder-diff --commit -s st <p & commit=$!
exec 3>p
head -n 1 receipts >&3
eventually 'a commit that has begun' [ -e st/receipts ]
kill -INT $commit
kill -TERM $commit
tail -n +2 receipts >&3
exec 3>&-
wait $commit || fail "commit: $?"
same '' 'after an interrupted commit' <H

# a key that is forgotten while a change of it may have arrived reappears under
# another change id: what drops events that it knows must not drop this one
id_of() { sed -n "s/.*\"id\":\"$1\",\"change\":\"\([0-9a-f]*\)\".*/\1/p" "$2"; }
for known in '' '{"id":3}'; do
	rm -rf fg
	[ -z "$known" ] || { echo "$known" | rows | rudder-diff -k id -s fg >out && ack accepted <out | rudder-diff --commit -s fg; }
	{ echo "$known" && printf '{"id":1}\n{"id":2}\n'; } | sed '/^$/d' | rows >in
	rudder-diff -k id -s fg in >out
	rudder-diff --forget 1 -s fg
	is 1 "$(rudder-diff --status -s fg | jq .pending)" 'unacknowledged changes'
	rudder-diff -s fg in >again
	is "$(id_of 2 out)" "$(id_of 2 again)" 'a change that was not forgotten'
	[ "$(id_of 1 out)" != "$(id_of 1 again)" ] || fail 'what was forgotten has its change id again'
done

# a folder where another filter writes its first file is a state to be; one of
# something else is not
mkdir sb other
touch sb/delta.tmp other/delta.tmpx
rows <A | rudder-diff -k id -s sb >out || fail "a file that is being written: $?"
rows <A >in
status 73 rudder-diff -k id -s other in
says "it contains 'delta.tmpx'"

# a commit that cannot open its state, and waits for what rudder-diff says of it, ends
# by a signal
touch blocked
mkfifo idle
rudder-diff --commit -s blocked/s <idle 2>said &
commit=$!
exec 4>idle
eventually 'the commit' sh -c "[ \"\$(cat /proc/$commit/comm)\" = rudder-diff ]"
# once it waits, which it shows nowhere, it ends by the next one
stopped_by TERM 0.02 $commit
exec 4>&-
got=0
wait $commit || got=$?
is 143 "$got" 'a commit without a state, stopped'

# the run after a commit gets both of its locks as soon as it gets one
if strace -o /dev/null true 2>/dev/null; then
	rows <A | rudder-diff -q -k id -s both >changed
	mkfifo slowly
	strace -f -o /dev/null -P "$PWD/both/lock" -e inject=close:delay_exit=2000000 rudder-diff -q --commit -s both <slowly 2>said &
	commit=$!
	exec 4>slowly
	ack accepted <changed >&4
	eventually 'a commit that has the lock' sh -c '! flock -n both/lock true'
	exec 4>&-
	eventually 'a commit that has let go of the lock' flock -n both/lock true
	rows <A | status 0 rudder-diff -q -k id -s both >changed
	wait $commit || fail "the commit: $(cat said)"
fi

# a lock that fails is not one that somebody else holds
if strace -o /dev/null true 2>/dev/null; then
	ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0 # it cannot trace what is traced
	export ASAN_OPTIONS
	ack accepted <out >receipts
	status 74 strace -f -o /dev/null -e inject=flock:error=EIO:when=2+ rudder-diff --commit -s st receipts
	! grep -q 'another commit' err || fail "EIO is reported as: $(cat err)"
	says 'Input/output error'
fi

# a state that has lost its snapshot is not a new one: rows that are missing would stay
rm -rf st
sync_all -k id -s st --mode mirror <A >/dev/null
rows <B | $D >out
cp -r st lost
rm lost/snapshot
lost="/lost' has lost its file snapshot"
for command in "rudder-diff -k id -s lost --mode mirror" "rudder-diff -k id -s lost -n" \
	"rudder-diff --status -s lost" "rudder-diff --dump -s lost" "rudder-diff --forget 1 -s lost"; do
	rows <B >in
	status 78 $command <in >/dev/null
	says "$lost"
done
ack accepted <out >receipts
rm -rf st && mv lost st
status 78 rudder-diff --commit -s st receipts
says "/st' has lost its file snapshot"
# before the first commit it has none
rm -rf st
rows <A | $D >out
same "insert 1
insert 2" 'no commit yet' <A
