# rudder-query on a real MariaDB: every type, and the ways to fail.
# shellcheck shell=sh disable=SC2016
set -eu
eval "$("$TOP/tests/tool/my.sh" start)"
trap '"$TOP/tests/tool/my.sh" stop "$MY_DIR"' EXIT
trap 'exit 1' INT TERM
case $(rudder-query -d mysql:// -t t 2>&1) in
*"this build has no source"*)
	echo "skipped: built without libmariadb"
	exit 77
	;;
esac

sql() { mariadb --no-defaults --default-character-set=utf8mb4 -S "$MY_SOCKET" -u root "$@"; }

. "$TOP/tests/tool/sources.sh"
query() { rudder-query -d "mysql://root@localhost/d?socket=$MY_SOCKET" "$@"; }

value() { # SQL JSON
	status 0 "$1" query -e "SELECT $1 AS v"
	printf '{"v":%s}\n' "$2" | same "$1"
}

sql -e "CREATE DATABASE d CHARACTER SET utf8mb4"
value "-9223372036854775808" -9223372036854775808
value "18446744073709551615" 18446744073709551615
value "1.10" 1.10
value "CAST(-0.5 AS DECIMAL(5,2))" -0.50
value "99999999999999999999999999999999999999.0" 99999999999999999999999999999999999999.0
value "0.1e0" 0.1
value "1.7976931348623157e308" 1.7976931348623157e+308
value "''" '""'
value "'Zoë 李 🚀 \\\" \\\\ \\n'" '"Zoë 李 🚀 \" \\ \n"'
value "NULL" null
value "CAST('2004-10-19' AS DATE)" '"2004-10-19T00:00:00Z"'
value "CAST('9999-12-31 23:59:59.999999' AS DATETIME(6))" '"9999-12-31T23:59:59.999999Z"'
value "CAST('-838:59:59' AS TIME)" '"-838:59:59"'
value "CAST('10:23:54.50' AS TIME(2))" '"0000-01-01T10:23:54.5Z"'
value "x'00ff10'" '"AP8Q"'
value "JSON_OBJECT('a', JSON_ARRAY(1, NULL, 'x'))" '{"a":[1,null,"x"]}'
value "TRUE" 1

value "CAST('0001-01-01' AS DATE)" '"0001-01-01T00:00:00Z"'
value "CAST('9999-12-31' AS DATE)" '"9999-12-31T00:00:00Z"'
value "CAST('0001-01-01 00:00:00.000001' AS DATETIME(6))" '"0001-01-01T00:00:00.000001Z"'
value "CAST('838:59:59.999999' AS TIME(6))" '"838:59:59.999999"'
value "CAST('23:59:59.000001' AS TIME(6))" '"0000-01-01T23:59:59.000001Z"'
value "CAST('-00:00:00.000001' AS TIME(6))" '"-00:00:00.000001"'
value "-1.7976931348623157e308" -1.7976931348623157e+308
value "2.2250738585072014e-308" 2.2250738585072014e-308
value "CAST(0.1 AS FLOAT)" 0.1
value "CAST('$(printf '%065d' 0 | tr 0 9)' AS DECIMAL(65))" "$(printf '%065d' 0 | tr 0 9)"
value "CAST('-0.$(printf '%037d' 0)1' AS DECIMAL(65,38))" "-0.$(printf '%037d' 0)1"
value "b'1'" '"AQ=="'
value "CONVERT('é' USING latin1)" '"é"'
value "_utf8mb4 0xF09F9A80" '"🚀"'
value "CHAR(0 USING utf8mb4)" '"\u0000"'
value "JSON_EXTRACT('{\"a\": 12345678901234567890.10}', '\$.a')" 12345678901234567890.10
sql d -e 'CREATE TABLE `a.b` (i INT); CREATE VIEW seen AS SELECT 1 AS a'
status 0 "tables" query --tables
grep -q '^{"name":"d.\\"a.b\\"","kind":"table","rows":' out || fail "tables: $(cat out)"
grep -q '^{"name":"d.seen","kind":"view","rows":null}$' out || fail "tables: $(cat out)"
! grep -q 'mysql\.' out || fail "tables of the server: $(cat out)"
status 0 "a listed table" query -t 'd."a.b"' --columns
sql d -e "CREATE TABLE twice (id INT, j JSON); INSERT INTO twice VALUES (1, '{\"a\":1,\"a\":2}'), (2, '{\"a\":[1.10]}')"
status 1 "a name twice in JSON" query -t twice --max-rejects 1
echo '{"id":2,"j":{"a":[1.10]}}' | same "a name twice in JSON"
grep -q "column 'j': a name twice in one object" out || fail "a name twice in JSON: $(cat out)"
value "JSON_QUOTE('a\"b')" '"\"a\\\"b\""'
value "PointFromText('POINT(1 2)')" '"AAAAAAEBAAAAAAAAAAAA8D8AAAAAAAAAQA=="'

sql d <<'SQL'
CREATE TABLE more (id INT, u UUID, i6 INET6, i4 INET4, b1 BIT(1), b64 BIT(64), vb VARBINARY(3), tt TINYTEXT, mb MEDIUMBLOB, nc NCHAR(3), lt VARCHAR(5) CHARACTER SET latin1,
 y YEAR, d DATE, dt DATETIME(6), t TIME(6), ts TIMESTAMP(6) NULL, e ENUM('','x,y','é'), s SET('a','b','é'), ls LINESTRING, gc GEOMETRYCOLLECTION, f FLOAT, fu FLOAT UNSIGNED, d65 DECIMAL(65,30));
SET sql_mode = '', time_zone = '+00:00';
INSERT INTO more VALUES
 (1, '123e4567-e89b-12d3-a456-426655440000', '::ffff:1.2.3.4', '1.2.3.4', b'1', 18446744073709551615, x'0001', '', x'ff', 'ab', 'é', 2155, '0001-01-01', '9999-12-31 23:59:59.999999', '838:59:59.999999',
  '2038-01-19 03:14:07.999999', 'é', 'a,b,é', LineString(Point(0, 0), Point(1, 1)), NULL, 3.4028235e38, 1.17549435e-38, -99999999999999999999999999999999999.999999999999999999999999999999),
 (2, NULL, '2001:db8::', '0.0.0.0', b'0', 0, x'', 'z', x'', '', '', 1901, '0000-00-00', '2024-02-00 10:00:00', '-838:59:59', '1970-01-01 00:00:01', '', '', NULL, GeometryCollection(Point(1, 2)), -1e-45, 0, 0),
 (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2024-00-01 00:00:00.5', NULL, NULL, 'nosuch', NULL, NULL, NULL, NULL, NULL, NULL);
SQL
status 0 "more types" query -t more
same "more types" <<'EOT'
{"id":1,"u":"123e4567-e89b-12d3-a456-426655440000","i6":"::ffff:1.2.3.4","i4":"1.2.3.4","b1":1,"b64":18446744073709551615,"vb":"AAE=","tt":"","mb":"/w==","nc":"ab","lt":"é","y":"2155-01-01T00:00:00Z","d":"0001-01-01T00:00:00Z","dt":"9999-12-31T23:59:59.999999Z","t":"838:59:59.999999","ts":"2038-01-19T03:14:07.999999Z","e":"é","s":"a,b,é","ls":"AAAAAAECAAAAAgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAADwPwAAAAAAAPA/","gc":null,"f":3.4028235e+38,"fu":1.1754944e-38,"d65":-99999999999999999999999999999999999.999999999999999999999999999999}
{"id":2,"u":null,"i6":"2001:db8::","i4":"0.0.0.0","b1":0,"b64":0,"vb":"","tt":"z","mb":"","nc":"","lt":"","y":"1901-01-01T00:00:00Z","d":"0000-00-00","dt":"2024-02-00 10:00:00","t":"-838:59:59","ts":"1970-01-01T00:00:01Z","e":"","s":"","ls":null,"gc":"AAAAAAEHAAAAAQAAAAEBAAAAAAAAAAAA8D8AAAAAAAAAQA==","f":-1e-45,"fu":0,"d65":0.000000000000000000000000000000}
{"id":3,"u":null,"i6":null,"i4":null,"b1":null,"b64":null,"vb":null,"tt":null,"mb":null,"nc":null,"lt":null,"y":"0000-01-01T00:00:00Z","d":null,"dt":"2024-00-01 00:00:00.500000","t":null,"ts":null,"e":"","s":null,"ls":null,"gc":null,"f":null,"fu":null,"d65":null}
EOT

sql d <<'SQL'
CREATE TABLE every (
 ti TINYINT, tu TINYINT UNSIGNED, si SMALLINT, mi MEDIUMINT UNSIGNED, i INT, iz INT(6) ZEROFILL, b BIGINT, bu BIGINT UNSIGNED,
 d DECIMAL(38,10), dz DECIMAL(10,2) ZEROFILL, f FLOAT, g DOUBLE, bi BIT(12), y YEAR, da DATE, dt DATETIME, ts TIMESTAMP(3) NULL, t TIME,
 c CHAR(5), v VARCHAR(9), tx LONGTEXT, bn BINARY(3), bl LONGBLOB, e ENUM('x','y'), s SET('one','two'), j JSON, p POINT, bo BOOL);
SET time_zone = '+02:00', sql_mode = '';
INSERT INTO every VALUES (-128, 255, -32768, 16777215, -2147483648, 42, -9223372036854775808, 18446744073709551615,
 12345678901234567890.0000000001, 7.50, 0.1, 0.1, b'101111100111', 2020, '1000-01-01', '2004-10-19 10:23:54', '2004-10-19 10:23:54.250', '01:02:03',
 'ab', 'é', REPEAT('z', 300), 'a', x'00ff', 'y', 'one,two', '{"a":  1}', POINT(1, 2), TRUE);
INSERT INTO every (ti, da, dt) VALUES (NULL, '0000-00-00', '2024-00-00 00:00:00');
SQL
status 0 "every type" query -t every
same "every type" <<EOT
{"ti":-128,"tu":255,"si":-32768,"mi":16777215,"i":-2147483648,"iz":42,"b":-9223372036854775808,"bu":18446744073709551615,"d":12345678901234567890.0000000001,"dz":7.50,"f":0.1,"g":0.1,"bi":3047,"y":"2020-01-01T00:00:00Z","da":"1000-01-01T00:00:00Z","dt":"2004-10-19T10:23:54Z","ts":"2004-10-19T08:23:54.25Z","t":"0000-01-01T01:02:03Z","c":"ab","v":"é","tx":"$(printf '%0300d' 0 | tr 0 z)","bn":"YQAA","bl":"AP8=","e":"y","s":"one,two","j":{"a":1},"p":"AAAAAAEBAAAAAAAAAAAA8D8AAAAAAAAAQA==","bo":1}
{"ti":null,"tu":null,"si":null,"mi":null,"i":null,"iz":null,"b":null,"bu":null,"d":null,"dz":null,"f":null,"g":null,"bi":null,"y":null,"da":"0000-00-00","dt":"2024-00-00 00:00:00","ts":null,"t":null,"c":null,"v":null,"tx":null,"bn":null,"bl":null,"e":null,"s":null,"j":null,"p":null,"bo":null}
EOT
grep -o '"type":"[a-z]*"}' out | tr -d '\n' >kinds
grep -q '^"type":"int"}"type":"int"}.*"type":"decimal"}"type":"decimal"}"type":"float"}"type":"float"}"type":"int"}"type":"date"}"type":"date"}"type":"datetime"}"type":"datetime"}"type":"time"}"type":"string"}"type":"string"}"type":"string"}"type":"binary"}"type":"binary"}"type":"string"}"type":"string"}"type":"json"}"type":"binary"}"type":"int"}$' kinds || fail "types: $(cat kinds)"

status 0 "legacy types" query --legacy-types -t every -c d,dz,j
same "legacy types" <<'EOT'
{"d":"12345678901234567890.0000000001","dz":"7.50","j":{"a":1}}
{"d":null,"dz":null,"j":null}
EOT

# long values between short ones
sql d -e "CREATE TABLE l (i INT, s LONGTEXT, b LONGBLOB); INSERT INTO l VALUES (1, 'a', 'a'), (2, REPEAT('b', 1048576), REPEAT('c', 3000)), (3, 'd', 'd'), (4, REPEAT('e', 17000000), 'e'), (5, NULL, 'f')"
status 1 "long values" query -t l --max-rejects 1
grep -c '"i":[135],"s":\("[ad]"\|"b\{1048576\}"\|null\),' out >n 2>/dev/null || :
[ "$(sed -n 3p out | wc -c)" = $((1048576 + 4000 + 22)) ] || fail "long values: $(sed -n 3p out | wc -c)"
[ "$(sed -n 4p out)" = '{"i":3,"s":"d","b":"ZA=="}' ] || fail "short value behind a long one"
sed -n 5p out | grep -q 'longer than 16 MiB' || fail "too long a value"
query -t l --max-rejects 1 --limit 4 | tail -n 1 | grep -q '"partial":true' || fail "a limit and a reject"
[ "$(sed -n 6p out)" = '{"i":5,"s":null,"b":"Zg=="}' ] || fail "row behind a reject"
sql d -e "CREATE TABLE l2 (i INT, s LONGTEXT, b LONGTEXT); INSERT INTO l2 VALUES (1, 'a', 'a'), (2, REPEAT('b', 1048576), REPEAT('c', 17000000)), (3, 'd', 'd')"
status 1 "a long value in a refused row" query -t l2 --max-rejects 1
printf '{"i":1,"s":"a","b":"a"}\n{"i":3,"s":"d","b":"d"}\n' | same "a long value in a refused row"

# models
sql d -e "CREATE TABLE t (id INT PRIMARY KEY, s VARCHAR(20)); INSERT INTO t SELECT seq, CONCAT('n', seq) FROM seq_1_to_1000"
printf -- '-- a; b\n# c;\nSELECT id, `s` /* ; */ FROM t WHERE s <> "a;\\";" ORDER BY id DESC ;' >m.sql
status 0 "model" query m.sql --limit 2
same "model" <<'EOT'
{"id":1000,"s":"n1000"}
{"id":999,"s":"n999"}
EOT
tail -n 1 out | grep -q '"partial":true' || fail "limit is not marked"
status 0 "parameters" query -e "SELECT id, :w AS w FROM t WHERE id > :id AND s <> :w ORDER BY id LIMIT :n" -P id=7 -P "w='; DROP TABLE t; é" -P n=1
echo "{\"id\":8,\"w\":\"'; DROP TABLE t; é\"}" | same "parameters"
status 0 "cursor" query -t t --cursor id --since 999
same "cursor" <<'EOT'
{"id":999,"s":"n999"}
{"id":1000,"s":"n1000"}
EOT
tail -n 1 out | grep -q '"partial":true,"cursor":{"column":"id","type":"int","since":"999","value":"1000"}' || fail "cursor"
# cursors of all types, through all stages, into a state
. "$TOP/tests/tool/cursors.sh"
db() { sql d -e "SET time_zone = '+02:00'; $1"; }
sql d -e "CREATE TABLE c (id INT, v TEXT, n BIGINT, b BIGINT UNSIGNED, m DECIMAL(38,2), f DOUBLE, f4 FLOAT, at DATETIME, ts TIMESTAMP(6) NULL, day DATE, s VARCHAR(20), e ENUM('b','a'), y YEAR)"
cursor_story n 2 '1|1' '9007199254740993|9007199254740993' '9223372036854775805|9223372036854775805' '9223372036854775807|9223372036854775807'
cursor_story m 1 '-5|' '12345678901234567890123456789012345.67|12345678901234567890123456789012345.67' '999999999999999999999999999999999998.99|999999999999999999999999999999999998.99' '999999999999999999999999999999999999.99|999999999999999999999999999999999999.99'
cursor_story f 0.1 '-1e300|' '0.1|0.1' '0.2|0.2' '0.3|0.3'
# as doubles 0.7 and 0.9 are above the floats, and 0.8 is below
cursor_story f4 0.1 '-1e30|' '0.7|0.7' '0.8|0.8' '0.9|0.9'
cursor_story at 10m "'2024-01-01 00:00:00'|" "'2024-01-01 00:00:01'|2024-01-01T00:00:01Z" "'2024-01-02 23:55:00'|2024-01-02T23:55:00Z" "'2024-01-03 00:05:00'|2024-01-03T00:05:00Z"
cursor_story ts 10m "'2024-01-01 00:00:00'|" "'2024-01-01 02:00:01.000001'|2024-01-01T00:00:01.000001Z" "'2024-01-03 01:55:00'|2024-01-02T23:55:00Z" "'2024-01-03 02:05:00'|2024-01-03T00:05:00Z"
cursor_story day 24h "'2023-12-31'|" "'2024-01-01'|2024-01-01T00:00:00Z" "'2024-02-29'|2024-02-29T00:00:00Z" "'2024-03-01'|2024-03-01T00:00:00Z"
sql d -e "DELETE FROM c; INSERT INTO c (id, v, s, b, e) VALUES (1, 'x', 'é''', 18446744073709551615, 'a'), (2, 'x', 'a', 5, 'b')"
for col in "s é'" 'b 18446744073709551615'; do
	rm -rf st
	cursor_sync st accepted -t c --cursor "${col%% *}" --cursor-state st
	is_read '1 2 ' '1 2 ' "${col#* }" "$col"
	cursor_sync st accepted -t c --cursor "${col%% *}" --cursor-state st
	is_read '1 ' '' "${col#* }" "$col again"
done
status 78 "enum cursor" query -t c --cursor e
status 78 "year cursor" query -t c --cursor y
says 'cannot be a cursor'
status 0 "limit and nulls" query -t c --cursor day --limit 1
tail -n 1 out | grep -q '"cursor":{"column":"day","type":"date"}' || fail "limit and nulls"
status 0 "columns" query --columns -t t
printf 'id\tint\tint\ns\ttext\tstring\n' | diff -u - out || fail "columns"
status 0 "check" query --check -t t
[ "$(cut -f 1,2 out | tr '\n' ' ')" = "$(printf 'connection\tok listing\tok model\tok ')" ] || fail "check"

status 78 "twice a column" query -e 'SELECT 1 AS a, 2 AS a'
status 78 "two statements" query -e 'SELECT 1; SELECT 2'
status 78 "syntax" query -e 'SELECT FROM'
status 78 "no table" query -t nosuch
! grep -q 'did you mean' err || fail "near: $(cat err)"
sql d -e 'CREATE TABLE orders (id INT)'
status 78 "a table that is near" query -t ordres
says "did you mean 'd.orders'?"
sql d -e 'DROP TABLE orders'
status 78 "parameter" query -e 'SELECT ? AS a'
status 78 "no columns" query -e 'SELECT 1 INTO @a'
says "model '--sql' has no columns"
# found only when it runs; with a zone and parameters it is tried before
status 65 "two rows for one" query -e 'SELECT (SELECT 1 UNION SELECT 2) AS a'
says 'MySQL: Subquery returns more than 1 row (1242)'
zoned() { rudder-query -d "mysql://root@localhost/d?socket=$MY_SOCKET&timezone=%2B02:00" "$@"; }
status 65 "two rows for one, tried" zoned -P x=1 -e 'SELECT (SELECT 1 UNION SELECT 2) AS a, :x AS b'
says "model '--sql': MySQL: Subquery returns more than 1 row (1242)"
status 78 "two columns of one name, tried" zoned -P x=1 -e 'SELECT 1 AS a, 2 AS a, :x AS b'
says "model '--sql': MySQL: Duplicate column name 'a' (1060)"
status 65 "a name twice" query -e "SELECT JSON_EXTRACT('{\"a\":{\"b\":1,\"b\":2}}','\$.a') AS v"
says "column 'v': a name twice in one object"
# a value that is longer than the first room, beside others and NULL
status 0 "long" query -e "SELECT 1 AS w, NULL AS n, REPEAT('y', 300) AS l, 0.5 AS d, REPEAT('z', 20) AS s"
{ printf '{"w":1,"n":null,"l":"' && printf '%0300d' 0 | tr 0 y && echo '","d":0.5,"s":"zzzzzzzzzzzzzzzzzzzz"}'; } | same "long"
# parameters of more than a socket holds
long=$(printf '%0100000d' 0)
status 0 "long parameters" query -P a="$long" -e "SELECT CHAR_LENGTH(CONCAT(:a$(printf ',:a%.0s' $(seq 99)))) AS n"
echo '{"n":10000000}' | same "long parameters"
# with a zone and parameters the model is wrapped only for times
status 0 "no times of a zone" zoned -P x=1 -e 'SELECT :x AS a, 2 AS b ORDER BY 1'
echo '{"a":"1","b":2}' | same "no times of a zone"
# times of a zone: since before 1970, in an order, with a limit
sql d -e "CREATE TABLE zoned (id INT, at TIMESTAMP NULL); INSERT INTO zoned VALUES (1, '2024-01-01 00:00:00'), (2, NULL), (3, '2025-01-01 00:00:00')"
status 0 "since 1969" zoned --cursor at --since 1969-12-31T23:59:58.5Z -t zoned
printf '%s\n' '{"id":2,"at":null}' '{"id":1,"at":"2024-01-01T00:00:00Z"}' '{"id":3,"at":"2025-01-01T00:00:00Z"}' | same "since 1969"
status 0 "an order and a limit" zoned -e 'SELECT id, at FROM zoned ORDER BY id DESC LIMIT 2'
printf '%s\n' '{"id":3,"at":"2025-01-01T00:00:00Z"}' '{"id":2,"at":null}' | same "an order and a limit"
# the order of the model, whatever else has the word "limit"
sql d -e "CREATE TABLE limits (id INT, \`limit\` INT, at TIMESTAMP NULL); INSERT INTO limits VALUES (2, 7, NULL), (1, 8, NULL), (3, 9, NULL)"
for rest in 'ORDER BY id DESC' 'WHERE `limit` > 0 ORDER BY id DESC' "WHERE ' LIMIT ' <> '' order by id DESC" 'ORDER BY id DESC -- limit' \
	'WHERE id IN (SELECT * FROM (SELECT id FROM limits LIMIT 9) AS x) ORDER BY id DESC' 'ORDER BY (SELECT id LIMIT 1) DESC' \
	'ORDER BY id DESC LIMIT 2' 'ORDER BY id DESC FETCH FIRST 2 ROWS ONLY'; do
	status 0 "the order of $rest" zoned --limit 2 -e "SELECT id, at FROM limits $rest"
	printf '%s\n' '{"id":3,"at":null}' '{"id":2,"at":null}' | same "the order of $rest"
done
# also with what may follow it, in a session of UTC and of a zone
while IFS='|' read -r rest ids; do
	for tool in query zoned; do
		status 0 "$tool: $rest" $tool -P p=0 -e "SELECT l.id, l.at FROM limits l WHERE @limit IS NULL AND l.limit > :p ORDER BY id DESC $rest"
		for i in $ids; do echo "{\"id\":$i,\"at\":null}"; done | same "$tool: $rest"
	done
done <<'EOT'
LOCK IN SHARE MODE|3 2 1
LOCK /* x */ IN SHARE MODE SKIP LOCKED; -- y|3 2 1
LIMIT 2 LOCK IN SHARE MODE # LIMIT|3 2
LIMIT 1, 9|2 1
LIMIT 18446744073709551615 OFFSET 1|2 1
OFFSET 1 ROWS FETCH NEXT 9 ROWS ONLY LOCK IN SHARE MODE|2 1
EOT
# code in a comment is part of what the model means
for i in 1 2; do query -e "SELECT id FROM limits /*! WHERE id > $i */ /* $i */" | grep -o '"model":"[^"]*"'; done | sort -u >models
[ "$(wc -l <models)" = 2 ] || fail "code in a comment: $(cat models)"
for i in 1 2; do query -e "SELECT id FROM limits /* WHERE id > $i */" | grep -o '"model":"[^"]*"'; done | sort -u >models
[ "$(wc -l <models)" = 1 ] || fail "a comment: $(cat models)"
status 0 "a minus before a sign" query -P p=3 -e 'SELECT (5--1) AS a, 5--:p AS b'
echo '{"a":6,"b":8}' | same "a minus before a sign"
# what leaves out rows without an error, or writes
for rest in 'LIMIT ROWS EXAMINED 1' 'LIMIT 2 ROWS EXAMINED 1' 'OFFSET 1 ROWS' 'FOR UPDATE'; do
	for tool in query zoned; do
		status 78 "$tool: $rest" $tool -e "SELECT id, at FROM limits ORDER BY id $rest"
		says '; use --timeout\|; write LIMIT 1844\|; a model only reads'
	done
done
sql -e 'SET GLOBAL sql_select_limit = 2'
for tool in query zoned; do
	status 0 "all rows, $tool" $tool -e 'SELECT id FROM limits ORDER BY id'
	printf '%s\n' '{"id":1}' '{"id":2}' '{"id":3}' | same "all rows, $tool"
done
status 0 "more rows than the limit" query --limit 3 -e 'SELECT id FROM limits'
! grep -q partial out || fail "more rows than the limit: $(cat out)"
sql -e 'SET GLOBAL sql_select_limit = DEFAULT'
# what a server cuts: values of GROUP_CONCAT are whole, anything else ends with 65
sql -e 'SET GLOBAL group_concat_max_len = 4'
status 0 'a long list' query -e "SELECT GROUP_CONCAT(id, 'abc' ORDER BY id) AS l FROM limits"
echo '{"l":"1abc,2abc,3abc"}' | same 'a long list'
sql -e 'SET GLOBAL group_concat_max_len = DEFAULT'
status 0 'a warning that loses nothing' query -e "SELECT CAST('1x' AS SIGNED) AS n"
echo '{"n":1}' | same 'a warning that loses nothing'
status 65 'too long for a packet' query -e "SELECT REPEAT('x', 2000000000) AS x"
says 'truncated (1301); raise max_allowed_packet of the server'
if [ "$(sql -N -e "SHOW VARIABLES LIKE 'max_recursive_iterations'" | wc -l)" = 1 ]; then # MariaDB
	for rows in 'SELECT i FROM n' 'SELECT count(*) AS n FROM n'; do
		status 65 'a recursive model' query -e "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) $rows"
		says 'max_recursive_iterations = [0-9]*\. .*(1931); raise it in an init-command'
		! grep -q '"type":"end"' out || fail 'a recursive model: an end line'
	done
	# a loss behind many other warnings, and behind more than the server keeps
	many="UNION ALL SELECT i, g + 1 FROM n WHERE g < 2000 AND '1x' + i > 0) SELECT count(*) AS n FROM n"
	status 65 'a recursive model with warnings' query -e "WITH RECURSIVE n(i, g) AS (SELECT seq, 1 FROM seq_1_to_10 $many"
	says 'max_recursive_iterations = [0-9]*\. .*(1931)'
	status 65 'a recursive model with too many warnings' query -e "with recursive n(i, g) AS (SELECT seq, 1 FROM seq_1_to_100 $many"
	says 'MySQL: 100[0-9]* warnings, but the server keeps only 65535: the others may report missing rows'
fi
status 65 'too long for a packet, behind warnings' query -e "SELECT seq, CAST('1x' AS SIGNED) AS n, IF(seq = 2000, REPEAT('x', 2000000000), 'a') AS t FROM seq_1_to_2001"
says 'truncated (1301)'
status 0 'more warnings than the server keeps' query -e "SELECT count(*) AS n FROM seq_1_to_70000 WHERE '1x' + seq > 0"
says 'warning: MySQL: 70000 warnings, but the server keeps only 65535: the others may report missing values'
echo '{"n":70000}' | same 'more warnings than the server keeps'
status 0 "a different cursor" zoned --cursor id --since 3 -t zoned
printf '%s\n' '{"id":3,"at":"2025-01-01T00:00:00Z"}' | same "a different cursor"
sql -e "CREATE DATABASE one; CREATE TABLE one.t (i INT); CREATE USER few@localhost; GRANT SELECT ON one.t TO few@localhost"
status 0 "one table" rudder-query -d "mysql://few@localhost/one?socket=$MY_SOCKET" --check -t t
grep -q '^listing	ok	1 readable table$' out || fail "one table: $(cat out)"
status 69 "nobody there" rudder-query -d "mysql://root@localhost/d?socket=$MY_DIR/no" -t t
status 64 "option" rudder-query -d "mysql://localhost/d?nosuch=1" -t t
sql -e "CREATE USER poor@localhost IDENTIFIED BY 'p w@:/'"
status 77 "password" rudder-query -d "mysql://poor@localhost/d?socket=$MY_SOCKET" -t t
status 77 "not allowed" rudder-query -q -d "mysql://poor:p%20w%40%3a%2f@localhost/d?socket=$MY_SOCKET" -t t
RUDDER_SOURCE="mysql://poor:p%20w%40%3a%2f@localhost/information_schema?socket=$MY_SOCKET" status 0 "password" rudder-query -e 'SELECT 1 AS a'
[ ! -s err ] || fail "password from the environment: $(cat err)"

# a reader that goes away ends it by SIGPIPE, which libmariadb ignores, without a word;
# where SIGPIPE was ignored before, it says so and ends with 74
gone() {
	rm -f gone
	{
		until [ -e gone ]; do sleep 0.01; done
		query "$@" 2>err && echo 0 >code || echo $? >code
	} | {
		exec <&-
		: >gone
	}
	until [ -s code ]; do sleep 0.01; done
	cat code
	rm code
}
for sql in 'SELECT 1 AS a' 'SELECT SLEEP(600) AS a' 'SELECT seq AS a, SLEEP(0.001) AS b FROM seq_1_to_1000000'; do
	code=$(gone -e "$sql")
	[ "$code" = 141 ] || fail "reader gone: status $code, $sql"
	[ ! -s err ] || fail "reader gone: $(cat err)"
done
(
	trap '' PIPE
	[ "$(gone -e 'SELECT 1 AS a')" = 74 ]
) || fail "reader gone, SIGPIPE ignored"
grep -q 'cannot write output: Broken pipe' err || fail "reader gone, SIGPIPE ignored: $(cat err)"

# ways to fail
status 75 "timeout" query --timeout 300ms -e 'SELECT a.id FROM t a, t b, t c, t d WHERE a.s = b.s AND SLEEP(0.01) = 0'
says "max_statement_time"
no_end "timeout"
. "$TOP/tests/tool/failures.sh"
big='SELECT a.id, REPEAT("x", 200) AS s FROM t a, t b, t c'
end_backend() { sql -e "KILL $(sql -BN -e "SELECT id FROM information_schema.processlist WHERE info LIKE 'SELECT a.id, REPEAT%'")"; }
end_query() { sql -e "KILL QUERY $(sql -BN -e "SELECT id FROM information_schema.processlist WHERE info LIKE 'SELECT a.id, REPEAT%'")"; }
kill_server() { kill -KILL "$(cat "$MY_DIR/pid")"; }
gen() { echo "SELECT seq AS id, CONCAT('name ', seq) AS name, seq * 1.10 AS d FROM seq_1_to_$1"; }
bounded MariaDB "$(gen 10000)" "$(gen "${ROWS:-500000}")" rudder-query -d "'mysql://root@localhost/d?socket=$MY_SOCKET'"
# the connection breaks at any of its reads, also of those that a zone and a quote need
sql d -e 'CREATE TABLE many (id INT, at TIMESTAMP, s TEXT)'
sql d -e 'INSERT INTO many SELECT seq, "2026-01-01 00:00:00", REPEAT("x", 80) FROM seq_1_to_300'
for what in ECONNRESET none; do
	broken MariaDB recv $what rudder-query -d "mysql://root@localhost/d?socket=$MY_SOCKET&timezone=%2B02:00" \
		-e "SELECT *, 'it\\'s' AS q FROM many WHERE id > :least" -P least=0 --cursor id
done
broken MariaDB recv ECONNRESET rudder-query -d "mysql://root@localhost/d?socket=$MY_SOCKET" -t many --check
broken MariaDB recv ECONNRESET rudder-query -d "mysql://root@localhost/d?socket=$MY_SOCKET" -t many --limit 5
full MariaDB rudder-query -d "mysql://root@localhost/d?socket=$MY_SOCKET" -e "$big"
interrupted 69 "ended connection" 'MySQL: .*(Lost|gone|killed)' end_backend query -e "$big"
interrupted 75 "ended query" 'interrupted' end_query query -e "$big"
interrupted 69 "killed server" 'MySQL: .*(Lost|gone)' kill_server query -e "$big"
[ ! -e failed ]
