#!/bin/sh
# rudder-query on the engine of a ClickHouse of today, which Debian does not
# have: its types, and its words. RUDDER_TEST_CHDB is a Python that has chdb.
# shellcheck disable=SC2016
. "$TOP/tests/tool/lib.sh"
[ -n "${RUDDER_TEST_CHDB:-}" ] || skip 'no chdb (RUDDER_TEST_CHDB)'
case $(rudder-query -d clickhouse://localhost -t t 2>&1) in
*"this build has no source"*) skip 'built without libcurl' ;;
esac
"$RUDDER_TEST_CHDB" "$TOP/tests/tool/newch.py" >port 2>server.log &
server=$!
trap 'kill $server 2>/dev/null || :' EXIT
n=0
until [ -s port ]; do
	n=$((n + 1))
	if [ $n -gt 200 ] || ! kill -0 $server; then fail "no server: $(cat server.log)"; fi
	sleep 0.1
done
ask() { rudder-query -d "clickhouse://127.0.0.1:$(cat port)" "$@"; }

# SQL, what it becomes, and its word in the begin line
while IFS='|' read -r sql json word; do
	got=0
	ask -e "SELECT $sql AS v" >out 2>err </dev/null || got=$?
	[ $got = 0 ] || fail "$sql: $(cat err)"
	is "{\"v\":$json}" "$(sed -n 2p out)" "$sql"
	grep -qF "\"columns\":[{\"name\":\"v\",\"type\":\"$word\"}]" out || fail "$sql: $(head -n 1 out)"
done <<'EOF2'
toInt128('-170141183460469231731687303715884105728')|-170141183460469231731687303715884105728|int
toInt256('-57896044618658097711785492504343953926634992332820282019728792003956564819968')|-57896044618658097711785492504343953926634992332820282019728792003956564819968|int
toUInt256('115792089237316195423570985008687907853269984665640564039457584007913129639935')|115792089237316195423570985008687907853269984665640564039457584007913129639935|int
toDecimal256('-99999999999999999999999999999999999999999999999999999999999.9999999999999999', 16)|-99999999999999999999999999999999999999999999999999999999999.9999999999999999|decimal
toDecimal32('1.10', 4)|1.1000|decimal
toBFloat16(1.5)|1.5|float
-inf::Float32|"-Infinity"|float
toDate32('1900-01-01')|"1900-01-01T00:00:00Z"|date
toDate32('2299-12-31')|"2299-12-31T00:00:00Z"|date
toDateTime('2106-02-07 06:28:15', 'Europe/Berlin')|"2106-02-07T05:28:15Z"|datetime
toDateTime64('1900-01-01 00:00:00', 9, 'UTC')|"1900-01-01T00:00:00Z"|datetime
toDateTime64('2299-12-31 23:59:59.99999999', 8, 'UTC')|"2299-12-31T23:59:59.99999999Z"|datetime
CAST('10:11:12' AS Time)|"0000-01-01T10:11:12Z"|time
CAST('-999:59:59' AS Time)|"-999:59:59"|time
CAST('10:11:12.123456' AS Time64(6))|"0000-01-01T10:11:12.123456Z"|time
true|true|boolean
CAST(NULL AS Nullable(Bool))|null|boolean
'é𝄞\t\n\0'|"é𝄞\t\n\u0000"|string
toFixedString('ab', 4)|"ab\u0000\u0000"|string
CAST('b' AS Enum8('a' = 1, 'b' = -2))|"b"|string
toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0')|"61f0c404-5cb3-11e7-907b-a6006ad3dba0"|string
toIPv6('::1')|"::1"|string
CAST(NULL AS LowCardinality(Nullable(String)))|null|string
NULL|null|string
['a', NULL, 'b\'"\\\n']|["a",null,"b'\"\\\n"]|array
[[toDateTime('2020-01-01 00:00:00', 'Europe/Berlin')], []]|[["2019-12-31T23:00:00Z"],[]]|array
[CAST('10:11:12' AS Time), CAST('-99:00:00' AS Time)]|["0000-01-01T10:11:12Z","-99:00:00"]|array
map('a', 1.5, 'b', nan)|{"a":1.5,"b":"NaN"}|json
map(1, [toDate('2020-01-01')])|{"1":["2020-01-01T00:00:00Z"]}|json
CAST(map('a', 1) AS Map(LowCardinality(String), Nullable(Int64)))|{"a":1}|json
(1, 'a')|[1,"a"]|array
CAST(tuple(1) AS Tuple(a Nullable(Int8)))|{"a":1}|json
CAST((1, 'a', [2]) AS Tuple(x UInt8, `y z` String, z Array(UInt8)))|{"x":1,"y z":"a","z":[2]}|json
CAST((1, ('b', map('k', (1, 2)))) AS Tuple(x UInt8, y Tuple(q String, m Map(String, Tuple(a Int8, b Int8)))))|{"x":1,"y":{"q":"b","m":{"k":{"a":1,"b":2}}}}|json
CAST([(1, [(2, 'a')])] AS Nested(x UInt8, y Nested(z UInt8, w String)))|[{"x":1,"y":[{"z":2,"w":"a"}]}]|array
CAST('{"a": {"b": 1.5, "c": [1, null, "x"]}, "n": 18446744073709551615}' AS JSON)|{"a":{"b":1.5,"c":[1,null,"x"]},"n":18446744073709551615}|json
CAST('{"a": 1}' AS JSON(a UInt32))|{"a":1}|json
[CAST('{"a": 1}' AS JSON)]|[{"a":1}]|array
CAST(NULL AS Nullable(JSON))|null|json
CAST('x\ty' AS Variant(UInt8, String))|"x\ty"|string
CAST([1, 2] AS Variant(UInt8, Array(UInt8)))|"[1,2]"|string
CAST(NULL AS Dynamic)|null|string
toIntervalMonth(-3)|"P-3M"|string
toIntervalNanosecond(3)|"PT0.000000003S"|string
CAST((1.5, 2) AS Point)|[1.5,2]|array
CAST([[(0, 0), (10, 0)]] AS Polygon)|[[[0,0],[10,0]]]|array
CAST([[(0, 0), (10, 0)]] AS MultiLineString)|[[[0,0],[10,0]]]|array
sumState(1)|"AQAAAAAAAAA="|binary
sumSimpleState(1)|1|int
EOF2
status 0 ask --columns -e 'SELECT CAST(tuple(1) AS Tuple(a Nullable(Int8))) AS t' >out
is 't	Tuple(a Nullable(Int8))	json' "$(cat out)" columns
status 0 ask -P n=3 -P "s=it's	é\\" -e 'SELECT {n:UInt32} + 1 AS a, :s AS b' >out
is '{"a":4,"b":"it'\''s\té\\"}' "$(sed -n 2p out)" parameters
status 0 ask --cursor t --since 2020-01-01T00:00:00Z -e "SELECT toDateTime64('2019-12-31 23:00:00', 3, 'Europe/Berlin') + number * 3600 AS t FROM numbers(4)" >out
is '{"t":"2020-01-01T00:00:00Z"} {"t":"2020-01-01T01:00:00Z"}' "$(grep -v _rudder out | tr '\n' ' ' | sed 's/ $//')" cursor
curl -s "http://127.0.0.1:$(cat port)/?limit=2&offset=1" --data-binary 'SELECT 1' >out
for limit in '' '--limit 3'; do
	# shellcheck disable=SC2086 # words
	status 0 ask $limit -e 'SELECT number AS n FROM numbers(3)' >out
	is '{"n":0} {"n":1} {"n":2}' "$(grep -v _rudder out | tr '\n' ' ' | sed 's/ $//')" "all rows of a server with a limit $limit"
	grep -q '"rows":3,"rejects":0,"skips":0}' out || fail "complete $limit: $(cat out)"
done
# settings of a profile that change values, or leave out rows
set -- output_format_float_precision=3 output_format_trim_fixed_string=1 interval_output_format=kusto \
	output_format_always_write_decimal_point_in_float_and_decimal=1 output_format_json_quote_64bit_integers=1 \
	output_format_json_quote_decimals=1 output_format_json_quote_64bit_floats=1 type_json_skip_null_typed_paths=1
for setting in "$@" max_rows_to_read_leaf=1 read_overflow_mode_leaf=break max_block_size=10; do
	curl -s "http://127.0.0.1:$(cat port)/?$setting" --data-binary 'SELECT 1' >out
done
status 0 ask -e "SELECT 0.123456789 AS f, 5e0 AS g, toFixedString('a', 2) AS s, toIntervalDay(3) AS i,
	CAST('{\"a\":1,\"b\":1.5,\"d\":2.5}' AS JSON(a Int64, b Decimal(9, 2), c Nullable(String), d Float64)) AS j" >out
is '{"f":0.123456789,"g":5,"s":"a\u0000","i":"P3D","j":{"a":1,"b":1.5,"c":null,"d":2.5}}' "$(sed -n 2p out)" 'settings of values'
status 69 ask -e 'SELECT count() AS n FROM numbers(5000000)' >out
says '(TOO_MANY_ROWS) (158)'
curl -s "http://127.0.0.1:$(cat port)/?max_rows_to_read_leaf=0" --data-binary 'SELECT 1' >out
status 0 ask --check -e 'SELECT 1 AS a' >out
grep -q '^connection	ok	ClickHouse 2' out || fail "check: $(cat out)"
status 78 ask -e 'SELECT nosuch' >out
says '(UNKNOWN_IDENTIFIER) (47)'
status 65 ask -e 'SELECT intDiv(1, number) AS a FROM numbers(2)' >out
says '(ILLEGAL_DIVISION) (153)'
