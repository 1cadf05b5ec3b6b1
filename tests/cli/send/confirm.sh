#!/bin/sh
# --confirm: the data plane's job status makes "accepted" to what it was worth.
. "$TOP/tests/tool/lib.sh"
. "$TOP/tests/tool/fake.sh"

events 6 >in
status=/internal/v2/job-status/r1000000000000000000
open='{\"id\":\"r1\",\"tasks\":[{\"id\":\"t\",\"sources\":[{\"id\":\"s\",\"completed\":false,\"stats\":{\"in\":6,\"out\":1,\"failed\":0}}]}]}'
done='{\"id\":\"r1\",\"tasks\":[{\"id\":\"t\",\"sources\":[{\"id\":\"s\",\"completed\":true,\"stats\":{\"in\":6,\"out\":4,\"failed\":2}}]}]}'
page1='{\"id\":\"r1\",\"tasks\":[{\"id\":\"t\",\"sources\":[{\"id\":\"s\",\"records\":null,\"destinations\":[{\"id\":\"d\",\"records\":[{\"record\":\"2\",\"code\":400}]}]}]}],\"paging\":{\"size\":1,\"next\":\"a/b=\"}}'
page2='{\"id\":\"r1\",\"tasks\":[{\"id\":\"t\",\"sources\":[{\"id\":\"s\",\"destinations\":[{\"id\":\"d\",\"records\":[{\"record\":\"5\",\"code\":422}]}]}]}]}'

cat >script <<END
expect POST /v1/batch accept
expect GET $status reply 404
expect GET $status reply 500
expect GET $status reply 200 body "$open"
expect GET $status reply 200 body "$done"
expect GET $status/failed-records?pageSize=10000 reply 200 body "$page1"
expect GET $status/failed-records?pageSize=10000&pageToken=a%2Fb%3D reply 200 body "$page2"
END
serve -s script -o got
rc=0
send -c 1 --confirm --failed later <in || rc=$?
grep -v _rudder later >failed || :
sed -n '/"recordId":"[25]"/p' in | cmp - failed || fail "--failed holds: $(cat later)"
tail -n 1 later | grep -q '"events":2' || fail '--failed: its end line'
halt || fail 'other questions than expected'
is 1 $rc status
is '0 4 2' "$(count accepted) $(count delivered) $(count failed)" receipts
grep -q '"recordId":"2",.*"status":"failed","code":400,.*"reason":"accepted, but the data plane could not deliver the event: HTTP 400"' receipts || fail 'record 2'
says '1 × accepted, but the data plane could not deliver the event: HTTP 400, 1 × accepted, but the data plane could not deliver the event: HTTP 422'
grep -q '"recordId":"5",.*"status":"failed","code":422' receipts || fail 'record 5'
grep -q '"recordId":"1","messageId":"m-1","status":"delivered","code":200,"attempts":1,"ms":0}' receipts || fail 'record 1'
tail -n 1 receipts | grep -q '"type":"end".*"receipts":6' || fail 'no end line'

# it never becomes complete: accepted is what is known
cat >script <<END
accept
always reply 200 body "$open"
END
serve -s script
rc=0
send -c 1 --confirm --confirm-time 700ms <in || rc=$?
halt
is 1 $rc 'open: status'
is 6 "$(count accepted)" 'open: accepted'
grep -q "did not report run 'r1000000000000000000' as complete" err || fail 'open: no warning'
tail -n 1 receipts | grep -q '"type":"end"' || fail 'open: no end line'

# pages of failures without an end
cat >script <<END
accept
reply 200 body "$done"
always reply 200 body "$page1"
END
serve -s script
rc=0
send -c 1 --confirm --confirm-time 300ms <in || rc=$?
halt
is 76 $rc 'no end of pages: status'
is 6 "$(count accepted)" 'no end of pages: accepted'
! grep -q '"type":"end"' receipts || fail 'no end of pages: an end line'

# a list beyond all bounds, and one that the data plane does not keep
DONE=$done awk 'BEGIN {
	printf "accept\nreply 200 body \"%s\"\nalways reply 200 body \"{\\\"id\\\":\\\"", ENVIRON["DONE"]
	for (i = 0; i < 17 * 1024; i++) printf "%01024d", 0
	print "\\\"}\""
}' >script
serve -s script
rc=0
send -c 1 --confirm <in || rc=$?
halt
is '76 6' "$rc $(count accepted)" 'a long list'
says 'longer than 16 MiB'
! grep -q '"type":"end"' receipts || fail 'a long list: an end line'
printf 'accept\nreply 200 body "%s"\nalways reply 400\n' "$done" >script
serve -s script
rc=0
send -c 1 --confirm <in || rc=$?
halt
is '1 6' "$rc $(count accepted)" 'no list'
says 'did not return the failed records'

# an invalid status, and invalid records
done_4=$(echo "$done" | sed 's/out\\":4/out\\":2/; s/failed\\":2/failed\\":4/')
odd='{\"paging\":{},\"tasks\":[{\"sources\":[{\"destinations\":[{\"records\":[{\"record\":\"1\",\"code\":-1},{\"record\":\"2\",\"code\":1e300},{\"record\":\"3\",\"code\":\"x\"},{\"record\":\"4\"},{},7,null]}]},5,{\"destinations\":[{}]}]}]}'
cat >script <<END
accept
reply 200 body "${done_4:-$done}"
reply 200 body "$odd"
END
serve -s script
rc=0
send -c 1 --confirm <in || rc=$?
halt
is 1 $rc 'odd: status'
is '2 4' "$(count delivered) $(grep -c '"status":"unknown","code":0' receipts)" 'odd: receipts'

# lists that do not fit the counts, or are of other events
short='{\"tasks\":[{\"sources\":[{\"destinations\":[{\"records\":[{\"record\":\"3\",\"code\":400}]}]}]}]}'
foreign='{\"tasks\":[{\"sources\":[{\"records\":[{\"record\":\"3\",\"code\":400},{\"record\":\"x\",\"code\":400}]}]}]}'
numbers='{\"tasks\":[{\"sources\":[{\"records\":[{\"record\":3,\"code\":400},{\"record\":40e-1,\"code\":400}]}]}]}'
askew='{\"tasks\":[{\"sources\":[{\"completed\":true,\"stats\":{\"in\":7,\"out\":4,\"failed\":2}}]}]}'
silent='{\"tasks\":[{\"sources\":[{\"completed\":true}]}]}'
lists() { # STATUS LIST DELIVERED ACCEPTED FAILED
	printf 'accept\nreply 200 body "%s"\nreply 200 body "%s"\n' "$1" "$2" >script
	serve -s script
	rc=0
	send -c 1 --confirm <in || rc=$?
	halt
	is "1 $3 $4 $5" "$rc $(count delivered) $(count accepted) $(count failed)" "$2: receipts"
	[ "$4" = 0 ] || says 'receipts stay'
	tail -n 1 receipts | grep -q '"type":"end"' || fail "$2: no end line"
}
lists "$done" "$short" 0 6 0
says 'failed 2, but 1 failed records are listed, 1 of them of this run'
lists "$done" "$foreign" 0 6 0
says 'failed 2, but 2 failed records are listed, 1 of them of this run'
lists "$done" "$numbers" 4 0 2
lists "$askew" "$numbers" 0 6 0
lists "$silent" '{}' 0 6 0

done=$(echo "$done" | sed 's/"out":4,"failed":2/"out":5,"failed":1/; s/out\\":4/out\\":5/; s/failed\\":2/failed\\":1/')
# exactly one failed; and what says nothing of what the destination has
one() { # CODE STATUS
	cat >script <<END
accept
reply 200 body "$done"
reply 200 body "{\\"tasks\\":[{\\"sources\\":[{\\"destinations\\":[{\\"records\\":[{\\"record\\":\\"3\\",\\"code\\":$1}]}]}]}],\\"paging\\":{}}"
END
	serve -s script
	rc=0
	send -c 1 --confirm --failed later <in || rc=$?
	halt
	is 1 $rc "one with $1: status"
	is '5 1' "$(count delivered) $(count "$2")" "one with $1: receipts"
	grep -q "\"recordId\":\"3\",.*\"status\":\"$2\",\"code\":$1" receipts || fail "one with $1: $(cat receipts)"
	is 1 "$(grep -c recordId later)" "one with $1: --failed"
}
one 400 failed
one 500 unknown
one 408 unknown
one 409 unknown
one 423 unknown

# it is not allowed to ask, or asks somebody else
for refusal in '77 401' '77 403' '78 302'; do
	printf 'accept\nreply %s\n' "${refusal#* }" >script
	serve -s script
	rc=0
	send -c 1 --confirm <in || rc=$?
	halt
	is "${refusal% *}" $rc "$refusal: status"
	is 6 "$(count accepted)" "$refusal: accepted"
	says "job status: HTTP ${refusal#* }"
	! grep -q '"type":"end"' receipts || fail "$refusal: an end line"
	tail -n 1 receipts | grep -q "\"type\":\"abort\",\"stage\":\"send\",\"status\":${refusal% *}" || fail "$refusal: no abort line"
done

# truncated replies do not count: it is asked again, also for the list
list='{\"tasks\":[{\"sources\":[{\"records\":[{\"record\":\"3\",\"code\":400}]}]}]}'
printf 'accept\nreply 200 body "%s" cut 130\nreply 401 body "x" cut 20\nreply 200 body "%s"\nreply 302 body "x" cut 20\nreply 503\nreply 200 body "%s"\n' \
	"$done" "$done" "$list" >script
serve -s script
rc=0
send -v -c 1 --confirm --confirm-time 20s <in || rc=$?
halt || fail 'broken off: it asked for something else'
is '1 5 1' "$rc $(count delivered) $(count failed)" "broken off: $(cat err)"
# a list that does not come in time
printf 'accept\nreply 200 body "%s"\nalways reply 503\n' "$done" >script
serve -s script
rc=0
send -c 1 --confirm --confirm-time 300ms <in || rc=$?
halt
is '1 6' "$rc $(count accepted)" "no list in time: $(cat err)"
says 'did not return the failed records of run'
says '(HTTP 503)'

# without a run id there is nothing to ask for
serve
rc=0
sed 1d in | send -c 1 --confirm || rc=$?
halt
is 78 $rc 'no run: status'
is 6 "$(count accepted)" 'no run: accepted'

# a signal ends the waiting; the receipts are written
cat >script <<END
accept
always reply 200 body "$open"
END
serve -s script
(
	trap - INT
	exec rudder-send -d "rudder:$URL" -c 1 --confirm <in >raw 2>err
) &
pid=$!
sleep 0.5
env kill -INT $pid
rc=0
wait $pid || rc=$?
halt
is 130 $rc 'signal: status'
is 6 "$(grep -c accepted raw)" 'signal: accepted'

# a run id that would leave the path
rc=0
sed 's/"run":"r1000000000000000000"/"run":"..\/x"/' in | send --confirm || rc=$?
is 65 $rc 'run id: status'
rc=0
send -d file:out --confirm <in || rc=$?
is 64 $rc 'file: status'
