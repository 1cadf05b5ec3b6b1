#!/bin/sh
# What the server does, and what rudder-send makes of it: one row a case.
# script | status | accepted rejected failed unknown | attempts | in the message
. "$TOP/tests/tool/lib.sh"
. "$TOP/tests/tool/fake.sh"

row() { # $1 script, $2 status, $3 counts, $4 attempts, $5 message
	printf '%s\n' "$1" >script
	rm -f log got
	serve -s script -l log -o got
	rc=0
	events 4 | send -c 1 --timeout 400ms || rc=$?
	halt || fail "$1: the server saw something else"
	is "$2" $rc "$1: status"
	is "$3" "$(count accepted) $(count rejected) $(count failed) $(count unknown)" "$1: receipts"
	is "$4 " "$(sed -n 's/.*"attempts":\([0-9]*\),.*/\1/p' receipts | sort -u | tr '\n' ' ')" "$1: attempts"
	[ -z "$5" ] || grep -q -- "$5" err || fail "$1: no '$5' in the message"
	case $2 in
	0 | 1) tail -1 receipts | grep -q '"type":"end"' || fail "$1: no end line" ;;
	*) ! grep -q '"type":"end"' receipts || fail "$1: an end line" ;;
	esac
}

row 'expect POST /v1/batch accept' 0 '4 0 0 0' 1 ''
row 'reply 204' 0 '4 0 0 0' 1 ''
row 'reply 429 "Retry-After: 0"' 0 '4 0 0 0' 2 ''
row 'reply 503' 0 '4 0 0 0' 2 ''
row 'repeat 2 reply 500 body "tx error"' 0 '4 0 0 0' 3 ''
# the first event alone was accepted after the third
row 'repeat 3 reply 500 body "tx error"' 0 '4 0 0 0' 4 ''
row 'reply 408' 0 '4 0 0 0' 2 ''
row 'reply 425' 0 '4 0 0 0' 2 ''
row 'close early' 0 '4 0 0 0' 2 ''
row 'reset early' 0 '4 0 0 0' 2 ''
row 'store close' 0 '4 0 0 0' 2 ''
row 'store reset' 0 '4 0 0 0' 2 ''
row 'store reply 200 cut 17' 0 '4 0 0 0' 2 ''
row 'store reply 200 cut 40' 0 '4 0 0 0' 2 ''
row 'hang' 0 '4 0 0 0' 2 ''
row 'store reply 200 body "ok" drip 100' 0 '4 0 0 0' 2 ''
row 'raw "bang bang bang\r\n\r\n"' 0 '4 0 0 0' 2 ''
row 'store reply 200 body "ok" short 5 close' 0 '4 0 0 0' 1 'but its body was not'
row 'store raw "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab" close' 0 '4 0 0 0' 1 'but its body was not'
row 'raw "HTTP/1.1 100 Continue\r\n\r\n" close' 0 '4 0 0 0' 2 ''
row 'always raw "bang\r\n\r\n"' 76 '0 0 0 4' 3 'is not HTTP'
row 'flood 9000' 76 '0 0 0 4' 1 'is too long' # 177 kB, less than curl's limit
row 'flood 20000' 76 '0 0 0 4' 1 'is too long'
row 'reply 301 "Location: http://127.0.0.1:1/x"' 78 '0 0 0 4' 1 "redirected to 'http://127.0.0.1:1/x'"
row 'reply 302 "Location: /elsewhere"' 78 '0 0 0 4' 1 'use the final address'
row 'reply 307 "Location: file:///etc/passwd"' 78 '0 0 0 4' 1 'redirected'
row 'reply 401 body "invalid write key\n"' 77 '0 0 4 0' 1 'HTTP 401: invalid write key'
# one event of the batch may be the reason: each is tried until one is accepted
row 'always reply 403' 77 '0 0 4 0' '2 3 4' 'HTTP 403'
row 'repeat 3 reply 403' 1 '3 1 0 0' '2 3' 'rejected'
row 'reply 404 body "source is disabled\n"' 77 '0 0 4 0' 1 'source is disabled'
row 'reply 405' 78 '0 0 4 0' 1 'check the address'
# once in doubt, never "failed": it may have been stored
row 'store reset
reply 401' 77 '0 0 0 4' 2 'HTTP 401'
# nor "rejected": a server may refuse what it has already
row 'store reset
repeat 7 reply 422' 1 '0 0 0 4' 4 '4 with unknown outcome: 4 × HTTP 422'
