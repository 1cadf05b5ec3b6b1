# sources.sh - what the tests of real databases share; read by
# . "$TOP/tests/tool/sources.sh"
#
# A failure is noted in the file "failed", and the test goes on: it ends with
# test ! -e failed. The output of the last command is in "out", its messages
# are in "err".

fail() {
	echo "FAIL: $*"
	: >failed # a file, since this may run in a subshell
}

# same TITLE: the rows in "out" are those of standard input
same() {
	grep -v '^{"_rudder"' out >rows || :
	diff -u --label wanted --label got - rows >differ || {
		head -n 20 differ | cut -c 1-600
		fail "$1"
	}
}

# status WANTED TITLE COMMAND...
status() {
	want=$1 title=$2 got=0
	shift 2
	"$@" >out 2>err || got=$?
	[ "$got" = "$want" ] || { cat err; fail "$title: status $got, wanted $want"; }
}

no_end() { ! grep -q '"type":"end"' out || fail "$1: has an end line"; }
says() { grep -q -- "$1" err || { cat err; fail "stderr does not say: $1"; }; }

# every_database: starts those that are installed, until the test ends, and puts
# their URLs in at_sqlite, at_pg, at_my, at_ch and at_duck; empty where one is not
every_database() {
	export HOME="$PWD"
	trap stop_databases EXIT
	trap 'exit 1' INT TERM
	sqlite3 db 'CREATE TABLE t (a INT)'
	# shellcheck disable=SC2034 # for the test
	at_sqlite=sqlite:db at_pg='' at_my='' at_ch='' at_duck=''
	for kind in pg my ch; do
		if ! ("$TOP/tests/tool/$kind.sh" start >server) || ! grep -q DIR= server; then continue; fi
		eval "$(cat server)"
		# shellcheck disable=SC2034
		case $kind in
		pg) at_pg=postgres:/// ;;
		my) at_my="mysql://root@localhost/mysql?socket=$MY_SOCKET" ;;
		ch) at_ch="clickhouse://127.0.0.1:$CH_PORT/default" ;;
		esac
	done
	duck=$("$TOP/tests/tool/duck.sh" list | head -n 1)
	if [ -n "$duck" ]; then
		export RUDDER_LIBDUCKDB="$duck"
		# shellcheck disable=SC2034
		at_duck=duckdb::memory:
	fi
}
stop_databases() {
	[ -z "${PG_DIR:-}" ] || "$TOP/tests/tool/pg.sh" stop "$PG_DIR"
	[ -z "${CH_DIR:-}" ] || "$TOP/tests/tool/ch.sh" stop "$CH_DIR"
	[ -z "${MY_DIR:-}" ] || "$TOP/tests/tool/my.sh" stop "$MY_DIR"
}
