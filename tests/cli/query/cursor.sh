# cursor.sh - a table read by a cursor, from SQLite through all stages
# shellcheck shell=sh
. "$TOP/tests/tool/lib.sh"
. "$TOP/tests/tool/cursors.sh"
db() { sqlite3 a.db "$@"; }
query() { rudder-query -d sqlite:a.db "$@"; }

db 'CREATE TABLE c (id INTEGER, v TEXT, n INTEGER, d DECIMAL, f REAL, at TIMESTAMP, day DATE, s TEXT, u)'
cursor_story n 1 '1|1' '9007199254740993|9007199254740993' '9223372036854775806|9223372036854775806' '9223372036854775807|9223372036854775807'
cursor_story d 0.5 '1|1' '2.5|2.5' '3|3' '3.5|3.5'
cursor_story f 0.1 '-1e300|-1e+300' '0.1|0.1' '0.2|0.2' '0.3|0.3'
cursor_story at 10m "'2024-01-01 00:00:00'|" "'2024-01-01 00:00:01'|2024-01-01 00:00:01" "'2024-01-02 23:55:00'|2024-01-02 23:55:00" "'2024-01-03 00:05:00'|2024-01-03 00:05:00"
cursor_story day 24h "'2023-12-31'|" "'2024-01-01'|2024-01-01" "'2024-02-29'|2024-02-29" "'2024-03-01'|2024-03-01"
cursor_story u 5 '5|5' '10|10' '15|15' '20|20'

# rows of later than now, of no time at all, infinite: read by each run, and
# they do not move the cursor
db 'DELETE FROM c'
rm -rf st
db "INSERT INTO c (id, v, at) VALUES (1, 'x', '2024-01-01 00:00:00'), (2, 'x', '9999-12-31 00:00:00'), (3, 'x', 'soon')"
cursor_sync st accepted -t c --cursor at --cursor-state st
is_read '1 2 3 ' '1 2 3 ' '2024-01-01 00:00:00' 'the year 9999'
db "INSERT INTO c (id, v, at) VALUES (4, 'x', '2024-01-02 00:00:00')"
cursor_sync st accepted -t c --cursor at --cursor-state st
is_read '1 2 3 4 ' '4 ' '2024-01-02 00:00:00' 'a row after the year 9999'

# a cursor that a clock which was ahead let into the future hides no row: all are read
query -t c --cursor at --cursor-state st | sed 's/"value":"[^"]*"/"value":"9999-12-31T00:00:00Z"/' |
	rudder-diff -k id -s st | ack accepted | rudder-diff --commit -s st || fail "the future: $?"
grep -q '"value":"9999-12-31T00:00:00Z"' st/cursor || fail 'no cursor in the future'
db "INSERT INTO c (id, v, at) VALUES (5, 'x', '2024-01-03 00:00:00')"
cursor_sync st accepted -t c --cursor at --cursor-state st
is_read '1 2 3 4 5 ' '5 ' '2024-01-03 00:00:00' 'a cursor in the future'
grep -qF "warning: the cursor in 'st' is in the future: a clock is, or was, wrong; reading all rows" err || fail "$(cat err)"
cursor_sync st accepted -t c --cursor at --cursor-state st
is_read '2 3 5 ' '' '2024-01-03 00:00:00' 'after it'

# the column becomes another type: all rows
db 'DROP TABLE c; CREATE TABLE c (id INTEGER, v TEXT, at INTEGER)'
db "INSERT INTO c VALUES (1, 'x', 7), (2, 'y', 8)"
cursor_sync st accepted -t c --cursor at --cursor-state st
is_read '1 2 ' '1 2 ' 8 'another type'
grep -q "the cursor 'at' was datetime and is now int: reading all rows" err || fail 'no word on the type'

# by portions: each begins where the last one ended, the nulls last
db "DELETE FROM c; INSERT INTO c SELECT value, 'x', value / 3 FROM generate_series(1, 20); INSERT INTO c VALUES (99, 'x', NULL)"
rm -rf st
for n in 1 2 3 4 5 6 7 8 9 10 11 12; do
	query -t c --cursor at --cursor-state st --limit 5 >rows || fail "portion $n: $?"
	rudder-diff -k id -s st rows >changes
	rudder-map -t track --event e -u id <changes | rudder-send -d file:portions | rudder-diff --commit -s st
	[ "$(grep -c '^{"id"' rows)" = 5 ] || break
done
is 21 "$(sed 's/.*"userId":"\([0-9]*\)".*/\1/' portions | sort -n | uniq | wc -l)" 'rows of all portions'
is 21 "$(wc -l <portions)" 'rows sent twice by portions'
[ "$n" -lt 12 ] || fail "no end of portions"

# a limit that the cursor cannot get over: ties, nulls
rm -rf st
db "DELETE FROM c; INSERT INTO c SELECT value, 'x', 5 FROM generate_series(1, 20)"
cursor_sync st accepted -t c --cursor at --cursor-state st --limit 3
status 78 query -t c --cursor at --cursor-state st --limit 3
says '--limit 3 is too low'
db "UPDATE c SET at = NULL"
status 78 query -t c --cursor at --cursor-state st2 --limit 3
says '--limit 3 is too low'

# texts are not in the order of numbers, so no overlap of one can be taken off
db "DROP TABLE c; CREATE TABLE c (id INTEGER, s TEXT); INSERT INTO c VALUES (1, '995'), (2, '1990'), (3, '2000')"
status 64 query -t c --cursor s --since 2000 --overlap 1005
says 'is text'
db 'DROP TABLE c; CREATE TABLE c (id INTEGER, v TEXT, at INTEGER)'

# a state that cannot be read, and one that is damaged
echo x >st/cursor
status 78 query -t c --cursor at --cursor-state st
says 'damaged: remove it'
status 0 query -t c --cursor at --cursor-state nosuch

# whatever comes between, one undisturbed run leaves the destination equal
rm -rf st events
db "DROP TABLE c; CREATE TABLE c (id INTEGER PRIMARY KEY, v TEXT, n INTEGER)"
: >events
tick=0
for round in $(seq 40); do
	# shellcheck disable=SC2046
	set -- $(awk -v s="$round" 'BEGIN {srand(s); print int(rand() * 8), int(rand() * 20) + 1, int(rand() * 20) + 1, int(rand() * 9)}')
	tick=$((tick + 1))
	db "INSERT OR REPLACE INTO c VALUES ($2, 'a$round', $tick), ($3, 'b$round', $((tick + $4 / 8)))"
	tick=$((tick + $4 / 8))
	query -t c --cursor n --cursor-state st >rows
	[ "$1" != 0 ] || sed -i '$d' rows # the source died
	rudder-diff -k id -s st rows >changes 2>err || :
	[ "$1" != 1 ] || sed -i '$d' changes
	rudder-map -t track --event e -u id <changes 2>err | rudder-send -d file:new >receipts 2>err || :
	case $1 in
	2 | 3) # nothing arrived
		word=failed
		[ "$1" = 2 ] || word=rejected
		sed -i "s/\"delivered\"/\"$word\"/" receipts
		: >new
		;;
	4) sed -i 's/"delivered"/"unknown"/' receipts ;;
	5) # half of it arrived
		half=$(($(wc -l <receipts) / 2))
		sed -i "$half,\$s/\"delivered\"/\"failed\"/" receipts
		sed -i "$((half > 1 ? half - 1 : 1)),\$d" new
		;;
	6) # its end is lost
		sed -i '$d' receipts
		;;
	esac
	cat new >>events
	rm -f new
	rudder-diff --commit -s st receipts 2>err || :
done
query -t c --cursor n --cursor-state st | rudder-diff -k id -s st | rudder-map -t track --event e -u id |
	rudder-send -d file:events | rudder-diff --commit -s st || fail "last run: $?"
db -separator ' ' "SELECT id, v FROM c ORDER BY id" >wanted
sed 's/.*"v":"\([^"]*\)".*"userId":"\([^"]*\)".*/\2 \1/' events | awk '{last[$1] = $2} END {for (i in last) print i, last[i]}' | sort -n >got
cmp wanted got || fail "lost: $(diff wanted got)"

# no fingerprint from which a parameter could be guessed leaves rudder-diff
p() { query -e "SELECT * FROM c WHERE :secret <> v" -P secret=a --cursor n --cursor-state st2; }
p >rows
rudder-diff -k id -s st2 rows >changes
rudder-map -t track --event e -u id <changes | rudder-send -q -d null: | rudder-diff -q --commit -s st2 || fail "commit: $?"
sed -n '1s/.*"params":"\([^"]*\)".*"source":"\([^"]*\)".*"reads":"\([^"]*\)".*/\1\n\2\n\3/p' rows >prints
[ "$(grep -cxE '[0-9a-f]{64}' prints)" = 3 ] || fail "fingerprints: $(cat prints)"
if grep -rlF -f prints changes st2; then fail 'a fingerprint of the query is in what leaves rudder-diff'; fi
p | tail -n 1 | grep -q '"since"' || fail 'the cursor is not known again'
