#!/bin/sh
# ClickHouse's newer servers and hostile ones, by recorded answers: the real one
# of Debian is in clickhouse.sh.
# shellcheck disable=SC2016,SC1003 # SQL in single quotes
. "$TOP/tests/tool/lib.sh"
. "$TOP/tests/tool/fake.sh"
case $(rudder-query -d clickhouse://localhost -t t 2>&1) in
*"this build has no source"*) skip 'built without libcurl' ;;
esac
seed 1

# the word that ends each row is made by chance, here always the same
printf 'reply 200 body "v\\tInt8\\n"\nalways close\n' >script
rm -f raw.http
serve -s script -R raw.http
status 69 rudder-query -d "clickhouse://127.0.0.1:$PORT" -e 'SELECT 1 AS v' >out
halt
T=$(sed -n "s/.* AS rudder_\([0-9a-f]*\) FROM .*/\1/p" raw.http | head -n 1)
[ ${#T} = 24 ] || fail "no word in: $(cat raw.http)"

# try STATUS NAMES-AND-TYPES ANSWER [OPTIONS]: a run against two replies
try() {
	want=$1
	printf 'reply 200 body "%s"\n%s\n' "$2" "$3" >script
	shift 3
	rm -f raw.http
	serve -s script -R raw.http
	status "$want" rudder-query -d "clickhouse://me@127.0.0.1:$PORT/db" -e 'SELECT 1 AS v' "$@" >out
	halt
	grep -v '"type":"begin"\|"type":"abort"' out >rest || :
}
rows_are() { printf '%s\n' "$@" | diff -u - rest >&2 || fail "rows"; }
no_end() { ! grep -q '"type":"end"' out || fail "has an end line"; }
end='{"_rudder":{"type":"end","stream":"rows","rows":1,"rejects":0,"skips":0}}'
head=v\\t$T\\nInt8\\tString\\n
tail=\\n1\\t$T\\n1\\t$T\\n

try 0 'v\tInt8\n' "reply 200 body \"${head}1\\t$T\\n$tail\""
rows_are '{"v":1}' "$end"
tr '&' '\n' <raw.http | grep -q '^readonly=2 HTTP' || fail "may write"
grep -q 'cancel_http_readonly_queries_on_client_close=1' raw.http || fail "not cancelled when it ends"
tr '&' '\n' <raw.http | grep -cx 'limit=0\|offset=0' | grep -qx 4 || fail "a limit of the server's"
grep -q '^Authorization: Basic bWU6' raw.http || fail "user"

# types of newer servers, moments in the server's zone
try 0 'm\tMap(String, Nullable(DateTime64(3)))\t\t\t\t\t\nt\tTuple(a IPv6, `b c` Bool)\nd\tDateTime64(6, \x5c'"'"'Asia/Tokyo\x5c'"'"')\n' \
	"reply 200 body \"m\\tt\\td\\te\\nx\\tx\\tx\\tx\\n{'a':'2024-01-01 00:00:00.500','b':NULL}\\t('::1',true)\\t2024-01-01 00:00:00.000001\\t$T\\n\\n\\t\\t\\t$T\\n\\t\\t\\t$T\\n\""
rows_are '{"m":{"a":"2024-01-01T00:00:00.5Z","b":null},"t":{"a":"::1","b c":true},"d":"2024-01-01T00:00:00.000001Z"}' "$end"
grep -qF 'SELECT CAST(`m`, '\''Map(String, Nullable(DateTime64(3, \'\''UTC\'\'')))'\'') AS `m`, `t`, CAST(`d`, '\''DateTime64(6, \'\''UTC\'\'')'\'') AS `d`, ' raw.http || fail "cast: $(cat raw.http)"

# parameters
rm -f raw.http
serve -s script -R raw.http
rudder-query -d "clickhouse://127.0.0.1:$PORT" -P 'n=a	b\c&d' -P k=5 -e 'SELECT :n AS m, {k:UInt8} AS t, x[1] AS d' >/dev/null 2>err || fail "parameters: $(cat err)"
halt
grep -qF '&param_n=a%5Ctb%5C%5Cc%26d&param_k=5&' raw.http || fail "param: $(head -n 1 raw.http)"
grep -qF 'SELECT {n:String} AS m, {k:UInt8} AS t, x[1] AS d' raw.http || fail "names of parameters"
status 64 rudder-query -d "clickhouse://127.0.0.1:$PORT" -P k=5 -e 'SELECT {j:UInt8} AS t'
says 'does not use the parameter :k'

# a server that replies with nothing is not ClickHouse
printf 'always reply 200 body ""\n' >script
serve -s script
status 76 rudder-query -d "clickhouse://127.0.0.1:$PORT" -e 'SELECT 1 AS v' --check >out
halt
says 'its reply is empty'
grep -qx 'connection	failed' out || fail "check: $(cat out)"

# an unknown setting is left out and asked again
printf '%s\n' 'reply 404 body "Code: 115. DB::Exception: Unknown setting date_time_output_format: In scope"' \
	'reply 200 body "v\tInt8\n"' "reply 200 body \"${head}1\\t$T\\n$tail\"" >script
rm -f raw.http
serve -s script -R raw.http
status 0 rudder-query -d "clickhouse://127.0.0.1:$PORT" -e 'SELECT 1 AS v' >out
halt
[ "$(grep -c date_time_output_format raw.http)" = 1 ] || fail "asked again"

# a cursor before 1970, which only DateTime64 has
stamp='d\tDateTime64(6, \x5c'"'"'UTC\x5c'"'"')\n'
printf 'reply 200 body "%s"\nalways close\n' "$stamp" >script
for since in '1969-12-31T23:59:58.5Z -1.500000' '1950-01-01 -631152000.000000' '0001-01-01 -2208988800.000000' '1970-01-01T00:00:01.25Z 1.250000'; do
	rm -f raw.http
	serve -s script -R raw.http
	rudder-query -d "clickhouse://127.0.0.1:$PORT" -t t --cursor d --since "${since% *}" >/dev/null 2>err && fail 'rows from nowhere'
	halt
	grep -qF "CAST(CAST('${since#* }', 'Decimal(18, 6)'), " raw.http || fail "since $since: $(cat raw.http)"
done

for since in '2024-1-2 3:30' 20240102033000; do
	rm -f raw.http
	serve -s script -R raw.http
	status 64 rudder-query -d "clickhouse://127.0.0.1:$PORT" -t t --cursor d --since "$since" >/dev/null
	halt
	says "--since '$since' may mean a local time"
done
rm -f raw.http
serve -s script -R raw.http
rudder-query -d "clickhouse://127.0.0.1:$PORT" -t t --cursor d --since 1704166200 >/dev/null 2>err && fail 'rows from nowhere'
halt
grep -qF "CAST('1704166200', " raw.http || fail "seconds: $(cat raw.http)"

# errors in the middle of a reply with status 200
for text in 'Code: 241. DB::Exception: Memory limit (total) exceeded (MEMORY_LIMIT_EXCEEDED) (version 24.3.1.1 (official build))\n' \
	'1\t__exception__\r\nabcdef\r\nCode: 241. DB::Exception: Memory limit (total) exceeded (MEMORY_LIMIT_EXCEEDED) (version 25.11.1.1)\n100 abcdef\r\n__exception__\r\n'; do
	try 75 'v\tInt8\n' "reply 200 body \"${head}1\\t$T\\n$text\""
	rows_are '{"v":1}'
	says 'Memory limit (total) exceeded (MEMORY_LIMIT_EXCEEDED) (241)'
	try 75 'v\tInt8\n' "reply 200 body \"${head}1\\t$T\\n\\n$text\""
	no_end
done
try 75 'v\tInt8\n' "reply 200 \"X-ClickHouse-Exception-Code: 159\" body \"Code: 159. DB::Exception: Timeout exceeded (TIMEOUT_EXCEEDED)\""
no_end
# no proof that these were all rows
for body in "${head}1\\t$T\\n" "${head}1\\t$T\\n\\n" "${head}1\\t$T\\n\\n1\\t$T\\n" "v\\t$T\\n" ''; do
	try 69 'v\tInt8\n' "reply 200 body \"$body\""
	no_end
	says 'without its end marker'
done
try 76 'v\tInt8\n' "reply 200 body \"${head}1\\t${T}x\\n$tail\""
says 'an invalid row after row 0'
no_end
try 76 'v\tInt8\n' "reply 200 body \"${head}1\\t1\\t$T\\n$tail\""
no_end
try 69 'v\tInt8\n' "reply 200 body \"${head}1\\t$T\\n$tail\" short 20 close"
says 'the connection was lost during the reply'
no_end
try 69 'v\tInt8\n' "reply 200 body \"${head}1\\t$T\\n$tail\" cut 90"
no_end
try 69 'v\tInt8\n' 'always reset'
try 76 'v\tInt8\n' 'raw "SSH-2.0-OpenSSH\r\n"'
no_end
try 76 'v\tInt8\n' 'reply 302 "Location: http://127.0.0.1:1/" body "moved"'
no_end
try 77 'v\tInt8\n' 'reply 401 body "no"'
try 69 'v\tInt8\n' 'reply 502 body "<html>bad gateway</html>"'
try 75 'v\tInt8\n' 'hang' --timeout 300ms
says 'time limit'

# TLS
status 64 rudder-query -d 'clickhouse://localhost?tls=maybe' -t t
status 64 rudder-query -d 'clickhouses://localhost?tls=off' -t t
status 64 rudder-query -d 'clickhouse://a%2fb' -t t
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key -out crt -days 2 \
	-subj /CN=localhost -addext subjectAltName=DNS:localhost 2>/dev/null || exit 0
cat crt key >self.crt
printf 'reply 200 body "v\\tInt8\\n"\nreply 200 body "%s"\n' "${head}1\\t$T\\n$tail" >script
serve -s script -c self.crt
status 76 rudder-query -d "clickhouses://localhost:$PORT" -e 'SELECT 1 AS v'
status 0 rudder-query -d "clickhouses://localhost:$PORT?tls-ca=crt" -e 'SELECT 1 AS v' >out
status 76 rudder-query -d "clickhouses://127.0.0.1:$PORT?tls-ca=crt" -e 'SELECT 1 AS v'
halt
