# shellcheck shell=sh disable=SC2034,SC2154,SC2164 # here is set, as is -e
# common.sh - what both demos share: folder, receiver, titles, checks.
TOP=$(cd "$here/../.." && pwd)
B=${B:-build/release}
case $B in /*) ;; *) B=$TOP/$B ;; esac
case ${BIN:=bin} in /*) ;; *) BIN=$TOP/$BIN ;; esac
PATH=$BIN:$B/tool:$PATH
dir=$(mktemp -d)
receiver=
trap '[ -z "$receiver" ] || kill $receiver 2>/dev/null || :; rm -rf "$dir"' EXIT
cd "$dir"
RUDDER_WRITE_KEY='demo'
export RUDDER_WRITE_KEY

bold='' dim='' plain=''
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ] && [ "${TERM:-dumb}" != dumb ]; then
	bold=$(printf '\033[1m') dim=$(printf '\033[2m') plain=$(printf '\033[0m')
fi
title() { printf '\n%s%s%s\n' "$bold" "$1" "$plain"; }
note() { printf '\n'; printf '  %s\n' "$@"; }
expect() { # WHAT GOT WANTED
	[ "$2" = "$3" ] || { echo "demo: $1: $2 instead of $3" >&2; exit 1; }
}
# receiver_start OPTION...: its port is in the file port
receiver_start() {
	fake -p port -o events -t 300 "$@" &
	receiver=$!
	i=0
	until [ -s port ]; do
		i=$((i + 1))
		[ $i -lt 100 ] || { echo 'the receiver does not start' >&2; exit 1; }
		sleep 0.05
	done
}
