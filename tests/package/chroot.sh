# chroot.sh - sourced: new systems by debootstrap, and commands in them
#
#   new_system SUITE ROOT    makes it; asks for root and debootstrap
#   inside ROOT COMMAND...   in namespaces of its own: what it mounts and leaves
#                            running goes with it
#   drop_system ROOT

new_system() {
	[ "$(id -u)" = 0 ] || {
		echo "${0##*/}: debootstrap needs root" >&2
		return 1
	}
	command -v debootstrap >/dev/null || {
		echo "${0##*/}: needs debootstrap: apt-get install debootstrap" >&2
		return 1
	}
	components=main
	script=
	case $1 in
	jammy | noble)
		mirror=${UBUNTU_MIRROR:?names no mirror}
		components=main,universe
		script=/usr/share/debootstrap/scripts/gutsy # an older debootstrap has no noble
		;;
	*) mirror=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null |
		sed -n 's/^URIs: *//p; s/^deb \(\[[^]]*\] \)\{0,1\}\([^ ]*\).*/\2/p' |
		grep 'debian/\{0,1\}$' | head -n 1) ;;
	esac
	drop_system "$2"
	mkdir -p "$2"
	debootstrap --variant=minbase --components=$components --include=make,ca-certificates \
		"$1" "$2" "$mirror" ${script:+"$script"} >"$2.log" 2>&1 || {
		echo "${0##*/}: debootstrap failed, see $2.log" >&2
		return 1
	}
}

inside() {
	system=$1
	shift
	# shellcheck disable=SC2016 # for the inner sh
	unshare --mount --pid --fork --kill-child env ROOT="$system" sh -c '
		mount -t proc proc "$ROOT/proc" && mount -t sysfs sys "$ROOT/sys" &&
		mkdir -p "$ROOT/dev/shm" "$ROOT/dev/pts" && mount -t tmpfs shm "$ROOT/dev/shm" &&
		mount -t devpts -o newinstance,ptmxmode=0666 pts "$ROOT/dev/pts" &&
		ln -sfn /proc/self/fd "$ROOT/dev/fd" && ln -sfn pts/ptmx "$ROOT/dev/ptmx" &&
		exec chroot "$ROOT" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root CI=1 LC_ALL=C "$@"' sh "$@"
}

drop_system() { rm -rf --one-file-system "$1"; }
