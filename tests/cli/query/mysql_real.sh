#!/bin/sh
# rudder-query on Oracle's MySQL, which is not MariaDB: its own types, its
# logins, its errors. RUDDER_TEST_MYSQL is the port of one on the loopback whose
# user root has no password; it gets a database and users of its own.
# shellcheck disable=SC2016,SC2154
. "$TOP/tests/tool/lib.sh"
. "$TOP/tests/tool/failures.sh"
[ -n "${RUDDER_TEST_MYSQL:-}" ] || skip 'no MySQL server (RUDDER_TEST_MYSQL)'
case $(rudder-query -d mysql:// -t t 2>&1) in
*"this build has no source"*) skip 'built without libmariadb' ;;
esac
sql() { MYSQL_PWD='' mariadb --no-defaults --default-character-set=utf8mb4 -h 127.0.0.1 -P "$RUDDER_TEST_MYSQL" -u root "$@"; }
db=rudder_test_$$
at=127.0.0.1:$RUDDER_TEST_MYSQL/$db
ask() { rudder-query -d "mysql://root@$at" "$@"; }
case $(sql -N -e 'SELECT version()') in
[89].*) ;;
*) fail 'not MySQL 8 or later' ;;
esac
trap 'sql -e "DROP DATABASE $db; DROP USER ${db}_s, ${db}_t"' EXIT
sql <<EOS
CREATE DATABASE $db CHARACTER SET utf8mb4;
USE $db;
SET sql_mode = '';
CREATE TABLE digits (n int);
INSERT INTO digits VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9);
CREATE TABLE v (id int, tu tinyint unsigned, md mediumint, bi bigint, bu bigint unsigned,
	de decimal(65,30), dz decimal(10,2) zerofill, fl float, db double, bo bool, b1 bit(1),
	b64 bit(64), yr year, d date, dt datetime(6), ts timestamp(6) NULL, tm time(6), c char(5),
	vc varchar(300), tx longtext, bn binary(4), bl longblob, en enum('a','é'), st set('x','y'),
	js json, ge geometry);
INSERT INTO v VALUES
(1, 0, -8388608, -9223372036854775808, 0, -99999999999999999999999999999999999.999999999999999999999999999999,
	1.5, -3.40282e38, -1.7976931348623157e308, true, b'0', 0, 1901, '1000-01-01', '0001-01-01 00:00:00',
	'1970-01-01 00:00:01', '-838:59:59', 'a', 'é𝄞', '', 'ab', x'00ff', 'a', 'x,y',
	'{"b":1.5,"a":[1,null,"𝄞"],"n":12345678901234567890}', ST_GeomFromText('POINT(1 2)')),
(2, 255, 8388607, 9223372036854775807, 18446744073709551615, 0.000000000000000000000000000001,
	99999999.99, 3.40282e38, 1.7976931348623157e308, false, b'1', 18446744073709551615, 2155, '9999-12-31',
	'9999-12-31 23:59:59.999999', '2038-01-19 03:14:07.999999', '838:59:59', '', '', REPEAT('x', 1048576),
	'', '', 'é', '', 'null', NULL),
(3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '0000-00-00',
	'2024-01-00 10:00:00.5', '0000-00-00', '23:59:59.5', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
CREATE USER ${db}_s IDENTIFIED WITH caching_sha2_password BY 'p w';
CREATE USER ${db}_t IDENTIFIED WITH caching_sha2_password BY 'p w' REQUIRE SSL;
GRANT SELECT ON $db.* TO ${db}_s, ${db}_t;
EOS
cat >wanted <<'EOS'
{"id":1,"tu":0,"md":-8388608,"bi":-9223372036854775808,"bu":0,"de":-99999999999999999999999999999999999.999999999999999999999999999999,"dz":1.50,"fl":-3.40282e+38,"db":-1.7976931348623157e+308,"bo":1,"b1":0,"b64":0,"yr":"1901-01-01T00:00:00Z","d":"1000-01-01T00:00:00Z","dt":"0001-01-01T00:00:00Z","ts":"1970-01-01T00:00:01Z","tm":"-838:59:59","c":"a","vc":"é𝄞","tx":"","bn":"YWIAAA==","bl":"AP8=","en":"a","st":"x,y","js":{"a":[1,null,"𝄞"],"b":1.5,"n":12345678901234567890},"ge":"AAAAAAEBAAAAAAAAAAAA8D8AAAAAAAAAQA=="}
{"id":2,"tu":255,"md":8388607,"bi":9223372036854775807,"bu":18446744073709551615,"de":0.000000000000000000000000000001,"dz":99999999.99,"fl":3.40282e+38,"db":1.7976931348623157e+308,"bo":0,"b1":1,"b64":18446744073709551615,"yr":"2155-01-01T00:00:00Z","d":"9999-12-31T00:00:00Z","dt":"9999-12-31T23:59:59.999999Z","ts":"2038-01-19T03:14:07.999999Z","tm":"838:59:59","c":"","vc":"","tx":"MIB","bn":"AAAAAA==","bl":"","en":"é","st":"","js":null,"ge":null}
{"id":3,"tu":null,"md":null,"bi":null,"bu":null,"de":null,"dz":null,"fl":null,"db":null,"bo":null,"b1":null,"b64":null,"yr":null,"d":"0000-00-00","dt":"2024-01-00 10:00:00.500000","ts":"0000-00-00 00:00:00","tm":"0000-01-01T23:59:59.5Z","c":null,"vc":null,"tx":null,"bn":null,"bl":null,"en":null,"st":null,"js":null,"ge":null}
EOS
status 0 ask -t v >out
is 1048576 "$(grep -o "x*xx" out | tr -d "\n" | wc -c)" "1 MiB"
grep -v _rudder out | sed 's/"x*xx"/"MIB"/' | diff -u wanted - >&2 || fail types
case $(sql -N -e 'SELECT version()') in
9*)
	sql "$db" -e "CREATE TABLE vec (id int, v vector(3)); INSERT INTO vec VALUES (1, to_vector('[1, 2.5, -3e-7]')), (2, NULL)"
	status 0 ask -t vec >out
	is '{"id":1,"v":[1,2.5,-3e-7]} {"id":2,"v":null}' "$(grep -v _rudder out | tr '\n' ' ' | sed 's/ $//')" vector
	status 0 ask --columns -t vec >out
	is 'vector	array' "$(sed -n 's/^v	//p' out)" vector
	;;
esac

# logins: caching_sha2_password the long way and by its cache, with TLS and not
export MYSQL_PWD='p w'
for tls in '' '?tls=off' '?tls=require' ''; do
	status 0 rudder-query -d "mysql://${db}_s@$at$tls" --limit 1 -t digits >out
done
status 0 rudder-query -d "mysql://${db}_t@$at" --limit 1 -t digits >out
status 77 rudder-query -d "mysql://${db}_t@$at?tls=off" -t digits >out
status 76 rudder-query -d "mysql://${db}_t@$at?tls=verify" -t digits >out
says certificate
MYSQL_PWD=x status 77 rudder-query -d "mysql://${db}_s@$at" -t digits >out
status 77 rudder-query -d "mysql://${db}_s@127.0.0.1:$RUDDER_TEST_MYSQL/mysql" -t user >out
export MYSQL_PWD=''

# parameters, the cursor, errors, the time limit
status 0 ask -P n=3 -e 'SELECT :n AS a, CAST(:n AS signed) + 1 AS b' >out
is '{"a":"3","b":4}' "$(sed -n 2p out)" parameters
status 0 ask --cursor n --since 8 -t digits >out
is '{"n":8} {"n":9}' "$(grep -v _rudder out | tr '\n' ' ' | sed 's/ $//')" cursor
status 78 ask -e 'SELECT nosuch AS a FROM v' >out
says "Unknown column 'nosuch'"
status 78 ask -t nosuch >out
status 75 ask --timeout 500ms -e 'SELECT count(*) AS n FROM digits a, digits b, digits c, digits d, digits e, digits f, digits g, digits h, digits i WHERE a.n + b.n + c.n + d.n + e.n + f.n + g.n + h.n + i.n < 0' >out
says 'maximum statement execution time exceeded'

# rows by the million, and a connection that ends
join='SELECT a.n + 10 * b.n + 100 * c.n AS id, REPEAT("x", 20) AS x FROM digits a, digits b, digits c, digits d, digits e'
bounded MySQL "$join" "$join, digits f, digits g" rudder-query -d "mysql://root@$at"
full MySQL rudder-query -d "mysql://root@$at" -e "$join, digits f"
ended() { sql -N -e "SELECT concat('KILL ', id) FROM information_schema.processlist WHERE db = '$db' AND id <> connection_id()" | sql; }
interrupted 69 'ended connection' 'MySQL: .*(Lost|gone|killed)' ended ask -e "$join, digits f, digits g"
