#!/bin/sh
# --body: what a webhook is sent is made by a jq program, in a sandbox.
. "$TOP/tests/tool/lib.sh"
. "$TOP/tests/tool/fake.sh"
unset RUDDER_WRITE_KEY
CANARY=canary-7
export CANARY

hook() { # PROGRAM [OPTIONS]: send in
	program=$1
	shift
	rm -f raw.http
	serve -s script -R raw.http
	rc=0
	send -v -c 1 -d "webhook:$URL/u/{userId}" --body "$program" "$@" <in || rc=$?
	halt
}
made() { # BODY: the last request had this one
	is "$1" "$(tail -n 1 raw.http)" "$program"
}
reason() { # TEXT: the event was rejected for that, and no request made
	is 1 $rc "$program: status"
	grep -qF '"status":"rejected","code":0,"attempts":0' receipts || fail "$program: $(cat receipts)"
	grep -qF -- "$1" receipts || fail "$program: no '$1' in $(cat receipts)"
	[ ! -s raw.http ] || fail "$program: a request was made"
	says '1 rejected; 0 requests, 0 bytes'
}

echo 'always reply 200' >script
cat >in <<'END'
{"_rudder":{"type":"begin","v":1,"stream":"events","run":"r1000000000000000000"}}
{"messageId":"m-1","recordId":"1","userId":"a/b","traits":{"plan":"pro","n":7}}
{"_rudder":{"type":"end","stream":"events","events":1,"rejects":0,"skips":0}}
END

# address and key of the request are those of the event, the body is the program's
printf 'topsecret' >sign
chmod 600 sign
hook '{text: "plan \(.traits.plan)", n: .traits.n}' --sign-key-file sign
is 0 $rc 'body: status'
made '{"text":"plan pro","n":7}'
says '1 request, 25 bytes'
grep -qa 'POST /u/a%2Fb HTTP' raw.http || fail 'body: address'
grep -qa 'Idempotency-Key: m-1' raw.http || fail 'body: key'
if command -v openssl >/dev/null; then
	grep -qa "sha256=$(printf '%s' '{"text":"plan pro","n":7}' | openssl dgst -sha256 -hmac topsecret | sed 's/.*= //')" raw.http || fail 'body: signature'
fi

# a number is what the event has, or its event is refused where libjq would round it
cp in small
sed -i 's/"n":7/"n":12345678901234567890,"s":"1e999","x":-0.5/' in
hook '{n: .traits.n, s: .traits.s}'
if [ $rc = 0 ]; then
	made '{"n":12345678901234567890,"s":"1e999"}'
else
	reason 'a number that this libjq would round; use a string'
fi
mv small in

# one value, and one only
hook empty
reason 'returned no value'
hook '., .'
reason 'returned more than one value'
hook '.nothing.x | error("told")'
reason 'told'
for program in '., error(null)' '., (null | error)' 'error(null)' '., (try error("x") catch error(null))'; do
	hook "$program"
	case $program in .*) reason 'returned more than one value' ;; *) reason 'error(null)' ;; esac
done
hook '{text: (try error(null) catch "caught")}'
made '{"text":"caught"}'

# no environment, no more input, no files, no end: refused before anything is sent
# shellcheck disable=SC2016
for program in env "\$ENV" "{\$ENV}" "\$ ENV" "\$#
ENV.CANARY" '"\(env)"' input halt 'import "a" as $x; $x' "\$__prog_args"; do
	hook "$program"
	is 78 $rc "$program: status"
	says 'is not allowed: a program can use only its row'
	[ ! -s raw.http ] || fail "$program: a request was made"
done
hook '.['
is 78 $rc 'no program: status'
says 'syntax error'

# too long, too much: that event alone
case $B in
*asan*) ;; # libjq ends in another way there
*)
	sed -i '2a {"messageId":"m-2","recordId":"2","userId":"c","traits":{"loop":true}}\n{"messageId":"m-3","recordId":"3","userId":"d","traits":{}}' in
	sed -i '$d' in
	hook 'def f: f; if .traits.loop then f else .recordId end' --trust-eof
	is 1 $rc 'too long: status'
	is '2 1' "$(count accepted) $(count rejected)" 'too long: one alone'
	grep -q '"recordId":"2".*exceeded its time or memory' receipts || fail "too long: $(cat receipts)"
	made '"3"'
	# values of the event that make libjq abort, overflow or allocate cost that event alone
	sed -i 's/"loop":true/"n":2147483647,"s":"abc"/' in
	# shellcheck disable=SC2016
	for program in '[] | .[$t.n] = 1 | length' '[range(99)] | .[$t.n + 1] = 1' '$t.s * $t.n' '[limit($t.n; repeat(1))]'; do
		hook "if .traits.s then .traits as \$t | $program else .recordId end" --trust-eof
		is 1 $rc "$program: status"
		is '2 1' "$(count accepted) $(count rejected)" "$program: one alone"
		made '"3"'
	done
	;;
esac

# arrays; a batch that fails is halved until the guilty event stands alone
events 20 5 | sed '/"recordId":"7"/s/"type"/"bad":1,"type"/' >in
rm -f raw.http
serve -s script -R raw.http
rc=0
send -c 1 -b 20 -d "webhook:$URL/all" --body 'map(if .bad then error("bad") else .recordId end)' <in || rc=$?
halt
is 1 $rc 'array: status'
is '19 1' "$(count accepted) $(count rejected)" 'array: one alone'
grep -q '"recordId":"7".*"status":"rejected"' receipts || fail 'array: another was rejected'

rc=0
send -n -d webhook:https://host.invalid/ --body '.[' <in || rc=$?
is 78 $rc 'a dry run, no program: status'
rc=0
send -d file:out --body . <in || rc=$?
is 64 $rc 'file: status'
