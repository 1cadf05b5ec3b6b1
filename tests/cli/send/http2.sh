#!/bin/sh
# --http2: where TLS agrees on it, many requests on one connection.
. "$TOP/tests/tool/lib.sh"
. "$TOP/tests/tool/fake.sh"
PATH=$PATH:/usr/sbin
command -v nghttpd >/dev/null || skip 'no nghttpd (nghttp2-server)'
command -v openssl >/dev/null || skip 'no openssl'

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key \
	-out crt -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost 2>/dev/null
mkdir -p docs/v1
printf ok >docs/v1/batch
serve
halt # its port is free again
nghttpd --address=127.0.0.1 -v -d docs "$PORT" key crt >log 2>&1 &
FAKE=$!
sleep 0.5
events 2000 100 >in
rc=0
send -d "rudder:https://localhost:$PORT" --cacert crt --http2 -c 8 -b 20 <in || rc=$?
halt || :
is 0 $rc status
is 2000 "$(count accepted)" accepted
grep -q ':method: POST' log || fail "no HTTP/2: $(head -c 500 log)"
[ "$(grep -c ':method: POST' log)" -ge 100 ] || fail 'requests are missing'
is 1 "$(sed -n 's/^\[id=\([0-9]*\)\].*/\1/p' log | sort -u | wc -l)" 'connections'

# without it, or with a server that has none: HTTP/1.1
cat crt key >pem
serve -c pem -o got
send -d "rudder:https://localhost:$PORT" --cacert crt --http2 <in || fail 'HTTP/1.1 only'
halt
is 2000 "$(wc -l <got)" 'HTTP/1.1 only: there'
