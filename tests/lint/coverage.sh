#!/bin/sh
# coverage.sh - a table per room of what ran in the coverage build in $1.
set -eu
lcov -q -c -d "$1" -b . --no-external --rc lcov_branch_coverage=1 \
	-o "$1/all.info" 2>"$1/lcov.log" || {
	cat "$1/lcov.log"
	exit 1
}
awk -F '[:,]' '
	/^SF:/ {
		folder = $2
		sub(/\/[^\/]*$/, "", folder)
		if (!sub(/^.*\/filters\//, "", folder) && !sub(/^.*\/bin$/, "bin", folder))
			folder = ""
	}
	folder == "" { next }
	# a header stands in it once for each object that includes it
	/^SF:/ { file = $2 }
	/^DA:/ { line[folder, file, $2] += $3 }
	/^BRDA:/ { branch[folder, file, $2, $3, $4] += $5 }
	END {
		for (k in line) {
			split(k, part, SUBSEP)
			lines[part[1]]++
			ran[part[1]] += line[k] > 0
		}
		for (k in branch) {
			split(k, part, SUBSEP)
			branches[part[1]]++
			taken[part[1]] += branch[k] > 0
		}
		printf "%-20s %6s %7s %9s %7s\n", "folder", "lines", "run",
			"branches", "taken"
		for (f in lines)
			printf "%-20s %6d %6.1f%% %9d %6.1f%%\n", f, lines[f],
				100 * ran[f] / lines[f], branches[f],
				100 * taken[f] / (branches[f] + !branches[f])
	}' "$1/all.info" | { read -r head && echo "$head" && sort; }
