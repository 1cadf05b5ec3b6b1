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
words='the mapping has changed: every row is sent again'
status 0 rudder plan s.yaml >out
! grep -q "$words" out || fail "before it has changed: $(cat out)"
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
! grep -q "$words" out || fail "a new state: $(cat out)"
# a resend that is too large is not one
sed 's/^key/resend: {max: 1}\nkey/; s/\[a=b\]/[a=c]/' s.yaml >r.yaml
mv r.yaml s.yaml
rudder plan s.yaml >out 2>err || :
! grep -q "$words" out || fail "a blocked resend: $(cat out)"
grep -q '2 rows are not sent again: more than resend: {max: ...}' out || fail "a blocked resend: $(cat out) $(cat err)"
