#!/bin/sh
# rudder tee: one stream to several commands, slow ones, dead ones, killed ones
. "$TOP/tests/tool/lib.sh"

users -n 20000 >rows 2>log
size=$(wc -c <rows)

# same WHERE FILE ...: each has the bytes of rows
same() {
	where=$1
	shift
	for f; do
		cmp rows "$f" || fail "bytes differ: $where"
	done
}

# everybody gets every byte
rudder tee -- 'cat >a' 'cat >b' 'cat >c' <rows || fail "status $?"
same 'three commands' a b c

# a slow one does not hold up the others: its part waits on disk
rudder tee -- 'cat >a; : >finished' 'while [ ! -e finished ]; do sleep 0.05; done; cat >b' <rows || fail "status $?"
same 'a slow command' a b
rm finished

# but only as far as --spill allows
rudder tee --spill 64K -- 'cat >a; : >finished' 'sleep 0.3; [ ! -e finished ] || : >early; cat >b' <rows || fail "status $?"
[ "$size" -gt 2000000 ] || fail 'the rows fit in memory'
[ ! -e early ] || fail 'more waited than --spill allows'
same 'a small --spill' a b
rudder tee --spill 0 -- 'cat >a' 'sleep 0.1; cat >b' <rows || fail "status $?"
same '--spill 0' a b

# a dead one does not stop the others
got=0
rudder tee -- 'head -n 1 >a; exit 69' 'cat >b' 'kill -9 $$' <rows 2>err || got=$?
[ $got = 69 ] || fail "a dead command: status $got"
same 'beside a dead command' b
says 'rudder tee: 2 of 3 commands failed; the exit status is that of command 1'

# all dead: the input need not be read
yes '{"id":1}' | rudder tee -- true 'head -n 1 >a' || fail "status $?"

# the worst status, in the order of rudder-sync(7); another program's is 65
for pair in '1 3 3' '4 3 4' '3 69 69' '69 77 77' '0 1 1' '5 1 65' '75 65 65' '70 78 70' '127 69 69' '78 127 78'; do
	# shellcheck disable=SC2086 # three words
	set -- $pair
	got=0
	rudder tee -- "exit $1" "exit $2" </dev/null 2>err || got=$?
	[ "$got" = "$3" ] || fail "statuses $1 and $2: $got, wanted $3"
done
got=0
rudder tee 2>err || got=$?
[ $got = 64 ] || fail "no command: status $got"

# a signal: each command sees an abort line, and no end line
mkfifo in
(head -n 100 rows; exec sleep 60) >in &
feeder=$!
rm -f a b
rudder tee -- 'cat >a' 'cat >b' <in 2>err &
pid=$!
eventually rows test -s b
kill $pid
got=0
wait $pid || got=$?
kill $feeder 2>/dev/null || :
[ $got = 75 ] || fail "SIGTERM: status $got: $(cat err)"
for f in a b; do
	tail -n 1 $f | grep -q '^{"_rudder":{"type":"abort","stage":"tee","status":75,' || fail "no abort line: $(tail -n 1 $f)"
done

# all was read, and a command does not end: a second signal ends the wait
rm -f a
rudder tee -- 'cat >a; exec sleep 60' <rows 2>err &
pid=$!
eventually rows larger a $((size - 1))
kill $pid
eventually 'the first signal' taken $pid
kill $pid
got=0
wait $pid || got=$?
[ $got = 75 ] || fail "two signals: status $got: $(cat err)"
says 'stopped by a signal before all commands ended'

# killed: no end line
(head -n 100 rows; exec sleep 60) >in &
feeder=$!
rm -f a b
rudder tee -- 'cat >a; : >ended' 'cat >b' <in 2>err &
pid=$!
eventually rows test -s b
kill -9 $pid
wait $pid 2>/dev/null || :
eventually ended test -e ended
kill $feeder 2>/dev/null || :
! grep -q '"end"\|"abort"' a || fail 'killed, and the stream seems complete'

# reading fails: an abort line with the reason
got=0
rudder tee -- 'cat >a' <. 2>err || got=$?
[ $got = 74 ] || fail "a folder as input: status $got"
grep -q '"type":"abort","stage":"tee","status":74' a || fail "no abort line: $(cat a)"

# no room on disk for what the second one reads once the first has got all it will
got=0
TMPDIR=$PWD/none rudder tee -- 'cat >a; : >got_all' 'until [ -e got_all ]; do sleep 0.02; done; cat >b' <rows 2>err || got=$?
[ $got = 73 ] || fail "no folder for temporary files: status $got: $(cat err)"
tail -n 1 b | grep -q '"type":"abort"' || tail -c 1 b | grep -q . || fail "the slow one: $(tail -n 1 b)"
! tail -n 1 b | grep -q '"type":"end"' || fail 'no room, and the stream seems complete'

# the disk is full: nobody sees a complete stream
{ cat rows; echo '{"_rudder":{"type":"end","stream":"rows","rows":20000}}'; } >whole
got=0
# shellcheck disable=SC2016 # dir is that of fulldisk.sh
sh "$TOP/tests/tool/fulldisk.sh" said sh -c 'TMPDIR=$dir exec rudder tee -- "cat >a; : >full" "until [ -e full ]; do sleep 0.02; done; cat >b" <whole' 2>err || got=$?
if [ $got != 77 ]; then
	[ $got = 74 ] || fail "a full disk: status $got: $(cat err)"
	for f in a b; do
		! grep -q '"type":"end"' $f || fail 'the disk is full, and the stream seems complete'
	done
	grep -q '"type":"abort","stage":"tee","status":74' a || fail "no abort line: $(tail -n 1 a)"
fi

# whole syncs: two states from one query, and one destination is down
sync() {
	cat <<EOT
rudder-diff -k user_id -s $1 --mode upsert | rudder-map -t identify -u user_id |
	rudder-send -d "$2" --retry-max-time 0s | rudder-diff --commit -s $1
EOT
}
got=0
head -n 3000 rows | rudder-query -d ndjson:- |
	rudder tee -- "$(sync one null:)" "$(sync two 'exec:cat >first; exit 69')" 2>err || got=$?
[ $got = 69 ] || fail "one destination down: status $got: $(cat err)"
for n in 3000 0; do
	head -n 3000 rows | rudder-query -d ndjson:- >again
	got=$(rudder-diff -k user_id -s one -n <again 2>/dev/null | grep -c '"change"') || :
	[ "$got" = 0 ] || fail "$got changes are left for the good one"
	got=$(rudder-diff -k user_id -s two -n <again 2>/dev/null | grep -c '"change"') || :
	[ "$got" = "$n" ] || fail "$got changes are left for the bad one, wanted $n"
	sh -c "$(sync two null:)" <again
done
