#!/bin/sh
# webhook:, segment: and --retl: address, headers, body.
. "$TOP/tests/tool/lib.sh"
. "$TOP/tests/tool/fake.sh"

has() { # TEXT: the requests have it
	grep -qaF -- "$1" raw.http || fail "no '$1' in: $(cat raw.http)"
}

hook() { # PATH [OPTIONS]: send in to it
	path=$1
	shift
	rm -f raw.http
	serve -s script -R raw.http
	rc=0
	send -c 1 -d "webhook:$URL$path" "$@" <in || rc=$?
	halt
}

echo 'always reply 200' >script
cat >in <<'END'
{"_rudder":{"type":"begin","v":1,"stream":"events","run":"r1000000000000000000"}}
{"messageId":"m-1","recordId":"1","userId":"a/b ü?&#{}","traits":{"plan":"p\u0072o","n":7}}
{"_rudder":{"type":"end","stream":"events","events":1,"rejects":0,"skips":0}}
END

hook /hook
is 0 $rc 'one event: status'
has 'POST /hook HTTP/1.1'
has 'Idempotency-Key: m-1'
has 'Content-Type: application/json'
has '{"messageId":"m-1","recordId":"1","userId":"a/b ü?&#{}","traits":{"plan":"p\u0072o","n":7}}'
! grep -qi 'content-encoding\|authorization' raw.http || fail 'headers too many'

hook '/u/{userId}/{traits.plan}?n={traits.n}' --method PUT --header 'X-Team: blue'
is 0 $rc 'template: status'
has 'PUT /u/a%2Fb%20%C3%BC%3F%26%23%7B%7D/pro?n=7 HTTP/1.1'
has 'X-Team: blue'

# no value, no request: the event is rejected
hook '/u/{traits.nothing}'
is 1 $rc 'no value: status'
[ ! -s raw.http ] || fail 'no value: a request'
grep -q '"status":"rejected","code":0,"attempts":0,.*lacks a value' receipts || fail 'no value: receipt'

# 404 concerns the event
echo 'always reply 404' >script
hook '/u/{userId}'
is 1 $rc '404: status'
is 1 "$(count rejected)" '404: rejected'
hook /hook
is 77 $rc '404 without a template: status'
echo 'always reply 200' >script

# the id of an event goes along as a header where it can
for id in 'm-1' 'm \u00e9' 'm\u000d\u000aX: y' '' 7 null; do
	case $id in 7 | null) text=$id ;; *) text="\"$id\"" ;; esac
	echo "{\"messageId\":$text,\"userId\":\"u\"}" >one
	rm -f raw.http
	serve -s script -R raw.http
	send --trust-eof -d "webhook:$URL/x" <one || fail "messageId $id: $(cat err)"
	halt
	case $id in m-1 | 7) has "Idempotency-Key: $id" ;; *) ! grep -qi '^Idempotency\|^X: y' raw.http || fail "messageId $id: $(cat raw.http)" ;; esac
	grep -q '"status":"accepted"' receipts || fail "messageId $id: $(cat receipts)"
done

# arrays, signed, with a secret header
events 5 >in
printf 'topsecret\n' >sign
printf 'Authorization: Bearer canary-1\nX-Other: y\n' >headers
chmod 600 sign headers
hook /hook -b 5 --sign-key-file sign --header-file headers
is 0 $rc 'array: status'
has 'Authorization: Bearer canary-1'
has 'X-Other: y'
! grep -q canary raw err-raw || fail 'a secret header was shown'
tail -n 1 raw.http | tr -d '\n' >body
case $(cat body) in '[{"messageId":"m-1"'*'}]') ;; *) fail "no array: $(cat body)" ;; esac
# a file that was written on Windows
printf 'X-First: 1\r\n\r\nX-Last: 2\r\n' >crlf
chmod 600 crlf
hook /hook -b 5 --header-file crlf
is 0 $rc "lines with CR LF: $(cat err)"
has 'X-First: 1'
has 'X-Last: 2'
hook /hook -b 5 --sign-key-file sign --header-file headers
if command -v openssl >/dev/null; then
	has "X-Signature-256: sha256=$(openssl dgst -sha256 -hmac topsecret <body | sed 's/.*= //')"
fi

# what is refused before anything is sent
bad() { # MESSAGE OPTIONS
	want=$1
	shift
	rc=0
	rudder-send "$@" <in >raw 2>err || rc=$?
	grep -qF -- "$want" err || fail "no '$want' in: $(cat err)"
	[ $rc = 64 ] || [ $rc = 77 ] || fail "$want: status $rc"
}
bad 'only allowed after the host' -d 'webhook:https://{userId}.example/x'
# libcurl would take these, and ask the host 'x' for a path of --url
for url in https:/host.example/a https:///host.example/a 'https:/host.example/a?b=https://c'; do
	bad 'expected a URL such as https://host' -d "webhook:$url" --url delete=/x/y
	bad 'expected a URL such as https://host' -d "rudder:$url" --write-key-file sign
done
bad "'{' without '}'" -d 'webhook:https://host.example/{userId'
bad 'needs one event per request' -d 'webhook:https://host.example/{userId}' -b 2
bad 'control character' -d webhook:https://host.example/ --header "$(printf 'X-A: b\r\nX-Evil: 1')"
bad "expected 'Name: value'" -d webhook:https://host.example/ --header 'X A: b'
bad "'TRACE' is not GET, POST, PUT, PATCH or DELETE" -d webhook:https://host.example/ --method TRACE
chmod 644 headers
bad 'other users can read it' -d webhook:https://host.example/ --header-file headers

# somebody else's address: not into our own network, whatever it is called
rm -f got
serve -o got
for host in 127.0.0.1 localhost 2130706433 0x7f.1 '[::1]' '[::ffff:127.0.0.1]' 0.0.0.0; do
	rc=0
	send -c 1 -d "webhook:http://$host:$PORT/hook" --allow-http --deny-private <in || rc=$?
	is 77 $rc "private $host: status"
	grep -q 'private address, which --deny-private does not allow' err || fail "private $host: $(cat err)"
	is 5 "$(count failed)" "private $host: never in doubt"
done
https_proxy=http://127.0.0.1:$PORT http_proxy=http://127.0.0.1:$PORT
export https_proxy http_proxy
rc=0
send -c 1 -d "webhook:https://localhost:$PORT/hook" --deny-private <in || rc=$?
is 77 $rc 'private, by a proxy: status'
unset https_proxy http_proxy
rc=0
send -c 1 --deny-private --check || rc=$?
is 77 $rc 'private, check: status'
halt
[ ! -s got ] || fail 'private: something arrived'
bad "is only for rudder:, segment: and webhook:" -d file:out --deny-private
# a public one is tried, here without a network to reach it by
if unshare -rn true 2>/dev/null; then
	rc=0
	unshare -rn rudder-send -d webhook:http://11.0.0.1:9/ --allow-http --deny-private \
		--retry-max-time 1ms <in >raw 2>err || rc=$?
	is 69 $rc "public: status, $(cat err)"
fi

# segment: the same protocol as a data plane
serve -o got
SEGMENT_WRITE_KEY=k send -c 1 -d "segment:$URL" <in || fail 'segment'
halt
is 5 "$(wc -l <got)" 'segment: got'

# a scheme in capital letters is the same one
rm -f got
serve -o got
send -c 1 -d "webhook:HTTP://127.0.0.1:$PORT/v1/batch" -b 5 --body '{batch: .}' <in || fail "HTTP: $(cat err)"
rc=0
send -n --as-curl -c 1 -d "webhook:HTTP://127.0.0.1:$PORT/hook" --header 'X: y' <in || rc=$?
halt
is 5 "$(wc -l <got)" 'HTTP: got'
is '0 5' "$rc $(grep -c -- "--noproxy '\*'" raw)" "HTTP, as curl: $(cat raw)"

# the endpoint for warehouses
rm -f raw.http
serve -s script -R raw.http
unset RUDDER_WRITE_KEY
send -c 1 --retl --source-id src1 --destination-id dst1 <in || fail 'retl'
halt
has 'POST /internal/v1/retl HTTP/1.1'
has 'X-Rudder-Source-Id: src1'
has 'X-Rudder-Destination-Id: dst1'
! grep -qai '^authorization' raw.http || fail 'retl: a key'
bad "needs '--source-id'" -d rudder:https://host.example --retl
bad 'has invalid characters' -d rudder:https://host.example --retl --source-id 'a b'

# a refused login shows what to look at
echo 'always reply 401' >script
hook /hook
is 77 $rc '401: status'
says 'check whether a secret header is needed (--header-file)'
serve -s script
printf 'k\n' >some-key
chmod 600 some-key
rc=0
send --write-key-file some-key <in || rc=$?
halt
is 77 $rc '401, rudder: status'
says "check the write key in 'some-key'"

# a value that makes a part of the path '.' or '..' leads to another path
echo 'always reply 200' >script
serve -s script -R climb.http
for event in '{"userId":".","anonymousId":"x"}' '{"userId":"..","anonymousId":"x"}' '{"userId":"x","anonymousId":"."}'; do
	case $event in
	*'"x"}') url=$URL'/a/{userId}/b' ;;
	*) url=$URL'/a/.{anonymousId}/b' ;;
	esac
	echo "$event" >one
	status 1 rudder-send -d "webhook:$url" --trust-eof <one >out
	is rejected "$(jq -r "select(.status).status" out)" "$event to $url"
done
echo '{"userId":".","anonymousId":"."}' >one
status 1 rudder-send -d "webhook:$URL/a/{userId}{anonymousId}" --trust-eof <one >out
says_reason=$(jq -r "select(.status).reason" out)
is "the event's values would put '.' or '..' into the URL's path" "$says_reason" 'two dots side by side'
echo '{"userId":"...","anonymousId":"a.b"}' >one
status 0 rudder-send -d "webhook:$URL/a/{userId}/{anonymousId}?x={userId}" --trust-eof <one >out
halt
is 'POST /a/.../a.b?x=... HTTP/1.1' "$(sed -n 's/\r$//; /^POST/p' climb.http)" 'the only request'

# headers that are the connection's
for name in 'Content-Length: 3' 'transfer-encoding: chunked' 'Host: other.example' 'Connection: close' \
	'Keep-Alive: 1' 'TE: trailers' 'Trailer: X' 'Upgrade: h2c' 'Proxy-Connection: x' 'Proxy-Authorization: x' \
	'Transfer_Encoding: chunked' 'Expect: 100-continue'; do
	bad "header '${name%%:*}' is set by the connection" -d webhook:https://host.example/ --header "$name"
done

# a header line that libcurl does not take
{ printf 'always raw "HTTP/1.1 200 OK\\r\\nX-Long: '; head -c 110000 /dev/zero | tr '\0' a; printf '\\r\\n\\r\\n"\n'; } >script
serve -s script
echo '{"userId":"u"}' >one
status 76 rudder-send -d "webhook:$URL/" --trust-eof --retry-max-time 0s <one >out
says "the reply's header"
halt
