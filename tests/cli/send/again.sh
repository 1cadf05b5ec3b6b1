#!/bin/sh
# --failed: what was refused is fixed and sent again, before its commit.
. "$TOP/tests/tool/lib.sh"
. "$TOP/tests/tool/fake.sh"

run() { # a run of the rows; receipts in $1, what was refused in later
	rows <rows.json | rudder-diff -k id -s st | rudder-map -t identify -u id >events
	rc=0
	rudder-send -d "rudder:$URL" --failed later <events >"$1" 2>err || rc=$?
}

serve -r POISON -o got
printf '{"id":1,"n":"a"}\n{"id":2,"n":"POISON"}\n' >rows.json
run first
is 1 $rc 'the first time'

# fixed, sent, and both receipts committed: the state knows both rows
sed -i 's/POISON/cured/' later
rudder-send -d "rudder:$URL" <later >second 2>err || fail "the second time: $(cat err)"
rudder-diff --commit -s st <second 2>err || :
rudder-diff --commit -s st <first 2>err || :
rows <rows.json | rudder-diff -k id -s st | grep -c '"type":"change"' >n || :
is 0 "$(cat n)" 'changes left after both commits'
is 2 "$(wc -l <got)" 'events there'

# after the commit the state would not learn of it: nothing is sent
rm -rf st
: >got
run first
rudder-diff --commit -s st <first 2>err || :
sed -i 's/POISON/cured/' later
rc=0
rudder-send -d "rudder:$URL" <later >second 2>err || rc=$?
is 64 $rc 'after the commit: status'
says 'is already committed: nothing was sent'
is 1 "$(wc -l <got)" 'after the commit: events there'
rows <rows.json | rudder-diff -k id -s st | grep -c '"type":"change"' >n || :
is 1 "$(cat n)" 'the next run gives it out'
