#!/bin/sh
# trino.sh - a Trino of its own for tests: on a free port of the loopback, in a
# new folder, and gone afterwards.
#
#   eval "$(tests/tool/trino.sh start)"   sets TRINO_DIR TRINO_PORT TRINO_PID,
#                                         or exits 77 where there is no Trino
#   tests/tool/trino.sh stop "$TRINO_DIR" ends it and removes the folder
#
# RUDDER_TEST_TRINO is the folder of an unpacked trino-server-N.tar.gz (Maven:
# io.trino:trino-server:N:tar.gz), JAVA_HOME that of a Java it takes: 17 for
# version 368, 24 for 476. It starts in half a minute, has the catalogs memory
# and tpch, and takes 2 GB.
set -eu
case ${1:-} in
start)
	home=${RUDDER_TEST_TRINO:-}
	java=${JAVA_HOME:+$JAVA_HOME/bin/}java
	if [ -z "$home" ] || [ ! -d "$home/plugin" ] || ! command -v "$java" >/dev/null; then
		echo 'echo "skipped: no Trino server (RUDDER_TEST_TRINO), or no Java for it"; exit 77'
		exit 0
	fi
	dir=$(mktemp -d -t rudder-trino.XXXXXX)
	# a server that does not start: eval fails too, and nothing stays
	trap '[ $? = 0 ] || { rm -rf "$dir"; echo "exit 1"; }' EXIT
	mkdir "$dir/catalog" "$dir/data"
	printf 'connector.name=memory\nmemory.max-data-per-node=256MB\n' >"$dir/catalog/memory.properties"
	printf 'connector.name=tpch\n' >"$dir/catalog/tpch.properties"
	n=0
	while :; do # a port that nobody has: the addresses in its pages name it
		port=$((20000 + ($$ * 11 + n * 137) % 12000))
		curl -s --max-time 2 "http://127.0.0.1:$port/" >/dev/null || break
		n=$((n + 1))
		[ $n -lt 5 ] || exit 1
	done
	cat >"$dir/config" <<-X
		coordinator=true
		node-scheduler.include-coordinator=true
		http-server.http.port=$port
		discovery.uri=http://127.0.0.1:$port
		query.max-memory=512MB
		query.max-memory-per-node=512MB
		query.min-expire-age=1h
		query.client.timeout=5s
	X
	# exec: what waits for our output must not wait for the server
	(
		cd "$dir"
		exec "$java" -Xmx2G -Djdk.attach.allowAttachSelf=true \
			-Dnode.environment=test -Dnode.id=test -Dnode.data-dir="$dir/data" \
			-Dnode.internal-address=127.0.0.1 -Dnode.bind-ip=127.0.0.1 \
			-Dplugin.dir="$home/plugin" -Dcatalog.config-dir="$dir/catalog" \
			-Dconfig="$dir/config" -cp "$home/lib/*" \
			io.trino.server.TrinoServer >"$dir/log" 2>&1
	) &
	pid=$!
	n=0
	until grep -q 'SERVER STARTED' "$dir/log" 2>/dev/null; do
		n=$((n + 1))
		if [ $n -gt 300 ] || ! kill -0 $pid 2>/dev/null; then
			tail -n 30 "$dir/log" >&2
			kill -KILL $pid 2>/dev/null || :
			exit 1
		fi
		sleep 0.5
	done
	echo $pid >"$dir/pid"
	echo "TRINO_DIR='$dir' TRINO_PORT=$port TRINO_PID=$pid"
	echo 'export TRINO_DIR TRINO_PORT TRINO_PID'
	;;
stop)
	pid=$(cat "$2/pid" 2>/dev/null || :)
	[ -z "$pid" ] || kill -KILL "$pid" 2>/dev/null || :
	n=0
	while [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null && [ $n -lt 100 ]; do
		sleep 0.05
		n=$((n + 1))
	done
	rm -rf "$2"
	;;
*)
	echo "usage: trino.sh start | stop <folder>" >&2
	exit 64
	;;
esac
