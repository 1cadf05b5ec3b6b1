#!/bin/sh
# Where streams end, stall or fill up.
. "$TOP/tests/tool/lib.sh"
. "$TOP/tests/tool/fake.sh"

# a reply cut after each of its bytes: all accepted in the end, in order
awk 'BEGIN {for (k = 0; k <= 95; k++) {print "store reply 200 body \"ok\" cut " k; print "accept"}}' >script
serve -s script -o got
events 96 | send -c 1 -b 1 --retry-wait 1ms --retry-max-wait 2ms || fail 'cut: status'
halt
is 96 "$(count accepted)" 'cut: accepted'
is 96 "$(sort -u got | wc -l)" 'cut: there'
sed 's/.*"m-\([0-9]*\)".*/\1/' got | sort -nc || fail 'cut: order'
is '1 2' "$(sed -n 's/.*"attempts":\([0-9]*\),.*/\1/p' receipts | sort -u | xargs)" 'cut: attempts'

# a connection closed between requests: no event twice
echo 'always accept close' >script
rm -f got
serve -s script -o got
events 200 | send -c 2 -b 10 || fail 'closed between: status'
halt
is 200 "$(wc -l <got)" 'closed between: once each'

# the receipts' reader goes away: sending stops
echo 'always delay 50 accept' >script
rm -f log
serve -s script -l log
events 2000 >in
{
	rc=0
	rudder-send -d "rudder:$URL" -c 1 -b 10 <in 2>err || rc=$?
	echo $rc >status
} | head -n 1 >first
is 74 "$(cat status)" 'reader gone: status'
[ "$(wc -l <log)" -lt 20 ] || fail "reader gone: $(wc -l <log) of 200 requests were still made"
halt

# a producer that pauses: what is there is sent, and its receipts come
rm -f got
serve -o got
mkfifo held
rudder-send -d "rudder:$URL" --any-counts <held >raw 2>err &
pid=$!
exec 4>held
head -n 4 in >&4
all_there() { [ "$(grep -c accepted raw)" = 3 ]; }
eventually 'receipts of what is there' all_there
is 3 "$(wc -l <got)" 'pause: events there'
tail -n 1 in >&4
exec 4>&-
wait $pid || fail "pause: $(cat err)"
halt

# events that the data plane may find too long are counted
serve -o got
awk 'BEGIN {for (i = 0; i < 3; i++) printf "{\"userId\":\"u%d\",\"x\":\"%0*d\"}\n", i, i < 2 ? 33000 : 100, 0}' >big
send --trust-eof <big || fail "big events: $(cat err)"
grep -qF 'rudder-send: warning: 2 events are longer than 32768 bytes and may be rejected by the destination; use --max-event to reject them here' err || fail "big events: $(cat err)"
head -n 1 big >one
send --trust-eof <one || fail "a big event: $(cat err)"
grep -qF 'warning: 1 event is longer than 32768 bytes' err || fail "a big event: $(cat err)"
sed -n 3p big >one
send --trust-eof <one || fail "a small event: $(cat err)"
is '' "$(cat err)" 'a small event'
halt

# two runs into one file
: >out
mkfifo held2
flock out cat held2 >/dev/null &
pid=$!
exec 4>held2 # opens when the lock is taken
rc=0
rudder-send -d file:out <in >raw 2>err || rc=$?
is 75 $rc 'two writers: status'
exec 4>&-
wait $pid

# a slow server, and far more input than memory: the bound holds to the end
awk 'BEGIN {for (i = 0; i < 300000; i++) printf "{\"userId\":\"u%d\",\"x\":\"%0200d\"}\n", i, i}' >in
for slow in '10 5' '500 50' '5000 50'; do
	batch=${slow% *}
	echo "always delay ${slow#* } accept" >script
	serve -s script
	rm -f cost
	cost cost "rudder-send -d rudder:$URL -c 8 -b $batch --max-events $((batch * 2000)) --trust-eof <in >raw 2>err" ||
		fail "slow server, -b $batch: $(cat err)"
	peak=$(awk '{print $3}' cost)
	# shellcheck disable=SC2154 # sanitizers need far more
	case $B in *asan* | *coverage*) ;; *) [ "$peak" -lt 32768 ] || fail "memory, -b $batch: $peak KiB" ;; esac
	halt
done
