# missed.sh - deletes that wait until a key was missing in N complete runs
. "$TOP/tests/tool/lib.sh"
D="rudder-diff -s st --mode mirror --delete-after-runs 3"

run() { rows | $D "$@" >out 2>err; changes <out | tr '\n' ' '; }
commit() { ack "${1:-accepted}" <out | rudder-diff --commit -s st; }
missed() { rudder-diff --status -s st | jq .missed; }

seq 1 5 | sed 's/.*/{"id":&}/' >A
sed 5d A >B
rows <A | rudder-diff -k id -s st >out
commit
is '' "$(run <B)" 'missing once'
grep -q '"deletes":0.*"deferred":1' out || fail "$(tail -n 1 out)"
is null "$(missed)" 'before the commit'
is '' "$(run <B)" 'a run that is not committed counts for nothing'
commit
is 1 "$(missed)" 'after it'
# cut runs, in the rows or in the receipts, count for nothing
rows <B | sed '$d' >cut
for _ in 1 2 3; do
	status 65 $D cut >out
	is '' "$(run <B)" 'receipts that are cut'
	ack accepted <out | sed '$d' >receipts
	status 65 rudder-diff --commit -s st receipts
done
is '' "$(run <B)" 'missing twice'
commit
# the same receipts again are the same run
ack accepted <out | rudder-diff --commit -s st
is 'delete 5 ' "$(run <B)" 'missing three times'
commit failed 2>err && fail 'a failure is fine'
is 'delete 5 ' "$(run <B)" 'failed, and due'
is 'delete 5 ' "$(run <B)" 'not answered, and due'
is 'delete 5 ' "$(run --delete-after-runs 9 <B)" 'it was sent before'
commit
is '' "$(run <B)" 'gone'
commit
is null "$(missed)" 'forgotten'

# a key that reappears starts anew, in whatever mode it is seen
sed 4d B >C
for back in "$D" 'rudder-diff -s st'; do
	for _ in 1 2; do
		is '' "$(run <C)" 'missing'
		commit
	done
	rows <B | $back >out
	commit
	is null "$(missed)" 'back'
done
for _ in 1 2; do
	is '' "$(run <C)" 'missing again'
	commit
	rows <C | rudder-diff -s st >out
	commit
done
is 1 "$(missed)" 'kept by runs that do not delete'
is 'delete 4 ' "$(run <C)" 'three times again'
commit

# runs that see nothing count for nothing: no rows, a row without its key
sed 3d C >E
for rows in '' '{"id":null}' '{"id":1}'; do
	for _ in 1 2 3; do
		echo "$rows" | sed '/^$/d' | rows >in
		$D --require-key 2 in >out 2>err || :
		commit 2>err || :
	done
done
is '' "$(run --max-deletes 0 <E)" 'missing once, as these did not count'
commit
run <E >/dev/null
commit
# a delete guard blocks what is due
rows <E >in
status 3 $D --max-deletes 0 in >out
commit 2>err && fail 'blocked, and fine'
is 'delete 3 ' "$(run <E)" 'allowed'
commit

# an unacknowledged insert, missing: it waits as well
echo '{"id":9}' | cat E - >F
is 'insert 9 ' "$(run <F)" 'an insert'
for _ in 1 2; do
	is '' "$(run <E)" 'an orphan'
	commit 2>err || :
done
is 'delete 9 ' "$(run <E)" 'an orphan, three times'
commit

# at once where it is not asked for
is 'delete 2 ' "$(sed 2d E | rows | rudder-diff -s st --mode mirror | changes | tr '\n' ' ')" 'at once'

# erasure of one key takes its count as well
rm -rf st
rows <A | rudder-diff -k id -s st >out
commit
sed 4,5d A | run >/dev/null
commit
is 2 "$(missed)" 'counted'
rudder-diff --forget 5 -s st
is 1 "$(missed)" 'the other one is still counted'
rudder-diff --forget 4 -s st
is null "$(missed)" 'erased'

# one that came as another type has come, in whatever mode
rm -r st
rows <A | rudder-diff -k id -s st >out
commit
is '' "$(run <B)" 'missing'
commit
sed 's/5/"5"/' A | rows | rudder-diff -s st >out
commit
is null "$(missed)" 'another type'
for _ in 1 2; do
	is '' "$(run <B)" 'missing, as either'
	commit
done
is 'delete 5 delete 5 ' "$(run <B)" 'three times, as either'

# a key that is forgotten takes its count along, and no other
rm -rf st
rows <A | rudder-diff -k id -s st >out
commit
sed '4,5d' A >C
for _ in 1 2; do
	is '' "$(run <C)" 'two keys missing'
	commit
done
is 2 "$(missed)" 'two keys'
rudder-diff --forget 4 -s st
is 1 "$(missed)" 'after --forget'
is 'delete 5 ' "$(run <C)" 'the other one, three times'
