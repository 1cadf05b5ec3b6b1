#!/bin/sh
# Receipts that cannot be written: nothing more is sent, and the end comes at
# once.
. "$TOP/tests/tool/lib.sh"
. "$TOP/tests/tool/fake.sh"

events 300 >in
serve -o got
rc=0
rudder-send -d "rudder:$URL" -c 1 -b 1 <in >/dev/full 2>err || rc=$?
halt
is 74 $rc 'disk full: status'
[ "$(wc -l <got)" -lt 20 ] || fail "disk full: $(wc -l <got) events were sent"

# a stop, with more receipts to write than a buffer holds
events 5000 50 >in
for lanes in 1 8; do
	echo 'always delay 50 reply 401' >script
	serve -s script
	rc=0
	timeout 300 rudder-send -d "rudder:$URL" -c $lanes -b 10 <in >/dev/full 2>err || rc=$?
	halt
	is 74 $rc "disk full, stopped, $lanes: status"
done

# a stop, where the events that failed cannot be kept: not all receipts are written,
# so the state does not hear of an end of this sender
seq 1 3000 | sed 's/.*/{"id":&}/' | rows | rudder-diff -k id -s st | rudder-map -t identify -u id >in
echo 'always reply 401' >script
serve -s script
mkdir failed
rc=0
SHIM=write:1:ENOSPC SHIM_UNDER=$PWD/failed SHIM_LOG=$PWD/log LD_PRELOAD=$B/tool/shim.so \
	rudder-send -d "rudder:$URL" -c 1 -b 10 --failed failed/events <in >raw 2>err || rc=$?
halt
[ -e log ] || exit 0 # no library can be preloaded
is '74 1' "$rc $(grep -c ENOSPC log)" "no room for failed events: status: $(cat err)"
is '' "$(ls failed)" 'no room for failed events: a file without some of them'
is '1 0' "$(grep -c ' start ' st/sent) $(grep -c ' end ' st/sent)" 'no room for failed events: what the state notes'
