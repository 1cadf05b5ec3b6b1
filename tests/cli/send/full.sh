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
