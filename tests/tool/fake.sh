# shellcheck shell=sh
# fake.sh - for tests that send, besides lib.sh. Servers are on the loopback
# only, and end with the test, or by themselves after ten minutes.

export RUDDER_WRITE_KEY=test-key
FAKE=

# Start a fake with these options; its port goes to PORT.
serve() {
	rm -f port
	fake -p port "$@" &
	FAKE=$!
	trap 'halt' EXIT
	tries=0
	while [ ! -s port ] && [ $tries -lt 200 ]; do
		tries=$((tries + 1))
		sleep 0.02
	done
	[ -s port ] || fail 'the fake server did not start'
	PORT=$(cat port)
	URL=http://127.0.0.1:$PORT
}

# End it; its status is that of this function.
halt() {
	[ -n "$FAKE" ] || return 0
	kill "$FAKE" 2>/dev/null
	was=$FAKE
	FAKE=
	wait "$was"
}

# A port that is free goes to PORT, for what must know it before: serve -P "$PORT".
free_port() {
	n=0
	while [ $n -lt 10 ]; do
		PORT=$((20000 + ($$ * 13 + n * 101) % 12000))
		n=$((n + 1))
		rm -f port
		fake -p port -P "$PORT" 2>/dev/null &
		FAKE=$!
		i=0
		until [ -s port ] || [ $i -gt 100 ] || ! kill -0 $FAKE 2>/dev/null; do
			i=$((i + 1))
			sleep 0.02
		done
		halt || :
		[ ! -s port ] || return 0
	done
	fail 'no free port'
}

# rudder-send to it, with short waits. The receipts are in receipts, with the
# time and the port made alike, and so are the messages in err.
send() {
	rc=0
	rudder-send -d "rudder:$URL" --retry-wait 5ms --retry-max-wait 50ms \
		--retry-max-time 2s --batch-age 20ms "$@" >raw 2>err-raw || rc=$?
	sed 's/"ms":[0-9]*/"ms":0/; s/port [0-9]* after [0-9]* ms/port/' raw >receipts
	sed 's/port [0-9]* after [0-9]* ms/port/' err-raw >err
	return $rc
}

# N events and their end line; $2 users take turns (1 by default).
events() {
	awk -v n="$1" -v users="${2:-1}" 'BEGIN {
		print "{\"_rudder\":{\"type\":\"begin\",\"v\":1,\"stream\":\"events\",\"run\":\"r1000000000000000000\"}}"
		for (i = 1; i <= n; i++)
			printf "{\"messageId\":\"m-%d\",\"recordId\":\"%d\",\"type\":\"identify\",\"userId\":\"u%d\"}\n", i, i, i % users
		printf "{\"_rudder\":{\"type\":\"end\",\"stream\":\"events\",\"events\":%d,\"rejects\":0,\"skips\":0}}\n", n
	}'
}

# How many receipts have this status.
count() {
	grep -c "\"status\":\"$1\"" receipts || :
}
