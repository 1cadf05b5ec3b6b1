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

all_arrive() {
	events 2000 100 >in
	brokers -e 3 -o got
	printf '# of librdkafka\n\nlinger.ms=7\nclient.id=a=b\n' >config
	chmod 600 config
	send -d "$URL" --config config <in || fail "status: $(cat err)"
	halt || fail 'the topic could not be read back'
	is 2000 "$(count delivered)" delivered
	[ "$(sed -n 's/.*"messageId":"m-1",.*"ms":\([0-9]*\).*/\1/p' raw)" -ge 500 ] ||
		fail "sent before it was known how long a message may be, or that nobody says so: $(grep '"m-1"' raw)"
	is 2000 "$(wc -l <got)" 'messages, in spite of three errors'
	is 2000 "$(cut -f 4 got | sort -u | wc -l)" 'each of them once'
	is "$(sed -n 3p in)" "$(awk -F '\t' '$3 == "m-2" {print $4}' got)" 'byte for byte'
	is u2 "$(awk -F '\t' '$3 == "m-2" {print $2}' got)" 'the key'
	is 100 "$(cut -f 1,2 got | sort -u | wc -l)" 'a user has one partition'
	sed 's/.*"recordId":"\([0-9]*\)".*"userId":"\(u[0-9]*\)".*/\1 \2/' got |
		awk '$1 + 0 < last[$2] + 0 {exit 1} {last[$2] = $1}' || fail 'order'
}

# a batch that is too long, where the topic's bound may not be read: its events
# are not permanently rejected
too_long() {
	brokers -x
	rc=0
	events 5 | send -d "$URL" || rc=$?
	halt
	is 69 $rc 'too long: status'
	is 5 "$(count failed)" 'too long: receipts'
	says 'set batch.size=BYTES in the file of --config'
}

# the same after a try that may have been stored
too_long_in_doubt() {
	brokers -l -x -n 1
	rc=0
	events 5 | send -d "$URL" || rc=$?
	halt
	is '5 0' "$(count unknown) $(count failed)" "too long after a time-out: receipts: $(cat err)"
}

# what no time mends ends the run with its own status, and rejects no event; a message
# that the brokers cannot take is rejected
refusals() {
	while IFS='|' read -r code want receipt words; do
		brokers -E "$code"
		rc=0
		events 3 | send -d "$URL" --retry-max-time 10s || rc=$?
		halt
		if [ "$code $rc" = '2 69' ]; then # librdkafka 2.8 retries it, 2.0 did not
			says 'gave up: Local: Message timed out'
			continue
		fi
		is "$want 3" "$rc $(count "$receipt")" "error $code: $(cat err)"
		says "$words"
	done <<-'X'
		29|77|failed|this user may not write to the topic 'topic'
		31|77|failed|may not write to any topic
		58|77|failed|login refused: check sasl.username
		17|78|failed|'topic' is not a valid topic name
		2|1|rejected|3 × Broker: Invalid message
		87|1|rejected|3 × Broker: Broker failed to validate record
	X
}

# --check asks for the topic
check() {
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
}

# the brokers die in the middle: what was delivered stays so, nothing else is
brokers_die() {
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
}

# nobody there: given up after the time for retries
nobody() {
	brokers
	halt
	rc=0
	events 5 | send -d "$URL" --retry-max-time 1500ms || rc=$?
	is 69 $rc 'nobody there: status'
	is 5 "$(count failed)" 'nobody there: failed'
	# a server that is no broker gets no event either
	serve
	rc=0
	events 5 | send -d "kafka://${URL#http://}/topic" --retry-max-time 1500ms || rc=$?
	halt || :
	is 69 $rc 'no broker: status'
	is 5 "$(grep -c '"status":"failed".*"attempts":0' raw)" "no broker: attempts in $(cat raw)"
}

# brokers that are away are the last error while they are, and not after they are back
away() {
	brokers
	for wait in 0.5 2 10; do # until it is known, however slow the machine is
		leave
		sleep $wait
		stopped
		kill -USR2 "$FAKE"
		! grep -q 'stopped by a signal; last error: .*onnect' err || break
	done
	grep -q 'stopped by a signal; last error: .*onnect' err || fail "away: $(cat err)"
	leave
	sleep 1
	kill -USR2 "$FAKE"
	events 6 | sed -n 3p >&3
	eventually 'another is delivered' delivered 2
	stopped
	says 'stopped by a signal'
	! grep -q 'last error' err || fail "back: $(cat err)"
	halt
}
delivered() { [ "$(grep -c delivered receipts)" -ge "$1" ]; }
leave() { # one event is delivered, then the brokers go
	printf 'reconnect.backoff.max.ms=200\n' >config
	chmod 600 config
	rm -f pipe
	mkfifo pipe
	(
		trap - TERM
		exec rudder-send -d "$URL" --config config <pipe >receipts 2>err
	) &
	sender=$!
	exec 3>pipe
	events 6 | head -n 2 >&3
	eventually 'one is delivered' delivered 1
	kill -USR1 "$FAKE"
}
stopped() {
	kill -TERM $sender
	exec 3>&-
	rc=0
	wait $sender || rc=$?
	is 143 $rc "away: status: $(cat err)"
}

# a broker that takes messages and does not say so: they may be there
unsaid() {
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
}

# a key by a program, and headers by fields
keys() {
	brokers -o got -h
	send -d "$URL" --trust-eof --key '.recordId | tonumber' --tombstones --field-header kind=type --field-header none=x <few || fail "key: $(cat err)"
	halt || fail 'the topic could not be read back'
	is 2 "$(count delivered)" 'key: receipts'
	sort got | cut -f 2- | sed 's/{.*}/EVENT/' | sort >sorted
	cat >want <<'END'
1	messageId=m-1,kind=record	EVENT
2	messageId=m-2,kind=record	
2	messageId=m-2,kind=record	EVENT
END
	cmp want sorted || fail "key: $(cat got)"
	awk -F '\t' '$2 == 2' got | head -n 1 | grep -q delete || fail 'the tombstone is before its delete'
}

# what waits for time limits, and for brokers that do not say how long a message
# may be
for name in all_arrive too_long too_long_in_doubt check brokers_die nobody away unsaid; do part $name $name; done

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

# --key, headers and tombstones, in what a dry run shows and what arrives
cat >few <<'END'
{"messageId":"m-1","recordId":"1","type":"record","action":"insert","userId":"u","fields":{"id":1,"n":"é"}}
{"messageId":"m-2","recordId":"2","type":"record","action":"delete","identifiers":{"id":2}}
END
shown() { # OPTIONS: keys and whether there is a value
	rudder-send -n -d kafka://x/t --trust-eof "$@" <few >raw 2>err || fail "$*: $(cat err)"
	jq -c '._rudder.messages // empty | .[] | [.key, .headers, .value.messageId]' raw >got
}
wants() {
	cat >want
	cmp want got || fail "$1: $(cat got)"
}
cp few two
sed '1s/userId/anonymousId/' two >few
shown
wants 'key: the user, the anonymous one, the record' <<'END'
["u",{"messageId":"m-1"},"m-1"]
["2",{"messageId":"m-2"},"m-2"]
END
mv two few
shown --key recordId
wants 'key: a field' <<'END'
["1",{"messageId":"m-1"},"m-1"]
["2",{"messageId":"m-2"},"m-2"]
END
shown --key '(.fields // .identifiers) | {id}' --tombstones --field-header kind=type --field-header n=fields.n
wants 'key: jq' <<'END'
["{\"id\":1}",{"messageId":"m-1","kind":"record","n":"é"},"m-1"]
["{\"id\":2}",{"messageId":"m-2","kind":"record"},"m-2"]
["{\"id\":2}",{"messageId":"m-2","kind":"record"},null]
END
for key in userId .userId '.userId | select(.)' 'error'; do # the second event has none
	rc=0
	rudder-send -n -d kafka://x/t --trust-eof --key "$key" <few >raw 2>err || rc=$?
	is 1 $rc "no key by $key: $(cat err)"
	[ "$key" = error ] || is 'dry-run rejected ' "$(jq -r 'select(.status).status' raw | tr '\n' ' ')" "no key by $key"
done
for wrong in '--key {' '--field-header a' '--field-header =a' '--field-header a='; do
	rc=0
	# shellcheck disable=SC2086 # two words
	rudder-send -n -d kafka://x/t --trust-eof $wrong <few >raw 2>err || rc=$?
	case $rc in 64 | 78) ;; *) fail "$wrong: status $rc" ;; esac
done
part keys keys
part refusals refusals

# a token of OAuth that librdkafka can never make ends the run
printf '%s\n' security.protocol=sasl_plaintext sasl.mechanism=OAUTHBEARER \
	enable.sasl.oauthbearer.unsecure.jwt=true sasl.oauthbearer.config=nonsense >oauth
chmod 600 oauth
rc=0
events 3 | send -d kafka://127.0.0.1:9/t --config oauth --retry-max-time 5s || rc=$?
is '77 3' "$rc $(count failed)" "OAuth: $(cat err)"
says 'no OAuth token: check the settings'

# changes in Debezium's form: key and header from their source
printf '{"id":1,"n":"a"}\n{"id":2,"n":"b"}\n' | rows | rudder-diff -k id --keep row -s st >changes
ack accepted <changes | rudder-diff --commit -s st
printf '{"id":2,"n":"c"}\n' | rows | rudder-diff -k id --mode mirror --keep row -s st --max-deletes 1 >changes
rudder-diff --format debezium changes >few
shown --tombstones
is '["1","d"] ["1",null] ["2","u"] ' "$(jq -c '._rudder.messages // empty | .[] | [.key, .value.op]' raw | sort | tr '\n' ' ')" 'Debezium: keys'
is "$(jq -r .source.change few)" "$(jq -r '._rudder.messages // empty | .[] | select(.value).headers.messageId' raw)" 'Debezium: headers'

parts
