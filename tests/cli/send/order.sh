#!/bin/sh
# A storm: every event arrives, none in two shapes, each user's in order.
. "$TOP/tests/tool/lib.sh"
. "$TOP/tests/tool/fake.sh"

cat >script <<'END'
dice 7 40: reply 429 ; 8: reply 503 ; 5: store reset ; 5: reset early ; 3: store close ; 2: hang
END
serve -s script -l log -o got
events 6000 300 | send -c 8 -b 50 --timeout 300ms --retry-max-time 60s || fail 'status'
halt
is 6000 "$(count accepted)" accepted
is 6000 "$(grep -c recordId receipts)" 'receipts once each'
is 6000 "$(grep recordId receipts | sort -u | wc -l)" 'every receipt another'
is 6000 "$(sort -u got | wc -l)" 'every event there'
# the first copy of each event, per user, is in order
sed 's/.*"recordId":"\([0-9]*\)".*"userId":"\(u[0-9]*\)".*/\1 \2/' got |
	awk 'seen[$1]++ {next} $1 + 0 < last[$2] + 0 {bad++} {last[$2] = $1} END {exit bad > 0}' ||
	fail 'a user saw a later event first'
# and no copy of an older event follows a newer one of its user
sed 's/.*"recordId":"\([0-9]*\)".*"userId":"\(u[0-9]*\)".*/\1 \2/' got |
	awk '$1 + 0 < last[$2] - 0 && !seen[$1] {bad++} {seen[$1] = 1; last[$2] = $1} END {exit bad > 0}' ||
	fail 'an older event overtook'
[ "$(wc -l <got)" -gt 6000 ] || fail 'the storm made no duplicates: it tests nothing'
halt

# an id of blanks does not count: the anonymous user behind it is who counts
for blanks in ' ' '  ' '   '; do
	rm -f got
	echo 'delay 300 accept' >script
	serve -s script -o got
	for i in 1 2; do
		printf '{"messageId":"m-%d","recordId":"%d","type":"identify",%s"anonymousId":"x"}\n' $i $i \
			"$([ $i = 2 ] || printf '"userId":"%s",' "$blanks")"
	done | send -c 64 -b 1 --trust-eof || fail "blanks: $(cat err)"
	halt
	is '1 2 ' "$(jq -r .recordId got | tr '\n' ' ')" "'$blanks' counts as a user"
done

# the number 5 and the text "5" are one user
rm -f got
echo 'delay 300 accept' >script
serve -s script -o got
printf '{"messageId":"m-%d","recordId":"%d","type":"identify","userId":%s}\n' 1 1 5 2 2 '"5"' |
	send -c 64 -b 1 --trust-eof || fail "a number: $(cat err)"
halt
is '1 2 ' "$(jq -r .recordId got | tr '\n' ' ')" 'a number is another user'
