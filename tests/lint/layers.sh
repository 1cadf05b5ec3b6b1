#!/bin/sh
# layers.sh - a file may include only its own folder and lower floors.
set -eu
floor() {
	case $1 in
	core) echo 0 ;;
	wire) echo 1 ;;
	query | diff | map | send | sync) echo 2 ;;
	*) echo 9 ;;
	esac
}
grep -ro '^#include "[a-z]*/' filters --include='*.[ch]' | sort -u | {
	bad=0
	while IFS=: read -r file include; do
		mine=${file#filters/} mine=${mine%%/*}
		theirs=${include#*\"} theirs=${theirs%/}
		[ "$theirs" = "$mine" ] && continue
		[ "$(floor "$theirs")" -lt "$(floor "$mine")" ] && continue
		echo "$file: $mine may not include $theirs" >&2
		bad=1
	done
	exit $bad
}
