#!/bin/sh
# memory.sh - past --memory the same lines leave, nearly all of them at once
set -eu
# shellcheck source=tests/tool/lib.sh
. "$TOP/tests/tool/lib.sh"
seed 7 # the same seed and ids in every run
export RUDDER_RUN_ID=r0000000000000000001

# bounded MIB COMMAND: with so much memory that is not a mapped file
bounded() (
	# shellcheck disable=SC3045 # dash and bash have it
	case ${B##*/} in release) ulimit -d $(($1 * 1024)) ;; esac
	shift
	exec "$@"
)

# same NAME STATUS OPTIONS <ROWS: with and without a bound
same() {
	name=$1 want=$2
	shift 2
	cat >rows.in
	status "$want" rudder-diff -n --memory 0 "$@" rows.in >"$name.all"
	for m in 64K 1M; do
		status "$want" rudder-diff -n --memory $m "$@" rows.in >"$name.$m"
		LC_ALL=C sort "$name.all" >want.sorted
		LC_ALL=C sort "$name.$m" | cmp -s - want.sorted ||
			fail "$name --memory $m: $(diff want.sorted "$name.$m" | head -n 4)"
	done
}

# a first run: new keys, a thousand of them twice
{ mill rows 20000 | sed '$d' && mill rows 20000 | sed -n '4000,5000p;9000p'; } >twice
same new 1 -k id -s none --trust-eof <twice
is 1002 "$(grep -c duplicate new.64K)" 'duplicate keys'
if cmp -s new.all new.64K; then fail 'nothing went to disk'; fi

# a state: keys that are missing, changed, new, and of a different type
mill rows 20000 | head -n 3001 >base
rudder-diff -k id -s st --trust-eof base >out
mill receipts <out | rudder-diff --commit -s st
mill rows 20000 1 | sed '$d; s/"id":\(1[0-9]*\),/"id":"\1",/; /"id":2/d' >later
echo '{"id":"x","v":1}' >>later
ids() { sed -n 's/^{"id":"*\([0-9]*\)[",].*/\1/p' "$1" | LC_ALL=C sort; }
ids base >base.ids
ids later >later.ids
gone=$(LC_ALL=C comm -23 base.ids later.ids | wc -l)
typed=$(LC_ALL=C comm -12 base.ids later.ids | grep -c '^1')
[ "$gone" -gt 50 ] || fail "only $gone are missing"
[ "$typed" -gt 50 ] || fail "only $typed are of another type"
same later 0 -s st --trust-eof --mode mirror --allow-deletes "$gone,truncated" --require-key x <later
is "$gone" "$(grep -c '"action":"delete"' later.64K)" 'deletes'
says "$typed keys arrived with a different type"
# a key that must come and does not
same must 3 -s st --trust-eof --mode mirror --max-deletes 90% --require-key nobody <later

# an input that was cut: nearly all had left
head -n 15000 later >cut
status 65 rudder-diff -n --memory 1M -s st cut >out
all=$(rudder-diff -n -s st cut 2>/dev/null | grep -c '"change"') || :
[ "$(grep -c '"change"' out)" -gt $((all * 9 / 10)) ] || fail "only $(grep -c '"change"' out) of $all changes left"

# two files
mill rows 10000 >old
mill rows 10000 1 >new
rudder-diff -k id --memory 64K old new | LC_ALL=C sort >little
rudder-diff -k id old new | LC_ALL=C sort | cmp -s - little || fail 'two files differ'
rudder-diff -k id --memory 64K --keep row old new | rudder-diff --invert | LC_ALL=C sort >back
rudder-diff -k id --keep row old new | rudder-diff --invert | LC_ALL=C sort | cmp -s - back || fail 'two whole files differ'

# rows with identities: some rows are duplicates, one of them with another identity
# than before, some share an identity or hand it on
audience() { # FIRST: with identities from there on
	awk -v first="$1" 'BEGIN {for (i = 1; i <= 12000; i++) printf "{\"id\":%d,\"email\":\"%d\"}\n", (i + first) % 11000, i * 7 % 9000 + first}'
}
audience 1 >base
same audience 1 -k id --identity email -s none --mode mirror --trust-eof <base
is 1000 "$(grep -c duplicate audience.64K)" 'duplicate rows'
if cmp -s audience.all audience.64K; then fail 'nothing went to disk'; fi
head -n 10500 base >once
rudder-diff -k id --identity email --mode mirror -s am --trust-eof once >out
mill receipts <out | rudder-diff --commit -s am
for first in 2 40 900; do
	audience $first | rows >next
	same "audience$first" 1 -s am --mode mirror --max-deletes 100% --require-key 5 <next
	[ "$(grep -c '"action":"delete"' audience$first.64K)" -gt 0 ] || fail "no identity is deleted from $first on"
done
status 65 rudder-diff --rebase --trust-eof -s am --memory 64K base >out
says 'duplicate key'
audience 40 | head -n 10500 >next
rudder-diff -k id --identity email --memory 64K once next | LC_ALL=C sort >little
rudder-diff -k id --identity email once next | LC_ALL=C sort | cmp -s - little || fail 'two files with identities differ'

# nothing is left behind; and where it cannot be put
is 3 "$(find st -type f | wc -l)" 'files of the state: lock, runs, snapshot'
TMPDIR=$PWD/none status 73 rudder-diff -n --memory 64K -s st later >out
says 'TMPDIR names another folder'

# a commit: shuffled, some refused, in parts, twice or not at all
rudder-diff -s st --trust-eof --mode mirror --allow-deletes "$gone,truncated" later >out
mill receipts <out | sed '1d;$d' | awk 'BEGIN {srand(3)} {print int(rand() * 1e9) "\t" $0}' | sort -n | cut -f 2- |
	awk '
	NR % 7 == 0 {sub(/accepted/, "rejected")}
	NR % 11 == 0 {sub(/accepted/, "unknown")}
	NR % 13 == 0 {next}
	NR % 17 == 0 {line = $0; sub(/","status/, "-1-2&", line); print line; if (NR % 2) {sub(/","status/, "-2-2&"); print}; next}
	{print}
	NR % 19 == 0 {print}' >receipts
cp -r st st.all
cp -r st st.part
status 1 rudder-diff --commit --trust-eof --memory 0 -s st.all receipts
mv err err.all
status 1 rudder-diff --commit --trust-eof --memory 300K -s st.part receipts
cmp -s err err.all || fail "commits differ: $(cat err.all err)"
cmp -s st.all/snapshot st.part/snapshot || fail 'snapshots differ'
cmp -s st.all/pending st.part/pending || fail 'what waits differs'
[ "$(wc -c <st.part/pending)" -lt "$(wc -c <st/pending)" ] || fail 'nothing was answered'
# all of it
mill receipts <out | rudder-diff --commit --memory 1 -s st
status 0 rudder-diff -s st --trust-eof --mode mirror later >out
is '' "$(changes <out)" 'changes after a commit'

# a run after one whose changes are unacknowledged: 11 bytes for each
mill rows 200000 >many
rudder-diff -k id -s on many | sed '1d' | LC_ALL=C sort >first
bounded 12 rudder-diff -s on --memory 4M many | sed '1d' | LC_ALL=C sort | cmp -s - first ||
	fail 'a run that goes on differs'
TMPDIR=$PWD/none status 73 rudder-diff -s on --memory 4M many >out
says 'TMPDIR names another folder'
is 200000 "$(bounded 12 rudder-diff --status -s on | jq .pending)" 'changes that are due'
bounded 12 rudder-diff --dump -s on | wc -l | grep -qx 200000 || fail 'a dump differs'
bounded 12 rudder-diff --forget 7 -s on
is 199999 "$(rudder-diff --status -s on | jq .pending)" 'changes after --forget'

# the old one of two files, and rows that are taken as they are
bounded 20 rudder-diff -k id --memory 8M many many | changes | cmp -s - /dev/null || fail 'a file differs from itself'
bounded 20 rudder-diff --rebase -k id -s on --memory 8M many >out
is 200000 "$(rudder-diff --status -s on | jq .keys)" 'keys after --rebase'
is '' "$(rudder-diff -s on --mode mirror many | changes)" 'changes after --rebase'
cp on/snapshot before
sed '$d' many | { cat && echo '{"id":5,"x":1}'; } >twice
status 65 bounded 20 rudder-diff --rebase --trust-eof -s on --memory 8M twice
says 'duplicate key'
cmp -s on/snapshot before || fail 'a rebase that failed has changed the state'

# an audience
awk 'BEGIN {for (i = 1; i <= 300000; i++) printf "{\"id\":%d,\"email\":\"u%d@x\"}\n", i, i}' >many
bounded 16 rudder-diff -k id --trust-eof --identity email --mode mirror -s audience --memory 4M many | grep -c '"change"' | grep -qx 300000 ||
	fail 'not all of an audience leave'
bounded 14 rudder-diff --rebase --trust-eof -k id --identity email -s taken --memory 4M many >out
is '' "$(bounded 20 rudder-diff -s taken --trust-eof --mode mirror --memory 8M many | changes)" 'changes after --rebase of an audience'
