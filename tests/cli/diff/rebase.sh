# rebase.sh - a rebase to other key columns that does not come to its end
. "$TOP/tests/tool/lib.sh"
D="rudder-diff -s st --mode mirror"

# b is on its way without an answer
echo '{"id":1,"v":"a"}' | sync_all -k id -s st --mode mirror >/dev/null
echo '{"id":1,"v":"b"}' | rows | $D >/dev/null
cp st/pending pending

# no room for the snapshot: the state is what it was, with its intent
seq 1 3000 | sed 's/.*/{"id":&,"v":"b"}/' | rows >new
(ulimit -f 4 && status 74 rudder-diff -s st --rebase -k id,v new) || exit 1
cmp pending st/pending || fail 'the intent is gone'

# killed behind the snapshot: the intents left over count for nothing
echo '{"id":1,"v":"b"}' | rows | rudder-diff -s st --rebase -k id,v >/dev/null
[ ! -e st/pending ] || fail 'intents are left'
cp pending st/pending
is '0 ["id","v"]' "$(rudder-diff --status -s st | jq -r '"\(.pending) \(.key)"')" 'the state'
is '' "$(echo '{"id":1,"v":"b"}' | rows | $D | grep '"change"')" 'after the rebase'
is 2 "$(printf '{"id":1,"v":"b"}\n{"id":2,"v":"b"}\n{"id":3,"v":"b"}\n' | rows | $D | grep -c '"change"')" 'new rows'
is '["id","v"]' "$(rudder-diff --status -s st | jq -c .key)" 'the key'
