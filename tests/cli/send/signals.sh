#!/bin/sh
# SIGINT and SIGTERM: what is in flight ends, receipts are written, the tool
# dies by the signal; a second run sends the rest only.
. "$TOP/tests/tool/lib.sh"
. "$TOP/tests/tool/fake.sh"

for sig in INT TERM HUP; do
	rm -f got log
	echo 'always delay 300 accept' >script
	serve -s script -o got -l log
	events 100 >in
	# 100 events in ten batches of one lane: the third second never comes
	(
		trap - INT TERM HUP
		exec rudder-send -d "rudder:$URL" -c 1 -b 10 <in >raw 2>err
	) &
	pid=$!
	eventually 'a first request' larger got 0
	env kill -$sig $pid
	rc=0
	wait $pid || rc=$?
	case $sig in
	INT) want=130 ;;
	TERM) want=143 ;;
	HUP) want=129 ;;
	esac
	sed 's/"ms":[0-9]*/"ms":0/' raw >receipts
	is "$want" $rc "$sig: status"
	is "$(wc -l <got)" "$(count accepted)" "$sig: accepted is what arrived"
	is 100 "$(grep -c recordId receipts)" "$sig: every event has a receipt"
	! grep -q '"end"' receipts || fail "$sig: an end line"
	[ "$(count accepted)" -ge 10 ] || fail "$sig: what was in flight is lost"
	# again, with what was not accepted
	grep '"accepted"' receipts | sed 's/.*\("messageId":"[^"]*"\).*/\1/' >sent
	grep -v -F -f sent in | grep messageId >rest
	halt
	serve -o got
	send --trust-eof <rest || fail "$sig: the second run"
	halt
	is '100 100' "$(wc -l <got) $(sort -u got | wc -l)" "$sig: all arrived once"
done

# a second signal does not wait for the grace time
echo 'always hang' >script
rm -f log
serve -s script -l log
(
	trap - INT
	exec rudder-send -d "rudder:$URL" -c 1 --grace 2h <in >raw 2>err
) &
pid=$!
eventually 'a request in flight' larger log 0
env kill -INT $pid
eventually 'the first signal' taken $pid
sleep 0.6
! ended $pid || fail 'twice: the first signal does not wait'
stopped_by INT 0.6 $pid
rc=0
wait $pid || rc=$?
is 130 $rc 'twice: status'
sed 's/"ms":[0-9]*/"ms":0/' raw >receipts
is 100 "$(count unknown)" 'twice: unknown'

# those that the terminal and rudder run sent are the same signal
echo 'always delay 1000 accept' >script.slow
rm -f got
halt
serve -s script.slow -o got
(
	trap - INT TERM
	exec rudder-send -d "rudder:$URL" -c 1 -b 10 --grace 20s <in >raw 2>err
) &
pid=$!
eventually 'a request in flight' larger got 0
env kill -STOP $pid # so that they come at the same time, whatever else runs here
env kill -INT $pid
env kill -TERM $pid
env kill -CONT $pid
rc=0
wait $pid || rc=$?
sed 's/"ms":[0-9]*/"ms":0/' raw >receipts
is '0 100' "$(count unknown) $(grep -c recordId receipts)" 'both: in flight'
[ "$(count accepted)" -ge 10 ] || fail "both: $(count accepted) accepted"
halt
serve -s script -l log

# the grace time has an end
: >log
(
	trap - TERM
	exec rudder-send -d "rudder:$URL" -c 1 -b 50 --grace 300ms <in >raw 2>err
) &
pid=$!
eventually 'a request in flight' larger log 0
env kill -TERM $pid
rc=0
wait $pid || rc=$?
is 143 $rc 'grace: status'
sed 's/"ms":[0-9]*/"ms":0/' raw >receipts
is '50 50' "$(count unknown) $(count failed)" 'grace: in flight unknown, the rest failed'

# and so it is for any HTTP destination
: >log
(
	trap - TERM
	exec rudder-send -d "webhook:$URL/x" -c 1 -b 50 --grace 300ms <in >raw 2>err
) &
pid=$!
eventually 'a request in flight' larger log 0
env kill -TERM $pid
rc=0
wait $pid || rc=$?
is 143 $rc 'grace, webhook: status'
sed 's/"ms":[0-9]*/"ms":0/' raw >receipts
is '50 50' "$(count unknown) $(count failed)" 'grace, webhook: in flight unknown, the rest failed'
