#!/bin/sh
# pg.sh - a PostgreSQL of its own for tests: on a Unix socket in a new folder,
# never on the network, and gone afterwards.
#
#   eval "$(tests/tool/pg.sh start)"    sets PGHOST PGUSER PGDATABASE PG_DIR;
#                                       exits 77 where there is no PostgreSQL
#   tests/tool/pg.sh stop "$PG_DIR"     ends it and removes the folder
#
# PG_BUFFERS is the size of its cache, PG_OPTIONS more options of the server (a
# -c port=N is to be told to clients by PGPORT).
# Durability is off: nothing here outlives the test.
set -eu
bin=$(find /usr/lib/postgresql/*/bin -name initdb 2>/dev/null | sort -V | tail -n 1)
bin=${bin%/initdb}

as() { # as the user who may run a server
	if [ "$(id -u)" = 0 ]; then
		setpriv --reuid=postgres --regid=postgres --clear-groups "$@"
	else
		"$@"
	fi
}

case ${1:-} in
start)
	if [ -z "$bin" ] || { [ "$(id -u)" = 0 ] && ! id postgres >/dev/null 2>&1; }; then
		echo 'echo "skipped: no PostgreSQL server (package postgresql)"; exit 77'
		exit 0
	fi
	dir=$(mktemp -d /tmp/rudder-pg.XXXXXX)
	# a server that does not start says why: eval fails too, and nothing stays
	trap '[ $? = 0 ] || { tail -n 30 "$dir/log" "$dir/server.log" >&2 || :; rm -rf "$dir"; echo "exit 1"; }' EXIT
	[ "$(id -u)" != 0 ] || chown postgres: "$dir"
	cd "$dir"
	as "$bin/initdb" -D "$dir/data" -U postgres -A trust -E UTF8 --locale=C --no-sync >"$dir/log" 2>&1
	as "$bin/pg_ctl" -D "$dir/data" -l "$dir/server.log" -w -t 30 -o "-k $dir -c listen_addresses='' \
		-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=20 \
		-c shared_buffers=${PG_BUFFERS:-64MB} -c autovacuum=off -c jit=off \
		-c max_wal_size=4GB ${PG_OPTIONS:-}" start >>"$dir/log" 2>&1
	echo "PGHOST='$dir' PGUSER=postgres PGDATABASE=postgres PG_DIR='$dir'"
	echo 'export PGHOST PGUSER PGDATABASE PG_DIR'
	;;
stop)
	cd "$2"
	as "$bin/pg_ctl" -D "$2/data" -m immediate -w -t 30 stop >/dev/null 2>&1 || :
	cd /
	rm -rf "$2"
	;;
*)
	echo "usage: pg.sh start | stop <folder>" >&2
	exit 64
	;;
esac
