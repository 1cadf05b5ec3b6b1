#!/bin/sh
# rudder-query on Trino's protocol: every type, and the ways to fail. The server
# is a script of answers in the words of a real one.
# shellcheck disable=SC2016 # Trino's text in single quotes
. "$TOP/tests/tool/lib.sh"
. "$TOP/tests/tool/fake.sh"
case $(rudder-query -d trino://localhost -t t 2>&1) in
*"this build has no source"*) skip 'built without libcurl' ;;
esac

# the addresses in the pages name the port
free_port
ask() { rudder-query -d "trino://me@127.0.0.1:$PORT/cat/sch" "$@"; }

# page N [COLUMNS] [DATA]: one with a next page; last_page: the end
columns='"columns":[{"name":"a","type":"bigint","typeSignature":{"rawType":"bigint","arguments":[]}}],'
page() { answer "{\"id\":\"20260101_1\",\"infoUri\":\"http://x/\",\"nextUri\":\"http://127.0.0.1:$PORT/v1/statement/executing/q/y$1/$1\",$2${3:+\"data\":$3,}\"stats\":{\"state\":\"RUNNING\"},\"warnings\":[]}"; }
last_page() { answer "{\"id\":\"20260101_1\",$1${2:+\"data\":$2,}\"stats\":{\"state\":\"FINISHED\"}}"; }
broken() { answer "{\"id\":\"20260101_1\",\"stats\":{\"state\":\"FAILED\"},\"error\":{\"message\":\"$1\",\"errorCode\":1,\"errorName\":\"$2\",\"errorType\":\"$3\",\"failureInfo\":{\"type\":\"x\",\"stack\":[\"y\"]}}}"; }
answer() { printf 'reply 200 body "%s"\n' "$(printf '%s' "$1" | sed 's/[\\"]/\\&/g')"; }

# try STATUS OPTIONS: a run against the script in standard input
try() {
	want=$1
	shift
	cat >script
	rm -f raw.http log
	serve -P "$PORT" -s script -R raw.http -l log
	status "$want" ask "$@" >out
	halt || fail "the script was not met: $(cat log)"
	grep -v '"type":"begin"\|"type":"abort"' out >rest || :
}
rows_are() { printf '%s\n' "$@" | diff -u - rest >&2 || fail "rows"; }
no_end() { ! grep -q '"type":"end"' out || fail "has an end line"; }
requests() { [ "$(cut -d ' ' -f 2,3 log | tr '\n' ' ')" = "$1 " ] || fail "asked: $(cat log)"; }

# value TYPE JSON WANTED WORD
value() {
	c="\"columns\":[{\"name\":\"v\",\"type\":\"$(printf '%s' "$1" | sed 's/"/\\"/g')\",\"typeSignature\":{}}],"
	{
		page 1
		last_page "$c" "[[$2]]"
	} >s
	try 0 -e 'SELECT 1' <s
	printf '{"v":%s}\n' "$3" >wanted
	head -n 1 rest | diff -u wanted - >&2 || fail "$1"
	grep -q "\"columns\":\[{\"name\":\"v\",\"type\":\"$4\"}\]" out || fail "$1: $(head -n 1 out)"
}

value bigint -9223372036854775808 -9223372036854775808 int
value 'timestamp(6) with time zone' '"2024-07-01 12:00:00.250000 +02:00"' '"2024-07-01T10:00:00.25Z"' datetime
value 'row(a bigint, "b c" array(varchar))' '[1,["x",null]]' '{"a":1,"b c":["x",null]}' json

# pages
{
	page 1
	page 2 "$columns"
	page 3 "$columns" '[[1],[2]]'
	page 4 "$columns"
	last_page "$columns" '[[3]]'
} >s
try 0 -e 'SELECT a FROM t; -- all' <s
rows_are '{"a":1}' '{"a":2}' '{"a":3}' '{"_rudder":{"type":"end","stream":"rows","rows":3,"rejects":0,"skips":0}}'
requests 'POST /v1/statement GET /v1/statement/executing/q/y1/1 GET /v1/statement/executing/q/y2/2 GET /v1/statement/executing/q/y3/3 GET /v1/statement/executing/q/y4/4'
for h in 'X-Trino-User: me' 'X-Trino-Catalog: cat' 'X-Trino-Schema: sch' 'X-Trino-Client-Capabilities: PARAMETRIC_DATETIME'; do
	grep -q "^$h" raw.http || fail "no $h"
done
! grep -q '^Authorization' raw.http || fail 'a password from nowhere'
grep -q '^SELECT a FROM t  -- all' raw.http || fail "statement: $(cat raw.http)"
{ last_page "$columns" '[]'; } >s
try 0 -e 'SELECT a FROM t WHERE false' <s
rows_are '{"_rudder":{"type":"end","stream":"rows","rows":0,"rejects":0,"skips":0}}'

# parameters are values of an EXECUTE
{ last_page "$columns" '[[1]]'; } >s
try 0 -P "x=it's ?" -P y=2 -e 'SELECT a FROM t WHERE s = :x AND a > CAST(:y AS bigint) AND u <> :x' <s
grep -qF 'X-Trino-Prepared-Statement: rudder=SELECT%20a%20FROM%20t%20WHERE%20s%20%3D%20%3F%20AND' raw.http || fail "prepared: $(cat raw.http)"
grep -qF "EXECUTE rudder USING 'it''s ?', '2', 'it''s ?'" raw.http || fail "execute: $(cat raw.http)"

# a busy server, a page that did not come
{
	echo 'reply 503 body "starting"'
	page 1 "$columns"
	echo 'reply 502 body "<html>"'
	page 2 "$columns" '[[1]]'
	echo close
	echo close
	last_page "$columns" '[[2]]'
} >s
try 0 -e 'SELECT 1' <s
rows_are '{"a":1}' '{"a":2}' '{"_rudder":{"type":"end","stream":"rows","rows":2,"rejects":0,"skips":0}}'
{
	page 1 "$columns" '[[1]]'
	answer '{"id":"1","data":[[2]],"stats":{}}' | sed 's/$/ cut 150/'
	last_page "$columns" '[[2]]'
} >s
try 0 -e 'SELECT 1' <s
[ "$(grep -c '^{"a"' out)" = 2 ] || fail 'a page was taken twice'

# the rest is not wanted
{
	page 1 "$columns" '[[1],[2]]'
	echo 'expect DELETE /v1/statement/executing/q/y1/1 reply 204'
} >s
try 0 --limit 1 -e 'SELECT a FROM t' <s
rows_are '{"a":1}' '{"_rudder":{"type":"end","stream":"rows","rows":1,"rejects":0,"skips":0,"partial":true}}'
requests 'POST /v1/statement DELETE /v1/statement/executing/q/y1/1'
rm -f log raw.http
{
	page 1 "$columns" '[[1]]'
	echo hang
	echo 'expect DELETE /v1/statement/executing/q/y1/1 reply 204'
} >script
# asked N: waits until the server has N requests
asked() {
	n=0
	until [ "$(grep -c . log 2>/dev/null)" = "$1" ] || [ $n -gt 200 ]; do
		n=$((n + 1))
		sleep 0.05
	done
}
serve -P "$PORT" -s script -l log
rudder-query -d "trino://me@127.0.0.1:$PORT/c" -e 'SELECT a FROM t' >out 2>err &
pid=$!
asked 2
grep -q '"a":1' out || fail 'the row waited for the next page'
kill -TERM $pid
got=0
wait $pid || got=$?
halt || fail 'not cancelled'
grep -q ' DELETE ' log || fail "SIGTERM: not cancelled"
[ $got = 143 ] || fail "SIGTERM: status $got"
no_end
rm log
# also when nobody takes the rows
{
	page 1 "$columns" "[[1]$(seq -s ',[' -f '%.0f]' 2 300000 | sed 's/^/,[/')]"
	echo 'expect DELETE /v1/statement/executing/q/y1/1 reply 204'
} >script
serve -P "$PORT" -s script -l log
mkfifo full
rudder-query -d "trino://me@127.0.0.1:$PORT/c" -e 'SELECT a FROM t' >full 2>err &
pid=$!
exec 3<full
asked 1
sleep 0.5
kill -TERM $pid
got=0
wait $pid || got=$?
exec 3<&-
halt || fail 'full output: not cancelled'
grep -q ' DELETE ' log || fail 'full output: not cancelled'
[ $got = 143 ] || fail "full output: status $got"
{
	page 1 "$columns" '[[1]]'
	echo hang
	echo 'expect DELETE /v1/statement/executing/q/y1/1 reply 204'
} >script
rm log
serve -P "$PORT" -s script -l log
sh -c 'rudder-query -d "trino://me@127.0.0.1:$1/c" -e "SELECT a FROM t"; echo $? >got' sh "$PORT" 2>err | asked 2
halt || fail "another request: $(cat log)"
grep -q ' DELETE ' log || fail 'not cancelled when the reader goes away'
[ "$(cat got)" = 141 ] || fail "reader gone: $(cat got)"

# errors
{
	page 1 "$columns" '[[1]]'
	broken 'Division by zero' DIVISION_BY_ZERO USER_ERROR
} >s
try 65 -e 'SELECT 1' <s
says 'Trino: Division by zero (DIVISION_BY_ZERO)'
rows_are '{"a":1}'
while read -r want name type; do
	broken "because of \\\"$name\\\"" "$name" "$type" >s
	try "$want" -e 'SELECT 1' <s
	says "($name)"
	no_end
done <<X
78 SYNTAX_ERROR USER_ERROR
78 TABLE_NOT_FOUND USER_ERROR
77 PERMISSION_DENIED USER_ERROR
75 EXCEEDED_TIME_LIMIT INSUFFICIENT_RESOURCES
75 EXCEEDED_LOCAL_MEMORY_LIMIT INSUFFICIENT_RESOURCES
75 ADMINISTRATIVELY_KILLED USER_ERROR
69 GENERIC_INTERNAL_ERROR INTERNAL_ERROR
X
{
	page 1 "$columns" '[[1]]'
	echo 'always close'
} >s
try 69 -e 'SELECT 1' <s
no_end
{
	page 1 "$columns" '[[1]]'
	echo 'always reply 503 body "x"'
} >s
try 75 --timeout 1s -e 'SELECT 1' <s
says 'time limit exceeded'
no_end
{
	page 1 "$columns" '[[1]]'
	echo hang
	echo 'expect DELETE /v1/statement/executing/q/y1/1 reply 204'
} >s
try 75 --timeout 500ms -e 'SELECT 1' <s
grep -q '^X-Trino-Session: query_max_run_time=500ms' raw.http || fail 'the server does not know the time limit'
for text in '{' '[]' 'x' '{"id":"1"}' '{"stats":{}}' '{"id":"1","stats":{},"data":5}' '{"id":"1","stats":{},"data":"[1]","columns":[]}' \
	'{"id":"1","stats":{},"columns":[5]}' '{"id":"1","stats":{},"columns":{"name":"a"}}' '{"id":"1","stats":{},"error":5}' \
	'{"id":"1","stats":{},"nextUri":5}' '{"id":"1","stats":{}}'; do
	answer "$text" >s
	try 76 -e 'SELECT 1' <s
	no_end
done
for data in '5' '[5]' '[[]]' '[[1,2]]'; do
	last_page "$columns" "$data" >s
	try 76 -e 'SELECT 1' <s
	no_end
done
for next in http://127.0.0.1:1/x "http://127.0.0.1:${PORT}1/x" "https://127.0.0.1:$PORT/x" "http://127.0.0.1:$PORT@evil.example/x" 'file:///etc/passwd' "http://127.0.0.1:$PORT"; do
	answer "{\"id\":\"1\",\"stats\":{},\"nextUri\":\"$next\"}" >s
	try 76 -e 'SELECT 1' <s
	says 'redirects to a different server'
	requests 'POST /v1/statement'
done
# each status that has no page
for refusal in '77 401' '77 403' '69 410' '69 500' '76 404' '76 201'; do
	echo "reply ${refusal#* } body \"no\"" >s
	try "${refusal% *}" -e 'SELECT 1' <s
	says "HTTP status ${refusal#* }"
done
{
	echo 'reply 504 body "x"'
	echo 'reply 429 body "x"'
	last_page "$columns" '[[1]]'
} >s
try 0 -e 'SELECT 1' <s
rows_are '{"a":1}' '{"_rudder":{"type":"end","stream":"rows","rows":1,"rejects":0,"skips":0}}'
echo 'reply 200 body ""' >s
try 76 -e 'SELECT 1' <s
says 'did not return a page'
echo 'reply 400' >s
try 76 -P a=1 -e 'SELECT :a' <s
says 'HTTP status 400'
printf '%s\n' 'reply 400 body "Invalid X-Trino-Prepared-Statement header: line 1: bad\nsecret"' >s
try 78 -P a=1 -e 'SELECT :a' <s
says 'Trino: line 1: bad'
! grep -q secret err || fail "more than the message: $(cat err)"
# a null is as if it was not there; a page may end its line
answer '{"id":"1","stats":{},"nextUri":null,"error":null,"columns":[{"name":"a","type":"bigint"}],"data":[[1]]}' | sed 's/"$/\\n"/' >s
try 0 -e 'SELECT 1' <s
is '{"a":1}' "$(head -n 1 rest)" 'nulls in a page'
answer "{\"id\":\"1\",\"stats\":{},\"nextUri\":\"http://127.0.0.1:$PORT/a b\"}" >s
try 76 -e 'SELECT 1' <s
says 'redirects to a different server'
last_page '"columns":[{"name":"a\u0000b","type":"bigint"}],' '[[1]]' >s
try 78 -e 'SELECT 1' <s
says 'the name of column 1 has a NUL byte'
{ echo 'reply 302 "Location: http://127.0.0.1:1/" body "no"'; } >s
try 76 -e 'SELECT 1' <s

# rows that cannot be represented
{ last_page '"columns":[{"name":"t","type":"timestamp(3) with time zone"}],' '[["2024-01-01 00:00:00.000 Europe/Berlin"],["2024-01-01 00:00:00.000 UTC"]]'; } >s
try 65 -e 'SELECT 1' <s
says "column 't': a time in the zone 'Europe/Berlin': add AT TIME ZONE 'UTC'"
try 1 --max-rejects 1 -e 'SELECT 1' <s
grep -q '^{"t":"2024-01-01T00:00:00Z"}' out || fail 'the row behind a reject'
{ last_page '"columns":[{"name":"a","type":"bigint"},{"name":"a","type":"bigint"}],' '[[1,2]]'; } >s
try 78 -e 'SELECT 1' <s
says "duplicate column 'a'"

# --columns, --check, the cursor
both='"columns":[{"name":"id","type":"bigint"},{"name":"at","type":"timestamp(6) with time zone"}],'
{
	page 1
	page 2 "$both"
	echo 'expect DELETE /v1/statement/executing/q/y2/2 reply 204'
} >s
try 0 --columns -e 'SELECT 1' <s
printf 'id\tbigint\tint\nat\ttimestamp(6) with time zone\tdatetime\n' | diff -u - out >&2 || fail columns
grep -q 'AS rudder_model LIMIT 0' raw.http || fail 'rows are computed for --columns'
{
	last_page "$columns" '[["455"]]'
	last_page "$columns" '[[12]]'
	last_page "$both"
} >s
try 0 --check -e 'SELECT 1' <s
printf 'connection\tok\tTrino 455\nlisting\tok\t12 readable tables\nmodel\tok\t2 columns\n' | diff -u - out >&2 || fail check
# without a catalog, those that there are
{
	last_page "$columns" '[["455"]]'
	page 1
	last_page "$columns" '[[1]]'
	last_page "$both"
} >s
cp s script
serve -P "$PORT" -s script
status 0 rudder-query -d "trino://me@127.0.0.1:$PORT" --check -e 'SELECT 1' >out
halt
is 'listing	ok	1 readable catalog' "$(sed -n 2p out)" 'a source without a catalog'
# an empty catalog or schema is left out
for place in /cat/ //sch; do
	last_page "$columns" '[[1]]' >script
	rm -f raw.http
	serve -P "$PORT" -s script -R raw.http
	status 0 rudder-query -d "trino://me@127.0.0.1:$PORT$place" -e 'SELECT 1' >out
	halt
	is 1 "$(grep -c '^X-Trino-Catalog: cat\|^X-Trino-Schema: sch' raw.http)" "the headers of $place"
	is 1 "$(grep -c '^X-Trino-[CS][ac][th].*' raw.http)" "no more headers of $place"
done
# a server that answers with odd values shows no more than them
for odd in '[]' '[[]]' '[[null]]' '[[[]]]' '[[{"a":"b"}]]'; do
	{
		last_page "$columns" "$odd"
		last_page "$columns" "$odd"
		last_page "$both"
	} >s
	try 0 --check -e 'SELECT 1' <s
	is 3 "$(wc -l <out)" "steps for $odd"
	! grep -q 'stats\|FINISHED' out || fail "$odd: $(cat out)"
done
# and one that stops answering in the middle of them, or of the columns
for n in 0 1 2; do
	{
		[ $n -lt 1 ] || last_page "$columns" '[["455"]]'
		[ $n -lt 2 ] || last_page "$columns" '[[12]]'
		page 1
		echo 'reply 404'
	} >s
	try 76 --check -e 'SELECT 1' <s
	is $n "$(grep -c 'ok' out)" "steps before a page that is not there"
done
{
	last_page "$both"
	last_page "$both" '[[1,"2024-01-03 12:00:00.250000 +02:00"],[2,null]]'
} >s
try 0 --cursor at --since 2024-01-02T00:00:00Z -t t <s
grep -qF "WHERE \"at\" >= CAST('2024-01-02 00:00:00 UTC' AS timestamp(6) with time zone) OR \"at\" IS NULL ORDER BY \"at\"" raw.http || fail "cursor: $(cat raw.http)"
tail -n 1 out | grep -q '"cursor":{"column":"at","type":"datetime","since":"2024-01-02T00:00:00Z","value":"2024-01-03T10:00:00.25Z"}' || fail "cursor: $(tail -n 1 out)"

{
	last_page "$columns" '[["455"]]'
	last_page "$columns" '[[12]]'
	last_page "$columns"
} >s
try 0 -P x=1 --check -e 'SELECT :x' <s
grep -qF 'EXECUTE rudder USING '"'1'" raw.http || fail 'the parameter of --check'
[ "$(grep -c EXECUTE raw.http)" = 1 ] || fail "parameters for what has none: $(cat raw.http)"
last_page "$columns" >s
try 78 --cursor nosuch --since 1 -t t <s
says "the model has no column 'nosuch'"
echo 'reply 400 body "Error 400 Bad Request: Invalid X-Trino-Prepared-Statement header: line 1:8: mismatched input '"'x'"'"' >s
try 78 -P x=1 -e 'SELECT :x' <s
says "model '--sql': Trino: line 1:8: mismatched input 'x'"
echo 'reply 400 body "Bad Request"' >s
try 76 -P x=1 -e 'SELECT :x' <s
says 'did not return a page'

# the time of --since as a value of the type of its column
while IFS='|' read -r type value since; do
	both="\"columns\":[{\"name\":\"at\",\"type\":\"$type\"}],"
	{
		last_page "$both"
		last_page "$both" "[[\"$value\"]]"
	} >s
	try 0 --cursor at --since 2024-01-02T03:04:05.5+02:00 -t t <s
	grep -qF "WHERE \"at\" >= CAST('$since' AS $type) OR" raw.http || fail "since, $type: $(cat raw.http)"
done <<'X'
date|2024-01-03|2024-01-02
timestamp(3)|2024-01-03 00:00:00.000|2024-01-02 01:04:05.5
timestamp(3) with time zone|2024-01-03 00:00:00.000 UTC|2024-01-02 01:04:05.5 UTC
X
last_page '"columns":[{"name":"at","type":"timestamp(3) with time zone"}],' >s
try 64 --cursor at --since '2024-1-2 3:30' -t t <s
says "--since '2024-1-2 3:30' may mean a local time"
# types whose order is not that of their texts
for type in uuid ipaddress; do
	last_page "\"columns\":[{\"name\":\"u\",\"type\":\"$type\"}]," >s
	try 78 --cursor u --since x -t t <s
	says "'u'"
done

both='"columns":[{"name":"f","type":"double"}],'
{
	last_page "$both"
	last_page "$both" '[["NaN"]]'
} >s
try 0 --cursor f --since 1 -t t <s
grep -qF "WHERE \"f\" >= CAST('1' AS double) OR \"f\" IS NULL OR is_nan(\"f\") ORDER BY" raw.http || fail "NaN: $(cat raw.http)"
{ echo 'reply 431 body ""'; } >s
try 78 -P a=1 -e 'SELECT :a' <s
says 'max-request-header-size'

status 64 rudder-query -d "trino://127.0.0.1:$PORT/c" -e 'SELECT 1'
says TRINO_USER
TRINO_USER='' status 64 rudder-query -d "trino://127.0.0.1:$PORT/c" -e 'SELECT 1'
says TRINO_USER
for user in 'me%0d%0aX:y' 'me%7f'; do
	status 64 rudder-query -d "trino://$user@127.0.0.1:$PORT/c" -e 'SELECT 1'
	says 'control character'
done
status 64 rudder-query -d "trino://me@127.0.0.1:$PORT/c%01" -e 'SELECT 1'
says 'control character'
status 64 rudder-query -d "trino://me@127.0.0.1:$PORT/c?catalog=x" -e 'SELECT 1'
says "unknown option 'catalog'"
status 69 rudder-query -d trino://me@127.0.0.1:1/c -e 'SELECT 1'
! grep -q "model '" err || fail 'the model is blamed for a server that is not there'
