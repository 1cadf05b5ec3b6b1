#!/bin/sh
# One event whose content makes the server fail must not hold up its neighbours:
# they arrive in the first run, once, in time, and with few more requests.
# `make fault-poison` tries every place of the batch.
. "$TOP/tests/tool/lib.sh"
. "$TOP/tests/tool/fake.sh"

n=1000
extra=28 # 2 log2(1000) + 8 for each bad event

# the events 1 to n, of which those named are bad; USERS take turns
poisoned() { # USERS PLACE ...
	users=$1
	shift
	events $n "$users" | awk -v bad=" $* " '
		match($0, /"recordId":"[0-9]+"/) && index(bad, " " substr($0, RSTART + 12, RLENGTH - 13) " ") {
			sub(/"type"/, "\"traits\":{\"x\":\"POISON\"},\"type\"")
		}
		{print}'
}

# The bad events are STATUS, all others accepted
check() { # WHAT STATUS PLACE ...
	what=$1 want=$2
	shift 2
	is "$# $((n - $#))" "$(count "$want") $(count accepted)" "$what: receipts"
	is "$((n - $#)) $((n - $#))" "$(sort -u got | wc -l) $(wc -l <got)" "$what: each other event once"
	echo "$@" | tr ' ' '\n' | sort -n >bad
	sed -n "/\"$want\"/s/.*\"recordId\":\"\([0-9]*\)\".*/\1/p" receipts | sort -n | cmp - bad || fail "$what: others were blamed"
}

# One fake serves all runs with a status
poison() { # STATUS CONNECTIONS USERS PLACE ...
	c=$2 users=$3
	what="$1 for $4${5:+ $5 ...} with $c connections"
	shift 3
	: >log
	: >got
	poisoned "$users" "$@" >in
	rc=0
	send -c "$c" -b "${size:-$n}" <in || rc=$?
	is 1 $rc "$what: status: $(cat err)"
	check "$what" unknown "$@"
	# each lane makes one request where nothing is bad; libcurl repeats one by
	# itself where a connection closes without a reply
	more=$extra
	[ "$code" != 0 ] || more=$((extra * 2))
	[ "$(wc -l <log)" -le $((c + more * $#)) ] || fail "$what: $(wc -l <log) requests"
}

places=${PLACES:-1 2 3 499 500 501 777 998 999 1000}
for code in 500 503 409 0; do
	serve -t 7200 -r POISON -x $code -l log -o got
	for c in 1 8 32; do
		for at in $places; do
			poison $code $c $n "$at"
			[ -n "${PLACES:-}" ] || [ $code = 500 ] || break
		done
	done
	[ $code != 500 ] || [ -n "${PLACES:-}" ] || {
		# several; side by side; all of one user
		poison 500 1 $n 1 2
		poison 500 1 $n 1 2 3 4 5
		poison 500 1 $n 500 501
		poison 500 1 $n 999 1000
		poison 500 1 1 1
		poison 500 1 1 1 2
		poison 500 8 $n 1 1000
		# shellcheck disable=SC2046 # words
		poison 500 8 $n $(seq 1 100 1000)
		# shellcheck disable=SC2046 # words
		poison 500 1 $n $(seq 600 640)
		# the only good event is in a batch that is not full
		n=11 size=10
		# shellcheck disable=SC2046 # words
		poison 500 1 11 $(seq 10)
		n=1000 size=
	}
	halt
done
