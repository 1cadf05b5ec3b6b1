#!/bin/sh
# runs.sh - many runs on one state: neither their memory nor the state grows
#
#   runs.sh [RUNS]       (10000)
#
# A table of 200 rows, of which each run adds, changes and removes one; in every
# tenth run the destination is down, and the next one catches up. The median memory
# of rudder-diff and of its commit, and the largest size of the state, over the last
# tenth of the runs may be at most a tenth above those of the second tenth. In the
# end the destination has what the table has.
set -eu
runs=${1:-10000}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
fail() { echo "runs.sh: $*" >&2; exit 1; }

table() { # RUN: keys from it on, a value that one row in each run changes
	awk -v r="$1" 'BEGIN {
		print "{\"_rudder\":{\"type\":\"begin\",\"v\":1,\"stream\":\"rows\"}}"
		for (i = r; i < r + 200; i++) printf "{\"id\":%d,\"v\":%d}\n", i, i % 50 == r % 50 ? r : int(i / 50)
		print "{\"_rudder\":{\"type\":\"end\",\"stream\":\"rows\",\"rows\":200}}"
	}'
}
i=0
while [ $i -lt "$runs" ]; do
	i=$((i + 1)) take='cat >>store' s=0
	[ $((i % 10)) != 0 ] || [ $i = "$runs" ] || take='exit 1'
	table $i | cost diff 'rudder-diff -q -k id -s st --mode mirror --max-deletes 100%' |
		rudder-map -q -t record --identifier id |
		rudder-send -q -d "exec:$take" --retry-wait 1ms --retry-max-time 2ms 2>err |
		cost commit 'rudder-diff -q --commit -s st --keep-runs 20' >/dev/null 2>&1 || s=$?
	[ $s = 0 ] || [ "$take" = 'exit 1' ] || fail "run $i: status $s: $(tail -n 1 err)"
	find st -type f -printf '%s\n' | awk '{n += $1} END {print int(n / 1024) + 1}' >>size
done
median() { # COLUMN FILE FROM TO
	sed -n "$3,$4p" "$2" | cut -d ' ' -f "$1" | sort -n | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'
}
most() { sed -n "$1,$2p" size | sort -n | tail -n 1; }
tenth=$((runs / 10)) bad=''
compare() { # WHAT BEFORE AFTER, in KiB
	echo "$runs runs, $1: $2 KiB in the second tenth, $3 KiB in the last"
	[ "$3" -le $(($2 * 11 / 10)) ] || bad="$bad $1"
}
from=$((tenth + 1)) to=$((2 * tenth)) late=$((runs - tenth + 1))
compare 'memory of rudder-diff' "$(median 3 diff $from $to)" "$(median 3 diff $late "$runs")"
compare 'memory of the commit' "$(median 3 commit $from $to)" "$(median 3 commit $late "$runs")"
compare 'the state' "$(most $from $to)" "$(most $late "$runs")"
[ -z "$bad" ] || fail "grows:$bad"
jq -rs 'reduce .[] as $r ({}; if $r.action == "delete" then del(.[$r.recordId]) else .[$r.recordId] = $r end) | .[] | "\(.recordId) \(.fields.v // .traits.v // .v)"' store | sort >held
table "$runs" | jq -r 'select(.id) | "\(.id) \(.v)"' | sort >wanted
cmp -s held wanted || fail "the destination has other rows: $(diff held wanted | head -n 3)"
