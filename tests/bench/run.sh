#!/bin/sh
# run.sh - what rudder costs beside its peers, in one run: `make bench`.
#
#   N=1000000     rows
#   RUNS=3        of each command, ours and the peer's in turn; the best counts
#   ONLY=map      one group: a file of tests/bench/*.bench
#
# Data, sink and queries are those of ../shared/bench; without it there is
# nothing to measure with. Files are on the disk of $TMPDIR, in its cache. A peer that is not there is named as missing. The
# figures are printed and never fail.
set -eu
TOP=$(cd "$(dirname "$0")/../.." && pwd)
cd "$TOP"
case ${B:=build/release} in /*) ;; *) B=$TOP/$B ;; esac
case ${BIN:=bin} in /*) ;; *) BIN=$TOP/$BIN ;; esac
PATH=$BIN:$B/tool:$PATH
N=${N:-1000000} RUNS=${RUNS:-3} ONLY=${ONLY:-}
shared=$TOP/../shared/bench
[ -d "$shared" ] || {
	echo 'bench: ../shared/bench is not there: no data to measure with'
	exit 0
}
work=$TOP/build/bench
mkdir -p "$work"
D=$(mktemp -d -t rudder-bench.XXXXXX)
pids=
finish() {
	for p in $pids; do kill "$p" 2>/dev/null || :; done
	[ -z "${PG_DIR:-}" ] || "$TOP/tests/tool/pg.sh" stop "$PG_DIR"
	[ -z "${CH_DIR:-}" ] || "$TOP/tests/tool/ch.sh" stop "$CH_DIR"
	[ -z "${MY_DIR:-}" ] || "$TOP/tests/tool/my.sh" stop "$MY_DIR"
	rm -rf "$D"
}
trap finish EXIT
export D N

tool() { # NAME: a program of ../shared/bench, built here
	[ -x "$work/$1" ] || gcc -O3 -march=x86-64-v2 -w "$shared/$1.c" -o "$work/$1" -lm
}
tool gen
tool sink
PATH=$PATH:$work

# best FILE COLUMN: the smallest figure
best() { awk -v c="$2" 'NR == 1 || $c < b {b = $c} END {print b}' "$1"; }
# ratio GROUP WHAT GOAL wall|cpu OURS PEER COMMAND: runs both in turn, one line
ratio() {
	case $4 in wall) column=1 ;; *) column=2 ;; esac
	rm -f "$D/ours" "$D/peer"
	sync # what was made before is no work of these
	i=0
	while [ $i -lt "$RUNS" ]; do
		cost "$D/ours" "$5" >/dev/null 2>"$D/said" || echo "bench: status $? of: $5: $(tail -n 1 "$D/said")"
		cost "$D/peer" "$7" >/dev/null 2>"$D/said" || echo "bench: status $? of: $7: $(tail -n 1 "$D/said")"
		i=$((i + 1))
	done
	awk -v what="$2" -v goal="$3" -v how="$4" -v peer="$6" -v a="$(best "$D/ours" $column)" -v b="$(best "$D/peer" $column)" -v m="$(best "$D/ours" 3)" \
		'BEGIN {printf "%-34s %8.3f s %s  %8.3f s %-34s  %7.3f x  (%s)  %d MiB\n", what, a, how, b, peer, a / b, goal, m / 1024}'
}
missing() { printf '%-34s %s\n' "$1" "peer missing: $2"; }
echo "bench: $N rows of ../shared/bench; best of $RUNS runs, ours and the peer in turn; x is ours / peer"
gen -n "$N" >"$D/old.json" 2>/dev/null
gen -n "$N" -v 2 -o shuffle >"$D/new.json" 2>/dev/null

group() { [ -z "$ONLY" ] || [ "$ONLY" = "$1" ]; }
for f in tests/bench/*.bench; do
	name=${f##*/}
	# shellcheck disable=SC1090
	if group "${name%.bench}"; then . "$f"; fi
done
