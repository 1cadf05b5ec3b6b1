# model.sh - the delete guard of another model, and what is no other one
. "$TOP/tests/tool/lib.sh"

{
	echo 'CREATE TABLE users (id INTEGER, plan TEXT);'
	echo 'CREATE TABLE orders (id INTEGER, plan TEXT);'
	seq 1 500 | sed "s/.*/INSERT INTO users VALUES (&, 'free');/"
	seq 21 520 | sed "s/.*/INSERT INTO orders VALUES (&, 'free');/"
	echo "UPDATE users SET plan = 'pro' WHERE id > 480;"
} | sqlite3 shop.db || skip 'no sqlite3'

# sync STATUS DELETES QUERY ... -- DIFF ...: one whole run whose changes are accepted
sync() {
	want=$1 gone=$2
	shift 2
	: >query
	while [ $# -gt 0 ] && [ "$1" != -- ]; do
		echo "$1" >>query
		shift
	done
	[ $# = 0 ] || shift
	xargs -d '\n' rudder-query -d "${db:-sqlite:shop.db}" <query >rows || fail 'query'
	status "$want" rudder-diff -k id -s st --mode mirror "$@" rows >out
	is "$gone" "$(changes <out | grep -c delete)" "deletes of $(paste -sd' ' query) $*"
	ack accepted <out >receipts
	rudder-diff --commit -s st receipts 2>/dev/null || :
}
model() { rudder-diff --status -s st | jq -r .model; }
fingerprint() { jq -r "select(._rudder.type == \"begin\")._rudder.$1" rows; }
start() {
	rm -rf st
	sync 0 0 "$@"
	first=$(model)
	is "$(fingerprint model)" "$first" 'the model is noted'
}

# another table, another WHERE: 20 of 500 are 4 %, which --max-deletes allows
for other in '-t orders' "-e SELECT * FROM users WHERE plan = 'free'"; do
	start -t users
	sync 3 0 "${other%% *}" "${other#* }"
	says '20 of 50'
	says 'blocked by delete guard model: the model differs'
	is "$first" "$(model)" 'a blocked run notes no model'
	sync 3 0 "${other%% *}" "${other#* }" -- --max-deletes 100%
	sync 3 0 "${other%% *}" "${other#* }" -- --delete-after-runs 3
	sync 3 0 "${other%% *}" "${other#* }" -- -n
	# the old one again: nothing is missing
	sync 0 0 -t users -- --mode upsert
	is "$first" "$(model)" 'a mode without deletes notes no model'
	sync 0 20 "${other%% *}" "${other#* }" -- --allow-deletes 20
	is "$(fingerprint model)" "$(model)" 'allowed, and noted'
	sync 0 0 "${other%% *}" "${other#* }"
done

# allowed with --delete-after-runs they leave at once
start -t users
sync 3 0 -t orders -- --delete-after-runs 3
sync 0 20 -t orders -- --delete-after-runs 3 --allow-deletes 20

# ten, and 1 %, are few
start -t users
sync 0 10 -e 'SELECT * FROM users WHERE id > 10'
sync 0 5 -e 'SELECT * FROM users WHERE id > 15'
[ "$first" != "$(model)" ] || fail 'the new model is not noted'

# the receipts are lost: it is noted by the next commit, and allowed but once
start -t users
rudder-query -d sqlite:shop.db -t orders >rows
rudder-diff -s st --mode mirror --allow-deletes 20 rows >out
is 20 "$(changes <out | grep -c delete)" 'allowed'
is "$first" "$(model)" 'not committed'
sync 0 20 -t orders
is "$(fingerprint model)" "$(model)" 'committed'

# comments, blanks, parameters, the place: no other model
start -e 'SELECT * FROM users WHERE id > 0 AND id<=600'
echo "DELETE FROM users WHERE id > 480;" | sqlite3 shop.db
cp shop.db 'shop-2026-11-29.db'
db='sqlite:shop-2026-11-29.db'
cat >long.sql <<'SQL'
-- all of them
SELECT *
  FROM users /* since 2024 */ WHERE id > 0
	AND id <= 600 ;
SQL
sync 0 20 long.sql
is "$first" "$(model)" 'the same model'
start -P 'n=0' -e 'SELECT * FROM users WHERE id > :n'
params=$(fingerprint params) source=$(fingerprint source)
sync 0 20 -P 'n=20' -e 'SELECT * FROM users WHERE id > :n'
is "$first" "$(model)" 'another parameter'
[ "$params" != "$(fingerprint params)" ] || fail 'the same parameters'
is "$source" "$(fingerprint source)" 'the source'
grep -q "$params" out && fail 'parameters can be guessed from the changes'
for name in params source; do
	head -n 1 out | grep -qE "\"$name\":\"[0-9a-f]{32}\"" || fail "$name in the changes: $(head -n 1 out)"
done
# the file of the model
echo 'SELECT * FROM users' >a.sql
cp a.sql b.sql
start a.sql
echo "DELETE FROM users WHERE id > 460;" | sqlite3 'shop-2026-11-29.db'
sync 0 20 b.sql
# names of files, and commands
seq 1 500 | sed '1i id' >users-1.csv
sed 2,21d users-1.csv >users-2.csv
for kind in csv exec; do
	rm -rf st
	case $kind in
	csv) db=csv:users-1.csv next=csv:users-2.csv ;;
	*) db="exec:sed '1d;s/.*/{\"id\":&}/' users-1.csv" next="exec:sed '1d;s/.*/{\"id\":&}/' users-2.csv" ;;
	esac
	sync 0 0
	db=$next
	sync 0 20
done

# what a cursor was reached by is the sum of all, comments too, as in rudder 0.1
rudder-query -d sqlite:shop.db -P n=0 -e 'SELECT id FROM users WHERE id > :n' --cursor id >rows
is "$(printf 'sqlite:shop.db\nSELECT id FROM users WHERE id > ?1\0n=0' | sha256sum | cut -d' ' -f1)" \
	"$(jq -r 'select(._rudder.type == "begin")._rudder.reads' rows)" 'the sum of a cursor'

# rows without a model are not compared
rm -rf st
db=csv:users-1.csv
sync 0 0
first=$(model)
sed '1d;s/.*/{"id":"&"}/' users-2.csv | rows >rows
status 0 rudder-diff -s st --mode mirror rows >out
is 20 "$(changes <out | grep -c delete)" 'no model'
ack accepted <out | rudder-diff --commit -s st
is "$first" "$(model)" 'stays'

# taken as delivered
rudder-query -d sqlite:shop.db -t orders >rows
rudder-diff --rebase -s st rows >out
is "$(fingerprint model)" "$(model)" 'rebased'
