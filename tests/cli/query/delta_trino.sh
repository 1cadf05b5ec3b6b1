# --delta on a real Trino: rows of keys that changed, missing keys, and rows
# that change while they are read
# shellcheck shell=sh disable=SC2016,SC2086,SC2154
set -eu
. "$TOP/tests/tool/lib.sh"
case $(rudder-query -d trino://localhost -t t 2>&1) in
*"this build has no source"*) skip 'built without libcurl' ;;
esac
eval "$("$TOP/tests/tool/trino.sh" start)"
trap '"$TOP/tests/tool/trino.sh" stop "$TRINO_DIR"' EXIT
at=trino://me@127.0.0.1:$TRINO_PORT/memory/default

# sql STATEMENT...: the values of their rows, a row a line
sql() {
	for statement; do
		curl -s -H 'X-Trino-User: test' -H 'X-Trino-Catalog: memory' -H 'X-Trino-Schema: default' \
			-H 'X-Trino-Client-Capabilities: PARAMETRIC_DATETIME' \
			-d "$statement" "http://127.0.0.1:$TRINO_PORT/v1/statement" >page
		while :; do
			jq -r 'if .error then .error.message | halt_error else (.data // [])[] | map(tostring) | join("|") end' page ||
				fail "sql: $statement"
			next=$(jq -r '.nextUri // empty' page)
			[ -n "$next" ] || break
			curl -s -H 'X-Trino-User: test' "$next" >page
		done
	done
}
query() { rudder-query -d "$at" --delta rudder --cursor-state st "$@"; }
# run MODEL [OPTION...]: one whole sync, all of it accepted; its changes
run() {
	model=$1
	shift
	query -k id -e "$model" "$@" >rows
	rudder-diff -k id -s st --mode mirror --max-deletes 100% <rows >out 2>err || cat err
	ack accepted <out | rudder-diff --commit -s st
	changes <out | paste -sd,
}
all() { grep -o '"all":[a-z]*' rows; }
n_rows() { grep -vc '"_rudder"' rows || :; }
tables() { sql "SELECT table_name FROM information_schema.tables WHERE table_schema = 'rudder'"; }
base() { sed -n 's/.*"id":"\([^"]*\)".*"run":"\([^"]*\)".*/rudder_\1_\2/p' st/base; }
sql 'CREATE SCHEMA memory.rudder' >/dev/null

# ---- the recipe: a row for each pair, which differs in one column only
cat >pairs <<'X'
boolean#true#false
boolean#false#null
tinyint#1#2
smallint#-1#1
integer#1#2
bigint#9223372036854775806#9223372036854775807
decimal(38,0)#decimal '99999999999999999999999999999999999998'#decimal '99999999999999999999999999999999999999'
decimal(38,20)#decimal '0.10000000000000000001'#decimal '0.10000000000000000002'
decimal(10,2)#decimal '-0.10'#decimal '0.10'
double#0.30000000000000004e0#0.3e0
double#0e0#-0e0
double#1e-323#5e-324
double#nan()#null
double#nan()#infinity()
double#1e21#1.0000000000000001e21
real#real '0.1'#real '0.10000001'
real#real '16777216'#real '16777218'
varchar#''#null
varchar#'a'#'A'
varchar#'a'#'a '
varchar#'é'#U&'e\0301'
varchar#'null'#null
varchar#'a,b'#'a","b'
varchar#'a"b'#'a\"b'
varchar#'a\b'#'a\\b'
varchar#chr(0)#''
varchar#chr(1)#null
varchar#chr(8232)#chr(8233)
varchar(5)#'ab'#'ab '
char(3)#'a'#'b'
varbinary#X'00'#X'0000'
varbinary#X''#null
varbinary#X'61'#X'41'
json#json '{"a":1}'#json '{"a":"1"}'
json#json '{"a":null}'#json '{}'
json#json '[1,2]'#json '[2,1]'
json#json '"null"'#json 'null'
json#json '9007199254740992'#json '9007199254740993'
date#date '2024-01-01'#date '2024-01-02'
date#date '-0001-01-01'#date '0001-01-01'
time(12)#time '00:00:00.000000000001'#time '00:00:00.000000000002'
time(3) with time zone#time '12:00:00 +00:00'#time '13:00:00 +01:00'
time(3) with time zone#time '12:00:00 +00:00'#time '12:00:00 +01:00'
timestamp(12)#timestamp '2024-01-01 00:00:00.000000000001'#timestamp '2024-01-01 00:00:00.000000000002'
timestamp(3)#timestamp '2024-01-01 00:00:00.001'#timestamp '2024-01-01 00:00:00.002'
timestamp(6) with time zone#timestamp '2024-01-01 00:00:00.000001 UTC'#timestamp '2024-01-01 00:00:00.000002 UTC'
timestamp(0) with time zone#timestamp '2024-10-27 02:30:00 +02:00'#timestamp '2024-10-27 02:30:00 +01:00'
interval day to second#interval '1' day#interval '25' hour
interval day to second#interval '0.001' second#interval '0' second
interval year to month#interval '1' month#interval '-1' month
uuid#uuid '00000000-0000-0000-0000-000000000000'#uuid '00000000-0000-0000-0000-000000000001'
ipaddress#ipaddress '10.0.0.1'#ipaddress '::1'
array(integer)#array[1, 2]#array[2, 1]
array(integer)#array[]#null
array(integer)#array[null]#array[]
array(array(integer))#array[array[1, 2], array[3]]#array[array[1], array[2, 3]]
array(varchar)#array[null]#array['null']
array(varchar)#array['a,b', 'c']#array['a', 'b,c']
array(varchar)#array['a","b']#array['a', 'b']
array(varbinary)#array[X'00']#array[X'0000']
array(interval day to second)#array[interval '1' day]#array[interval '2' day]
array(double)#array[0e0]#array[-0e0]
array(array(timestamp(9)))#array[array[timestamp '2024-01-01 00:00:00.000000001']]#array[array[timestamp '2024-01-01 00:00:00.000000002']]
map(varchar, integer)#map(array['a'], array[1])#map(array['a'], array[2])
map(varchar, integer)#map(array['a', 'b'], array[1, null])#map(array['a'], array[1])
map(varchar, integer)#map()#null
map(bigint, array(uuid))#map(array[1], array[array[uuid '00000000-0000-0000-0000-000000000000']])#map(array[1], array[array[null]])
row(a varchar, b varchar)#row('x', null)#row('x', '')
row(a varchar, b varchar)#row('x","y', 'z')#row('x', 'y","z')
row(a varchar, b varchar)#row(null, null)#null
row(a bigint, a bigint)#row(1, 2)#row(2, 2)
row(a row(b time(3), c array(char(2))), d bigint)#row(row(time '01:00:00.001', array['x']), 1)#row(row(time '01:00:00.002', array['x']), 1)
row(a row(b time(3), c array(char(2))), d bigint)#row(row(time '01:00:00', array['x']), 1)#row(row(time '01:00:00', array['y']), 1)
row(interval year to month, json)#row(interval '1' month, json '1')#row(interval '1' month, json '2')
X
# the same value in another spelling: not read again
cat >spellings <<'X'
decimal(10,2)#decimal '1'#decimal '1.00'
double#1e0#1.0e0
double#0.1e0#0.10000000000000000555e0
real#real '0.1'#real '0.100000001'
varchar(9)#'a'#'a'
char(3)#'a'#'a  '
json#json '{"a":1,"b":2}'#json '{"b": 2, "a": 1}'
timestamp(6)#timestamp '2024-01-01 00:00:00'#timestamp '2024-01-01 00:00:00.000'
interval day to second#interval '1' day#interval '24' hour
interval year to month#interval '1' year#interval '12' month
uuid#uuid 'ABCDEF00-0000-0000-0000-000000000000'#uuid 'abcdef00-0000-0000-0000-000000000000'
ipaddress#ipaddress '::ffff:10.0.0.1'#ipaddress '10.0.0.1'
array(decimal(5,2))#array[decimal '1']#array[decimal '1.00']
X
# show FIELD: the view present, whose row i has that field in column i, and the
# second in the others
show() {
	cat pairs spellings | awk -F'#' -v which="$1" '
	{
		n++
		column = column ", CAST(IF(id = " n ", CAST(" $which " AS " $1 "), CAST(" $2 " AS " $1 ")) AS " $1 ") AS c" n
	}
	END {print "CREATE OR REPLACE VIEW present AS SELECT id" column " FROM UNNEST(sequence(1, " n ")) AS u (id)"}' >statement
	sql "$(cat statement)" >/dev/null
}
n=$(wc -l <pairs)
[ "$n" -ge 60 ] || fail "only $n pairs"
model='SELECT * FROM present'
plain() { rudder-query -d "$at" -k id -e "$model" | grep -v '"_rudder"' | sort; }
show 2
plain >one
is "$((n + $(wc -l <spellings)))" "$(run "$model" | tr ',' '\n' | wc -l)" 'rows of all types'
show 3
plain >two
comm -13 one two | sed 's/^{"id":\([0-9]*\),.*/\1/' | sort >differ
query -k id -e "$model" >rows
is '"all":false' "$(all)" 'the second run'
grep -v '"_rudder"' rows | sed 's/^{"id":\([0-9]*\),.*/\1/' | sort >read
comm -23 differ read >lost
[ ! -s lost ] || fail "pairs that differ and were not read: $(paste -sd' ' lost)"
is "$(seq "$n" | sort | paste -sd,)" "$(paste -sd, read)" 'what is read'
rudder-diff -k id -s st --mode mirror <rows >out 2>err || :
is "$(rudder-diff -k id one two | changes | paste -sd,)" "$(changes <out | paste -sd,)" 'what rudder-diff finds in it'
ack accepted <out | rudder-diff --commit -s st
is '' "$(run "$model")" 'and once more'
is 0 "$(n_rows)" 'rows once more'
rm -r st

# ---- runs: t is a view over rows of text
m='SELECT * FROM t'
# t ROW...: its rows, like 7,'a'
t() {
	list=
	for row; do list="$list${list:+, }($row)"; done
	sql "CREATE OR REPLACE VIEW t AS SELECT CAST(id AS integer) AS id, CAST(v AS varchar) AS v FROM (VALUES $list) AS r (id, v)" >/dev/null
}
t "1,'a'" "2,'a'" "3,'a'" "4,'a'"
is 'insert 1,insert 2,insert 3,insert 4' "$(run "$m")" 'the first run'
is '"all":true' "$(all)" 'the first run'
is '' "$(run "$m")" 'the second'
is 0 "$(n_rows)" 'its rows'
t "1,'b'" "2,'a'" "4,'a'" "5,'a'"
is 'delete 3,insert 5,update 1' "$(run "$m")" 'a third'
is 2 "$(n_rows)" 'its rows'
is '{"_rudder":{"type":"missing"},"id":3}' "$(grep '"missing"}' rows)" 'its missing key'
# what was not acknowledged is read again, also where it has its old value
t "1,'c'" "2,'c'" "4,'a'" "5,'a'"
query -k id -e "$m" | rudder-diff -k id -s st --mode mirror >lost
is 'update 1,update 2' "$(changes <lost | paste -sd,)" 'a run without a commit'
t "1,'b'" "2,'c'" "4,'a'" "5,'a'"
is 'update 1,update 2' "$(run "$m")" 'what went back'
is '' "$(run "$m")" 'and then'
is 0 "$(n_rows)" 'its rows'
# keys of two rows, and rows without a key
t "1,'b'" "1,'x'" "2,'c'" "4,'a'" "5,'a'" "NULL,'x'"
for _ in 1 2; do
	run "$m" >/dev/null 2>&1 || :
	is 3 "$(n_rows)" 'a key of two rows, and a row without a key'
done
rudder-query -d "$at" --delta rudder --delta-all --cursor-state st -k id -e "$m" >rows
is 6 "$(n_rows)" 'the same with all rows'
t "1,'y'" "2,'c'" "4,'a'" "5,'a'"
is 'update 1' "$(run "$m")" 'one row of it again'
is '' "$(run "$m")" 'a run'
is '' "$(run "$m")" 'and another'
is 6 "$(tables | grep -c "^$(base | cut -c1-23)")" 'tables'
# a rejected row keeps only its own key open
t "1,'r'" "2,'r'" "4,'r'" "5,'a'"
query -k id -e "$m" | rudder-diff -k id -s st --mode mirror >out
ack accepted <out | sed '2s/accepted/rejected/' >acks
status 1 rudder-diff --commit -s st acks
query -k id -e "$m" >rows
is 3 "$(n_rows)" 'rows after a reject'
rudder-diff -k id -s st --mode mirror <rows >out
ack rejected <out >acks
status 1 rudder-diff --commit -s st acks
query -k id -e "$m" >rows
is 1 "$(n_rows)" 'rows after another'
rudder-diff -k id -s st --mode mirror <rows | ack accepted | rudder-diff --commit -s st

# ---- what makes it read all
reads_all() { # WHY [OPTION...]
	why=$1
	shift
	is '' "$(run "$m" "$@" -v 2>said)" "changes: $why"
	is '"all":true' "$(all)" "$why"
	grep -qF "all of them: $why" said || fail "not said: $why: $(cat said)"
}
reads_all '--delta-all asks for it' --delta-all
for kind in h u; do
	sql "DROP TABLE rudder.$(base)_$kind" >/dev/null
	reads_all 'a table of the base is not there'
done
for kind in h u; do # emptied, but for what a connector without DELETE can
	sql "DROP TABLE rudder.$(base)_$kind" \
		"CREATE TABLE rudder.$(base)_$kind AS SELECT CAST(1 AS bigint) AS k0, CAST(1 AS bigint) AS h, CAST(0 AS bigint) AS n WHERE false" >/dev/null
	reads_all 'a table of the base has lost rows'
done
m='SELECT *  FROM t'
reads_all 'the model, its columns, the key or the source is a different one'

# ---- rows that change while they are read: the model is another each time
rm -r st
moment="CAST(to_unixtime(now()) * 1000 AS bigint)"
changing="SELECT id, CAST(IF(id <= 3, $moment, 0) AS varchar) AS v FROM UNNEST(sequence(1, 500)) AS u (id)"
run "$changing" -v >/dev/null 2>said
grep -q 'changed while they were read' said || fail "not said: $(cat said)"
n=$(sql "SELECT max(n) FROM rudder.$(base)_u")
if [ "$n" -lt 3 ] || [ "$n" -gt 20 ]; then fail "keys that are to be read again: $n"; fi
is '"is":"settled"' "$(rudder-diff --status -s st | grep -o '"is":"[^"]*"')" 'the base'
run "$changing" >/dev/null
is '"all":false' "$(all)" 'a table where three rows always change'
[ "$(n_rows)" -le 20 ] || fail "rows of it: $(n_rows)"
# a row that differs only in the rows of the first run, and not in any hashes
rm -r st
read_so_far="(SELECT count(*) FROM system.runtime.queries WHERE state = 'FINISHED' AND regexp_like(query, 'mark[9]') AND regexp_like(query, '^CREATE TABLE|rudder_[k] ON'))"
m="SELECT id, IF(id = 1 AND $read_so_far = 1, 'z', 'a') AS v FROM (VALUES 1, 2) AS r (id) -- mark9"
is 'insert 1,insert 2' "$(run "$m")" 'a row that changes between its hash and itself'
is '{"id":1,"v":"z"}' "$(grep '"id":1,' rows)" 'that row'
is 'update 1' "$(run "$m")" 'the same when it has changed back'
is '"all":false' "$(all)" 'the same'
m='SELECT * FROM t'

# ---- keys
rm -r st
keyed() { # TYPE A B: keys A and B of the type; B goes, then comes back
	rm -rf st
	sql "CREATE OR REPLACE VIEW k AS SELECT CAST($2 AS $1) AS id, 1 AS n, 'x' AS v UNION ALL SELECT CAST($3 AS $1), 1, 'x'" >/dev/null
	rudder-query -d "$at" --delta memory.rudder --cursor-state st -k id,n -e 'SELECT * FROM k' >rows
	rudder-diff -k id,n -s st --mode mirror <rows >out
	ack accepted <out | sed '2s/accepted/rejected/' >acks
	status 1 rudder-diff --commit -s st acks
	rudder-query -d "$at" --delta memory.rudder --cursor-state st -k id,n -e 'SELECT * FROM k' >rows
	rudder-diff -k id,n -s st --mode mirror <rows >out
	ack accepted <out | sed '2s/accepted/rejected/' >acks
	status 1 rudder-diff --commit -s st acks
	rudder-query -d "$at" --delta memory.rudder --cursor-state st -k id,n -e 'SELECT * FROM k' >rows
	is '"all":false 1' "$(all) $(n_rows)" "$1: what was rejected"
	rudder-diff -k id,n -s st --mode mirror <rows | ack accepted | rudder-diff --commit -s st
	sql "CREATE OR REPLACE VIEW k AS SELECT CAST($2 AS $1) AS id, 1 AS n, 'x' AS v" >/dev/null
	rudder-query -d "$at" --delta memory.rudder --cursor-state st -k id,n -e 'SELECT * FROM k' >rows
	rudder-diff -k id,n -s st --mode mirror --max-deletes 100% <rows >out
	is "delete" "$(grep -o '"action":"[a-z]*"' out | sed 's/.*:"//; s/"//')" "$1: a key that is gone"
}
while IFS='#' read -r type a b; do keyed "$type" "$a" "$b"; done <<'X'
varchar#'it''s " {'#'It''s'
varchar(9)#'a'#'a '
char(4)#'a'#'b'
smallint#1#2
bigint#9007199254740993#9007199254740992
decimal(38,4)#decimal '12345678901234567890.1234'#decimal '12345678901234567890.1235'
boolean#true#false
date#date '2024-01-01'#date '2024-01-02'
timestamp(3)#timestamp '2024-01-01 00:00:00.5'#timestamp '2024-01-01 00:00:00.501'
timestamp(9) with time zone#timestamp '2024-01-01 00:00:00.5 UTC'#timestamp '2024-01-01 01:00:00.500000001 +01:00'
uuid#uuid '00000000-0000-0000-0000-000000000000'#uuid '00000000-0000-0000-0000-000000000001'
X
rm -r st

# ---- --check, and what cannot be
query -k id -e "$m" --check >said
grep -q '^delta	ok	tables can be created in the schema rudder$' said || fail "--check: $(cat said)"
status 78 rudder-query -d "trino://me@127.0.0.1:$TRINO_PORT/tpch/tiny" -t nation -k nationkey --delta tiny --cursor-state st --check >said
says 'Trino'
while IFS='|' read -r want words path options; do
	status "$want" rudder-query -d "trino://me@127.0.0.1:$TRINO_PORT/$path" --cursor-state st $options >/dev/null
	says "$words"
done <<'X'
78|there is no schema 'nope'|memory/default|-t t -k id --delta nope
78|there is no schema 'memory.nope'|tpch/tiny|-t nation -k nationkey --delta memory.nope
64|use catalog.schema||-t memory.default.t -k id --delta rudder
64|is not the name of a schema|memory/default|-t t -k id --delta a.b.c
78|the model has no key column 'x'|memory/default|-t t -k x --delta rudder
64|takes no parameters|memory/default|-e SELECT/**/:n/**/AS/**/id -P n=1 -k id --delta rudder
X
status 78 query -k id -e 'SELECT 0.5e0 AS id' >/dev/null
says "the key column 'id' is double"
status 78 query -k id -e 'SELECT 1 AS id, approx_set(5) AS h' >/dev/null
says "the column 'h' is HyperLogLog, which has no text to compare"
status 65 query -k id -e 'SELECT id, 1 / (id - id) AS v FROM t' >/dev/null
says "model '--sql'"
# wide: more columns than an array takes values
wide=$(seq 300 | sed 's/.*/& AS c&/' | paste -sd,)
is 'insert 1' "$(run "SELECT 1 AS id, $wide")" '300 columns'
is '' "$(run "SELECT 1 AS id, $wide")" 'the same again'
is 0 "$(n_rows)" 'its rows'
