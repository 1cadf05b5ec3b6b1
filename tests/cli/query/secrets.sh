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
