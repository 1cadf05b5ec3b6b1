# ids.sh - one messageId from the map to the receipt, wherever it travels: body,
# Idempotency-Key, Kafka header, --failed and --confirm; the commit finds its
# change by it
. "$TOP/tests/tool/lib.sh"
. "$TOP/tests/tool/fake.sh"

ids() { jq -r '.messageId // empty' "$@" | sort; }
open() { rudder-diff --status -s st | jq .pending; }
# plan: the changes of four rows, unacknowledged, and two events for each
plan() {
	rm -rf st
	printf '{"id":%d,"e":"a@b"}\n' 1 2 3 4 | rows >rows.in
	rudder-diff -k id -s st rows.in >changes
	rudder-map -t track -e Seen -u id <changes >in
	ids in >want
	is 4 "$(grep -cE '^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$' want)" 'ids are UUIDs of version 8'
}
# committed N: these receipts acknowledge N changes
committed() {
	got=0
	rudder-diff --commit -s st receipts 2>err || got=$?
	is $((4 - $1)) "$(open)" 'unacknowledged after the commit'
	[ $got = $(($1 < 4)) ] || fail "a commit of $1 receipts ended with $got: $(cat err)"
}
requests() { grep -ao 'Idempotency-Key: [^[:cntrl:]]*' raw.http | cut -d ' ' -f 2 | sort; }

# webhook: one request for each event
plan
echo 'always reply 200' >script
serve -s script -R raw.http
send -c 1 -d "webhook:$URL/hook" <in || fail "webhook: $(cat err)"
halt
requests | cmp - want || fail 'Idempotency-Key: other ids'
ids receipts | cmp - want || fail 'webhook: other receipts'
committed 4
# a retry of the sender, and one of the next run, have the same key
plan
printf 'reply 503\nreply 500\nalways reply 200\n' >script
rm -f raw.http
serve -s script -R raw.http
send -c 1 -d "webhook:$URL/hook" <in || :
rudder-diff -k id -s st rows.in | rudder-map -t track -e Seen -u id >again
is "$(cat want)" "$(ids again)" 'the next run'
send -c 1 -d "webhook:$URL/hook" <again || fail "webhook, again: $(cat err)"
halt
requests | uniq | cmp - want || fail 'Idempotency-Key: a retry has another'
committed 4

# --failed keeps them, and what is sent again finds its change
plan
printf 'accept\nalways reply 400\n' >script
serve -s script
send -c 1 --batch 1 --failed later <in || :
halt
is 3 "$(ids later | wc -l)" '--failed'
ids later | comm -13 want - | grep . && fail '--failed: other ids'
cp receipts first
serve
send --failed later2 <later || fail "--failed, again: $(cat err)"
halt
ids later >later.ids
ids receipts | cmp - later.ids || fail '--failed: other receipts'
cat receipts >second
rudder-diff --commit -s st second 2>err || :
rudder-diff --commit -s st first 2>err || :
is 0 "$(open)" '--failed: unacknowledged'

# --confirm: the data plane names a record: one of the two events of its change
# has failed, nobody knows which, and the change is open
plan
rudder-map -t track -u id -j '{event: ("A", "B"), properties: .}' <changes >in 2>err ||
	fail "two events: $(cat err)"
ids in >want
is 8 "$(wc -l <want)" 'two events for each change'
is 4 "$(cut -c 1-28 want | uniq | wc -l)" 'of which the ids have one beginning'
run=$(jq -r '._rudder.run // empty' in | head -n 1)
status=/internal/v2/job-status/$run
cat >script <<END
expect POST /v1/batch accept
expect GET $status reply 200 body "{\\"id\\":\\"r\\",\\"tasks\\":[{\\"id\\":\\"t\\",\\"sources\\":[{\\"id\\":\\"s\\",\\"completed\\":true,\\"stats\\":{\\"in\\":8,\\"out\\":7,\\"failed\\":1}}]}]}"
expect GET $status/failed-records?pageSize=10000 reply 200 body "{\\"tasks\\":[{\\"sources\\":[{\\"destinations\\":[{\\"records\\":[{\\"record\\":\\"3\\",\\"code\\":400}]}]}]}],\\"paging\\":{}}"
END
serve -s script
send -c 1 --confirm --failed later <in || :
halt || fail "--confirm: other questions: $(cat err)"
ids receipts | cmp - want || fail '--confirm: other receipts'
is '6 2' "$(count delivered) $(count unknown)" '--confirm: receipts'
is "$(jq -r 'select(.recordId == "3").messageId' in | sort)" "$(ids later)" '--confirm: --failed'
rudder-diff --commit -s st receipts 2>err && fail '--confirm: a failure, and status 0'
is '1 2 4' "$(rudder-diff --dump -s st | jq -r 'select(.kind == "delivered").id' | sort | xargs)" '--confirm: delivered'

# kafka: the header, and the user as its key
rc=0
kafkamock >/dev/null 2>&1 || rc=$?
[ $rc != 77 ] || exit 0
plan
rm -f port
kafkamock -p port -o got topic &
FAKE=$!
eventually 'the broker' test -s port
send -d "kafka://$(cat port)/topic" <in || fail "kafka: $(cat err)"
halt || fail 'the topic could not be read back'
cut -f 3 got | sort | cmp - want || fail 'kafka: other headers'
jq -r 'select(.messageId) | "\(.userId)\t\(.messageId)"' in | sort >want.keys
cut -f 2,3 got | sort | cmp - want.keys || fail 'kafka: other keys'
ids receipts | cmp - want || fail 'kafka: other receipts'
committed 4
