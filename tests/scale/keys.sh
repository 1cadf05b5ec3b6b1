#!/bin/sh
# keys.sh - rudder-diff with many keys and a bound on its memory
#
#   keys.sh [KEYS] [MEMORY]     (10000000, 256M)
#
# Tables made on the fly: all rows are new, twice, since the answers of the first
# run are lost; nothing has changed; 1 % have; all are taken as they are; only the
# 1 % that changed come, then only one row; and two of them are compared without a
# state. What leaves is counted, and every command runs with its memory (all that is
# not a mapped file) held to MEMORY and 32 MiB by the kernel. Prints the CPU time and
# what a row cost; of parts of the table the time on the clock. Needs 300 bytes of
# disk a key in TMPDIR.
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
tell() { # NAME WHAT
	while read -r _ cpu kib; do
		awk -v keys="$keys" -v cpu="$cpu" -v kib="$kib" -v what="$2" 'BEGIN {
			printf "%d keys, %s: %.2f s CPU, %.3f us a row, %d MiB with the mapped files\n", keys, what, cpu, cpu / keys * 1e6, kib / 1024}'
	done <"$1"
	rm "$1"
}
part() { # VERSION MOST WHAT INSERTS UPDATES: only rows that changed
	mill changed "$keys" "$1" "$2" >rows
	bounded run rudder-diff -k id -s st --mode upsert --memory "$memory" --stats run.json <rows >changes || fail "$3: status $?"
	mill receipts <changes >receipts
	bounded commit rudder-diff --commit -s st --memory "$memory" <receipts || fail "$3: status $?"
	counts "$3" "$4" "$5" 0
	cat run commit | awk -v keys="$keys" -v what="$3" '
		{s += $1; cpu += $2; each = each (NR > 1 ? " + " : "") sprintf("%.3f", $1)}
		END {printf "%d keys, only %s: %.3f s (diff + commit: %s), %.3f s CPU\n", keys, what, s, each, cpu}'
	rm run commit rows changes receipts
}
counts() { # WHAT INSERTS UPDATES DELETES: what the last run has counted
	for n in "inserts $2" "updates $3" "deletes $4"; do
		got=$(jq ".${n% *}" run.json)
		[ "$got" = "${n#* }" ] || fail "$1: $got ${n% *}, wanted ${n#* }"
	done
}
sync() { # VERSION WHAT INSERTS UPDATES DELETES
	mill rows "$keys" "$1" |
		bounded run rudder-diff -k id -s st --mode mirror --memory "$memory" --stats run.json |
		mill receipts | bounded commit rudder-diff --commit -s st --memory "$memory" || fail "$2: status $?"
	counts "$2" "$3" "$4" "$5"
	tell run "$2"
	tell commit '    its commit'
}
[ $((keys % 1000)) = 0 ] || fail 'KEYS is a number of thousands'
mill rows "$keys" | bounded run rudder-diff -k id -s st --memory "$memory" --stats run.json >/dev/null || fail "first: status $?"
counts first "$keys" 0 0
tell run 'first, unacknowledged'
sync 0 'all of them again' "$keys" 0 0
sync 0 'none changed' 0 0 0
sync 1 '1 % changed' $((keys / 1000)) $((keys * 9 / 1000)) $((keys / 1000))
mill rows "$keys" 2 | bounded run rudder-diff --rebase -s st --memory "$memory" >/dev/null || fail "rebase: status $?"
tell run 'taken as they are'
sync 2 'none changed' 0 0 0
part 3 "$keys" '1 % changed' $((keys / 1000)) $((keys * 9 / 1000))
for version in 4 5 6; do part $version 1 'one changed row' 0 1; done
rm -r st
mkfifo old new
mill rows "$keys" 0 >old &
mill rows "$keys" 1 >new &
bounded run rudder-diff -k id --memory "$memory" --stats run.json old new >/dev/null || fail "two files: status $?"
counts 'two files' $((keys / 1000)) $((keys * 9 / 1000)) $((keys / 1000))
tell run 'two files'
