# spelled.sh - integral numbers are ids in plain form; keys that were delivered
# under another spelling (by 0.1, in tests/state/spelled) are neither inserted
# nor deleted for it, and their deletes have the spelling that was delivered
. "$TOP/tests/tool/lib.sh"
[ "$(printf '\1\0' | od -An -td2 | tr -d ' ')" = 1 ] || { echo 'the file is of a machine with the lowest byte first'; exit 77; }

state() {
	rm -rf st
	mkdir -m 700 st
	cp "$TOP/tests/state/spelled/snapshot" st
	chmod 600 st/snapshot
}
# as they were delivered: 1000.0, 2e3, 30.00, 7.50, 1e50
all='{"id":1000.0,"v":1}
{"id":2000,"v":1}
{"id":3e1,"v":1}
{"id":7.50,"v":1}'
sync() { rudder-diff -s st --mode mirror "$@"; }
users() { rudder-map -t track -e x --delete-event gone -u id "$@" | jq -r 'select(.messageId) | "\(.event) \(.userId)"' | sort | paste -sd, -; }

# another spelling is not a change; an id that is too long is rejected, not deleted
state
printf '%s\n{"id":1e50,"v":1}\n' "$all" | rows | status 3 sync >out
is '' "$(changes <out)" 'nothing changes'
is "key column 'id' is a number of more than 40 digits" "$(jq -r '._rudder.reason // empty' out | head -1)" 'reject'

# a change is one update, under the plain id
printf '%s\n' "$all" | sed 's/"v":1/"v":2/' | rows | sync --allow-deletes 1 >out
is 'delete 1e50,update 1000,update 2000,update 30,update 7.50' "$(changes <out | sort | paste -sd, -)" 'changes'
is 'gone 1e50,x 1000,x 2000,x 30,x 7.50' "$(users <out)" 'users'
ack accepted <out | rudder-diff --commit -s st
echo '{"id":7.50,"v":2}' | rows | sync --allow-deletes 3 >out
is 'gone 1000,gone 2000,gone 30' "$(users <out)" 'deletes after the update'

# a delete keeps the spelling that was delivered, whoever makes the event
state
echo '{"id":7.50,"v":1}' | rows | sync --allow-deletes 4 >out
is 'delete 1000.0,delete 1e50,delete 2e3,delete 30.00' "$(changes <out | sort | paste -sd, -)" 'deletes'
is 'gone 1000.0,gone 1e50,gone 2e3,gone 30.00' "$(users <out)" 'users of deletes'
is "$(for id in 1000.0 1e50 2e3 30.00; do printf %s $id | sha256sum | cut -d ' ' -f 1; done | sort)" "$(rudder-map -t track -e x --delete-event gone -u id --mask id=sha256 <out | jq -r 'select(.messageId).userId' | sort)" 'masked users of deletes'
for engine in auto libjq; do
	is 'null 1000.0,null 1e50,null 2e3,null 30.00' "$(rudder-map -t record -u id --jq '{fields: {}}' --jq-engine $engine --jq-numbers string <out | jq -r 'select(.messageId) | "\(.event) \(.userId)"' | sort | paste -sd, -)" "users of deletes, $engine"
done

# one user, however its number is written; the key and the id are one text
rm -rf st
for n in 1000 1000.0 1000.00 10E2 1e3 100000e-2 1.0e+3; do
	echo "{\"id\":$n,\"ref\":-$n,\"v\":\"$n\"}" | rows | rudder-diff -k id,ref --keep ref -s st --mode mirror >out
	is '1000 -1000' "$(rudder-map -t identify -u id -a ref --delete-event gone <out | jq -r 'select(.messageId) | "\(.userId) \(.anonymousId)"')" "ids of $n"
	is '[1000,-1000]' "$(jq -r 'select(._rudder.type == "change")._rudder.id' out)" "key of $n"
	is "$(printf 1000 | sha256sum | cut -d ' ' -f 1)" "$(rudder-map -t record --identifier ref -u id --mask id=sha256 <out | jq -r 'select(.messageId).userId')" "masked id of $n"
	is "{\"id\":$n}" "$(rudder-map -t record --identifier ref -c id <out | grep -o '"fields":{[^}]*}' | sed 's/"fields"://')" 'other values stay'
	for engine in auto libjq; do
		is '1000 -1000' "$(rudder-map -t record -u id --jq '{fields: {}, anonymousId: .ref}' --jq-engine $engine <out | jq -r 'select(.messageId) | "\(.userId) \(.anonymousId)"')" "ids of $n, $engine"
	done
	for type in 'group --group-id ref' 'alias --previous-id ref'; do
		# shellcheck disable=SC2086
		is '-1000' "$(rudder-map -t $type -u id --delete-event gone <out | jq -r 'select(.messageId) | .groupId // .previousId')" "$type of $n"
	done
	ack accepted <out | rudder-diff --commit -s st
done
echo '{"id":1,"ref":1}' | rows | sync --allow-deletes 1 >out
is 'gone 1000 -1000,x 1 1' "$(rudder-map -t track -e x -u id -a ref --delete-event gone <out | jq -r 'select(.messageId) | "\(.event) \(.userId) \(.anonymousId)"' | sort | paste -sd, -)" 'delete'

# a column that is kept is not a key: its id in a delete is the one of the event
rm -rf st
echo '{"id":1,"user":70.0}' | rows | rudder-diff -k id --keep user -s st --mode mirror >out
ack accepted <out | rudder-diff --commit -s st
rows </dev/null | rudder-diff -s st --mode mirror --allow-deletes=1,empty >out || :
is 'gone 70' "$(rudder-map -t track -e x -u user --delete-event gone <out | jq -r 'select(.messageId) | "\(.event) \(.userId)"')" 'delete of a kept column'

# up to 40 digits; more are a reject, in every mode
n=9876543210987654321098765432109876543210
printf '{"id":%s}\n{"id":0.%se40}\n{"id":%s0}\n{"id":1e40}\n{"id":-1e39}\n{"id":1e9999999999999999999}\n{"id":0.5e-1}\n{"id":-0.0}\n{"id":1e-9999999999999999999}\n' $n 1 $n >in
echo "1e-9999999999999999999
-0 
1$(printf '%039d' 0)
$n
-1$(printf '%039d' 0)
0
0.5e-1" | sed '/^-0 $/d' | sort >want
rows <in | rudder-diff -k id -s new >out
jq -r 'select(._rudder.type == "change")._rudder.id' out | sort | cmp - want || fail 'keys'
is 3 "$(grep -c "is a number of more than 40 digits" out)" 'rejected keys'
rows <in | status 1 rudder-map -t identify -u id >out
jq -r 'select(.userId).userId' out | sort | cmp - want || fail 'users'
is 3 "$(grep -c "the user id in column 'id' is a number of more than 40 digits" out)" 'rejected users'
sed 's/{/{"one":1,/' in | rows | status 1 rudder-map -t group -u one --group-id id >out
is 3 "$(grep -c "the group id in column 'id' is a number of more than 40 digits" out)" 'rejected groups'
for engine in auto libjq; do
	rows <in | status 1 rudder-map -t identify --jq '{traits: {}, userId: .id}' --jq-engine $engine --jq-numbers string >out
	is 0 "$(jq -r 'select(.userId).userId' out | awk 'length($0) > 41' | wc -l)" "users of $engine"
	grep -q 'the user id is a number of more than 40 digits' out || fail "nothing rejected, $engine"
done
