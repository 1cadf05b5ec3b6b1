#!/bin/sh
# readme.sh - puts the figures of the last `make bench` into the table of README.md.
#
#   readme.sh TABLE     build/bench/table.md unless given
#
# A line of README's table is one of TABLE where it does the same and names the same
# tool; only its seconds and its ratio change. The others stay, and are printed.
set -eu
cd "$(dirname "$0")/../.."
table=${1:-build/bench/table.md}
new=$(mktemp)
trap 'rm -f "$new"' EXIT
awk -F' *[|] *' -v OFS=' | ' '
	BEGIN {
		what["find changes, from a state"] = "rudder-diff, state and new rows"
		what["find changes, two files"] = "rudder-diff, two files"
		what["make identify events (CPU)"] = "rudder-map, identify"
		what["read PostgreSQL as JSON"] = "rudder-query, PostgreSQL"
		what["read PostgreSQL"] = "rudder-query, PostgreSQL"
		what["read ClickHouse"] = "rudder-query, ClickHouse"
		what["read doubles of SQLite (CPU)"] = "rudder-query, SQLite, doubles"
		what["a first sync of 100,000 rows"] = "first sync, 100000 rows"
		# the end of the name in TABLE, where one tool is there twice
		ends["read PostgreSQL as JSON psql"] = "row_to_json"
		ends["read PostgreSQL adbc"] = "to memory"
		ends["read PostgreSQL connectorx"] = "to memory"
		ends["make identify events (CPU) jq"] = "1.8"
	}
	# the first word of the name of a tool
	function tool(name) {
		name = tolower(name)
		sub(/^[0-9.]+ s /, "", name)
		sub(/[^a-z].*/, "", name)
		return name
	}
	function seconds(s) {return sprintf(s + 0 < 10 ? "%.2f s" : "%.1f s", s)}
	function ratio(r) {return sprintf(r < 0.1 ? "%.3f" : "%.2f", r)}
	FNR == NR {
		if (NF > 9) {n++; does[n] = $2; peer[n] = $3; ours[n] = $4; theirs[n] = $5}
		next
	}
	$2 in what {
		key = $2 " " tool($4)
		for (i = 1; i <= n; i++) {
			if (does[i] == what[$2] && tool(peer[i]) == tool($4) && index(peer[i], ends[key])) {
				rest = $4
				sub(/^[0-9.]+ s /, "", rest)
				printf "| %s | %s | %s %s | %s |\n", $2, seconds(ours[i]), seconds(theirs[i]), rest, ratio(ours[i] / theirs[i])
				next
			}
		}
		print "not in the table: " $2 ", " $4 >"/dev/stderr"
	}
	{print $0}
' "$table" README.md >"$new"
cat "$new" >README.md
head -n 1 "$table"
