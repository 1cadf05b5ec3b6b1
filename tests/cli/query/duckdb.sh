# rudder-query on DuckDB and Parquet files: every type, and the ways to fail.
# shellcheck shell=sh disable=SC2016,SC2317
set -eu
eval "$("$TOP/tests/tool/duck.sh" find)"

. "$TOP/tests/tool/sources.sh"
memory() { rudder-query -d duckdb: "$@"; }
file() { rudder-query -d duckdb:d.db "$@"; }

# each line: SQL, a tab, the word of the type, a tab, the JSON
n=0
: >select
: >wanted
while IFS="$(printf '\t')" read -r sql word json; do
	[ -n "$sql" ] || continue
	n=$((n + 1))
	printf '%s%s AS v%d' "$([ $n = 1 ] || echo ', ')" "$sql" $n >>select
	printf '%s\t%s\t%s\n' "$sql" "$word" "$json" >>wanted
done <<'EOT'
true	boolean	true
(-128)::TINYINT	int	-128
255::UTINYINT	int	255
(-32768)::SMALLINT	int	-32768
65535::USMALLINT	int	65535
(-2147483648)::INTEGER	int	-2147483648
4294967295::UINTEGER	int	4294967295
(-9223372036854775808)::BIGINT	int	-9223372036854775808
9223372036854775807::BIGINT	int	9223372036854775807
18446744073709551615::UBIGINT	int	18446744073709551615
(-170141183460469231731687303715884105728)::HUGEINT	int	-170141183460469231731687303715884105728
170141183460469231731687303715884105727::HUGEINT	int	170141183460469231731687303715884105727
18446744073709551616::HUGEINT	int	18446744073709551616
0::HUGEINT	int	0
340282366920938463463374607431768211455::UHUGEINT	int	340282366920938463463374607431768211455
'123456789012345678901234567890123456789012345678901234567890'::BIGNUM	int	123456789012345678901234567890123456789012345678901234567890
(-1)::BIGNUM	int	-1
1.10::DECIMAL(4,2)	decimal	1.10
(-0.05)::DECIMAL(3,2)	decimal	-0.05
0::DECIMAL(9,4)	decimal	0.0000
7::DECIMAL(9,0)	decimal	7
(-123456789.012345678)::DECIMAL(18,9)	decimal	-123456789.012345678
99999999999999999999999999999999999999::DECIMAL(38,0)	decimal	99999999999999999999999999999999999999
123456789012345678901234567890123456.78::DECIMAL(38,2)	decimal	123456789012345678901234567890123456.78
(-9999999999999999999.9999999999999999999)::DECIMAL(38,19)	decimal	-9999999999999999999.9999999999999999999
0.00000000000000000000000000000000000001::DECIMAL(38,38)	decimal	0.00000000000000000000000000000000000001
0.1::FLOAT	float	0.1
0.1::DOUBLE	float	0.1
1.7976931348623157e308::DOUBLE	float	1.7976931348623157e+308
'nan'::DOUBLE	float	"NaN"
'-inf'::FLOAT	float	"-Infinity"
'inf'::DOUBLE	float	"Infinity"
'Zoë 李 🚀 "q" \ ' || chr(10)	string	"Zoë 李 🚀 \"q\" \\ \n"
''	string	""
'twelve bytes'	string	"twelve bytes"
'thirteen byte'	string	"thirteen byte"
'\x00\xFF\x10'::BLOB	binary	"AP8Q"
'101011100'::BIT	string	"101011100"
'1'::BIT	string	"1"
DATE '2004-10-19'	date	"2004-10-19T00:00:00Z"
DATE '0001-01-01'	date	"0001-01-01T00:00:00Z"
DATE '9999-12-31'	date	"9999-12-31T00:00:00Z"
'0044-03-15 (BC)'::DATE	date	"-0043-03-15T00:00:00Z"
'5881580-07-10'::DATE	date	"+5881580-07-10T00:00:00Z"
'infinity'::DATE	date	"infinity"
'-infinity'::DATE	date	"-infinity"
TIME '10:23:54.50'	time	"0000-01-01T10:23:54.5Z"
TIME '24:00:00'	time	"0000-01-01T24:00:00Z"
TIME_NS '10:23:54.000000789'	time	"0000-01-01T10:23:54.000000789Z"
TIMETZ '10:23:54+02'	time	"0000-01-01T10:23:54+02:00"
TIMETZ '10:23:54.1-15:59:59'	time	"0000-01-01T10:23:54.1-15:59:59"
TIMESTAMP '2004-10-19 10:23:54.250'	datetime	"2004-10-19T10:23:54.25Z"
TIMESTAMP '0001-01-01 00:00:00'	datetime	"0001-01-01T00:00:00Z"
TIMESTAMP '1969-12-31 23:59:59.999999'	datetime	"1969-12-31T23:59:59.999999Z"
TIMESTAMP '9999-12-31 23:59:59.999999'	datetime	"9999-12-31T23:59:59.999999Z"
'infinity'::TIMESTAMP	datetime	"infinity"
'-infinity'::TIMESTAMPTZ	datetime	"-infinity"
TIMESTAMP_S '1960-02-29 01:02:03'	datetime	"1960-02-29T01:02:03Z"
TIMESTAMP_MS '1960-02-29 01:02:03.4'	datetime	"1960-02-29T01:02:03.4Z"
TIMESTAMP_NS '1960-02-29 01:02:03.000000100'	datetime	"1960-02-29T01:02:03.0000001Z"
TIMESTAMP_NS '2024-02-29 01:02:03'	datetime	"2024-02-29T01:02:03Z"
'infinity'::TIMESTAMP_NS	datetime	"infinity"
TIMESTAMPTZ '2004-10-19 10:23:54+02'	datetime	"2004-10-19T08:23:54Z"
(TIMESTAMPTZ '2004-10-19 00:30:00+02')::DATE	date	"2004-10-18T00:00:00Z"
INTERVAL '1 year 2 months 3 days 4 hours 5 minutes 6.7 seconds'	string	"P1Y2M3DT4H5M6.7S"
INTERVAL '-1 month -1.5 seconds'	string	"P-1MT-1.5S"
INTERVAL '0.000001 seconds'	string	"PT0.000001S"
INTERVAL '-30 minutes'	string	"PT-30M"
INTERVAL '0 days'	string	"PT0S"
'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::UUID	string	"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"
'00000000-0000-0000-0000-000000000001'::UUID	string	"00000000-0000-0000-0000-000000000001"
'sad'::ENUM('happy', 'sad "x"', 'sad')	string	"sad"
'{"a":  [1, 1.10, null]}'::JSON	json	{"a":[1,1.10,null]}
'"text"'::JSON	json	"text"
[1, NULL, 3]	array	[1,null,3]
[]::INTEGER[]	array	[]
[[1], [], NULL, [2, 3]]	array	[[1],[],null,[2,3]]
['a"', NULL]	array	["a\"",null]
array_value(1.5::DOUBLE, 'nan'::DOUBLE)	array	[1.5,"NaN"]
[DATE '2004-10-19']	array	["2004-10-19T00:00:00Z"]
{'a': 1, 'b "q"': [true], 'c': NULL}	json	{"a":1,"b \"q\"":[true],"c":null}
NULL::STRUCT(a INTEGER)	json	null
MAP {'k"': 1, 'l': NULL}	json	{"k\"":1,"l":null}
MAP {1: 'a', 2: 'b'}	json	{"1":"a","2":"b"}
MAP {DATE '2004-10-19': [1.10]}	json	{"2004-10-19T00:00:00Z":[1.10]}
MAP {{'a': 1}: 'x'}	json	{"{\"a\":1}":"x"}
union_value(num := 2)	json	{"num":2}
union_value(s := 'x')::UNION(i INTEGER, s VARCHAR)	json	{"s":"x"}
[{'j': '[1,  2]'::JSON, 'h': 1::HUGEINT}]	array	[{"j":[1,2],"h":1}]
['123456789012345678901234567890'::BIGNUM]	array	[123456789012345678901234567890]
{'a': 1, 'b': 'x'}::VARIANT	json	{"a":1,"b":"x"}
NULL	int	null
NULL::VARCHAR[]	array	null
EOT
status 0 "every type" memory -e "SELECT $(cat select)"
jq -j 'select(._rudder.type == "begin") | ._rudder.columns[] | .type + "\n"' out >words
# DuckDB 2 knows a NULL without a type
sed -i '88,$s/^any$/int/' words
cut -f 2 wanted | diff -u --label wanted --label got - words || fail "every type: words"
sed -n 2p out | sed 's/^{"v1"/,"v1"/; s/}$//; s/,"v[0-9]*":/\n/g' | tail -n +2 >values
cut -f 3 wanted | diff -u --label wanted --label got - values || fail "every type: values"
jq -c . out >/dev/null || fail "every type: no JSON"
status 0 "a struct without names" memory -e "SELECT row(1, 'x') AS v"
echo '{"v":[1,"x"]}' | same "a struct without names"
status 0 "the type of a struct without names" memory --columns -e "SELECT row(1, {'a': 'x'}) AS v"
printf 'v\tSTRUCT(INTEGER, STRUCT("a" VARCHAR))\tjson\n' | diff -u - out || fail "the type of a struct without names"
status 0 "an empty struct" memory -e "SELECT row() AS v"
echo '{"v":[]}' | same "an empty struct"

# the same values from a file, many rows of them, NULLs between
ducksql :memory: "ATTACH 'd.db' AS d (STORAGE_VERSION 'latest')" "USE d" "CREATE TABLE every AS SELECT $(cat select)" "CREATE TABLE many AS SELECT CASE WHEN i % 3 = 0 THEN i END AS i,
	CASE WHEN i % 7 > 0 THEN [i, NULL, -i] END AS l, CASE WHEN i % 5 > 0 THEN {'a': i, 's': repeat('s', i % 30)} END AS s,
	(i % 4)::VARCHAR::ENUM('0', '1', '2', '3') AS e FROM range(5000) r(i)" "CREATE TABLE t AS SELECT i AS id, 'n' || i AS s FROM range(1, 1001) r(i)"
status 0 "every type of a file" file -t every
sed -n 2p out | sed 's/^{"v1"/,"v1"/; s/}$//; s/,"v[0-9]*":/\n/g' | tail -n +2 >values
cut -f 3 wanted | diff -u --label wanted --label got - values || fail "every type of a file: values"
status 0 "many" file -t many
awk 'BEGIN {for (i = 0; i < 5000; i++) {s = ""; for (k = 0; k < i % 30; k++) s = s "s"
	printf "{\"i\":%s,\"l\":%s,\"s\":%s,\"e\":\"%d\"}\n", i % 3 ? "null" : i, i % 7 ? "[" i ",null,-" i "]" : "null",
	i % 5 ? "{\"a\":" i ",\"s\":\"" s "\"}" : "null", i % 4}}' | same "many"

# --columns says types as DuckDB does
status 0 "columns" file --columns -e "SELECT id, 1.5::DECIMAL(12,2) AS d, [[1]] AS l, {'a': 1} AS s, MAP {'a': 1} AS m, array_value(1, 2) AS a, '{}'::JSON AS j, 1::BIGNUM AS b FROM t"
diff -u - out <<'EOT' || fail "columns"
id	BIGINT	int
d	DECIMAL(12,2)	decimal
l	INTEGER[][]	array
s	STRUCT("a" INTEGER)	json
m	MAP(VARCHAR, INTEGER)	json
a	INTEGER[2]	array
j	JSON	json
b	BIGNUM	int
EOT
status 0 "check" file --check -t t
[ "$(cut -f 1,2 out | tr '\n' ' ')" = "$(printf 'connection\tok listing\tok model\tok ')" ] || fail "check"
status 78 "check of no table" file --check -t nosuch
[ "$(cut -f 1,2 out | tr '\n' ' ')" = "$(printf 'connection\tok listing\tok model\tfailed ')" ] || fail "check that fails"

status 0 "tables" file --tables
grep -q '^{"name":"main.t","kind":"table","rows":1000}$' out || fail "tables: $(cat out)"
status 64 "tables of files" rudder-query -d 'parquet:*.parquet' --tables

# models
printf -- '-- a; b\nSELECT id, $$;$$ || s AS "s;" /* ; /* ; */ */ FROM t ORDER BY id DESC ;' >m.sql
status 0 "model" file m.sql --limit 2
same "model" <<'EOT'
{"id":1000,"s;":";n1000"}
{"id":999,"s;":";n999"}
EOT
tail -n 1 out | grep -q '"partial":true' || fail "limit is not marked"
status 0 "limit is all" file -t t --limit 1000
tail -n 1 out | grep -q '"rows":1000,"rejects":0,"skips":0}}' || fail "limit that is all"
status 0 "parameters" file -e "SELECT id, :w AS w FROM t WHERE id > :id AND s <> :w ORDER BY id LIMIT :n::int" -P id=7 -P "w='; DROP TABLE t; é" -P n=1
echo "{\"id\":8,\"w\":\"'; DROP TABLE t; é\"}" | same "parameters"
status 0 "cursor" file -t t --cursor id --since 999
same "cursor" <<'EOT'
{"id":999,"s":"n999"}
{"id":1000,"s":"n1000"}
EOT
tail -n 1 out | grep -q '"partial":true,"cursor":{"column":"id","type":"int","since":"999","value":"1000"' || fail "cursor"
for type in DATE TIMESTAMP TIMESTAMPTZ TIMESTAMP_NS; do
	memory -e "SELECT (TIMESTAMP '2024-01-01 00:00:00' + i * INTERVAL '1 day')::$type AS at FROM range(3) r(i)" --cursor at --limit 3 >out
	value=$(tail -n 1 out | jq -r ._rudder.cursor.value)
	status 0 "cursor of $type" memory -e "SELECT (TIMESTAMP '2024-01-01 00:00:00' + i * INTERVAL '1 day')::$type AS at FROM range(3) r(i)" --cursor at --since "$value"
	echo '{"at":"2024-01-03T00:00:00Z"}' | same "cursor of $type"
done

status 0 "a cursor beside a time" memory --cursor id --since 5 -e "SELECT i AS id, TIMESTAMP '2024-01-01' AS at FROM range(4, 7) r(i)"
printf '{"id":%d,"at":"2024-01-01T00:00:00Z"}\n' 5 6 | same "a cursor beside a time"
status 65 "a cursor that is not a time" memory --cursor at --since yesterday -e "SELECT TIMESTAMP '2024-01-01' AS at"
says 'invalid timestamp field format'
no_end "a cursor that is not a time"

# wrong models
status 78 "twice a column" memory -e 'SELECT 1 AS a, 2 AS a' --limit 3
status 78 "reserved" memory -e 'SELECT 1 AS _rudder'
status 78 "two statements" memory -e 'SELECT 1; SELECT 2'
status 78 "a write" file -e 'DELETE FROM t'
status 78 "syntax" memory -e "$(printf 'SELECT 1\nFROM FROM')"
says "model '--sql' line 2: DuckDB: Parser Error"
status 78 "no table" file -t nosuch
status 78 "a table that is near" file -t evrey
says '[dD]id you mean.*every'
status 65 "parameter of a different type" memory -P n=x -e 'SELECT CAST(:n AS INTEGER) AS v'
says "Could not convert string 'x' to INT32"
for m in '?' '?1' '$1' '$x'; do
	status 78 "$m beside a parameter" memory -P a=7 -e "SELECT :a AS a, $m AS b"
	says "line 1: this parameter has no name"
	status 78 "$m beside a cursor" memory --cursor a --since 5 -e "SELECT 6 AS a, $m AS b"
done
status 78 "a type that is too deep" memory -e "SELECT NULL::INTEGER$(printf '[]%.0s' $(seq 260)) AS v"
says "column 'v': a type is nested deeper than 255 levels"
no_end "a type that is too deep"
list=INTEGER$(printf '[]%.0s' $(seq 255))
for type in "STRUCT(i INTEGER, a $list)" "MAP($list, INTEGER)" "MAP(INTEGER, $list)" "UNION(i INTEGER, a $list)"; do
	status 78 "too deep in ${type%%(*}" memory -e "SELECT 1 AS i, NULL::$type AS v"
	says "column 'v': a type is nested deeper than 255 levels"
done
status 0 "a type that is just not too deep" memory -e "SELECT NULL::${list%??} AS v, NULL::STRUCT(a ${list%????}) AS w"
echo '{"v":null,"w":null}' | same "a type that is just not too deep"
# with several threads DuckDB may say that it was interrupted, and not why
status 65 "data" rudder-query -d 'duckdb:?threads=1' -e "SELECT i / 1 AS a, CASE WHEN i < 2000000 THEN '1' ELSE 'x' END::INTEGER AS b FROM range(2500000) r(i)"
says "Conversion Error"
no_end "data"
[ "$(grep -c '"b":1}' out)" -gt 100000 ] || fail "rows before an error: $(grep -c '"b":1}' out)"
status 1 "a reject" memory -e "SELECT i, CASE WHEN i = 1 THEN '{\"a\":1,\"a\":2}' ELSE '{}' END::JSON AS j FROM range(3) r(i)" --max-rejects 1
same "a reject" <<'EOT'
{"i":0,"j":{}}
{"i":2,"j":{}}
EOT
sed -n 3p out | grep -q "column 'j'" || fail "a reject: $(sed -n 3p out)"
# in a value of any type, and among the names of a MAP
twice="'{\"a\":1,\"a\":2}'::JSON"
for v in "[1::JSON, $twice]" "{'i': 1, 'x': $twice}" "MAP {'k': $twice}" "MAP {$twice: 1}" "union_value(x := $twice)" "array_value(1::JSON, $twice)" \
	"MAP {'{\"a\":1}'::JSON: 1, '{\"a\": 1}'::JSON: 2}" "[MAP {'\"k\"'::JSON: 1, '\"\\u006b\"'::JSON: 2}]"; do
	status 1 "a name twice in $v" memory -e "SELECT 1 AS i, $v AS v UNION ALL SELECT 2, NULL" --max-rejects 1
	echo '{"i":2,"v":null}' | same "a name twice in $v"
	grep -q '"type":"reject".*"reason":"column .v.: a name twice in one object"' out || fail "a name twice in $v: $(cat out)"
done
# a source that is asked for one row beyond the limit, to see whether there is one
status 1 "a limit and a reject" memory -e "SELECT i, CASE WHEN i = 1 THEN '{\"a\":1,\"a\":2}' ELSE '{}' END::JSON AS j FROM range(5) r(i)" --max-rejects 1 --limit 2
tail -n 1 out | grep -q '"rows":1,"rejects":1,"skips":0,"partial":true' || fail "a limit and a reject: $(tail -n 1 out)"
memory -e "SELECT repeat('é', 524288) AS s, 'x' AS x" | sed -n 2p >out
[ "$(wc -c <out)" = $((1048576 + 17)) ] || fail "1 MiB of text: $(wc -c <out)"

# files
status 66 "no file" rudder-query -d duckdb:nosuch.db -t t
[ ! -e nosuch.db ] || fail "a file was made"
seq 100000 >garbage
status 65 "not a database" rudder-query -d duckdb:garbage -t t
status 64 "option" rudder-query -d 'duckdb:d.db?threads=1&nosuch=2' -t t
status 64 "option's value" rudder-query -d 'duckdb:d.db?threads=no' -t t
status 64 "option's memory" rudder-query -d 'duckdb:?memory=lots' -e 'SELECT 1 AS a'
says 'DuckDB does not accept memory_limit=lots'
status 64 "option of a database" rudder-query -d 'parquet:*.parquet?threads=1&nosuch=2'
says "unknown option 'nosuch=2'"
status 64 "option that is on or off" rudder-query -d 'duckdb:?external=maybe' -e 'SELECT 1 AS a'
says "'external=maybe': use external=on or external=off"
status 0 "options" rudder-query -d 'duckdb:d.db?threads=1&memory=200MB' -t t --limit 1
RUDDER_LIBDUCKDB=/nosuch.so status 78 "no library" memory -e 'SELECT 1 AS a'
says "RUDDER_LIBDUCKDB"

mkdir -p p/year=2023 p/year=2024
ducksql :memory: "COPY (SELECT i AS id, i * 1.10::DECIMAL(9,2) AS d FROM range(2) r(i)) TO 'p/year=2023/a.parquet'" \
	"COPY (SELECT i AS id, 'x' AS more FROM range(2, 4) r(i)) TO 'p/year=2024/b''s.parquet'"
status 0 "parquet" rudder-query -d "parquet:p/year=20?3/a.parquet"
same "parquet" <<'EOT'
{"id":0,"d":0.00,"year":2023}
{"id":1,"d":1.10,"year":2023}
EOT
status 0 "parquet's glob" rudder-query -d "parquet:p/*/*.parquet?threads=1"
same "parquet's glob" <<'EOT'
{"id":0,"d":0.00,"more":null,"year":2023}
{"id":1,"d":1.10,"more":null,"year":2023}
{"id":2,"d":null,"more":"x","year":2024}
{"id":3,"d":null,"more":"x","year":2024}
EOT
status 0 "parquet's model" rudder-query -d "parquet:p/year=2024/b's.parquet" -e 'SELECT max(id) AS m FROM files WHERE id < :i' -P i=3
echo '{"m":2}' | same "parquet's model"
status 0 "parquet's cursor" rudder-query -d "parquet:p/year=2024/*" --cursor id --since 3
echo '{"id":3,"more":"x","year":2024}' | same "parquet's cursor"
status 0 "check of files" rudder-query -d "parquet:p/*/*.parquet" --check
[ "$(sed -n 2p out)" = "$(printf 'listing\tok\t2 files')" ] || fail "check of files: $(sed -n 2p out)"
status 74 "check on a full disk" sh -c "rudder-query -d duckdb: --check -e 'SELECT 1 AS a' >/dev/full"
status 78 "an unknown time zone" rudder-query -d 'duckdb:?timezone=Nowhere/At_All' -e 'SELECT 1 AS a'
says "Unknown TimeZone 'Nowhere/At_All'"
status 66 "no files" rudder-query -d "parquet:p/*.nosuch"
head -c 200 p/year=2023/a.parquet >torn.parquet
status 65 "a torn file" rudder-query -d "parquet:torn.parquet"
no_end "a torn file"
printf 'a,b\n1,x\n' >p.csv
status 0 "csv" memory -e "FROM 'p.csv'"
echo '{"a":1,"b":"x"}' | same "csv"
status 0 "csv, as asked for" rudder-query -d 'duckdb:?external=on' -e "FROM 'p.csv'"
echo '{"a":1,"b":"x"}' | same "csv, as asked for"
status 77 "no csv" rudder-query -d 'duckdb:?external=off' -e "FROM 'p.csv'"
says "add '?external=on'"
status 77 "no csv beside a database" file -e "FROM 'p.csv'"
says "add '?external=on'"
status 0 "csv beside a database" rudder-query -d 'duckdb:d.db?external=on' -e "FROM 'p.csv'"
echo '{"a":1,"b":"x"}' | same "csv beside a database"
# a big sort has a folder even without TMPDIR, and only then
for folder in '' "$PWD/spill"; do
	TMPDIR=$folder status 0 "the folder of a sort" memory -e "SELECT regexp_replace(current_setting('temp_directory'), '[0-9]+$', '') AS t"
	echo "{\"t\":\"${folder:-/tmp}/rudder-duckdb-\"}" | same "the folder of a sort"
done
[ ! -e spill ] || fail 'a folder was made'

# a page of the file that cannot be read
. "$TOP/tests/tool/failures.sh"
ducksql many.db "CREATE TABLE many AS SELECT i AS id, repeat('x', 200) || i AS t FROM range(3000) r(i)"
broken DuckDB pread EIO rudder-query -d 'duckdb:many.db?threads=1' -e 'SELECT * FROM many WHERE id >= :least' -P least=0
broken DuckDB pread EIO rudder-query -d 'duckdb:many.db?threads=1' -t many --check

# memory does not grow with the rows; which pages of the library are there differs
# from run to run by one or two MiB
for _ in 1 2 3; do
	for n in 3000000 6000000; do
		cost cost.$n "rudder-query -d 'duckdb:?threads=1' -e 'SELECT i, repeat(chr(97), (i % 30)::INT) AS s FROM range($n) r(i)' >/dev/null"
	done
done
least=$(awk '{print $3}' cost.6000000 | sort -n | head -n 1)
most=$(awk '{print $3}' cost.3000000 | sort -n | tail -n 1)
[ "$least" -le $((most + 2048)) ] || case $B in *asan*) ;; *) fail "memory: $(cat cost.*)" ;; esac

# ways to end
got=0
memory -e 'SELECT i, i::VARCHAR AS s FROM range(10000000) r(i)' >/dev/full 2>err || got=$?
[ "$got" = 74 ] || fail "full disk: status $got"
forever='SELECT count(*) AS n FROM range(100000000000) a(i), range(1000000) b(k) WHERE (i * k) % 7 = 8'
status 75 "timeout" memory --timeout 300ms -e "$forever"
says "timed out (--timeout)"
no_end "timeout"
mkdir tmp
for sig in INT TERM; do # in the background of a script SIGINT is ignored
	got=0
	TMPDIR=$PWD/tmp timeout -s "$sig" 0.5 env --default-signal=INT \
		rudder-query -d 'duckdb:?memory=60MB' -e 'SELECT hash(i) AS h, i FROM range(40000000) r(i) ORDER BY h' >out 2>err || got=$?
	[ "$got" = 124 ] || fail "SIG$sig: status $got, $(cat err)"
	no_end "SIG$sig"
	! grep -v 'stopped by SIGTERM' err || fail "SIG$sig: said $(cat err)"
	[ -z "$(ls tmp)" ] || fail "SIG$sig: left $(ls tmp)"
done
start=$(date +%s)
timeout 300 rudder-query -d duckdb: -e "$forever" | head -n 1 >out
[ $(($(date +%s) - start)) -lt 100 ] || fail "the reader went away, the query went on"
grep -q '"type":"begin"' out || fail "the begin line waited: $(cat out)"
[ ! -e failed ]
