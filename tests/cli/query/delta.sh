# --delta on a real PostgreSQL: rows of keys that changed, and missing keys
# shellcheck shell=sh disable=SC2016,SC2086
set -eu
eval "$("$TOP/tests/tool/pg.sh" start)"
trap '"$TOP/tests/tool/pg.sh" stop "$PG_DIR"' EXIT
trap 'exit 1' INT TERM
. "$TOP/tests/tool/lib.sh"

sql() { psql -qAtX -v ON_ERROR_STOP=1 "$@"; }
query() { rudder-query -d postgres:// --delta rudder --cursor-state st "$@"; }
# run MODEL [OPTION...]: one whole sync, all of it accepted; its changes
run() {
	model=$1
	shift
	rudder-query -d postgres:// --delta rudder --cursor-state st -k id -e "$model" "$@" >rows
	rudder-diff -k id -s st --mode mirror --max-deletes 100% <rows >out 2>err || cat err
	ack accepted <out | rudder-diff --commit -s st
	changes <out | paste -sd,
}
all() { grep -o '"all":[a-z]*' rows; }
n_rows() { grep -vc '"_rudder"' rows || :; }
sql -c 'CREATE SCHEMA rudder'

# ---- the recipe: a row for each pair, which differs in one column only
cat >pairs <<'EOF'
int|1|2
bigint|9223372036854775806|9223372036854775807
numeric|1.0|1.00
numeric|1|1.0
numeric|0.1|0.10000000000000000000000000000001
numeric|12345678901234567890|12345678901234567891
float8|0.30000000000000004|0.3
float8|0|-0
float8|1e-323|5e-324
float4|0.1|0.10000001
float4|16777216|16777218
text||~
text|a|A
text|a|a 
text|é|é
text|NULL|~
text|(a)|"(a)"
text|a,b|"a,b"
text|a"b|a""b
text|a\b|a\\b
text|\x01|~
text COLLATE ci|a|A
varchar(5)|a|a 
char(3)|a|b
name|a|b
"char"|a|b
boolean|t|f
boolean|f|~
bytea|\x00|\x0000
bytea|\x|~
date|2024-01-01|2024-01-02
timestamp|2024-01-01 00:00:00.000001|2024-01-01 00:00:00.000002
timestamptz|2024-01-01 00:00:00.000001Z|2024-01-01 00:00:00.000002Z
timestamptz|2024-10-27 00:30Z|2024-10-27 01:30Z
time|00:00|24:00
time|00:00:00.000001|00:00
timetz|12:00+00|13:00+01
interval|1 mon|30 days
interval|1 day|24 hours
interval|-1 day|-24 hours
json|{"a":1}|{"a": 1}
jsonb|1.0|1.00
jsonb|"1"|1
jsonb|null|~
jsonb|{}|[]
uuid|00000000-0000-0000-0000-000000000000|00000000-0000-0000-0000-000000000001
inet|10.0.0.1/24|10.0.0.1
cidr|10.0.0.0/8|10.0.0.0/9
macaddr|00:00:00:00:00:01|00:00:00:00:00:02
varbit|01|001
point|(0.1,0.2)|(0.1,0.20000000000000004)
box|(1,1),(0,0)|(1,1),(0,0.5)
xml|<a/>|<a></a>
tsvector|a:1|a:2
int[]|{1,2}|{2,1}
int[]|{}|~
int[]|{{1,2},{3,4}}|{1,2,3,4}
text[]|{NULL}|{"NULL"}
text[]|{"a,b",c}|{a,"b,c"}
text[]|{""}|{NULL}
pair|("a,b",c)|(a,"b,c")
pair|(a,)|(a,"")
pair|(,)|~
mood|sad|glad
money|1.00|1.01
regclass|pg_class|pg_type
oid|4294967294|4294967295
int4range|[1,3)|[1,4)
int4range|empty|~
tstzrange|[2024-01-01Z,2024-01-02Z)|[2024-01-01Z,2024-01-02Z]
positive|1|2
EOF
# the same value in another spelling: not read again
cat >spellings <<'EOF'
numeric(10,2)|1|1.00
numeric|1e3|1000
float8|1|1.0
float8|0.1|0.10000000000000000555
jsonb|{"a":1,"b":2}|{"b": 2, "a": 1}
timestamptz|2024-01-01 00:00Z|2024-01-01 01:00+01
interval|1 year|12 mons
int4range|[1,2]|[1,3)
uuid|ABCDEF00-0000-0000-0000-000000000000|abcdef00-0000-0000-0000-000000000000
inet|10.0.0.1|10.0.0.1/32
boolean|t|true
bytea|a|\x61
char(3)|a|a  
time|1:00|01:00:00
date|2024-01-01|1 Jan 2024
text[]|{a,b}|{"a", "b"}
EOF
sql <<'EOF'
CREATE COLLATION ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE TYPE pair AS (a text, b text);
CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
EOF
# table NAME VALUE: row i has that of the second or third field in column i
table() {
	cat pairs spellings | awk -F'|' -v name="$1" -v which="$2" -v q="'" '
	function lit(x) {gsub(q, q q, x); return x == "~" ? "NULL" : q x q}
	{
		n++
		column[n] = $1; first[n] = lit($2)
		insert = insert "INSERT INTO " name " (id, c" n ") VALUES (" n ", " lit($which) ");\n"
	}
	END {
		printf "CREATE TABLE %s (id int", name
		for (i = 1; i <= n; i++) printf ", c%d %s DEFAULT %s", i, column[i], first[i]
		print ");\n" insert
	}' | sql
}
table one 2
table two 3
rudder-query -d postgres:// -k id -t one | grep -v '"_rudder"' | sort >one
rudder-query -d postgres:// -k id -t two | grep -v '"_rudder"' | sort >two
comm -13 one two | sed 's/^{"id":\([0-9]*\),.*/\1/' | sort -n >differ
n=$(wc -l <pairs)
[ "$n" -ge 60 ] || fail "only $n pairs"
model='SELECT * FROM present'
sql -c 'CREATE VIEW present AS SELECT * FROM one'
is "$((n + $(wc -l <spellings)))" "$(run "$model" | tr ',' '\n' | wc -l)" 'rows of all types'
# a session that writes values otherwise
sql -c 'CREATE OR REPLACE VIEW present AS SELECT * FROM two'
PGOPTIONS='-c extra_float_digits=0 -c datestyle=German -c intervalstyle=sql_standard -c bytea_output=escape' \
	rudder-query -d postgres:// --delta rudder --cursor-state st -k id -e "$model" >rows
is '"all":false' "$(all)" 'the second run'
grep -v '"_rudder"' rows | sed 's/^{"id":\([0-9]*\),.*/\1/' | sort -n >read
comm -23 differ read >lost
[ ! -s lost ] || fail "pairs that differ and were not read: $(paste -sd' ' lost)"
is "$(seq "$n" | paste -sd,)" "$(paste -sd, read)" 'what is read'
rudder-diff -k id -s st --mode mirror <rows >out 2>err || :
is "$(rudder-diff -k id one two | changes | paste -sd,)" "$(changes <out | paste -sd,)" 'what rudder-diff finds in it'
ack accepted <out | rudder-diff --commit -s st
is '' "$(run "$model")" 'and once more'
is 0 "$(n_rows)" 'rows once more'
rm -r st
sql 2>/dev/null <<'EOF'
DROP VIEW present; DROP TABLE one, two; DROP SCHEMA rudder CASCADE; CREATE SCHEMA rudder
EOF

# ---- runs
sql -c "CREATE TABLE t (id int, v text); INSERT INTO t SELECT i, 'a' FROM generate_series(1, 100) i"
m='SELECT * FROM t'
is 100 "$(run "$m" | tr ',' '\n' | wc -l)" 'the first run'
is '"all":true' "$(all)" 'the first run'
is '' "$(run "$m")" 'the second'
is 0 "$(n_rows)" 'its rows'
sql -c "UPDATE t SET v = 'b' WHERE id IN (7, 8); DELETE FROM t WHERE id = 9; INSERT INTO t VALUES (101, 'a')"
is 'delete 9,insert 101,update 7,update 8' "$(run "$m")" 'a third'
is 3 "$(n_rows)" 'its rows'
is '{"_rudder":{"type":"missing"},"id":9}' "$(grep '"missing"}' rows)" 'its missing key'
# what was not acknowledged is read again, though the base has moved; also where
# the row has its old value again
sql -c "UPDATE t SET v = 'c' WHERE id IN (7, 10)"
query -k id -e "$m" | rudder-diff -k id -s st --mode mirror >lost
is 'update 10,update 7' "$(changes <lost | paste -sd,)" 'a run without a commit'
sql -c "UPDATE t SET v = 'b' WHERE id = 7"
is 'update 10,update 7' "$(run "$m")" 'what went back'
is '' "$(run "$m")" 'and then'
is 0 "$(n_rows)" 'its rows'
# a key of two rows: each of them counts, and both are read in each run
sql -c "INSERT INTO t VALUES (11, 'x')"
run "$m" >/dev/null 2>&1 || :
is 2 "$(n_rows)" 'a key of two rows'
run "$m" >/dev/null 2>&1 || :
is 2 "$(n_rows)" 'the same once more'
sql -c "DELETE FROM t WHERE id = 11; INSERT INTO t VALUES (11, 'y')"
is 'update 11' "$(run "$m")" 'one row of it again'
# so are rows without a key
sql -c "INSERT INTO t VALUES (NULL, 'x')"
for _ in 1 2; do
	run "$m" >/dev/null 2>&1 || :
	is '{"id":null,"v":"x"}' "$(grep -v '"_rudder"' rows)" 'a row without a key'
done
sql -c "DELETE FROM t WHERE id IS NULL"
# what a run has made and nobody needs is dropped by a later one
is '' "$(run "$m")" 'a run'
is '' "$(run "$m")" 'and another'
is 4 "$(sql -c "SELECT count(*) FROM pg_tables WHERE schemaname = 'rudder'")" 'tables'
is 1 "$(sql -c "SELECT count(DISTINCT substr(tablename, 1, 23)) FROM pg_tables WHERE schemaname = 'rudder'")" 'ids of tables'

# so is what a first run has made whose rows nobody has read; but not before the
# base is past it, for its rows may be read yet
made() { sql -c "SELECT count(*) FROM pg_tables WHERE schemaname = 'rudder' AND tablename LIKE 'rudder\\_$(cat st/delta)%'"; }
rm -r st
query -k id -e "$m" >first
query -k id -e "$m" >second
is 2 "$(made)" 'tables of two runs that nobody has read'
rudder-diff -k id -s st --mode mirror <first | ack accepted | rudder-diff --commit -s st
is '' "$(run "$m")" 'a run on the base of the first'
is '"all":false' "$(all)" 'a run on the base of the first'
is '' "$(run "$m")" 'a second'
is '' "$(run "$m")" 'a third'
is 4 "$(made)" 'tables after three runs'
rm -r st
mkdir st
: >st/delta # of a process that was killed
is 100 "$(run "$m" | tr ',' '\n' | wc -l)" 'a run after a killed one'
rm -r st
status 0 query -k id -e "$m" --check >said
[ ! -e st ] || fail '--check makes a state'

# ---- what makes it read all
run "$m" >/dev/null
base() { sed -n 's/.*"run":"\([^"]*\)".*/\1/p' st/base; }
reads_all() { # WHY [OPTION...]
	why=$1
	shift
	is '' "$(run "$m" "$@" -v 2>said)" "changes: $why"
	is '"all":true' "$(all)" "$why"
	grep -qF "all of them: $why" said || fail "not said: $why: $(cat said)"
}
reads_all '--delta-all asks for it' --delta-all
sql -c "DO \$\$ BEGIN EXECUTE 'DROP TABLE rudder.' || (SELECT quote_ident(tablename) FROM pg_tables WHERE tablename LIKE '%$(base)_h'); END \$\$"
reads_all 'a table of the base is not there'
sql -c "DO \$\$ BEGIN EXECUTE 'DELETE FROM rudder.' || (SELECT quote_ident(tablename) FROM pg_tables WHERE tablename LIKE '%$(base)_h') || ' WHERE k0 = 5'; END \$\$"
reads_all 'a table of the base has lost rows'
m='SELECT *  FROM t'
reads_all 'the model, its columns, the key or the source is a different one'
rudder-query -d postgres:// -k id -e "$m" | rudder-diff -k id -s st --mode mirror | ack accepted | rudder-diff --commit -s st
reads_all 'something else has used the state'
sql -c 'ALTER TABLE t RENAME v TO w'
run "$m" >/dev/null
is '"all":true' "$(all)" 'a column of another name'
sql -c 'ALTER TABLE t ALTER w TYPE varchar(9)'
run "$m" >/dev/null
is '"all":true' "$(all)" 'a column of another type'
query -k id -e "$m" >rows
is '"all":false' "$(all)" 'the same again'

# ---- keys
rm -r st
sql -c 'CREATE TABLE k (id text COLLATE ci, n numeric, d timestamptz, v text)'
sql -c "INSERT INTO k VALUES ('a', 1.5, '2024-01-01Z', 'x'), ('A', 1.5, '2024-01-01Z', 'x'), ('b', 1, '2024-01-02 00:00:00.5Z', 'x')"
keyed() { # [OPTION...]: a run by three columns
	query -k id,n,d -e 'SELECT * FROM k' >rows
	rudder-diff -k id,n,d -s st --mode mirror --max-deletes 100% <rows >out
	ack accepted <out | rudder-diff --commit -s st
	grep -o '"action":"[a-z]*"\|"id":"[^"]*","n":[^,]*' out | paste -sd' '
}
keyed >/dev/null
sql -c "DELETE FROM k WHERE id = 'a' COLLATE \"C\""
is '"action":"delete" "id":"a","n":1.5' "$(keyed)" 'a key that differs in case'
sql -c "UPDATE k SET n = 1.50, v = 'y' WHERE n = 1.5"
is '"action":"update" "id":"A","n":1.50' "$(keyed)" 'a number in another spelling is the same key'
sql -c "UPDATE k SET d = d + '1 us' WHERE id = 'b'"
is '"action":"insert" "id":"b","n":1 "action":"delete" "id":"b","n":1' "$(keyed)" 'a moment later is another key'
rm -r st

# ---- a row that is rejected for good keeps only its own key open
sql -c 'TRUNCATE k'
sql -c "INSERT INTO k SELECT 'it''s \" {' || i, i + 0.5, timestamp '2024-01-01' + i * interval '1.5 s', 'x' FROM generate_series(1, 50) i"
rejecting() {
	query -k id,n,d -e 'SELECT * FROM k' >rows
	rudder-diff -k id,n,d -s st --mode mirror <rows >out
	ack accepted <out | sed '2s/accepted/rejected/' >acks
	status 1 rudder-diff --commit -s st acks
}
rejecting
is '"all":true' "$(all)" 'the first run with a reject'
rejecting
is '"all":false 50' "$(all) $(n_rows)" 'the second: each change of the first'
sql -c "UPDATE k SET v = 'y' WHERE n IN (3.5, 4.5)"
rejecting
is 3 "$(n_rows)" 'the third: what was rejected, and what changed'
rejecting
is '"all":false' "$(all)" 'the fourth'
[ "$(n_rows)" -le 3 ] || fail "the fourth reads $(n_rows) rows"
rejecting
is 1 "$(n_rows)" 'the fifth: what was rejected'
# a list that does not fit the table: all keys of it
sed 's/.*"list":\[\(.*\)\],"sum.*/\1/' st/base >listed
grep -q 'it' listed || fail "the list: $(cat st/base)"
rm -r st

# ---- parameters, and a part of the model
sql -c 'ALTER TABLE t RENAME w TO v'
q() { rudder-query -d postgres:// --delta rudder --cursor-state st -k id -e 'SELECT * FROM t WHERE id > :n' -P n=$1 >rows; }
q 90
is 11 "$(n_rows)" 'a parameter'
rudder-diff -k id -s st --mode mirror <rows | ack accepted | rudder-diff --commit -s st
q 90
is 0 "$(n_rows)" 'the same parameter'
q 91
is '"all":true 10' "$(all) $(n_rows)" 'a different one'
rm -r st
for i in 0 1; do
	rudder-query -d postgres:// --delta rudder --cursor-state st$i -k id --partition $i/2 -e "$m" >rows$i
	rudder-diff -k id -s st$i --mode mirror <rows$i | ack accepted | rudder-diff --commit -s st$i
done
sql -c "UPDATE t SET v = 'p' WHERE id <= 20"
for i in 0 1; do rudder-query -d postgres:// --delta rudder --cursor-state st$i -k id --partition $i/2 -e "$m"; done | grep -v '"_rudder"' >rows
is 19 "$(n_rows)" 'rows of two parts'

# ---- rows that differ each time they are computed do not count as read
rm -rf st
run 'SELECT id, random() AS v FROM t WHERE id < 3' >/dev/null
query -k id -e 'SELECT id, random() AS v FROM t WHERE id < 3' >rows
is '"unread":2' "$(grep -o '"unread":[0-9]*' rows)" 'unread rows'
rm -r st

# ---- a killed rudder-query leaves nothing half done
run "$m" >/dev/null
query -k id -e "SELECT id, pg_sleep(0.1)::text AS v FROM t" >rows 2>/dev/null &
pid=$!
eventually 'the query runs' sh -c "psql -qAtXc \"SELECT 1 FROM pg_stat_activity WHERE query LIKE 'CREATE TABLE%'\" | grep -q 1"
kill -9 $pid
wait $pid 2>/dev/null || :
is '' "$(run "$m")" 'the run afterwards'
is 0 "$(n_rows)" 'its rows'

# ---- --check, and what cannot be
status 0 query -k id -e "$m" --check
query -k id -e "$m" --check >said
grep -q '^delta	ok	tables can be created in the schema rudder$' said || fail "--check: $(cat said)"
before=$(sql -c "SELECT count(*) FROM pg_tables WHERE schemaname = 'rudder'")
is "$before" "$(sql -c "SELECT count(*) FROM pg_tables WHERE schemaname = 'rudder'")" 'tables of --check'
sql <<'EOF'
CREATE ROLE reader LOGIN; GRANT SELECT ON t TO reader; GRANT USAGE ON SCHEMA rudder TO reader;
CREATE ROLE maker LOGIN; GRANT SELECT ON t TO maker; GRANT USAGE, CREATE ON SCHEMA rudder TO maker;
EOF
PGUSER=reader status 77 query -k id -e "$m" --check
says "--delta: user 'reader' may not create tables in the schema 'rudder'"
PGUSER=reader status 77 query -k id -e "$m"
PGUSER=maker status 0 rudder-query -d postgres:// --delta rudder --cursor-state new -k id -e "$m" >/dev/null
while IFS='|' read -r want words options; do
	status "$want" rudder-query -d postgres:// $options >/dev/null
	says "$words"
done <<'EOF'
64|--delta needs --cursor-state|-t t -k id --delta rudder
64|--delta needs the key of the rows|-t t --delta rudder --cursor-state st
64|--delta-all needs --delta|-t t -k id --delta-all
64|--delta excludes|-t t -k id --delta rudder --cursor-state st --limit 5
64|--delta excludes|-t t -k id --delta rudder --cursor-state st --cursor id
64|--delta excludes|-t t -k id --delta rudder --cursor-state st --legacy-types
64|is not the name of a schema|-t t -k id --delta a.b --cursor-state st
64|is not the name of a schema|-t t -k id --delta a"b --cursor-state st
78|there is no schema 'nope'|-t t -k id --delta nope --cursor-state st
78|the model has no key column 'x'|-t t -k x --delta rudder --cursor-state st
78|--delta was not tried on the database of this source|-d sqlite:x -t t -k id --delta rudder --cursor-state st
78|--delta was not tried on the database of this source|-d redshift:// -t t -k id --delta rudder --cursor-state st
EOF
status 78 query -k id -e 'SELECT 0.5::float8 AS id'
says "the key column 'id' has a type whose values PostgreSQL compares in another way"
status 78 query -k id -e "SELECT 1 AS id, ROW(1, 2) AS r"
says "the column 'r' is a record without a type"
status 65 query -k id -e 'SELECT id, 1 / 0 AS v FROM t' >rows
says "model '--sql': PostgreSQL: division by zero"
