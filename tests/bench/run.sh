#!/bin/sh
# run.sh - what rudder costs beside its peers, in one run: `make bench`.
#
#   N=1000000     rows
#   RUNS=3        of each command, ours and the peer's in turn; the best counts
#   ONLY=map      one group: a file of tests/bench/*.bench
#
# Data are made by tests/tool/users.c, events go to tests/tool/sink.c. Files are
# on the disk of $TMPDIR, in its cache. A peer that is not there is named as
# missing. Each line states its goal, the ratio, and whether the goal is met; all
# lines together are build/bench/table.md at the end, which README quotes. The
# figures are printed and never fail.
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
	figures "$2" "$3" "$4" "$6" "$(best "$D/ours" $column)" "$(best "$D/peer" $column)" "$(best "$D/ours" 3)" "$(best "$D/peer" 3)"
}
# figures WHAT GOAL wall|cpu PEER OURS PEER'S KIB KIB: one line, and one of the table. The last
# number of a goal counts: of a ratio, or with `s` behind it of our seconds.
figures() {
	awk -v what="$1" -v goal="$2" -v how="$3" -v peer="$4" -v a="$5" -v b="$6" -v m="$7" -v pm="$8" -v table="$work/table.rows" 'BEGIN {
		n = split(goal, word, /[ ,]+/)
		for (i = 1; i <= n; i++) if (word[i] + 0 > 0) {limit = word[i] + 0; seconds = word[i + 1] == "s"}
		met = limit == 0 ? "" : (seconds ? a : a / b) <= limit ? "met" : "not met"
		printf "%-34s %8.3f s %s  %8.3f s %-34s  %7.3f x  (%s: %s)  %d MiB\n", what, a, how, b, peer, a / b, goal, met, m / 1024
		printf "| %s | %s | %.3f s | %.3f s | %.3f | %s | %s | %d | %d |\n", what, peer, a, b, a / b, goal, met, m / 1024, pm / 1024 >>table
	}'
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
missing() {
	printf '%-34s %s\n' "$1" "peer missing: $2"
	echo "| $1 | $2 | | | | | peer missing | | |" >>"$work/table.rows"
}
: >"$work/table.rows"
echo "bench: $N rows; best of $RUNS runs, ours and the peer in turn; x is ours / peer"
users -n "$N" >"$D/old.json" 2>/dev/null
users -n "$N" -v 2 -o shuffle >"$D/new.json" 2>/dev/null

# pip_peer NAME...: whether these Python packages are there, in build/bench/py; installs them once
pip_peer() {
	for p in "$@"; do
		[ -e "$work/py/has.$p" ] && continue
		[ -d "$work/py" ] || python3 -m venv "$work/py" >/dev/null 2>&1 || return 1
		"$work/py/bin/pip" install -q "$p" >/dev/null 2>&1 || return 1
		: >"$work/py/has.$p"
	done
}
pip_version() { "$work/py/bin/pip" show "$1" 2>/dev/null | sed -n 's/^Version: //p'; }
# postgres: starts PostgreSQL with the table users, once; false where it is not there
postgres() {
	[ -z "${PG_DIR:-}" ] || return 0
	started=$(PG_BUFFERS=2GB tests/tool/pg.sh start)
	case $started in *skipped* | *'exit 1'*) return 1 ;; esac
	eval "$started"
	as_csv
	psql -qX -c "CREATE UNLOGGED TABLE users(user_id bigint, email text, name text, plan text, mrr numeric(12,2),
		signup_ts timestamptz, country text, is_active bool, last_seen timestamptz, settings jsonb, scores text)" \
		-c "COPY users FROM STDIN (FORMAT csv, HEADER true)" <"$D/old.csv"
	psql -qX -c "ALTER TABLE users ALTER COLUMN scores TYPE int[] USING translate(scores, '[]', '{}')::int[]" \
		-c "VACUUM ANALYZE users"
}
# mariadb_server: the same with MariaDB, at $MY_URL
mariadb_server() {
	[ -z "${MY_DIR:-}" ] || return 0
	started=$(MY_BUFFERS=1G tests/tool/my.sh start)
	case $started in *skipped* | *'exit 1'*) return 1 ;; esac
	eval "$started"
	as_csv
	my="mariadb --no-defaults -S $MY_SOCKET -u root"
	# shellcheck disable=SC2034 # for the groups
	MY_URL="mysql://root@localhost/d?socket=$MY_SOCKET"
	$my -e "CREATE DATABASE d CHARACTER SET utf8mb4"
	$my --local-infile=1 d -e "SET foreign_key_checks = 0, unique_checks = 0;
		CREATE TABLE users(user_id BIGINT PRIMARY KEY, email TEXT, name TEXT, plan TEXT, mrr DECIMAL(12,2),
			signup_ts VARCHAR(40), country TEXT, is_active VARCHAR(5), last_seen VARCHAR(40), settings JSON, scores TEXT);
		LOAD DATA LOCAL INFILE '$D/old.csv' INTO TABLE users FIELDS TERMINATED BY ',' OPTIONALLY ENCLOSED BY '\"'
			ESCAPED BY '' IGNORE 1 LINES;
		SELECT count(*) FROM users" >/dev/null
}
as_csv() { [ -s "$D/old.csv" ] || users -n "$N" -f csv >"$D/old.csv" 2>/dev/null; }
group() { [ -z "$ONLY" ] || [ "$ONLY" = "$1" ]; }
for f in tests/bench/*.bench; do
	name=${f##*/}
	# shellcheck disable=SC1090
	if group "${name%.bench}"; then . "$f"; fi
done
{
	echo "$N rows, best of $RUNS runs in turn, $(date -u +%F), $(nproc) processors."
	echo
	echo '| what | peer | rudder | peer | ratio | goal | | MiB | MiB of the peer |'
	echo '|---|---|---:|---:|---:|---|---|---:|---:|'
	cat "$work/table.rows"
} >"$work/table.md"
rm "$work/table.rows"
echo "bench: the table is $work/table.md"
