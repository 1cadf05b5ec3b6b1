#!/bin/sh
# diff.sh - rudder-diff killed before every system call of a run and of a
# commit, and every call that can fail made to fail, once and for ever after; the
# same where snapshots are incremental; runs also with rows so wide that intents are
# written while later changes are found.
#
#   diff.sh [EVERY]     (1: all points; 3: each third)
#
# After each: the next quiet run and its commit must leave the destination (a
# text file that every change which left is applied to) equal to the source,
# and a run after that must have nothing to do. The source of the quiet run is
# as it was, back at what the snapshot holds, or without a row. Needs strace.
set -eu
every=${1:-1}
command -v strace >/dev/null || { echo 'diff.sh: no strace' >&2; exit 77; }
strace -o /dev/null true 2>/dev/null || { echo 'diff.sh: strace is not allowed here' >&2; exit 77; }
# the leak checker of a sanitizer build does not work under strace
ASAN_OPTIONS=detect_leaks=0
export ASAN_OPTIONS
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
# shellcheck source=tests/tool/lib.sh
. "$TOP/tests/tool/lib.sh"

# shellcheck source=tests/fault/world.sh
. "$TOP/tests/fault/world.sh"

points() { # run | commit: "SYSCALL N" of each call it makes after it has started
	fresh "$1"
	with=plain
	disturbed "$1"
	# strace counts the calls of each thread for itself; the build of make coverage
	# ends with files that are none of ours
	awk '/\.gcda"/ {exit}
		{thread = $1; sub(/^[0-9]+ +/, "")}
		/^[a-z_0-9]+\(/ {call = $0; sub(/\(.*/, "", call); n[thread, call]++; if (go) print call, n[thread, call]}
		/^(openat|newfstatat|mkdir)\(.*(st|new.in|receipts)"/ {go = 1}' trace.log | awk '!seen[$0]++'
}
plain() { strace -f -o trace.log "$@"; }
inject() {
	case $point in *+) GCOV_PREFIX=$dir/gcov && export GCOV_PREFIX ;; esac
	ended=0
	strace -f -o trace.log -e "inject=$point" "$@" || ended=$?
	unset GCOV_PREFIX
	return $ended
}

calls='openat|write|pwrite64|fsync|fdatasync|rename|linkat|ftruncate|close|unlink|mkdir|flock'
# without memory of its own the address sanitizer aborts
case ${B:-} in *asan) ;; *) calls="$calls|mmap" ;; esac
tried=0
for what in run commit below stack stacked wide; do
	case $what in
	run) make_world ;;
	below) rm -rf "$st" && below=1 && make_world && what=commit ;;
	stack) rm -rf "$st" && below=2 && make_world && what=commit ;;
	stacked) what=run ;;
	wide) rm -rf "$st" && below='' wide=1 && make_world && what=run ;;
	esac
	points $what >"points.$what"
	[ -s "points.$what" ] || fail "no system calls seen for $what"
	k=0
	while read -r call n; do
		case $call in exit | exit_group | munmap) continue ;; esac
		k=$((k + 1))
		[ $((k % every)) = 0 ] || continue
		for then in new old less; do
			fresh $what
			with=inject point="$call:signal=SIGKILL:when=$n"
			disturbed $what
			quiet $then "$what killed before $call $n, then $then"
			tried=$((tried + 1))
		done
	done <"points.$what"
	# failures: of the calls that the promise of a state hangs on
	k=0
	grep -E "^($calls) " "points.$what" >fail.points || :
	while read -r call n; do
		k=$((k + 1))
		[ $((k % every)) = 0 ] || continue
		for error in ENOSPC EIO; do
			for ever in '' +; do
				case $call$error in flock* | mmapENOSPC) continue ;; esac
				fresh $what
				with=inject point="$call:error=$error:when=$n$ever"
				disturbed $what
				case $got in
				0 | 1 | 3 | 65 | 66 | 71 | 73 | 74 | 75 | 77 | 78) ;;
				*) fail "$what with $point: status $got" ;;
				esac
				quiet new "$what with $point (status $got)"
				tried=$((tried + 1))
			done
		done
	done <fail.points
done
# a disk that is full when the intents are written, or that cannot sync them, lets
# no change out
for point in write:error=ENOSPC fdatasync:error=EIO; do
	fresh run
	got=0
	strace -f -o trace.log -P "$st/pending" -e inject=$point \
		rudder-diff -k id -s "$st" --keep v --mode mirror new.in >left 2>err || got=$?
	is 74 $got "status with $point"
	grep -q 'the state ' err || fail "$point: said of the state: $(cat err)"
	is '' "$(changes <left)" "changes that left with $point"
done
echo "diff.sh: $tried disturbed runs and commits, each followed by a quiet run: nothing lost, nothing wrongly deleted"
