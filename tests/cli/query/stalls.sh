# a reader that stalls for longer than the limits of the server gets all rows
# shellcheck shell=sh
set -eu
. "$TOP/tests/tool/sources.sh"
export HOME="$PWD"
export PG_OPTIONS='-c statement_timeout=2s -c idle_in_transaction_session_timeout=1s'
stop() {
	[ -z "${PG_DIR:-}" ] || "$TOP/tests/tool/pg.sh" stop "$PG_DIR"
	[ -z "${CH_DIR:-}" ] || "$TOP/tests/tool/ch.sh" stop "$CH_DIR"
	[ -z "${MY_DIR:-}" ] || "$TOP/tests/tool/my.sh" stop "$MY_DIR"
}
trap stop EXIT
trap 'exit 1' INT TERM

# stalled N SOURCE SQL: all rows come, more than pipes and sockets hold
stalled() {
	rudder-query -d "$2" -e "$3" 2>err | {
		sleep "${stall:-5}"
		tail -n 1
	} >last
	grep -q "\"type\":\"end\",\"stream\":\"rows\",\"rows\":$1," last || fail "$2: $(cat last err)"
}
# started KIND: a server of it, or false
started() {
	if ! ("$TOP/tests/tool/$1.sh" start >server); then return 1; fi
	grep -q DIR= server && eval "$(cat server)"
}
if started pg; then
	stalled 300000 postgres:/// "SELECT g, repeat('x', 200) AS s FROM generate_series(1, 300000) g"
	# what the user asks for stays
	PGOPTIONS='-c statement_timeout=1s' status 75 "a limit" rudder-query -d postgres:/// -e "SELECT pg_sleep(60)"
fi
export CH_PROFILE='<http_send_timeout>4</http_send_timeout><send_timeout>4</send_timeout>'
if ! rudder-query -d clickhouse://localhost -t t 2>&1 | grep -q 'has no source' && started ch; then
	stall=9 stalled 3000000 "clickhouse://127.0.0.1:$CH_PORT/default" "SELECT number, toString(number) AS s FROM system.numbers LIMIT 3000000"
fi
if started my; then
	mariadb --no-defaults -S "$MY_SOCKET" -u root -e "SET GLOBAL net_write_timeout = 2, GLOBAL max_statement_time = 3"
	stalled 300000 "mysql://root@localhost/mysql?socket=$MY_SOCKET" "SELECT seq, repeat('x', 200) AS s FROM seq_1_to_300000"
	printf '[rudder]\ninit-command=SET max_statement_time = 1\n' >.my.cnf
	status 75 "a limit" rudder-query -d "mysql://root@localhost/mysql?socket=$MY_SOCKET" -e "SELECT SLEEP(60) AS s"
	rm .my.cnf
	if grep -qF '[MariaDB Unicode]' /etc/odbcinst.ini 2>/dev/null && ! rudder-query -d odbc: -t t 2>&1 | grep -q 'has no source'; then
		stalled 300000 "odbc:Driver={MariaDB Unicode};Socket=$MY_SOCKET;Database=mysql;User=root;NO_CACHE=1" "SELECT seq, repeat('x', 200) AS s FROM seq_1_to_300000"
	fi
fi
test ! -e failed
