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
grep -q '0 accepted, .*1 retries  [0-9] s  waiting [12] s: HTTP 503: too busy' seen || fail "no live line in: $(cat -v seen)"
grep -q '3 events, 3 accepted; 2 requests, 1 retry, [0-9]* bytes, slowest tenth from' seen || fail "no summary in: $(cat -v seen)"

# what is known of how many, by name; as wide as the terminal
cat >script.txt <<'END'
accept
reply 400 body "bad"
always reply 503 "Retry-After: 2" body "a reason as long as a reason may be that does not fit into a line"
END
serve -s script.txt
events 3 >in
script -qec "stty cols 60; rudder-send -d rudder:$URL -b 1 -c 1 --retry-max-time 2500ms <in >raw" /dev/null >seen </dev/null || :
halt
tr '\r' '\n' <seen | sed 's/.\[K//g' >lines
grep -q '^1 accepted, 1 rejected, .*  [0-9]' lines || fail "no second line: $(cat lines)"
[ "$(grep -v '^rudder-send' lines | awk '{if (length > m) m = length} END {print m}')" -le 59 ] || fail "wider than the terminal: $(cat lines)"
grep -q 'rudder-send: 3 events, 1 accepted, 1 rejected, 1 unknown; 4 requests, 1 retry, [0-9]* bytes,' lines || fail "summary: $(cat lines)"

# a signal is answered, though a request may still end
echo 'always hang' >script.txt
serve -s script.txt
script -qec "rudder-send -d rudder:$URL --grace 1500ms <in >raw & sleep 1.2; kill -INT \$!; wait \$!" /dev/null >seen </dev/null || :
halt
grep -q 'stopping within [12] s; Ctrl-C again to stop now' seen || fail "not stopping: $(cat -v seen)"
grep -q '3 unknown' seen || fail "stopping: $(cat -v seen)"

# elsewhere: silence
serve
rudder-send -d "rudder:$URL" <in >raw 2>err || fail 'status'
[ ! -s err ] || fail "not silent: $(cat err)"
rudder-send -d "rudder:$URL" -v --stats stats <in >raw 2>err || fail 'status'
grep -q '^rudder-send.*: 3 events, 3 accepted' err || fail "no summary: $(cat err)"
grep -q '^{"events":3,"accepted":3,' stats || fail "stats: $(cat stats)"
halt
