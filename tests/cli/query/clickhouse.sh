# rudder-query on a real ClickHouse: every type, and the ways to fail.
# shellcheck shell=sh disable=SC2016
set -eu
# settings that leave out rows
export CH_PROFILE='<skip_unavailable_shards>1</skip_unavailable_shards><input_format_allow_errors_num>9</input_format_allow_errors_num>'
eval "$("$TOP/tests/tool/ch.sh" start)"
trap '"$TOP/tests/tool/ch.sh" stop "$CH_DIR"' EXIT
trap 'exit 1' INT TERM
case $(rudder-query -d clickhouse://localhost -t t 2>&1) in
*"this build has no source"*)
	echo "skipped: built without libcurl"
	exit 77
	;;
esac

sql() { curl -sf --max-time 20 "http://127.0.0.1:$CH_PORT/" --data-binary "$1"; }

. "$TOP/tests/tool/sources.sh"
query() { rudder-query -d "clickhouse://127.0.0.1:$CH_PORT/default" "$@"; }

value() { # SQL JSON TYPE
	status 0 "$1" query -e "SELECT $1 AS v"
	printf '{"v":%s}\n' "$2" | same "$1"
	grep -q "{\"name\":\"v\",\"type\":\"$3\"}" out || fail "$1: type: $(head -n 1 out)"
}

long="arrayStringConcat(arrayMap(x -> 'z', range(LENGTH)))"
value "toInt8(-128)" -128 int
value "toUInt8(255)" 255 int
value "toInt64(-9223372036854775808)" -9223372036854775808 int
value "toUInt64(18446744073709551615)" 18446744073709551615 int
value "toDecimal128('-99999999999999999999999999999999999999', 0)" -99999999999999999999999999999999999999 decimal
value "toDecimal64('1.10', 4)" 1.1000 decimal
value "toDecimal32(0, 2)" 0.00 decimal
value "toFloat32(0.1)" 0.1 float
value "toFloat64(0.1) + 0.2" 0.30000000000000004 float
value "1.7976931348623157e308" 1.7976931348623157e+308 float
value "2.2250738585072014e-308" 2.2250738585072014e-308 float
value "-0." -0 float
value "nan" '"NaN"' float
value "-inf" '"-Infinity"' float
value "''" '""' string
value "'Zoë 李 🚀 \" \\\\ \\n \\t \\0 \\\\N'" '"Zoë 李 🚀 \" \\ \n \t \u0000 \\N"' string
value "$(echo "$long" | sed 's/LENGTH/1048576/')" "\"$(printf '%01048576d' 0 | tr 0 z)\"" string
value "toFixedString('ab', 4)" '"ab\u0000\u0000"' string
value "toDate('2004-10-19')" '"2004-10-19T00:00:00Z"' date
value "toDate('2105-12-31')" '"2105-12-31T00:00:00Z"' date
value "toDate(0)" '"0000-00-00"' date
value "toDateTime('2024-07-01 12:00:00')" '"2024-07-01T10:00:00Z"' datetime
value "toDateTime('2024-10-27 02:30:00') + 3600" '"2024-10-27T01:30:00Z"' datetime
value "toDateTime('2024-07-01 12:00:00', 'America/New_York')" '"2024-07-01T16:00:00Z"' datetime
value "toDateTime('2024-07-01 12:00:00', 'UTC')" '"2024-07-01T12:00:00Z"' datetime
value "toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0')" '"61f0c404-5cb3-11e7-907b-a6006ad3dba0"' string
value "CAST('b''(x', 'Enum8(\\'a\\' = 1, \\'b\\\\\\'(x\\' = 2)')" "\"b'(x\"" string
value "CAST('x' AS LowCardinality(Nullable(String)))" '"x"' string
value "CAST(NULL AS Nullable(Int32))" null int
value "toNullable(toDateTime('2024-01-01 00:00:00', 'UTC'))" '"2024-01-01T00:00:00Z"' datetime
value "NULL" null string
value "toIntervalDay(-3)" '"P-3D"' string
value "toIntervalMonth(3)" '"P3M"' string
value "IPv6NumToString(toFixedString(unhex('2A0206B8000000000000000000000011'), 16))" '"2a02:6b8::11"' string
value "emptyArrayString()" '[]' array
value "['it''s, [x]\\t\\\\', NULL, '{}']" '["it'"'"'s, [x]\t\\",null,"{}"]' array
value "[[1.5, nan], [], [inf]]" '[[1.5,"NaN"],[],["Infinity"]]' array
value "[toDateTime('2024-07-01 12:00:00'), NULL]" '["2024-07-01T10:00:00Z",null]' array
value "[toDecimal64('1.5', 3)]" '[1.500]' array
value "(1, 'a', [NULL, 2], (toDate('2004-10-19'), toDateTime('2024-07-01 12:00:00')))" '[1,"a",[null,2],["2004-10-19T00:00:00Z","2024-07-01T10:00:00Z"]]' array
value "sumState(toUInt8(3))" '"AwAAAAAAAAA="' binary

sql 'CREATE VIEW listed AS SELECT 1 AS a' >/dev/null
status 0 "tables" query --tables
grep -q '^{"name":"default.listed","kind":"view","rows":null}$' out || fail "tables: $(cat out)"
status 0 "no rows" query -e 'SELECT number FROM numbers(5) WHERE number > 9'
printf '' | same "no rows"
tail -n 1 out | grep -q '"rows":0' || fail "no rows: no end"

# models, names
sql "CREATE TABLE t (id UInt64, s String, at DateTime, n Nested(k String, v Int8), d Date DEFAULT toDate(at)) ENGINE = MergeTree ORDER BY id"
sql "INSERT INTO t (id, s, at, n.k, n.v) SELECT number + 1, concat('n', toString(number + 1)), toDateTime(1704067200 + number), ['a', 'b'], [1, 2] FROM numbers(1000)"
printf -- '-- a; b\nSELECT id, `s` AS "a`\\\\b" /* ; */ FROM t WHERE s <> '"'a;\\\\';'"' ORDER BY id DESC ;' >m.sql
status 0 "model" query m.sql --limit 2
same "model" <<'EOT'
{"id":1000,"a`\\b":"n1000"}
{"id":999,"a`\\b":"n999"}
EOT
tail -n 1 out | grep -q '"rows":2,"rejects":0,"skips":0,"partial":true' || fail "limit is not marked"
status 0 "table" query -t default.t --limit 1
echo '{"id":1,"s":"n1","at":"2024-01-01T00:00:00Z","n.k":["a","b"],"n.v":[1,2],"d":"2024-01-01T00:00:00Z"}' | same "table"
status 0 "totals" query -e 'SELECT id % 2 AS k, count() AS c FROM t GROUP BY k WITH TOTALS ORDER BY k'
printf '{"k":0,"c":500}\n{"k":1,"c":500}\n' | same "totals"
status 0 "cursor" query -t t --cursor at --since 2024-01-01T00:16:38Z
cut -d , -f 1 out | grep id | tr '\n' ' ' >ids
[ "$(cat ids)" = '{"id":999 {"id":1000 ' ] || fail "cursor: $(cat ids)"
tail -n 1 out | grep -q '"partial":true,"cursor":{"column":"at","type":"datetime","since":"2024-01-01T00:16:38Z","value":"2024-01-01T00:16:39Z"}' || fail "cursor in end"
status 0 "number as cursor" query -t t --cursor id --since 1000
tail -n 1 out | grep -q '"rows":1,' || fail "number as cursor"
status 0 "day as cursor" query -t t --cursor d --since 2023-12-31T00:00:00Z
tail -n 1 out | grep -q '"rows":1000,' || fail "day as cursor"
status 0 "columns" query --columns -t t
printf 'id\tUInt64\tint\ns\tString\tstring\nat\tDateTime\tdatetime\nn.k\tArray(String)\tarray\nn.v\tArray(Int8)\tarray\nd\tDate\tdate\n' | diff -u - out || fail "columns"
status 0 "check" query --check -t t
[ "$(cut -f 1,2 out | tr '\n' ' ')" = "$(printf 'connection\tok listing\tok model\tok ')" ] || fail "check"
status 78 "check of a wrong model" query --check -t nosuch
tail -n 1 out | grep -q '^model	failed' || fail "check of a wrong model"

status 78 "twice a column" query -e 'SELECT 1 AS a, 2 AS a'
status 78 "two statements" query -e 'SELECT 1; SELECT 2'
status 78 "reserved" query -e 'SELECT 1 AS _rudder'
status 78 "syntax" query -e 'SELECT FROM'
status 78 "no table" query -t nosuch
says "doesn't exist"
sql "CREATE TABLE orders (id UInt64) ENGINE = Memory"
status 78 "a table that is near" query -t ordres
says "did you mean '.*orders'"
sql "DROP TABLE orders"
says "(60)"
status 78 "no database" rudder-query -d "clickhouse://127.0.0.1:$CH_PORT/nosuch" -t t
status 78 "a format of its own" query -e 'SELECT 1 FORMAT JSON'
status 78 "writing" query -e 'SELECT 1 INTO OUTFILE '"'x'"
status 64 "option" rudder-query -d "clickhouse://127.0.0.1/d?nosuch=1" -t t
status 69 "nobody there" rudder-query -d clickhouse://127.0.0.1:1/d -t t
! grep -q "model '" err || fail 'the model is blamed for a server that is not there'
status 77 "password" rudder-query -d "clickhouse://poor@127.0.0.1:$CH_PORT/default" -t t
printf 'p w@:/\n' >secret
chmod 644 secret
status 77 "open password file" rudder-query -d "clickhouse://poor@127.0.0.1:$CH_PORT/default?password-file=secret" -t t
chmod 600 secret
status 0 "password file" rudder-query -d "clickhouse://poor@127.0.0.1:$CH_PORT/default?password-file=secret" -e 'SELECT 1 AS a'
export CLICKHOUSE_PASSWORD='p w@:/'
status 0 "password in the environment" rudder-query -d "clickhouse://poor@127.0.0.1:$CH_PORT/default" -e 'SELECT 1 AS a'
unset CLICKHOUSE_PASSWORD
status 78 "a user who may not change settings" rudder-query -d "clickhouse://reader@127.0.0.1:$CH_PORT/default" -t t
says "readonly=2"
status 78 "parameters need a newer server" query -e 'SELECT id FROM t WHERE s = :s' -P s=n1

# NaN is above nothing, and no row is to be lost
status 0 "a cursor that is NaN" query --cursor f --since 1 -e "SELECT number AS i, if(number = 1, nan, toFloat64(number)) AS f FROM numbers(3)"
printf '{"i":2,"f":2}\n{"i":1,"f":"NaN"}\n' | same "a cursor that is NaN"

# rows that cannot be represented
status 65 "bytes" query -e "SELECT number, if(number = 1, unhex('ff61'), 'ok') AS b FROM numbers(3)"
says "column 'b': invalid UTF-8"
no_end "bytes"
status 1 "bytes allowed" query --max-rejects 1 -e "SELECT number, if(number = 1, unhex('ff61'), 'ok') AS b FROM numbers(3)"
printf '{"number":0,"b":"ok"}\n{"number":2,"b":"ok"}\n' | same "bytes allowed"
status 1 "a limit and a reject" query --max-rejects 1 --limit 2 -e "SELECT number, if(number = 1, unhex('ff61'), 'ok') AS b FROM numbers(9)"
tail -n 1 out | grep -q '"partial":true' || fail "a limit and a reject: $(tail -n 1 out)"
status 1 "long" query --max-rejects 1 -e "SELECT number AS i, if(number = 1, replaceAll($(echo "$long" | sed 's/LENGTH/1000000/'), 'z', '$(printf '%040d' 0)'), 'ok') AS b FROM numbers(3)"
printf '{"i":0,"b":"ok"}\n{"i":2,"b":"ok"}\n' | same "long"

status 0 "a comment without a blank" query -e "SELECT 1 AS a --it's
, 2 AS b"
echo '{"a":1,"b":2}' | same "a comment without a blank"

# what the profile leaves out of a result, without an error
sql 'CREATE TABLE far (id Int8) ENGINE = Distributed(lost, default, far)'
status 69 "a shard that is not there" query -t far
says 'All connection tries failed'
printf '1\nx\n3\n' >"$CH_DIR/files/bad.tsv"
status 65 "a line that is not a number" query -e "SELECT id FROM file('bad.tsv', 'TabSeparated', 'id Int8')"
no_end "a line that is not a number"


# ways to fail
status 65 "an error behind many rows" query -e 'SELECT number, throwIf(number = 3000000) FROM numbers(10000000)'
says "Value passed to 'throwIf' function is non zero (395)"
no_end "an error behind many rows"
[ "$(grep -c '"number"' out)" -gt 1000 ] || fail "an error behind many rows: came too early"
status 75 "timeout" query --timeout 1s -e 'SELECT sum(sleepEachRow(0.1)) FROM numbers(100)'
no_end "timeout"
got=0
query -e 'SELECT number FROM numbers(1000000)' >/dev/full 2>err || got=$?
[ "$got" = 74 ] || fail "full disk: status $got"
query -e 'SELECT number FROM numbers(10000000000)' | head -n 5 >out
[ "$(wc -l <out)" = 5 ] || fail "a reader that goes away"

got=0
query -e "SELECT number, concat('x', toString(number)) AS s, toFixedString('', 90) AS f FROM numbers(100000000)" >out 2>err &
pid=$!
n=0
until [ "$(wc -c <out)" -gt 1000000 ] || [ $n -gt 100 ]; do
	sleep 0.05
	n=$((n + 1))
done
kill -KILL "$CH_PID"
wait $pid || got=$?
[ "$got" = 69 ] || fail "killed server: status $got"
says "connection was lost"
no_end "killed server"
tail -c 1 out | od -An -c | grep -q '\\n' || fail "killed server: half a line"
[ ! -e failed ]
