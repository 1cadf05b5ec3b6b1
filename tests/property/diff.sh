#!/bin/sh
# diff.sh - random pairs of tables: rudder-diff finds what jq finds; the changes
# applied to the old table give the new one, and inverted the old one again
#
#   diff.sh [PAIRS] [SEED]     (200, 1)
#
# Rows have any types, nulls, missing members, nested values, several ways to
# write one value, members in any order, keys of several kinds, null keys and
# keys that are duplicates; one that did not change comes as it was, or with its
# members in another order and other white space. The reference is a jq program
# that shares no code with rudder-diff (its equality is that of values). What was
# before, and what changed, is judged too.
set -eu
pairs=${1:-200} seed=${2:-1}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo "property/diff.sh: $pairs pairs, seed $seed"
awk -v pairs="$pairs" -v seed="$seed" '
function pick(n) {return 1 + int(rand() * n)}
function row(key,    i, n, order) {
	n = 0
	for (i = 1; i <= 5; i++) if (rand() < 0.8) order[++n] = "\"" substr("abcde", i, 1) "\":" value[pick(nv)]
	order[++n] = "\"id\":" key
	return line(order, n)
}
function line(order, n,    i, j, s, t) {
	for (i = n; i > 1; i--) {j = pick(i); t = order[i]; order[i] = order[j]; order[j] = t}
	s = order[1]
	for (i = 2; i <= n; i++) s = s (rand() < 0.1 ? " , " : ",") order[i]
	for (i = 1; i <= n; i++) last[i] = order[i]
	lasts = n
	if (rand() < 0.1) s = pick(2) == 1 ? " " s : s " "
	return "{" s "}" (rand() < 0.05 ? "\r" : "")
}
BEGIN {
	srand(seed)
	nv = split("null|true|false|0|0.0|-0|1|1.0|10e-1|1e0|1.5|1.50|15E-1|100|1e2|-7|\"\"|\"a\"|\"\\u0061\"|\"\xc3\xa9\"|\"\\u00e9\"|\"\\u00E9\"|\"1\"|\"null\"|\"/\"|\"\\/\"|[]|[ ]|[1,2]|[1.0, 2]|[2,1]|{}|{\"x\":1,\"y\":[{\"p\":null,\"q\":\"a\"}]}|{\"y\":[{\"q\":\"\\u0061\",\"p\":null}],\"x\":1.0}|{\"x\":1}|{\"x\":{\"x\":1}}|[{\"x\":1},{\"y\":2}]|[{\"y\":2},{\"x\":1}]|\"a,\\\"b\"|[\"a\",\"b\"]", value, "|")
	nk = split("1|1.0|\"1\"|2|20e-1|\"a\"|\"\\u0061\"|\"\"|true|false|9|\"9\"|-3|0|-0|\"x y\"|\"\xc3\xa9\"|1e3|1000", odd, "|")
	for (p = 1; p <= pairs; p++) {
		delete used
		n = int(rand() * 12)
		old = "pair." p ".old"
		new = "pair." p ".new"
		printf "" >old
		printf "" >new
		for (i = 1; i <= n; i++) {
			k = rand() < 0.5 ? 100 + i : odd[pick(nk)]
			# in the old table a key stands once, however it is written
			c = k; gsub(/\.0$/, "", c)
			if (c == "20e-1") c = "2"; if (c == "-0") c = "0"; if (c == "1e3") c = "1000"; if (c == "\"\\u0061\"") c = "\"a\""
			r = row(k)
			if (!(c in used)) {print r >old; used[c] = 1}
			if (rand() < 0.85) print (rand() < 0.5 ? r : rand() < 0.5 ? line(last, lasts) : row(k)) >new
			if (rand() < 0.05) print row("null") >new
		}
		for (i = int(rand() * 4); i > 0; i--) print row(rand() < 0.5 ? 200 + i : odd[pick(nk)]) >new
		close(old)
		close(new)
	}
}'
p=1
while [ $p -le "$pairs" ]; do
	got=0
	rudder-diff -k id --keep row pair.$p.old pair.$p.new >pair.$p.out 2>err || got=$?
	case $got in 0 | 1) ;; *) echo "pair $p of seed $seed: status $got: $(cat err)" >&2; exit 1 ;; esac
	rudder-diff --invert pair.$p.out >pair.$p.back 2>err || { echo "pair $p of seed $seed: not inverted: $(cat err)" >&2; exit 1; }
	for t in old new out back; do
		sed "s/.*/{\"p\":$p,\"t\":\"$t\",\"row\":&}/" pair.$p.$t
	done
	p=$((p + 1))
done >all
jq -rn '
# the first row of each key that is not null, by key
def key: .id | if . == 0 then 0 else . end | tojson;
def table: reduce .[] as $r ({}; ($r | key) as $k | if $r.id == null or has($k) then . else .[$k] = $r end);
# the names of members in which two rows differ
def differ($a; $b): [($a + $b | keys_unsorted[]) as $n | select(($a | has($n)) != ($b | has($n)) or $a[$n] != $b[$n]) | $n] | sort - ["id"];
# the same key of another type: to most destinations they are one
def twin: fromjson | if type == "number" then tojson | tojson elif type == "string" then (tonumber? // null) | tojson else "null" end;
# what happens to a table by changes
def apply($changes): reduce ($changes[] | select(._rudder.type == "change")) as $c (.; ($c | key) as $k |
	if $c._rudder.action == "delete" then del(.[$k]) else .[$k] = ($c | del(._rudder)) end);
# jq 1.7 keeps the digits of a number until it reckons with it
reduce (inputs | walk(if type == "number" then . * 1 else . end)) as $l ([]; .[$l.p][$l.t] += [$l.row]) | to_entries[] | select(.value) | .key as $p | .value |
((.old // []) | table) as $old | ((.new // []) | table) as $new |
([$new | to_entries[] | .key as $k | if ($old | has($k) | not) then ["insert", .value]
	elif .value != $old[$k] then ["update", .value, $old[$k], differ($old[$k]; .value)] else empty end] +
	[$old | to_entries[] | select(.key as $k | $new | has($k) or has($k | twin) | not) | ["delete", .value]] | sort) as $want |
($old | with_entries(select(.key as $k | $new | (has($k) | not) and has($k | twin)))) as $twins |
([.out[] | select(._rudder.type == "change") | [._rudder.action, del(._rudder)] + (if ._rudder.before then [._rudder.before, (._rudder.changed | sort)] else [] end)] | sort) as $got |
(.out[-1]._rudder.rejects) as $rejects |
((.new // []) | length - ($new | length)) as $refused |
(.out as $changes | $old | apply($changes)) as $there |
(.back as $changes | $there | apply($changes)) as $back |
select($want != $got or $rejects != $refused or $there != $new + $twins or $back != $old) |
"pair \($p): wanted \($want | tojson), \($refused) refused; got \($got | tojson), \($rejects) refused; applied \($there | tojson), inverted \($back | tojson)"' all >wrong
[ ! -s wrong ] || { head -n 3 wrong >&2; echo "seed $seed: $(wc -l <wrong) of $pairs pairs are wrong" >&2; exit 1; }
echo "property/diff.sh: $pairs pairs, $(grep -c '"t":"out".*"type":"change"' all) changes, $(grep -c '"t":"out".*"type":"reject"' all) refused rows: all as jq finds them, applied and undone"
