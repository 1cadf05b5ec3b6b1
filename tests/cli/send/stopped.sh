# stopped.sh - what happens to requests in flight when the sender is stopped and the
# grace time ends, at each destination: what may have arrived is unknown, never failed
. "$TOP/tests/tool/lib.sh"
. "$TOP/tests/tool/fake.sh"
events 4 4 >in

# stopped WHEN FILE BYTES DESTINATION [OPTION...]: SIGTERM, once the file is larger
stopped() {
	file=$1 bytes=$2
	shift 2
	(
		trap - TERM
		exec rudder-send -d "$@" -c 1 -b 1 --grace 200ms <in >raw 2>err
	) &
	pid=$!
	eventually 'a request in flight' larger "$file" "$bytes"
	env kill -TERM $pid
	rc=0
	wait $pid || rc=$?
	is 143 $rc "$1: status ($(cat err))"
	sed 's/"ms":[0-9]*/"ms":0/' raw >receipts
	! grep -q '"end"' receipts || fail "$1: an end line"
}

# a webhook that does not answer
echo 'always hang' >script
serve -s script -l log
: >log
stopped log 0 "webhook:$URL/x"
is '1 3' "$(count unknown) $(count failed)" 'a webhook: in flight unknown, the rest failed'
halt || :

# one that waits for its next attempt: only what was never sent says so
echo 'always reply 503' >script
serve -s script -l log
: >log
stopped log 0 "webhook:$URL/x" --retry-wait 20s --retry-max-wait 20s
eventually 'a wait' test -s receipts
is '1 3' "$(count unknown) $(count failed)" 'a wait: what was sent is unknown, the rest failed'
is 'unknown again' "$(jq -r 'select(.reason | strings | endswith("was sent again")) | .status + " again"' receipts)" 'a wait: the reason of what was sent'
is 3 "$(jq -r 'select(.status == "failed" and (.reason | endswith("this event was sent"))).recordId' receipts | wc -l)" 'a wait: the reasons of the rest'
halt || :

# one whose token does not come: nothing was sent
echo 'always hang' >script
serve -s script -l log
printf '%s\n' "token_url=$URL/token" client_id=me client_secret=s >oauth
chmod 600 oauth
: >log
stopped log 0 "webhook:$URL/x" --oauth-file oauth
is '0 4' "$(count unknown) $(count failed)" 'a token that does not come: nothing was sent'
is 1 "$(grep -c 'the run was stopped before there was a token' receipts)" 'a token that does not come: the reason'
halt || :

# a command that does not end: it may have done something, and is killed
stopped got 0 "exec:cat >>got; echo \$\$ >child; sleep 600"
is '1 3' "$(count unknown) $(count failed)" 'a command: in flight unknown, the rest failed'
! kill -0 "$(cat child)" 2>/dev/null || fail 'the command still runs'

# Kafka, whose brokers take no more: what is with librdkafka may be there
rc=0
kafkamock >/dev/null 2>&1 || rc=$?
[ $rc != 77 ] || exit 0
rm -f port
kafkamock -p port topic &
FAKE=$!
trap 'halt' EXIT
eventually 'the brokers' test -s port
mkfifo pipe
(
	trap - TERM
	exec rudder-send -d "kafka://$(cat port)/topic" --grace 200ms <pipe >receipts 2>err
) &
pid=$!
exec 3>pipe
events 6 | head -n 2 >&3
eventually 'one message is delivered' grep -q delivered receipts
kill -STOP "$FAKE"
events 6 | tail -n 6 >&3
sleep 0.5
env kill -TERM $pid
exec 3>&-
rc=0
wait $pid || rc=$?
kill -CONT "$FAKE"
halt || :
is 143 $rc "Kafka: status ($(cat err))"
is '1 5' "$(count delivered) $(($(count unknown) + $(count failed)))" 'Kafka: each has a receipt, none is rejected'
