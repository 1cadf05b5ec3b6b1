# unsynced.sh - runs whose only changes are deletes, on a disk that fails
. "$TOP/tests/tool/lib.sh"
D='rudder-diff -s st --mode mirror'

# shim CALL:N:WHAT COMMAND ...: the N-th such call below the state fails
shim() {
	point=$1
	shift
	rm -f log
	SHIM=$point SHIM_UNDER=$PWD/st SHIM_LOG=$PWD/log LD_PRELOAD=$B/tool/shim.so "$@"
}
count() { sed -n "s/^$1 \([0-9]*\)$/\1/p" log; }
first() {
	rm -rf st
	seq 1 20 | sed 's/.*/{"id":&}/' | rows | sed '1s/}}$/,"clock":"1 0123456789abcdef0123456789abcdef 1"}}/' >all
	rudder-diff -k id -s st all >out
	ack accepted <out | rudder-diff --commit -s st
	seq 1 15 | sed 's/.*/{"id":&}/' | rows | sed '1s/}}$/,"clock":"2 0123456789abcdef0123456789abcdef 2"}}/' >rows
}

first
shim none $D rows >out
[ -e log ] || skip 'no library can be preloaded into rudder-diff'
is 5 "$(changes <out | wc -l)" 'deletes, and nothing else'
calls=$(for call in open write fsync rename; do echo "$call" "$(count $call)"; done)
[ "$(count fsync)" -ge 2 ] || fail 'nothing is synced before the deletes leave'
read_runs=0 named_run=0
echo "$calls" | while read -r call n; do
	while [ "$n" -gt 0 ]; do
		first
		got=0
		shim "$call:$n:EIO" $D rows >out 2>err || got=$?
		grep -q '^EIO' log || fail "$call $n did not fail"
		# one that only looks for the record of the run before
		if [ "$call $got $read_runs" = 'open 0 0' ]; then
			read_runs=1
			n=$((n - 1))
			continue
		fi
		# the id of the run in `lock`, which only names it
		if [ "$call $n $got $named_run" = 'write 2 0 0' ]; then
			named_run=1
			is 1 "$(wc -l <st/lock)" 'lines of lock: the write that failed was another one'
			n=$((n - 1))
			continue
		fi
		# no delete leaves before its intent is on the disk, nor an end line
		case $got in 73 | 74) ;; *) fail "$call $n: status $got: $(cat err)" ;; esac
		is '' "$(changes <out)" "deletes where $call $n fails"
		! grep -q '"type":"end"' out || fail "an end where $call $n fails"
		# and the next run has all to do
		$D rows >out || fail "after $call $n"
		is 5 "$(changes <out | wc -l)" "deletes after $call $n"
		n=$((n - 1))
	done
done || exit 1

# its commit: whatever fails, the next one repairs it, and older rows are refused
first
$D rows >out
ack accepted <out >receipts
cp -r st kept
shim none rudder-diff --commit -s st receipts
calls=$(for call in open write fsync rename; do echo "$call" "$(count $call)"; done)
echo "$calls" | while read -r call n; do
	while [ "$n" -gt 0 ]; do
		rm -rf st
		cp -r kept st
		got=0
		shim "$call:$n:EIO" rudder-diff --commit -s st receipts 2>err || got=$?
		case $got in 0 | 1 | 73 | 74) ;; *) fail "commit, $call $n: status $got: $(cat err)" ;; esac
		rudder-diff --commit -s st receipts 2>err || [ $got = 0 ] || fail "commit after $call $n: $(cat err)"
		is 15 "$(rudder-diff --status -s st | jq .keys)" "keys after $call $n"
		[ ! -e st/pending ] || fail "an intent is left after $call $n"
		status 78 $D all >out
		n=$((n - 1))
	done
done || exit 1

# what a run only has to note is on the disk before its end line: of a run whose
# one missing key waits for a second run, the file, its name and the note
noting() {
	first
	seq 1 19 | sed 's/.*/{"id":&}/' | rows >rows
}
noting
shim none $D --delete-after-runs 2 rows >out
is '' "$(changes <out)" 'a run that only notes'
[ -s st/pending ] || fail 'nothing is noted'
is 3 "$(count fsync)" 'syncs of a run that only notes'
for n in 1 2 3; do
	noting
	got=0
	shim "fsync:$n:EIO" $D --delete-after-runs 2 rows >out 2>err || got=$?
	case $got in 73 | 74) ;; *) fail "sync $n of a note: status $got: $(cat err)" ;; esac
	! grep -q '"type":"end"' out || fail "an end where sync $n of a note fails"
done
