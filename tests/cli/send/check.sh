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
