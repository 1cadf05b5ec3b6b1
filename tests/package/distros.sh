#!/bin/sh
# distros.sh [SUITE...] - README's two commands in new systems, made by debootstrap
# below build/distros: time and last line of each. As root; about 3 GB a system,
# which is removed again. Debian's mirror is the one of this machine; that of Ubuntu
# (noble) is named by UBUNTU_MIRROR, without it it is skipped. Ubuntu 22.04 (jammy)
# is too old: README says what of it.
set -eu
cd "$(dirname "$0")/../.."
. tests/package/chroot.sh
top=$PWD/build/distros
mkdir -p "$top"

# timed NAME COMMAND...: a line of the table
timed() {
	name=$1
	shift
	t0=$(date +%s)
	rc=0
	inside "$root" "$@" >"$top/$suite-$name.log" 2>&1 </dev/null || rc=$?
	printf '%-9s %-14s status %-3s %4d s  %s\n' "$suite" "$name" $rc $(($(date +%s) - t0)) \
		"$(grep -a -E '^[0-9]+ passed' "$top/$suite-$name.log" | tail -n 1)"
	[ $rc = 0 ] || bad=1
}

bad=0
[ $# -gt 0 ] || set -- bookworm trixie noble
for suite; do
	case $suite in
	jammy | noble) [ -n "${UBUNTU_MIRROR:-}" ] || {
		echo "$suite: skipped, UBUNTU_MIRROR names no mirror"
		continue
	} ;;
	esac
	root=$top/$suite
	new_system "$suite" "$root" || {
		bad=1
		continue
	}
	mkdir "$root/rudder"
	for f in ./* ./.[!.]*; do # with the settings of the lints, and git for what changed
		case ${f#./} in build) ;; *) cp -a "$f" "$root/rudder/" ;; esac
	done
	chown -R 0:0 "$root/rudder"
	find "$root/rudder/bin" -type f ! -name '*.c' -delete
	timed demo make -C /rudder demo
	timed check make -C /rudder deps check
	timed clang make -C /rudder CC=clang B=build/clang OUT=build/clang/bin all
	drop_system "$root"
done
exit $bad
