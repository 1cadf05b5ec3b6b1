#!/bin/sh
# parts.sh - a table in N partitions gives the same events as the whole table, and
# the states of the parts together have its keys
#
#   parts.sh [RUNS] [SEED] [FIRST]     (60, 1, 1)
#
# A run is one random table and number of parts, synced three times by rudder run,
# once in parts (some of them side by side) and once whole, with rows inserted,
# changed and deleted in between. Some runs have a cursor, several destinations or
# a limit of changes, after which they go on until nothing is left. After each step
# the events that arrived, sorted and without their ids and times, must be equal,
# and so must the keys of the states. Needs sqlite3.
set -eu
runs=${1:-60} seed=${2:-1} first=${3:-1}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
mkdir syncs
echo "property/parts.sh: $runs runs, seed $seed"
cat >make.awk <<'AWK'
function chance(p) {return rand() < p}
function below(n) {return int(rand() * n)}
function pick(list,    w, n) {n = split(list, w, "|"); return w[1 + below(n)]}
function row(i) {print "INSERT OR REPLACE INTO t VALUES (" key(i) ", '" pick("a|b|c|d") "', " below(4) ", " ++clock ");" >sql}
function key(i) {return text ? "'k" i pick("|,|é|:") "'" : i}
BEGIN {
	srand(seed * 100003 + number); rand()
	text = chance(0.4)
	parts = chance(0.1) ? 1 : 2 + below(5)
	cursor = chance(0.3)
	n = chance(0.1) ? 0 : 1 + below(60)
	for (step = 1; step <= 3; step++) {
		sql = "sql-" step
		if (step == 1) {
			print "CREATE TABLE t (id " (text ? "TEXT" : "INTEGER") ", plan TEXT, n INTEGER, at INTEGER);" >sql
			print "CREATE UNIQUE INDEX i ON t (id);" >sql
			for (i = 1; i <= n; i++) row(i)
		} else {
			clock = step * 1000
			for (i = 1; i <= n; i++) if (!text && chance(0.2)) row(i)
			for (i = 1; i <= below(8); i++) row(n + step * 100 + i)
			print "UPDATE t SET n = n + 1, at = " clock + 500 " WHERE abs(random()) % 1 = 0 AND (rowid * 7919 + " below(100) ") % 5 = 0;" >sql
			if (!cursor) print "DELETE FROM t WHERE (rowid * 104729 + " below(100) ") % 9 = 0;" >sql
		}
		close(sql)
	}
	type = pick("identify|track|record")
	mode = cursor ? "upsert" : pick("mirror|mirror|upsert|full")
	out = "version: 1\nsource: sqlite:rows.db\ntable: t\nkey: " pick("id|[id]") "\nmode: " mode "\ndeletes: {max: 100%}\n"
	if (cursor) out = out "cursor: at\n"
	many = mode != "full" && chance(0.3)
	if (many) out = out "max_changes: " 1 + below(20) "\n"
	out = out "mapping: {type: " type ", " (type == "record" ? "identifiers: {id: id}" : "user_id: id, delete_event: gone") (type == "track" ? ", event: bought" : "") ", columns: [plan, n]}\n"
	two = chance(0.3)
	for (w = 0; w < 2; w++) {
		file = "syncs/" (w ? "whole" : "parts") ".yaml"
		name = w ? "whole" : "parts"
		print out (w ? "" : "partitions: " parts "\n") (two ? "destinations: {a: {dest: \"exec:cat >>" name "-a\"}, b: {dest: \"exec:cat >>" name "-b\"}}" : "destination: {dest: \"exec:cat >>" name "-a\"}") >file
		close(file)
	}
	print parts
}
AWK
wrong() {
	echo "property/parts.sh: run $number of seed $seed, step $step: $*"
	cat syncs/parts.yaml err
	exit 1
}
# until nothing is postponed any more; a part of few keys may lose all of them, which
# is blocked until it is allowed
sync_all() { # NAME [OPTION ...]
	name=$1 got=1 turns=0
	shift
	while [ $got = 1 ] && [ $turns -lt 100 ]; do
		got=0
		rudder run "$@" "syncs/$name.yaml" 2>err || got=$?
		allow=$(grep -o 'allow-deletes=[0-9]*,empty' err | head -n 1) || :
		if [ $got = 3 ] && [ "$allow" ]; then
			rudder run "$@" "--$allow" "syncs/$name.yaml" 2>err || :
			got=1
		fi
		turns=$((turns + 1))
	done
	[ $got = 0 ] || wrong "$name ended with $got"
}
events() {
	for d in a b; do
		[ ! -e "$1-$d" ] || jq -cS "del(.messageId, .originalTimestamp, .sentAt, .timestamp, .context.sources, .rudderId) | [\"$d\", .]" "$1-$d" | sort
		rm -f "$1-$d"
	done
}
keys() { find "state/$1" -name snapshot | sort | while read -r s; do rudder-diff --dump -s "${s%/snapshot}"; done | jq -c .id | sort; }
number=$first all=0
while [ "$number" -lt $((first + runs)) ]; do
	rm -rf state rows.db parts-? whole-? sql-?
	read -r parts <<END
$(awk -v seed="$seed" -v number="$number" -f make.awk)
END
	for step in 1 2 3; do
		sqlite3 rows.db <sql-$step
		sync_all parts --jobs $((1 + number % 3))
		sync_all whole
		events parts >parts.events
		events whole >whole.events
		cmp -s parts.events whole.events || { diff parts.events whole.events | head -20; wrong "events of $parts parts differ"; }
		keys parts >parts.keys
		keys whole >whole.keys
		cmp -s parts.keys whole.keys || wrong "keys of $parts parts differ"
		all=$((all + $(wc -l <parts.events)))
	done
	[ "$(find state/parts -name part | wc -l)" -ge "$parts" ] || wrong 'a part has no state'
	number=$((number + 1))
done
[ "$all" -gt $((runs * 10)) ] || { echo "property/parts.sh: only $all events"; exit 1; }
echo "property/parts.sh: $runs runs of three steps, $all events from the parts, the same as from whole tables"
