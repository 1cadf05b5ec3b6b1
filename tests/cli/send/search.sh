#!/bin/sh
# webhook: to a real OpenSearch by --profile opensearch, where its jars are
# (tests/tool/search.sh). Its queue for writes is short: it says 429 by itself.
. "$TOP/tests/tool/lib.sh"
command -v curl >/dev/null || skip 'no curl'
rudder-send -d webhook:http://localhost/ -n --trust-eof </dev/null >/dev/null 2>&1 || skip 'built without libcurl'
started=$("$TOP/tests/tool/search.sh" start) || fail 'OpenSearch does not start'
eval "$started"
trap '"$TOP/tests/tool/search.sh" stop "$SEARCH_DIR"' EXIT

rows=${ROWS:-600} kills=${KILLS:-5}
ask() { # METHOD PATH [BODY]
	curl -sS -X "$1" "$SEARCH$2" -H 'Content-Type: application/json' ${3:+-d "$3"}
}
ask PUT /people '{"settings": {"number_of_shards": 3, "number_of_replicas": 0},
	"mappings": {"properties": {"n": {"type": "integer"}}}}' | grep -q '"acknowledged":true' || fail 'no index'

# Round N of the table: ids that come, go and change; two cannot be stored
table() {
	awk -v rows="$rows" -v round="$1" 'BEGIN {
		for (id = 1; id <= rows; id++) {
			if ((id + round) % 11 == 0) continue
			changed = round - (round + id) % 7
			n = id == 5 || id == 6 ? "\"no number\"" : changed < 0 ? 0 : changed
			printf "{\"id\":%d,\"n\":%s,\"t\":\"\303\251 \\\"%d\\\"\"}\n", id, n, id
		}
	}'
}
# documents ID N: what the index has
documents() {
	ask POST /people/_refresh >/dev/null
	ask POST '/people/_search?size=10000' '{"sort": ["n"]}' | jq -r '.hits.hits[] | "\(._id) \(._source.n) \(._source.t)"' | sort -n
}
same() { # ROUND
	table "$1" | jq -r 'select(.n | type == "number") | "\(.id) \(.n) \(.t)"' | sort -n >wanted
	documents >got
	cmp wanted got || fail "round $1: the index is not the table: $(diff wanted got | head -5)"
}
# sync ROUND [SECONDS]: one run, whose sender is killed after so long
sync_index() {
	rc=0
	table "$1" | rows >table.now
	rm -f pipe
	mkfifo pipe
	rudder-diff -q -k id -s st --mode mirror --max-deletes 100% table.now 2>diff.err |
		rudder-map -q -t record --identifier id 2>map.err >pipe &
	rudder-send -q -d "webhook:$SEARCH/people/_bulk" --profile "$TOP/examples/profiles/opensearch.yaml" -b 10 -c 8 \
		--retry-wait 5ms --retry-max-wait 200ms <pipe >receipts 2>send.err &
	sender=$!
	if [ -n "${2:-}" ]; then
		sleep "$2"
		kill -KILL "$sender" 2>/dev/null || :
	fi
	wait "$sender" 2>/dev/null || :
	eventually 'the run has ended' rudder-diff -q --status -s st >/dev/null
	rudder-diff -q --commit -s st receipts 2>commit.err || rc=$?
}
outcome() { jq -r 'select(.status) | .action + " " + .status' receipts | sort | uniq -c | awk '{print $1, $2, $3}' | tr '\n' ' '; }

# inserts: each document refused has a receipt of its own, with the server's words
sync_index 1
is 1 $rc "first: $(cat send.err commit.err)"
all=$(table 1 | wc -l)
is "$((all - 2)) insert accepted 2 insert rejected " "$(outcome)" first
is 2 "$(grep -c '"status":"rejected".*"reason":"status 400: failed to parse field \[n\] of type \[integer\]' receipts)" 'the reason'
is "$all" "$(jq -r 'select(.status) | .messageId' receipts | sort -u | wc -l)" 'one receipt each'
same 1
[ "$(ask GET /_nodes/stats/thread_pool | jq '.nodes[].thread_pool.write.rejected')" -gt 0 ] || fail 'the server never said 429'
[ "$(jq -r 'select(.status == "accepted") | .attempts' receipts | sort -n | tail -n 1)" -gt 1 ] || fail 'nothing was tried again'

# updates and deletes; one document was deleted by somebody else before
sync_index 2
ask DELETE /people/_doc/8 >/dev/null
sync_index 3
grep -q '^{"recordId":"8",.*"action":"delete","status":"accepted"' receipts || fail "a delete of what is gone: $(grep '"recordId":"8"' receipts)"
is '' "$(outcome | tr ' ' '\n' | grep -E 'failed|unknown')" "third: $(cat send.err)"
same 3

# 429 to whole requests, until there is memory for them again
limit() { ask PUT /_cluster/settings "{\"transient\": {\"network.breaker.inflight_requests.limit\": $1}}" >/dev/null; }
limit '"1b"'
is 429 "$(printf '{"index":{"_id":"x"}}\n{}\n' | curl -s -o answer -w '%{http_code}' -X POST "$SEARCH/people/_bulk" \
	-H 'Content-Type: application/x-ndjson' --data-binary @-)" 'the server is not full'
tripped() { ask GET /_nodes/stats/breaker | jq '.nodes[].breakers.in_flight_requests.tripped'; }
before=$(tripped)
more_tripped() { [ "$(tripped)" -gt $((before + 5)) ]; }
sync_index 4 &
sync=$!
eventually 'requests with 429' more_tripped
limit null
wait $sync
# what a 4xx left in doubt stays there: the two that cannot be stored
is 'unknown unknown ' "$(jq -r 'select(.status) | select(.status != "accepted") | .status' receipts | tr '\n' ' ')" "full: $(cat send.err)"
[ "$(jq -r 'select(.status == "accepted") | .attempts' receipts | sort -n | tail -n 1)" -gt 1 ] || fail 'full: no request failed'
same 4

round=4
while [ $round -lt $((4 + kills)) ]; do
	round=$((round + 1))
	sync_index $round "$(awk -v r=$round -v rows="$rows" 'BEGIN {srand(r); printf "%.2f", 0.05 + rand() * rows / 1500}')"
done
# undisturbed until nothing but the two is left
tries=0
until sync_index $round; ! outcome | grep -qE 'accepted|failed'; do
	tries=$((tries + 1))
	[ $tries -lt 20 ] || fail "never settled: $(outcome) $(cat send.err commit.err)"
done
same $round
