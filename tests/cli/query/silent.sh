#!/bin/sh
# rudder-query when a server takes the connection and says nothing.
. "$TOP/tests/tool/lib.sh"
. "$TOP/tests/tool/fake.sh"
echo 'always hang' >script
serve -p port -s script
port=$(cat port)
drivers=$(odbcinst -q -d 2>/dev/null || :)
# Debian has psqlodbc write a log to /tmp for each process
[ ! -f /etc/odbcinst.ini ] || sed 's/^CommLog.*/CommLog=0/' /etc/odbcinst.ini >odbcinst.ini
export ODBCSYSINI="$PWD"

# silent SAYS SOURCE: the time limit, by its step, and a signal
silent() {
	case $(rudder-query -d "$2" -t t --timeout 1ms 2>&1) in
	*"this build has no source"*) return 0 ;;
	esac
	status 75 timeout 300 rudder-query -d "$2" --timeout 200ms -t t >out
	says "$1"
	! grep -v '"type":"abort"' out || fail "$2: $(cat out)"
	status 75 timeout 300 rudder-query -d "$2" --timeout 200ms --check -t t >out
	is 'connection	failed' "$(cut -f 1,2 out)" "$2: --check"
	rudder-query -d "$2" -t t >out 2>err &
	pid=$!
	sleep 0.2
	kill -TERM $pid
	got=0
	wait $pid || got=$?
	is 143 $got "$2: SIGTERM"
}
within=': login timed out after 0.200 s'
silent "PostgreSQL$within" "postgres://u@127.0.0.1:$port/d"
silent "Redshift$within" "redshift://u@127.0.0.1:$port/d"
silent "MySQL$within" "mysql://u@127.0.0.1:$port/d"
silent 'time limit exceeded' "clickhouse://u@127.0.0.1:$port/d"
silent 'time limit exceeded' "trino://u@127.0.0.1:$port/d"
for driver in 'PostgreSQL Unicode' 'MariaDB Unicode'; do
	case $drivers in
	*"[$driver]"*) silent "the database$within" "odbc:Driver=$driver;Server=127.0.0.1;Port=$port;Database=d;UID=u" ;;
	esac
done
halt || :
