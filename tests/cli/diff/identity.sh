# identity.sh - --identity: another identity is a delete and an insert, and none
# is deleted that a row has
. "$TOP/tests/tool/lib.sh"
D="rudder-diff -s st --mode mirror"

# table "ID EMAIL" ...: its rows; - is null, a number is bare
table() {
	for row; do
		case ${row#* } in
		-) e=null ;;
		[0-9]*) e=${row#* } ;;
		*) e="\"${row#* }\"" ;;
		esac
		printf '{"id":%s,"email":%s,"v":0}\n' "${row% *}" "$e"
	done
}
# leaves: what left, as "insert 7 a", skips as "skip 7 a"
leaves() {
	jq -r 'if ._rudder.type == "change" then "\(._rudder.action) \(.id) \(.email)"
		elif ._rudder.type == "skip" then "skip " + (._rudder.id | fromjson | "\(.[0]) \(.[1])")
		else empty end' | short_numbers | sort
}
# run STATUS WANT OPTIONS <ROWS: a run and what leaves; its receipts wait in ok
run() {
	left=$2 code=$1
	shift 2
	rows >in
	status "$code" $D "$@" in >out
	is "$left" "$(leaves <out | paste -sd, -)" "what leaves with '$*' of $(paste -sd, in)"
	ack accepted <out >ok
}
# answer [STATUS]: the receipts of the run
answer() {
	[ $# = 0 ] || ack "$1" <out >ok
	rudder-diff --commit -s st ok 2>err || [ $# != 0 ] || fail "$(cat err)"
}
state() { rudder-diff --dump -s st | jq -r 'select(.kind == "delivered") | .id' | sort | paste -sd' ' -; }

# an identity that changes
table '7 a' '8 b' | run 0 'insert 7 a,insert 8 b' -k id --identity email
answer
head -n 1 out | jq -e '._rudder | .key == ["id"] and .identity == ["email"]' >begin || fail "$(cat begin)"
table '7 c' '8 b' | run 0 'delete 7 a,insert 7 c'
is '{"id":7,"email":"a"}' "$(jq -c 'select(._rudder.action == "delete") | del(._rudder)' out)" 'a delete'
is '[7,"a"]' "$(jq -r '._rudder | select(.action == "delete").id' out)" 'its id'
answer
table '7 c' '8 b' | run 0 ''
is '[7,"c"] [8,"b"]' "$(state)" 'the state'
is '["id"] ["email"]' "$(rudder-diff --status -s st | jq -c '.key, .identity' | paste -sd' ' -)" 'status'

# a key comes once, whatever its identity
table '7 c' '7 d' '8 b' | run 1 ''
is '"duplicate key in column '"'id'"'" 3' "$(jq -c '._rudder | select(.type == "reject") | .reason, .line' out | paste -sd' ' -)" 'the second'

# who has none is left out, and was there: the other goes
table '7 c' '8 -' '9 -' | run 0 'delete 8 b'
is '2 1' "$(jq -r '._rudder | select(.type == "end") | "\(.ignored) \(.deletes)"' out)" 'left out'
answer
is '[7,"c"]' "$(state)" 'nobody is not in the state'
# if nobody has one, that is an empty table; a missing column is not
table '7 -' '8 -' | run 3 ''
says 'guard empty, count: the input has no rows'
printf '{"id":7}\n' | run 78 ''
says "the rows have no identity column 'email'"
table '7 c' '8 -' | run 0 '' --require-key 8
table '7 d' '6 -' | run 3 'insert 7 d' --require-key 8

# a swap throws nobody out, and is at rest two runs later
rm -rf st
table '7 a' '8 b' | run 0 'insert 7 a,insert 8 b' -k id --identity email
answer
table '7 b' '8 a' | run 0 'insert 7 b,insert 8 a,skip 7 a,skip 8 b'
answer
is '[7,"a"] [7,"b"] [8,"a"] [8,"b"]' "$(state)" 'nothing is given up that is not answered for'
table '7 b' '8 a' | run 0 'skip 7 a,skip 8 b'
answer
table '7 b' '8 a' | run 0 ''
is '[7,"b"] [8,"a"]' "$(state)" 'after the swap'
# and back in the middle of it: the destination has the values of the others
table '7 a' '8 b' | run 0 'insert 7 a,insert 8 b,skip 7 b,skip 8 a'
answer
table '7 b' '8 a' | run 0 'skip 7 a,skip 7 a,skip 8 b,skip 8 b,update 7 b,update 8 a'
answer

# handed over to a row that is not taken and goes: the identity goes with it
rm -rf st
table '7 a' '8 b' | run 0 'insert 7 a,insert 8 b' -k id --identity email
answer
table '7 -' '8 b' '9 a' | run 0 'insert 9 a,skip 7 a'
sed -i '3s/accepted/failed/' ok
rudder-diff --commit -s st ok 2>err || :
table '8 b' | run 0 'delete 7 a'
answer

# blocked by a delete guard, then another row has it
rm -rf st
table '7 a' '8 b' | run 0 'insert 7 a,insert 8 b' -k id --identity email
answer
table '8 b' | run 3 '' --max-deletes 0
answer accepted
table '8 a' | run 3 'insert 8 a,skip 7 a' --max-deletes 0
says '1 of 2 keys'
answer accepted
table '8 a' | run 0 'delete 8 b,skip 7 a' --allow-deletes 1
answer
is '[8,"a"]' "$(state)" 'only the present one'

# a delete that may have arrived, and another row that has it then
rm -rf st
table '7 a' '8 b' | run 0 'insert 7 a,insert 8 b' -k id --identity email
answer
table '7 -' '8 b' | run 0 'delete 7 a'
answer unknown
table '9 a' '8 b' | run 0 'insert 9 a,skip 7 a'
answer
table '9 a' '8 b' | run 0 'skip 7 a'
answer
is '[8,"b"] [9,"a"]' "$(state)" 'the delete is dropped'
# and back to the same row
table '9 -' '8 b' | run 0 'delete 9 a'
answer unknown
table '9 a' '8 b' | run 0 'update 9 a'
answer

# shared: it goes with the last who has it
rm -rf st
table '7 a' '8 a' '9 a' | run 0 'insert 7 a,insert 8 a,insert 9 a' -k id --identity email
answer
table '8 a' '9 a' '1 x' | run 1 'insert 1 x,skip 7 a,skip 9 a'
answer accepted
table '1 x' | run 3 '' --max-deletes 0
says '1 of 3 keys'
table '1 x' >A
rows <A >in
status 0 $D in >out
is 'change delete,skip delete' "$(jq -r '._rudder | select(.action == "delete") | "\(.type) \(.action)"' out | sort | paste -sd,)" 'one delete, one skip'
ack accepted <out >ok
answer
is '[1,"x"]' "$(state)" 'both are deleted'
# both wait, one reappears: what it has was never deleted
table '1 x' '2 y' '3 y' | run 0 'insert 2 y,insert 3 y'
answer
table '1 x' | run 0 '' --delete-after-runs 2
answer
table '1 x' '3 y' | run 1 'skip 2 y,skip 3 y' --delete-after-runs 2
answer accepted

# 1 and "1" are one identity
rm -rf st
table '7 1' '8 2' | run 0 'insert 7 1,insert 8 2' -k id --identity email
answer
printf '{"id":7,"email":"1","v":0}\n{"id":"8","email":2.0,"v":0}\n' | run 0 'insert 7 1,insert 8 2,skip 7 1,skip 8 2'
answer

# a delete that arrived, unacknowledged; another row that has the identity, in a
# run that is cut; neither has it any more: it is deleted again, under another id
rm -rf st
table '1 e1' '2 e2' '3 e3' '4 e4' '5 e5' '6 e6' '0 x' | rows >in
status 0 $D -k id --identity email in >out
answer accepted
table '0 x' | rows >in
status 0 $D --allow-deletes 6 in >deleted
table '11 e1' '12 e2' '13 e3' '14 e4' '15 e5' '16 e6' '0 x' | rows | sed '$d' >in
status 65 $D in >out
ack accepted <out >ok
status 65 rudder-diff --commit -s st ok
table '0 x' | rows >in
status 0 $D in >out
is 6 "$(grep -c '"action":"delete".*"email"' out)" 'deletes of six identities'
ids() { jq -r '._rudder | select(.type == "change").change' "$1" | sort; }
is '' "$(ids deleted >first && ids out | comm -12 first -)" 'ids of the first deletes'
answer accepted
is '[0,"x"]' "$(state)" 'all are deleted'

# refused: what cannot work
table '7 1' | rows >in
status 64 rudder-diff -s st in
says 'use --mode mirror'
status 64 rudder-diff -s new -k id --identity email --mode full in
status 64 rudder-diff -s new --identity email --mode mirror in
status 64 rudder-diff -s new -k id --identity id --mode mirror in
status 78 $D -k id in
says "has the key 'id' and the identity 'email', and this run the key 'id':"
status 78 $D -k id --identity v in
status 64 rudder-diff -k id --identity email --sorted in in
rm -rf st
status 0 rudder-diff -s st -k id in >out
status 78 $D -k id --identity email in
says "has the key 'id', and this run the key 'id' and the identity 'email': no receipt has come to this state yet"

# taken as delivered
table '7 a' '8 b' '9 -' | rows >in
status 0 rudder-diff --rebase -s st -k id --identity email in >/dev/null
table '7 c' '8 b' '9 -' | run 0 'delete 7 a,insert 7 c'
status 65 rudder-diff --rebase -s st <<'EOF'
{"id":7,"email":"a"}
{"id":7,"email":"b"}
EOF
says 'line 2: duplicate key'

# forgotten by its key alone, in snapshot, pending and history
rm -rf st
table '7 a' '8 b' '70 c' | run 0 'insert 7 a,insert 70 c,insert 8 b' -k id --identity email
answer
table '7 d' '8 b' '70 c' | run 0 'delete 7 a,insert 7 d'
ack failed <out >ok
rudder-diff --commit --history 9 -s st ok 2>err || :
table '7 e' '8 x' '70 c' | run 0 'delete 7 a,delete 8 b,insert 7 e,insert 8 x' --max-deletes 2
sed -i '/"insert"/d' out
ack accepted <out >ok
rudder-diff --commit --history 9 -s st ok 2>err || :
rudder-diff --forget 7 -s st
is '[70,"c"] [8,"x"]' "$(rudder-diff --dump -s st | jq -r .id | sort | paste -sd' ' -)" 'forgotten'
! rudder-diff --between first -s st | grep -q '\[7,' || fail 'in the history'
rudder-diff --forget '[8,"x"]' -s st
rudder-diff --forget 8 -s st && status 66 rudder-diff --forget 8 -s st

# by turns
rm -rf st
table '7 a' '8 b' '9 c' | run 0 'insert 7 a,insert 8 b,insert 9 c' -k id --identity email
answer
table '7 d' '8 a' '9 c' >A
i=0
: >all
while i=$((i + 1)) && [ $i -lt 12 ]; do
	rows <A >in
	got=0
	$D --max-changes 1 in >out 2>err || got=$?
	[ "$(leaves <out | grep -vc skip)" -le 1 ] || fail 'more than one change'
	leaves <out >>all
	[ $got = 0 ] && ! grep -q skip out && break
	ack accepted <out | sed "$(sed -n 's/.*\("postponed":[0-9]*\).*/$s|}}|,\1}}|/p' out)" >ok
	rudder-diff --commit -s st ok 2>err || :
done
is 'delete 8 b,insert 7 d,insert 8 a' "$(grep -v skip all | sort | paste -sd, -)" 'by turns'
is '[7,"d"] [8,"a"] [9,"c"]' "$(state)" 'by turns'

# two files, and the forms of changes
table '7 a' '8 b' '9 c' '6 q' '5 -' >first
table '7 b' '8 a' '9 d' '5 e' >later
status 0 rudder-diff -k id --identity email first later >out
is 'delete 6 q,delete 9 c,insert 5 e,insert 7 b,insert 8 a,insert 9 d,skip 7 a,skip 8 b' "$(leaves <out | paste -sd, -)" 'two files'
rudder-diff --format record out | jq -c 'select(.type == "record") | [.action, .identifiers, .fields]' >records
grep -qxF '["delete",{"email":"q"},{"id":6}]' records || fail "$(cat records)"
grep -qxF '["insert",{"email":"e"},{"id":5,"v":0}]' records || fail "$(cat records)"
rudder-diff -k id --identity email --keep row first later | rudder-diff --invert >back
grep -v '"id":"\[[78],' back | leaves | paste -sd, - >inverse
is 'delete 5 e,delete 9 d,insert 6 q,insert 9 c' "$(cat inverse)" 'the inverse'
is '"c" null' "$(rudder-diff --format debezium out | jq -c 'select(.before.id == 9) | .before.email, .after' | paste -sd' ' -)" 'debezium'

# the old identity reaches the event of its delete
rudder-map -t identify -u email --delete-event left <out | jq -r 'select(.type == "track") | "\(.event) \(.userId) \(.recordId)"' | sort >events
is 'left c [9,"c"],left q [6,"q"]' "$(paste -sd, events)" 'events of deletes'
rudder-map -t record --identifier email <out | jq -c 'select(.type == "record" and .action == "delete") | .identifiers' | sort >events
is '{"email":"c"},{"email":"q"}' "$(paste -sd, events)" 'records of deletes'

# any two tables: the changes make of the audience of the one that of the other
for seed in $(seq 20); do
	for t in 1 2; do
		awk -v s="$seed$t" 'BEGIN {srand(s); for (i = 1; i < 9; i++) if (rand() < 0.7) {
			e = int(rand() * 6)
			printf "{\"id\":%d,\"email\":%s,\"v\":%d}\n", i, e ? "\"" e "\"" : "null", rand() * 2}}' >table$t
		sed -n 's/.*"email":"\([0-9]\)".*/\1/p' table$t | sort -u >audience$t
	done
	[ -s audience2 ] || continue
	status 0 rudder-diff -k id --identity email table1 table2 >out
	sed -n 's/.*"action":"\([a-z]*\)","id":"\[[0-9]*,\\"\([0-9]\).*"change".*},.*/\1 \2/p' out |
		awk 'FILENAME != "-" {a[$1]; next} $1 == "delete" {delete a[$2]; next} {a[$2]} END {for (i in a) print i}' audience1 - | sort >got
	cmp -s got audience2 || fail "seed $seed: the audience is $(paste -sd' ' got), and should be $(paste -sd' ' audience2): $(cat table1 - table2 out)"
	[ "$(grep -c '"type":"change","action":"delete"' out)" = "$(comm -23 audience1 audience2 | wc -l)" ] || fail "seed $seed: deletes"
done

# two rows share an identity: the destination has the values that were sent last,
# with --max-changes run by run, and comes to rest
rm -rf st
max='--max-changes 1'
table '1 x' '2 x' | run 1 'insert 1 x' -k id --identity email $max
answer
table '1 x' '2 x' | run 0 'insert 2 x' $max
answer
table '1 x' '2 x' | run 0 '' $max
table '1 x' '2 x' | sed 's/"v":0/"v":1/' | run 1 'update 1 x' $max
answer
table '1 x' '2 x' | sed 's/"v":0/"v":1/' | run 0 'update 2 x' $max
answer
# one changes, and then leaves it: the other is sent again, for the destination has
# the values of the first
table '1 x' '2 x' | sed 's/"id":2\(.*\)"v":0/"id":2\1"v":1/; s/"v":0/"v":2/' | run 0 'update 1 x'
answer
table '1 y' '2 x' | sed 's/"id":2\(.*\)"v":0/"id":2\1"v":1/' | run 1 'insert 1 y,skip 1 x,skip 2 x'
answer accepted
table '1 y' '2 x' | sed 's/"id":2\(.*\)"v":0/"id":2\1"v":1/' | run 0 'update 2 x'
answer
table '1 y' '2 x' | sed 's/"id":2\(.*\)"v":0/"id":2\1"v":1/' | run 0 ''
# a row that takes over an identity is not sent twice
table '1 z' '3 y' '2 x' | sed 's/"id":2\(.*\)"v":0/"id":2\1"v":1/' | run 0 'insert 1 z,insert 3 y,skip 1 y'
answer
table '1 z' '3 y' '2 x' | sed 's/"id":2\(.*\)"v":0/"id":2\1"v":1/' | run 0 'skip 1 y'
answer
table '1 z' '3 y' '2 x' | sed 's/"id":2\(.*\)"v":0/"id":2\1"v":1/' | run 0 ''
