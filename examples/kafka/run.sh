#!/bin/sh
# A Kafka topic as destination, by the mock brokers of librdkafka.
. "$(dirname "$0")/../begin.sh"
needs sqlite3
needs kafkamock
needs_rudder run
got=0
kafkamock >/dev/null 2>&1 || got=$?
[ $got != 77 ] || {
	echo 'skipped: built without librdkafka' >&2
	exit 77
}
warehouse
kafkamock -p port -o messages customers 2>log &
server=$!
i=0
until [ -s port ] || [ $i -gt 200 ]; do
	i=$((i + 1))
	sleep 0.05
done
BROKERS=$(cat port)
export BROKERS
rudder run
kill $server
wait $server || :
server=
title 'What the topic has: the key, and the event'
cut -f 2,4 messages | sed 's/"context".*"traits"/…"traits"/' | cut -c 1-100
expect 'messages' 3 "$(wc -l <messages)"
expect 'keys' '1 2 3' "$(cut -f 2 messages | sort | paste -sd' ')"
