#!/bin/sh
# syncs.sh - random sync files: rudder run and the pipeline that --print shows
# send the same bytes and leave the same state
#
#   syncs.sh [SYNCS] [SEED] [FIRST]     (200, 1, 1)
#
# Each sync is run in two folders, by rudder in one and by sh in the other, three
# times: first, after rows have changed, and after the mapping has. Names have
# blanks, quotes, dollars and line ends. All random bytes and the run id are the
# same for both (SHIM_SEED, RUDDER_RUN_ID). After each run the status, the events
# of each destination byte for byte, and rudder-diff --dump of each state must be
# equal. Some read SQLite, with a cursor or in partitions; where that makes several
# pipelines, sh has only the status of the last, which is not compared. Needs
# $SHIM_SO (tests/tool/shim.c), and sqlite3.
set -eu
syncs=${1:-200} seed=${2:-1} first=${3:-1}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo "property/syncs.sh: $syncs syncs, seed $seed"
cat >make.awk <<'AWK'
# sync.yaml, and rows-1 to rows-3, for sync number `number` of a seed
function chance(p) {return rand() < p}
function below(n) {return int(rand() * n)}
function pick(list,    w, n) {n = split(list, w, "|"); return w[1 + below(n)]}
function text(s) {gsub(/\\/, "\\\\", s); gsub(/"/, "\\\"", s); gsub(/\n/, "\\n", s); return "\"" s "\""}
# a name that a shell could misread
function odd() {return pick("plain|a b|it's|$HOME|a\"b|semi;colon|back\\slash|star*|`x`|-dash|new\nline|tab\tx|#hash|ä|a&b|(p)|~|!x|100%|x=y")}
function line(s) {print s >"sync.yaml"}
function table(file, n, all,    i) {
	print "id,email,plan,n" >file
	for (i = 1; i <= n; i++)
		if (chance(all))
			print i "," pick("a|b|c|") "@x," pick("free|pro|it's $5|\"a,b\"|") "," below(3) >file
	close(file)
}
function mapping(step,    type) {
	type = kind
	return sprintf("{type: %s, %s, columns: [%s], %s, constants: {where: %s%s}%s}", type,
		type == "record" ? "identifiers: {email: email}" : "user_id: id",
		(step < 3 || !remap) ? "plan, email" : "plan, n, {from: email, to: mail}",
		type == "record" ? "null: omit" : "delete_event: gone" (type == "track" ? ", event: bought" : ""),
		text(odd()), chance(0.3) ? ", numbers: exact" : "",
		jq ? ", computed: {twice: " text(".n + \"$x ${y}\"") "}" : "")
}
function settings(    s) {
	s = ""
	if (chance(0.3)) s = s "max_changes: " 1 + below(5) "\n"
	if (chance(0.2)) s = s "compare: [plan, " pick("email|\"e*\"") "]\n"
	else if (chance(0.2)) s = s "ignore: n\n"
	if (chance(0.3)) s = s "deletes: {max: " pick("50%|3|100%") (chance(0.3) ? ", after_runs: 2" : "") (chance(0.3) ? ", require_key: [\"1\", \"2\"]" : "") "}\n"
	if (chance(0.2)) s = s "keep: {values: " pick("row|[plan]|hash") ", history: 2}\n"
	if (chance(0.2)) s = s "expect: [\"rows>=0.1*last\", \"failed<1%\"]\n"
	if (chance(0.1)) s = s "rejected: accept\n"
	if (chance(0.1)) s = s "on_mapping_change: " pick("changed|none|full") "\n"
	if (chance(0.1)) s = s "rejects: {query: 1%, map: 50%}\n"
	if (chance(0.1)) s = s "tag: " text(odd()) "\n"
	return s
}
BEGIN {
	srand(seed * 100003 + number)
	rand()
	kind = pick("identify|identify|track|record")
	jq = chance(0.2)
	remap = chance(0.6)
	several = chance(0.4) ? 2 + below(2) : 0
	rows = chance(0.1) ? 0 : 1 + below(30)
	table("rows-1", rows, 1)
	table("rows-2", rows + below(3), 0.9)
	table("rows-3", rows + below(3), 0.9)
	source = pick("csv:rows|exec:cat rows.json|ndjson:rows.json|sqlite:rows.db|sqlite:rows.db|sqlite:rows.db")
	sqlite = source ~ /^sqlite/
	cursor = sqlite && chance(0.4)
	parts = sqlite && chance(0.4) ? 1 + below(4) : 0
	for (step = 1; step <= 3; step++) {
		srand(seed * 100003 + number)
		rand()
		for (i = 0; i < 40; i++) rand()
		file = "sync-" step ".yaml"
		out = "version: 1\nname: " pick("s|users|a.b-c_d") "\nsource: " (!sqlite && chance(0.3) ? "env:SOURCE_OF_ROWS" : text(source)) "\n"
		if (sqlite) out = out pick("table: t|sql: \"SELECT * FROM t\"") "\n"
		if (cursor) out = out "cursor: at\n" (chance(0.3) ? "overlap: " 1 + below(9) "\n" : "")
		if (parts) out = out "partitions: " parts "\n"
		out = out "key: " (kind == "record" && !parts && !cursor && chance(0.5) ? "[id]\nidentity: email\nmode: mirror" : pick("id|[id]|[id, n]") "\nmode: " pick("mirror|mirror|upsert|full|insert-only")) "\n"
		out = out settings()
		if (chance(0.3)) out = out "state: " text("states/" odd()) "\n"
		if (chance(0.3)) out = out "params: {}\n"
		out = out "mapping: " mapping(step) "\n"
		if (!several)
			out = out "destination: {dest: " text("file:" odd() ".events") "}\n"
		else {
			out = out "destinations:\n"
			for (i = 1; i <= several; i++) {
				out = out "  d" i ": {dest: " text("file:" odd() i ".events") ", batch: " 1 + below(9)
				if (chance(0.3)) out = out ", deletes: {max: " pick("1|100%") "}"
				if (chance(0.2) && kind != "record") out = out ", mapping: " mapping(step)
				if (chance(0.1)) out = out ", state: " text("elsewhere/" odd() i)
				out = out "}\n"
			}
		}
		printf "%s", out >file
		close(file)
	}
}
AWK
# one run in folder $1 by $2: its status goes to the file status
one() (
	cd "$1"
	got=0
	if [ "$2" = run ]; then
		rudder run sync.yaml 2>err || got=$?
	else
		rudder run --print sync.yaml >printed 2>err || got=$?
		[ -s printed ] && { LD_PRELOAD=$SHIM_SO sh printed 2>>err || got=$?; }
	fi
	echo "$got" >status
)
wrong() {
	echo "property/syncs.sh: sync $number of seed $seed, run $step: $*"
	cat run/sync.yaml run/err sh/err sh/printed
	exit 1
}
SOURCE_OF_ROWS=csv:rows
RUDDER_RUN_ID=r0000000000000000001
export SOURCE_OF_ROWS RUDDER_RUN_ID
statuses='' cursors=0 parts=0
number=$first
while [ "$number" -lt $((first + syncs)) ]; do
	rm -rf run sh
	mkdir run sh
	awk -v seed="$seed" -v number="$number" -f make.awk
	for step in 1 2 3; do
		SHIM_SEED=$((number * 10 + step))
		export SHIM_SEED
		for f in run sh; do
			cp "sync-$step.yaml" $f/sync.yaml
			cp rows-$step $f/rows
			rudder-query -d "csv:$f/rows" 2>/dev/null | grep -v '"_rudder"' >$f/rows.json || :
			rm -f $f/rows.db
			sqlite3 $f/rows.db 'CREATE TABLE t (id INTEGER, email TEXT, plan TEXT, n INTEGER)' '.mode csv' \
				".import --skip 1 $f/rows t" 'ALTER TABLE t ADD COLUMN at INTEGER' \
				"UPDATE t SET at = CASE WHEN (id + $step) % 3 = 0 THEN $step * 1000 + id ELSE id END"
			LD_PRELOAD=$SHIM_SO one $f $f
		done
		[ "$(grep -c '^rudder-query\|^RUDDER_SOURCE' sh/printed)" -gt 1 ] || cmp -s run/status sh/status || wrong "status $(cat run/status) and $(cat sh/status)"
		# shellcheck disable=SC2016 # for that sh
		for f in run sh; do
			(cd $f && for e in *.events; do
				[ ! -e "$e" ] || { printf '%s\n' "$e" && cat -- "./$e"; }
			done; find . -name snapshot -print0 | sort -z |
				xargs -0 -r -n 1 sh -c 'echo "$1" && rudder-diff --dump -s "${1%/snapshot}"' sh) >$f.all 2>&1
		done
		cmp -s run.all sh.all || { diff run.all sh.all || :; wrong 'events or states differ'; }
		[ -z "${SHOW:-}" ] || [ "$(cat run/status)" -lt 64 ] || { cat run/err sh/err; }
		statuses="$statuses $(cat run/status)"
		! grep -q '^cursor:' run/sync.yaml || cursors=$((cursors + 1))
		! grep -q '^partitions:' run/sync.yaml || parts=$((parts + 1))
	done
	number=$((number + 1))
done
done_well=$(echo "$statuses" | tr ' ' '\n' | awk 'NF && $1 < 64 {n++} END {print n + 0}')
[ "$done_well" -gt "$syncs" ] || { echo "property/syncs.sh: only $done_well runs were no failure"; exit 1; }
echo "property/syncs.sh: $syncs syncs, $(echo "$statuses" | wc -w) runs twice ($cursors with a cursor, $parts in partitions); statuses:$(echo "$statuses" | tr ' ' '\n' | sort -n | uniq -c | awk 'NF == 2 {printf " %s (%s)", $2, $1}')"
