#!/bin/sh
# --results: an answer that says of each event of a batch what happened to it, and
# --body-format ndjson.
. "$TOP/tests/tool/lib.sh"
. "$TOP/tests/tool/fake.sh"

hook() { # OPTIONS: send in by one connection
	: >raw.http
	rm -f log
	serve -s script -R raw.http -l log
	rc=0
	send -c 1 -b 10 -d "webhook:$URL/bulk" "$@" <in || rc=$?
	halt
}
# statuses of the receipts in the order of the events
got() { jq -r 'select(.status) | .recordId + ":" + .status' receipts | sort -t: -k1n | tr '\n' ' '; }
# answers BODY ...: each for one request, with status 207
answers() {
	: >script
	for body in "$@"; do
		printf 'reply 207 body "%s"\n' "$(printf '%s' "$body" | sed 's/["\\]/\\&/g')" >>script
	done
}
events 4 4 >in

# one result for each, in order: words, statuses, objects
answers '{"items":["ok","bad","busy","lost"]}' '{"items":["busy"]}' '{"items":["ok"]}'
hook --results '.answer.items | map({ok: "accepted", bad: {status: "rejected", reason: "no such plan"}, busy: 429, lost: "unknown"}[.])'
is 1 $rc "words: $(cat err)"
is '1:accepted 2:rejected 3:accepted 4:unknown ' "$(got)" words
is 3 "$(wc -l <log)" 'requests: one for all, and two for the one that was busy'
is 'm-1 m-2 m-3 m-4 m-3 m-3 ' "$(grep -o '"messageId":"[^"]*' raw.http | sed 's/.*"//' | tr '\n' ' ')" 'only that one is sent again'
is '1 1 3 1 ' "$(jq -r 'select(.status) | .recordId + " \(.attempts)"' receipts | sort -n | sed 's/.* //' | tr '\n' ' ')" attempts
grep -q '"recordId":"2",.*"reason":"no such plan"' receipts || fail "the reason: $(cat receipts)"
# until there is no more time for it
answers '["ok","bad",429,429]'
echo 'always reply 207 body "[429,429]"' >>script
hook --results '.answer | map(if . == "ok" then 200 elif . == "bad" then 400 else . end)' --retry-max-time 200ms
is '1:accepted 2:rejected 3:failed 4:failed ' "$(got)" "for ever: $(cat err)"
grep -q '"recordId":"3",.*"reason":".*status 429"' receipts || fail "the status: $(cat receipts)"
# many in turn, in their order
events 60 60 >in
{
	echo 'reply 207 body "['"$(seq 60 | awk '{printf "%s%s", (NR > 1 ? "," : ""), (NR % 3 ? 429 : 200)}')"']"'
	echo 'reply 207 body "['"$(seq 40 | awk '{printf "%s%s", (NR > 1 ? "," : ""), (NR % 2 ? 200 : 429)}')"']"'
	echo 'reply 207 body "['"$(seq 20 | awk '{printf "%s200", (NR > 1 ? "," : "")}')"']"'
} >script
hook --results .answer -b 60
is '0 60' "$rc $(count accepted)" "many: $(cat err)"
is 3 "$(wc -l <log)" 'many: requests'
grep -o '"messageId":"[^"]*' raw.http | sed 's/.*m-//' | sed -n '61,120p' >got
{ seq 60 | awk '$1 % 3'; seq 60 | awk '$1 % 3' | awk 'NR % 2 == 0'; } >wanted
cmp wanted got || fail "many: sent again: $(tr '\n' ' ' <got)"
# not where a later event of the same user was taken: what is older would replace it
events 4 2 >in
answers '[429,429,200,400]' '[200]'
hook --results .answer
is '1:failed 2:accepted 3:accepted 4:rejected ' "$(got)" "order: $(cat err)"
is 2 "$(wc -l <log)" 'order: requests'
events 4 4 >in

# as OpenSearch says it
answers '{"errors":true,"items":[{"index":{"_id":"1","status":201}},{"index":{"_id":"2","status":400,"error":{"reason":"failed to parse"}}},{"delete":{"_id":"3","status":404}},{"index":{"_id":"4","status":200}}]}'
bulk='.answer.items | map(to_entries[0].value | {status, reason: .error.reason})'
hook --results "$bulk"
is '1:accepted 2:rejected 3:rejected 4:accepted ' "$(got)" bulk
sed '4s/"type"/"action":"delete","type"/' in >deleted
mv deleted in
hook --results "$bulk" --success-status delete=404
is '1:accepted 2:rejected 3:accepted 4:accepted ' "$(got)" 'bulk: the status of a delete is success'
events 4 4 >in

# some of them only, by place or id, with status 200 too
answers '{"errors":[{"index":2,"message":"x"}]}' '{"errors":[{"id":"1","message":"y"},{"id":"m-4"}]}' '{"errors":[]}'
sed -i 's/reply 207/reply 200/' script
for want in '1:accepted 2:accepted 3:rejected 4:accepted ' '1:rejected 2:accepted 3:accepted 4:rejected ' '1:accepted 2:accepted 3:accepted 4:accepted '; do
	hook --results '.answer.errors | map({index, id, status: "rejected", reason: .message} | del(..|nulls))'
	is "$want" "$(got)" 'a list of errors'
	sed -i 1d script
done

# all of them in another order, by the names that events have
for id in recordId messageId; do
	answers '[]'
	hook --results ".events | reverse | map({$id, status: (if .recordId == \"4\" then 422 else 200 end)})"
	is '1:accepted 2:accepted 3:accepted 4:rejected ' "$(got)" "by $id"
done

# all of them for later, or not known: the request is tried again
answers '[429,429,429,429]' '[503,503,503,503]' '[200,200,200,200]'
hook --results .answer
is '0 1:accepted 2:accepted 3:accepted 4:accepted ' "$rc $(got)" "tried again: $(cat err)"
is 3 "$(wc -l <log)" 'tried again: requests'
# a refusal behind a try that may have done it proves nothing
answers '[400,200,400,400]'
sed -i '1i store close' script
hook --results .answer
is '1:unknown 2:accepted 3:unknown 4:unknown ' "$(got)" 'in doubt before'

# without proof: all unknown, not sent again
events 4 4 >in
no_proof() { # ANSWER PROGRAM WHY
	answers "$1"
	hook --results "$2"
	is '1:unknown 2:unknown 3:unknown 4:unknown ' "$(got)" "$2 of $1"
	grep -qF -- "$3" receipts || fail "$2 of $1: no '$3' in $(cat receipts)"
	is 1 "$(wc -l <log)" "$2 of $1: requests"
}
no_proof '[200,200,200]' .answer 'fewer results than events'
no_proof '[200,200,200,200,200]' .answer 'of no event'
no_proof '[]' '[{index: 7, status: 400}]' 'of no event'
no_proof '[]' '[{id: "x", status: 400}]' 'of no event'
no_proof '[]' '[{id: "1", status: 400}, {id: "m-1", status: 400}]' 'two results are of one event'
no_proof '[]' '[{recordId: "m-1", status: 400}]' 'of no event'
no_proof '[]' '.events | map({recordId, messageId: "m-1", status: 200})' 'of no event'
no_proof '[]' '[{index: 0, status: 400}, 200]' 'have an index or id'
no_proof '["fine",200,200,200]' .answer 'is not accepted, rejected'
no_proof '{"a":1}' .answer 'gives no array'
no_proof '{"a":1}' '.answer.a | error' 'the program of --results'
no_proof 'no JSON' '.answer.items' 'the program of --results'
no_proof 'no JSON' empty 'returned no value'
printf 'reply 200 body "[200,200,200,200]" short 5\n' >script
hook --results .answer
is '1:unknown 2:unknown 3:unknown 4:unknown ' "$(got)" 'a truncated reply'
# a status that is not a success is of the whole request
printf 'always reply 400 body "[200,200,200,200]"\n' >script
hook --results .answer
is 0 "$(count accepted)" '400'

# halves of a batch are read likewise; a 4xx to several events left doubt
answers '[200,200]' '[200,400]'
sed -i '1i reply 413' script
hook --results .answer
is '1:accepted 2:accepted 3:accepted 4:unknown ' "$(got)" 'halves'

# ---- NDJSON --------------------------------------------------------------------
echo 'always reply 200' >script
hook --body-format ndjson
is 0 $rc 'ndjson: status'
sed -n '/^{"messageId/p' raw.http >body
sed '1d;$d' in | cmp - body || fail "ndjson: $(cat raw.http)"
grep -q 'Content-Type: application/x-ndjson' raw.http || fail 'ndjson: type'
hook --body-format ndjson --body '.[] | {index: {_id: .recordId}}, {u: .userId}'
is '{"index":{"_id":"1"}} {"u":"u1"} {"index":{"_id":"2"}} {"u":"u2"} ' "$(grep '^{' raw.http | head -n 4 | tr '\n' ' ')" 'ndjson by a program'
sed '3s/"type"/"action":"delete","type"/' in >mixed
cp mixed in
hook --body-format ndjson --body 'delete=.[] | {delete: {_id: .recordId}}'
is '{"delete":{"_id":"2"}}' "$(grep '^{"delete' raw.http)" 'ndjson: another action has a program'
is 3 "$(grep -c '^{"messageId' raw.http)" 'ndjson: the others have none'
send -n -c 1 -b 10 -d webhook:http://localhost/x --body-format ndjson <in || fail 'ndjson, dry'
is string "$(jq -r 'select(._rudder.type == "request") | ._rudder.body | type' raw)" 'ndjson, dry: the body'
send -n -c 1 -b 10 -d webhook:http://localhost/x --body-format json <in || fail 'json, dry'
status 64 rudder-send -d webhook:http://localhost/x --body-format xml --trust-eof </dev/null
says "'xml' is not json or ndjson"
status 78 rudder-send -d webhook:http://localhost/x --results '.[' --trust-eof </dev/null
says "option '--results'"
status 64 rudder-send -d null: --results . --trust-eof </dev/null
