#!/bin/sh
# --sign: signatures in the forms of GitHub, Stripe and Standard Webhooks.
. "$TOP/tests/tool/lib.sh"
. "$TOP/tests/tool/fake.sh"
command -v openssl >/dev/null || skip 'no openssl'

events 1 >in
body=$(sed -n 2p in)
printf 'first\n' >k1
printf 'second\n' >k2
printf 'whsec_%s\n' "$(printf 'raw key' | base64)" >k3
printf 'whsec_!!!\n' >k4
chmod 600 k?
echo 'always reply 200' >script
hook() { # OPTIONS
	rm -f raw.http
	serve -s script -R raw.http
	send -c 1 -d "webhook:$URL/x" "$@" <in || fail "$*: $(cat err)"
	halt
}
head_of() { tr -d '\r' <raw.http | sed -n "s/^$1: //p"; }
hex() { printf '%s' "$2" | openssl dgst -sha256 -hmac "$1" | sed 's/.*= //'; }
base() { printf '%s' "$2" | openssl dgst -sha256 -hmac "$1" -binary | base64; }
now_ish() {
	[ "$1" -ge "$before" ] || fail "the time: $1"
	[ "$1" -le "$(date +%s)" ] || fail "the time: $1"
}

before=$(date +%s)
hook --sign-key-file k1
is "sha256=$(hex first "$body")" "$(head_of X-Signature-256)" plain
hook --sign github --sign-key-file k1
is "sha256=$(hex first "$body")" "$(head_of X-Hub-Signature-256)" github
hook --sign github --sign-key-file k1 --sign-header X-Mine
is "sha256=$(hex first "$body")" "$(head_of X-Mine)" 'a name of its own'

hook --sign stripe --sign-key-file k1 --sign-key-file k2
t=$(head_of Stripe-Signature | sed 's/^t=\([0-9]*\),.*/\1/')
now_ish "$t"
is "t=$t,v1=$(hex first "$t.$body"),v1=$(hex second "$t.$body")" "$(head_of Stripe-Signature)" stripe

hook --sign standard --sign-key-file k1 --sign-key-file k3
t=$(head_of webhook-timestamp)
now_ish "$t"
is m-1 "$(head_of webhook-id)" 'standard: id'
is "v1,$(base first "m-1.$t.$body") v1,$(base 'raw key' "m-1.$t.$body")" "$(head_of webhook-signature)" standard

# a batch has an id of its own, the same in each try; its time is that of the try
{ echo 'reply 503' && echo 'reply 200'; } >script
hook -b 5 --sign standard --sign-key-file k1 --retry-wait 1100ms --retry-max-wait 1200ms
is 2 "$(head_of webhook-id | grep -c '^msg_')" 'two tries'
is 1 "$(head_of webhook-id | sort -u | wc -l)" 'one id'
t=$(head_of webhook-timestamp | tail -n 1)
id=$(head_of webhook-id | tail -n 1)
is "v1,$(base first "$id.$t.[$body]")" "$(head_of webhook-signature | tail -n 1)" 'the second try'

bad() { # STATUS TEXT OPTIONS
	code=$1 text=$2
	shift 2
	status "$code" rudder-send -d webhook:https://host.invalid/x --trust-eof "$@" <in
	says "$text"
}
bad 64 "'jwt' is not plain, github" --sign jwt --sign-key-file k1
bad 64 'need --sign-key-file' --sign github
bad 64 'at most 1 with --sign plain' --sign-key-file k1 --sign-key-file k2
bad 64 "'X Y' is not the name of a header" --sign-key-file k1 --sign-header 'X Y'
bad 64 'behind whsec_ is no base64' --sign standard --sign-key-file k4
