#!/bin/sh
# webhook: a request of its own for inserts, updates and deletes.
. "$TOP/tests/tool/lib.sh"
. "$TOP/tests/tool/fake.sh"

# event N ACTION; with any other word one without
event() {
	case $2 in
	insert | update | delete) action=",\"action\":\"$2\"" ;;
	*) action= ;;
	esac
	echo "{\"messageId\":\"m-$1\",\"recordId\":\"$1\",\"type\":\"record\"$action,\"identifiers\":{\"email\":\"u$1@x\"},\"fields\":{\"n\":$1}}"
}
stream() { # N ACTION ...
	echo '{"_rudder":{"type":"begin","v":1,"stream":"events","run":"r1000000000000000000"}}'
	n=0
	for action in "$@"; do
		n=$((n + 1))
		event $n "$action"
	done
	echo "{\"_rudder\":{\"type\":\"end\",\"stream\":\"events\",\"events\":$n,\"rejects\":0,\"skips\":0}}"
}
hook() { # OPTIONS: send in by one connection; the requests are in raw.http
	rm -f raw.http
	serve -s script -R raw.http
	rc=0
	send -c 1 -d "webhook:$URL/users" "$@" <in || rc=$?
	halt
}
# One line a request: method, path, body
requests() {
	tr -d '\r' <raw.http | awk '
		/^(GET|POST|PUT|PATCH|DELETE) \// {if (line) print line; line = $1 " " $2; next}
		/^[\[{]/ {line = line " " $0}
		END {print line}'
}
echo 'always reply 200' >script

stream insert update delete other >in
hook --method PUT,insert=POST --method delete=DELETE --url 'update=/users/{identifiers.email}' \
	--url "delete=http://127.0.0.1:$PORT/users/{recordId}?hard=1" 2>/dev/null || :
is 64 $rc "a URL at another port: $(cat err)"
says "option '--url'"
hook --method PUT,insert=POST --method delete=DELETE --url 'update=/users/{identifiers.email}' --url 'delete=/users/{recordId}?hard=1' \
	--body '.fields' --body 'update={set: .fields}' --header 'X-All: 1' --header 'delete=If-Match: *'
is '0 4' "$rc $(count accepted)" "each action: $(cat err)"
requests >got
cat >wanted <<'END'
POST /users {"n":1}
PUT /users/u2%40x {"set":{"n":2}}
DELETE /users/3?hard=1
PUT /users {"n":4}
END
cmp wanted got || fail "requests: $(cat got)"
is 4 "$(grep -c '^X-All: 1' raw.http)" 'a header of all'
is 1 "$(grep -c '^If-Match: \*' raw.http)" 'a header of one action'
is 4 "$(grep -c '^Idempotency-Key: m-' raw.http)" 'the ids'
sed -n '/^DELETE/,/^PUT/p' raw.http | grep -qi '^content-' && fail 'a DELETE without a body has headers of one'

# the dry run shows the same, and so does the command
cp raw.http sent
serve -s script -R raw.http
: >raw.http
for how in '' --as-curl; do
	# shellcheck disable=SC2086 # words
	send -n $how -c 1 -d "webhook:$URL/users" --method PUT,insert=POST,delete=DELETE --url 'update=/users/{identifiers.email}' --url 'delete=/users/{recordId}?hard=1' \
		--body .fields --body 'update={set: .fields}' --header 'X-All: 1' --header 'delete=If-Match: *' --header 'delete=X-Token: canary' <in || fail "dry: $(cat err)"
	grep -q canary raw && fail "a secret is shown: $(cat raw)"
	[ "$how" ] || jq -r 'select(._rudder.type == "request") | ._rudder | .method + " " + (.url | sub("http://[^/]*"; "")) + (if .body then " " + (.body | tojson) else "" end)' raw |
		sed 's/?hard=\*\*\*/?hard=1/' | cmp wanted - || fail "dry run: $(cat raw)"
done
[ ! -s raw.http ] || fail 'a dry run has sent something'
URL_SECRET_1=1 X_TOKEN=t sh raw >/dev/null || fail "the command fails: $(cat raw)"
requests | cmp wanted - || fail "the command sent: $(requests)"
halt

# a body for DELETE where one is asked for
stream delete >in
hook --method delete=DELETE --body 'delete={ids: [.recordId]}'
is 'DELETE /users {"ids":["1"]}' "$(requests)" 'a DELETE with a body'
hook --method GET
is 'GET /users' "$(requests)" 'GET'

# batches hold one action, in the order of the input
stream insert insert update delete delete insert >in
hook -b 3 --method insert=POST,update=PATCH --method delete=DELETE --body 'delete=map(.recordId)' --body 'map(.fields.n)'
is '0 6' "$rc $(count accepted)" "batches: $(cat err)"
cat >wanted <<'END'
POST /users [1,2]
PATCH /users [3]
DELETE /users ["4","5"]
POST /users [6]
END
requests | cmp wanted - || fail "batches: $(requests)"
hook -b 3
is 2 "$(requests | wc -l)" 'batches without a difference are not split'
# also where the value for all comes first
hook -b 9 --method PUT,delete=PATCH --body 'map(.fields.n)'
is 'PUT /users [1,2] PUT /users [3] PATCH /users [4,5] PUT /users [6] ' "$(requests | tr '\n' ' ')" 'a method for all, and one of deletes'

# statuses that are success for one action
stream insert delete insert delete >in
printf '%s\n' 'reply 409' 'reply 404' 'reply 200' 'reply 410' >script
hook --success-status delete=404,insert=409 --success-status 410
is '0 4' "$rc $(count accepted)" "success: $(cat err)"
# the success of deletes, in front, does not count for inserts
stream delete insert >in
printf '%s\n' 'reply 404' 'reply 400' >script
hook -b 2 --success-status 410,delete=404
is '1 1 1' "$rc $(count accepted) $(count rejected)" "success, in batches: $(cat receipts)"
printf '%s\n' 'reply 404' >script
stream insert >in
hook --success-status delete=404 --url 'insert=/users/{recordId}'
is '1 1' "$rc $(count rejected)" 'the success of another action'
is '"code":404' "$(grep -o '"code":404' receipts)" 'its code'
# also after a try that may have done it
printf '%s\n' 'store close' 'reply 404' >script
stream delete >in
hook --success-status delete=404 --method delete=DELETE --url 'delete=/users/{recordId}'
is '0 1' "$rc $(count accepted)" "a delete whose reply was lost: $(cat err)"

# a retry of one action holds up the next of its key, and no other connection
stream insert update delete >in
sed -i 's/"recordId":"[0-9]*"/"recordId":"7"/' in
printf '%s\n' 'reply 503' 'reply 200' 'reply 503' 'reply 503' 'always reply 200' >script
rm -f raw.http
serve -s script -R raw.http
send -c 8 -d "webhook:$URL/users/7" --method insert=POST,update=PATCH,delete=DELETE <in || fail "order: $(cat err)"
halt
is 'POST POST PATCH PATCH PATCH DELETE ' "$(requests | cut -d' ' -f1 | tr '\n' ' ')" 'the order of a key over retries'

bad() { # MESSAGE OPTIONS
	text=$1
	shift
	status 64 rudder-send -d webhook:https://host.example/x "$@" --trust-eof </dev/null
	says "$text"
}
bad "'TRACE' is not GET, POST" --method delete=TRACE
bad "'delte=DELETE' is not GET, POST" --method delte=DELETE
bad "'--method' is given twice for delete" --method delete=PUT,delete=POST
bad "'--body' is given twice for all" --body . --body .
bad 'say of which action' --url /users
bad 'a path (/...), or a URL at the host of the destination' --url delete=https://other.example/x
bad 'a path (/...), or a URL at the host of the destination' --url delete=https://host.example.evil/x
bad 'a path (/...), or a URL at the host of the destination' --url delete=https://host.example
bad 'a path (/...), or a URL at the host of the destination' --url 'delete=https://host.example#x'
bad 'needs one event per request' -b 2 --method DELETE
bad 'needs one event per request' -b 2 --url 'delete=/{recordId}'
bad "'99' is not a status" --success-status delete=99
bad "expected 'Name: value'" --header delete=x
status 64 rudder-send -d file:out --url delete=/x --trust-eof </dev/null
says "'--url' is only for webhook:"

# a header of one action takes the place of one of all, and of ours; without a
# value it removes it
cat >in <<'END'
{"messageId":"m-1","recordId":"1","action":"insert"}
{"messageId":"m-2","recordId":"2","action":"update"}
{"messageId":"m-3","recordId":"3","action":"delete"}
END
headers_of() { # METHOD
	sed -n "/^$1 /,/^$/p" sent | grep -E '^(Accept|Content-Type|User-Agent|X-)' | sort | tr '\n' ' '
}
replaced() { # WHAT: the headers of the requests in the file sent
	is 'Accept: all Content-Type: a/all User-Agent: we X-A: 1 X-A: 2 ' "$(headers_of POST)" "$1: of all"
	is 'Accept: one Content-Type: a/one User-Agent: we X-A: 3 X-A: 4 ' "$(headers_of PATCH)" "$1: of one"
	is 'X-A: 1 X-A: 2 X-Own: 5 ' "$(headers_of PUT)" "$1: removed"
}
echo 'always reply 200' >script
serve -s script -R raw.http
set -- --trust-eof -c 1 --method POST,update=PATCH,delete=PUT --header 'X-A: 1' --header 'X-A: 2' --header 'Accept: all' \
	--header 'Content-Type: a/all' --header 'User-Agent: we' --header 'update=Accept: one' --header 'update=content-type: a/one' \
	--header 'update=X-A: 3' --header 'update=X-A: 4' --header 'delete=Accept:' --header 'delete=User-Agent:' \
	--header 'delete=Content-Type:' --header 'delete=X-Own: 5'
: >raw.http
send -d "webhook:$URL/" "$@" <in || fail "headers: $(cat err)"
tr -d '\r' <raw.http | sed 's/^content-type/Content-Type/' >sent
replaced sent
send -n -d "webhook:$URL/" "$@" <in || fail "headers, dry: $(cat err)"
jq -r 'select(._rudder.type == "request") | ._rudder | .method + " /", .headers[], ""' raw | sed 's/^content-type/Content-Type/' >sent
replaced dry
: >raw.http
send -n --as-curl -d "webhook:$URL/" "$@" <in || fail "headers, as curl: $(cat err)"
sh raw >/dev/null || fail "headers, the command: $(cat raw)"
tr -d '\r' <raw.http | sed 's/^content-type/Content-Type/' >sent
replaced 'as curl'
# of ours without one for all
: >raw.http
send -d "webhook:$URL/" --trust-eof -c 1 --method POST,update=PATCH --header 'update=Content-Type: a/one' <in || fail 'ours'
tr -d '\r' <raw.http >sent
is 'Accept: */* Content-Type: a/one User-Agent: rudder-send/'"$(rudder-send --version | sed 's/.* //') " "$(headers_of PATCH)" 'ours: replaced'
halt
printf 'Accept: file\n' >file
chmod 600 file
status 64 rudder-send -d webhook:https://x.example/ --header-file file --header 'delete=accept: x' --trust-eof </dev/null
says "'Accept' is in the file of --header-file too"
