#!/bin/sh
# A destination that accepts nothing is not silent, and nobody's command ends.
. "$TOP/tests/tool/lib.sh"
. "$TOP/tests/tool/fake.sh"

dead=http://127.0.0.1:1
events 4 >in

# after ten seconds, and before the minute is over once; longer times in minutes
(
	trap - TERM
	exec rudder-send -d "rudder:$dead" -c 2 --retry-wait 100ms --retry-max-wait 500ms --retry-max-time 150s <in >raw-long 2>err-long
) &
long=$!
rc=0
rudder-send -d "rudder:$dead" -c 2 --retry-wait 100ms --retry-max-wait 500ms --retry-max-time 13s <in >raw 2>err || rc=$?
is 69 $rc 'status'
is 2 "$(wc -l <err)" "lines: $(cat err)"
ownerless err
grep -q 'rudder-send: warning: .*[Cc]onnect.*; retrying for up to 13s' err || fail "$(cat err)"
grep -q 'rudder-send: gave up after' err || fail "$(cat err)"
# the host is not a value of a row
grep -q '"type":"abort",.*127\.0\.0\.1 port 1 ' raw || fail "$(tail -n 1 raw)"

eventually 'the warning of the other' test -s err-long
kill -TERM $long
wait $long || :
grep -q 'onnect.*; retrying for up to 2m$' err-long || fail "$(cat err-long)"

# one that replies so is named
echo 'always reply 503' >script
serve -s script
rc=0
rudder-send -d "rudder:$URL" -c 1 --retry-wait 100ms --retry-max-wait 500ms --retry-max-time 12s <in >raw 2>err || rc=$?
is 69 $rc 'status of 503'
halt
ownerless err
grep -qF "rudder-send: warning: '$URL': HTTP 503; retrying for up to 12s" err || fail "$(cat err)"
grep -q "rudder-send: '$URL': gave up after .*: HTTP 503$" err || fail "$(cat err)"

# not when it was shorter
echo 'repeat 4 reply 503' >script
serve -s script
send -c 1 <in || fail 'four 503'
halt
[ ! -s err ] || fail "said of four 503: $(cat err)"

# a signal: the last error is said, and what was not tried is not called failed
events 100 >in
(
	trap - TERM
	exec rudder-send -v -d "rudder:$dead" -c 1 -b 10 --retry-wait 10ms <in >raw 2>err
) &
pid=$!
sleep 1
kill -TERM $pid
rc=0
wait $pid || rc=$?
is 143 $rc 'signal: status'
grep -q 'stopped by a signal; last error: .*onnect' err || fail "signal: $(cat err)"
grep -q '100 events, 0 accepted, 10 failed, 90 not tried' err || fail "signal: $(cat err)"

# its shell has ended, as when make(1) gets SIGTERM: it does not go on for 15 minutes
orphan() { # COMMAND OF THE SHELL BEFORE IT
	rm -f pid
	sh -c "$1"'
		rudder-send -d "rudder:$1" -c 1 --retry-wait 10ms --retry-max-wait 100ms <in >raw 2>err &
		echo $! >pid
		wait' sh "$dead" &
	shell=$!
	eventually 'its pid' test -s pid
	sleep 0.5
	kill -KILL $shell
	wait $shell || :
	pid=$(cat pid)
}
orphan ''
gone() { ! kill -0 "$pid" 2>/dev/null; }
eventually 'its end' gone
grep -q 'the process that started this command has ended' err || fail "orphan: $(cat err)"
grep -q '"type":"abort","stage":"send","status":75' raw || fail "orphan: $(cat raw)"
is 100 "$(grep -c '"status":"failed"' raw)" 'orphan: receipts'
# unless it is to outlive it
orphan 'trap "" HUP;'
sleep 3
kill -0 "$pid" || fail "nohup: it has ended: $(cat err)"
kill -TERM "$pid"
eventually 'its end' gone
