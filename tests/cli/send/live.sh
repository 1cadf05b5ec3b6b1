#!/bin/sh
# On a terminal: one live line with the reason of a wait, and a summary.
. "$TOP/tests/tool/lib.sh"
. "$TOP/tests/tool/fake.sh"
command -v script >/dev/null || skip 'no script(1)'
script -qc true /dev/null >/dev/null 2>&1 </dev/null || skip 'no pseudo-terminals here'

echo 'reply 503 "Retry-After: 2" body "too busy"' >script.txt
serve -s script.txt
events 3 >in
script -qec "rudder-send -d rudder:$URL -c 1 <in >raw" /dev/null >seen </dev/null || fail "status: $(cat seen)"
halt
grep -q 'waits [12] s: HTTP 503: too busy  3 events' seen || fail "no live line in: $(cat -v seen)"
grep -q '3 events, 3 accepted, .* 2 requests, 1 retries, .* slowest tenth from' seen || fail "no summary in: $(cat -v seen)"

# elsewhere: silence
serve
rudder-send -d "rudder:$URL" <in >raw 2>err || fail 'status'
[ ! -s err ] || fail "not silent: $(cat err)"
rudder-send -d "rudder:$URL" -v --stats stats <in >raw 2>err || fail 'status'
grep -q '^rudder-send: 3 events, 3 accepted' err || fail "no summary: $(cat err)"
grep -q '^{"events":3,"accepted":3,' stats || fail "stats: $(cat stats)"
halt
