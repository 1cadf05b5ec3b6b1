# alone.sh - rudder and a rudder-diff that is missing, killed, or prints too much: what
# rudder status and rudder log say of it, and their statuses
# shellcheck disable=SC2016 # of the other shell
. "$TOP/tests/tool/lib.sh"
printf '{"id":1}\n' | rows | rudder-diff -k id -s state/users | ack accepted | rudder-diff --commit -s state/users
mkdir alone
cp "$(command -v rudder)" alone/
diff_is() { # LINE...: the rudder-diff beside it
	{
		echo '#!/bin/sh'
		printf '%s\n' "$@"
	} >alone/rudder-diff
	chmod +x alone/rudder-diff
}
both() { # STATUS WORDS: of status and log
	PATH=/usr/bin:/bin status "$1" alone/rudder status state/users >out
	cat out err | tr -s ' \n' ' ' | grep -qF -- "$2" || fail "status: no '$2' in: $(cat out err)"
	PATH=/usr/bin:/bin status "$1" alone/rudder log state/users >out
	cat out err | tr -s ' \n' ' ' | grep -qF -- "$2" || fail "log: no '$2' in: $(cat out err)"
}

both 78 "cannot start 'rudder-diff': it is neither beside rudder nor in PATH"
diff_is 'kill -KILL $$'
both 65 'rudder-diff was killed by signal 9'
diff_is 'echo "rudder-diff[state/users]: warning: not this" >&2' 'echo "rudder-diff[state/users]: the disk is on fire" >&2' 'exit 74'
both 74 'the disk is on fire'
diff_is 'head -c 70000000 /dev/zero | tr "\0" x'
both 65 'rudder-diff printed more than 64 MiB'
