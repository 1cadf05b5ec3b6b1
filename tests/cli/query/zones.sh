# the zone of the session is the server's own, or the one that is asked for;
# moments are written in UTC whatever it is
# shellcheck shell=sh disable=SC2016,SC2015
set -eu
. "$TOP/tests/tool/sources.sh"
export HOME="$PWD"

# ---- PostgreSQL

PG_OPTIONS='-c timezone=Europe/Berlin'
export PG_OPTIONS
eval "$("$TOP/tests/tool/pg.sh" start)"
trap '"$TOP/tests/tool/pg.sh" stop "$PG_DIR"' EXIT
trap 'exit 1' INT TERM
pg() { psql -qAtX -v ON_ERROR_STOP=1 -c "$1"; }

# at TITLE OPTIONS SQL ARGUMENTS...
at() {
	title=$1 options=$2
	shift 2
	status 0 "$title" rudder-query -d "postgres:///$options" "$@"
}
zone="SELECT current_setting('TimeZone') AS z"
moment="'2024-01-01 23:30:00+00'::timestamptz"

at "PostgreSQL's own zone" '' -e "$zone, $moment AS t, $moment::date AS d"
echo '{"z":"Europe/Berlin","t":"2024-01-01T23:30:00Z","d":"2024-01-02T00:00:00Z"}' | same "PostgreSQL's own zone"
at "PGTZ" '' -e "$zone" && echo '{"z":"Europe/Berlin"}' | same "no PGTZ"
PGTZ=Asia/Tokyo at "PGTZ" '' -e "$zone"
echo '{"z":"Asia/Tokyo"}' | same PGTZ
at "options=" '?options=-c%20timezone%3DAsia/Tokyo' -e "$zone"
echo '{"z":"Asia/Tokyo"}' | same "options="
PGTZ=Asia/Tokyo at "timezone=" '?application_name=x&timezone=Asia%2FKolkata&connect_timeout=9' -e "$zone, current_setting('application_name') AS n"
echo '{"z":"Asia/Kolkata","n":"x"}' | same "timezone="
at "timezone=UTC" '?timezone=UTC' -e "$zone, $moment::date AS d"
echo '{"z":"UTC","d":"2024-01-01T00:00:00Z"}' | same "timezone=UTC"
status 78 "no such zone" rudder-query -d 'postgres:///?timezone=Nowhere' -e "$zone"
says 'Nowhere'

# ranges of moments look the same in every zone, and as the server writes them in UTC
ranges="SELECT tstzrange('2024-01-01 23:30:00.5+00', NULL) AS a, tstzrange('-infinity', '0044-03-15 00:00:00+00 BC', '[]') AS b,
	tstzrange('2024-01-01', '2024-01-01') AS c, tstzmultirange(tstzrange(NULL, '2024-01-01 00:00:00+00'), tstzrange('12024-06-01 12:00:00.25+00', 'infinity', '(]')) AS d"
at "ranges" '' -e "$ranges" && cp out own
at "ranges in UTC, as the server's text" '?timezone=UTC' -e "SELECT a::text, b::text, c::text, d::text FROM ($ranges) r"
grep -v '^{"_rudder"' own | same "ranges"
at "arrays of ranges" '' -e "SELECT ARRAY[tstzrange('2024-01-01 23:30:00+00', NULL), NULL, 'empty'] AS a"
echo '{"a":["[\"2024-01-01 23:30:00+00\",)",null,"empty"]}' | same "arrays of ranges"

# a cursor compares times as times, in the form of the rows and in any other
pg 'CREATE TABLE c (id int, at timestamptz, w timestamp)'
pg "INSERT INTO c VALUES (1, '2024-01-02 03:29:59+00', '2024-01-02 03:29:59'), (2, '2024-01-02 03:30:00+00', '2024-01-02 03:30:00')"
for since in '2024-01-02T03:30:00Z' '2024-01-02 03:30:00' '2024-01-02T05:30:00+02:00'; do
	for column in at w; do
		at "$column since $since" '' -t c -c "id,$column" --cursor $column --since "$since"
		printf '{"id":2,"%s":"2024-01-02T03:30:00Z"}\n' $column | same "$column since $since"
	done
done
# another form would be a time of the session's zone
status 64 "a local time" rudder-query -d postgres:/// -t c --cursor at --since '2024-1-2 3:30'
says "--since '2024-1-2 3:30' may mean a local time; write it as 2024-01-03T10:00:00Z"
no_end "a local time"
at "a column without zone" '' -t c -c id,w --cursor w --since '2024-1-2 3:30'
echo '{"id":2,"w":"2024-01-02T03:30:00Z"}' | same "a column without zone"
at "no limit" '' -t c -c id --cursor id --since 2 && echo '{"id":2}' | same "no limit"
PGPORT=5432 status 0 "as text" rudder-query -d redshift:/// -e "SELECT $moment AS t, '0044-03-15 00:00:00+00 BC'::timestamptz AS b"
echo '{"t":"2024-01-01T23:30:00Z","b":"-0043-03-15T00:00:00Z"}' | same "as text"

# ---- MariaDB

eval "$("$TOP/tests/tool/my.sh" start)"
trap '"$TOP/tests/tool/pg.sh" stop "$PG_DIR"; "$TOP/tests/tool/my.sh" stop "$MY_DIR"' EXIT
sql() { mariadb --no-defaults -S "$MY_SOCKET" -u root -e "$1"; }
my() {
	title=$1 options=$2
	shift 2
	status 0 "$title" rudder-query -d "mysql://root@localhost/d?socket=$MY_SOCKET$options" "$@"
}
sql "CREATE DATABASE d; USE d; SET time_zone = '+00:00', sql_mode = '';
	CREATE TABLE t (id INT, ts TIMESTAMP(6) NULL, dt DATETIME, j JSON);
	INSERT INTO t VALUES (1, '2024-01-01 23:30:00', '2024-01-01 23:30:00', '{\"a\": 1}'), (2, '2024-06-01 10:00:00.25', NULL, NULL), (3, NULL, NULL, NULL), (4, '0000-00-00', '0000-00-00', NULL);
	SET GLOBAL time_zone = '+02:00'"
my "MariaDB's own zone" '' -e "SELECT @@time_zone AS z, ts, DATE(ts) AS d FROM t WHERE id = 1"
echo '{"z":"+02:00","ts":"2024-01-01T23:30:00Z","d":"2024-01-02T00:00:00Z"}' | same "MariaDB's own zone"
for zone in UTC %2B00:00 SYSTEM; do
	my "timezone=$zone" "&timezone=$zone" -e "SELECT ts, DATE(ts) AS d FROM t WHERE id = 1"
done
echo '{"ts":"2024-01-01T23:30:00Z","d":"2024-01-01T00:00:00Z"}' | same "timezone="
printf "[rudder]\ninit-command=SET time_zone = '+09:00'\n" >.my.cnf
my "init-command" '' -e "SELECT @@time_zone AS z, ts FROM t WHERE id = 2"
echo '{"z":"+09:00","ts":"2024-06-01T10:00:00.25Z"}' | same "init-command"
rm .my.cnf
status 78 "no such zone" rudder-query -d "mysql://root@localhost/d?socket=$MY_SOCKET&timezone=Nowhere" -e 'SELECT 1 AS a'

# all rows and types are as without the other statement, in their order
my "all rows" '' -e "SELECT *, COALESCE(ts, :p) AS c FROM t ORDER BY id DESC -- last" -P p=none
cat >want <<'EOT'
{"id":4,"ts":"0000-00-00 00:00:00","dt":"0000-00-00 00:00:00","j":null,"c":"0000-00-00 00:00:00.000000"}
{"id":3,"ts":null,"dt":null,"j":null,"c":"none"}
{"id":2,"ts":"2024-06-01T10:00:00.25Z","dt":null,"j":null,"c":"2024-06-01 12:00:00.250000"}
{"id":1,"ts":"2024-01-01T23:30:00Z","dt":"2024-01-01T23:30:00Z","j":{"a":1},"c":"2024-01-02 01:30:00.000000"}
EOT
same "all rows" <want
status 0 "columns" rudder-query -d "mysql://root@localhost/d?socket=$MY_SOCKET" -t t --columns
printf 'id\tint\tint\nts\ttimestamp\tdatetime\ndt\tdatetime\tdatetime\nj\tjson\tjson\n' | diff - out || fail columns
for since in '2024-01-01T23:30:00.000001Z' '2024-01-01 23:30:00.000001' '2024-01-02T01:30:00.000001+02:00'; do
	my "since $since" '' -e "SELECT id, ts FROM t WHERE id < 3" --cursor ts --since "$since"
	echo '{"id":2,"ts":"2024-06-01T10:00:00.25Z"}' | same "since $since"
done
status 64 "a local time" rudder-query -d "mysql://root@localhost/d?socket=$MY_SOCKET" -e "SELECT id, ts FROM t" --cursor ts --since '2024-1-1 23:30'
says "--since '2024-1-1 23:30' may mean a local time"
no_end "a local time"
my "a session in UTC" '&timezone=UTC' -e "SELECT id, ts FROM t WHERE id < 3" --cursor ts --since '2024-1-1 23:30:00.000001'
echo '{"id":2,"ts":"2024-06-01T10:00:00.25Z"}' | same "a session in UTC"
my "since a day" '' -e "SELECT id, dt FROM t WHERE id < 2" --cursor dt --since 2024-01-02T01:30:00+02:00
echo '{"id":1,"dt":"2024-01-01T23:30:00Z"}' | same "since, without zone"

# rows without a time come last where a limit would else leave the others out for ever
sql "USE d; INSERT INTO t (id, ts, dt) VALUES (9, NULL, NULL)"
for column in ts dt; do
	my "nulls and a limit, $column" '' -e "SELECT id, $column FROM t WHERE id IN (1, 2, 9)" --cursor $column --limit 2
	is_last=$(grep -c '"id":9' out || :)
	[ "$is_last" = 0 ] || fail "nulls and a limit, $column: $(cat out)"
	my "nulls without a limit, $column" '' -e "SELECT id, $column FROM t WHERE id IN (1, 2, 9)" --cursor $column
	grep -q '"id":9' out || fail "nulls without a limit, $column: $(cat out)"
done
sql "USE d; DELETE FROM t WHERE id = 9"

# a backslash that is not an escape: the model means what it means to the server,
# unless where its strings end is in doubt
sql "SET GLOBAL sql_mode = 'NO_BACKSLASH_ESCAPES'"
my "a backslash" '' -e "SELECT 'a\b' AS v, :p AS p" -P 'p=c\d'
printf '%s\n' '{"v":"a\\b","p":"c\\d"}' | same "a backslash"
status 78 "a backslash before a quote" rudder-query -d "mysql://root@localhost/d?socket=$MY_SOCKET" -e "SELECT 'a\' AS v, ' -- ' AS w"
says NO_BACKSLASH_ESCAPES
sql "SET GLOBAL sql_mode = DEFAULT"

# the hour that comes twice
mariadb-tzinfo-to-sql /usr/share/zoneinfo 2>/dev/null | mariadb --no-defaults -S "$MY_SOCKET" -u root mysql 2>/dev/null || :
if sql "SET GLOBAL time_zone = 'Europe/Berlin'" 2>/dev/null; then
	sql "USE d; DELETE FROM t; SET time_zone = '+00:00'; INSERT INTO t (id, ts) VALUES (1, '2024-10-27 00:30:00'), (2, '2024-10-27 01:30:00')"
	my "an hour twice" '' -e "SELECT id, ts, HOUR(ts) AS h FROM t ORDER BY id"
	printf '{"id":1,"ts":"2024-10-27T00:30:00Z","h":2}\n{"id":2,"ts":"2024-10-27T01:30:00Z","h":2}\n' | same "an hour twice"
	my "since between" '' -e "SELECT id, ts FROM t" --cursor ts --since 2024-10-27T01:00:00Z
	echo '{"id":2,"ts":"2024-10-27T01:30:00Z"}' | same "since between"
fi

# ---- DuckDB, where its library is

if (eval "$("$TOP/tests/tool/duck.sh" find)") >/dev/null; then
	eval "$("$TOP/tests/tool/duck.sh" find)"
	m="SELECT current_setting('TimeZone') AS z, TIMESTAMPTZ '2024-01-01 23:30:00+00' AS t, (TIMESTAMPTZ '2024-01-01 23:30:00+00')::DATE AS d"
	export TZ=Asia/Tokyo
	status 0 "DuckDB" rudder-query -d duckdb: -e "$m"
	echo '{"z":"Asia/Tokyo","t":"2024-01-01T23:30:00Z","d":"2024-01-02T00:00:00Z"}' | same "DuckDB"
	status 0 "DuckDB in UTC" rudder-query -d 'duckdb:?threads=1&timezone=UTC' -e "$m"
	echo '{"z":"UTC","t":"2024-01-01T23:30:00Z","d":"2024-01-01T00:00:00Z"}' | same "DuckDB in UTC"
	for since in '2024-01-02T03:30:00Z' '2024-01-02 03:30:00' '2024-01-02T05:30:00+02:00'; do
		for type in TIMESTAMP TIMESTAMPTZ TIMESTAMP_NS; do
			status 0 "$type since $since" rudder-query -d duckdb: --cursor t --since "$since" \
				-e "SELECT * FROM (VALUES ($type '2024-01-02 03:29:59+00'), ($type '2024-01-02 03:30:00+00')) v(t)"
			echo '{"t":"2024-01-02T03:30:00Z"}' | same "$type since $since"
		done
	done
fi
if [ -n "${RUDDER_LIBDUCKDB:-}" ]; then
	status 64 "a local time, DuckDB" rudder-query -d duckdb: --cursor t --since '2024-1-2 3:30' -e "SELECT TIMESTAMPTZ '2024-01-02 03:30:00+00' AS t"
	says "may mean a local time"
	status 0 "without zone, DuckDB" rudder-query -d duckdb: --cursor t --since '2024-1-2 3:30' -e "SELECT TIMESTAMP '2024-01-02 03:30:00' AS t"
	echo '{"t":"2024-01-02T03:30:00Z"}' | same "without zone, DuckDB"
fi
test ! -e failed
