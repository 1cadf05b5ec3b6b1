#!/bin/sh
# What rudder-query holds or is given is seen nowhere else.
. "$TOP/tests/tool/lib.sh"

# shellcheck disable=SC3045 # dash has them
ulimit -S -c unlimited 2>/dev/null || :

# no core dump, and no other process of the user reads its memory
cat >look <<'EOT'
grep '^Max core file size *0 ' /proc/$PPID/limits >limit
stat -c %U "/proc/$PPID/mem" >owner
echo '{"a":1}'
EOT
status 0 rudder-query -d 'exec:exec sh ./look' >out
[ -s limit ] || fail 'a core could be written'
if [ "$(id -u)" = 0 ]; then
	chmod 777 .
	case ${B##*/} in
	asan) ;;
	*)
		rm -f limit owner
		status 0 setpriv --reuid=nobody --clear-groups rudder-query -d 'exec:exec sh ./look' >out
		is root "$(cat owner)" 'the owner of its memory'
		;;
	esac
fi

# the command of exec: still has the real standard input
echo '{"b":2}' | status 0 rudder-query -d 'exec:cat' >out
grep -qx '{"b":2}' out || fail "standard input of a command: $(cat out)"

# its environment, without the secrets of rudder
MINE=1 RUDDER_WRITE_KEY=canary RUDDER_ODBC_PASSWORD=canary RUDDER_SOURCE=canary \
	status 0 rudder-query -d 'exec:env >seen; echo "{}"' >out
grep -q '^MINE=1$' seen || fail 'the environment of the user is lost'
! grep -q canary seen || fail "secrets: $(grep canary seen)"

# no message repeats a part of a password that has no escapes where it needs them
known() { # $1: URL; whether this build has its source
	case $(rudder-query -d "$1" -e 'SELECT 1' 2>&1) in *"this build has no source"*) return 1 ;; esac
}
for scheme in postgres postgresql redshift mysql clickhouse trino; do
	known "$scheme://" || continue
	for url in u:hun/ter@h/d u:12/hunter@h/d 'u:hun?ter@h/d' 'u:hun?ter=1@h/d' 'u:a@b?hunter=1@h/d' u:%hunter@h/d \
		'u:hunter%@h/d' u:hun/ter@h:1/d 'u:hun?ter&x@h/d' u:%00hunter@h/d; do
		for log in text json; do
			got=0
			timeout 300 rudder-query --log-format $log --timeout 2s -d "$scheme://$url" -e 'SELECT 1 AS a' >out 2>err || got=$?
			is 64 $got "$scheme://$url: status"
			! grep -v 'command line' err | grep -q -e hun -e ter@ -e ter= || fail "$scheme://$url: $(cat err)"
			grep -q 'a password on the command line' err || fail "$scheme://$url: no warning: $(cat err)"
		done
	done
done
for url in postgres://u:p@hunter@h/d redshift://u:p@hunter@h/d postgres:u:hunter@h/d 'postgres://u:hunter@h/d?nosuch=1' \
	'postgres://u:hunter@h:x/d' 'postgres://u:hunter@[h/d'; do
	known postgres:// || continue
	got=0
	timeout 300 rudder-query --timeout 2s -d "$url" -e 'SELECT 1 AS a' >out 2>err || got=$?
	is 64 $got "$url: status"
	! grep -q hunter err || fail "$url: $(cat err)"
done

# a proxy whose URL libcurl does not take
if known clickhouse://; then
	for proxy in 'http://me:hunter2@h:99999' 'nosuch://me:hunter2@h' 'http://me:hunter2@[h' 'http://me:hun ter2@h'; do
		got=0
		https_proxy=$proxy timeout 300 rudder-query --log-format json --timeout 2s -d 'clickhouses://h.invalid/d' -e 'SELECT 1' >out 2>err || got=$?
		[ $got != 0 ] || fail "$proxy: status 0"
		! grep -q -e hunter2 -e ter2 err || fail "$proxy: $(cat err)"
	done
fi

# drivers of ODBC repeat what they do not know
for name in AccessKey SecretAccessKey ClientSecret PassPhrase KeyContent Auth_Client_Secret SessionToken; do
	known odbc:DSN=nosuch || break
	rudder-query -d "odbc:Driver=nosuch-hunter22;$name=nosuch-hunter22" -e 'SELECT 1 AS a' >out 2>err && fail 'a driver that is not there'
	! grep -q hunter22 err || fail "odbc: $name: $(cat err)"
	grep -q 'a password on the command line' err || fail "odbc: $name: no warning"
done
exit 0
