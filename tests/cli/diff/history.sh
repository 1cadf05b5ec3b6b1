#!/bin/sh
# history.sh - snapshots that a commit keeps, what changed between them, and
# that a forgotten key is in none of them
set -eu
# shellcheck source=tests/tool/lib.sh
. "$TOP/tests/tool/lib.sh"

sync() { # HISTORY <ROWS
	rows | rudder-diff -k id -s st --mode mirror --max-deletes 100% >changes
	ack accepted <changes >receipts
	rudder-diff --commit --history "$1" -s st receipts
}
between() { status 0 rudder-diff --between "$@" -s st >out && jq -r '[.generation, .action, .id] | @tsv' out | tr '\t' ' ' | LC_ALL=C sort; }
kept() { find st/history -type f | sed 's/.*history.//; s/-.*//' | sort -n | tr '\n' ' '; }
row() { printf '{"id":%s,"v":%s}\n' "$@"; }

status 66 rudder-diff --between first -s st
status 64 rudder-diff --history 3 -k id -s st /dev/null
says "'--history' needs --commit"
row 1 1 2 1 3 1 | sync 3
[ ! -d st/history ] || fail 'kept a snapshot before there was one'
is '' "$(between first)" 'between one and itself'
row 1 1 2 2 3 1 4 1 | sync 3
row 1 1 2 2 4 1 | sync 3
row 1 1 2 2 4 1 | sync 3 # nothing moves
row 1 2 2 3 4 1 | sync 3
is '1 2 3 ' "$(kept)" 'kept'
is '2 insert 4
2 update 2
3 delete 3
4 update 1
4 update 2' "$(between first)" 'all steps'
is '3 delete 3' "$(between 2 3)" 'one step'
is '3 delete 3
4 update 1
4 update 2' "$(between 2 now)" 'to now'
row 1 2 2 3 4 1 5 1 | sync 3
is '2 3 4 ' "$(kept)" 'kept after one more'
is '[2,3,4]' "$(rudder-diff --status -s st | jq -c '[.history[].generation]')" 'in the status'
# the end of the history is reported
status 66 rudder-diff --between 1 -s st
says "snapshot '1' is not kept: the history covers 2 ("
status 64 rudder-diff --between 4 2 -s st
says "'4' is later than '2'"
status 64 rudder-diff --between yesterday -s st
says "'yesterday' is not a generation"

# times: those of the commits
rudder-diff --status -s st | jq -r '.history[].committed' >times
# shellcheck disable=SC2046 # words
set -- $(cat times)
is 3 $# 'times'
is "$(between 3 4)" "$(between "$2" "$3")" 'by time'
is "$(between 2)" "$(between "$1" 2999-01-01)" 'to a time to come'
status 66 rudder-diff --between 2001-01-01 -s st
touch -d 2020-05-05T10:00:00Z st/snapshot
row 1 2 2 3 4 1 5 2 | sync 9
is '6 update 5' "$(between 2020-05-05T10:00:00.000Z)" 'since the last commit, long ago'
is '2020-05-05T10:00:00.000Z' "$(rudder-diff --status -s st | jq -r '.history[-1].committed')" 'time of a commit'

# without --history it is left alone; with less, it is pruned
row 1 2 2 3 4 1 5 3 | rows | rudder-diff -s st | ack accepted | rudder-diff --commit -s st
is '2 3 4 5 ' "$(kept)" 'kept without --history'
row 1 2 2 3 4 1 5 4 | sync 2
is '5 7 ' "$(kept)" 'kept by --history 2'

# a key that is missing from the current one is forgotten in the others
row 1 2 2 3 4 1 | sync 9
grep -rqF 5 st/history || fail 'the key is not in the history'
status 0 rudder-diff --forget 5 -s st
rudder-diff --between first -s st >out
is '' "$(grep '"id":"5"' out)" 'a forgotten key in the history'
status 66 rudder-diff --forget 5 -s st
# nor in what a killed process left
mkdir -p st/log
for f in snapshot failing cursor rows-1 history/1-x log/x; do cp st/snapshot st/$f.tmp; done
status 0 rudder-diff --forget 4 -s st
is '' "$(find st -name '*.tmp')" 'leftovers with the key'
is '1
2' "$(rudder-diff --dump -s st | jq -r .id | sort)" 'other keys'
for f in st/history/*; do
	cp -r st one && rm -r one/history && cp "$f" one/snapshot
	is '' "$(rudder-diff --dump -s one | jq -r 'select(.id == "4" or .id == "5") | .id')" "keys in $f"
	rm -r one
done

# past --memory, and by the run after a killed commit, it is kept as well
row 1 5 2 3 | rows | rudder-diff -s st | ack accepted | rudder-diff --commit --memory 1 --history 9 -s st
row 1 6 2 3 | rows | rudder-diff -s st | ack accepted >receipts
n=$(kept | wc -w)
mkfifo pipe
rudder-diff --commit --history 9 -s st --trust-eof <pipe &
exec 3>pipe
cat receipts >&3
eventually 'receipts in the file' larger st/receipts 40
kill -9 $!
wait $! 2>/dev/null || :
exec 3>&-
is "$n" "$(kept | wc -w)" 'kept by a killed commit'
row 1 6 2 3 | rows | rudder-diff -s st >out
is '' "$(changes <out)" 'changes after it'
is $((n + 1)) "$(kept | wc -w)" 'kept by the run after it'
# what is not one of ours stays and does not matter
echo x >st/history/README
mkdir st/history/5-
status 0 rudder-diff --between first -s st >out
status 0 rudder-diff --forget 2 -s st
# a damaged one is reported
for f in st/history/[0-9]*Z; do printf x | dd of="$f" bs=1 seek=70 conv=notrunc 2>/dev/null; done
status 78 rudder-diff --between first -s st

# a state that was never committed, an unreadable history, a snapshot of another
# state among its own
rows </dev/null | rudder-diff -k id -s new >out
status 66 rudder-diff --between first -s new
says 'the state has neither a snapshot nor a history yet'
rm -rf st other
row 1 1 | sync 9
row 1 2 | sync 9
cp -r st was
echo '{"id":1}' | rows | rudder-diff -k id -s other | ack accepted | rudder-diff --commit -s other
cp other/snapshot "$(ls st/history/*Z)"
status 78 rudder-diff --between first -s st
says 'is a snapshot of another state'
rm -rf st && cp -r was st
status 64 rudder-diff --between now first -s st
says "'now' is later than 'first'"
# a commit that was killed when it had kept the present one already: that is not read
echo x >st/history/2-2026-01-01T00:00:00.000Z
is '2 update 1' "$(between first)" 'the present one, kept already'
rm -rf st/history && echo x >st/history
status 74 rudder-diff --between first -s st
says "cannot open"
