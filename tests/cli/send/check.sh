#!/bin/sh
# --check: address and key are tried, no event is sent; --failed after refusals.
. "$TOP/tests/tool/lib.sh"
. "$TOP/tests/tool/fake.sh"

printf 'right\n' >right
printf 'wrong\n' >wrong
chmod 600 right wrong
serve -k right -o got -l log
send --check --write-key-file right || fail 'the right key'
[ ! -s raw ] || fail 'something was written'
rc=0
send --check --write-key-file wrong || rc=$?
is 77 $rc 'the wrong key'
halt
[ ! -s got ] || fail 'an event was sent'
is '400 401' "$(awk '{print $6}' log | xargs)" 'asked twice'
rc=0
send --check --write-key-file right --connect-timeout 1s || rc=$?
is 69 $rc 'nobody there'
echo 'reply 301 "Location: /x"' >script
serve -s script
rc=0
send --check || rc=$?
is 78 $rc 'a redirect'
halt

# what each kind can find out; -v says so, and what it could not
printf 'always reply 200\n' >script
serve -s script -l log
rm -f log
send -d "webhook:$URL/u/{userId}" --check -v || fail "webhook: $(cat err)"
grep -q 'is checked only when' err || fail "webhook: $(cat err)"
[ ! -s log ] || fail 'webhook: a request was sent'
halt
rc=0
send -d "webhook:$URL/x" --check --connect-timeout 1s || rc=$?
is 69 $rc 'webhook, nobody there'
serve -k right -o got -l log
SEGMENT_WRITE_KEY=right send -d "segment:$URL" --check -v || fail "segment: $(cat err)"
rc=0
SEGMENT_WRITE_KEY=wrong send -d "segment:$URL" --check || rc=$?
is 77 $rc 'segment, a server that looks at the key'
halt
[ ! -s got ] || fail 'segment: an event was sent'
if command -v openssl >/dev/null; then
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout tls.key \
		-out tls.crt -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost 2>/dev/null
	cat tls.crt tls.key >tls.pem
	rm -f log
	serve -c tls.pem -l log
	send -d "webhook:https://localhost:$PORT/" --cacert tls.crt --check || fail "webhook, TLS: $(cat err)"
	rc=0
	send -d "webhook:https://localhost:$PORT/" --check || rc=$?
	is 76 $rc 'webhook, a certificate that nobody knows'
	halt
	[ ! -s log ] || fail 'webhook, TLS: a request was sent'
fi
send -d 'exec:cat >must-not-be' --check -v || fail "exec: $(cat err)"
[ ! -e must-not-be ] || fail 'exec: it was run'
grep -q 'was not run' err || fail "exec: $(cat err)"
rc=0
send -d 'exec:if then' --check || rc=$?
is 78 $rc 'exec: what the shell cannot read'
rc=0
send -d file:no/such/folder --check || rc=$?
is 73 $rc 'file: no folder'
send -d file:events --check -v || fail 'file'
grep -q 'is writable' err || fail "file: $(cat err)"

serve -r POISON -o got
events 50 5 | sed '/"recordId":"[37]"/s/"type"/"x":"POISON","type"/' >in
rc=0
send -c 2 -b 10 --failed later <in || rc=$?
halt
is 1 $rc 'poison: status'
grep POISON in | sort >bad
grep messageId later | sort | cmp - bad || fail 'later does not hold the two bad events'
sed -i 's/POISON/cured/' later
serve -o got
send <later || fail 'the second time'
halt
is 50 "$(sort -u got | wc -l)" 'all arrived'

# nothing comes out of a check, so that there is nothing in the way
status 0 rudder-send -d stdout: --check

# a file that is not there is not made, and an incomplete one is not repaired
rc=0
rudder-send -d file:new --check 2>err || rc=$?
is 0 $rc "no file: $(cat err)"
[ ! -e new ] || fail 'check has made the file'
printf '{"a":1}\n{"b' >torn
rudder-send -d file:torn --check || fail 'torn file: status'
is 11 "$(wc -c <torn)" 'torn file: bytes'
rc=0
rudder-send -d file:none/new --check 2>err || rc=$?
is 73 $rc 'no folder: status'
says "cannot open 'none/new': No such file or directory"
