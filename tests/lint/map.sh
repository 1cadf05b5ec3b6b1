#!/bin/sh
# map.sh - one line for each room and file of filters/, from the first sentence
# of each header.
#
#   map.sh           prints it
#   map.sh check     compares it with the part of ARCHITECTURE.md between its marks
#   map.sh write     puts it there
set -eu
cd "$(dirname "$0")/../.."

# the first sentence of "/* name.h - what it is. */"
sentence() {
	sed -n '1,12p' "$1" | awk -v name="${1##*/}" '
	NR == 1 && index($0, "/* " name " - ") != 1 {exit}
	{
		sub(/^ ?\/?\*+\/? ?/, "")
		if (NR == 1)
			$0 = substr($0, length(name) + 4)
		text = text (text == "" ? "" : " ") $0
		if (text ~ /\.($| )/ || $0 == "") {
			sub(/\.( .*)?$/, "", text)
			sub(/ +$/, "", text)
			print text
			exit
		}
	}'
}

map() {
	echo '```'
	while read -r room _ what; do
		echo "filters/$room/  $what"
		find "filters/$room" -maxdepth 1 -name '*.[ch]' | sed 's/\.[ch]$//' | sort -u | while read -r stem; do
			text=
			[ ! -e "$stem.h" ] || text=$(sentence "$stem.h")
			[ -n "$text" ] || [ ! -e "$stem.c" ] || text=$(sentence "$stem.c")
			[ -n "$text" ] || echo "map.sh: $stem: no first line '/* ${stem##*/}.c - what it is.'" >&2
			printf '    %-18s %s\n' "${stem##*/}" "$text"
		done
	done <tests/lint/rooms.txt
	echo '```'
}

part() { # $1: what comes between the marks
	awk -v new="$1" '
	/^<!-- map -->/ {print; while ((getline line <new) > 0) print line; skip = 1; next}
	/^<!-- end of map -->/ {skip = 0}
	!skip' ARCHITECTURE.md
}

case ${1:-} in
'') map ;;
check | write)
	tmp=$(mktemp -d)
	trap 'rm -rf "$tmp"' EXIT
	map >"$tmp/map"
	part "$tmp/map" >"$tmp/new"
	if [ "$1" = write ]; then
		cat "$tmp/new" >ARCHITECTURE.md
	else
		diff -u ARCHITECTURE.md "$tmp/new" || {
			echo 'map.sh: ARCHITECTURE.md differs; run tests/lint/map.sh write' >&2
			exit 1
		}
	fi
	;;
esac
