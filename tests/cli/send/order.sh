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

# Six events, one a request, of which the first to arrive waits: of one user they stay
# in order, of two the others overtake.
overtakes() { # FIRST OTHER: members of every other event
	rm -f got
	echo 'delay 300 accept' >script
	serve -s script -o got
	for i in 1 2 3 4 5 6; do
		printf '{"messageId":"m-%d","recordId":"%d","type":"identify",%s}\n' $i $i "$([ $((i % 2)) = 1 ] && printf %s "$1" || printf %s "$2")"
	done | send -c 64 -b 1 --trust-eof || fail "$1 and $2: $(cat err)"
	halt
	[ "$(jq -r .recordId got | paste -sd' ')" != '1 2 3 4 5 6' ]
}
overtakes '"userId":5' '"userId":6' || fail 'two users wait for each other'

# an id of blanks does not count: the anonymous user behind it is who counts
for blanks in ' ' '  ' '   '; do
	! overtakes "\"userId\":\"$blanks\",\"anonymousId\":\"x\"" '"anonymousId":"x"' || fail "'$blanks' counts as a user"
done

# the number 5 and the text "5" are one user, in whatever way they are written
for five in '"5"' 5.0 5e0 '"\u0035"'; do
	! overtakes '"userId":5' "\"userId\":$five" || fail "$five is another user"
done
