#!/bin/sh
# Ended at any moment, by any signal, before a server that misbehaves: no
# receipt says more than is true, and a run with the rest brings all there.
. "$TOP/tests/tool/lib.sh"
. "$TOP/tests/tool/fake.sh"

cat >script <<'END'
dice 11 12: reply 429 ; 6: reply 503 ; 3: store reset ; 3: reset early ; 3: store close ; 3: store reply 200 cut 17 ; 20: delay 30 accept
END
events 3000 100 >in
grep messageId in | sed 's/.*"messageId":"\([^"]*\)".*/\1/' | sort >all

ids() { # STATUS OF THE RECEIPTS, as a pattern
	sed -n 's/.*"messageId":"\([^"]*\)".*"status":"'"$1"'".*/\1/p' raw | sort
}

# what the receipts in raw say must fit what is there
honest() { # $1: what happened
	[ -z "$(tail -c 1 raw)" ] || sed -i '$d' raw # a last line cut by a kill
	sed 's/.*"messageId":"\([^"]*\)".*/\1/' got | sort -u >there
	ids accepted >accepted
	[ -z "$(comm -23 accepted there)" ] || fail "$1: accepted, but not there: $(comm -23 accepted there | head -3)"
	ids '\(failed\|rejected\)' >not
	[ -z "$(comm -12 not there)" ] || fail "$1: there, but $(comm -12 not there | head -3) failed"
	[ -z "$(ids '[a-z]*' | uniq -d)" ] || fail "$1: two receipts for $(ids '[a-z]*' | uniq -d | head -3)"
}

n=0
for sig in KILL TERM INT KILL TERM KILL; do
	n=$((n + 1))
	rm -f got raw
	: >got
	serve -s script -o got
	(
		trap - INT TERM
		exec rudder-send -d "rudder:$URL" -c 4 -b 20 --retry-wait 5ms --retry-max-wait 40ms --batch-age 20ms --timeout 300ms <in >raw 2>err
	) &
	pid=$!
	eventually 'the begin line' test -s raw
	sleep "0.$((n * 37 % 60 + 10))"
	kill -$sig $pid 2>/dev/null || :
	rc=0
	wait $pid || rc=$?
	halt
	honest "$n, $sig"
	case $sig in
	KILL) ;;
	*) [ $rc -le 1 ] || is 3000 "$(grep -c recordId raw)" "$n, $sig: every event that was read has a receipt" ;;
	esac
	if [ $rc -gt 1 ] && grep -q '"type":"end"' raw; then fail "$n, $sig: an end line"; fi
	# the rest, under the same ids
	sed 's/.*/"messageId":"&"/' accepted >sent
	grep -v -F -f sent in | grep messageId >rest || :
	serve -s script -o got
	[ ! -s rest ] || send --trust-eof -c 4 -b 20 --timeout 300ms --retry-max-time 20s <rest || fail "$n, $sig: the second run: $(cat err)"
	halt
	sed 's/.*"messageId":"\([^"]*\)".*/\1/' got | sort -u | cmp - all || fail "$n, $sig: events are missing"
done

# receipts that cannot be written any more: sending stops, and what was said is true
for blocks in 8 64; do
	rm -f got raw log
	: >got
	serve -o got -l log
	rc=0
	(
		ulimit -f $blocks
		exec rudder-send -d "rudder:$URL" -c 2 -b 20 <in >raw 2>err
	) || rc=$?
	halt
	is 74 $rc "file limit $blocks: status"
	says 'File too large'
	honest "file limit $blocks"
	[ "$(wc -l <got)" -lt 3000 ] || fail "file limit $blocks: all was sent"
done

# garbage between the events: each line has a receipt, each event arrives
rm -f got
serve -o got
{
	grep messageId in | head -n 200 | awk '{
		print
		if (NR % 5 == 1) print "{\"recordId\":\"x\",\"userId\":"
		if (NR % 5 == 2) print "\377\376\000binary\001"
		if (NR % 5 == 3) print "[1,2,3]"
		if (NR % 5 == 4) printf "{\"a\":\"\\ud800\",\"b\":%0300d}\n", 0
		if (NR % 5 == 0) print ""
	}'
} >mixed
rc=0
send --trust-eof -b 7 <mixed || rc=$?
halt
is 1 $rc 'garbage: status'
is 200 "$(wc -l <got)" 'garbage: events there'
grep -c messageId mixed >want
is "$(cat want)" "$(grep -c '"messageId".*"status":"accepted"' receipts)" 'garbage: accepted'
