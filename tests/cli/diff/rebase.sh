# rebase.sh - a rebase to other key columns that does not come to its end
. "$TOP/tests/tool/lib.sh"
D="rudder-diff -s st --mode mirror"

# b is unacknowledged
echo '{"id":1,"v":"a"}' | sync_all -k id -s st --mode mirror >/dev/null
echo '{"id":1,"v":"b"}' | rows | $D >/dev/null
cp st/pending pending

# no room for the snapshot: the state is what it was, with its intent
seq 1 3000 | sed 's/.*/{"id":&,"v":"b"}/' | rows >new
(ulimit -f 4 && status 74 rudder-diff -s st --rebase -k id,v new) || exit 1
cmp pending st/pending || fail 'the intent is missing'

# killed behind the snapshot: the intents left over count for nothing
echo '{"id":1,"v":"b"}' | rows | rudder-diff -s st --rebase -k id,v >/dev/null
[ ! -e st/pending ] || fail 'intents are left'
cp pending st/pending
is '0 ["id","v"]' "$(rudder-diff --status -s st | jq -r '"\(.pending) \(.key)"')" 'the state'
is '' "$(echo '{"id":1,"v":"b"}' | rows | $D | grep '"change"')" 'after the rebase'
is 2 "$(printf '{"id":1,"v":"b"}\n{"id":2,"v":"b"}\n{"id":3,"v":"b"}\n' | rows | $D | grep -c '"change"')" 'new rows'
is '["id","v"]' "$(rudder-diff --status -s st | jq -c .key)" 'the key'

# the key that the rows bring, for a new state; an old one keeps its own
brought() {
	printf '{"_rudder":{"type":"begin","v":1,"stream":"rows","key":["%s"]}}\n{"id":1,"n":5}\n{"_rudder":{"type":"end","stream":"rows","rows":1}}\n' "$1"
}
brought n | rudder-diff -q --rebase -s brought >/dev/null || fail "key of the begin line: $?"
[ "$(rudder-diff -s brought --status | jq -c .key)" = '["n"]' ] || fail "key: $(rudder-diff -s brought --status)"
brought id | rudder-diff -q --rebase -s brought >/dev/null || fail "key of the state: $?"
[ "$(rudder-diff -s brought --status | jq -c .key)" = '["n"]' ] || fail "key: $(rudder-diff -s brought --status)"
[ "$(brought n | rudder-diff -k n -s brought | grep -c '"change"')" = 0 ] || fail 'rows taken as delivered are sent'
got=0
brought id | sed 1d | rudder-diff -q --rebase -s other >/dev/null 2>&1 || got=$?
[ "$got" = 64 ] || fail "no key: $got"

# nothing is begun anew without a key, or by a stream that was stopped
for state in brought other; do
	for input in '' '{"id":1,"n":5}'; do
		[ "$state$input" != brought ] || continue
		printf '%s\n' "$input" | sed '/^$/d' >in
		status 64 rudder-diff --rebase -s $state --identity n --trust-eof in
		says 'a new state needs its key, and --identity needs the key too: -k COLUMN'
	done
done
is '["n"]' "$(rudder-diff -s brought --status | jq -c .key)" 'the key of before'
echo '{"_rudder":{"type":"abort","stage":"query","status":69,"reason":"the server is away"}}' >in
status 69 rudder-diff --rebase -s other in
says 'the query stage failed with status 69: the server is away'
[ ! -e other/snapshot ] || fail 'a snapshot of a stream that was stopped'
echo '{"_rudder":{"type":"begin","v":1,"stream":"rows","key":[]}}' >in
status 65 rudder-diff --rebase -s other in
status 65 rudder-diff -s other in
brought n >in
status 0 rudder-diff -q --rebase -k n --identity id -s other in
is '["n"]' "$(rudder-diff -s other --status | jq -c .key)" 'the key beside an identity'
status 64 rudder-diff -s other --identity id in
says "option '--identity' needs the key: -k COLUMN"
# a part of a table that becomes a whole one: what says that it is a part must go, or
# the next run is refused
rows_of() { # PART
	printf '{"_rudder":{"type":"begin","v":1,"stream":"rows","key":["id"]%s}}\n{"id":1}\n{"_rudder":{"type":"end","stream":"rows","rows":1}}\n' "$1"
}
n=1 refused=0
while [ $n -le 6 ]; do
	rm -rf pinned
	rows_of ',"part":{"i":0,"n":4,"by":"number"}' | rudder-diff -q --rebase -k id -s pinned >/dev/null || fail "a part: $?"
	got=0
	rows_of '' | SHIM=unlink:$n:EIO SHIM_UNDER=$PWD/pinned SHIM_LOG=/dev/null LD_PRELOAD=$B/tool/shim.so rudder-diff --rebase -s pinned >/dev/null 2>err || got=$?
	case $got in
	0) rows_of '' | rudder-diff -s pinned >/dev/null || fail "unlink $n fails: the next run ends with $?" ;;
	74) refused=$((refused + 1)) ;;
	*) fail "unlink $n fails: status $got, $(cat err)" ;;
	esac
	n=$((n + 1))
done
[ $refused -gt 0 ] || fail 'no call failed'
