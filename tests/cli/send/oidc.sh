#!/bin/sh
# kafka: with tokens of OAuth that librdkafka gets by itself (OpenID Connect), by a
# real broker (tests/tool/broker.sh) and a token server of ours. Debian's librdkafka
# may lack it: RUDDER_TEST_RDKAFKA is a folder with another librdkafka.so.1.
. "$TOP/tests/tool/lib.sh"
. "$TOP/tests/tool/fake.sh"
[ -z "${RUDDER_TEST_RDKAFKA:-}" ] || export LD_LIBRARY_PATH="$RUDDER_TEST_RDKAFKA${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
rc=0
kafkamock >/dev/null 2>&1 || rc=$?
[ $rc != 77 ] || skip 'built without librdkafka'

# settings TOKEN-URL: in the file oidc
settings() {
	printf '%s\n' security.protocol=sasl_plaintext sasl.mechanism=OAUTHBEARER sasl.oauthbearer.method=oidc \
		sasl.oauthbearer.client.id=rudder sasl.oauthbearer.client.secret=canary \
		"sasl.oauthbearer.token.endpoint.url=$1" >oidc
	chmod 600 oidc
}
settings http://127.0.0.1:9/token
events 1 | send -d kafka://127.0.0.1:9/t --config oidc --retry-max-time 100ms || :
! grep -q 'not supported in this build' err || skip 'a librdkafka without OpenID Connect (RUDDER_TEST_RDKAFKA)'

# a token server that cannot be reached may be there later; a refusal is final
for answer in none refused; do
	at=http://127.0.0.1:9/token
	if [ $answer = refused ]; then
		echo 'always reply 401 body "{\"error\":\"invalid_client\",\"error_description\":\"no such client\"}"' >script
		serve -s script
		at=$URL/token
	fi
	settings "$at"
	rc=0
	events 3 | send -d kafka://127.0.0.1:9/t --config oidc --retry-max-time 1s || rc=$?
	halt || :
	is 3 "$(count failed)" "$answer: receipts"
	case $answer in
	none) is 69 $rc "none: $(cat err)" ;;
	refused)
		is 77 $rc "refused: $(cat err)"
		says 'no OAuth token'
		;;
	esac
	! grep -q canary err || fail 'the secret is said'
done

started=$("$TOP/tests/tool/broker.sh" start) || fail 'the broker does not start'
eval "$started"
trap '"$TOP/tests/tool/broker.sh" stop "$BROKER_DIR"' EXIT
kafkamock -b "$BROKER" -n 4 tokens || fail "no topic 'tokens'"

# A token without a signature (RFC 7519, 6), as this broker takes it, for a user
part() { printf '%s' "$1" | base64 -w 0 | tr '+/' '-_' | tr -d =; }
token_for() {
	now=$(date +%s)
	echo "$(part '{"alg":"none","typ":"JWT"}').$(part "{\"sub\":\"$1\",\"iat\":$now,\"exp\":$((now + 600))}")."
}
login() { # USER: a token server that knows only that one
	printf 'always expect POST /token reply 200 "Content-Type: application/json" body "{\\"access_token\\":\\"%s\\",\\"token_type\\":\\"Bearer\\",\\"expires_in\\":600}"\n' "$(token_for "$1")" >script
	serve -s script -R raw.http
	trap 'halt; "$TOP/tests/tool/broker.sh" stop "$BROKER_DIR"' EXIT
	settings "$URL/token"
}
login anna
send -d "kafka://$BROKER_SASL/tokens" --config oidc --check || fail "check: $(cat err)"
events 3000 100 | send -d "kafka://$BROKER_SASL/tokens" --config oidc --retry-max-time 30s || fail "anna: $(cat err)"
is 3000 "$(count delivered)" 'delivered'
kafkamock -b "$BROKER" -n 4 -o got tokens 2>/dev/null || fail 'cannot be read back'
is 3000 "$(cut -f 3 got | sort -u | wc -l)" 'messages'
grep -q '^grant_type=client_credentials' raw.http || fail "the request for a token: $(cat raw.http)"
is 1 "$(tr -d '\r' <raw.http | sed -n 's/^Authorization: Basic //p' | sort -u | base64 -d | grep -c '^rudder:canary$')" 'who asks for a token'
halt

# a user who may not write
login nobody
rc=0
events 3 | send -d "kafka://$BROKER_SASL/tokens" --config oidc --retry-max-time 30s || rc=$?
is '77 3' "$rc $(count failed)" "nobody: $(cat err)"
says 'this user may not write'
