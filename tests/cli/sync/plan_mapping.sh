# plan_mapping.sh - a plan says that the mapping has changed, in each format; what is in
# a value does nothing to the terminal
. "$TOP/tests/tool/lib.sh"
del=$(printf '\177') next_line=$(printf '\302\205') turned=$(printf '\342\200\256')
printf 'id,a\n1,x%sy\n2,%s%s\n' "$del" "$next_line" "$turned" >u.csv
cat >s.yaml <<'END'
version: 1
source: csv:u.csv
key: id
mapping: {type: identify, user_id: id, columns: [a]}
destination: file:sent
END
status 0 rudder run s.yaml
words="the mapping has changed (column 'a' has a new name in the event): every row is sent again"
status 0 rudder plan s.yaml >out
! grep -q 'mapping has changed' out || fail "before it has changed: $(cat out)"
sed 's/\[a\]/[a=b]/; s/file:sent/file:sent2/' s.yaml >s2.yaml
sed -i 's/\[a\]/[a=b]/' s.yaml
status 0 rudder plan s.yaml >out
grep -qx "  $words" out || fail "text: $(cat out)"
grep -q '0 inserts, 2 updates' out || fail "counts: $(cat out)"
grep -q '"b":"x y"' out || fail "a control character: $(cat -v out)"
! grep -q "$del\|$next_line\|$turned" out || fail "characters that a terminal obeys: $(cat -v out)"
status 0 rudder plan --format markdown s.yaml >out
grep -qx -e "- $words" out || fail "markdown: $(cat out)"
status 0 rudder plan --format json s.yaml >out
is true "$(jq .mapping_changed out)" 'json'
is 2 "$(jq '.sample | length' out)" 'rows in json'
# without a row to show
status 0 rudder plan --sample 0 --format markdown s.yaml >out
! grep -q details out || fail "a sample of no row: $(cat out)"
status 0 rudder run s.yaml
status 0 rudder plan --format json s.yaml >out
is 'false 0' "$(jq -r '"\(.mapping_changed) \(.sample | length)"' out)" 'json with nothing to do'
# a new state has no mapping of before
status 0 rudder plan s2.yaml >out
! grep -q 'mapping has changed' out || fail "a new state: $(cat out)"
# a resend that is too large is not one
sed 's/^key/resend: {max: 1}\nkey/; s/\[a=b\]/[a=c]/' s.yaml >r.yaml
mv r.yaml s.yaml
rudder plan s.yaml >out 2>err || :
! grep -q 'every row is sent again' out || fail "a blocked resend: $(cat out)"
grep -q '2 rows are not sent again: more than resend: {max: ...}' out || fail "a blocked resend: $(cat out) $(cat err)"
# a destination that is not there: those that are, but not all of very many
{
	printf 'version: 1\nsource: csv:u.csv\nkey: id\nmapping: {type: identify, user_id: id}\ndestinations:\n'
	for i in 0 1 2 3 4 5 6 7 8 9; do echo "  d$i: file:f$i"; done
} >many.yaml
status 64 rudder plan --destination zz many.yaml
says "'many.yaml' has no destination 'zz'; it has 'd0', 'd1', 'd2', 'd3', 'd4', 'd5', 'd6', 'd7', ..."
sed -i '/d[89]:/d' many.yaml
status 64 rudder plan --destination zz many.yaml
says "it has 'd0', 'd1', 'd2', 'd3', 'd4', 'd5', 'd6', 'd7'"
! grep -qF '...' err || fail "no more than eight: $(cat err)"
status 0 rudder plan --destination d7 many.yaml >out
grep -q '2 inserts' out || fail "the last one: $(cat out)"
