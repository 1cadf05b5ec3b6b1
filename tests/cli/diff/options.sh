# options.sh - modes, columns that count, and looking into a state
. "$TOP/tests/tool/lib.sh"
printf '{"id":1,"a":"x","seen_at":1}\n{"id":2,"a":"x","seen_at":1}\n' >A
printf '{"id":1,"a":"y","seen_at":2}\n{"id":2,"a":"x","seen_at":2}\n{"id":3,"a":"x","seen_at":2}\n' >B
sync_all -k id -s st <A >/dev/null
diff_of() { rows <B | rudder-diff -s st -n "$@" >out; changes <out | tr '\n' ' '; }

# what each mode sends; what it leaves out is counted
is 'insert 3 update 1 update 2 ' "$(diff_of)" upsert
is 'insert 3 ' "$(diff_of --mode insert-only)" insert-only
grep -q '"updates":0,.*"ignored":2' out || fail "$(tail -n 1 out)"
is 'update 1 update 2 ' "$(diff_of --mode update-only)" update-only
grep -q '"inserts":0,.*"ignored":1' out || fail "$(tail -n 1 out)"
rows <B | status 64 rudder-diff -s st --mode insert
says "'insert' is not upsert, mirror, insert-only, update-only or full"

# an unacknowledged change is pending in every mode
cp -r st open
rows <B | rudder-diff -s open >/dev/null
is 'insert 3 update 1 update 2 ' "$(rows <B | rudder-diff -s open --mode insert-only | changes | tr '\n' ' ')" 'due'

# columns that count
rudder-diff --rebase -k id -s cols --ignore 'seen_*' --trust-eof A >/dev/null
of_cols() { rows <B | rudder-diff -s cols -n "$@" | changes | tr '\n' ' '; }
is 'insert 3 update 1 ' "$(of_cols --ignore 'x,seen_*')" '--ignore'
rudder-diff --rebase -s cols --compare 'i?,seen_at' --trust-eof A >/dev/null
is 'insert 3 update 1 update 2 ' "$(of_cols --compare 'id,seen_at')" '--compare'

# --rebase takes rows as delivered, sends nothing, and may change the key
rudder-diff --rebase -k seen_at,id -s st --trust-eof A | grep '"change"' && fail 'rebase sent something'
is 'insert [2,1] insert [2,2] insert [2,3] ' "$(rows <B | rudder-diff -s st -n | changes | tr '\n' ' ')" 'another key'
rudder-diff --rebase -k id -s st --trust-eof A >/dev/null
is 'insert 3 update 1 update 2 ' "$(diff_of)" 'rebased again'
cp -r st kept
sed '$d' A | rows | sed '$d' >cut
status 65 rudder-diff --rebase -s st cut >/dev/null
cmp kept/snapshot st/snapshot || fail 'a cut rebase moved the state'

# --status and --dump
rows <B | rudder-diff -s st >out
is '2 3 ["id"] false' "$(rudder-diff --status -s st | jq -r '"\(.keys) \(.pending) \(.key | tojson) \(.receipts_left)"')" '--status'
is 'delivered 1,delivered 2,insert 3,update 1,update 2,' \
	"$(rudder-diff --dump -s st | jq -r '"\(.kind) \(.id)"' | sort | tr '\n' ',')" '--dump'
status 66 rudder-diff --status -s nowhere

# --forget takes a key out of snapshot and pending
rudder-diff --forget 1 -s st || fail "forget: $?"
rudder-diff --forget 3 -s st || fail "forget: $?"
is 'delivered 2,update 2,' "$(rudder-diff --dump -s st | jq -r '"\(.kind) \(.id)"' | sort | tr '\n' ',')" 'after --forget'
status 66 rudder-diff --forget 1 -s st
# in whatever way the rows have written it
for as in 1 1.0 10e-1; do
	rm -rf num
	printf '{"id":1.0}\n{"id":"1.0"}\n{"id":2}\n' | state=num sync_all -k id -s num --keep row
	printf '{"id":1,"v":0}\n' | rows | rudder-diff -s num >out
	rudder-diff --forget $as -s num || fail "forget $as: $?"
	rudder-diff --dump -s num | jq -c .kept.id >left
	[ $as = 1.0 ] || is '"1.0"' "$(grep '"' left)" "a different one after --forget $as"
	is 2 "$(grep -v '"' left)" "what is left after --forget $as"
done
for as in '' - 1e 1.0.0 '{' '"' 01 '[1'; do
	status 66 rudder-diff --forget "$as" -s num
done
says 'has no such key'
mkdir -m 700 new
status 66 rudder-diff --forget 1 -s new
says "'new' is an empty folder, not a state"

# a dry run before the first run needs no state and makes none
is 'insert 1 insert 2 ' "$(rows <A | rudder-diff -n -k id -s never | changes | tr '\n' ' ')" 'a first look'
[ ! -e never ] || fail 'a dry run made a state'
