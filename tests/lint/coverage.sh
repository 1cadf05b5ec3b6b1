#!/bin/sh
# coverage.sh - a table per room of what ran in the coverage build in $1; the
# lines that did not run go to $1/missing.txt, and the branches to branches.txt.
#
# The branches of an assert(3) are left out: the second one is a mistake of ours,
# ends the program, and cannot be tested. Nothing else is left out.
set -eu
# a process that is killed as it writes, or whose disk fails in a test
find "$1" -name '*.gcda' | while read -r f; do
	[ "$(head -c 4 "$f" | tr -d '\0')" = adcg ] || {
		echo "coverage.sh: $f is damaged: its lines count as not run" >&2
		rm "$f"
	}
done
lcov -q -c -d "$1" -b . --no-external --rc lcov_branch_coverage=1 \
	-o "$1/all.info" 2>"$1/lcov.log" || {
	cat "$1/lcov.log"
	exit 1
}
awk -F '[:,]' -v missing="$1/missing" -v never="$1/never" -v top="$PWD" '
	function note(file, n, to) {
		print substr(file, length(top) + 2) ":" n ":" source[file, n] >to
	}
	/^SF:/ {
		folder = $2
		sub(/\/[^\/]*$/, "", folder)
		if (!sub(/^.*\/filters\//, "", folder) && !sub(/^.*\/bin$/, "bin", folder))
			folder = ""
	}
	folder == "" { next }
	# a header stands in it once for each object that includes it
	/^SF:/ && !($2 in read) {
		for (n = 1; (getline text < $2) > 0; n++) {
			source[$2, n] = text
			asserts[$2, n] = text ~ /(^|[^a-z_])assert\(/
		}
		close($2)
		read[$2] = n
	}
	/^SF:/ { file = $2 }
	/^DA:/ { line[folder, file, $2] += $3 }
	/^BRDA:/ && !asserts[file, $2] { branch[folder, file, $2, $3, $4] += $5 }
	END {
		for (k in line) {
			split(k, part, SUBSEP)
			lines[part[1]]++
			ran[part[1]] += line[k] > 0
			if (line[k] == 0)
				note(part[2], part[3], missing)
		}
		for (k in branch) {
			split(k, part, SUBSEP)
			branches[part[1]]++
			taken[part[1]] += branch[k] > 0
			if (branch[k] == 0 && line[part[1], part[2], part[3]] > 0)
				note(part[2], part[3], never)
		}
		printf "%-20s %6s %7s %9s %7s\n", "folder", "lines", "run",
			"branches", "taken"
		for (f in lines)
			printf "%-20s %6d %6.1f%% %9d %6.1f%%\n", f, lines[f],
				100 * ran[f] / lines[f], branches[f],
				100 * taken[f] / (branches[f] + !branches[f])
	}' "$1/all.info" | { read -r head && echo "$head" && sort; }
sort -t : -k 1,1 -k 2,2n "$1/missing" >"$1/missing.txt"
sort -t : -k 1,1 -k 2,2n "$1/never" | uniq -c >"$1/branches.txt"
rm "$1/missing" "$1/never"
