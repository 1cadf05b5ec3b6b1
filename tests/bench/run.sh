#!/bin/sh
# run.sh - what rudder costs beside its peers, in one run: `make bench`.
#
#   N=1000000     rows
#   RUNS=3        of each command, ours and the peer's in turn; the best counts
#   ONLY=map      one group: a file of tests/bench/*.bench
#
# Data are made by tests/tool/users.c, events go to tests/tool/sink.c. Files are
# on the disk of $TMPDIR, in its cache. A peer that is not there is named as
# missing. The figures are printed and never fail.
set -eu
TOP=$(cd "$(dirname "$0")/../.." && pwd)
cd "$TOP"
case ${B:=build/release} in /*) ;; *) B=$TOP/$B ;; esac
case ${BIN:=bin} in /*) ;; *) BIN=$TOP/$BIN ;; esac
PATH=$BIN:$B/tool:$PATH
N=${N:-1000000} RUNS=${RUNS:-3} ONLY=${ONLY:-}
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
# sink_at NAME OPTIONS: a receiver of tests/tool/sink.c; its port goes to PORT
sink_at() {
	name=$1
	shift
	sink -p "$D/$name" "$@" 2>/dev/null >/dev/null &
	pids="$pids $!"
	i=0
	while [ ! -s "$D/$name" ] && [ $i -lt 100 ]; do
		i=$((i + 1))
		sleep 0.05
	done
	# shellcheck disable=SC2034 # for the groups
	PORT=$(cat "$D/$name")
}
missing() { printf '%-34s %s\n' "$1" "peer missing: $2"; }
echo "bench: $N rows; best of $RUNS runs, ours and the peer in turn; x is ours / peer"
users -n "$N" >"$D/old.json" 2>/dev/null
users -n "$N" -v 2 -o shuffle >"$D/new.json" 2>/dev/null

group() { [ -z "$ONLY" ] || [ "$ONLY" = "$1" ]; }
for f in tests/bench/*.bench; do
	name=${f##*/}
	# shellcheck disable=SC1090
	if group "${name%.bench}"; then . "$f"; fi
done
