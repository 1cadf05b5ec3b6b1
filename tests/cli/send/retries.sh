#!/bin/sh
# Giving up, Retry-After, and a server that is not there.
. "$TOP/tests/tool/lib.sh"
. "$TOP/tests/tool/fake.sh"

# gave up: 69, unknown, no end line
echo 'always reply 503 body "service unavailable"' >script
serve -s script -l log
rc=0
events 4 | send -c 1 --retry-max-time 300ms || rc=$?
is 69 $rc 'always 503: status'
is 4 "$(count unknown)" 'always 503: unknown'
grep -q 'gave up after [0-9]* attempts: HTTP 503: service unavailable' err || fail 'always 503: message'
! grep -q '"end"' receipts || fail 'always 503: an end line'
[ "$(wc -l <log)" -ge 3 ] || fail 'always 503: hardly tried again'
halt

# tried again when its time has come, not at the next tick of a second
echo 'always reply 503' >script
rm -f log
serve -s script -l log
rc=0
events 1 | send -c 1 --retry-wait 1ms --retry-max-wait 1ms --retry-max-time 1s || rc=$?
is 69 $rc 'soon again: status'
[ "$(wc -l <log)" -ge 10 ] || fail "soon again: $(wc -l <log) requests in a second"
halt

# 429 to the end: 75, "later"
echo 'always reply 429' >script
serve -s script
rc=0
events 4 | send -c 1 --retry-max-time 200ms || rc=$?
is 75 $rc 'always 429: status'
is 4 "$(count failed)" 'always 429: failed'
halt

# Retry-After longer than the own wait is kept, in both forms
for when in 1 'Sun, 06 Nov 1994 08:49:38 GMT'; do
	printf 'reply 503 "Date: Sun, 06 Nov 1994 08:49:37 GMT" "Retry-After: %s"\n' "$when" >script
	rm -f log
	serve -s script -l log
	events 2 | send -c 1 || fail "Retry-After: $when"
	halt
	[ "$(awk '{t[NR] = $1} END {print (t[2] - t[1] >= 990 && t[2] - t[1] < 1900)}' log)" = 1 ] ||
		fail "Retry-After: $when: wait of $(cat log)"
done

# an API that says by its own headers when it allows more
for reply in '429 "X-RateLimit-Reset: 1"' '429 "RateLimit: limit=5, remaining=0, reset=1"' \
	'200 "X-RateLimit-Remaining: 0" "X-RateLimit-Reset: 1"' '200 "RateLimit-Remaining: 0" "RateLimit-Reset: 1"'; do
	printf 'reply %s\nalways reply 200\n' "$reply" >script
	rm -f log
	serve -s script -l log
	events 2 2 | send -c 1 -d "webhook:$URL/x" || fail "$reply: $(cat err)"
	halt
	[ "$(awk '{t[NR] = $1} END {print (t[NR] - t[1] >= 990)}' log)" = 1 ] || fail "$reply: wait of $(cat log)"
done
# one that is too far away is not waited for, nor is one with some left
printf '%s\n' 'reply 200 "RateLimit-Remaining: 0" "RateLimit-Reset: 80000"' 'always reply 200 "RateLimit-Remaining: 1" "RateLimit-Reset: 80000"' >script
serve -s script
events 3 3 | send -c 1 -d "webhook:$URL/x" || fail "a far reset: $(cat err)"
halt

# a wish beyond the limit: not waited for
echo 'always reply 503 "Retry-After: 3600"' >script
serve -s script
rc=0
events 2 | send -c 1 || rc=$?
is 69 $rc 'Retry-After 3600: status'
halt

# nobody listens: before sending, so nothing is in doubt
URL=http://127.0.0.1:1
rc=0
events 4 | send -c 1 --retry-max-time 200ms || rc=$?
is 69 $rc 'refused: status'
is 4 "$(count failed)" 'refused: failed'
grep -q '"attempts":0' receipts || fail 'refused: nothing was sent'
grep -q 'gave up after [1-9][0-9]* attempts: ' err || fail "refused: $(cat err)"

# no such host
rc=0
events 1 | send -c 1 -d rudder:https://host.invalid --retry-max-time 200ms || rc=$?
is 69 $rc 'no host: status'
is 1 "$(count failed)" 'no host: failed'

# the server starts again on its port
serve
halt
(
	sleep 0.5
	exec fake -P "$PORT" -o got -t 5
) &
late=$!
events 100 7 | send || fail 'a server that comes late'
is 100 "$(count accepted)" 'late server: accepted'
kill $late
wait $late || :
is 100 "$(wc -l <got)" 'late server: got'

# a rate that was asked for
rm -f log
serve -l log
begun=$(date +%s%N)
events 300 | send -c 4 -b 20 --rate 300 --burst 20 || fail 'rate'
took=$((($(date +%s%N) - begun) / 1000000))
halt
is 300 "$(count accepted)" 'rate: accepted'
[ $took -ge 850 ] || fail "rate: 300 events at 300 a second took $took ms"

# what may go at once before the rate is kept
serve
begun=$(date +%s%N)
events 300 | send -c 4 -b 20 --rate 1 --burst 300 || fail 'burst'
took=$((($(date +%s%N) - begun) / 1000000))
halt
[ $took -lt 200000 ] || fail "burst: 300 events at 1 a second, all at once, took $took ms"

# under 429 and 503 fewer requests are in flight
pressed() { # CODE STATUS
	echo "always delay 20 reply $1" >script
	rm -f log
	serve -s script -l log
	rc=0
	events 3200 400 | send -c 16 -b 10 --retry-wait 5ms --retry-max-wait 5ms --retry-max-time 1500ms || rc=$?
	halt
	is "$2" $rc "pressure $1: status"
	# sixteen lanes that each try every 25 ms would be 960
	[ "$(wc -l <log)" -lt 320 ] || fail "pressure $1: $(wc -l <log) requests in 1.5 seconds"
}
pressed 429 75
pressed 503 69

# also where others are accepted, so that failures in a row are no reason to send
# one at a time: of sixteen lanes, few have a request in flight
eased() { # STATUS
	awk -v status="$1" 'BEGIN {
		for (i = 0; i < 60; i++)
			print "repeat 2 delay 50 reply " status "\nrepeat 2 delay 50 accept"
		print "always accept"
	}' >script
	rm -f log
	serve -s script -l log
	events 600 400 | send -c 16 -b 10 --retry-wait 1ms --retry-max-wait 1ms --retry-max-time 1m || :
	halt
	few=$(awk 'NR > 60 && NR <= 120 {n += $8} END {print int(n / 60 * 10)}' log)
	[ "$few" -le 50 ] || fail "eased $1: $few tenths of a request in flight"
}
part eased-429 eased 429
part eased-503 eased 503
parts

# bodies are compressed, unless --no-gzip
printf 'always accept\n' >script
for option in '' --no-gzip; do
	rm -f raw.http got
	serve -s script -R raw.http -o got
	# shellcheck disable=SC2086 # empty is no word
	events 200 >in
	send -c 1 $option <in || fail "gzip $option"
	halt
	is 200 "$(wc -l <got)" "gzip $option: there"
	case $option in
	'') is '1 small' "$(grep -cai '^content-encoding: gzip' raw.http) $([ "$(wc -c <raw.http)" -gt 5000 ] || echo small)" 'gzip' ;;
	*) is '0 large' "$(grep -cai '^content-encoding' raw.http) $([ "$(wc -c <raw.http)" -lt 12000 ] || echo large)" 'gzip: none' ;;
	esac
done

# when nothing works, one lane tries, not all of them
echo 'always reply 500' >script
rm -f log
serve -s script -l log
rc=0
events 1000 100 | send -c 16 -b 10 --retry-wait 20ms --retry-max-wait 20ms --retry-max-time 1s || rc=$?
halt
is 69 $rc 'breaker: status'
# sixteen lanes that each try every 11 ms on the average would be 1400
[ "$(wc -l <log)" -lt 300 ] || fail "breaker: $(wc -l <log) requests in a second"
