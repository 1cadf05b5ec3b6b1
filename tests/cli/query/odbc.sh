# rudder-query by ODBC: the drivers of PostgreSQL, MariaDB and SQLite on real
# databases, and the ways to fail.
# shellcheck shell=sh disable=SC2016,SC2216,SC2317
set -eu
for d in 'PostgreSQL Unicode' 'MariaDB Unicode' 'SQLite3'; do
	grep -qF "[$d]" /etc/odbcinst.ini 2>/dev/null || {
		echo "skipped: no ODBC driver '$d' (packages odbc-postgresql odbc-mariadb libsqliteodbc)"
		exit 77
	}
done
case $(rudder-query -d odbc: -t t 2>&1) in
*"this build has no source"*)
	echo "skipped: built without unixODBC"
	exit 77
	;;
esac
# leaks of drivers are ignored
export ASAN_OPTIONS="${ASAN_OPTIONS:-}:detect_leaks=0"
# Debian has psqlodbc write a log to /tmp for each process
sed 's/^CommLog.*/CommLog=0/' /etc/odbcinst.ini >odbcinst.ini
export ODBCSYSINI="$PWD"
started=$("$TOP/tests/tool/pg.sh" start)
eval "$started"
stop() {
	"$TOP/tests/tool/pg.sh" stop "$PG_DIR"
	[ -z "${MY_DIR:-}" ] || "$TOP/tests/tool/my.sh" stop "$MY_DIR"
}
trap stop EXIT
trap 'exit 1' INT TERM
started=$("$TOP/tests/tool/my.sh" start)
eval "$started"

. "$TOP/tests/tool/sources.sh"
pgsql() { psql -qX -v ON_ERROR_STOP=1 "$@"; }
mysql() {
	mariadb --no-defaults --default-character-set=utf8mb4 -S "$MY_SOCKET" -u root "$@"
}
words() { jq -j 'select(._rudder.type == "begin") | ._rudder.columns[] | .type + " "' out; }
P="Driver={PostgreSQL Unicode};Servername=$PGHOST;Database=postgres;Username=postgres;UseDeclareFetch=1;Fetch=1000"
M="Driver={MariaDB Unicode};Socket=$MY_SOCKET;Database=d;User=root"
L="Driver={SQLite3};StepAPI=1;Database=$PWD/l.db"
pg() { rudder-query -d "odbc:$P" "$@"; }
my() { rudder-query -d "odbc:$M" "$@"; }
lite() { rudder-query -d "odbc:$L" "$@"; }
z300=$(printf '%0300d' 0 | tr 0 z)

# times are read in UTC: a zone of one's own would be lost without a word
for zone in "ConnSettings=SET TimeZone='Europe/Berlin'" 'A6=set%20time%20zone%20CET' 'TIMEZONE=America/New_York'; do
	status 78 "$zone" rudder-query -d "odbc:$P;$zone" -e 'SELECT 1 AS id'
	says 'sets a time zone, but times are read in UTC'
done
status 0 "UTC" rudder-query -d "odbc:$P;ConnSettings=SET TimeZone='UTC'" -e 'SELECT 1 AS id'

# ---- every type of each driver, NULLs, extremes
pgsql <<'SQL'
SET TimeZone = 'Asia/Kolkata';
CREATE TABLE every (i2 smallint, i4 integer, i8 bigint, n numeric, n2 numeric(38,10), f4 real, f8 double precision, b boolean,
 t text, v varchar(300), c char(5), by bytea, d date, ti time(3), ts timestamp, tz timestamptz, u uuid, j jsonb, a int[], iv interval, o oid);
INSERT INTO every VALUES (-32768, -2147483648, -9223372036854775808, '-0.00000000000000000001', 1234567890123456789012345678.0000000001, 0.1, 0.1, true,
 E'Zoë 李 🚀 "q" \\ \n', repeat('z', 300), 'ab', '\x00ff10', '0001-01-01', '10:23:54.5', '9999-12-31 23:59:59.999999', '2004-10-19 10:23:54.25+02',
 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '{"a": 1}', '{1,NULL}', '1 day 02:00', 4294967295),
 (32767, 2147483647, 9223372036854775807, repeat('9', 1000)::numeric, -0.5, 'NaN', 1.7976931348623157e308, false, '', '', '', '', '9999-12-31', '00:00', '0001-01-01',
 '1969-12-31 23:59:59.999999+00', NULL, NULL, NULL, NULL, NULL);
INSERT INTO every (i2) VALUES (NULL);
SQL
sqlite3 l.db "CREATE TABLE twice (j JSON)" "INSERT INTO twice VALUES ('{\"a\":1,\"a\":2}'), ('[1.10]')"
status 1 "a name twice in JSON" lite --max-rejects 1 -t twice
echo '{"j":[1.10]}' | same "a name twice in JSON"
status 0 "PostgreSQL" pg -t every
same "PostgreSQL" <<EOT
{"i2":-32768,"i4":-2147483648,"i8":-9223372036854775808,"n":-0.00000000000000000001,"n2":1234567890123456789012345678.0000000001,"f4":0.1,"f8":0.1,"b":true,"t":"Zoë 李 🚀 \"q\" \\\\ \n","v":"$z300","c":"ab   ","by":"AP8Q","d":"0001-01-01T00:00:00Z","ti":"0000-01-01T10:23:54.5Z","ts":"9999-12-31T23:59:59.999999Z","tz":"2004-10-19T08:23:54.25Z","u":"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11","j":"{\"a\": 1}","a":"{1,NULL}","iv":"1 day 02:00:00","o":4294967295}
{"i2":32767,"i4":2147483647,"i8":9223372036854775807,"n":$(printf '%01000d' 0 | tr 0 9),"n2":-0.5000000000,"f4":"NaN","f8":1.7976931348623157e+308,"b":false,"t":"","v":"","c":"     ","by":"","d":"9999-12-31T00:00:00Z","ti":"0000-01-01T00:00:00Z","ts":"0001-01-01T00:00:00Z","tz":"1969-12-31T23:59:59.999999Z","u":null,"j":null,"a":null,"iv":null,"o":null}
{"i2":null,"i4":null,"i8":null,"n":null,"n2":null,"f4":null,"f8":null,"b":null,"t":null,"v":null,"c":null,"by":null,"d":null,"ti":null,"ts":null,"tz":null,"u":null,"j":null,"a":null,"iv":null,"o":null}
EOT
[ "$(words)" = "int int int decimal decimal float float boolean string string string binary date time datetime datetime string string string string int " ] || fail "PostgreSQL: $(words)"

mysql -e "CREATE DATABASE d CHARACTER SET utf8mb4"
mysql d <<'SQL'
CREATE TABLE every (ti TINYINT, tu TINYINT UNSIGNED, si SMALLINT, mi MEDIUMINT UNSIGNED, i INT, iu INT UNSIGNED, b BIGINT, bu BIGINT UNSIGNED,
 d DECIMAL(38,10), f FLOAT, g DOUBLE, b1 BIT(1), bi BIT(12), y YEAR, da DATE, dt DATETIME(6), ts TIMESTAMP(3) NULL, t TIME(2),
 c CHAR(5), v VARCHAR(300), tx LONGTEXT, bn BINARY(3), bl LONGBLOB, e ENUM('x','y'), s SET('one','two'), j JSON, bo BOOL);
SET time_zone = '+02:00';
INSERT INTO every VALUES (-128, 255, -32768, 16777215, -2147483648, 4294967295, -9223372036854775808, 18446744073709551615,
 1234567890123456789012345678.0000000001, 0.1, 0.1, 1, b'101111100111', 2020, '1000-01-01', '9999-12-31 23:59:59.999999', '2004-10-19 10:23:54.250', '01:02:03.5',
 'ab', 'Zoë 李 🚀', REPEAT('z', 300), 'a', x'00ff', 'y', 'one,two', '{"a":  1}', TRUE);
INSERT INTO every (ti, ts) VALUES (NULL, NULL);
SQL
mysql d -e "INSERT INTO every (t, v, da) VALUES ('-838:59:59', '', '0001-01-01'); UPDATE every SET ts = NULL WHERE ti IS NULL"
status 0 "MariaDB" my -t every
same "MariaDB" <<EOT
{"ti":-128,"tu":255,"si":-32768,"mi":16777215,"i":-2147483648,"iu":4294967295,"b":-9223372036854775808,"bu":18446744073709551615,"d":1234567890123456789012345678.0000000001,"f":0.1,"g":0.1,"b1":true,"bi":"C+c=","y":2020,"da":"1000-01-01T00:00:00Z","dt":"9999-12-31T23:59:59.999999Z","ts":"2004-10-19T08:23:54.25Z","t":"0000-01-01T01:02:03.5Z","c":"ab","v":"Zoë 李 🚀","tx":"$z300","bn":"YQAA","bl":"AP8=","e":"y","s":"one,two","j":"{\"a\":  1}","bo":1}
{"ti":null,"tu":null,"si":null,"mi":null,"i":null,"iu":null,"b":null,"bu":null,"d":null,"f":null,"g":null,"b1":null,"bi":null,"y":null,"da":null,"dt":null,"ts":null,"t":null,"c":null,"v":null,"tx":null,"bn":null,"bl":null,"e":null,"s":null,"j":null,"bo":null}
{"ti":null,"tu":null,"si":null,"mi":null,"i":null,"iu":null,"b":null,"bu":null,"d":null,"f":null,"g":null,"b1":null,"bi":null,"y":null,"da":"0001-01-01T00:00:00Z","dt":null,"ts":null,"t":"-838:59:59.00","c":null,"v":"","tx":null,"bn":null,"bl":null,"e":null,"s":null,"j":null,"bo":null}
EOT
[ "$(words)" = "int int int int int int int int decimal float float boolean binary int date datetime datetime time string string string binary binary string string string int " ] || fail "MariaDB: $(words)"

sqlite3 l.db "CREATE TABLE every (i INTEGER, b BIGINT, r REAL, t TEXT, v VARCHAR(20), n DECIMAL(10,2), x BLOB, d DATE, ts TIMESTAMP, bo BOOLEAN)" \
	"INSERT INTO every VALUES (-2147483648, -9223372036854775808, 0.1, 'Zoë 李 🚀', '$z300', '1.10', x'00ff10', '0001-01-01', '2004-10-19 10:23:54.250', 1), (1, 9223372036854775807, 1e300, '', '', 7, x'', '9999-12-31', '9999-12-31 23:59:59.999', 0), (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)"
status 0 "SQLite" lite -t every
same "SQLite" <<EOT
{"i":-2147483648,"b":-9223372036854775808,"r":0.1,"t":"Zoë 李 🚀","v":"$z300","n":1.1,"x":"AP8Q","d":"0001-01-01T00:00:00Z","ts":"2004-10-19T10:23:54.25Z","bo":true}
{"i":1,"b":9223372036854775807,"r":1e+300,"t":"","v":"","n":7,"x":"","d":"9999-12-31T00:00:00Z","ts":"9999-12-31T23:59:59.999Z","bo":false}
{"i":null,"b":null,"r":null,"t":null,"v":null,"n":null,"x":null,"d":null,"ts":null,"bo":null}
EOT

# ---- long values between short ones, a wide table, one of many NULLs
pgsql -c "CREATE TABLE l AS SELECT i, CASE WHEN i % 10 = 3 THEN repeat('é', 524288) WHEN i % 10 = 7 THEN repeat('x', i * 700) WHEN i % 10 <> 5 THEN 'a' || i END AS s,
	CASE WHEN i % 10 = 3 THEN decode(repeat('00ff', 50000), 'hex') END AS b FROM generate_series(1, 30) i" \
	-c "CREATE TABLE t AS SELECT i AS id, 'n' || i AS s FROM generate_series(1, 5000) i"
pgsql -c "SELECT row_to_json(r) FROM (SELECT i, s, encode(b, 'base64') AS b FROM l) r" -At | sed 's/\\n//g' >wanted
status 0 "long values" pg -t l
same "long values" <wanted
awk 'BEGIN {for (i = 1; i <= 30; i++) {if (i % 10 == 3) s = sprintf("repeat(\"é\", 524288)"); else if (i % 10 == 7) s = sprintf("repeat(\"x\", %d)", i * 700)
	else if (i % 10 == 5) s = "NULL"; else s = "\"a" i "\""; print "INSERT INTO l VALUES (" i ", " s ", " (i % 10 == 3 ? "unhex(repeat(\"00ff\", 50000))" : "NULL") ");"}}' >l.sql
mysql d -e "CREATE TABLE l (i INT, s LONGTEXT, b LONGBLOB); $(cat l.sql)"
status 0 "long values of MariaDB" my -t l
same "long values of MariaDB" <wanted
sed 's/repeat("é", 524288)/replace(printf("%.524288c", "e"), "e", "é")/; s/repeat("x", \([0-9]*\))/printf("%.\1c", "x")/; s/unhex(repeat("00ff", 50000))/CAST(replace(printf("%.50000c", "y"), "y", x'"'00ff'"') AS BLOB)/' l.sql |
	sed "s/\"/'/g" | sqlite3 l.db "CREATE TABLE l (i INTEGER, s TEXT, b BLOB)" ".read /dev/stdin" 2>/dev/null || :
status 0 "long values of SQLite" lite -e "SELECT i, s FROM l"
sed 's/,"b":.*/}/' wanted >wanted.s
same "long values of SQLite" <wanted.s
status 1 "too long a value" pg --max-rejects 1 -e "SELECT i, repeat('x', CASE i WHEN 2 THEN 17000000 ELSE 1 END) AS s FROM generate_series(1, 3) i"
same "too long a value" <<'EOT'
{"i":1,"s":"x"}
{"i":3,"s":"x"}
EOT
awk 'BEGIN {for (i = 1; i <= 600; i++) printf "%sCASE WHEN i %% %d < 2 THEN concat(i, \047-%d\047) END AS c%d", (i > 1 ? ", " : "SELECT "), i, i, i}' >wide.sql
pgsql -c "CREATE TABLE wide AS $(cat wide.sql) FROM generate_series(1, 300) i"
pgsql -Atc "SELECT row_to_json(w) FROM wide w" >wanted
status 0 "a wide table" pg -t wide
same "a wide table" <wanted
status 0 "a wide table of MariaDB" my -e "$(cat wide.sql) FROM (SELECT seq AS i FROM seq_1_to_300) r"
same "a wide table of MariaDB" <wanted

# ---- models
for d in pg my lite; do
	case $d in lite) sqlite3 l.db "CREATE TABLE t (id INT, s TEXT)" "WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r WHERE i < 5000) INSERT INTO t SELECT i, 'n' || i FROM r" ;;
	my) mysql d -e "CREATE TABLE t (id INT PRIMARY KEY, s VARCHAR(20)); INSERT INTO t SELECT seq, CONCAT('n', seq) FROM seq_1_to_5000" ;;
	esac
	status 0 "$d: model" $d -e "SELECT id, s /* ; */ FROM t WHERE s <> 'a;' ORDER BY id DESC ; -- end" --limit 2
	same "$d: model" <<-'EOT'
		{"id":5000,"s":"n5000"}
		{"id":4999,"s":"n4999"}
	EOT
	tail -n 1 out | grep -q '"partial":true' || fail "$d: limit is not marked"
	status 0 "$d: parameters" $d -e "SELECT id, s FROM t WHERE id > :id AND s <> :w AND id < :id + 3" -P id=7 -P "w='; DROP TABLE t; 🚀"
	same "$d: parameters" <<-'EOT'
		{"id":8,"s":"n8"}
		{"id":9,"s":"n9"}
	EOT
	status 0 "$d: text beyond 16 bits" $d -e "SELECT id, 'é🚀' AS s FROM t WHERE id = 1"
	echo '{"id":1,"s":"é🚀"}' | same "$d: text beyond 16 bits"
	status 0 "$d: cursor" $d -t t --cursor id --since 4999
	same "$d: cursor" <<-'EOT'
		{"id":4999,"s":"n4999"}
		{"id":5000,"s":"n5000"}
	EOT
	status 0 "$d: columns" $d --columns -t t
	[ "$(cut -f 1,3 out | tr '\t\n' '  ')" = "id int s string " ] || fail "$d: columns: $(cat out)"
	status 0 "$d: check" $d --check -t t
	[ "$(cut -f 1,2 out | tr '\n' ' ')" = "$(printf 'connection\tok listing\tok model\tok ')" ] || fail "$d: check"
	status 78 "$d: twice a column" $d -e 'SELECT id AS a, id AS a FROM t'
	status 78 "$d: two statements" $d -e 'SELECT 1; SELECT 2'
	status 78 "$d: syntax" $d -e 'SELECT FROM'
	status 78 "$d: no table" $d -t nosuch
	status 78 "$d: parameter" $d -e 'SELECT id FROM t WHERE id = ?'
	got=0
	$d -e "WITH x AS (SELECT 1) DELETE FROM t" >/dev/null 2>&1 || got=$?
	[ "$got" != 0 ] || fail "$d: a DELETE"
	$d -t t | tail -n 1 | grep -q '"rows":5000,' || fail "$d: not all rows"
	got=0
	$d -e 'SELECT a.id, b.s FROM t a, t b WHERE b.id < 100' >/dev/full 2>err || got=$?
	[ "$got" = 74 ] || fail "$d: full disk: status $got"
done
# floats of a block, which MariaDB's driver would write at other places
mysql d -e "CREATE TABLE floats (id INT, f FLOAT); INSERT INTO floats VALUES (1, 0.1), (2, 0.3), (3, NULL), (4, 0.7), (5, 0.7), (6, -1e30), (7, 1e-45)"
status 0 "floats" my -t floats
printf '{"id":%s,"f":%s}\n' 1 0.1 2 0.3 3 null 4 0.7 5 0.7 6 -1e+30 7 1e-45 | same "floats"
status 0 "a cursor of floats" my -t floats --cursor f --since 0.7
printf '{"id":%s,"f":%s}\n' 3 null 4 0.7 5 0.7 | same "a cursor of floats"
# SQLite has each number below each text
status 0 "a warning" lite -e 'SELECT id FROM t WHERE id = 1'
says 'warning: the ODBC driver of SQLite changes values .* use sqlite:FILE'
status 0 "a cursor of numbers" lite -e 'SELECT id, id + 1 AS n FROM t' --cursor n --since 5000
printf '{"id":%s,"n":%s}\n' 4999 5000 5000 5001 | same "a cursor of numbers"
status 0 "a cursor of floats of SQLite" lite -e 'SELECT id, id + 0.5 AS n FROM t' --cursor n --since 4999.5
printf '{"id":%s,"n":%s}\n' 4999 4999.5 5000 5000.5 | same "a cursor of floats of SQLite"
# code that looks like a comment, and a comment that MySQL takes for code
for m in 'WHERE id < 7 /*! AND id > 5 */' 'WHERE id < 7 /* - */ /*M! AND id > 5 */ -- x' 'WHERE id = 5- -1'; do
	status 0 "$m" my -e "SELECT id FROM floats $m"
	echo '{"id":6}' | same "$m"
done
status 78 "two signs" my -e 'SELECT id FROM floats WHERE id = 5--1'
says "'--' without a blank after it does not begin a comment on MySQL: write '-- ', or '- -'"
status 0 "a comment without a blank" pg -e 'SELECT 1 AS id --x'
# what a server of MySQL leaves out or cuts
mysql -e 'SET GLOBAL sql_select_limit = 2, group_concat_max_len = 4'
status 0 "all rows" my -t floats -c id
seq 1 7 | sed 's/.*/{"id":&}/' | same "all rows"
status 0 "a limit" my -t floats -c id --limit 7
! grep -q partial out || fail "a limit: $(cat out)"
status 0 "a long list" my -e "SELECT GROUP_CONCAT(id, 'abc' ORDER BY id) AS l FROM floats WHERE id < 4"
echo '{"l":"1abc,2abc,3abc"}' | same "a long list"
mysql -e 'SET GLOBAL sql_select_limit = DEFAULT, group_concat_max_len = DEFAULT'
status 65 "a recursive model" my -e 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) SELECT i FROM n'
says 'max_recursive_iterations = [0-9]*\. .*(1931); raise it in an init-command'
no_end "a recursive model"
status 65 "too long for a packet" my -e "SELECT MD5(REPEAT('x', 2000000000)) AS x"
says 'truncated (1301); raise max_allowed_packet of the server'
status 0 "more warnings than the server keeps" my -e "SELECT count(*) AS n FROM seq_1_to_70000 WHERE '1x' + seq > 0"
says 'warning: MySQL: 70000 warnings, but the server keeps only 65535'
pgsql -c 'CREATE TABLE "a""b" ("c""d" int)' -c 'INSERT INTO "a""b" VALUES (1), (2)'
status 0 "names with quotes" pg -t '"a""b"' --cursor 'c"d' --since 2
echo '{"c\"d":2}' | same "names with quotes"

# ---- connections and secrets
mysql -e "CREATE USER poor@localhost IDENTIFIED BY 'p;w}@'; GRANT SELECT ON d.t TO poor@localhost"
printf '[wh]\nDriver=MariaDB Unicode\nSocket=%s\nDatabase=d\nUser=poor\n' "$MY_SOCKET" >odbc.ini
export ODBCINI="$PWD/odbc.ini"
status 77 "no password" rudder-query -d odbc:DSN=wh -t t
RUDDER_ODBC_PASSWORD='p;w}@' status 0 "password of the environment" rudder-query -d odbc:DSN=wh -t t --limit 1
[ ! -s err ] || fail "password of the environment: $(cat err)"
status 0 "password of the command line" rudder-query -d 'odbc:DSN=wh;PWD={p;w}}@}' -t t --limit 1
says "other users can see a password"
a=$(RUDDER_SOURCE='odbc:DSN=wh;PWD={p;w}}@}' rudder-query -t t --limit 1 | sed -n '1s/.*"source":"\([0-9a-f]*\)".*/\1/p')
b=$(RUDDER_SOURCE='odbc:DSN=wh' RUDDER_ODBC_PASSWORD='p;w}@' rudder-query -t t --limit 1 | sed -n '1s/.*"source":"\([0-9a-f]*\)".*/\1/p')
[ "${a:-none}" = "$b" ] || fail "the password changes the fingerprint"
status 78 "no such name" rudder-query -d odbc:DSN=nosuch -t t
status 78 "no such driver" rudder-query -d odbc:Driver=nosuch -t t
status 69 "nobody there" rudder-query -d "odbc:$P;Servername=$PWD" -t t
status 69 "nobody there" rudder-query -d "odbc:Driver={MariaDB Unicode};Socket=$PWD/no;User=root" -t t
mysql -e 'SET GLOBAL max_statement_time = 0.2'
status 75 "a limit of the server" my -e "SELECT count(*) AS n FROM seq_1_to_100000 a, seq_1_to_100000 b WHERE a.seq * b.seq < 0"
says "max_statement_time exceeded"
mysql -e 'SET GLOBAL max_statement_time = 0'

# ---- memory, cancelled, killed
for n in 20000 400000; do
	cost cost "rudder-query -d 'odbc:$P' -e 'SELECT i, repeat(chr(97), i % 30) AS s FROM generate_series(1, $n) i' >/dev/null"
done
awk '{kib[NR] = $3} END {exit kib[2] > kib[1] + 2048}' cost || case $B in *asan*) ;; *) fail "memory: $(cat cost)" ;; esac
forever="SELECT count(*) AS n FROM generate_series(1, 100000) a, generate_series(1, 1000000) b WHERE a * b = -1"
busy() { pgsql -Atc "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%generate_series%' AND pid <> pg_backend_pid()"; }
gone() { # TITLE: the server works for us no more
	n=0
	until [ "$(busy)" = 0 ] || [ $n -gt 50 ]; do
		sleep 0.1
		n=$((n + 1))
	done
	[ "$(busy)" = 0 ] || fail "$1: the server works on"
}
status 75 "timeout" pg --timeout 300ms -e "$forever"
says "timed out (--timeout)"
no_end "timeout"
gone "timeout"
got=0
timeout -s INT 0.7 env --default-signal=INT rudder-query -d "odbc:$P" -e "$forever" >out 2>err || got=$?
[ "$got" = 124 ] || fail "SIGINT: status $got"
[ ! -s err ] || fail "SIGINT: said $(cat err)"
no_end "SIGINT"
gone "SIGINT"
start=$(date +%s)
timeout 300 rudder-query -d "odbc:$P" -e "$forever" | { sleep 0.5; }
[ $(($(date +%s) - start)) -lt 100 ] || fail "a reader that goes away: the query went on"
gone "a reader that goes away"

# psqlodbc 13.02 seldom crashes in its own SQLFetch then: once more, at most twice
mkfifo slow
for _ in 1 2 3; do
	got=0
	rudder-query -d "odbc:$P" -e "SELECT i, repeat('x', 1000) AS s FROM generate_series(1, 300000) i" >slow 2>err &
	pid=$!
	exec 3<slow
	head -c 100000 <&3 >out
	pgsql -Atc "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'" >ended
	cat <&3 >>out
	exec 3<&-
	wait $pid || got=$?
	[ $got = 139 ] || break
done
[ "$(cat ended)" = 1 ] || fail "terminated: $(cat ended) backends"
[ "$got" = 69 ] || fail "terminated: status $got, $(cat err)"
no_end "terminated"
tail -c 1 out | od -An -c | grep -q '\\n' || fail "terminated: half a line"

got=0
# an output that is full, wherever that is noticed
for kind in pg my; do
	for how in --check --columns '--limit 3' '-P x=9' ''; do
		model='SELECT a.id, a.s FROM t a, t b WHERE b.id < 100'
		[ "$how" != '-P x=9' ] || model="$model AND a.id <> :x"
		got=0
		# shellcheck disable=SC2086 # words
		$kind $how -e "$model" >/dev/full 2>err || got=$?
		[ "$got" = 74 ] || fail "$kind $how: status $got, $(cat err)"
		says 'cannot write output'
	done
done
# the connection breaks at any of its reads; psqlodbc may crash
. "$TOP/tests/tool/failures.sh"
may_crash=139
pgsql -c "CREATE TABLE many AS SELECT g AS id, repeat('x', 80) AS t FROM generate_series(1, 500) g"
mysql d -e "CREATE TABLE many AS SELECT seq AS id, REPEAT('x', 80) AS t FROM seq_1_to_300"
sqlite3 many.db "CREATE TABLE many (id INT, t TEXT)" \
	"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) INSERT INTO many SELECT i, printf('%080d', i) FROM n"
model='SELECT * FROM many WHERE id > :least'
broken PostgreSQL recv ECONNRESET rudder-query -d "odbc:$P" -e "$model" -P least=0
broken PostgreSQL recv ECONNRESET rudder-query -d "odbc:$P" -t many --check
broken MariaDB recv ECONNRESET rudder-query -d "odbc:$M" -e "$model" -P least=0
broken SQLite pread EIO rudder-query -d "odbc:Driver={SQLite3};StepAPI=1;Database=$PWD/many.db" -e "$model" -P least=0
full ODBC rudder-query -d "odbc:$P" -e "SELECT i, repeat('x', 100) AS s FROM generate_series(1, 40000) i"

# a name that is longer than there is room for
status 78 "a long name" lite -e "SELECT 1 AS \"$z300$z300$z300$z300\""
says 'the name of column 1 is too long'

rudder-query -d "odbc:$M" -e "SELECT a.id, SLEEP(0.001) AS s FROM t a, t b" >out 2>err &
pid=$!
n=0
until mysql -Ne "SHOW PROCESSLIST" | grep -q SLEEP || [ $n -gt 50 ]; do
	sleep 0.1
	n=$((n + 1))
done
kill -KILL "$(cat "$MY_DIR/pid")"
wait $pid || got=$?
[ "$got" = 69 ] || fail "killed server: status $got, $(cat err)"
no_end "killed server"
[ ! -e failed ]
