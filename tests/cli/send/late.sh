#!/bin/sh
# Events whose receipts are committed are not sent again: each intent is looked
# up, also while others are still open.
. "$TOP/tests/tool/lib.sh"
. "$TOP/tests/tool/fake.sh"

first() { # OPTIONS OF rudder-diff: one delivered, one unknown, one refused
	rm -rf st got
	printf '{"id":1,"n":"a"}\n{"id":2,"n":"b"}\n{"id":3,"n":"c"}\n' | rows |
		rudder-diff -k id -s st "$@" | rudder-map -t identify -u id >plan
	printf 'accept\nreply 500\nreply 400\nalways reply 429\n' >script
	serve -s script -o got
	rudder-send -d "rudder:$URL" -c 3 -b 1 --retry-wait 5ms --retry-max-time 20ms <plan >receipts 2>err || :
	halt
}

for memory in '' '--memory 1'; do
	first
	# shellcheck disable=SC2086 # words
	rudder-diff --commit -s st $memory <receipts 2>err && fail 'committed: status'
	open=$(grep '"unknown"' receipts | jq -r .recordId)
	[ -n "$open" ] || fail "no event is unknown: $(cat receipts)"
	is "$(grep -c '"unknown"' receipts)" "$(rudder-diff --status -s st | jq .pending)" 'committed: pending'

	# only what is open leaves
	rm -f got
	serve -o got
	rc=0
	rudder-send -d "rudder:$URL" --failed later <plan >again 2>err || rc=$?
	halt
	is 0 $rc 'again: status'
	is "$open" "$(jq -r .userId got)" 'again: what was sent'
	is 2 "$(grep -c '"skipped".*"late":true,"reason":"the receipt for this change is committed"' again)" 'again: receipts'
	is 0 "$(grep -c userId later)" 'again: nothing more to try'
	# what was refused before is not done by that; once it is given up, it is
	cp -a st was
	# shellcheck disable=SC2086 # words
	status 1 rudder-diff --commit -s st $memory again
	says '1 change of an earlier commit of this run was not delivered: the next run sends its row'
	rm -rf st && cp -a was st
	# shellcheck disable=SC2086 # words
	status 0 rudder-diff --commit -s st $memory --rejected accept again
	# the same if the commit was killed before it recorded the run
	rm -rf st && cp -a was st && rm st/runs
	# shellcheck disable=SC2086 # words
	status 1 rudder-diff --commit -s st $memory again
	says 'an earlier commit of this run was killed before it recorded what was delivered'
	rm -rf st && mv was st

	# what somebody fixed must not pass for done: it is refused, and the status
	# reports receipts that nobody waits for
	sed '1s/"type":"begin"/&,"failed_by":"0123456789abcdef"/' plan >fixed
	rudder-send -d file:got <fixed >again 2>err && fail 'fixed: status'
	is 2 "$(grep -c '"rejected".*"reason":"not sent: the receipt of this change is already committed"' again)" 'fixed: receipts'
	rc=0
	# shellcheck disable=SC2086 # words
	rudder-diff --commit -s st $memory <again 2>err || rc=$?
	is 1 $rc 'again: commit'
	says '2 receipts are for changes that are not pending'
done

# all of them are late: the run stops before anything is sent
rc=0
rudder-send -d file:none <plan >raw 2>err || rc=$?
is 64 $rc 'all late: status'
[ ! -s none ] || fail 'all late: something was sent'

# a commit is applying other receipts: what it settles is not sent again
seq 3 | sed 's/.*/{"id":&}/' | rows >in
rm -rf st
rudder-diff -k id -s st in | rudder-map -t identify -u id >plan
rudder-send -d file:got --max-events 1 <plan | rudder-diff --commit -s st 2>err || :
is 2 "$(rudder-diff --status -s st | jq .pending)" 'a part of a plan: pending'
for settles in 1 2; do
	rm -rf was after ev locked
	cp -a st was && : >ev
	part='--max-events 2'
	[ $settles = 1 ] || part=''
	# shellcheck disable=SC2086 # words
	rudder-send -d file:more $part <plan | rudder-diff --commit -s st 2>err || :
	mv st after && cp -a was st
	# the commit has the lock, and then its result is there
	flock -o st sh -c ': >locked && sleep 1 && rm st/pending && cp after/pending st/ 2>/dev/null' &
	eventually 'the lock' test -e locked
	rc=0
	rudder-send -d file:ev <plan >again 2>err || rc=$?
	wait
	rm -rf st && mv was st
	is "$((2 - settles))" "$(wc -l <ev)" "$settles settled meanwhile: $(cat err)"
	is "$(((settles - 1) * 64))" $rc "$settles settled meanwhile: status"
done
