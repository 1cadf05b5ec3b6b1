# sqlite_odd.sh - rudder-query on SQLite: a model that writes, parts by keys of any kind, a file
# that cannot be opened
. "$TOP/tests/tool/lib.sh"
command -v sqlite3 >/dev/null || skip 'no sqlite3'
sqlite3 a.db 'CREATE TABLE t(id, v)' "INSERT INTO t VALUES (1, 'int'), (2.0, 'whole'), (1.5, 'half'), (1e300, 'large'), (-0.0, 'zero'), ('x', 'text'), (9e15, 'below'), (9007199254740992.0, 'beyond')"

# what would write is refused, also behind WITH
for sql in 'WITH d AS (SELECT 1) DELETE FROM t' "WITH d AS (SELECT 7 AS a) INSERT INTO t SELECT a, 'new' FROM d"; do
	status 78 rudder-query -d sqlite:a.db -e "$sql"
	says 'would write to the database'
	is 8 "$(sqlite3 a.db 'SELECT count(*) FROM t')" 'rows after a model that writes'
done

# each row is in one part; 2 and 2.0 are one key
parts_of() { # FILE N: the part and v of each row
	for i in $(seq 0 $(($2 - 1))); do
		rudder-query -d "sqlite:$1" -t t -k id --partition "$i/$2" | jq -r --arg i "$i" 'select(._rudder | not) | "\(.v) \($i)"'
	done | sort
}
for n in 1 2 7; do
	parts_of a.db $n >parts.$n
	is 8 "$(wc -l <parts.$n)" "rows in $n parts"
	is 8 "$(cut -d' ' -f1 parts.$n | sort -u | wc -l)" "different rows in $n parts"
done
sqlite3 b.db 'CREATE TABLE t(id, v)' "INSERT INTO t VALUES (1.0, 'int'), (2, 'whole'), ('1.5', 'half'), (0, 'zero'), (9000000000000000, 'below')"
for n in 2 7; do
	parts_of b.db $n >other
	while read -r line; do
		grep -qxF "$line" parts.$n || fail "in $n parts another one has $line: $(cat parts.$n)"
	done <other
done

# parts by number: whole numbers in either form, and nothing else
sqlite3 c.db 'CREATE TABLE t(id, v)' "INSERT INTO t VALUES (1, 'a'), (2.0, 'b'), (3, 'c'), (-4.0, 'd')"
for i in 0 1; do
	rudder-query -d sqlite:c.db -t t -k id --partition $i/2 --partition-by number | jq -r 'select(._rudder | not).v'
done | sort >got
is 'a b c d' "$(paste -sd' ' got)" 'by number'
for id in 1.5 1e300 "'x'" "'1'"; do
	sqlite3 c.db "INSERT INTO t VALUES ($id, 'odd')"
	got=0
	rudder-query -d sqlite:c.db -t t -k id --partition 1/2 --partition-by number >out 2>err || got=$?
	[ $got -ge 65 ] || fail "by number with $id: status $got"
	says 'a key is not a whole number, as --partition-by number requires'
	sqlite3 c.db "DELETE FROM t WHERE v = 'odd'"
done

# a time that nobody can read becomes no cursor
sqlite3 d.db 'CREATE TABLE t (id INT, at TIMESTAMP)' "INSERT INTO t VALUES (1, '01/02/2024'), (2, '03/02/2024')"
for counts in '2 2' '2 0'; do
	status 0 rudder-query -d sqlite:d.db -t t --cursor at --cursor-state st >read
	rudder-diff -k id -s st <read >changes
	is "$counts" "$(grep -vc _rudder read) $(grep -c '"type":"change"' changes)" 'rows and changes of odd times'
	ack accepted <changes | rudder-diff --commit -s st
done

# a table that another process alters between two locks: no value has the name of another column
command -v strace >/dev/null && strace -o /dev/null true 2>/dev/null && locks='10 11 12 13 14' || locks=''
for n in $locks; do
	rm -f alter.db
	sqlite3 alter.db 'CREATE TABLE t (id INT, gone TEXT, email TEXT)' "INSERT INTO t VALUES (1, 'x', 'a@b')"
	ASAN_OPTIONS="$ASAN_OPTIONS:detect_leaks=0" strace -f -o /dev/null -e trace=fcntl -e "inject=fcntl:delay_enter=700000:when=$n" \
		rudder-query -d sqlite:alter.db -t t >out 2>err &
	sleep 0.3
	sqlite3 alter.db 'ALTER TABLE t DROP COLUMN gone' 2>/dev/null || :
	wait $! || fail "an altered table: status $?: $(cat err)"
	case $(sed -n 2p out) in
	'{"id":1,"gone":"x","email":"a@b"}' | '{"id":1,"email":"a@b"}') ;;
	*) fail "an altered table at lock $n: $(sed -n 2p out)" ;;
	esac
done

# a file that cannot be opened has no log for that, unless it is in WAL mode
for n in 1 1+; do
	got=0
	lack "rudder-query open:$n:EACCES:/a.db" rudder-query -d "sqlite:$PWD/a.db" -t t >out 2>err || got=$?
	[ $got -ge 66 ] || fail "a file that cannot be opened: status $got: $(cat err)"
	! grep -q WAL err || fail "a file without a log: $(cat err)"
	! grep -q '"end"' out || fail 'an end line'
done
