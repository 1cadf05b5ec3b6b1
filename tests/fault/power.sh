#!/bin/sh
# power.sh - the power fails before each open, write, fsync, rename, truncation,
# unlink, link and the end of a run and of a commit of rudder-diff, whose state
# is on an ext4 file system in an image. What was not synced is lost, as the file
# system is stopped as it is on its disk (tests/tool/shim.c), once with its
# journal and once without; it is mounted again as after a power cut.
#
#   power.sh [EVERY]     (1: all points; 3: each third)
#
# What must hold is that of world.sh, of commits also with below=1 and below=2, and
# of runs also with wide=1; the source of
# the quiet run is as it was, back at what the snapshot holds, or without a row,
# one after the other. Needs root, a loop device and mkfs.ext4.
set -eu
every=${1:-1}
# shellcheck source=tests/tool/lib.sh
. "$TOP/tests/tool/lib.sh"
[ "$(id -u)" = 0 ] || skip 'power.sh: only root may mount'
# a copy of the mount in a namespace of another process keeps the stopped file system
if [ -z "${POWER_OWN_MOUNTS:-}" ] && unshare -m true 2>/dev/null; then
	POWER_OWN_MOUNTS=1 exec unshare -m --propagation private "$0" "$@"
fi
command -v mkfs.ext4 >/dev/null || skip 'power.sh: no mkfs.ext4'
dir=$(mktemp -d)
trap 'umount "$dir/disk" 2>/dev/null || :; rm -rf "$dir"' EXIT
cd "$dir"
mkdir disk
truncate -s 96M image
mkfs.ext4 -q -F image
# the worst that ext4 offers: no order between data and names
plug_in() { mount -o loop,data=writeback,noauto_da_alloc image disk; }
plug_in 2>err || skip "power.sh: no loop device here: $(cat err)"
st=$dir/disk/st commit='rudder-diff --commit --history 2'
# shellcheck source=tests/fault/world.sh
. "$TOP/tests/fault/world.sh"
shim() { rm -f log && SHIM=$point SHIM_UNDER=$dir/disk SHIM_LOG=$dir/log LD_PRELOAD=$SHIM_SO "$@"; }

cut() { # the run or commit loses its power at $point; then it is back
	fresh $what
	sync
	with=shim
	disturbed $what 2>/dev/null
	[ "$got" = 137 ] || fail "$what with $point: status $got: $(cat err)"
	if grep -q 'cannot cut' log; then skip 'power.sh: this ext4 cannot be stopped'; fi
	if touch "$st/x" 2>/dev/null; then fail "$point: the power is still on"; fi
	umount disk
	plug_in
}

tried=0 k=0
for what in run commit below stack wide; do
	case $what in
	run) make_world ;;
	below) rm -rf "$st" && below=1 && make_world && what=commit ;;
	stack) rm -rf "$st" && below=2 && make_world && what=commit ;;
	wide) rm -rf "$st" && below='' wide=1 && make_world && what=run ;;
	esac
	fresh $what
	with=shim point=none
	disturbed $what
	[ -e log ] || skip 'power.sh: no library can be preloaded into rudder-diff'
	sed 1d log >points
	while read -r call count; do
		n=0
		while [ $n -lt "$count" ]; do
			n=$((n + 1))
			for point in "$call:$n:cut" "$call:$n:cutlog"; do
				for then in new old less; do
					k=$((k + 1))
					[ $((k % every)) = 0 ] || continue
					cut
					quiet $then "$what with $point, then $then"
					tried=$((tried + 1))
				done
			done
		done
	done <points
done
[ $tried -gt 0 ] || fail 'nothing was tried'
echo "power.sh: $tried power cuts, each followed by a quiet run: nothing lost, nothing wrongly deleted"
