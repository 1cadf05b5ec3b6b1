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
# lines together are build/bench/table.md at the end, of which readme.sh puts some
# into README. The figures are printed and never fail.
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
		cost "$D/ours" "$5" >/dev/null 2>"$D/said" || failed "$2" "status $? of: $5" || return 0
		cost "$D/peer" "$7" >/dev/null 2>"$D/said" || failed "$2" "status $? of: $7" || return 0
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
# failed WHAT WHY: no figure, for what was measured is not what was to be done; always false
failed() {
	rm -f "$D/ours" "$D/peer"
	printf '%-34s failed: %s: %s\n' "$1" "$2" "$(tail -n 1 "$D/said")"
	echo "| $1 | | | | | | failed | | |" >>"$work/table.rows"
	return 1
}
: >"$work/table.rows"
echo "bench: $N rows; best of $RUNS runs, ours and the peer in turn; x is ours / peer"
users -n "$N" >"$D/old.json" 2>/dev/null
users -n "$N" -v 2 -o shuffle >"$D/new.json" 2>/dev/null

# pip_peer NAME...: whether these Python packages are there, in build/bench/$IN (py); installs them once
pip_peer() {
	at=$work/${IN:-py}
	for p in "$@"; do
		[ -e "$at/has.$p" ] && continue
		[ -d "$at" ] || python3 -m venv "$at" >/dev/null 2>&1 || return 1
		"$at/bin/pip" install -q "$p" >/dev/null 2>&1 || return 1
		: >"$at/has.$p"
	done
}
# jq_peer: jq 1.8, which Debian 12 does not have, is at $JQ: PyPI's package jq has its sources
jq_peer() {
	JQ=$work/jq/jq
	[ ! -x "$JQ" ] || return 0
	rm -rf "$work/jq"
	mkdir -p "$work/jq/src" && (
		cd "$work/jq" && python3 -m pip download -q --no-deps --no-binary :all: -d . jq &&
			tar xzf jq-*.tar.gz && tar xzf jq-*/deps/jq-*.tar.gz -C src --strip-components=1 && cd src &&
			./configure -q --disable-docs --disable-shared --with-oniguruma=builtin && make -s CFLAGS=-O2 && mv jq "$JQ"
	) >"$work/jq.log" 2>&1
}
# jaq_peer: jaq, as crates.io has it, is at $JAQ
jaq_peer() {
	JAQ=$work/jaq/bin/jaq
	[ -x "$JAQ" ] || { command -v cargo >/dev/null && cargo install -q --root "$work/jaq" jaq >"$work/jaq.log" 2>&1; }
}
pip_version() { "$work/${IN:-py}/bin/pip" show "$1" 2>/dev/null | sed -n 's/^Version: //p'; }
# postgres: starts PostgreSQL with the table users, once; false where it is not there
postgres() {
	[ -z "${PG_DIR:-}" ] || return 0
	PGPORT=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])') || PGPORT=5432
	export PGPORT
	started=$(PG_BUFFERS=2GB PG_OPTIONS="-c listen_addresses=127.0.0.1 -c port=$PGPORT" tests/tool/pg.sh start)
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
