#!/bin/sh
# fulldisk.sh FILE COMMAND ...: runs the command with its output in FILE on a file
# system of 1 MiB, which is copied to FILE afterwards. 77 if it cannot be made.
set -eu
file=$1 how=-m
shift
[ "$(id -u)" = 0 ] || how=-rm
unshare $how true 2>/dev/null || exit 77
dir=$(mktemp -d)
export dir file
# shellcheck disable=SC2016
unshare $how sh -c '
	mount -t tmpfs -o size=1m none "$dir" 2>/dev/null || exit 77
	got=0
	"$@" >"$dir/out" || got=$?
	cp "$dir/out" "$file"
	exit $got' sh "$@" && got=0 || got=$?
rmdir "$dir"
exit $got
