#!/bin/sh
# distros.sh [SUITE...] - README's two commands in new systems, made by debootstrap
# below build/distros: time and last line of each. As root; about 3 GB a system,
# which is removed again. Debian's mirror is the one of this machine; Ubuntu's
# (jammy noble) is named by UBUNTU_MIRROR, without it they are skipped.
set -eu
cd "$(dirname "$0")/../.."
[ "$(id -u)" = 0 ] || {
	echo "distros: debootstrap needs root" >&2
	exit 1
}
command -v debootstrap >/dev/null || {
	echo "distros: needs debootstrap: apt-get install debootstrap" >&2
	exit 1
}
debian=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null |
	sed -n 's/^URIs: *//p; s/^deb \(\[[^]]*\] \)\{0,1\}\([^ ]*\).*/\2/p' | grep 'debian/\{0,1\}$' | head -n 1)
top=$PWD/build/distros
mkdir -p "$top"
# in namespaces of its own: what it mounts and leaves running goes with it
inside() {
	# shellcheck disable=SC2016 # for the inner sh
	unshare --mount --pid --fork --kill-child env ROOT="$root" sh -c '
		mount -t proc proc "$ROOT/proc" && mount -t sysfs sys "$ROOT/sys" &&
		mkdir -p "$ROOT/dev/shm" "$ROOT/dev/pts" && mount -t tmpfs shm "$ROOT/dev/shm" &&
		mount -t devpts -o newinstance,ptmxmode=0666 pts "$ROOT/dev/pts" &&
		ln -sfn /proc/self/fd "$ROOT/dev/fd" && ln -sfn pts/ptmx "$ROOT/dev/ptmx" &&
		exec chroot "$ROOT" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root CI=1 LC_ALL=C "$@"' sh "$@"
}

# timed NAME COMMAND...: a line of the table
timed() {
	name=$1
	shift
	t0=$(date +%s)
	rc=0
	inside "$@" >"$top/$suite-$name.log" 2>&1 </dev/null || rc=$?
	printf '%-9s %-14s status %-3s %4d s  %s\n' "$suite" "$name" $rc $(($(date +%s) - t0)) \
		"$(grep -a -E '^[0-9]+ passed' "$top/$suite-$name.log" | tail -n 1)"
	[ $rc = 0 ] || bad=1
}

bad=0
[ $# -gt 0 ] || set -- bookworm trixie jammy noble
for suite; do
	case $suite in
	jammy | noble) mirror=${UBUNTU_MIRROR:-} ;;
	*) mirror=$debian ;;
	esac
	[ -n "$mirror" ] || {
		echo "$suite: skipped, UBUNTU_MIRROR names no mirror"
		continue
	}
	root=$top/$suite
	rm -rf --one-file-system "$root"
	debootstrap --variant=minbase --include=make,ca-certificates "$suite" "$root" "$mirror" >"$top/$suite.log" 2>&1 || {
		echo "$suite: debootstrap failed, see build/distros/$suite.log"
		bad=1
		continue
	}
	mkdir "$root/rudder"
	for f in ./*; do
		case ${f#./} in build) ;; *) cp -a "$f" "$root/rudder/" ;; esac
	done
	find "$root/rudder/bin" -type f ! -name '*.c' -delete
	timed demo make -C /rudder demo
	timed check make -C /rudder deps check
	timed clang make -C /rudder CC=clang B=build/clang OUT=build/clang/bin all
	rm -rf --one-file-system "$root"
done
exit $bad
