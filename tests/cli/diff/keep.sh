# keep.sh - values kept beside the hashes: what changes and deletes then tell
. "$TOP/tests/tool/lib.sh"
jq() { command jq "$@" | short_numbers; }
D="rudder-diff -s st --mode mirror"

run() { rows | $D "$@" >out; told <out; }
# told <CHANGES: action, id, changed, before and members of each, by id
told() { jq -r 'select(._rudder.change) | [._rudder.action, ._rudder.id, (._rudder | (.changed, .before) | tojson), (del(._rudder) | tojson)] | join(" ")' | sort -k 2,2; }
commit() { ack accepted <out | rudder-diff --commit -s st; }
kept() { rudder-diff --dump -s st | jq -c 'select(.kind == "delivered") | [.id, .kept]' | sort | tr '\n' ' '; }

printf '{"id":1,"plan":"free","n":1}\n{"id":2,"plan":"pro","n":1}\n{"id":3,"plan":"pro","n":2}\n' >A
printf '{"n":1.0,"id":1,"plan":"pro"}\n{"id":2,"plan":"pro","n":1.0}\n{"id":4,"plan":"new"}\n' >B
rows <A | rudder-diff -k id -s st --keep row >out
commit
is '[1,{"id":1,"plan":"free","n":1}] ' "$(kept | cut -d ' ' -f 1 | sed 's/"1"/1/') " 'the whole row'
is '"row"' "$(rudder-diff --status -s st | jq -c .keep)" '--status'

# the state says what is kept from then on
is 'update 1 ["plan"] {"id":1,"plan":"free","n":1} {"n":1,"id":1,"plan":"pro"}
delete 3 null null {"id":3,"plan":"pro","n":2}
insert 4 null null {"id":4,"plan":"new"}' "$(run <B)" 'whole rows'
cp out first
is "$(grep '"change"' first)" "$(run <B >/dev/null; grep '"change"' out)" 'sent again'

# while unacknowledged it is not known what changed, only what was delivered
sed 's/"pro"/"old"/' B >C
is 'update 1 null {"id":1,"plan":"free","n":1} {"n":1,"id":1,"plan":"old"}' "$(run <C | head -n 1)" 'in doubt'
ack failed <out >failed
status 1 rudder-diff --commit -s st failed
is 'update 1 ["plan"] {"id":1,"plan":"free","n":1} {"n":1,"id":1,"plan":"pro"}' "$(run <B | head -n 1)" 'not in doubt'
commit
is '' "$(run <B)" 'all is there'
# a new column, one that is missing, and one that is null
is 'update 1 ["n","plan"] {"n":1,"id":1,"plan":"pro"} {"id":1,"n":null}
update 2 ["x"] {"id":2,"plan":"pro","n":1} {"id":2,"plan":"pro","n":1,"x":[1,{}]}' \
	"$(printf '{"id":1,"n":null}\n{"id":2,"plan":"pro","n":1,"x":[1,{}]}\n{"id":4,"plan":"new"}\n' | run)" 'columns come and go'
ack rejected <out >rejected
status 1 rudder-diff --commit -s st rejected
is '["1",{"n":1,"id":1,"plan":"pro"}]' "$(kept | cut -d ' ' -f 1)" 'refused rows move nothing'

# a few columns; those of the key are known anyway
rm -rf st
rows <A | rudder-diff -k id -s st --keep 'id,pl*' >out
commit
is '["1",{"plan":"free"}] ["2",{"plan":"pro"}] ["3",{"plan":"pro"}] ' "$(kept)" 'columns'
is 'update 1 ["plan"] {"plan":"free"} {"n":1,"id":1,"plan":"pro"}
delete 3 null null {"id":3,"plan":"pro"}
insert 4 null null {"id":4,"plan":"new"}' "$(run <B)" 'columns reported'
# another column: known to be unchanged, and reported so
is 'update 1 [] {"plan":"free"} {"id":1,"plan":"free","n":7}' \
	"$(ack failed <out >f; rudder-diff --commit -s st f 2>/dev/null || :; { echo '{"id":1,"plan":"free","n":7}'; tail -n 2 A; } | run)" 'a column that is not kept'
ack failed <out | rudder-diff --commit -s st 2>/dev/null && fail 'a failure is fine'

# more is asked for: rows that are as they were give it, nothing is sent
is '' "$(run --keep plan,n <A)" 'more columns'
is '["1",{"plan":"free"}]' "$(kept | cut -d ' ' -f 1)" 'before the commit'
is '' "$(run --keep plan,n <A)" 'again'
commit
is '["1",{"plan":"free","n":1}] ["2",{"plan":"pro","n":1}] ["3",{"plan":"pro","n":2}] ' "$(kept)" 'more columns are kept'
[ ! -e st/pending ] || fail 'pending is left'
is 'update 1 ["plan","n"] {"plan":"free","n":1} {"id":1,"plan":"x","n":3}' \
	"$({ echo '{"id":1,"plan":"x","n":3}'; tail -n 2 A; } | run)" 'more columns reported'

# a run that is cut, or whose receipts are, goes on with what the state notes;
# what is delivered is known in part
rm -rf st
rows <A | rudder-diff -k id -s st --keep plan >out
commit
rows <B | sed '$d' >cut
status 65 $D --keep n cut >out
ack accepted <out >receipts
status 65 rudder-diff --commit -s st receipts
is '"plan"' "$(rudder-diff --status -s st | jq -c .keep)" 'a cut run'
is '["1",{}] ["2",{"plan":"pro"}] ["3",{"plan":"pro"}] ["4",{}] ' "$(kept)" 'after a cut run'
rows <B | $D --keep n >out
commit
is '"n"' "$(rudder-diff --status -s st | jq -c .keep)" 'the whole run'
is '["1",{"n":1}] ["2",{"n":1}] ["4",{}] ' "$(kept)" 'after it'

# one that keeps more takes effect at once, also in the first run: what it has
# delivered can be deleted
for first in '' plan; do
	rm -rf st
	head -n 1 A >one
	[ ! "$first" ] || { rows <one | rudder-diff -k id -s st --keep $first >out && commit; }
	rows <A | sed '$d' >cut
	status 65 $D -k id --keep plan,n cut >out
	ack accepted <out >receipts
	status 65 rudder-diff --commit -s st receipts
	is '"plan,n"' "$(rudder-diff --status -s st | jq -c .keep)" 'a cut run that keeps more'
	is 'delete 3 null null {"id":3,"plan":"pro","n":2}' "$(head -n 2 A | run --keep plan,n)" 'a delete after a cut run'
	commit
	is '["1",{"plan":"free","n":1}] ["2",{"plan":"pro","n":1}] ' "$(kept)" 'a whole run after a cut one'
done

# what is sent again under its first id gets the values that are kept now
for memory in 0 1; do
	for times in 1 2; do
		rm -rf st
		rows <A | rudder-diff -k id -s st >first
		for _ in $(seq $times); do rows <A | rudder-diff -s st --keep plan --memory $memory >out; done
		is "$(grep '"change"' first)" "$(grep '"change"' out)" 'the first ids'
		ack accepted <out | rudder-diff --commit -s st --memory $memory
		is '["1",{"plan":"free"}] ["2",{"plan":"pro"}] ["3",{"plan":"pro"}] ' "$(kept)" "kept of what was sent again, $times $memory"
		is 'delete 3 null null {"id":3,"plan":"pro"}' "$(head -n 2 A | run)" 'a delete of what was sent again'
	done
	# one that is not accepted leaves nothing
	rm -rf st
	rows <A | rudder-diff -k id -s st >first
	rows <A | rudder-diff -s st --keep plan >out
	ack failed <out >receipts
	status 1 rudder-diff --commit -s st --memory $memory receipts
	is '' "$(kept)" 'kept of what failed'
	rows <A | rudder-diff -s st --keep plan,n --memory $memory >out
	ack accepted <out | rudder-diff --commit -s st --memory $memory
	is '["1",{"plan":"free","n":1}] ["2",{"plan":"pro","n":1}] ["3",{"plan":"pro","n":2}] ' "$(kept)" 'kept after a failure'
	[ ! -e st/pending ] || fail 'pending is left'
done

# missing keys keep their last values; fewer columns leave nothing else
rm -rf st
rows <A | rudder-diff -k id -s st --keep row >out
commit
head -n 2 A | rows | rudder-diff -s st --keep plan >out
commit
is '["1",{"plan":"free"}] ["2",{"plan":"pro"}] ["3",{"plan":"pro"}] ' "$(kept)" 'fewer columns'
head -n 2 A | rows | rudder-diff -s st --keep row >out
commit
is 'delete 3 null null {"id":3,"plan":"pro"}' "$(head -n 2 A | run)" 'of a key that was missing'
rows <A | rudder-diff -s st --keep hash >out
commit
is '["1",null] ["2",null] ["3",null] ' "$(kept)" 'nothing'
! grep -q free st/* || fail 'a value is left'

# columns that make no change are not known from a row that did not
rm -rf st
rows <A | rudder-diff -k id -s st --ignore n >out
commit
sed 's/"n":1/"n":5/' A | rows | rudder-diff -s st --ignore n --keep row >out
commit
is '["1",{"id":1,"plan":"free"}]' "$(kept | cut -d ' ' -f 1)" 'an ignored column'
is 'update 1 ["plan"] {"id":1,"plan":"free"} {"id":1,"plan":"pro","n":1}' \
	"$(sed 's/free/pro/' A | run --ignore n)" 'an ignored column reported'

# an unacknowledged insert, missing: its values were sent
rm -rf st
rows <A | rudder-diff -k id -s st --keep plan --mode mirror >/dev/null
is 'delete 3 null null {"id":3,"plan":"pro"}' "$(head -n 2 A | run --keep plan --allow-deletes 1 | grep delete)" 'an orphan'
is "$(grep '"delete"' out)" "$(head -n 2 A | run --keep plan --allow-deletes 1 >/dev/null; grep '"delete"' out)" 'the orphan again'
# the same where it is not deleted, but kept as one that may be there
rm -rf st
rows <A | rudder-diff -k id -s st --keep plan >/dev/null
head -n 2 A | rows | rudder-diff -s st --keep plan >out
commit
is 'delete 3 null null {"id":3,"plan":"pro"}' "$(head -n 2 A | run)" 'an orphan that was kept'

# two keys, names and values with escapes
printf '{"a":1,"b":"x","\\u0063":"\\u0041","d\\"":1}\n' >old
printf '{"a":1,"b":"x","c":"A","d\\"":1.0}\n{"a":1,"b":"y"}\n' >new
is 'insert [1,"y"] null null {"a":1,"b":"y"}' "$(rudder-diff -k a,b --keep row old new | told)" 'escapes'
printf '{"a":1,"b":"x","c":"B","d\\"":2}\n' >new
is 'update [1,"x"] ["c","d\""] {"a":1,"b":"x","c":"A","d\"":1} {"a":1,"b":"x","c":"B","d\"":2}' "$(rudder-diff -k a,b --keep row old new | told)" 'escapes that changed'
is 'delete [1,"x"] null null {"a":1,"b":"x","c":"A"}' "$(rudder-diff -k a,b --keep c old /dev/null | told)" 'escapes that are deleted'

# rows taken as delivered
rudder-diff --rebase -k id -s rebased --keep plan --trust-eof A >/dev/null
is '{"id":1,"plan":"pro","n":1}' "$(sed 's/free/pro/' A | rows | rudder-diff -s rebased | jq -c 'select(._rudder.before == {plan: "free"}) | del(._rudder)')" 'a rebase'
rudder-diff --rebase -s rebased --trust-eof A >/dev/null
is '"plan"' "$(rudder-diff --status -s rebased | jq -c .keep)" 'a second rebase'
status 64 rudder-diff -s rebased --keep '' A
says '--keep'

# sorted files tell the same, and so does a commit part by part
seq 10 99 | sed 's/.*/{"id":&,"v":"a","w":[&]}/' >old
seq 11 2 101 | sed 's/.*/{"id":&,"w":[&.0],"v":"b"}/' >new
rudder-diff -k id --keep row old new | told >want
rudder-diff -k id --keep row --sorted old new | told >got
cmp want got || fail 'sorted files'
seed 1
for memory in 0 1; do
	state=many$memory
	rows <old | rudder-diff -k id -s $state --keep row >out
	ack accepted <out | rudder-diff --commit -s $state --memory $memory
	rows <new | rudder-diff -s $state --keep v --mode mirror --max-deletes 99 >out
	ack accepted <out | sed 's/"accepted"/"failed"/; n' >half
	status 1 rudder-diff --commit -s $state --memory $memory half
	rudder-diff --dump -s $state | jq -c '[.kind, .id, .kept]' | sort >dump$memory
done
cmp dump0 dump1 || fail 'part by part'
is '{"v":"a"}] {"v":"b"}]' "$(cut -d , -f 3- dump0 | sort -u | tr '\n' ' ' | sed 's/ $//')" 'kept values'

# columns that do not count are not kept up to date: no delete claims the row
printf '{"id":1,"plan":"free","n":1}\n{"id":2,"plan":"pro","n":1}\n' | rows |
	rudder-diff -k id -s ignored --mode mirror --keep row --ignore n >out
ack accepted <out | rudder-diff --commit -s ignored
printf '{"id":1,"plan":"free","n":2}\n' | rows |
	rudder-diff -s ignored --mode mirror --keep row --ignore n >out
is '2 null' "$(jq -r 'select(._rudder.action == "delete") | "\(._rudder.id) \(._rudder.whole)"' out)" 'whole, with --ignore'
status 1 rudder-diff --invert out >back

# the key stays as the destination knows it, whatever is kept later
printf '{"id":1,"v":"a"}\n{"id":2,"v":"a"}\n' | rows | rudder-diff -k id -s written | ack accepted | rudder-diff --commit -s written
printf '{"id":1.0,"v":"a"}\n{"id":2,"v":"a"}\n' | rows | rudder-diff -s written --keep v | ack accepted | rudder-diff --commit -s written
is 'delete 1' "$(printf '{"id":2,"v":"a"}\n' | rows | rudder-diff -s written --mode mirror | changes)" 'the key of a delete'

# the begin line says which columns a delete has: nothing for hash
begin_keep() { "$@" | head -n 1 | jq -c '._rudder | [.key, .identity, .keep, .mode]'; }
cat A >told.1
is '[["id"],null,null,"mirror"]' "$(rows <told.1 | begin_keep rudder-diff -k id -s told --mode mirror)" 'a begin line, hash'
is '[["id"],["n"],"row","mirror"]' "$(rows <told.1 | begin_keep rudder-diff -k id --identity n -s told2 --keep row --mode mirror)" 'a begin line, row'
is '[["id"],null,["plan","n*"],"upsert"]' "$(rows <told.1 | begin_keep rudder-diff -k id -s told3 --keep 'plan,n*')" 'a begin line, columns'
rows <told.1 | rudder-diff -k id -s told4 --keep plan | ack accepted | rudder-diff --commit -s told4
is '[["id"],null,["plan"],"mirror"]' "$(rows <told.1 | begin_keep rudder-diff -s told4 --mode mirror)" 'a begin line, what the state notes'
is '[["id"],null,["x\"y"],"mirror"]' "$(begin_keep rudder-diff -k id --keep 'x"y' A B)" 'a begin line, two files'
sed 's/"row"/"x"/' told.1 | rows | sed '1s/"v":1/"keep":"row"/' >stale
is '[["id"],null,null,"mirror"]' "$(begin_keep rudder-diff -k id -s told5 --mode mirror stale)" 'a begin line that came with a keep'

# an insert whose key an unacknowledged one with another row was sent for: the
# destination may have that row, and the change says so and which it was
rm -rf st
rows <A | rudder-diff -k id -s st --keep plan >/dev/null
doubt() { rows | rudder-diff -s st --keep plan | jq -c 'select(._rudder.change) | [._rudder.action, ._rudder.id, ._rudder.doubt, ._rudder.before]' | sort | tr '\n' ' '; }
is '["insert","1",null,null] ["insert","2",null,null] ["insert","3",null,null] ' "$(doubt <A)" 'the same inserts again'
sed 's/free/gold/' A >G
is '["insert","1",true,{"plan":"free"}] ["insert","2",null,null] ["insert","3",null,null] ' "$(doubt <G)" 'an insert in doubt'
is '["insert","1",true,{"plan":"gold"}] ["insert","2",null,null] ["insert","3",null,null] ' "$(doubt <G)" 'an insert in doubt, again'
rows <G | rudder-diff -s st --keep plan >out
is '[null,"gold"]' "$(rudder-diff --format debezium out | jq -c 'select(.after.id == 1) | [.before, .after.plan]')" 'an insert in doubt, in another form'
commit
is '' "$(doubt <G)" 'no doubt is left'
is '["update","1",null,{"plan":"gold"}] ' "$(doubt <A)" 'an update is no doubt'

# fewer columns of thousands of keys, which move as one: each value is right
# (memory that has moved is unmapped at once, and not only freed)
seq 1 3000 | awk '{
	s = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	printf "{\"id\":%d,\"plan\":\"p%d\",\"n\":%d,\"note\":\"%s\"}\n", $1, $1 % 7, $1, substr(s s s s, 1, $1 % 255)
}' >old
jq -c '{id, plan, note}' old | sort >want
for memory in 0 1; do
	state=narrow$memory
	rows <old | rudder-diff -k id -s $state --keep row --mode mirror | ack accepted | rudder-diff --commit -s $state
	head -n 2 old | rows | rudder-diff -s $state --keep plan,note | ack accepted |
		MALLOC_MMAP_THRESHOLD_=4096 rudder-diff --commit -s $state --memory $memory || fail "a commit with memory $memory"
	rows </dev/null >none
	status 0 rudder-diff -s $state --mode mirror --allow-deletes=3000,empty none >out
	jq -c 'select(._rudder.change) | del(._rudder)' out | sort >got
	cmp want got || fail "narrowed with memory $memory"
done
# and where some of them changed in the same run
sed '1,20s/"plan":"p/"plan":"q/' old >new
jq -c '{id, plan, note}' new | sort >want
for memory in 0 1; do
	state=changed$memory
	rows <old | rudder-diff -k id -s $state --keep row --mode mirror | ack accepted | rudder-diff --commit -s $state
	head -n 20 new | rows | rudder-diff -s $state --keep plan,note | ack accepted |
		rudder-diff --commit -s $state --memory $memory || fail "changes and a commit with memory $memory"
	is '' "$(rows <new | rudder-diff -s $state --mode mirror | changes)" "all are known, memory $memory"
	status 0 rudder-diff -s $state --mode mirror --allow-deletes=3000,empty none >out
	jq -c 'select(._rudder.change) | del(._rudder)' out | sort >got
	cmp want got || fail "narrowed and changed with memory $memory"
done
# what waited for its receipt under the longer list
rows <old | rudder-diff -k id -s waiting --keep row --mode mirror >/dev/null
rows <old | rudder-diff -s waiting --keep plan,note | ack accepted | rudder-diff --commit -s waiting
jq -c '{plan, note}' old | sort >want
rudder-diff --dump -s waiting | jq -c 'select(.kind == "delivered") | .kept' | sort >got
cmp want got || fail 'narrowed while it waited'
