# screen.sh - previews on terminals of several widths
. "$TOP/tests/tool/lib.sh"
command -v script >/dev/null || skip 'no script(1)'
script -qec true /dev/null </dev/null >/dev/null 2>&1 || skip 'no terminals here'
echo '{"id":7,"email":"a@b.c","secret":null}' >row
on() { # $1: columns, $2: what is before the command
	script -qec "stty cols $1; exec env RUDDER_RUN_ID=r1000000000000000000 ${2:-} rudder-map --preview=1 -t identify -u id -c email -C from=db --mask email=lower --trust-eof <row" /dev/null </dev/null | tr -d '\r' >out
}
plain() { sed 's/\x1b\[[0-9;]*m//g' out; }
widest() { plain | sed 's/→/x/g; s/–/x/g; s/…/x/g' | awk 'length($0) > n && !/^rudder-map/ {n = length($0)} END {print n}'; }
arrow=→

# three columns, in colour
on 100
plain | grep -q "^{ *id $arrow userId *{\$" || fail "three columns: $(cat out)"
plain | grep -q "email (lower) $arrow traits.email" || fail "what is done: $(cat out)"
plain | grep -q "= \"db\" $arrow traits.from" || fail "constants: $(cat out)"
plain | grep -q 'secret –' || fail "columns left out: $(cat out)"
grep -q "$(printf '\033\\[34;1m"email"\033\\[0m: \033\\[0;32m"a@b.c"\033\\[0m')" out || fail 'colours'
grep -q "$(printf '\033\\[2m→\033\\[0m')" out || fail 'the arrow'
[ "$(widest)" -le 100 ] || fail "wider than 100: $(cat out)"

# no colour where it is not wanted
on 100 NO_COLOR=1
grep -q "$(printf '\033')" out && fail 'NO_COLOR'

# two columns with the mapping under the row; then all below one another
on 70
plain | grep -q '^{  *{$' || fail "two columns: $(cat out)"
plain | grep -q "^email (lower) $arrow traits.email" || fail "the mapping under the row: $(cat out)"
[ "$(widest)" -le 70 ] || fail "wider than 70: $(cat out)"
on 30
is 2 "$(plain | grep -c '^{$')" 'row and event below one another'
plain | grep -q "^id $arrow userId\$" || fail "one column: $(cat out)"
[ "$(widest)" -le 30 ] || fail "wider than 30: $(cat out)"
on 3
plain | grep -q '"email' || fail "a very narrow screen: $(cat out)"

# without a terminal COLUMNS counts, and without it 100
COLUMNS=60 rudder-map --preview=1 -t identify -u id -c email <row >out
grep -q "^email $arrow traits.email" out || fail COLUMNS
COLUMNS=x rudder-map --preview -t identify -u id -c email --trust-eof <row >out
grep -q "^{ *id $arrow userId *{\$" out || fail 'COLUMNS is nonsense'

# several mappings stand below one another
echo '[{"type":"identify","user_id":"id","columns":"email"},{"type":"track","event":"Seen","user_id":"id"}]' >m.json
rudder-map -m m.json --preview --trust-eof <row >out
for what in 'mapping 1' 'mapping 2' "= \"Seen\" $arrow event"; do
	grep -q "$what" out || fail "several mappings, '$what': $(cat out)"
done
is 2 "$(grep -c '"recordId": "1"' out)" 'events of several mappings'
