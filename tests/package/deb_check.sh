#!/bin/sh
# deb_check.sh [SUITE] - the package of `make deb` in a new system: installed with
# what it recommends, used for a sync, removed; nothing may be left. As root.
set -eu
cd "$(dirname "$0")/../.."
. tests/package/chroot.sh
deb=$(echo build/deb/rudder-filters_*.deb)
[ -e "$deb" ] || {
	echo "deb_check: run make deb first" >&2
	exit 1
}
root=$PWD/build/distros/deb
mkdir -p build/distros
new_system "${1:-bookworm}" "$root"
trap 'drop_system "$root"' EXIT
cp "$deb" "$root/rudder.deb"
files() { (cd "$root" && find usr etc -type f -o -type l | grep -v -e /__pycache__/ -e '^etc/ld.so.cache$' | LC_ALL=C sort); }
inside "$root" apt-get update -qq
inside "$root" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq sqlite3 >/dev/null
files >"$root/before"
inside "$root" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq /rudder.deb >/dev/null
# shellcheck disable=SC2016 # for the inner sh
inside "$root" sh -euc '
	cd /root && mkdir state
	sqlite3 shop.db "CREATE TABLE users (id, plan); INSERT INTO users VALUES (1, 1), (2, 2)"
	sync() {
		rudder-query -d sqlite:shop.db -t users | rudder-diff -k id -s state/users |
			rudder-map -t identify -u id | rudder-send -d file:events | rudder-diff --commit -s state/users
	}
	sync
	sqlite3 shop.db "UPDATE users SET plan = 3 WHERE id = 2"
	sync
	[ "$(wc -l <events)" = 3 ]'
inside "$root" apt-get purge -y -qq rudder-filters >/dev/null
inside "$root" apt-get autoremove -y -qq --purge >/dev/null
files >"$root/after"
grep -e rudder "$root/after" && exit 1
left=$(LC_ALL=C comm -13 "$root/before" "$root/after" | grep -v -e '^etc/' -e /share/ || :)
[ -z "$left" ] || echo "left by other packages: $left"
echo "deb_check: installed, synced twice, removed"
