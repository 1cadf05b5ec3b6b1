#!/bin/sh
# Database files that somebody else has made: their schema does nothing that the
# model does not ask for, and broken ones are errors.
. "$TOP/tests/tool/lib.sh"

# a view that runs a function which is not known to be harmless
command -v sqlite3 >/dev/null || skip 'no sqlite3'
sqlite3 a.db "CREATE TABLE t (id INTEGER PRIMARY KEY, s TEXT, n NUMERIC);
	INSERT INTO t VALUES (1, 'a', 1.5), (2, 'b', NULL);
	CREATE INDEX i ON t (s); CREATE VIEW plain AS SELECT upper(s) AS s FROM t;
	WITH RECURSIVE k(i) AS (SELECT 3 UNION ALL SELECT i + 1 FROM k WHERE i < 2000)
	INSERT INTO t SELECT i, 'row ' || i, i FROM k"
if sqlite3 a.db "CREATE VIRTUAL TABLE f USING fts4(x); INSERT INTO f VALUES ('some words');
	CREATE VIEW v AS SELECT snippet(f) AS x FROM f WHERE f MATCH 'some'" 2>log; then
	status 78 rudder-query -d sqlite:a.db -t v >out
	says 'unsafe use of'
	status 0 rudder-query -d sqlite:a.db -e "SELECT snippet(f) AS x FROM f WHERE f MATCH 'some'" >out
fi
status 0 rudder-query -d sqlite:a.db -t plain >out
status 0 rudder-query -d sqlite:a.db -t t >out
is 2000 "$(grep -c '^{"id"' out)" rows
# nor does a schema write, or load a library
for sql in "SELECT load_extension('./x.so') AS a" "SELECT writefile('w', 'x') AS a" "SELECT fts3_tokenizer('a', 'b') AS a"; do
	got=0
	rudder-query -d sqlite:a.db -e "$sql" >out 2>err || got=$?
	[ $got = 78 ] || [ $got = 65 ] || fail "$sql: status $got: $(cat err)"
	[ ! -e w ] || fail "$sql: a file was written"
done

# bytes set anywhere: an error or other rows, never a signal
size=$(wc -c <a.db)
i=0
while [ $i -lt 60 ]; do
	cp a.db b.db
	for k in 1 2 3 4 5 6 7 8; do
		at=$(((i * 7919 + k * 104729) % size))
		[ $i -lt 40 ] || at=$(((i * 7919 + k * 131) % 4096))
		printf '\377' | dd of=b.db bs=1 seek=$at conv=notrunc 2>log
	done
	for model in 'SELECT * FROM t' 'SELECT * FROM plain' "SELECT * FROM t WHERE s > 'b'"; do
		got=0
		timeout 300 rudder-query -d sqlite:b.db --max-rejects 100% -e "$model" >out 2>err || got=$?
		case $got in
		0 | 1 | 65 | 66 | 74 | 78) ;;
		*) fail "broken file $i, $model: status $got: $(cat err)" ;;
		esac
		[ $got -le 1 ] || ! grep -q '"type":"end"' out || fail "broken file $i: an end line after an error"
	done
	i=$((i + 1))
done

for bytes in 'SQLite format 3' 'SQLite format 3\000\020\000\001\001\000\100\040\040' ''; do
	# shellcheck disable=SC2059
	printf "$bytes" >c.db
	got=0
	rudder-query -d sqlite:c.db -t t >out 2>err || got=$?
	[ $got = 65 ] || [ $got = 78 ] || fail "'$bytes': status $got: $(cat err)"
done

# a view of a DuckDB file reads no other file; a model of ours does, if it may
eval "$("$TOP/tests/tool/duck.sh" find)"
echo 'a secret' >secret.txt
ducksql d.db "CREATE TABLE t AS SELECT 1 AS a" \
	"CREATE VIEW v AS SELECT content FROM read_text('secret.txt')" >log 2>&1 || fail "$(cat log)"
status 0 rudder-query -d duckdb:d.db -t t >out
grep -q '^{"a":1}$' out || fail "duckdb: $(cat out)"
status 77 rudder-query -d duckdb:d.db -t v >out
! grep -q 'a secret' out || fail 'duckdb: a view read a file'
says 'external=on'
status 0 rudder-query -d 'duckdb:d.db?external=on' -t v >out
grep -q 'a secret' out || fail "duckdb: $(cat out)"
status 0 rudder-query -d duckdb: -e "SELECT content FROM read_text('secret.txt')" >out
status 77 rudder-query -d 'duckdb:?external=off' -e "SELECT content FROM read_text('secret.txt')" >out
status 64 rudder-query -d 'duckdb:d.db?external=maybe' -t t >out
exit 0
