# --delta on a DuckDB file: rows of keys that changed, and missing keys
# shellcheck shell=sh disable=SC2016,SC2086
set -eu
eval "$("$TOP/tests/tool/duck.sh" find)"
. "$TOP/tests/tool/lib.sh"

sql() { "$B/tool/ducksql" d.db "$@"; }
query() { rudder-query -d duckdb:d.db --delta rudder --cursor-state st "$@"; }
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
sql 'CREATE SCHEMA rudder' || skip 'no DuckDB'

# ---- the recipe: a row for each pair, which differs in one column only
cat >pairs <<'EOF'
TINYINT|1|2
SMALLINT|-1|1
INTEGER|1|2
BIGINT|9223372036854775806|9223372036854775807
HUGEINT|170141183460469231731687303715884105726|170141183460469231731687303715884105727
UHUGEINT|0|340282366920938463463374607431768211455
UBIGINT|18446744073709551614|18446744073709551615
DECIMAL(38,20)|0.10000000000000000001|0.10000000000000000002
DECIMAL(18,3)|1.001|1.002
DECIMAL(4,1)|-0.1|0.1
DOUBLE|0.30000000000000004|0.3
DOUBLE|0|-0
DOUBLE|1e-323|5e-324
FLOAT|0.1|0.10000001
FLOAT|0|-0
BOOLEAN|true|false
BOOLEAN|false|~
VARCHAR||~
VARCHAR|a|A
VARCHAR|a|a 
VARCHAR|NULL|~
VARCHAR|a,b|'a,b'
VARCHAR|\x01|~
VARCHAR COLLATE NOCASE|a|A
VARCHAR COLLATE NOACCENT|e|é
BLOB|\x00|\x00\x00
BLOB||~
BLOB|a|A
DATE|2024-01-01|2024-01-02
TIMESTAMP|2024-01-01 00:00:00.000001|2024-01-01 00:00:00.000002
TIMESTAMP_NS|2024-01-01 00:00:00.000000001|2024-01-01 00:00:00.000000002
TIMESTAMP_MS|2024-01-01 00:00:00.001|2024-01-01 00:00:00.002
TIMESTAMP_S|2024-01-01 00:00:01|2024-01-01 00:00:02
TIMESTAMPTZ|2024-01-01 00:00:00.000001+00|2024-01-01 00:00:00.000002+00
TIMESTAMPTZ|2024-10-27 00:30+00|2024-10-27 01:30+00
TIME|00:00:00|00:00:00.000001
TIMETZ|12:00:00+00|13:00:00+01
TIMETZ|12:00:00+00|12:00:00+01
INTERVAL|1 month|30 days
INTERVAL|1 day|24 hours
INTERVAL|-1 day|-24 hours
UUID|00000000-0000-0000-0000-000000000000|00000000-0000-0000-0000-000000000001
BIT|01|001
BIT|01|10
ENUM ('sad', 'glad')|sad|glad
ENUM ('sad', 'glad')|sad|~
INTEGER[]|[1, 2]|[2, 1]
INTEGER[]|[]|~
INTEGER[]|[NULL]|[]
VARCHAR[]|[NULL]|['NULL']
VARCHAR[]|['a, b', c]|[a, 'b, c']
VARCHAR[]|['']|[NULL]
INTEGER[][]|[[1, 2], [3]]|[[1], [2, 3]]
INTEGER[2]|[1, 2]|[1, 3]
INTERVAL[]|[1 month]|[30 days]
DOUBLE[]|[0]|[-0.0]
STRUCT(a VARCHAR, b VARCHAR)|{'a': 'x, b: y', 'b': z}|{'a': x, 'b': 'y, b: z'}
STRUCT(a VARCHAR, b VARCHAR)|{'a': x, 'b': NULL}|{'a': x, 'b': ''}
STRUCT(a VARCHAR, b VARCHAR)|{'a': NULL, 'b': NULL}|~
STRUCT(i INTERVAL)|{'i': 1 month}|{'i': 30 days}
MAP(VARCHAR, INTEGER)|{a=1}|{a=2}
MAP(VARCHAR, INTEGER)|{a=1, b=2}|{b=2, a=1}
MAP(VARCHAR, INTEGER)|{}|~
EOF
# the same value in another spelling: not read again
cat >spellings <<'EOF'
DECIMAL(10,2)|1|1.00
DOUBLE|1|1.0
DOUBLE|0.1|0.10000000000000000555
TIMESTAMPTZ|2024-01-01 00:00+00|2024-01-01 01:00+01
INTERVAL|1 year|12 months
UUID|ABCDEF00-0000-0000-0000-000000000000|abcdef00-0000-0000-0000-000000000000
BOOLEAN|t|true
BLOB|a|\x61
VARCHAR[]|[a, b]|['a', "b"]
EOF
# table NAME FIELD: row i has that field in column i, others the second
table() {
	cat pairs spellings | awk -F'|' -v name="$1" -v which="$2" -v q="'" '
	function lit(x) {gsub(q, q q, x); return x == "~" ? "NULL" : q x q}
	{
		n++
		column[n] = $1; first[n] = lit($2)
		insert = insert ";INSERT INTO " name " (id, c" n ") VALUES (" n ", " lit($which) ")"
	}
	END {
		printf "CREATE TABLE %s (id INTEGER", name
		for (i = 1; i <= n; i++) printf ", c%d %s DEFAULT %s", i, column[i], first[i]
		print ")" insert
	}' >statements
	sql "$(cat statements)"
}
table one 2
table two 3
plain() { rudder-query -d duckdb:d.db -k id -t $1 | grep -v '"_rudder"' | sort; }
plain one >one
plain two >two
comm -13 one two | sed 's/^{"id":\([0-9]*\),.*/\1/' | sort >differ
n=$(wc -l <pairs)
[ "$n" -ge 60 ] || fail "only $n pairs"
model='SELECT * FROM present'
sql 'CREATE VIEW present AS SELECT * FROM one'
is "$((n + $(wc -l <spellings)))" "$(run "$model" | tr ',' '\n' | wc -l)" 'rows of all types'
sql 'CREATE OR REPLACE VIEW present AS SELECT * FROM two'
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
rm d.db
sql 'CREATE SCHEMA rudder'

# ---- runs
sql "CREATE TABLE t AS SELECT i::INTEGER AS id, 'a' AS v FROM range(1, 101) r(i)"
m='SELECT * FROM t'
is 100 "$(run "$m" | tr ',' '\n' | wc -l)" 'the first run'
sql "UPDATE t SET v = 'b' WHERE id IN (7, 8); DELETE FROM t WHERE id = 9; INSERT INTO t VALUES (101, 'a')"
is 'delete 9,insert 101,update 7,update 8' "$(run "$m")" 'a second'
is 3 "$(n_rows)" 'its rows'
is '{"_rudder":{"type":"missing"},"id":9}' "$(grep '"missing"}' rows)" 'its missing key'
sql "UPDATE t SET v = 'c' WHERE id IN (7, 10)"
query -k id -e "$m" | rudder-diff -k id -s st --mode mirror >lost
is 'update 10,update 7' "$(changes <lost | paste -sd,)" 'a run without a commit'
sql "UPDATE t SET v = 'b' WHERE id = 7"
is 'update 10,update 7' "$(run "$m")" 'what went back'
is '' "$(run "$m")" 'and then'
is 0 "$(n_rows)" 'its rows'
sql "INSERT INTO t VALUES (11, 'x'), (NULL, 'x')"
for _ in 1 2; do
	run "$m" >/dev/null 2>&1 || :
	is 3 "$(n_rows)" 'a key of two rows, and a row without a key'
done
sql "DELETE FROM t WHERE id IS NULL OR (id = 11 AND v = 'x')"
run "$m" >/dev/null
run "$m" >/dev/null
is '' "$(run "$m")" 'a quiet run'
is 4 "$(rudder-query -d duckdb:d.db --tables | grep -c '"rudder\.rudder_')" 'tables'
# tables of a run whose clock was ahead go too, but no others of that name
id=$(sed -n 's/.*"id":"\([^"]*\)".*/\1/p' st/base)
future=vvvvvvvvvv0000000000
sql "CREATE TABLE rudder.rudder_${id}_${future}_h (k0 BIGINT); CREATE TABLE rudder.rudder_${id}_${future}_k (k0 BIGINT);
	CREATE TABLE rudder.rudder_0123456789abcdef_${future}_h (k0 BIGINT)"
is '' "$(run "$m")" 'a run after a clock was ahead'
is 0 "$(rudder-query -d duckdb:d.db --tables | grep -c "${id}_$future")" 'tables of a clock that was ahead'
is 5 "$(rudder-query -d duckdb:d.db --tables | grep -c '"rudder\.rudder_')" 'tables of others'
sql "DROP TABLE rudder.rudder_0123456789abcdef_${future}_h"
# a rejected row keeps only its own key open
sql "UPDATE t SET v = 'r' WHERE id <= 3"
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
# what makes it read all
is '' "$(run "$m" --delta-all)" '--delta-all'
is '"all":true' "$(all)" '--delta-all'
base=$(sed -n 's/.*"id":"\([^"]*\)".*"run":"\([^"]*\)".*/rudder_\1_\2_h/p' st/base)
sql "DELETE FROM rudder.$base WHERE k0 = 5"
is '' "$(run "$m")" 'a table that lost a row'
is '"all":true' "$(all)" 'a table that lost a row'

# ---- keys
rm -r st
sql "CREATE TABLE k (id VARCHAR COLLATE NOCASE, n DECIMAL(5,2), v VARCHAR); INSERT INTO k VALUES ('a', 1.5, 'x'), ('A', 1.5, 'x')"
keyed() {
	query -k id,n -e 'SELECT * FROM k' >rows
	rudder-diff -k id,n -s st --mode mirror --max-deletes 100% <rows >out
	ack accepted <out | rudder-diff --commit -s st
	grep -o '"action":"[a-z]*"\|"id":"[^"]*","n":[^,}]*' out | paste -sd' '
}
keyed >/dev/null
sql "DELETE FROM k WHERE id COLLATE C = 'a'"
is '"action":"delete" "id":"a","n":1.50' "$(keyed)" 'a key that differs in case'

# ---- --check, and what cannot be
query -k id -e "$m" --check >said
grep -q '^delta	ok	tables can be created in the schema rudder$' said || fail "--check: $(cat said)"
while IFS='|' read -r want words source options; do
	status "$want" rudder-query -d "$source" --cursor-state st $options >/dev/null
	says "$words"
done <<'EOF'
78|there is no schema 'nope'|duckdb:d.db|-t t -k id --delta nope
78|--delta keeps its tables in the database|duckdb:|-e SELECT/**/1/**/AS/**/id -k id --delta rudder
78|--delta keeps its tables in the database|duckdb::memory:|-e SELECT/**/1/**/AS/**/id -k id --delta rudder
78|--delta was not tried|parquet:x.parquet|-k id --delta rudder
64|is not the name of a schema|duckdb:d.db|-t t -k id --delta a.b
78|the model has no key column 'x'|duckdb:d.db|-t t -k x --delta rudder
EOF
status 78 query -k id -e 'SELECT 0.5::DOUBLE AS id' >/dev/null
says "the key column 'id' is DOUBLE"
status 78 query -k id -e 'SELECT [0.5]::DECIMAL(5,2)[] AS id' >/dev/null
says "the key column 'id' is DECIMAL(5,2)[]"
status 64 query -k id -e 'SELECT * FROM t WHERE id > :n' -P n=1 >/dev/null
says 'takes no parameters'
