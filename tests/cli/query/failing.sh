# failing.sh - a SQLite file that fails in the middle, and no room for the rows
# shellcheck shell=sh
. "$TOP/tests/tool/lib.sh"
. "$TOP/tests/tool/failures.sh"
sqlite3 a.db "CREATE TABLE t (id INTEGER PRIMARY KEY, s TEXT);
	INSERT INTO t SELECT value, printf('%200d', value) FROM generate_series(1, 20000)"
query() { rudder-query -d sqlite:a.db "$@"; }
gen() { echo "WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r WHERE i < $1) SELECT i AS id, 'name ' || i AS name, i * 1.5 AS d FROM r"; }
bounded SQLite "$(gen 10000)" "$(gen "${ROWS:-500000}")" rudder-query -d sqlite:a.db
full SQLite rudder-query -d sqlite:a.db -t t
cp a.db whole.db

# the file is cut, or a page of it is overwritten, behind rows that were read
cut() { truncate -s 3000000 a.db; }
cut
got=0
query -t t >out 2>err || got=$?
torn 65 "a cut file" 'malformed|disk I/O|not a database'
cp whole.db a.db
dd if=/dev/urandom of=a.db bs=4096 seek=700 count=1 conv=notrunc 2>/dev/null
got=0
query -t t >out 2>err || got=$?
torn 65 "a damaged page" 'malformed'
[ "$(wc -l <out)" -gt 10000 ] || fail "a damaged page: few rows"
cp whole.db a.db

# another process has it locked, for longer than we wait
mkfifo hold
sqlite3 a.db <hold &
holder=$!
exec 4>hold
echo "PRAGMA busy_timeout=10000; PRAGMA locking_mode=exclusive; BEGIN EXCLUSIVE;" >&4
n=0
until ! sqlite3 a.db 'SELECT count(*) FROM t' >n 2>/dev/null || [ $n -gt 50 ]; do
	n=$((n + 1))
	sleep 0.05
done
got=0
query --timeout 300ms -t t >out 2>err || got=$?
torn 75 "a locked file" 'locked|--timeout'
exec 4>&-
wait $holder || :
status 0 query -t t --limit 1

# a lock is waited for as long as --timeout says, and no longer
sqlite3 a.db <hold &
holder=$!
exec 4>hold
echo "PRAGMA busy_timeout=10000; BEGIN EXCLUSIVE;" >&4
n=0
until ! sqlite3 a.db 'SELECT count(*) FROM t' >n 2>/dev/null || [ $n -gt 50 ]; do
	n=$((n + 1))
	sleep 0.05
done
before=$(date +%s)
status 75 query --timeout 200ms -t t
[ $(($(date +%s) - before)) -lt 4 ] || fail "a lock outlasts --timeout"
(
	sleep 6
	echo "COMMIT;" >&4
) &
status 0 query --timeout 60s -t t --limit 1
exec 4>&-
wait

# a database in WAL mode in a folder that cannot be written
mkdir wal
sqlite3 wal/a.db 'PRAGMA journal_mode = wal; CREATE TABLE t (id INT); INSERT INTO t VALUES (1)' >/dev/null
cp wal/a.db 'wal/x?y#z%.db'
as='' # somebody who may not write there
[ "$(id -u)" != 0 ] || as='setpriv --reuid=nobody --regid=nogroup --clear-groups'
there=$(mktemp -d /tmp/rudder-wal.XXXXXX) # where anybody may go
trap 'chmod 755 "$there"; rm -rf "$there"' EXIT
cp wal/a.db "$there"
chmod 644 "$there/a.db"
chmod 555 "$there"
if $as rudder-query --version >/dev/null 2>&1; then
	status 77 $as rudder-query -d "sqlite:$there/a.db" -t t
	says "use sqlite:$there/a.db?immutable=1 if nothing writes"
	status 0 $as rudder-query -d "sqlite:$there/a.db?immutable=1" -t t >out
	is '{"id":1}' "$(sed -n 2p out)" immutable
fi
status 0 rudder-query -d 'sqlite:wal/x?y#z%.db?immutable=1' -t t >out
is '{"id":1}' "$(sed -n 2p out)" 'a name with signs'
# a writer was killed in the middle of a transaction, of which parts are in the file
mkdir killed
sqlite3 killed/a.db 'CREATE TABLE t (id INT, v TEXT); WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r WHERE i < 5000) INSERT INTO t SELECT i, hex(randomblob(100)) FROM r'
ln -s killed/a.db link.db
# shellcheck disable=SC2016 # of the shell of sqlite3
printf '%s\n' 'PRAGMA cache_size = 5;' 'BEGIN;' 'DELETE FROM t;' '.shell kill -9 $PPID' | sqlite3 killed/a.db || :
for path in killed/a.db link.db; do
	status 77 rudder-query -d "sqlite:$path" -e 'SELECT count(*) AS n FROM t'
	says "'$path' has an unfinished change, whose writer ended: run sqlite3 '$path' .tables once"
	status 78 rudder-query -d "sqlite:$path?immutable=1" -e 'SELECT count(*) AS n FROM t'
	says "killed/a.db-journal' belongs to an unfinished change, which immutable=1 does not undo"
done
sqlite3 killed/a.db .tables >/dev/null
for path in killed/a.db link.db 'killed/a.db?immutable=1' 'link.db?immutable=1'; do
	status 0 rudder-query -d "sqlite:$path" -e 'SELECT count(*) AS n FROM t' >out
	is '{"n":5000}' "$(sed -n 2p out)" "undone: $path"
done
# a journal that cannot be read may be of that kind
mkdir killed/a.db-journal
status 78 rudder-query -d 'sqlite:killed/a.db?immutable=1' -e 'SELECT count(*) AS n FROM t'
says 'belongs to an unfinished change'
rmdir killed/a.db-journal
# a journal that is kept, and emptied
sqlite3 killed/a.db 'PRAGMA journal_mode = persist; DELETE FROM t WHERE id > 1' >/dev/null
[ -s killed/a.db-journal ] || fail 'the journal was not kept'
status 0 rudder-query -d 'sqlite:link.db?immutable=1' -e 'SELECT count(*) AS n FROM t' >out
is '{"n":1}' "$(sed -n 2p out)" 'a journal without changes'
# changes that are in the log only are not left out without a word
mkfifo writer
sqlite3 wal/a.db <writer &
exec 5>writer
echo "INSERT INTO t VALUES (2);" >&5
n=0
until [ -s wal/a.db-wal ] || [ $n -gt 100 ]; do
	n=$((n + 1))
	sleep 0.05
done
status 78 rudder-query -d 'sqlite:wal/a.db?immutable=1' -t t
says "wal/a.db-wal' contains changes"
ln -s wal/a.db log.db
status 78 rudder-query -d 'sqlite:log.db?immutable=1' -t t
says "wal/a.db-wal' contains changes"
exec 5>&-
wait
