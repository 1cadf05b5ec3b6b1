#!/bin/sh
# ch.sh - a ClickHouse of its own for tests: on a free port of the loopback, in
# a new folder, and gone afterwards.
#
#   eval "$(tests/tool/ch.sh start)"    sets CH_DIR CH_PORT CH_PID,
#                                       or exits 77 where there is no ClickHouse
#   tests/tool/ch.sh stop "$CH_DIR"     ends it and removes the folder
#
# Its user default has no password, poor has "p w@:/", and reader may not change
# settings. CH_PROFILE may have settings for the others, as XML. The zone is Europe/Berlin, so that a moment in it shows.
# The cluster "lost" has one shard, where nobody listens.
set -eu
case ${1:-} in
start)
	if ! command -v clickhouse-server >/dev/null; then
		echo 'echo "skipped: no ClickHouse server (package clickhouse-server)"; exit 77'
		exit 0
	fi
	dir=$(mktemp -d /tmp/rudder-ch.XXXXXX)
	# a server that does not start: eval fails too, and nothing stays
	trap '[ $? = 0 ] || { rm -rf "$dir"; echo "exit 1"; }' EXIT
	mkdir "$dir/data" "$dir/tmp" "$dir/files"
	user() { echo "<$1><password>$2</password><networks><ip>127.0.0.1</ip></networks><profile>$3</profile><quota>default</quota></$1>"; }
	cat >"$dir/users.xml" <<-X
		<yandex><profiles><default>${CH_PROFILE:-}</default><fixed><readonly>1</readonly></fixed></profiles><quotas><default/></quotas>
		<users>$(user default '' default)$(user poor 'p w@:/' default)$(user reader '' fixed)</users></yandex>
	X
	n=0
	while :; do # the server takes no port 0: look for a free one
		port=$((20000 + ($$ * 7 + n * 131) % 20000))
		cat >"$dir/config.xml" <<-X
			<yandex><logger><level>error</level><console>1</console></logger><http_port>$port</http_port>
			<listen_host>127.0.0.1</listen_host><path>$dir/data/</path><tmp_path>$dir/tmp/</tmp_path>
			<user_files_path>$dir/files/</user_files_path><mark_cache_size>16777216</mark_cache_size>
			<remote_servers><lost><shard><replica><host>127.0.0.1</host><port>1</port></replica></shard></lost></remote_servers>
			<timezone>Europe/Berlin</timezone><users_config>$dir/users.xml</users_config>
			<display_name>$dir</display_name><default_profile>default</default_profile><default_database>default</default_database></yandex>
		X
		(
			cd "$dir"
			exec clickhouse-server --config-file="$dir/config.xml" >"$dir/log" 2>&1
		) &
		pid=$!
		i=0
		while kill -0 $pid 2>/dev/null && [ $i -lt 100 ]; do
			i=$((i + 1))
			# its own answer, not that of another who has the port
			if curl -si --max-time 5 "http://127.0.0.1:$port/?query=SELECT+1" | grep -q "$dir"; then break 2; fi
			sleep 0.1
		done
		kill -KILL $pid 2>/dev/null || :
		n=$((n + 1))
		if [ $n = 5 ]; then
			cat "$dir/log" >&2
			exit 1
		fi
	done
	echo $pid >"$dir/pid"
	echo "CH_DIR='$dir' CH_PORT=$port CH_PID=$pid"
	echo 'export CH_DIR CH_PORT CH_PID'
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
	echo "usage: ch.sh start | stop <folder>" >&2
	exit 64
	;;
esac
