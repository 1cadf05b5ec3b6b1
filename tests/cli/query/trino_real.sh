#!/bin/sh
# rudder-query on a real Trino: every type, parameters, the cursor, and the ways
# to fail. RUDDER_TEST_TRINO says where it is, see tests/tool/trino.sh.
# shellcheck disable=SC2016,SC2154
. "$TOP/tests/tool/lib.sh"
. "$TOP/tests/tool/failures.sh"
case $(rudder-query -d trino://localhost -t t 2>&1) in
*"this build has no source"*) skip 'built without libcurl' ;;
esac
eval "$("$TOP/tests/tool/trino.sh" start)"
trap '"$TOP/tests/tool/trino.sh" stop "$TRINO_DIR"' EXIT
at=trino://me@127.0.0.1:$TRINO_PORT
ask() { rudder-query -d "$at/tpch/sf1" "$@"; }

# server SQL: the first value of each row, by the server's own protocol
server() {
	curl -s -H 'X-Trino-User: test' -d "$1" "http://127.0.0.1:$TRINO_PORT/v1/statement" >page
	tries=0
	while [ $tries -lt 100 ]; do
		grep -o '"data":\[\[.*\]\]' page | sed 's/"data":\[\["*//; s/"*\]\]$//; s/"*\],\["*/\n/g' || :
		next=$(sed -n 's/.*"nextUri":"\([^"]*\)".*/\1/p' page)
		[ -n "$next" ] || return 0
		curl -s -H 'X-Trino-User: test' "$next" >page
		tries=$((tries + 1))
	done
}

# is_now MARK STATE: the query with the mark in its text comes to that state, or
# ends by that error, on the server
is_now() {
	n=0
	until [ "$(server "SELECT coalesce(error_code, state) FROM system.runtime.queries WHERE source = 'rudder-query' AND query LIKE '%-- $1%' ORDER BY created DESC LIMIT 1")" = "$2" ]; do
		n=$((n + 1))
		[ $n -lt 50 ] || fail "$1: is not $2 on the server"
		sleep 0.1
	done
}

# every type: SQL, what it becomes, and its word in the begin line
cat >values <<'EOF'
true|true|boolean
tinyint '-128'|-128|int
smallint '32767'|32767|int
integer '-2147483648'|-2147483648|int
bigint '-9223372036854775808'|-9223372036854775808|int
bigint '9223372036854775807'|9223372036854775807|int
real '1.1'|1.1|float
real '3.4028235E38'|3.4028235e+38|float
real 'NaN'|"NaN"|float
1.7976931348623157E308|1.7976931348623157e+308|float
5e-324|5e-324|float
1e10|10000000000|float
0.1e0|0.1|float
-infinity()|"-Infinity"|float
decimal '99999999999999999999999999999999999999'|99999999999999999999999999999999999999|decimal
decimal '-0.00000000000000000000000000000000000001'|-0.00000000000000000000000000000000000001|decimal
decimal '1.10'|1.10|decimal
cast('' as varchar)|""|string
'a' || chr(10) || chr(9) || '"\/'|"a\n\t\"\\/"|string
cast('ab' as char(5))|"ab   "|string
X''|""|binary
X'00ff10'|"AP8Q"|binary
json '{"b":[1,null],"a":"x"}'|{"a":"x","b":[1,null]}|json
json 'null'|null|json
json '"x"'|"x"|json
date '0001-01-01'|"0001-01-01T00:00:00Z"|date
date '9999-12-31'|"9999-12-31T00:00:00Z"|date
date '-0043-03-15'|"-0043-03-15"|date
time '23:59:59.999999999999'|"0000-01-01T23:59:59.999999999999Z"|time
time '00:00:00'|"0000-01-01T00:00:00Z"|time
time '01:02:03.450 +05:30'|"0000-01-01T01:02:03.45+05:30"|time
time '00:00:00 -14:00'|"0000-01-01T00:00:00-14:00"|time
timestamp '0001-01-01 00:00:00'|"0001-01-01T00:00:00Z"|datetime
timestamp '9999-12-31 23:59:59.999999999999'|"9999-12-31T23:59:59.999999999999Z"|datetime
timestamp '2020-02-29 12:00:00.1'|"2020-02-29T12:00:00.1Z"|datetime
timestamp '2020-02-29 12:00:00.120'|"2020-02-29T12:00:00.12Z"|datetime
timestamp '2020-02-29 12:00:00.123456'|"2020-02-29T12:00:00.123456Z"|datetime
timestamp '2020-02-29 12:00:00.123456789'|"2020-02-29T12:00:00.123456789Z"|datetime
timestamp '+10000-01-01 00:00:00'|"+10000-01-01 00:00:00"|datetime
timestamp '0001-01-01 00:00:00 UTC'|"0001-01-01T00:00:00Z"|datetime
timestamp '2020-01-01 00:00:00.000 +14:00'|"2019-12-31T10:00:00Z"|datetime
timestamp '1969-12-31 23:59:59.999999999999 -08:00'|"1970-01-01T07:59:59.999999999999Z"|datetime
timestamp '2020-06-01 12:00:00 Europe/Berlin' AT TIME ZONE 'UTC'|"2020-06-01T10:00:00Z"|datetime
interval '3' day|"P3D"|string
interval '-1 02:03:04.005' day to second|"P-1DT-2H-3M-4.005S"|string
interval '0' second|"PT0S"|string
interval '2-11' year to month|"P2Y11M"|string
interval '-178956970-7' year to month|"P-178956970Y-7M"|string
uuid '12151fd2-7586-11e9-8f9e-2a86e4085a59'|"12151fd2-7586-11e9-8f9e-2a86e4085a59"|string
ipaddress '2001:db8::1'|"2001:db8::1"|string
array[1, null, 3]|[1,null,3]|array
array[]|[]|array
array[array[X'00'], null]|[["AA=="],null]|array
array[decimal '1.10', null]|[1.10,null]|array
array[real '1.1', real 'NaN']|[1.1,"NaN"]|array
array[interval '1' day, null]|["P1D",null]|array
array[timestamp '2020-01-01 00:00:00 +02:00']|["2019-12-31T22:00:00Z"]|array
array[json '{"a":1}']|[{"a":1}]|array
map(array['a', 'b'], array[1.5, null])|{"a":1.5,"b":null}|json
map(array[1, 2], array[date '2020-01-01', null])|{"1":"2020-01-01T00:00:00Z","2":null}|json
map()|{}|json
row(1, 'x')|[1,"x"]|array
cast(row(1, 'x', interval '2' month) as row(a bigint, "b, (c" varchar, d interval year to month))|{"a":1,"b, (c":"x","d":"P2M"}|json
cast(row(1, 2) as row(a bigint, a bigint))|[1,2]|array
cast(row(null, array[cast(null as row(x date))]) as row(a bigint, b array(row(x date))))|{"a":null,"b":[null]}|json
cast(null as row(a bigint))|null|json
null|null|any
approx_set(5)|"AgwBAMDF1A8="|any
cast(null as decimal(38, 10))|null|decimal
cast(null as timestamp(12) with time zone)|null|datetime
cast(null as interval day to second)|null|string
cast(null as varbinary)|null|binary
cast(null as array(real))|null|array
EOF
awk -F'|' '
	{sql = $1; for (i = 2; i < NF - 1; i++) sql = sql "|" $i
	 list = list (NR > 1 ? ", " : "SELECT ") sql " AS c" NR
	 row = row (NR > 1 ? "\n,": "{") "\"c" NR "\":" $(NF - 1)
	 type = type "\n{\"name\":\"c" NR "\",\"type\":\"" $NF "\"}"}
	END {print list >"model"; print row "}" type}' values >wanted
status 0 ask model >out
{
	sed -n '2s/,"c\([0-9]\)/\n,"c\1/gp' out
	sed -n '1s/.*"columns":\[\(.*\)\]}}/\1/p' out | sed 's/},{/}\n{/g'
} | diff -u wanted - >&2 || fail types
# versions differ in what they escape
status 0 ask -e "SELECT 'é<𝄞>''&=' || chr(0) AS s" >out
is '"é<𝄞>'\''&=\u0000"' "$(sed -n 2p out | jq .s)" text
status 65 ask -e "SELECT timestamp '2020-01-01 00:00:00 Europe/Berlin' AS t" >out
says "column 't': a time in the zone 'Europe/Berlin': add AT TIME ZONE 'UTC'"

# parameters, limit, steps
status 0 ask -P n=2 -P "s=it's ? é" -e 'SELECT CAST(:n AS bigint) + 1 AS a, :s AS b, :n AS c -- "?' >out
is '{"a":3,"b":"it'\''s ? é","c":"2"}' "$(sed -n 2p out | jq -c .)" parameters
status 78 ask -P n=2 -e 'SELECT :n AS a, $$' >out
says "Trino: line 1:16: mismatched input '\$'"
status 0 ask -P n=1 --check -e 'SELECT :n AS a' >out
grep -q '^model	ok	1 column' out || fail "check: $(cat out)"
status 0 ask -P n=1 --columns -e "SELECT :n AS a, timestamp '2020-01-01 00:00:00 UTC' AS t" >out
grep -q '^t	timestamp(0) with time zone	datetime$' out || fail "columns: $(cat out)"
status 0 ask --limit 5 -e 'SELECT * FROM lineitem -- mark1' >out
is 5 "$(grep -c '^{"orderkey"' out)" limit
tail -n 1 out | grep -q '"partial":true' || fail 'limit: not partial'
is_now mark1 USER_CANCELED
status 0 ask -t tpch.sf1.nation -c nationkey,name >out
is 25 "$(grep -c '^{"nationkey":[0-9]*,"name":"[A-Z ]*"}$' out)" table
is '{"nationkey":7,"name":"GERMANY"}' "$(grep GERMANY out)" table

# the cursor: COLUMN SINCE ROWS VALUE
cursor() {
	status 0 ask --cursor "$1" --since "$2" -t orders -c "orderkey,$1" >out
	is "$3" "$(grep -c '^{"orderkey"' out)" "cursor $1"
	tail -n 1 out | grep -qF "\"value\":\"$4\"" || fail "cursor $1: $(tail -n 1 out)"
}
cursor orderdate 1998-08-01 1199 1998-08-02T00:00:00Z
cursor totalprice 500000 16 555285.16
cursor orderpriority 5-LOW 300589 5-LOW
status 78 ask --cursor nosuch --since 1 -t orders
says "the model has no column 'nosuch'"
for t in 'timestamp(3)' 'timestamp(6) with time zone'; do
	status 0 ask --cursor t --since 2020-01-01T00:00:00.5Z -e "SELECT id, CAST(t AS $t) AS t FROM (VALUES (1, timestamp '2020-01-01 00:00:00.499'), (2, timestamp '2020-01-01 00:00:00.500'), (3, null)) AS x(id, t)" >out
	is '2 3 ' "$(sed -n 's/^{"id":\([0-9]*\).*/\1/p' out | sort | tr '\n' ' ')" "cursor $t"
done

# parts, the same as on any database
for i in 0 1 2 3; do
	status 0 ask -k id --partition $i/4 -e 'SELECT * FROM (VALUES 1, 22, 333, -4, 5, NULL) AS t(id)' >out
	sed -n 's/^{"id":\(.*\)}$/\1/p' out | sort | tr '\n' ' '
	echo "of $i"
	status 0 ask -k id --partition $i/4 --partition-by number \
		-e 'SELECT * FROM (VALUES 1, 22, 333, -4, 5, NULL, 9223372036854775807) AS t(id)' >out
	sed -n 's/^{"id":\(.*\)}$/\1/p' out | sort | tr '\n' ' '
	echo "of $i by number"
done >parts
printf '%s\n' '1 null of 0' '333 null of 0 by number' 'of 1' '1 22 9223372036854775807 of 1 by number' '-4 22 of 2' \
	'-4 5 of 2 by number' '333 5 of 3' 'of 3 by number' | diff -u - parts >&2 || fail parts

# tables and views
status 0 rudder-query -d "$at/tpch/tiny" --tables >out
is '{"name":"tiny.nation","kind":"table","rows":null}' "$(grep '"tiny.nation"' out)" tables
rudder-query -d "$at/memory/default" -e 'SELECT 1 AS a' >/dev/null
server 'CREATE VIEW memory.default.v AS SELECT 1 AS a' >/dev/null
server 'CREATE TABLE memory.default.t AS SELECT 1 AS a' >/dev/null
status 0 rudder-query -d "$at/memory" --tables >out
is 'default.t table default.v view ' "$(sed -n 's/^{"name":"\([^"]*\)","kind":"\([^"]*\)".*/\1 \2/p' out | tr '\n' ' ')" 'tables of memory'

# a reader that stalls for longer than query.client.timeout gets all rows
rudder-query -d "$at/tpch/sf1" -e 'SELECT * FROM lineitem LIMIT 200000' 2>err | {
	sleep 20
	tail -n 1
} >out
grep -q '"type":"end","stream":"rows","rows":200000,' out || fail "stalled: $(cat out err)"

# what the server refuses
while IFS='|' read -r want sql words; do
	got=0
	ask -e "$sql" >out 2>err || got=$?
	is "$want" $got "$sql"
	says "$words"
	! grep -q '"type":"end"' out || fail "$sql: has an end line"
done <<'EOF'
78|SELECT a FROM nosuch|Table 'tpch.sf1.nosuch' does not exist (TABLE_NOT_FOUND)
78|SELECT 1 AS a, nosuch|line 1:16: Column 'nosuch' cannot be resolved (COLUMN_NOT_FOUND)
78|SELECT a, FROM nation|line 1:11: mismatched input 'FROM'
78|SELECT 1 AS a, 2 AS a|duplicate column 'a'
65|SELECT 1/0 AS a|Division by zero (DIVISION_BY_ZERO)
65|SELECT 1/(orderkey - 5999975) AS a FROM orders|Division by zero (DIVISION_BY_ZERO)
65|SELECT CAST(name AS bigint) AS a FROM nation|to BIGINT (INVALID_CAST_ARGUMENT)
EOF
status 78 rudder-query -d "$at/nosuch/x" --check -t t >out
says CATALOG_NOT_FOUND
status 78 ask --columns -e 'SELECT 1 AS a, nosuch'
says 'line 1:'

# nobody wants the rest: the time limit, a reader that went away, signals
long='SELECT count(*) AS n FROM lineitem a CROSS JOIN lineitem b WHERE a.tax * b.tax < 0 --'
status 75 ask --timeout 1s -e "$long mark2"
n=$(server "SELECT count(*) FROM system.runtime.queries WHERE state = 'RUNNING' AND query LIKE '%mark2%' AND source = 'rudder-query'")
is 0 "$n" 'time limit: queries that run'
ask -e 'SELECT * FROM lineitem -- mark3' | head -n 1000 >/dev/null
is_now mark3 USER_CANCELED
# signalled MARK SIGNAL STATUS
signalled() {
	kill "-$2" $pid
	got=0
	wait $pid || got=$?
	is "$3" $got "$1"
	! grep -q '"type":"end"' out || fail "$1: has an end line"
	is_now "$1" USER_CANCELED
}
rudder-query -d "$at/tpch/sf1" -e "$long mark4" >out 2>err &
pid=$!
is_now mark4 RUNNING
signalled mark4 TERM 143
# and when the output is full
mkfifo pipe
: >out
rudder-query -d "$at/tpch/sf1" -e "SELECT * FROM lineitem -- mark5" >pipe 2>err &
pid=$!
exec 3<pipe
sleep 2
signalled mark5 HUP 129
exec 3<&-
rm pipe

# rows by the million, in the same memory; the last query ends the server
full rows rudder-query -d "$at/tpch/sf1" -e 'SELECT * FROM lineitem -- mark6'
is_now mark6 USER_CANCELED
bounded memory 'SELECT * FROM lineitem LIMIT 100000' 'SELECT * FROM lineitem' rudder-query -d "$at/tpch/sf1"
killed() { kill -KILL "$TRINO_PID"; }
interrupted 69 'server killed' 'rudder-query' killed rudder-query -d "$at/tpch/sf1" -e 'SELECT * FROM lineitem'
