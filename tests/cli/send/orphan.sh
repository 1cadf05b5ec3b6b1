#!/bin/sh
# A command of exec: that outlives its rudder-send: the next run waits for it.
. "$TOP/tests/tool/lib.sh"

run() { # ROW COMMAND
	echo "$1" | rows | rudder-diff -k id -s st $wait 2>err | rudder-map -t identify -u id |
		rudder-send -d "exec:$2" 2>err-send | rudder-diff --commit -s st 2>err-commit
}
wait=

# it works for a second, and is not a process of the group that is killed
echo '{"id":1,"n":"old"}' | rows | rudder-diff -k id -s st | rudder-map -t identify -u id >plan
# shellcheck disable=SC2016 # for the command
rudder-send -d 'exec:exec 3>used; while [ ! -e go ]; do : >started; sleep 0.1; done; cat >>there' <plan >receipts 2>err &
pid=$!
eventually 'a command that works' [ -e started ]
env kill -9 $pid
wait $pid 2>/dev/null || :

# a newer run would be overwritten by it
rc=0
echo '{"id":1,"n":"new"}' | rows | rudder-diff -k id -s st >out 2>err || rc=$?
is 75 $rc 'while it works: status'
says "a command of the last run (exec:) is still running although its rudder-send (pid $pid) was killed"
: >go
wait='--lock-wait 10s'
run '{"id":1,"n":"new"}' 'cat >>there' || fail "afterwards: $(cat err err-send err-commit)"
is 'old new ' "$(jq -r .traits.n <there | tr '\n' ' ')" 'the order there'

# nothing is held by one that has ended
wait=
run '{"id":1,"n":"newer"}' 'cat >>there' || fail "next: $(cat err err-send err-commit)"
run '{"id":1,"n":"newest"}' 'cat >>there' || fail "next: $(cat err err-send err-commit)"
is newest "$(tail -n 1 there | jq -r .traits.n)" 'the last one there'

