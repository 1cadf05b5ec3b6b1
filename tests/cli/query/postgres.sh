# rudder-query on a real PostgreSQL: every type, every way to fail.
# shellcheck shell=sh disable=SC2016
set -eu
eval "$("$TOP/tests/tool/pg.sh" start)"
trap '"$TOP/tests/tool/pg.sh" stop "$PG_DIR"' EXIT
trap 'exit 1' INT TERM

sql() { psql -qAtX -v ON_ERROR_STOP=1 "$@"; }

. "$TOP/tests/tool/sources.sh"

query() { rudder-query -d postgres:// "$@"; }

# what Redshift is asked by, here of a PostgreSQL: values as text, one by one
# shellcheck disable=SC2317
redshift() { PGPORT=5432 rudder-query -d redshift:// "$@"; }

# value SQL JSON: one value, as binary and as text; all of them are columns of one
# row, which values asks for
n_values=0 values='' wanted=''
value() {
	n_values=$((n_values + 1))
	values="$values${values:+, }$1 AS c$n_values"
	wanted="$wanted${wanted:+,}\"c$n_values\":$2"
}
values() { # WHAT
	for how in query redshift; do
		status 0 "$1, $how" $how -e "SELECT $values"
		# a value a line, so that a difference names its column
		sed 's/,\("c[0-9]*":\)/\n\1/g' out >split
		mv split out
		printf '{%s}\n' "$wanted" | sed 's/,\("c[0-9]*":\)/\n\1/g' | same "$1, $how"
	done
	n_values=0 values='' wanted=''
}

ends() { tail -n 1 out | grep -q '"type":"end"'; }

# numbers
value "true" true
value "false" false
value "'-32768'::int2" -32768
value "'32767'::int2" 32767
value "'-2147483648'::int4" -2147483648
value "'-9223372036854775808'::int8" -9223372036854775808
value "'9223372036854775807'::int8" 9223372036854775807
value "0::int8" 0
value "4294967295::oid" 4294967295
value "1.10::numeric" 1.10
value "0::numeric" 0
value "0.00::numeric(5,2)" 0.00
value "0.00001::numeric" 0.00001
value "-0.5::numeric" -0.5
value "10000::numeric" 10000
value "100000000::numeric" 100000000
value "12345678.9::numeric" 12345678.9
value "1e38::numeric" 100000000000000000000000000000000000000
value "99999999999999999999999999999999999999::numeric" 99999999999999999999999999999999999999
value "-1e-20::numeric" -0.00000000000000000001
value "123456789012345678901234567890.123456789::numeric" 123456789012345678901234567890.123456789
value "'NaN'::numeric" '"NaN"'
value "'Infinity'::numeric" '"Infinity"'
value "'-Infinity'::numeric" '"-Infinity"'
value "0.1::float8" 0.1
value "1::float8" 1
value "1e15::float8" 1000000000000000
value "123456.789::float8" 123456.789
value "5e-324::float8" 5e-324
value "1.7976931348623157e308::float8" 1.7976931348623157e+308
value "0.30000000000000004::float8" 0.30000000000000004
value "9007199254740993::float8" 9007199254740992
value "1e21::float8" 1e+21
value "1e20::float8" 100000000000000000000
value "0.000001::float8" 0.000001
value "0.0000001::float8" 1e-7
value "'-0'::float8" -0
value "'NaN'::float8" '"NaN"'
value "'-Infinity'::float8" '"-Infinity"'
value "0.1::float4" 0.1
value "16777216::float4" 16777216
value "3.4028235e38::float4" 3.4028235e+38
value "1e-45::float4" 1e-45
value "'Infinity'::float4" '"Infinity"'
values numbers

# text
value "''::text" '""'
value "E'a\"b\\\\c/d\\n\\r\\t\\b\\f\\x01\\x7f'::text" "$(printf '"a\\"b\\\\c/d\\n\\r\\t\\b\\f\\u0001\177"')"
value "'Zoë 李 🚀'::text" '"Zoë 李 🚀"'
value "'ab'::char(5)" '"ab   "'
value "'ab'::varchar(5)" '"ab"'
value "'n'::name" '"n"'
value "'c'::\"char\"" '"c"'
value "''::\"char\"" '""'
values text
status 0 "1 MiB text" query -e "SELECT repeat('abcdefg\"', 131072) AS v"
[ "$(wc -c <out)" -gt 1179648 ] || fail "1 MiB text is short"
[ "$(grep -o 'g\\"' out | wc -l)" = 131072 ] || fail "1 MiB text is wrong"

# dates and times
value "'2004-10-19'::date" '"2004-10-19T00:00:00Z"'
value "'0001-01-01'::date" '"0001-01-01T00:00:00Z"'
value "'9999-12-31'::date" '"9999-12-31T00:00:00Z"'
value "'10000-01-01'::date" '"+10000-01-01T00:00:00Z"'
value "'0044-03-15 BC'::date" '"-0043-03-15T00:00:00Z"'
value "'infinity'::date" '"infinity"'
value "'-infinity'::date" '"-infinity"'
value "'2004-10-19 10:23:54'::timestamp" '"2004-10-19T10:23:54Z"'
value "'2004-10-19 10:23:54.120'::timestamp" '"2004-10-19T10:23:54.12Z"'
value "'1969-12-31 23:59:59.999999'::timestamp" '"1969-12-31T23:59:59.999999Z"'
value "'2004-10-19 10:23:54+02'::timestamptz" '"2004-10-19T08:23:54Z"'
value "'2004-02-29 23:30:00.000001-01'::timestamptz" '"2004-03-01T00:30:00.000001Z"'
value "'infinity'::timestamptz" '"infinity"'
value "'-infinity'::timestamp" '"-infinity"'
value "'4713-01-01 00:00 BC'::timestamp" '"-4712-01-01T00:00:00Z"'
value "'10:23:54.5'::time" '"0000-01-01T10:23:54.5Z"'
value "'24:00:00'::time" '"0000-01-01T24:00:00Z"'
value "'10:23:54+02'::timetz" '"0000-01-01T10:23:54+02:00"'
value "'10:23:54-03:30'::timetz" '"0000-01-01T10:23:54-03:30"'
value "'1 year 2 months 3 days 04:05:06.7'::interval" '"P1Y2M3DT4H5M6.7S"'
values times

# the rest
value "'00112233-4455-6677-8899-aabbccddeeff'::uuid" '"00112233-4455-6677-8899-aabbccddeeff"'
value "'\\x00ff10'::bytea" '"AP8Q"'
value "''::bytea" '""'
value "'{\"a\": [1, {\"b\" : null}], \"c\":\"x y\"}'::jsonb" '{"a":[1,{"b":null}],"c":"x y"}'
value "'{\"z\": 1.10,
	\"a\" : [ ] , \"s\": \"two  blanks \\\\\" }'::json" '{"z":1.10,"a":[],"s":"two  blanks \\"}'
value "'\"x\"'::jsonb" '"x"'
value "'12345678901234567890.123'::jsonb" 12345678901234567890.123
value "'null'::jsonb" null
value "'10.1.2.3'::inet" '"10.1.2.3"'
value "'10.1.2.3/8'::inet" '"10.1.2.3/8"'
value "'10.0.0.0/8'::cidr" '"10.0.0.0/8"'
value "'::1'::inet" '"::1"'
value "'08:00:2b:01:02:03'::macaddr" '"08:00:2b:01:02:03"'
value "B'101'" '"101"'
value "'(1,2)'::point" '"(1,2)"'
value "'<a/>'::xml" '"<a/>"'
value "'[1,5)'::int4range" '"[1,5)"'
value "'a b'::tsvector" "\"'a' 'b'\""
value "12.34::money" '"$12.34"'
value "'pg_class'::regclass" '"pg_class"'
value "'-92233720368547758.08'::money" '"-$92,233,720,368,547,758.08"'
value "'2001:db8::/32'::cidr" '"2001:db8::/32"'
value "'::ffff:1.2.3.4/100'::inet" '"::ffff:1.2.3.4/100"'
value "'08:00:2b:01:02:03:04:05'::macaddr8" '"08:00:2b:01:02:03:04:05"'
value "B'10'::bit(4)" '"1000"'
value "B''::varbit" '""'
value "'((1,2),(3,4.5))'::box" '"(3,4.5),(1,2)"'
value "'<(1,2),3>'::circle" '"<(1,2),3>"'
value "'{1,2,3}'::line" '"{1,2,3}"'
value "'[(1,2),(3,4)]'::lseg" '"[(1,2),(3,4)]"'
value "'((1,2),(3,4))'::path" '"((1,2),(3,4))"'
value "'((0,0),(1,1),(0,1e300))'::polygon" '"((0,0),(1,1),(0,1e+300))"'
value "'a & !b'::tsquery" "\"'a' & !'b'\""
value "'16/B374D848'::pg_lsn" '"16/B374D848"'
value "'4294967295'::xid" '"4294967295"'
value "'18446744073709551615'::xid8" '"18446744073709551615"'
value "'(42,7)'::tid" '"(42,7)"'
value "'10:20:10,14,15'::pg_snapshot" '"10:20:10,14,15"'
value "'\$.a[*] ? (@ > 1)'::jsonpath" '"$.\"a\"[*]?(@ > 1)"'
value "'int4'::regtype" '"integer"'
value "'1 2 3'::oidvector" '"1 2 3"'
value "'1 2 3'::int2vector" '"1 2 3"'
value "'[-9223372036854775808,)'::int8range" '"[-9223372036854775808,)"'
value "'(1.10,2.20]'::numrange" '"(1.10,2.20]"'
value "'empty'::daterange" '"empty"'
value "'[2024-01-01 00:00+02,2024-01-02]'::tstzrange" '"[\"2023-12-31 22:00:00+00\",\"2024-01-02 00:00:00+00\"]"'
value "'{[1,3),[5,7)}'::int4multirange" '"{[1,3),[5,7)}"'
value "'-178000000 years'::interval" '"P-178000000Y"'
value "'0'::interval" '"PT0S"'
value "'-1 day -00:00:00.000001'::interval" '"P-1DT-0.000001S"'
value "'postgres=arwdDxt/postgres'::aclitem" '"postgres=arwdDxt/postgres"'
value "'c'::refcursor" '"c"'
value "repeat('9', 1000)::numeric" "$(printf '%01000d' 0 | tr 0 9)"
value "('0.' || repeat('0', 999) || '1')::numeric" "0.$(printf '%0999d' 0)1"
value "'294276-12-31 23:59:59.999999'::timestamp" '"+294276-12-31T23:59:59.999999Z"'
value "'5874897-12-31'::date" '"+5874897-12-31T00:00:00Z"'
value "'4713-01-01 BC'::date" '"-4712-01-01T00:00:00Z"'
value "'0001-12-31 23:59:59.5 BC'::timestamptz" '"0000-12-31T23:59:59.5Z"'
value "'23:59:59.999999-15:59:59'::timetz" '"0000-01-01T23:59:59.999999-15:59:59"'
value "NULL::text" null
value "NULL" null
values 'other types'
status 0 "record" query -e "SELECT ROW(1, 'x', 2.50) AS v"
echo '{"v":{"f1":1,"f2":"x","f3":2.50}}' | same "record"

# arrays
value "'{}'::int[]" '[]'
value "'{1,NULL,-3}'::int[]" '[1,null,-3]'
value "'{{1,2},{3,NULL}}'::int8[]" '[[1,2],[3,null]]'
value "'[0:1]={1,2}'::int2[]" '[1,2]'
value "'{{{a},{b}},{{c},{d}}}'::text[]" '[[["a"],["b"]],[["c"],["d"]]]'
value "ARRAY['a,b', '\"', NULL, 'NULL', '']" '["a,b","\"",null,"NULL",""]'
value "'{1.10,NaN}'::numeric[]" '[1.10,"NaN"]'
value "'{2004-10-19}'::date[]" '["2004-10-19T00:00:00Z"]'
value "ARRAY['{\"a\": 1}'::jsonb]" '[{"a":1}]'
values 'arrays'
status 0 "array of intervals" query -e "SELECT ARRAY['1 day'::interval] AS v" # which Redshift has not
echo '{"v":["P1D"]}' | same "array of intervals"
value "ARRAY['x'::name]" '["x"]'
value "ARRAY['t'::bool, 'f']" '[true,false]'
value "ARRAY['\\x00'::bytea]" '["AA=="]'
value "'[2:3][-1:0]={{1,2},{3,4}}'::int8[]" '[[1,2],[3,4]]'
value "'{{{{{{1}}}}}}'::int[]" '[[[[[[1]]]]]]'
value "'{\"a b\",\" \",\"{}\",\"\\\\\",\"\\\"\",null,\"NULL\"}'::varchar[]" '["a b"," ","{}","\\","\"",null,"NULL"]'
value "'{infinity,NULL,2004-10-19 10:23:54+02}'::timestamptz[]" '["infinity",null,"2004-10-19T08:23:54Z"]'
value "'{0.1,-Infinity}'::float4[]" '[0.1,"-Infinity"]'
value "'{00112233-4455-6677-8899-aabbccddeeff}'::uuid[]" '["00112233-4455-6677-8899-aabbccddeeff"]'
value "'{10.1.2.3/8,::1}'::inet[]" '["10.1.2.3/8","::1"]'
value "'{10:23:54+02}'::timetz[]" '["0000-01-01T10:23:54+02:00"]'
values 'more arrays'

# no type of the server is missed: NULL of each, alone and in an array
sql -c "SELECT string_agg(format('NULL::%s AS c%s', t.oid::regtype, t.oid), ', ') FROM pg_type t WHERE typtype IN ('b', 'd', 'e', 'r', 'm')
	AND typnamespace = 'pg_catalog'::regnamespace" >all.sql
[ "$(tr -cd , <all.sql | wc -c)" -gt 100 ] || fail "few types: $(cat all.sql)"
status 0 "every type" query -e "SELECT $(cat all.sql)"
[ "$(sed -n 2p out | grep -o ':null' | wc -l)" = $(($(grep -o 'NULL::' all.sql | wc -l))) ] || fail "every type: not all null"
sed -n 2p out >binary
status 0 "every type" redshift -e "SELECT $(cat all.sql)"
[ "$(sed -n 2p out)" = "$(cat binary)" ] || fail "every type: other as text"

# extensions, where they are
for x in citext hstore; do
	sql -c "CREATE EXTENSION $x" 2>/dev/null || continue
	case $x in
	citext)
		value "'Ab'::citext" '"Ab"'
		values citext
		status 0 "array of citext" query -e "SELECT ARRAY['Ab'::citext] AS v"
		echo '{"v":["Ab"]}' | same "array of citext"
		;;
	hstore)
		value "'a=>1, b=>NULL'::hstore" '"\"a\"=>\"1\", \"b\"=>NULL"'
		values hstore
		;;
	esac
done

# types of our own
sql <<'SQL'
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TYPE pair AS (a int, b text);
CREATE DOMAIN pos AS int CHECK (VALUE > 0);
CREATE TABLE own (m mood, ms mood[], p pair, ps pair[], d pos, ds pos[]);
INSERT INTO own VALUES ('ok', '{sad,NULL}', (1, 'x'), ARRAY[(2, 'y')::pair], 7, '{8}');
INSERT INTO own VALUES (NULL, NULL, NULL, NULL, NULL, NULL);
CREATE TABLE t (id int PRIMARY KEY, "Na me" text);
INSERT INTO t SELECT i, 'n' || i FROM generate_series(1, 1000) i;
CREATE SCHEMA "S.1";
CREATE TABLE "S.1"."T""2" AS SELECT 1 AS a;
SQL
status 0 "own types" query -t own
same "own types" <<'EOT'
{"m":"ok","ms":["sad",null],"p":{"a":1,"b":"x"},"ps":[{"a":2,"b":"y"}],"d":7,"ds":[8]}
{"m":null,"ms":null,"p":null,"ps":null,"d":null,"ds":null}
EOT

# what is within a composite value looks as it does in a column
sql <<'SQL'
CREATE DOMAIN money2 AS numeric(9,2);
CREATE DOMAIN tags AS text[];
CREATE TYPE inner_t AS ("da""y" date, at timestamptz, raw bytea, n money2, m mood, u uuid, f float4, j jsonb);
CREATE TYPE outer_t AS (i inner_t, list inner_t[], days date[], gone int, tags tags);
ALTER TYPE outer_t DROP ATTRIBUTE gone;
CREATE TYPE odd_t AS (day date, span interval, spans interval[], p inner_t, r int4range);
CREATE TYPE odder_t AS (list odd_t[]);
CREATE TABLE whole AS SELECT ROW('0044-03-15 BC'::date, '2004-10-19 10:23:54+02', '\xff', 1.10, 'ok', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 0.1, '{"a": 1.0}')::inner_t AS i;
SQL
within() { # Redshift has no such types
	status 0 "$1" query -e "SELECT $1 AS v"
	printf '{"v":%s}\n' "$2" | same "$1"
}
json='{"da\"y":"-0043-03-15T00:00:00Z","at":"2004-10-19T08:23:54Z","raw":"/w==","n":1.10,"m":"ok","u":"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11","f":0.1,"j":{"a":1.0}}'
within "(SELECT i FROM whole)" "$json"
within "(SELECT w FROM whole w)" "{\"i\":$json}"
within "(SELECT ARRAY[i, NULL] FROM whole)" "[$json,null]"
within "(SELECT ROW(i, ARRAY[[i], [NULL::inner_t]], '{infinity}', '{a,NULL}')::outer_t FROM whole)" \
	"{\"i\":$json,\"list\":[[$json],[null]],\"days\":[\"infinity\"],\"tags\":[\"a\",null]}"
within "ROW(NULL, NULL, NULL, NULL)::outer_t" '{"i":null,"list":null,"days":null,"tags":null}'
within "NULL::outer_t" null
within "(SELECT ROW('2004-10-19', '1 day', '{1:00,NULL}', i, '[1,3)')::odd_t FROM whole)" \
	"{\"day\":\"2004-10-19T00:00:00Z\",\"span\":\"P1D\",\"spans\":[\"PT1H\",null],\"p\":$json,\"r\":\"[1,3)\"}"
within "ROW(NULL, NULL, NULL, NULL, NULL)::odd_t" '{"day":null,"span":null,"spans":null,"p":null,"r":null}'
within "NULL::odd_t" null
within "ARRAY[1.5, NULL]::money2[]" '[1.50,null]'
within "ARRAY['2004-10-19']::date[]" '["2004-10-19T00:00:00Z"]'
within "ARRAY['{a}'::tags]" '[["a"]]'
within "(SELECT ARRAY[ROW('2004-10-19', '1 day', NULL, NULL, NULL)::odd_t])" \
	'[{"day":"2004-10-19T00:00:00Z","span":"P1D","spans":null,"p":null,"r":null}]'
within "(SELECT ARRAY[NULL, ROW('2004-10-19', '1 day', '{1:00}', i, '[1,3)')::odd_t, ROW(NULL, NULL, NULL, NULL, NULL)::odd_t] FROM whole)" \
	"[null,{\"day\":\"2004-10-19T00:00:00Z\",\"span\":\"P1D\",\"spans\":[\"PT1H\"],\"p\":$json,\"r\":\"[1,3)\"},{\"day\":null,\"span\":null,\"spans\":null,\"p\":null,\"r\":null}]"
within "ARRAY[]::odd_t[]" '[]'
within "NULL::odd_t[]" null
within "'[0:0]={NULL}'::odd_t[]" '[null]'
within "(SELECT ROW(ARRAY[ROW('2004-10-19', NULL, NULL, NULL, NULL)::odd_t])::odder_t)" '{"list":[{"day":"2004-10-19T00:00:00Z","span":null,"spans":null,"p":null,"r":null}]}'
status 65 "two dimensions" query -e "SELECT ARRAY[[ROW(NULL, NULL, NULL, NULL, NULL)::odd_t]] AS v"
says "column 'v': an array of several dimensions of a composite type"

# a record without a type: its values say what they are
within "ROW('0044-03-15 BC'::date, '2004-10-19 10:23:54+02'::timestamptz, '\xff'::bytea, 1.10, 0.1::float4, 'NaN'::float8, NULL, 'x'::text, '{\"a\": 1.0}'::jsonb, true)" \
	'{"f1":"-0043-03-15T00:00:00Z","f2":"2004-10-19T08:23:54Z","f3":"/w==","f4":1.10,"f5":0.1,"f6":"NaN","f7":null,"f8":"x","f9":{"a":1.0},"f10":true}'
within "ROW('ok'::mood, 1.5::money2, '{a,NULL}'::tags, ARRAY['2004-10-19'::date], ROW(1, ROW('2004-10-19'::date)))" \
	'{"f1":"ok","f2":1.50,"f3":["a",null],"f4":["2004-10-19T00:00:00Z"],"f5":{"f1":1,"f2":{"f1":"2004-10-19T00:00:00Z"}}}'
within "ARRAY[ROW(1, '2004-10-19'::date), NULL, ROW(2, NULL)]" '[{"f1":1,"f2":"2004-10-19T00:00:00Z"},null,{"f1":2,"f2":null}]'
within "ROW()" '{}'
within "ROW(ARRAY[ROW(1)])" '{"f1":[{"f1":1}]}'
within "(SELECT ROW(i.*) FROM (SELECT 1 AS a, '2004-10-19'::date AS b) i)" '{"f1":1,"f2":"2004-10-19T00:00:00Z"}'
status 65 "a range in a record" query -e "SELECT ROW('[1,3)'::int4range) AS v"
says "column 'v': a record has a value of a type that is not the server's own"

status 0 "legacy types" query --legacy-types -e "SELECT 1.10 AS a, NULL::numeric AS b, ARRAY[1.10] AS c, 'NaN'::numeric AS d, 7 AS e, -99999999999999999999999999999999999999.5 AS f"
same "legacy types" <<'EOT'
{"a":"1.10","b":null,"c":[1.10],"d":"NaN","e":7,"f":"-99999999999999999999999999999999999999.5"}
EOT
deep=$(printf '%0255d' 0 | sed 's/0/[/g')$(printf '%0255d' 0 | sed 's/0/]/g')
status 65 "legacy types, too deep" query --legacy-types -e "SELECT 1.10 AS a, ARRAY['$deep'::json] AS j"
says 'nested deeper than 256 levels'

# Redshift's way of reading: parameters, limit, cursor, order, refused values
status 0 "redshift parameters" redshift -e "SELECT id, :who || ':id' AS w FROM t WHERE id > :id ORDER BY 1 LIMIT :n::int" -P id=7 -P "who=x'; --" -P n=1
echo "{\"id\":8,\"w\":\"x'; --:id\"}" | same "redshift parameters"
status 0 "redshift limit" redshift -t t --limit 2 --cursor id --since 5
tail -n 1 out | grep -q '"rows":2,.*"partial":true,"cursor":{"column":"id","type":"int","since":"5","value":"6"}' || fail "redshift limit: $(tail -n 1 out)"
status 0 "redshift check" redshift --check -t t
status 0 "redshift columns" redshift --columns -e 'SELECT 1.5::numeric(9,2) AS a, 0.1::float4 AS f'
printf 'a\tnumeric(9,2)\tdecimal\nf\treal\tfloat\n' | diff -u - out || fail "redshift columns"
status 75 "redshift timeout" redshift --timeout 300ms -e 'SELECT pg_sleep(5)::text AS a'
says "statement timeout"
no_end "redshift timeout"
status 65 "redshift division" redshift -e 'SELECT 1 / (500 - i) AS a FROM generate_series(1, 1000) i'
no_end "redshift division"
status 78 "redshift write" redshift -e "WITH x AS (DELETE FROM t RETURNING id) SELECT id FROM x"
env -u PGPORT rudder-query -d redshift:// -t t 2>err || got=$?
[ "$got" = 69 ] || fail "redshift port: status $got"
says 5439

# begin and end
RUDDER_RUN_ID=r1000000000000000000 status 0 "begin" query -e 'SELECT 1 AS a, 2.5 AS b, now() AS c, ARRAY[1] AS d'
head -n 1 out | grep -q '^{"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"[0-9a-f]\{64\}",.*"columns":\[{"name":"a","type":"int"},{"name":"b","type":"decimal"},{"name":"c","type":"datetime"},{"name":"d","type":"array"}\]}}$' ||
	fail "begin line: $(head -n 1 out)"
[ "$(tail -n 1 out)" = '{"_rudder":{"type":"end","stream":"rows","rows":1,"rejects":0,"skips":0}}' ] || fail "end line"
status 0 "no rows" query -e 'SELECT 1 AS a WHERE false'
[ "$(tail -n 1 out)" = '{"_rudder":{"type":"end","stream":"rows","rows":0,"rejects":0,"skips":0}}' ] || fail "end of no rows"

# models
printf -- '-- a; comment\nSELECT "Na me", id /* ; /* nested */ */ FROM t\nWHERE id = 3 AND $$;$$ = $a$;$a$ ORDER BY id ; -- done' >m.sql
status 0 "model file" query m.sql
echo '{"Na me":"n3","id":3}' | same "model file"
status 0 "table" query -t '"S.1"."T""2"'
echo '{"a":1}' | same "table"
status 0 "order" query -e 'SELECT id FROM t ORDER BY id DESC' --limit 3
same "order" <<'EOT'
{"id":1000}
{"id":999}
{"id":998}
EOT
tail -n 1 out | grep -q '"rows":3,.*"partial":true' || fail "limit is not marked"
status 0 "limit not reached" query -t t --limit 1000
tail -n 1 out | grep -q partial && fail "whole result marked partial"
status 0 "columns" query --columns -e 'SELECT 1.5::numeric(9,2) AS a, m FROM own'
printf 'a\tnumeric(9,2)\tdecimal\nm\tmood\tstring\n' | diff -u - out || fail "columns"

status 78 "twice a column" query -e 'SELECT 1 AS a, 2 AS a'
says "duplicate column 'a'"
status 78 "reserved" query -e 'SELECT 1 AS _rudder'
says "'_rudder'"
status 78 "two statements" query -e 'SELECT 1; SELECT 2'
says "more than one statement"
status 78 "syntax" query -e 'SELECT a
FROM t'
says "model '--sql' line 1: .*column \"a\" does not exist"
sql -c 'CREATE SCHEMA shop; CREATE TABLE shop.orders (id int)'
status 78 "a table that is near" query -t ordres
says "did you mean 'shop.orders'?"
tail -n 1 out | grep -q "\"reason\":\"model 'ordres'.*did you mean 'shop.orders'?\"" || fail "the reason: $(cat out)"
status 78 "a table in another schema" redshift -t orders
says "did you mean 'shop.orders'?"
status 78 "nothing near" query -t nothing_alike
! grep -q 'did you mean' err || fail "near: $(cat err)"
sql -c 'DROP SCHEMA shop CASCADE'
status 78 "hint and caret" query -e "$(printf 'SELECT 1 AS a,\n\t\302\247.identifer FROM (SELECT 1 AS identifier) \302\247')"
says 'hint: Perhaps you meant to reference the column'
sed -i 's/^rudder-query[^ ]*: /rudder-query: /' err
[ "$(head -n 2 err)" = "$(printf 'rudder-query:  \302\247.identifer FROM (SELECT 1 AS identifier) \302\247\nrudder-query:  ^')" ] || fail "hint and caret: $(cat err)"
status 78 "the column of a cursor" query -e 'SELECT 1 AS identifier' --cursor identifer
says 'hint: Perhaps you meant to reference the column "identifier"'
status 0 "a slice beside a parameter" query -e "SELECT (ARRAY[1,2,3])[1:n] AS a, (ARRAY[1,2,3])[n :3] AS b FROM (SELECT 2 AS n) s WHERE n < :n::int" -P n=3
echo '{"a":[1,2],"b":[2,3]}' | same "a slice beside a parameter"
status 0 "a slice and a parameter" query -e "SELECT (ARRAY[1,2,3])[:n::int] AS a" -P n=3
echo '{"a":3}' | same "a slice and a parameter"
status 0 "a parameter's name" query -e "SELECT :é::text AS a" -P é=1
echo '{"a":"1"}' | same "a parameter's name"
status 0 "operators of jsonb" query -P k=b -e "SELECT j ? :k AS a, j ?| ARRAY['c', :k] AS b, j ?& ARRAY['c'] AS c, j @? '\$.c' AS d, \$\$ ? \$1 \$\$ AS e FROM (SELECT '{\"b\":1}'::jsonb AS j) x"
echo '{"a":true,"b":true,"c":false,"d":false,"e":" ? $1 "}' | same "operators of jsonb"
status 78 "a parameter by number" query -P a=7 -e 'SELECT :a::text AS a, $1::text AS b'
says "line 1: this parameter has no name"
status 78 "a parameter without value" query -e 'SELECT id FROM t WHERE id = :id'
says "':id': this parameter has no value; use -P"
status 78 "a psql variable" query -e "SELECT :'id' AS a"
says "a psql variable"
status 78 "a psql command" query -e '\set a 1'
says "a psql command"
status 78 "a template" query -e "SELECT * FROM {{ ref('users') }}"
says "a dbt template"
printf '\377\376S\000' >wide.sql
status 78 "UTF-16" query wide.sql
says "UTF-16; convert it with iconv"
sql -c 'CREATE VIEW seen AS SELECT 1 AS a' -c 'ANALYZE t'
status 0 "tables" query --tables
grep -q '^{"name":"\\"S.1\\".\\"T\\"\\"2\\"","kind":"table","rows":' out || fail "tables: $(cat out)"
grep -q '^{"name":"public.t","kind":"table","rows":1000}$' out || fail "tables: $(cat out)"
grep -q '^{"name":"public.seen","kind":"view","rows":null}$' out || fail "tables: $(cat out)"
! grep -q pg_catalog out || fail "tables of the server: $(cat out)"
grep -v _rudder out | jq -r .name | while IFS= read -r name; do
	status 0 "table '$name'" query -t "$name" --columns
done
status 0 "tables as text" redshift --tables
grep -q '^{"name":"public.seen","kind":"view","rows":null}$' out || fail "tables as text: $(cat out)"
status 64 "tables of a model" query --tables -t t
status 64 "another warehouse" rudder-query -d snowflake://a -t t
says "reach it by ODBC: odbc:DSN=name"
status 0 "void" query -e 'SELECT pg_sleep(0) AS v, 1 AS a'
echo '{"v":"","a":1}' | same "void"
head -n 1 out | grep -q '"v","type":"string"' || fail "void: $(head -n 1 out)"
status 78 "insert" query -e "WITH x AS (INSERT INTO t VALUES (0) RETURNING id) SELECT id FROM x"
[ "$(sql -c 'SELECT count(*) FROM t')" = 1000 ] || fail "a model has written"
status 78 "volatile write" query -e "SELECT nextval('s')"
status 78 "parameter" query -e 'SELECT id FROM t WHERE id = $1'
status 78 "no column" query -e 'SELECT FROM t'
status 64 "url" rudder-query -d 'postgres://h/d?nosuch=1' -t t
status 69 "nobody there" rudder-query -d "postgres:///x?host=$PG_DIR/no" -t t
status 78 "no database" rudder-query -d postgres:///nosuch -t t
status 77 "no role" rudder-query -d "postgres:///postgres?user=nosuch" -t t
status 66 "no model file" query nosuch.sql
sql -c "CREATE ROLE poor LOGIN"
status 77 "not allowed" rudder-query -d 'postgres://?user=poor' -t own
says "permission denied"

# parameters: never pasted, any type by its place
status 0 "parameters" query -e "SELECT id, :who || ':id' AS w FROM t WHERE id > :id AND \"Na me\" <> :who ORDER BY 1 LIMIT :n::int" -P id=7 -P "who=x'; DROP TABLE t; --" -P n=2
same "parameters" <<'EOT'
{"id":8,"w":"x'; DROP TABLE t; --:id"}
{"id":9,"w":"x'; DROP TABLE t; --:id"}
EOT
ends || fail "parameters: no end"
status 0 "parameters and types" query -e "SELECT 1.10 AS a, now() > :t AS b, '{1,NULL}'::int[] AS c, '1 day'::interval AS d" -P t=2020-01-01
echo '{"a":1.10,"b":true,"c":[1,null],"d":"P1D"}' | same "parameters and types"
status 0 "parameters with a limit" query -e "SELECT id FROM t WHERE id > :id" -P id=0 --limit 1
tail -n 1 out | grep -q '"rows":1,.*"partial":true' || fail "limit with parameters"
status 65 "parameter of another type" query -e 'SELECT id FROM t WHERE id = :id' -P id=x
no_end "parameter of another type"
status 65 "division behind some rows" query -e "SELECT 1 / (:n::int - i) AS a FROM generate_series(1, 100000) i" -P n=90000
no_end "division behind some rows"
for p in "x::char(5)|'ab   '::char(5) = :p|ab" "arrays|3 = ANY (:p)|{1,2,3}" "interval|'1 day'::interval = :p|24:00" "bit|B'101' = :p|101" \
	"bytea|'\\xff'::bytea = :p|\\xff" "enum|'ok'::mood = :p|ok" "domain|7::pos = :p::pos|7" "composite|ROW(1, 'x')::pair = :p::pair|(1,x)" \
	"json|'{\"a\":1}'::jsonb = :p|{\"a\": 1}" "text|'it''s \$1 :p ''; --' = :p::text|it's \$1 :p '; --" "empty|'' = :p::text|" "many|length(:p) + length(:p) = 4|ab" \
	"utf8|'Zoë 🚀' = :p::text|Zoë 🚀" "numeric|0.1 + 0.2 = :p|0.3" "unit|date_trunc(:p, TIMESTAMP '2024-05-06') = '2024-01-01'|year" "boolean|NOT :p|false" \
	"grouped|(SELECT count(*) FROM t WHERE id < 3 GROUP BY :p::int) = 2|1" "name|'a'::name = :p|a" "bpchar|'ab' = :p::bpchar|ab  "; do
	sql=${p#*|} label=${p%%|*}
	status 0 "parameter: $label" query -e "SELECT ${sql%|*} AS ok, '\$1' AS d, :p IS NULL AS n" -P "p=${sql##*|}"
	echo '{"ok":true,"d":"$1","n":false}' | same "parameter: $label"
done
status 0 "a long parameter" query -e 'SELECT length(:p) AS n, md5(:p) AS m' -P "p=$(head -c 100000 /dev/zero | tr '\0' x)"
echo "{\"n\":100000,\"m\":\"$(head -c 100000 /dev/zero | tr '\0' x | md5sum | cut -d ' ' -f 1)\"}" | same "a long parameter"
status 64 "unused parameter" query -e 'SELECT id FROM t' -P id=1

# a cursor
sql -c "CREATE TABLE c (id int, at timestamptz)" -c "INSERT INTO c VALUES (1, '2024-01-01 10:00+00'), (3, '2024-01-01 12:00:00.000001+00'), (2, '2024-01-01 11:00+00'), (4, NULL)"
status 0 "cursor" query -t c --cursor at
tail -n 1 out | grep -q '"rows":4,"rejects":0,"skips":0,"cursor":{"column":"at","type":"datetime","value":"2024-01-01T12:00:00.000001Z"}}}' || fail "cursor: $(tail -n 1 out)"
status 0 "cursor and since" query -t c --cursor at --since 2024-01-01T10:00:00Z
same "cursor and since" <<'EOT'
{"id":1,"at":"2024-01-01T10:00:00Z"}
{"id":2,"at":"2024-01-01T11:00:00Z"}
{"id":3,"at":"2024-01-01T12:00:00.000001Z"}
{"id":4,"at":null}
EOT
tail -n 1 out | grep -q '"partial":true,"cursor"' || fail "cursor: not partial"
status 0 "cursor, nothing new" query -e 'SELECT id, at FROM c WHERE id < :n -- x' -P n=3 --cursor at --since 2024-01-01T12:00:00.000002Z
[ "$(tail -n 1 out)" = '{"_rudder":{"type":"end","stream":"rows","rows":0,"rejects":0,"skips":0,"partial":true,"cursor":{"column":"at","type":"datetime","since":"2024-01-01T12:00:00.000002Z","value":"2024-01-01T12:00:00.000002Z"}}}' ] || fail "cursor: $(tail -n 1 out)"

# cursors of all types, through all stages, into a state
. "$TOP/tests/tool/cursors.sh"
db() { sql -c "$1"; }
sql -c "DROP TABLE c" -c "CREATE TYPE size AS ENUM ('small', 'big', 'bigger', 'huge')" -c "CREATE TABLE c (id int, v text, n bigint, m numeric(38,0), f float8, at timestamptz, plain timestamp, day date, s text, e size, u uuid, x numeric, j jsonb)"
cursor_story n 1 '1|1' '9007199254740993|9007199254740993' '9223372036854775806|9223372036854775806' '9223372036854775807|9223372036854775807'
cursor_story m 1 '-5|' '12345678901234567890123456789012345678|12345678901234567890123456789012345678' '99999999999999999999999999999999999998|99999999999999999999999999999999999998' '99999999999999999999999999999999999999|99999999999999999999999999999999999999'
cursor_story f 0.1 "'-Infinity'|" '0.1|0.1' '0.2|0.2' '0.3|0.3'
cursor_story at 10m "'2024-01-01 00:00+02'|" "'2024-01-01 00:00:01.5+02'|2023-12-31T22:00:01.5Z" "'2024-01-02 23:55:00Z'|2024-01-02T23:55:00Z" "'2024-01-03 00:05:00Z'|2024-01-03T00:05:00Z"
cursor_story plain 10m "'-infinity'|" "'2024-01-01 00:00:01.000001'|2024-01-01T00:00:01.000001Z" "'2024-01-02 23:55:00'|2024-01-02T23:55:00Z" "'2024-01-03 00:05:00'|2024-01-03T00:05:00Z"
cursor_story day 24h "'0044-01-01 BC'|" "'2024-01-01'|2024-01-01T00:00:00Z" "'2024-02-29'|2024-02-29T00:00:00Z" "'2024-03-01'|2024-03-01T00:00:00Z"
# infinity, NaN and the far future do not move it
sql -c "DELETE FROM c" -c "INSERT INTO c (id, v, at, x, s, e, u) VALUES (1, 'x', '2024-01-01Z', 1, 'é''', 'big', 'a0000000-0000-0000-0000-000000000001'), (2, 'x', 'infinity', 'NaN', NULL, 'small', NULL), (3, 'x', '9999-01-01', 'Infinity', NULL, NULL, NULL)"
for col in 'at 2024-01-01T00:00:00Z' 'x 1' "s é'" 'e big' 'u a0000000-0000-0000-0000-000000000001'; do
	rm -rf st
	cursor_sync st accepted -t c --cursor "${col%% *}" --cursor-state st
	is_read '1 2 3 ' '1 2 3 ' "${col#* }" "$col"
	cursor_sync st accepted -t c --cursor "${col%% *}" --cursor-state st
	case $col in e*) is_read '1 3 ' '' "${col#* }" "$col again" ;; *) is_read '1 2 3 ' '' "${col#* }" "$col again" ;; esac
done
status 78 "json cursor" query -t c --cursor j
says "column 'j' (json) cannot be a cursor"

# --check says how far it came
status 0 "check" query --check -t t
sed 's/PostgreSQL .*/PostgreSQL .../; s/[0-9]* readable/N readable/' out >steps
printf 'connection\tok\tPostgreSQL ...\nlisting\tok\tN readable tables\nmodel\tok\t2 columns\n' | diff -u - steps || fail "check"
status 78 "check" query --check -t nosuch
[ "$(tail -n 1 out)" = "$(printf 'model\tfailed')" ] || fail "check: model"
status 78 "check" rudder-query -d postgres:///nosuch --check -t t
[ "$(cat out)" = "$(printf 'connection\tfailed')" ] || fail "check: connection"

# bytes that are not text
sql -c "CREATE DATABASE raw ENCODING 'SQL_ASCII' TEMPLATE template0"
sql -d raw -c "CREATE TABLE t AS SELECT 1 AS id, E'ok' AS name UNION ALL SELECT 2, E'\\xe9t\\xe9' UNION ALL SELECT 3, 'z'"
status 65 "bytes" rudder-query -d postgres:///raw -t t
says "row 2: column 'name': invalid UTF-8"
no_end "bytes"
status 1 "bytes allowed" rudder-query -d postgres:///raw -t t --max-rejects 1
ends || fail "bytes allowed: no end"
same "bytes allowed" <<'EOT'
{"id":1,"name":"ok"}
{"id":3,"name":"z"}
EOT
status 1 "a limit and a reject" rudder-query -d postgres:///raw -t t --max-rejects 1 --limit 2
tail -n 1 out | grep -q '"partial":true' || fail "a limit and a reject: $(tail -n 1 out)"
status 65 "share" rudder-query -d postgres:///raw -t t --max-rejects 33%
status 1 "share" rudder-query -d postgres:///raw -t t --max-rejects 34%
status 65 "two members of one name" query -e "SELECT '{\"a\":1,\"a\":2}'::json AS j"
says "column 'j'"

# a snapshot: what others write meanwhile is not there
mkfifo slow
query -e "SELECT id, pg_sleep(CASE id WHEN 1 THEN 0.5 ELSE 0 END) IS NULL AS s FROM t ORDER BY id" >slow &
pid=$!
(sleep 0.2; sql -c "DELETE FROM t WHERE id > 900; INSERT INTO t SELECT i FROM generate_series(2001, 2100) i") &
grep -c '"id":' <slow >n
wait $pid || fail "snapshot"
wait
[ "$(cat n)" = 1000 ] || fail "snapshot: $(cat n) rows"

# ways to fail
big='SELECT i, repeat($$x$$, 200) AS s FROM generate_series(1, 300000) i'
status 75 "statement timeout" query --timeout 300ms -e "SELECT i, pg_sleep(0.01) IS NULL AS s FROM generate_series(1, 1000) i"
says "statement timeout"
no_end "statement timeout"
status 75 "server's own timeout" rudder-query -d "postgres://?options=-c%20statement_timeout%3D300" -e 'SELECT pg_sleep(5)::text AS a'
no_end "timeout"
status 65 "division" query -e 'SELECT 1 / (500 - i) AS a FROM generate_series(1, 1000) i'
says "division by zero"
no_end "division"

. "$TOP/tests/tool/failures.sh"
end_backend() { sql -c "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'victim'"; }
cancel() { sql -c "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE application_name = 'victim'"; }
gen() { echo "SELECT i AS id, 'name ' || i AS name, i * 1.10 AS d, ARRAY[i, NULL] AS a FROM generate_series(1, $1) i"; }
rows=${ROWS:-200000}
bounded PostgreSQL "$(gen 10000)" "$(gen "$rows")" rudder-query -d postgres://
bounded Redshift "$(gen 10000)" "$(gen "$rows")" env PGPORT=5432 rudder-query -d redshift://
# the connection breaks at any of its reads
sql <<'SQL'
CREATE TYPE temper AS ENUM ('good', 'bad');
CREATE DOMAIN simple AS text;
CREATE TABLE many (id int PRIMARY KEY, m temper, p simple, d date, t text);
INSERT INTO many SELECT g, 'good', 'p', '2026-01-01', repeat('x', 80) FROM generate_series(1, 1000) g;
SQL
for what in ECONNRESET none; do
	broken PostgreSQL recv $what rudder-query -d postgres:// -e 'SELECT * FROM many WHERE id > :least' -P least=0 --cursor id
done
broken PostgreSQL recv ECONNRESET rudder-query -d postgres:// -t many --check
broken Redshift recv ECONNRESET env PGPORT=5432 rudder-query -d redshift:// -t many
full PostgreSQL rudder-query -d postgres:// -e "$big"
full Redshift env PGPORT=5432 rudder-query -d redshift:// -e "$big"
interrupted 69 "ended backend" 'terminat' end_backend query -d postgres://?application_name=victim -e "$big"
interrupted 69 "ended backend, as text" 'terminat' end_backend redshift -d redshift://?application_name=victim -e "$big"
interrupted 75 "cancelled" 'user request' cancel query -d postgres://?application_name=victim -e "$big"

# the server drops a query whose reader has ended, even before the first row
query -e 'SELECT pg_sleep(60)::text AS a' | head -n 1 >/dev/null &
pid=$!
n=0
until [ "$(sql -c "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'COPY%' AND pid <> pg_backend_pid()")" = 1 ] || [ $n -gt 50 ]; do
	sleep 0.05
	n=$((n + 1))
done
n=0
while [ "$(sql -c "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'COPY%' AND pid <> pg_backend_pid()")" != 0 ]; do
	sleep 0.1
	n=$((n + 1))
	[ $n -lt 50 ] || { fail "the query goes on for nobody"; break; }
done
wait $pid || :

# the whole server is killed
kill_server() {
	{
		head -n 1 "$PG_DIR/data/postmaster.pid"
		sql -c "SELECT pid FROM pg_stat_activity WHERE application_name = 'victim'"
	} | xargs kill -KILL
}
interrupted 69 "killed server" 'server closed the connection|terminat' kill_server query -d postgres://?application_name=victim -e "$big"

[ ! -e failed ]
