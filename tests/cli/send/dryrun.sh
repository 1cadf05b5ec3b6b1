#!/bin/sh
# --dry-run and --as-curl show the very requests that would be sent, and no secret.
. "$TOP/tests/tool/lib.sh"
. "$TOP/tests/tool/fake.sh"

# The request that a dry run shows as it goes over the wire; CR left out.
wire() { # <LINES
	sed -n '/"type":"request"/p' >shown
	jq -j '._rudder | .method, " ", (.url | sub("http://[^/]*"; "")), " HTTP/1.1\n", (.headers[] + "\n"), "\n"' shown
	sed 's/.*"body"://; s/}}$//' shown
}

cat >in <<'END'
{"_rudder":{"type":"begin","v":1,"stream":"events","run":"r1000000000000000000"}}
{"messageId":"m'1 $(x) `y`","recordId":"1","userId":"a/b ü","traits":{"n":1.50,"it's":"\u0041 $(x) `y` '"}}
{"_rudder":{"type":"end","stream":"events","events":1,"rejects":0,"skips":0}}
END
printf 'X-Secret: canary-file\nX-Two: canary-two\n' >headers
printf 'canary-sign' >sign
printf 'canary-write' >key
chmod 600 headers sign key
export RUDDER_WRITE_KEY=canary-write SEGMENT_WRITE_KEY=canary-write
export AUTHORIZATION='Bearer canary-line' URL_SECRET_1=canary0123456789 URL_SECRET_2=canary-query

echo 'always reply 200' >script
serve -s script -R raw.http

# Sent, shown, and sent by the command that is shown: all the same.
same() { # WHAT OPTIONS
	what=$1
	shift
	: >raw.http
	send -c 1 "$@" <in || fail "$what: $(cat err)"
	tr -d '\r' <raw.http | sed 's/^Authorization: Basic .*/Authorization: Basic ***/' >sent
	[ -s sent ] || fail "$what: nothing sent"
	: >raw.http
	send -c 1 -n "$@" <in || fail "$what, dry: $(cat err)"
	! grep -q canary raw || fail "$what: a secret is shown: $(cat raw)"
	wire <raw >wired
	sed 's/canary-line/***/; s/^Authorization: Bearer /Authorization: /; s/canary-[a-z]*/***/; s/canary0123456789/***/' sent |
		cmp - wired || fail "$what: shown is $(cat wired), sent was $(cat sent)"
	send -c 1 -n --as-curl "$@" <in || fail "$what, as-curl: $(cat err)"
	! grep -q canary raw || fail "$what: a secret is in the script: $(cat raw)"
	[ ! -s raw.http ] || fail "$what: the dry run has sent something"
	sh raw >/dev/null || fail "$what: the command fails: $(cat raw)"
	tr -d '\r' <raw.http | sed 's/^Authorization: Basic .*/Authorization: Basic ***/' | sort >again
	sort sent | cmp - again || fail "$what: the command sent $(cat again), we $(cat sent)"
}

same rudder --no-gzip -d "rudder:$URL"
same segment --no-gzip -d "segment:$URL" --write-key-file key
same retl --no-gzip -d "rudder:$URL" --retl --source-id s1
same webhook -d "webhook:$URL/hook/{userId}/canary0123456789?t=canary-query&n={traits.n}" --method PUT \
	--header 'X-Team: blue' --header 'Authorization: Bearer canary-line' --header 'Accept:' \
	--header-file headers --sign-key-file sign --body '{id: .recordId, t: .traits}'
same arrays -b 2 -d "webhook:$URL/./hook" --header 'User-Agent: we'

# with gzip the header is that of the wire, the body is not
: >raw.http
send -c 1 <in || fail 'gzip: status'
tr -d '\r' <raw.http | sed -n '/^$/q; s/^Authorization: Basic .*/Authorization: Basic ***/; p' >sent
send -c 1 -n <in || fail 'gzip, dry: status'
wire <raw | sed '/^$/q' | sed '$d' | cmp - sent || fail 'gzip: another header'
grep -q "\"body\":{\"batch\":\[$(sed -n 's/\\/\\&/g; s/\[/\\[/g; 2p' in)\]}}}" raw || fail 'gzip: another body'
halt

# batches as they would be, and no more events than asked for; receipts apart
events 10 | send -n -c 1 -b 4 --max-events 6 -d rudder:https://x.example --receipts there || fail 'batches'
is '4 2 ' "$(jq -j '._rudder | .events, " "' raw)" 'batches: events'
is 6 "$(grep -c '"status":"dry-run"' there)" 'batches: receipts'

# an event for which there is no request has none, and a receipt that says why
rc=0
printf '{"userId":"a"}\n{"recordId":"2"}\n{bad\n' |
	send -n -c 1 -d 'webhook:https://x.example/{userId}' --trust-eof || rc=$?
is 1 $rc 'no address: status'
is 1 "$(grep -c '"type":"request"' raw)" 'no address: requests'
is 'dry-run rejected rejected' "$(sed -n 's/.*"status":"\([a-z-]*\)".*/\1/p' receipts | sort | xargs)" 'no address: receipts'

is 2 "$(grep -c '"attempts":0' receipts)" 'no address: attempts'

# what cannot be written is said
for options in '' --as-curl '--receipts there'; do
	rc=0
	# shellcheck disable=SC2086 # several words
	events 3 | rudder-send -n -d rudder:https://x.example $options >/dev/full 2>err || rc=$?
	is 74 $rc "full disk, $options: status"
done

# those that are not HTTP, which make and start nothing
shows() { # DESTINATION WHAT
	events 1 | send -n -d "$1" || fail "$1: $(cat err)"
	is "$2" "$(jq -c 'select(._rudder.type == "request") | ._rudder | del(.type, .events)' raw)" "$1"
}
event='{"messageId":"m-1","recordId":"1","type":"identify","userId":"u0"}'
shows 'file:new' "{\"file\":\"new\",\"append\":[$event]}"
[ ! -e new ] || fail 'file: it was made'
shows 'exec:touch new; "x"' "{\"command\":\"touch new; \\\"x\\\"\",\"input\":[$event]}"
[ ! -e new ] || fail 'exec: it was run'
shows stdout: "{\"output\":[$event]}"
rc=0
kafkamock >/dev/null 2>&1 || rc=$?
[ $rc = 77 ] || shows kafka://127.0.0.1:1/t \
	"{\"brokers\":\"127.0.0.1:1\",\"topic\":\"t\",\"messages\":[{\"key\":\"u0\",\"headers\":{\"messageId\":\"m-1\"},\"value\":$event}]}"

# and no commit follows from it
printf '{"id":1}\n' | rows | rudder-diff -k id -s st >changes || fail 'diff'
rudder-map -t identify -u id <changes >mapped || fail 'map'
rc=0
rudder-send -n -d rudder:https://x.example <mapped 2>err | rudder-diff --commit -s st 2>err >committed || rc=$?
is 1 $rc "commit: $(cat err)"
rows </dev/null >none
printf '{"id":1}\n' | rows | rudder-diff -k id -s st | grep -q '"action":"insert"' || fail 'commit: the row is missing'

# headers on the command line that look like secrets, by name or by value
echo '{"userId":"u"}' >one
mask() { # $1: name, $2: value; whether it is masked
	rudder-send -n -d webhook:https://host.example/ --trust-eof --header "$1: $2" <one >out
	! grep -q -F "$2" out || fail "'$1: $2' is shown: $(cat out)"
	rudder-send -n --as-curl -d webhook:https://host.example/ --trust-eof --header "$1: $2" <one >out
	! grep -q -F "$2" out || fail "'$1: $2' is shown as a command"
}
for name in Api_Key X-Hook-Pw X-Api-Key Apikey X_Auth X-Sig X-Hub-Signature Cookie X-Csrf-Token X-Pwd \
	X-Private X-Session-Id AccessKey X-Client-Secret X-Pass Ocp-Apim-Subscription-Key; do
	mask $name s3cr
done
mask X-Team 'Bearer abc'
mask X-Team 0123456789abcdef0123
rudder-send -n --as-curl -d webhook:https://host.example/ --trust-eof --header '2fa-Token: s3cr' <one >out
grep -q '{_2FA_TOKEN:?}' out || fail 'a variable of a header begins with a digit'
rudder-send -n -d webhook:https://host.example/ --trust-eof --header 'X-Team: blue' --header 'X-Monkeyhouse: yes' <one >out
grep -q 'X-Team: blue' out || fail 'a plain header is masked'
grep -q 'X-Monkeyhouse: yes' out || fail 'a plain header is masked'

# totals at the end, also without a terminal
printf '{"id":1}\n{"id":2}\n' | rows | rudder-diff -k id -s new.state -n >changes 2>err || fail 'diff -n'
is 'rudder-diff: dry run: 2 rows, 2 inserts' "$(sed 's/\[[^]]*\]//' err)" 'totals of diff'
rudder-map -t identify -u id <changes >mapped || fail 'map'
rudder-send -n -d rudder:https://x.example -b 1 <mapped 2>err >out || fail 'send -n'
is 'rudder-send: dry run: 2 events, 2 inserts in 2 requests' "$(sed 's/\[[^]]*\]//; s/, [0-9]* bytes.*//' err)" 'totals of send'
rudder-send -q -n -d rudder:https://x.example <mapped 2>err >out || fail 'send -q -n'
is '' "$(cat err)" '-q'
