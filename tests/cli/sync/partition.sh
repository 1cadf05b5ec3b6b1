# partition.sh - a state for each part of a table: run by xargs and make, and
# never with rows of another part
# shellcheck disable=SC2016
. "$TOP/tests/tool/lib.sh"
command -v sqlite3 >/dev/null || skip 'no sqlite3'
db() { sqlite3 db "$@"; }
db 'CREATE TABLE users (id INTEGER PRIMARY KEY, v TEXT); INSERT INTO users WITH RECURSIVE n(a) AS (SELECT 1 UNION ALL SELECT a + 1 FROM n WHERE a < 500) SELECT a, 1 FROM n'
cat >part <<'X'
rudder-query -d sqlite:db -t users -k id --partition "$1" |
	rudder-diff -s "state/${1%/*}" --mode mirror --max-deletes 100% |
	rudder-map -t record --identifier id |
	rudder-send -q -d "file:out/${1%/*}" |
	rudder-diff -q --commit -s "state/${1%/*}"
X
mkdir state out
# sent: "insert 1 " and so on, of all parts, and how many there are of each
sent() {
	cat out/* 2>/dev/null | jq -r '"\(.action // .properties.action) \(.recordId)"' | sort >sent.now
	rm -f out/*
	cut -d ' ' -f 1 sent.now | uniq -c | awk '{printf "%s %s ", $2, $1}'
}
seq 0 3 | xargs -P 4 -I I sh part I/4 || fail "xargs: $?"
is 'insert 500 ' "$(sent)" 'the first run'
is 500 "$(sort -u sent.now | wc -l)" 'each key once'
for i in 0 1 2 3; do
	[ "$(rudder-diff -s state/$i --status | jq -c '[.part.i, .part.n, .key[0]]')" = "[$i,4,\"id\"]" ] || fail "status: $(rudder-diff -s state/$i --status)"
	[ "$(rudder-diff -s state/$i --status | jq .keys)" -gt 80 ] || fail "part $i is small"
done

# by make: parts that fail are run again alone
db "UPDATE users SET v = 2 WHERE id % 10 = 0; DELETE FROM users WHERE id % 50 = 1; INSERT INTO users VALUES (501, 1)"
printf '%s\n' 'PARTS = 0 1 2 3' 'all: $(PARTS:%=part.%)' 'part.%:' '	sh part $*/4' >Makefile
make -s -j 4 all || fail "make: $?"
is 'delete 10 insert 1 update 50 ' "$(sent)" 'changes'
make -s -j 4 all || fail "make again: $?"
is '' "$(sent)" 'nothing new'
killed=0
rudder-query -d sqlite:db -t users -k id --partition 2/4 | sed '$d' | rudder-diff -s state/2 --mode mirror >/dev/null 2>err || killed=$?
is 65 $killed 'a part without its end'
make -s -j 4 all || fail "after a part that died: $?"
is '' "$(sent)" 'after a part that died'

# refused STATUS WORDS STATE OPTIONS: the rows are not taken, and nothing leaves
refused() {
	want=$1 words=$2 state=$3
	shift 3
	rudder-query -d sqlite:db -t users "$@" >rows || fail "query: $*"
	got=0
	rudder-diff -s "state/$state" --mode mirror $diff <rows >changes 2>err || got=$?
	is "$want" $got "$*"
	says "$words"
	! grep -q '"type":"change"' changes || fail "$*: changes leave"
}
diff=
for i in 0 1 2 3; do refused 78 "is of part $i of 4, and the rows are part $i of 5" $i -k id --partition $i/5; done
refused 78 'is of part 0 of 4, and the rows are part 1 of 4' 0 -k id --partition 1/4
refused 78 'is of part 0 of 4, and the rows are part 0 of 4 by number' 0 -k id --partition 0/4 --partition-by number
refused 78 'is of part 0 of 4, and the rows are a whole table' 0
sed '/^{"_rudder"/d' rows >plain
status 78 rudder-diff -s state/0 --mode mirror --trust-eof plain >changes
refused 78 "the rows are a part by the key 'v', and this run has the key 'id'" 0 -k v --partition 0/4
diff=-n
refused 78 'is of part 0 of 4' 0 -k id --partition 0/8
diff='-k id --identity v'
refused 64 '--identity needs all rows' new -k id --partition 0/4
diff=
# a state of all rows does not become one of a part
sh -c 'rudder-query -d sqlite:db -t users -k id | rudder-diff -s state/all | rudder-map -t record --identifier id | rudder-send -q -d null: | rudder-diff -q --commit -s state/all'
refused 78 'is of a whole table, and the rows are part 0 of 2' all -k id --partition 0/2
# a source that is down is not another part
rudder-query -d sqlite:nosuch -t users 2>/dev/null | rudder-diff -s state/0 >/dev/null 2>err || got=$?
is 66 $got 'a source that is not there'

# another number of parts, by --rebase of all: what lies in no state any more is
# not deleted, and nothing is sent twice
for i in 0 1 2 3 4; do
	rudder-query -d sqlite:db -t users -k id --partition $i/5 | rudder-diff -q --rebase -s state/$i >/dev/null || fail "rebase: $?"
done
db "UPDATE users SET v = 3 WHERE id = 7; DELETE FROM users WHERE id = 8"
seq 0 4 | xargs -P 2 -I I sh part I/5 || fail "five parts: $?"
is 'delete 1 update 1 ' "$(sent)" 'after the rebase'
# one that did not come to its end
rudder-query -d sqlite:db -t users -k id --partition 0/4 >rows
(ulimit -f 1 && rudder-diff -q --rebase -s state/0 rows >/dev/null 2>&1) && fail 'there was room'
refused 78 'a --rebase that did not end' 0 -k id --partition 0/5
refused 78 'a --rebase that did not end' 0 -k id --partition 0/4
rudder-diff -q --rebase -s state/0 <rows >/dev/null || fail "rebase again: $?"
is 4 "$(rudder-diff -s state/0 --status | jq .part.n)" 'the part'
