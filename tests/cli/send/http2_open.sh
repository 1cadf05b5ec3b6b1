#!/bin/sh
# http2_open.sh - a reply by HTTP/2 whose stream does not end is taken when it says
# all that is needed, long before --timeout; libcurl 7.88 sees it so where nginx
# resets a stream behind its reply
. "$TOP/tests/tool/lib.sh"
. "$TOP/tests/tool/fake.sh"
command -v python3 >/dev/null || skip 'no python3'
command -v openssl >/dev/null || skip 'no openssl'
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key \
	-out crt -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost 2>/dev/null
for i in 1 2 3; do
	echo "{\"userId\":\"u$i\",\"messageId\":\"m$i\",\"recordId\":\"$i\",\"type\":\"identify\"}"
done >in

# reply WANTED LIMIT-MS RESULTS STATUS PART...: outcomes within a time, of a reply
reply() {
	wanted=$1 limit=$2 results=$3
	shift 3
	rm -f port
	python3 "$TOP/tests/tool/h2open.py" key crt port "$@" &
	FAKE=$!
	trap 'halt' EXIT
	eventually 'the server' [ -s port ]
	rc=0 from=$(date +%s%N)
	rudder-send -q -d "webhook:https://localhost:$(cat port)/bulk" --http2 --cacert crt --timeout 4s --retry-max-time 10ms \
		-b 3 -c 1 --trust-eof ${results:+--results "$results"} <in >receipts 2>err || rc=$?
	ms=$((($(date +%s%N) - from) / 1000000))
	halt || :
	is "$wanted" "$(jq -r 'select(.messageId) | .status' receipts | sort | uniq -c | xargs)" "outcomes of $* ($(cat err))"
	[ $ms -lt "$limit" ] || fail "$*: $ms ms"
}
all='[{"id":"m1","status":200},{"id":"m2","status":422,"reason":"a ] \"}"},{"id":"m3","status":200}]'
reply '3 accepted' 3500 '' 200 ok
reply '2 accepted 1 rejected' 3500 .answer 207 "$all"
reply '2 accepted 1 rejected' 3500 .answer 207 "$all
"
reply '3 unknown' 3500 .answer 500 no
# a body that pauses goes on
reply '2 accepted 1 rejected' 3800 .answer 207 '[{"id":"m1","status":200},' '{"id":"m2","status":422},' '{"id":"m3","status":200}' ']'
# one that is not whole is waited for: its events may have been taken
reply '3 unknown' 9000 .answer 207 '[{"id":"m1","status":200}'
[ $ms -ge 3500 ] || fail "not waited for: $ms ms"
