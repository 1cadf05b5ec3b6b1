#!/bin/sh
# --profile: what an API wants, in a file; the two that are installed.
. "$TOP/tests/tool/lib.sh"
. "$TOP/tests/tool/fake.sh"

cat >in <<'END'
{"_rudder":{"type":"begin","v":1,"stream":"events","run":"r1000000000000000000"}}
{"messageId":"m-1","recordId":"1","type":"record","action":"insert","identifiers":{"id":"1"},"fields":{"n":1}}
{"messageId":"m-2","recordId":"2","type":"record","action":"update","identifiers":{"id":"2"},"fields":{"n":2}}
{"messageId":"m-3","recordId":"3","type":"record","action":"delete","identifiers":{"id":"3"}}
{"_rudder":{"type":"end","stream":"events","events":3,"rejects":0,"skips":0}}
END

# a store of documents
serve -S changes
send -c 1 -d "webhook:$URL/users/{recordId}" --profile rest <in || fail "rest: $(cat err)"
halt
is 3 "$(count accepted)" 'rest'
is 'PUT /users/1 {"n":1} PUT /users/2 {"n":2} ' "$(tr '\n' ' ' <changes)" 'rest: the store'

# _bulk: one request, a result for each
cat >script <<'END'
expect POST /people/_bulk reply 200 body "{\"took\":1,\"errors\":true,\"items\":[{\"index\":{\"_id\":\"1\",\"status\":201}},{\"index\":{\"_id\":\"2\",\"status\":400,\"error\":{\"reason\":\"failed to parse\"}}},{\"delete\":{\"_id\":\"3\",\"status\":404}}]}"
END
serve -s script -R raw.http
rc=0
send -c 1 -d "webhook:$URL/people/_bulk" --profile opensearch <in || rc=$?
halt || fail 'opensearch: another request'
is 1 $rc "opensearch: $(cat err)"
is 'accepted rejected accepted ' "$(jq -r 'select(.status).status' receipts | tr '\n' ' ')" 'opensearch: receipts'
grep '^{' raw.http >got
cat >wanted <<'END'
{"index":{"_id":"1"}}
{"n":1}
{"index":{"_id":"2"}}
{"n":2}
{"delete":{"_id":"3"}}
END
cmp wanted got || fail "opensearch: $(cat raw.http)"

# a file of one's own, which the command line overrides
printf '%s\n' 'method: PATCH' 'header: ["X-A: 1", "delete=X-B: 2"]' 'batch: 3' >own.yaml
send -n -d webhook:http://localhost/x --profile ./own.yaml <in || fail "own: $(cat err)"
is 'PATCH PATCH PATCH ' "$(jq -r 'select(._rudder.method) | ._rudder.method' raw | tr '\n' ' ')" 'own'
is 1 "$(grep -c '"X-B: 2"' raw)" 'own: a header of one action'
send -n -d webhook:http://localhost/x --profile ./own.yaml --method POST -b 1 <in || fail "own: $(cat err)"
is 'POST POST POST ' "$(jq -r 'select(._rudder.method) | ._rudder.method' raw | tr '\n' ' ')" 'the command line counts'

bad() { # STATUS TEXT CONTENT
	printf '%s\n' "$3" >bad.yaml
	status "$1" rudder-send -d webhook:http://localhost/x --profile ./bad.yaml --trust-eof <in
	says "$2"
}
bad 78 "'methods'" 'methods: PUT'
bad 78 "'batch' is not a number" 'batch: many'
bad 78 "'method' is not a text" 'method: {a: b}'
bad 78 'not one object' '- a'
bad 78 'not one object' '[]'
bad 78 'not one object' "$(printf '%s\n' '- method: PUT' '- method: POST')"
bad 78 "'body_format' is not a text" 'body_format: [json]'
bad 78 "line 2: 'header' is not a text, or a list of texts" "$(printf '%s\n' 'method: PUT' 'header: [{a: b}]')"
bad 78 'not one object' "$(printf '%s\n' 'method: PUT' --- 'method: POST')"
bad 78 'not one object' '# nothing'
bad 78 'write_key_file' 'write_key_file: k' # no secrets, nor their files
status 64 rudder-send -d webhook:http://localhost/x --profile nosuch --trust-eof <in
says "no profile 'nosuch'"
status 66 rudder-send -d webhook:http://localhost/x --profile ./nosuch.yaml --trust-eof <in
status 64 rudder-send -d null: --profile rest --trust-eof <in
