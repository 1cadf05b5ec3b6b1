# several.sh - several mappings: order and counts beside jq processes, and a
# row is delivered only when all its events are
. "$TOP/tests/tool/lib.sh"
RUDDER_RUN_ID=r1000000000000000000
export RUDDER_RUN_ID

# rows leave in their order, whichever mapping answers last
cat >m.json <<'X'
[{"type": "identify", "user_id": "id", "columns": "n"},
 {"type": "track", "user_id": "id", "jq": "if .n % 3 == 0 then empty elif .n % 7 == 0 then error(\"seven\") else {event: \"E\", properties: {n}} end"},
 {"type": "identify", "user_id": "id", "columns": "!*", "where": ".n % 2 == 0", "computed": {"twice": ".n * 2"}}]
X
seq 1 3000 >n
awk '{printf "{\"id\":\"u%d\",\"n\":%d}\n", $1, $1}' n >in
status 1 rudder-map -m m.json --jobs 3 --trust-eof <in >out
jq -e . <out >/dev/null || fail 'no JSON'
is '3000 events=5785 rejects=286 skips=0' "$(jq -rs '
	(map(select(.type)) | length) as $events | (map(select(.type) | .recordId) | unique | length) as $rows |
	map(select(._rudder.type == "reject")) as $rejects | (map(select(._rudder.type == "end"))[0]._rudder) as $last |
	if $last.events == $events and $last.rejects == ($rejects | length) and $last.skips == 0
	then "\($rows + $last.rejects) events=\($last.events) rejects=\($last.rejects) skips=\($last.skips)" else "counts: \($last)" end' out)" counts
jq -r 'if .type then .recordId else ._rudder.line // empty end' out | uniq | diff - n >/dev/null || fail 'rows out of order'
is 'mapping 2: jq: seven' "$(jq -rs 'map(select(._rudder.type == "reject") | ._rudder.reason) | unique[]' out)" reason
status 1 rudder-map -m m.json --trust-eof <in >again
cmp -s out again || fail 'another number of processes, other bytes'

# delivered only as a whole
cat >m.json <<'X'
[{"type": "identify", "user_id": "id"}, {"type": "track", "event": "Seen", "user_id": "id"}]
X
unset RUDDER_RUN_ID
printf '{"id":1}\n{"id":2}\n' | rows >rows
rudder-diff -k id -s state <rows | rudder-map -m m.json >events || fail 'no events'
is 4 "$(jq -r 'select(.type) | .messageId' events | sort -u | wc -l)" 'events of two rows'
receipts() { # $1: jq condition of those that are accepted
	jq -c "if .type then {recordId, messageId, status: (if $1 then \"accepted\" else \"failed\" end)} else ._rudder |= (.stream = \"receipts\" | if .type == \"end\" then .receipts = .events | del(.events) else . end) end" events
}
receipts '.recordId == "1" or .type == "identify"' | rudder-diff --commit -s state || :
rudder-diff -k id -s state <rows | rudder-map -m m.json >events || fail 'no events again'
is '2 2' "$(jq -r 'select(.type) | .recordId' events | xargs)" 'the row of which half was delivered'
receipts true | rudder-diff --commit -s state || fail 'commit'
rudder-diff -k id -s state <rows >left || fail 'last run'
is 0 "$(grep -c '"change"' left)" 'what is left'
