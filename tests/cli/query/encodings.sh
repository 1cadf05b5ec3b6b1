# text is UTF-8, whatever encoding a URL, a file, a variable or the user's
# settings ask for
# shellcheck shell=sh
set -eu
. "$TOP/tests/tool/sources.sh"
export HOME="$PWD"
started=$("$TOP/tests/tool/pg.sh" start)
eval "$started"
stop() {
	"$TOP/tests/tool/pg.sh" stop "$PG_DIR"
	[ -z "${MY_DIR:-}" ] || "$TOP/tests/tool/my.sh" stop "$MY_DIR"
}
trap stop EXIT
trap 'exit 1' INT TERM
text='Zoë 李 🚀'

# is SOURCE: its text is right
is() {
	status 0 "$1" rudder-query -d "$1" -t t
	echo "{\"v\":\"$text\"}" | same "$1"
}
psql -qX -c "CREATE TABLE t AS SELECT '$text'::text AS v"
is 'postgres:///?client_encoding=LATIN1'
is 'postgres:///?options=-c%20client_encoding%3Dlatin1'
is 'redshift:///?port=5432&client_encoding=SQL_ASCII'
PGCLIENTENCODING=LATIN1 is 'postgres:///'
printf '[wh]\nclient_encoding=LATIN1\n' >services
PGSERVICEFILE=services is 'postgres:///?service=wh'
psql -qX -c "ALTER ROLE postgres SET client_encoding = latin1"
is 'postgres:///'

started=$("$TOP/tests/tool/my.sh" start)
eval "$started"
mariadb --no-defaults -S "$MY_SOCKET" -u root --default-character-set=utf8mb4 -e "CREATE DATABASE d; CREATE TABLE d.t AS SELECT '$text' AS v"
for line in default-character-set=latin1 'init-command=SET NAMES latin1' 'init-command=SET character_set_results = latin1'; do
	printf '[rudder]\n%s\n' "$line" >.my.cnf
	is "mysql://root@localhost/d?socket=$MY_SOCKET"
	status 0 "$line" rudder-query -d "mysql://root@localhost/d?socket=$MY_SOCKET" -P "v=$text" -e "SELECT COUNT(*) AS n FROM t WHERE v = :v"
	echo '{"n":1}' | same "a parameter by $line"
done
rm .my.cnf

# the driver of MariaDB gives a question mark without a word
if grep -qF '[MariaDB Unicode]' /etc/odbcinst.ini 2>/dev/null && ! rudder-query -d odbc: -t t 2>&1 | grep -q 'has no source'; then
	M="odbc:Driver={MariaDB Unicode};Socket=$MY_SOCKET;Database=d;User=root"
	is "$M"
	is "$M;CHARSET=utf8mb4"
	status 78 "latin1" rudder-query -d "$M;CHARSET=latin1" -t t
	says "character set is 'latin1'"
fi
test ! -e failed
