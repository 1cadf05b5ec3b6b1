#!/bin/sh
# Doubt outlives the sender: what an earlier rudder-send may have delivered is
# never "failed" or "rejected", and its row is sent until one is accepted.
. "$TOP/tests/tool/lib.sh"
. "$TOP/tests/tool/fake.sh"

plan() { # ROWS on standard input: their events, in plan
	rows | rudder-diff -k id -s st "$@" | rudder-map -t identify -u id >plan
}

new() { # a state that has delivered n = a
	rm -rf st got
	serve -o got
	printf '{"id":1,"n":"a"}\n{"id":2,"n":"a"}\n' | plan
	send <plan || fail "first: $(cat err)"
	rudder-diff --commit -s st <raw || fail 'first: commit'
	halt
	printf '{"id":1,"n":"b"}\n{"id":2,"n":"a"}\n' | plan
}

try() { # SCRIPT RECEIPTS: the plan to a server that does this
	echo "$1" >script
	to=$2
	shift 2
	serve -s script -o got
	send -c 1 --retry-max-time 50ms "$@" || :
	mv raw "$to"
	halt
}

commit() { # RECEIPTS ...
	for r in "$@"; do
		rc=0
		rudder-diff --commit -s st <"$r" 2>err || rc=$?
	done
}

# The row goes back to a: the destination may have b, so a must be sent.
goes_back() { # WHAT
	printf '{"id":1,"n":"a"}\n{"id":2,"n":"a"}\n' | plan
	serve -o got
	send <plan || fail "$1: back: $(cat err)"
	rudder-diff --commit -s st <raw || fail "$1: back: commit"
	halt
	is '{"n":"a"}' "$(grep '"userId":"1"' got | tail -n 1 | jq -c .traits)" "$1: stale"
}

# the first try unknown, the second refused or down; commits in both orders
for second in 'always reply 400' 'always reply 429' 'always reply 401'; do
	for order in 'second first' 'first second'; do
		new
		try 'always store reset' first --failed later <plan
		try "$second" second <later
		is 1 "$(grep -c '"status":"unknown"' second)" "$second: the second says"
		# shellcheck disable=SC2086 # words
		commit $order
		goes_back "$second, $order"
	done
done

# the first refused, the second unknown
for order in 'second first' 'first second'; do
	new
	try 'always reply 400' first --failed later <plan
	is 1 "$(grep -c '"status":"rejected"' first)" 'the first alone is sure'
	try 'always store reset' second <later
	# shellcheck disable=SC2086 # words
	commit $order
	goes_back "refused, unknown, $order"
done

# what the first has delivered, its receipts lost, the second cannot call failed
new
try 'accept' lost <plan
try 'always reply 429' second <plan
commit second
goes_back 'delivered, and receipts lost'

# until it works
new
for i in 1 2 3; do
	case $i in
	1) echo 'always store reply 500' ;;
	2) echo 'always reply 429' ;;
	3) echo 'always reply 400' ;;
	esac >script
	serve -s script -o got
	send -c 1 --retry-max-time 50ms <plan && break
	halt
done
commit raw
is 1 $rc 'until it works: status'
goes_back 'until it works'

# the first killed in the middle
new
echo 'always store hang' >script
serve -s script -o got
rudder-send -d "rudder:$URL" -c 1 <plan >raw 2>err &
pid=$!
eventually 'an event there' grep -q '"n":"b"' got
env kill -9 $pid
wait $pid || :
halt
try 'always reply 400' second <plan
is 1 "$(grep -c '"status":"unknown"' second)" 'killed: the second says'
commit second
goes_back 'killed'

# two at once
new
echo 'always store hang' >script
serve -s script -o got
rudder-send -d "rudder:$URL" -c 1 --timeout 3s --retry-max-time 50ms <plan >slow 2>err &
pid=$!
eventually 'an event there' grep -q '"n":"b"' got
first=$FAKE
FAKE=
try 'always reply 400' second <plan
commit second
wait $pid || :
kill "$first"
commit slow
goes_back 'two at once'

# with a state that is out of reach nothing is ever proven
new
try 'always reply 400' far --no-lock <plan
is '1 0' "$(grep -c '"status":"unknown".*"refused":true' far) $(grep -c rejected far)" 'no lock: receipts'

# a refusal in doubt is done with where that is wanted
new
try 'store reset
always reply 400' refused <plan
rudder-diff --commit -s st --rejected accept <refused || fail 'accept: commit'
printf '{"id":1,"n":"b"}\n{"id":2,"n":"a"}\n' | plan
is 0 "$(grep -c userId plan)" 'accept: nothing is left'

# a stage before, or we, refuse what an earlier sender may have delivered
new
try 'always store reset' first <plan
try accept second --max-event 10 <plan
is 1 "$(grep -c '"status":"unknown".*"refused":true' second)" 'too long: receipt'
commit second
goes_back 'too long for the second'

# what is certain stays so: one sender, and the file of what it refused
rm -rf st got
printf '{"id":1,"n":"b"}\n{"id":2,"n":"c"}\n{"id":3,"n":"d"}\n' | plan
printf 'reply 400\nreply 400\naccept\n' >script
serve -s script -o got
send -c 1 -b 1 --failed later <plan || :
cp raw first
halt
is '2 1' "$(grep -c rejected first) $(grep -c accepted first)" 'certain: first'
try 'always reply 400' second <later
is 2 "$(grep -c '"rejected"' second)" 'certain: second'
commit second first
[ ! -e st/pending ] || fail 'certain: pending is left'
[ ! -e st/sent ] || fail 'certain: sent is left'
