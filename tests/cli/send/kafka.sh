#!/bin/sh
# kafka: by librdkafka's mock brokers.
. "$TOP/tests/tool/lib.sh"
. "$TOP/tests/tool/fake.sh"
rc=0
kafkamock >/dev/null 2>&1 || rc=$?
[ $rc != 77 ] || skip 'built without librdkafka'

brokers() { # OPTIONS OF kafkamock
	rm -f port
	kafkamock -p port "$@" topic &
	FAKE=$!
	trap 'halt' EXIT
	tries=0
	while [ ! -s port ] && [ $tries -lt 200 ]; do
		tries=$((tries + 1))
		sleep 0.02
	done
	URL=kafka://$(cat port)/topic
}

events 2000 100 >in
brokers -e 3 -o got
send -d "$URL" <in || fail "status: $(cat err)"
halt || fail 'the topic could not be read back'
is 2000 "$(count delivered)" delivered
is 2000 "$(wc -l <got)" 'messages, in spite of three errors'
is 2000 "$(cut -f 4 got | sort -u | wc -l)" 'each of them once'
is "$(sed -n 3p in)" "$(awk -F '\t' '$3 == "m-2" {print $4}' got)" 'byte for byte'
is u2 "$(awk -F '\t' '$3 == "m-2" {print $2}' got)" 'the key'
is 100 "$(cut -f 1,2 got | sort -u | wc -l)" 'a user has one partition'
sed 's/.*"recordId":"\([0-9]*\)".*"userId":"\(u[0-9]*\)".*/\1 \2/' got |
	awk '$1 + 0 < last[$2] + 0 {exit 1} {last[$2] = $1}' || fail 'order'

# a batch that is too long, where the topic's bound may not be read: its events
# are not permanently rejected
brokers -x
rc=0
events 5 | send -d "$URL" || rc=$?
halt
is 69 $rc 'too long: status'
is 5 "$(count failed)" 'too long: receipts'
says 'set batch.size=BYTES in the file of --config'

# the same after a try that may have been stored
brokers -l -x -n 1
rc=0
events 5 | send -d "$URL" || rc=$?
halt
is '5 0' "$(count unknown) $(count failed)" "too long after a time-out: receipts: $(cat err)"

# --check asks for the topic
brokers
send -d "$URL" --check || fail "check: $(cat err)"
for i in 1 2; do # the first time must not make it, as mock brokers do
	rc=0
	send -d "${URL}s" --check || rc=$?
	is 78 $rc "check, no topic, $i: status"
done
halt
rc=0
send -d "$URL" --check --timeout 500ms || rc=$?
is 69 $rc 'check, nobody there: status'

# the brokers die in the middle: what was delivered stays so, nothing else is
brokers
rc=0
{
	events 100 9 | head -n 51
	sleep 2
	kill -KILL "$FAKE"
	sleep 0.2
	events 100 9 | tail -n 51
} | send -d "$URL" --retry-max-time 1500ms || rc=$?
halt || :
is 69 $rc 'brokers gone: status'
is 50 "$(count delivered)" 'brokers gone: delivered'
is 50 "$(($(count failed) + $(count unknown)))" 'brokers gone: not delivered'
! grep -q '"type":"end"' receipts || fail 'brokers gone: an end line'

# nobody there: given up after the time for retries
rc=0
events 5 | send -d "$URL" --retry-max-time 1500ms || rc=$?
is 69 $rc 'nobody there: status'
is 5 "$(count failed)" 'nobody there: failed'

# a broker that takes messages and does not say so: they may be there
brokers
mkfifo pipe
rudder-send -d "$URL" --retry-max-time 1500ms <pipe >receipts 2>err &
sender=$!
exec 3>pipe
events 6 | head -n 2 >&3
eventually 'one message is delivered' grep -q delivered receipts
kill -STOP "$FAKE"
events 6 | tail -n 6 >&3
exec 3>&-
rc=0
wait $sender || rc=$?
kill -CONT "$FAKE"
halt || :
is 69 $rc "no acknowledgement: status: $(cat err)"
is '1 5 0' "$(count delivered) $(count unknown) $(count failed)" 'no acknowledgement: receipts'

for url in kafka://x kafka:x/y kafka:///t kafka://x/ kafka://x/y/z kafka://u@x/y; do
	rc=0
	send -d $url </dev/null || rc=$?
	is 64 $rc "$url: status"
done
printf 'no.such.setting=1\n' >config
chmod 600 config
rc=0
send -d kafka://127.0.0.1:1/t --config config </dev/null || rc=$?
is 78 $rc 'a wrong setting: status'
