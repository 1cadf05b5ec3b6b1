#!/bin/sh
# diff.sh - rudder-diff killed before every system call of a run and of a
# commit, and every call that can fail made to fail, once and for ever after.
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

# apply <CHANGES: to the file dest, "id TAB members" a line
apply() {
	awk -F '\t' '
	part == 1 {if ($1 != "") d[$1] = $2; next}
	{
		line = $0
		if (!match(line, /"action":"[a-z]*","id":"[^"]*"/)) next
		split(substr(line, RSTART, RLENGTH), w, "\"")
		sub(/^[^}]*\}(\})?,/, "", line) # with before, or without
		if (w[4] == "delete") delete d[w[8]]; else d[w[8]] = line
	}
	END {for (k in d) print k "\t" d[k]}' part=1 dest part=2 - | sort >dest.new
	mv dest.new dest
}
# holds ROWS WHAT: the destination is exactly these rows
holds() {
	sed 's/^{"id":\([0-9]*\),/\1\t&/; s/\t{/\t/' "$1" | sort >want
	cmp -s want dest || fail "$2: the destination differs: $(diff want dest | head -n 5)"
}
quiet() { # ROWS WHAT: one undisturbed run and commit, then one with nothing to do
	rows <"$1" >in
	got=0
	rudder-diff -k id -s st --keep v --mode mirror in >out 2>err || got=$?
	[ $got = 0 ] || fail "$2: the quiet run ended with $got: $(cat err)"
	grep '"change"' out | apply
	ack accepted <out | rudder-diff --commit -s st 2>err || fail "$2: its commit ended with $?: $(cat err)"
	holds "$1" "$2"
	rudder-diff -k id -s st --keep v --mode mirror in >out
	is '' "$(changes <out)" "$2: the run after it"
}

awk 'BEGIN {for (i = 1; i <= 40; i++) printf "{\"id\":%d,\"v\":\"a\"}\n", i}' >old
awk 'BEGIN {for (i = 3; i <= 44; i++) printf "{\"id\":%d,\"v\":\"%s\"}\n", i, i < 9 ? "b" : "a"}' >new
sed 5d new >less
: >dest
quiet old 'the first run'
rm -f st/lock
cp -r st st.old
cp dest dest.old
rows <new >new.in
rudder-diff -k id -s st --keep v --mode mirror new.in >new.out
ack accepted <new.out >receipts
cp -r st st.ran # with intents, before the commit
grep '"change"' new.out | apply
cp dest dest.ran

fresh() { # run | commit
	rm -rf st
	case $1 in
	run) cp -r st.old st && cp dest.old dest ;;
	*) cp -r st.ran st && cp dest.ran dest ;;
	esac
}
command_of() { # what is disturbed; its output goes to left
	case $1 in
	run) set -- rudder-diff -k id -s st --keep v --mode mirror new.in ;;
	*) set -- rudder-diff --commit -s st receipts ;;
	esac
	"$trace" "$@"
}
points() { # run | commit: "SYSCALL N" of each call it makes after it has started
	fresh "$1"
	trace=plain
	command_of "$1"
	awk -F '(' '/^[a-z_0-9]+\(/ {n[$1]++; if (go) print $1, n[$1]}
		/^(openat|newfstatat|mkdir)\(.*"(st|new.in|receipts)"/ {go = 1}' trace.log
}
plain() { strace -o trace.log "$@" >left 2>/dev/null || :; }
inject() { strace -o trace.log -e "inject=$point" "$@" >left 2>err || got=$?; }

tried=0
for what in run commit; do
	points $what >"points.$what"
	[ -s "points.$what" ] || fail "no system calls seen for $what"
	k=0
	while read -r call n; do
		case $call in exit_group | munmap) continue ;; esac
		k=$((k + 1))
		[ $((k % every)) = 0 ] || continue
		for then in new old less; do
			fresh $what
			got=0 trace=inject point="$call:signal=SIGKILL:when=$n"
			command_of $what
			[ "$what" = commit ] || grep '"change"' left | apply
			quiet $then "$what killed before $call $n, then $then"
			tried=$((tried + 1))
		done
	done <"points.$what"
	# failures: of the calls that the promise of a state hangs on
	k=0
	grep -E '^(openat|write|pwrite64|fsync|fdatasync|rename|ftruncate|close|unlink|mkdir|flock|mmap) ' "points.$what" >fail.points || :
	while read -r call n; do
		k=$((k + 1))
		[ $((k % every)) = 0 ] || continue
		for error in ENOSPC EIO; do
			for ever in '' +; do
				case $call$error in flock* | mmapENOSPC) continue ;; esac
				fresh $what
				got=0 trace=inject point="$call:error=$error:when=$n$ever"
				command_of $what
				[ "$what" = commit ] || grep '"change"' left | apply
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
# a disk that is full when the intents are written lets no change out
fresh run
got=0
strace -o trace.log -P "$dir/st/pending" -e inject=write:error=ENOSPC \
	rudder-diff -k id -s st --keep v --mode mirror new.in >left 2>err || got=$?
is 74 $got 'status of a full disk'
is '' "$(changes <left)" 'changes that left without their intents'
echo "diff.sh: $tried disturbed runs and commits, each followed by a quiet run: nothing lost, nothing wrongly deleted"
