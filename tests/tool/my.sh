#!/bin/sh
# my.sh - a MariaDB of its own for tests: on a Unix socket in a new folder,
# never on the network, and gone afterwards.
#
#   eval "$(tests/tool/my.sh start)"    sets MY_DIR MY_SOCKET,
#                                       or exits 77 where there is no MariaDB
#   tests/tool/my.sh stop "$MY_DIR"     ends it and removes the folder
#
# Its user root has no password.
set -eu

as() { # as the user who may run a server, in place of this shell
	if [ "$(id -u)" = 0 ]; then
		exec setpriv --reuid=mysql --regid=mysql --clear-groups "$@"
	fi
	exec "$@"
}

case ${1:-} in
start)
	server=$(command -v mariadbd || ls /usr/sbin/mariadbd 2>/dev/null || :)
	if [ -z "$server" ] || ! command -v mariadb-install-db >/dev/null ||
		{ [ "$(id -u)" = 0 ] && ! id mysql >/dev/null 2>&1; }; then
		echo 'echo "skipped: no MariaDB server (package mariadb-server)"; exit 77'
		exit 0
	fi
	dir=$(mktemp -d /tmp/rudder-my.XXXXXX)
	# a server that does not start says why: eval fails too, and nothing stays
	trap '[ $? = 0 ] || { tail -n 30 "$dir/log" "$dir/server.log" >&2 || :; rm -rf "$dir"; echo "exit 1"; }' EXIT
	[ "$(id -u)" != 0 ] || chown mysql: "$dir"
	cd "$dir"
	(
		exec >"$dir/log" 2>&1
		# TMPDIR may be a folder where its user may not write
		as env TMPDIR="$dir" mariadb-install-db --no-defaults --datadir="$dir/data" \
			--skip-test-db --auth-root-authentication-method=normal \
			--innodb-log-file-size=8M
	)
	# exec: what waits for our output must not wait for the server
	(
		exec >"$dir/server.log" 2>&1
		as "$server" --no-defaults --datadir="$dir/data" \
			--socket="$dir/s" --pid-file="$dir/pid" --tmpdir="$dir" \
			--skip-networking --skip-log-bin \
			--character-set-server=utf8mb4 --secure-file-priv="" \
			--max-allowed-packet=64M --innodb-log-file-size=8M \
			--innodb-flush-log-at-trx-commit=0 \
			--innodb-buffer-pool-size="${MY_BUFFERS:-32M}"
	) &
	pid=$!
	n=0
	until [ -S "$dir/s" ] && mariadb --no-defaults -S "$dir/s" -u root -e 'SELECT 1' >/dev/null 2>&1; do
		n=$((n + 1))
		kill -0 $pid 2>/dev/null || exit 1
		[ $n -le 150 ] || { kill -KILL $pid; exit 1; }
		sleep 0.1
	done
	echo "MY_DIR='$dir' MY_SOCKET='$dir/s'"
	echo 'export MY_DIR MY_SOCKET'
	;;
stop)
	pid=$(cat "$2/pid" 2>/dev/null || :)
	[ -z "$pid" ] || kill -KILL "$pid" 2>/dev/null || :
	n=0
	while [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null && [ $n -lt 50 ]; do
		sleep 0.05
		n=$((n + 1))
	done
	rm -rf "$2"
	;;
*)
	echo "usage: my.sh start | stop <folder>" >&2
	exit 64
	;;
esac
