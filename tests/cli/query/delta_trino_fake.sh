#!/bin/sh
# --delta on Trino's protocol: which statements it sends, and what it makes of
# their answers. The server is a script, see delta_trino.sh for a real one.
set -eu
. "$TOP/tests/tool/lib.sh"
. "$TOP/tests/tool/fake.sh"
case $(rudder-query -d trino://localhost -t t 2>&1) in
*"this build has no source"*) skip 'built without libcurl' ;;
esac

free_port # a part of what a source is
type() { printf '{"name":"%s","type":"%s","typeSignature":{}}' "$1" "$2"; }
answer() { printf 'reply 200 body "%s"\n' "$(printf '%s' "$1" | sed 's/[\\"]/\\&/g')"; }
gives() { answer "{\"id\":\"q\",\"columns\":[$1],${2:+\"data\":$2,}\"stats\":{\"state\":\"FINISHED\"}}"; }
number() { for n; do gives "$(type n bigint)" "[[$n]]"; done; }
text() { gives "$(type v varchar)" "$1"; }
sums() { gives "$(type g bigint),$(type s varchar)" "$1"; }
broken() { answer "{\"id\":\"q\",\"stats\":{\"state\":\"FAILED\"},\"error\":{\"message\":\"$1\",\"errorCode\":1,\"errorName\":\"$2\",\"errorType\":\"$3\"}}"; }
columns="$(type id integer),$(type v varchar)"
# head: the columns of the model, the schema, the version, its tables
head() {
	gives "$columns"
	number 1
	text '[["476"]]'
	text "$1"
}

# try STATUS [OPTION...] <SCRIPT: one run; its statements are in asked, a line each,
# with T and B for the names of the tables of this run and the base
try() {
	want=$1
	shift
	cat >script
	rm -f raw
	serve -P "$PORT" -s script -R raw
	status "$want" rudder-query -v -d "trino://me@127.0.0.1:$PORT/${place-cat/sch}" --delta "${schema-rudder}" \
		--cursor-state st -k "${key-id}" "$@" >rows
	halt || :
	run=$(sed -n '1s/.*"delta":{"id":"\([^"]*\)".*"run":"\([^"]*\)","of".*/rudder_\1_\2/p' rows)
	[ ! -e raw ] || tr '\n' ' ' <raw | sed 's/ POST /\nPOST /g' |
		sed "s/^.*\r //; s/$(base)_/B_/g; s/${run:-none}_/T_/g; s/ *$//" >asked
}
base() {
	b=$(sed -n 's/.*"id":"\([^"]*\)".*"run":"\([^"]*\)".*/rudder_\1_\2/p' st/base 2>/dev/null || :)
	echo "${b:-none}"
}
asked() { grep -qxF -- "$1" asked || fail "not asked: $1 in: $(cat asked)"; }
never() { ! grep -qF -- "$1" asked || fail "asked: $1"; }
n_rows() { grep -vc '"_rudder"' rows || :; }
all() { grep -o '"all":[a-z]*' rows; }
commit() { # [SED]: of a run, with receipts that sed changes
	rudder-diff -k id -s st --mode mirror --max-deletes 100% <rows >changes 2>err || [ $? = 1 ] || fail "$(cat err)"
	ack accepted <changes | sed "${1:-}" >acks
	rudder-diff --commit -s st <acks 2>err || [ $? = 1 ] || fail "$(cat err)"
}
m='SELECT * FROM t'
hash='from_big_endian_64(xxhash64(to_utf8(json_format(CAST(ARRAY[CAST(t."id" AS varchar), CAST(t."v" AS varchar)] AS json)))))'

# ---- a first run: all rows, and the tables of a run that was killed
{
	head '[["rudder_0123456789abcdef_00000000000000000000_h"]]'
	number 2 0
	gives "$columns" '[[5,1,7,"a"],[6,2,8,"b"]]'
	sums '[[0,"11"]]'
	number 1
} >s
try 0 -e "$m" <s
is '"all":true 2' "$(all) $(n_rows)" 'the first run'
asked "SELECT table_name FROM information_schema.tables WHERE table_schema = lower('rudder') AND table_name LIKE 'rudder_%'"
asked "CREATE TABLE \"rudder\".\"T_h\" AS SELECT CAST(t.\"id\" AS bigint) AS k0, $hash AS h FROM ( SELECT * FROM t ) AS t"
asked 'CREATE TABLE "rudder"."T_u" AS SELECT k0, CAST(0 AS bigint) AS n FROM "rudder"."T_h" WHERE k0 IS NOT NULL AND false UNION ALL SELECT NULL, count(*) FROM "rudder"."T_h" WHERE k0 IS NOT NULL AND false'
commit

# ---- the second: rows of changed keys, missing keys, and a row that has changed
# since its hash was made
tables() { # KIND...: those of the base that are there
	printf '[["other"]'
	for kind; do printf ',["%s_%s"]' "$(base)" "$kind"; done
	printf ']'
}
{
	head "$(tables h u)"
	number 2 1 3 2 2 1 0
	gives "$columns" '[[5,1,7,"c"],[6,2,9,"d"]]'
	gives "$(type id integer)" '[[8]]'
	sums '[[0,"12"]]'
	sums '[[1,"5"],[2,"7"],[9,"7"],[11,"1"]]'
	number 2
} >s
try 0 -e "$m" <s
is '"all":false 2' "$(all) $(n_rows)" 'the second run'
is '{"_rudder":{"type":"missing"},"id":8}' "$(grep '"missing"}' rows)" 'the missing key'
says 'rows of up to 1 key changed while they were read: the next run reads them again'
is 1 "$(grep -c 'AND bitwise_and(.*ARRAY\[CAST(k0 AS varchar)\].*, 65535) IN (2, 9, 11) UNION ALL SELECT NULL, count' asked)" 'the keys to read again'
asked 'SELECT count(*) - coalesce(max(n), 0) FROM "rudder"."B_u"'
never DROP
commit

# ---- what was rejected is asked for by its text; the server may not find such a value
{
	head "$(tables h k u)"
	number 3 2 1 3 2 2 0 0
	gives "$columns" '[[5,1,7,"x"],[7,2,9,"y"]]'
	gives "$(type id integer)"
	sums '[[0,"12"]]'
	number 1
} >s
try 0 -e "$m" <s
is '"all":false 2' "$(all) $(n_rows)" 'the third run'
commit '/messageId/{s/accepted/rejected/}'
{
	head "$(tables h k u)"
	number 3 2 1
	broken 'Cannot cast' INVALID_CAST_ARGUMENT USER_ERROR
	number 3 2 2 0 0
	gives "$columns" '[[1,1,7,"x"],[1,2,9,"y"]]'
	gives "$(type id integer)"
	sums '[[0,"2"]]'
	number 1
} >s
try 0 -e "$m" <s
is 1 "$(grep '^SELECT count' asked | grep -cF '[["7"],["9"]]')" 'the rejected keys'
is 1 "$(grep '^CREATE TABLE "rudder"."T_k"' asked | grep -c 'SELECT k0 FROM "rudder"."B_k" UNION')" 'all that the base has open'
is '"all":false 2' "$(all) $(n_rows)" 'a run where a key is not a value of its column'
commit

# ---- lost tables
{
	head "$(tables u)"
	number 3 0
	gives "$columns" '[[1,1,7,"x"],[1,2,9,"y"],[1,3,10,"z"]]'
	sums '[[0,"3"]]'
	number 1
} >s
try 0 -e "$m" <s
says 'all of them: a table of the base is not there'
commit
for lost in 0 '"many"' null; do
	{
		head "$(tables h u)"
		number 3 "$lost" 3 0
		gives "$columns" '[[1,1,7,"x"],[1,2,9,"y"],[1,3,10,"z"]]'
		sums '[[0,"3"]]'
		number 1
	} >s
	try 0 -e "$m" <s
	says 'all of them: a table of the base has lost rows'
done

# ---- an open key that the base of a run that read all does not have
rm -r st
first() {
	head '[]'
	number 2 0
	gives "$columns" '[[5,1,7,"a"],[6,2,8,"b"]]'
	sums '[[0,"11"]]'
	number 1
}
first | try 0 -e "$m"
commit '2s/accepted/rejected/'
{
	head "$(tables h u)"
	number 2 1 0 3 0
	gives "$columns" '[[1,1,7,"x"],[1,2,9,"y"],[1,3,10,"z"]]'
	sums '[[0,"3"]]'
	number 1
} >s
try 0 -e "$m" <s
says 'all of them: an open key is not in the base'

# ---- rows without a key come as well; the others by their keys
rm -r st
{
	head '[]'
	number 3 1
	gives "$columns" '[[5,1,7,"a"],[0,0,null,"b"]]'
	sums '[[0,"5"]]'
	number 1
} >s
try 0 -e "$m" <s
is 1 "$(grep -c ' UNION ALL SELECT 0, 0, t\.\* FROM ( SELECT \* FROM t ) AS t WHERE t."id" IS NULL$' asked)" 'rows without a key'

# ---- tables in a schema of a different catalog; a key of two columns, of which
# one is not the first of the model
rm -rf st
{
	gives "$(type v varchar),$(type id integer)"
	number 1
	text '[["476"]]'
	text '[]'
	number 2 1
	gives "$(type v varchar),$(type id integer)" '[[5,1,"a",7],[0,0,null,8]]'
	sums '[[0,"5"]]'
	number 1
} >s
schema='"Other".rudder' key=id,v try 0 -e "$m" <s
is 1 "$(grep -c '^SELECT count(\*) FROM "Other".information_schema.schemata WHERE schema_name = lower(.rudder.)$' asked)" 'the schema of a different catalog'
is 1 "$(grep -c ' UNION ALL SELECT 0, 0, t\.\* FROM ( SELECT \* FROM t ) AS t WHERE t."id" IS NULL OR t."v" IS NULL$' asked)" 'rows without one of two keys'

# ---- a statement that does not end, and one that is refused in the middle
rm -rf st
more() { answer "{\"id\":\"q\",\"nextUri\":\"http://127.0.0.1:$PORT/v1/next\",\"stats\":{\"state\":\"RUNNING\"}}"; }
for failure in '77 PERMISSION_DENIED' '75 QUERY_REJECTED' '65 DIVISION_BY_ZERO'; do
	for n in 1 2 3 4; do
		{
			gives "$columns"
			[ $n = 1 ] || number 1
			[ $n -lt 3 ] || text '[["476"]]'
			[ $n -lt 4 ] || text '[]'
			more
			broken 'stop here' "${failure#* }" USER_ERROR
		} | try "${failure% *}" -e "$m"
		says 'stop here'
		! grep -q '"type":"end"' rows || fail "an end after $failure in statement $n"
	done
done
# sums that are not numbers exclude nothing: the keys are read again
{
	head '[]'
	number 2 0
	gives "$columns" '[[5,1,7,"a"],[6,2,8,"b"]]'
	sums '[["x","y"],[0,"z"]]'
	sums '[[1,"5"],[2,null],["a","6"],[65536,"6"]]'
	number 2
} >s
try 0 -e "$m" <s
is 1 "$(grep -c ', 65535) IN (2) UNION ALL SELECT NULL, count' asked)" 'sums that are no numbers'
rm -rf st

# ---- what a server must not say
rm -rf st
for row in '["x",1,7,"a"]' '[1,"-",7,"a"]' '[1,65536,7,"a"]' '[]'; do
	{
		head '[]'
		number 1 0
		gives "$columns" "[$row]"
	} | try 76 -e "$m"
	says 'Trino sent a row without its hash'
	! grep -q '"type":"end"' rows || fail "an end after $row"
done
{ gives "$columns" && gives "$(type n bigint)" '[]'; } | try 78 -e "$m"
says "there is no schema 'rudder'"

# ---- the model, and where its tables go, are looked at first
while IFS='|' read -r want words place schema key of_id of_h; do
	{
		gives "$(type id "$of_id"),$(type h "$of_h")"
		number 1
	} | try "$want" -e "$m"
	says "$words"
	never 'CREATE TABLE'
done <<'X'
64|use catalog.schema||rudder|id|bigint|date
64|is not the name of a schema|cat/sch|a.b.c|id|bigint|date
78|the model has no key column 'x'|cat/sch|rudder|x|bigint|date
78|the key column 'id' is double|cat/sch|rudder|id|double|date
78|the column 'h' is HyperLogLog, which has no text to compare|cat/sch|rudder|id|bigint|HyperLogLog
X
unset place schema key
gives "$(type id bigint)" | try 64 -e 'SELECT :n AS id' -P n=1
says 'takes no parameters'
{
	text '[["476"]]'
	number 3
	gives "$columns"
	number 1 0
	answer '{"id":"q","stats":{"state":"FINISHED"},"updateType":"DROP TABLE"}'
} | try 0 -e "$m" --check
grep -q '^delta	ok	tables can be created in the schema rudder$' rows || fail "--check: $(cat rows)"
is 1 "$(grep -c '^DROP TABLE "rudder"' asked)" 'the table of --check'
{
	text '[["476"]]'
	number 3
	gives "$columns"
	number 1
	broken 'Cannot create' PERMISSION_DENIED USER_ERROR
} | try 77 -e "$m" --check
says 'Cannot create'

# ---- a value of each type has a text that only it has
{
	gives "$(type id 'timestamp(3)'),$(type a 'array(varbinary)'),$(type b 'map(varchar, json)'),$(type c 'row(a timestamp(3) with time zone, b integer)'),$(type d unknown),$(type e 'date')"
	number 1
	text '[["476"]]'
	text '[]'
	broken 'stop here' GENERIC_USER_ERROR USER_ERROR
} | try 65 -e "$m"
says 'stop here'
while IFS= read -r part; do
	grep -qF -- "$part" asked || fail "not in it: $part: $(cat asked)"
done <<'X'
CAST(ARRAY[CAST(t."id" AS varchar), json_format(
 json_format(CAST(transform(t."a", x0 -> to_hex(x0)) AS json)),
 json_format(CAST(transform(map_entries(t."b"), x0 -> json_format(CAST(ARRAY[CAST(x0[1] AS varchar), json_format(x0[2])] AS json))) AS json)),
 IF(t."c" IS NULL, NULL, json_format(CAST(ARRAY[(CAST(t."c"[1] AS varchar) || CAST(t."c"[1] AT TIME ZONE 'UTC' AS varchar)), CAST(t."c"[2] AS varchar)] AS json))),
 CAST(NULL AS varchar), CAST(t."e" AS varchar)] AS json)
X
