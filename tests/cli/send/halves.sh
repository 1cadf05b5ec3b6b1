#!/bin/sh
# A refused batch is halved until the bad event stands alone.
. "$TOP/tests/tool/lib.sh"
. "$TOP/tests/tool/fake.sh"

# $1: which of 1000 are bad (awk condition on i), $2: how many, $3: requests
poison() {
	rm -f log got
	serve -r POISON -l log -o got
	events 1000 | awk -v OFS= "{
		i = NR - 1
		if (i >= 1 && i <= 1000 && ($1))
			sub(/\"type\"/, \"\\\"traits\\\":{\\\"x\\\":\\\"POISON\\\"},\\\"type\\\"\")
		print
	}" >in
	rc=0
	send -c 1 -b 1000 <in || rc=$?
	halt
	is 1 $rc "$1: status"
	is "$2" "$(count rejected)" "$1: rejected"
	is $((1000 - $2)) "$(count accepted)" "$1: accepted"
	is $((1000 - $2)) "$(sort -u got | wc -l)" "$1: got"
	is $((1000 - $2)) "$(wc -l <got)" "$1: no event twice"
	[ "$(wc -l <log)" -le "$3" ] || fail "$1: $(wc -l <log) requests, at most $3 wanted"
	grep POISON in | sed 's/.*"recordId":"\([0-9]*\)".*/\1/' >bad
	grep '"rejected"' receipts | sed 's/.*"recordId":"\([0-9]*\)".*/\1/' | cmp - bad ||
		fail "$1: others were rejected"
	grep -q '"reason":"HTTP 400: event is poisoned"' receipts || fail "$1: no reason"
}

poison 'i == 1' 1 22
poison 'i == 500' 1 22
poison 'i == 501' 1 22
poison 'i == 777' 1 22
poison 'i == 1000' 1 22
poison 'i == 1 || i == 1000' 2 42
poison 'i == 500 || i == 501' 2 42
poison 'i % 100 == 0' 10 202

# too large for the server: halved without guilt, all taken
echo 'repeat 3 reply 413 body "request size exceeds max limit"' >script
rm -f log got
serve -s script -l log -o got
events 100 | send -c 1 -b 100 || fail '413: not all taken'
halt
is 100 "$(count accepted)" '413: accepted'
is kept "$(sed 's/.*"m-\([0-9]*\)".*/\1/' got | sort -nc && echo kept)" '413: order'
