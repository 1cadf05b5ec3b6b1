# init_pick.sh - rudder init --pick: columns chosen in a terminal, in a sync file that
# works as it is, whatever its type and mode
. "$TOP/tests/tool/lib.sh"
command -v script >/dev/null || skip 'no script(1)'
script -qec true /dev/null </dev/null >/dev/null 2>&1 || skip 'no terminals here'

fresh() {
	rm -rf shop.db state ev
	sqlite3 shop.db 'CREATE TABLE users(id, email, plan); INSERT INTO users VALUES (1, 2, 3), (4, 5, 6)'
}
shown() { grep -q 'q quit' log; }
over() { [ -s status ]; }
# pick KEYS OPTION...: rudder init with these keys, once the columns are shown
pick() {
	keys=$1
	shift
	rm -f p.yaml status
	: >log
	echo "stty rows 14 cols 90; rudder init -k id --dest file:ev --pick -o p.yaml $* 2>err; echo \$? >status" >run.sh
	{
		eventually 'the columns' shown
		printf '%s\r' "$keys"
		eventually 'the end' over
	} | script -qefc 'sh run.sh' log >/dev/null || fail "the terminal: $(cat log)"
}

for type in identify track page screen record; do
	for mode in upsert mirror; do
		fresh
		pick 'j ' -d sqlite:shop.db -t users --type $type --mode $mode
		is 0 "$(cat status)" "$type, $mode: $(cat err)"
		status 0 rudder run p.yaml
		is 2 "$(grep -c "\"type\":\"$type\"" ev)" "$type, $mode: events"
		is '3 6' "$(jq '.traits // .properties // .fields | .plan' ev | paste -sd' ')" "$type, $mode: what was picked"
		! grep -q '"email"' ev || fail "$type, $mode: a column that was not picked"
		sqlite3 shop.db 'DELETE FROM users WHERE id = 4'
		status 0 rudder run --allow-deletes 1 p.yaml
		[ $mode = upsert ] || is 3 "$(wc -l <ev)" "$type, $mode: the delete"
	done
done
# a source in a variable, which is not shown; nothing chosen, nothing written
fresh
SHOP=sqlite:shop.db
export SHOP
pick 'j ' -d env:SHOP -t users
is 0 "$(cat status)" "by a variable: $(cat err)"
grep -qx 'source: "env:SHOP"' p.yaml || fail "by a variable: $(cat p.yaml)"
pick q -d env:SHOP -t users
is 75 "$(cat status)" 'given up'
[ ! -e p.yaml ] || fail 'a file of nothing'
