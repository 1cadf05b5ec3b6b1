#!/bin/sh
# Only a data plane is believed.
. "$TOP/tests/tool/lib.sh"
. "$TOP/tests/tool/fake.sh"
export SEGMENT_WRITE_KEY=test-key

events 4 >in
row() { # SCRIPT STATUS COUNTS DESTINATION
	printf '%s\n' "$1" >script
	rm -f log
	serve -s script -l log
	rc=0
	send -d "$4:$URL" -c 1 --retry-max-time 60s <in || rc=$?
	halt || :
	is "$2 $3" "$rc $(count accepted) $(count delivered) $(count failed) $(count unknown)" "$4, $1: $(cat err)"
	is "${5:-1}" "$(wc -l <log)" "$4, $1: requests"
}
page='<!DOCTYPE html><html><body>Log in</body></html>'
for to in rudder segment; do
	row "reply 200 \"Content-Type: text/html; charset=utf-8\" body \"$page\"" 78 '0 0 0 4' $to
	says 'this is not a data plane'
	row "reply 200 \"Content-Type: TEXT/HTML\"" 78 '0 0 0 4' $to
	row "reply 200 body \" $page\"" 78 '0 0 0 4' $to
	row 'reply 200 body "ok"' 0 '4 0 0 0' $to
	row 'reply 200 "Content-Type: application/json" body "{\"success\":true}"' 0 '4 0 0 0' $to
	row 'reply 204' 0 '4 0 0 0' $to
	row 'reply 207 body "{}"' 1 '0 0 0 4' $to
done
# a webhook may answer as it likes, but for a status for each of several
row "always reply 200 \"Content-Type: text/html\" body \"$page\"" 0 '4 0 0 0' webhook 4
row 'reply 207
always reply 200' 1 '3 0 0 1' webhook 4

# --check
check() { # SCRIPT STATUS
	printf '%s\n' "$1" >script
	serve -s script
	rc=0
	send -d "$to:$URL" --check -v || rc=$?
	halt
	is "$2" $rc "check, $to, $1: $(cat err)"
}
to=rudder
check 'accept' 0
says 'accepts the write key'
for answer in 'reply 200 body "ok"' 'reply 400 body "no"' 'reply 204' "reply 200 \"Content-Type: text/html\" body \"$page\"" 'reply 422 body "empty batch payload"'; do
	check "$answer" 78
	says 'not a data plane'
	! grep -q 'accepts the write key' err || fail "check, $answer: says that it takes the key"
done
check 'reply 404' 77
to=segment
check 'reply 200 body "ok"' 0

# the endpoint that a URL names already is not named twice
for end in '' / /v1/batch /v1/batch/ /internal/v1/retl; do
	rm -f got log
	serve -o got -l log
	send -d "rudder:$URL$end" -c 1 <in || fail "'$end': $(cat err)"
	halt
	is '4 /v1/batch' "$(wc -l <got) $(awk '{print $3}' log)" "'$end'"
done
