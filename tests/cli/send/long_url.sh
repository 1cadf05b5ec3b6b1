# long_url.sh - an event whose values make a URL that libcurl does not take is rejected,
# and ends no run
. "$TOP/tests/tool/lib.sh"
. "$TOP/tests/tool/fake.sh"

echo 'always reply 200' >script
serve -s script -l log
{
	echo '{"userId":"a","recordId":"1","type":"identify"}'
	awk 'BEGIN { printf "{\"userId\":\""; while (n++ < 81000) printf "%0100d", 0; print "\",\"recordId\":\"2\",\"type\":\"identify\"}" }'
	echo '{"userId":"b","recordId":"3","type":"identify"}'
} >in
rc=0
rudder-send -d "webhook:$URL/{userId}" -c 1 --trust-eof <in >receipts 2>err || rc=$?
is 1 $rc "status: $(cut -c 1-300 err)"
is '/a /b' "$(cut -d ' ' -f 3 log | paste -sd ' ')" 'the requests'
is 'accepted rejected accepted' "$(jq -r 'select(.status).status' receipts | paste -sd ' ')" 'the receipts'
is 'the URL is too long' "$(jq -r 'select(.status == "rejected").reason' receipts)" 'the reason'
