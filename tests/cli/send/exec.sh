#!/bin/sh
# exec: a command for each batch.
. "$TOP/tests/tool/lib.sh"
. "$TOP/tests/tool/fake.sh"

# The command stands in the URL: $1. Then options.
run() {
	command=$1
	shift
	rc=0
	send -d "exec:$command" "$@" <in || rc=$?
}

events 100 5 >in
run 'cat >>got; echo noise' -b 10
is 0 $rc status
is 100 "$(count delivered)" delivered
is 100 "$(sort -u got | wc -l)" 'all there'
! grep -q noise raw || fail 'output of the command among the receipts'
grep -q noise err || fail 'output of the command is lost'

# the same answers as a server can give
run 'if [ -e once ]; then cat >/dev/null; else : >once; exit 75; fi' -c 1 -b 100
is 0 $rc 'later: status'
grep -q '"attempts":2' receipts || fail 'later: attempts'
rm -f got
run 'cat >part; if grep -q m-77 part; then exit 65; fi; cat part >>got' -c 1 -b 100
is 1 $rc 'refused: status'
is '99 1' "$(count delivered) $(count unknown)" 'refused: one alone, which the whole batch may have left there'
is 99 "$(wc -l <got)" 'refused: the others once each'
grep -q '"code":65,.*"refused":true,"reason":"exit status 65"' receipts || fail 'refused: reason'
run 'cat >part; if grep -q m-77 part; then exit 65; fi' -c 1 -b 1
is '99 1' "$(count delivered) $(count rejected)" 'refused alone: it is proof'
run 'exit 69' -c 1 --retry-max-time 100ms
is 100 "$(count failed)" 'unavailable: nothing was taken'
run 'exit 3' -c 1 --retry-max-time 100ms
is 69 $rc 'failure: status'
is 100 "$(count unknown)" 'failure: it may have done something'
run 'no-such-command-anywhere' -c 1
is 78 $rc 'no command: status'
is 100 "$(count failed)" 'no command: nothing was read'
run 'head -n 1 >taken; exit 127' -c 1
is 78 $rc '127 of a command: status'
is 100 "$(count unknown)" '127 of a command that has read'
run 'kill -9 $$' -c 1 --retry-max-time 50ms
is 100 "$(count unknown)" 'killed: it may have done something'
run 'sleep 60' -c 1 --timeout 100ms --retry-max-time 50ms
is 69 $rc 'too long: status'
grep -q 'the command timed out' receipts || fail 'too long: reason'
run ''
is 64 $rc 'nothing: status'

# Ctrl-C lets it end
(
	trap - INT
	exec rudder-send -d 'exec:cat >late; sleep 2; cp late later' -c 1 -b 50 <in >raw 2>err
) &
pid=$!
eventually 'a command that runs' test -e late
env kill -INT $pid
rc=0
wait $pid || rc=$?
is 130 $rc 'signal: status'
is '50 50' "$(grep -c delivered raw) $(grep -c failed raw)" 'signal: what was in flight ended'
is 50 "$(wc -l <later)" 'signal: the command ended'

# the command has the user's environment, without the secrets of rudder
events 1 >in
MINE=1 RUDDER_WRITE_KEY=canary RUDDER_ODBC_PASSWORD=canary RUDDER_SOURCE=canary run 'env >seen; cat >/dev/null'
is 0 $rc 'environment: status'
grep -q '^MINE=1$' seen || fail 'the environment of the user is lost'
! grep -q canary seen || fail "secrets: $(grep canary seen)"
