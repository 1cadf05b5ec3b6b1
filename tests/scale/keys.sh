#!/bin/sh
# keys.sh - rudder-diff with many keys and a bound on its memory
#
#   keys.sh [KEYS] [MEMORY]     (10000000, 256M)
#
# Tables made on the fly: all rows are new; nothing has changed; 1 % have.
# What leaves is counted, and every command runs with its memory (all that is
# no mapped file) held to MEMORY and 32 MiB by the kernel. Prints the CPU time
# and what a row cost. Needs 300 bytes of disk a key in TMPDIR.
set -eu
keys=${1:-10000000} memory=${2:-256M}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
unset TMPDIR
case $memory in *M) limit=$((${memory%M} * 1024)) ;; *) echo 'keys.sh: MEMORY is like 256M' >&2; exit 64 ;; esac
fail() { echo "keys.sh: $*" >&2; exit 1; }

bounded() { # NAME COMMAND: its cost goes to the file NAME
	name=$1
	shift
	(
		# shellcheck disable=SC3045 # dash and bash have it
		ulimit -d $((limit + 32768))
		exec cost "$name" "exec $*"
	)
}
sync() { # VERSION WHAT INSERTS UPDATES DELETES
	rm -f run commit
	mill rows "$keys" "$1" |
		bounded run rudder-diff -k id -s st --mode mirror --memory "$memory" --stats run.json |
		mill receipts | bounded commit rudder-diff --commit -s st --memory "$memory" || fail "$2: status $?"
	for n in "inserts $3" "updates $4" "deletes $5"; do
		# shellcheck disable=SC2086 # two words
		set -- "$1" "$2" $n
		got=$(jq ".$3" run.json)
		[ "$got" = "$4" ] || fail "$2: $got $3, wanted $4"
	done
	while read -r _ cpu kib; do
		awk -v keys="$keys" -v cpu="$cpu" -v kib="$kib" -v what="$2" 'BEGIN {
			printf "%d keys, %s: run %.2f s CPU, %.3f us a row, %d MiB with the mapped files\n", keys, what, cpu, cpu / keys * 1e6, kib / 1024}'
	done <run
	while read -r _ cpu kib; do
		awk -v cpu="$cpu" -v kib="$kib" 'BEGIN {printf "    commit %.2f s CPU, %d MiB with the mapped files\n", cpu, kib / 1024}'
	done <commit
}
[ $((keys % 1000)) = 0 ] || fail 'KEYS is a number of thousands'
sync 0 'all new' "$keys" 0 0
sync 0 'none changed' 0 0 0
sync 1 '1 % changed' $((keys / 1000)) $((keys * 9 / 1000)) $((keys / 1000))
