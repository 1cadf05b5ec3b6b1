# tag.sh - a changed tag sends every row, each until it is delivered under it
. "$TOP/tests/tool/lib.sh"
D="rudder-diff -s st --mode mirror"

run() { rows | $D "$@" >out 2>err; changes <out | tr '\n' ' '; }
commit() { ack "${1:-accepted}" <out | rudder-diff --commit -s st; }
tag() { rudder-diff --status -s st | jq -c .tag; }

printf '{"id":1,"v":"a"}\n{"id":2,"v":"a"}\n{"id":3,"v":"a"}\n' >A
rows <A | rudder-diff -k id -s st >out
commit
is null "$(tag)" 'no tag'
rm -r st
rows <A | rudder-diff -k id -s st --tag one >out
commit
is '"one"' "$(tag)" 'the first tag'
is '' "$(run --tag one <A)" 'the same tag'
is '' "$(run <A)" 'no tag is that of the state'
commit

# every row goes once, under ids of its own
is 'update 1 update 2 update 3 ' "$(run --tag two <A)" 'another tag'
cp out first
is 'update 1 update 2 update 3 ' "$(run --tag two <A)" 'without receipts'
is "$(grep '"change"' first)" "$(grep '"change"' out)" 'the same changes'
is '"one"' "$(tag)" 'the tag before the commit'
commit
is '"two"' "$(tag)" 'the tag after it'
is '' "$(run --tag two <A)" 'all are delivered under it'
is 'update 2 ' "$(sed '2s/a/b/' A | run --tag two)" 'a row that changes'
commit failed 2>err && fail 'a failure is fine'

# a run that is cut: what was delivered is, the rest is due, the tag is not taken
rows <A | sed '3,$d' >cut
status 65 $D --tag three cut >out
is 'update 1 ' "$(changes <out | tr '\n' ' ')" 'a cut run'
ack accepted <out >receipts
status 65 rudder-diff --commit -s st receipts
is '"two"' "$(tag)" 'the tag after a cut run'
is 'update 2 update 3 ' "$(run --tag three <A)" 'the rest of it'
# and a run of which a part fails: that part is due, though the tag is taken
ack accepted <out | awk '/messageId/ && !n++ {sub(/accepted/, "failed")} 1' >receipts
status 1 rudder-diff --commit -s st receipts
is '"three"' "$(tag)" 'offered completely'
is 'update 2 ' "$(run --tag three <A)" 'the row that failed'
commit failed 2>err && fail 'a failure is fine'
# nothing is due for a tag that it was delivered under
is 'update 1 update 3 ' "$(run --tag two <A)" 'back, as nothing but row 2 is'
commit
is '' "$(run --tag two <A)" 'and there'

# receipts of a dry run, of another run, or without their end take no tag
run --tag four <A >/dev/null
ack dry-run <out >receipts
status 1 rudder-diff --commit -s st receipts
is '"two"' "$(tag)" 'a dry run'
run --tag four <A >/dev/null
ack accepted <out | sed '$d' >receipts
run --tag four <A >/dev/null
status 65 rudder-diff --commit -s st receipts
is '"two"' "$(tag)" 'old receipts without their end'
is '' "$(run --tag four <A)" 'but they are true'
commit
is '"four"' "$(tag)" 'nothing was left to send'

# only what changes, with the tag taken, or not yet
is 'update 2 ' "$(sed '2s/a/c/' A | run --tag five --on-tag-change changed)" 'changed'
commit
is '"five"' "$(tag)" 'taken'
is '' "$(sed '2s/a/c/' A | run --tag five)" 'after that'
is 'update 2 ' "$(run --tag six --on-tag-change none <A)" 'none'
commit
is '"five"' "$(tag)" 'not yet'
is 'update 2 ' "$(run -n --tag five <A)" 'and back'
is 'update 1 update 3 ' "$(run --tag six <A)" 'then all the others'
ack accepted <out | sed '3,$s/accepted/failed/; $d' >receipts
status 65 rudder-diff --commit -s st receipts
is '' "$(run --tag six --on-tag-change changed <A)" 'delivered under either'
status 64 $D --tag x --on-tag-change all A
says "'all' is not full, changed or none"

# deletes and inserts are what they are, values kept as well
is 'delete 3 insert 4 update 1 update 2 ' "$(sed '3s/.*/{"id":4,"v":"a"}/' A | run --tag seven --keep row)" 'with others'
commit
is 'null 0' "$(rudder-diff --status -s st | jq -r '"\(.missed) \(.pending)"')" 'all is done'

# a rebase takes the rows as delivered under its tag
rudder-diff --rebase -s st --tag eight --trust-eof A >/dev/null
is '"eight"' "$(tag)" 'a rebase'
is '' "$(run --tag eight <A)" 'after it'
rudder-diff --rebase -s st --trust-eof A >/dev/null
is '' "$(run --tag eight <A)" 'a rebase without a tag'

# what was sent under a tag that only changes took is not delivered under the one
# before, which the others still are
sed '3s/a/b/' A >B
rudder-diff --rebase -s st --tag one --trust-eof A >/dev/null
is 'update 3 ' "$(run --tag two --on-tag-change changed <B)" 'a row that changes'
commit
is '' "$(run <B)" 'the others do not'
is 'update 1 update 2 update 3 ' "$(run --tag one <B)" 'back'
cp out first
is 'update 1 update 2 update 3 ' "$(run --tag one <B)" 'without receipts'
is "$(grep '"change"' first)" "$(grep '"change"' out)" 'the same changes'
commit
is '' "$(run --tag one <B)" 'all are delivered under it'
