#!/bin/sh
# kafka: by a real broker, where its jars are (tests/tool/broker.sh).
. "$TOP/tests/tool/lib.sh"
. "$TOP/tests/tool/fake.sh"
rc=0
kafkamock >/dev/null 2>&1 || rc=$?
[ $rc != 77 ] || skip 'built without librdkafka'
started=$("$TOP/tests/tool/broker.sh" start) || fail 'the broker does not start'
eval "$started"
trap '"$TOP/tests/tool/broker.sh" stop "$BROKER_DIR"' EXIT

topic() { # NAME PARTITIONS [SETTING]
	kafkamock -b "$BROKER" -n "$2" ${3:+-s "$3"} "$1" || fail "no topic '$1'"
	URL=kafka://$BROKER/$1
}

# What the topic holds: N messages, each once, a user's in one partition
# and in their order.
holds() { # TOPIC PARTITIONS MESSAGES
	kafkamock -b "$BROKER" -n "$2" -o got "$1" 2>/dev/null || fail "$1: cannot be read back"
	is "$3" "$(wc -l <got)" "$1: messages"
	is "$3" "$(cut -f 3 got | sort -u | wc -l)" "$1: each of them once"
	is "$(cut -f 2 got | sort -u | wc -l)" "$(cut -f 1,2 got | sort -u | wc -l)" "$1: a user has one partition"
	awk -F '\t' '{n = substr($3, 3) + 0; if (n < last[$2]) exit 1; last[$2] = n}' got || fail "$1: order"
}

events 200000 1000 >in
topic many 4
send -d "$URL" --check || fail "check: $(cat err)"
send -d "$URL" --receipts raw-receipts <in || fail "status: $(cat err)"
is 200000 "$(grep -c '"status":"delivered"' raw-receipts)" delivered
holds many 4 200000
is "$(sed -n 3p in)" "$(awk -F '\t' '$3 == "m-2" {print $4}' got)" 'byte for byte'
[ "$(cut -f 1 got | sort -u | wc -l)" = 4 ] || fail 'all partitions are used'

# killed and started again: nothing is lost, and nothing is there twice
topic killed 4
rudder-send -d "$URL" --rate 50000 --retry-max-time 60s <in >receipts 2>err &
sender=$!
sleep 1.5
kill -KILL "$BROKER_PID"
sleep 0.5
again=$("$TOP/tests/tool/broker.sh" again "$BROKER_DIR") || fail 'the broker does not start again'
eval "$again"
wait $sender || fail "killed: $(cat err)"
! grep -v 'retrying for up to' err || fail 'killed: it said that'
is 200000 "$(count delivered)" 'killed: delivered'
holds killed 4 200000

# SIGINT in flight: what is said to be delivered is, and no more
topic stopped 4
rudder-send -d "$URL" --rate 50000 <in >receipts 2>err &
sender=$!
sleep 1.5
kill -INT $sender
wait $sender && fail 'stopped: status'
is 0 "$(count unknown)" 'stopped: unknown'
holds stopped 4 "$(count delivered)"

# a batch that is too long is no reason to refuse its events, only a long event
topic short 1 max.message.bytes=1000
{
	events 20 | head -n 21
	printf '{"messageId":"long","recordId":"long","text":"%01000d"}\n' 0
} >long
rc=0
send -d "$URL" --no-gzip --trust-eof <long || rc=$?
is 1 $rc 'too long: status'
is '{"recordId":"long"' "$(grep '"status":"rejected"' receipts | cut -d, -f 1)" 'too long: rejected'
holds short 1 20

# no topic, no right, no such user
refused() { # STATUS TEXT OPTIONS
	want=$1 text=$2
	shift 2
	rc=0
	events 3 | send --retry-max-time 30s "$@" || rc=$?
	is "$want" $rc "$text: status"
	says "$text"
	is 3 "$(count failed)" "$text: receipts"
}
refused 78 "no topic 'none' on the brokers" -d "kafka://$BROKER/none"
for password in bobpw wrong; do
	printf '%s\n' security.protocol=sasl_plaintext sasl.mechanism=PLAIN sasl.username=bob sasl.password=$password >$password
	chmod 600 $password
done
refused 77 'this user may not write' -d "kafka://$BROKER_SASL/many" --config bobpw
refused 77 'login refused' -d "kafka://$BROKER_SASL/many" --config wrong
rc=0
send -d "kafka://$BROKER_SASL/many" --config wrong --check || rc=$?
is 77 $rc 'check: status'
! grep -q wrong err || fail 'the password is said'

# by TLS: an authority that is known, and a user; then a token of OAuth (RFC 7628),
# unsigned, as this broker takes it
secured() { # FILE SETTING ...
	file=$1
	shift
	printf '%s\n' security.protocol=sasl_ssl "ssl.ca.location=$BROKER_DIR/ca" "$@" >"$file"
	chmod 600 "$file"
}
secured alice sasl.mechanism=PLAIN sasl.username=alice sasl.password=alicepw
secured wrong-password sasl.mechanism=PLAIN sasl.username=alice sasl.password=wrong
secured anna sasl.mechanism=OAUTHBEARER enable.sasl.oauthbearer.unsecure.jwt=true 'sasl.oauthbearer.config=principal=anna lifeSeconds=60'
secured nobody sasl.mechanism=OAUTHBEARER enable.sasl.oauthbearer.unsecure.jwt=true sasl.oauthbearer.config=principal=nobody
secured stranger sasl.mechanism=PLAIN sasl.username=alice sasl.password=alicepw ssl.ca.location=/dev/null
sed 's/^ssl.ca.location=.*//; s/=sasl_ssl/=sasl_plaintext/' anna >anna-plain
chmod 600 anna-plain
topic tls 4
n=0
for login in alice anna anna-plain; do
	at=$BROKER_TLS
	[ $login != anna-plain ] || at=$BROKER_SASL
	send -d "kafka://$at/tls" --config $login --check || fail "$login: check: $(cat err)"
	events 3000 100 | sed "s/\"m-/&$n/" | send -d "kafka://$at/tls" --config $login || fail "$login: $(cat err)"
	is 3000 "$(count delivered)" "$login: delivered"
	n=$((n + 1))
	kafkamock -b "$BROKER" -n 4 -o got tls 2>/dev/null || fail "$login: cannot be read back"
	is $((n * 3000)) "$(cut -f 3 got | sort -u | wc -l)" "$login: messages"
done
refused 77 'this user may not write' -d "kafka://$BROKER_TLS/tls" --config nobody
refused 77 'login refused' -d "kafka://$BROKER_TLS/tls" --config wrong-password
rc=0
events 3 | send -d "kafka://$BROKER_TLS/tls" --config stranger --retry-max-time 3s || rc=$?
case $rc in 69 | 76 | 77 | 78) ;; *) fail "an authority that is not known: status $rc" ;; esac
is 0 "$(count delivered)" 'an authority that is not known: delivered'

# compacted topics refuse messages without a key, and keep tombstones
topic compact 1 cleanup.policy=compact
printf '%s\n' '{"messageId":"m-1","recordId":"1","action":"insert","fields":{"id":1}}' \
	'{"messageId":"m-2","recordId":"1","action":"delete","fields":{"id":1}}' |
	send -d "$URL" --trust-eof --key .fields --tombstones --field-header op=action || fail "compact: $(cat err)"
kafkamock -b "$BROKER" -n 1 -h -o got compact 2>/dev/null || fail 'compact: cannot be read back'
is '{"id":1} messageId=m-1,op=insert {"id":1} messageId=m-2,op=delete {"id":1} messageId=m-2,op=delete ' \
	"$(cut -f 2,3 got | tr '\t\n' '  ')" 'compact: messages'
is '' "$(tail -n 1 got | cut -f 4)" 'compact: the tombstone'
