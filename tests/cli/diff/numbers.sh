# numbers.sh - keys whose numbers are not written in the shortest way: integral
# ones leave in plain form, and a delete names the one that was sent
. "$TOP/tests/tool/lib.sh"

users() {
	rudder-map -t track -e x --delete-event gone -u id |
		jq -r 'select(.messageId) | "\(.userId) \(.recordId)"' | sort
}

cat >A <<'ROWS'
{"c":"x","id":1.0}
{"c":"x","id":10.50}
{"c":"x","id":1e3}
{"c":"x","id":0.000001}
{"c":"\u0078","id":12345678901234567890123}
ROWS
plain() { sed 's/:1\.0}/:1}/; s/:1e3}/:1000}/' A | grep -o '"id":[0-9.e]*}' | sort; }
for keys in id c,id; do
	rm -rf st
	rows <A | rudder-diff -k $keys -s st --mode mirror >out
	users <out >sent
	ack accepted <out | rudder-diff --commit -s st
	is '' "$(sed 's/1\.0}/1}/; s/10.50/10.5/; s/1e3/1000/; s/\\u0078/x/' A | rows | rudder-diff -s st | changes)" "$keys: the same keys"
	echo '{"c":"y","id":7}' | rows | rudder-diff -s st --mode mirror --allow-deletes 5 |
		grep -v '"insert"' | sed 's/"c":"x",//' >out
	[ $keys = c,id ] || { users <out >gone; cmp sent gone || fail 'other users are deleted'; }
	is "$(plain)" "$(grep -o '"id":[0-9.e]*}' out | sort)" "$keys: deleted keys"
	# the same from rows that were taken as delivered
	rows <A | rudder-diff -k $keys -s st2 --rebase >/dev/null
	echo '{"c":"y","id":7}' | rows | rudder-diff -s st2 --mode mirror --allow-deletes 5 >out
	is "$(plain)" "$(grep -o '"id":[0-9.e]*}' out | grep -v ':7}' | sort)" "$keys: after a rebase"
done

# as a different type they are reported all the same
rm -rf st
rows <A | rudder-diff -k id -s st --mode mirror >out
ack accepted <out | rudder-diff --commit -s st
sed 's/"id":\(.*\)}/"id":"\1"}/; s/"1\.0"/"1"/; s/"1e3"/"1000"/' A | rows | rudder-diff -s st --mode mirror >out 2>err
says '5 keys arrived with a different type'
ack accepted <out | rudder-diff --commit -s st
rows <A | rudder-diff -s st --mode mirror >out 2>err
says '5 keys arrived with a different type'
