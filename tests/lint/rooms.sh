#!/bin/sh
# rooms.sh - who may include whom, at every depth, no circles of files, and no
# file or function that is too long to read.
#
#   rooms.sh [BUILD]    BUILD has the object files (build/release)
#
# The rooms are in rooms.txt: folder, number, what it is for. A file may
# include its own room, rooms with a lower number in its filter, and the floors
# below (the tens). Rooms with the same number do not know each other.
set -eu
cd "$(dirname "$0")/../.."
rooms=tests/lint/rooms.txt
build=${1:-build/release}
bad=0

# a new room needs its row, a row needs its room
find filters -name '*.[ch]' | sed 's|^filters/\(.*\)/[^/]*$|\1|' | sort -u |
	awk -v rooms=$rooms '
	BEGIN {
		while ((getline line <rooms) > 0) {
			split(line, w, " ")
			row[w[1]]
		}
	}
	{there[$1]}
	END {
		for (r in there)
			if (!(r in row)) {print "rooms.sh: filters/" r " has no row in " rooms; bad = 1}
		for (r in row)
			if (!(r in there)) {print "rooms.sh: " rooms " has a row for " r ", which is not there"; bad = 1}
		exit bad
	}' >&2 || bad=1

grep -rno '^#include "[a-z_0-9/]*/' filters --include='*.[ch]' |
	awk -v rooms=$rooms '
	BEGIN {
		while ((getline line <rooms) > 0) {
			split(line, w, " ")
			rank[w[1]] = w[2]
		}
	}
	{
		split($0, part, ":")
		mine = part[1]
		sub("^filters/", "", mine)
		sub("/[^/]*$", "", mine)
		theirs = $0
		sub(".*\"", "", theirs)
		sub("/$", "", theirs)
		if (mine == theirs || !(mine in rank))
			next
		same = int(rank[mine] / 10) == int(rank[theirs] / 10)
		low = rank[theirs] < 20
		if (!(theirs in rank) || rank[theirs] >= rank[mine] || !(same || low)) {
			print part[1] ":" part[2] ": " mine " may not include " theirs
			bad = 1
		}
	}
	END {exit bad}' >&2 || bad=1

# who needs a name that another file defines, by the object files; but for the
# parser and the evaluator of native_jq, whose functions call each other as the
# grammar does
find filters -name '*.c' | sed "s|^|$build/|; s|c\$|o|" | xargs nm -A -g |
	awk '
	{
		sub(/:.*/, "", $1)
		sub(".*/filters/", "", $1)
		sub(/\.o$/, "", $1)
	}
	$(NF - 1) == "U" {needs[++n] = $1 " " $NF; next}
	$(NF - 1) ~ /^[TDBRVW]$/ {home[$NF] = $1}
	END {
		for (i = 1; i <= n; i++) {
			split(needs[i], w, " ")
			if (w[2] in home && home[w[2]] != w[1] && w[2] !~ /^native_jq_(parse|make)/)
				print w[1], home[w[2]]
		}
	}' | sort -u | tsort 2>&1 >/dev/null |
	sed 's/^tsort: -: input contains a loop:/rooms.sh: a circle of files:/; s/^tsort: /	filters\//' >"$build/circles"
if [ -s "$build/circles" ]; then
	cat "$build/circles" >&2
	bad=1
fi

# a file has at most 500 lines, and a function 60 from brace to brace, which
# clang-format puts at the start of a line
# shellcheck disable=SC2046 # no file name has a blank
awk -v most_file=500 -v most_function=60 '
	function end_file() {
		if (lines > most_file) {
			print "rooms.sh: " file " has " lines " lines, more than " most_file \
				": move a part that has a subject and a name of its own into a new file"
			bad = 1
		}
	}
	FNR == 1 {end_file(); file = FILENAME; open = 0}
	{lines = FNR}
	/^\{$/ {open = FNR}
	/^\}$/ && open {
		if (FNR - open + 1 > most_function) {
			print "rooms.sh: " file ":" open - 1 ": a function of " FNR - open + 1 \
				" lines, more than " most_function ": make a step of it a function"
			bad = 1
		}
		open = 0
	}
	END {end_file(); exit bad}' $(find filters bin -name '*.[ch]') >&2 || bad=1

# file names that are unique, so that a name says which file
find filters -name '*.c' | sed 's|.*/||' | sort | uniq -d | sed 's/^/rooms.sh: two files of the name /' >"$build/twice"
if [ -s "$build/twice" ]; then
	cat "$build/twice" >&2
	bad=1
fi
exit $bad
