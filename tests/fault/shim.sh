#!/bin/sh
# shim.sh - rudder-diff on a disk that fails: the N-th open, write, fsync, rename,
# truncation, unlink and link below the state, once and for ever after, with
# ENOSPC and EIO, and writes that are truncated. By a preloaded library that
# leaves proof that it was there ($SHIM, tests/tool/shim.c); no ptrace needed.
#
#   shim.sh [EVERY]     (1: all points; 3: each third)
#
# The world and what must hold are those of world.sh. All of it twice: in memory,
# and with temporary files for everything (--memory 1); once more with incremental
# snapshots; and runs once more with
# rows so wide that intents are written while later changes are found.
set -eu
every=${1:-1}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
# shellcheck source=tests/tool/lib.sh
. "$TOP/tests/tool/lib.sh"
shim() { rm -f "$dir/log" && SHIM=$point SHIM_UNDER=$st SHIM_LOG=$dir/log LD_PRELOAD=$SHIM_SO "$@"; }
proof() { grep -q '^shim' "$dir/log" || fail "$1: the shim was not there"; }

tried=0 k=0
for options in '' '--memory 1' below stack wide; do
	wide='' below='' all='run commit'
	case $options in
	below) below=1 options='' all=commit ;;
	stack) below=2 options='' ;;
	wide) wide=1 options='' all=run ;;
	esac
	mkdir "$dir/world$options.$below.$wide"
	cd "$dir/world$options.$below.$wide"
	st=$PWD/st diff="rudder-diff $options" commit="rudder-diff $options --commit --history 2"
	# shellcheck source=tests/fault/world.sh
	. "$TOP/tests/fault/world.sh"
	make_world
	for what in $all; do
		fresh $what
		with=shim point=none
		disturbed $what
		[ -e "$dir/log" ] || skip 'no library can be preloaded into rudder-diff'
		proof $what
		sed 1d "$dir/log" >points
		[ ! "$wide" ] || [ "$(awk '/^fsync/ {print $2}' points)" -ge 5 ] || fail 'a wide run wrote its intents at once'
		while read -r call count; do
			[ "$call" != end ] || continue
			n=0
			while [ $n -lt "$count" ]; do
				n=$((n + 1))
				for point in "$call:$n:ENOSPC" "$call:$n+:ENOSPC" "$call:$n:EIO" "$call:$n+:EIO" "$call:$n:short"; do
					case $point in write*) ;; *:short) continue ;; esac
					k=$((k + 1))
					[ $((k % every)) = 0 ] || continue
					fresh $what
					with=shim
					disturbed $what
					proof "$what with $point"
					grep -qE "^(E[A-Z]*|short) " "$dir/log" || fail "$what with $point: nothing failed"
					case $got in
					0 | 1 | 3 | 65 | 66 | 71 | 73 | 74 | 75 | 77 | 78) ;;
					*) fail "$what with $point: status $got: $(cat err)" ;;
					esac
					quiet new "$what $options$wide with $point (status $got)"
					tried=$((tried + 1))
				done
			done
		done <points
	done
	# a disk that is full from the start lets no change out
	fresh run
	with=shim point=write:1+:ENOSPC
	disturbed run
	proof 'a full disk'
	is 74 "$got" 'status of a full disk'
	is '' "$(changes <left)" 'changes that left without their intents'
done
[ $tried -gt 0 ] || fail 'nothing was tried'
echo "shim.sh: $tried runs and commits on a failing disk, each followed by a quiet run: nothing lost, nothing wrongly deleted"
