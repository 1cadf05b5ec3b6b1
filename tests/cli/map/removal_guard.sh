# removal_guard.sh - too many rows stop matching the condition: their deletes are
# blocked, with status 3, until somebody allows their number
. "$TOP/tests/tool/lib.sh"

# table N PLAN V: 100 rows, of which the first N have that plan, and the others pro
table() {
	awk -v n="$1" -v plan="$2" -v v="${3:-0}" 'BEGIN {for (i = 1; i <= 100; i++)
		printf "{\"id\":%d,\"email\":\"u%d\",\"plan\":\"%s\",\"v\":%d,\"c\":\"%s\"}\n", i, i, i <= n ? plan : "pro", v, i <= 50 ? "DE" : "FR"}'
}
# sync WANTED MAP_OPTION... -- DIFF_OPTION...: status of the commit; what left is in
# "sent", the statuses of map and send in "of"
sync() {
	want=$1
	shift
	set_=
	while [ $# -gt 0 ] && [ "$1" != -- ]; do
		set_="$set_ '$(echo "$1" | sed "s/'/'\\\\''/g")'"
		shift
	done
	[ $# = 0 ] || shift
	got=0
	: >sent
	rows | { rudder-diff -k id --identity email -s st --mode mirror "$@" 2>err.diff || echo "diff $?" >>of; } |
		{ eval "rudder-map -t record $base $set_" 2>err || echo "map $?" >>of; } >events
	rudder-send -d file:sent <events >receipts 2>err.send || echo "send $?" >>of
	rudder-diff --commit -s st ${commit:-} <receipts 2>err.commit || got=$?
	[ $got = "$want" ] || fail "commit $got, wanted $want: $(cat err.diff err err.send err.commit)"
}
actions() { jq -r .action sent | sort | uniq -c | sed 's/^ *//' | paste -sd' '; }
pro='.plan == "pro"' base='--identifier email'
# the same by each way that rows can go
for how in native libjq program; do
	case $how in
	native) set -- -w "$pro" ;;
	libjq) set -- --jq-engine libjq -w "$pro" ;;
	program) base='' && set -- -w "$pro" -j '{fields: {v: .v}, identifiers: {email: .email}}' ;;
	esac
	rm -rf st
	table 0 x | sync 0 "$@"
	is '100 insert' "$(actions)" "$how: first"
	# ten leave: within the limit, each in its place
	table 10 free | sync 0 "$@"
	is '10 delete' "$(actions)" "$how: few"
	# they are blocked, and all else is delivered
	table 0 x 1 | sync 0 "$@"
	table 30 free 1 | sed 's/"v":1,"c":"FR"/"v":2,"c":"FR"/' >now
	: >of
	sync 3 "$@" <now
	is '50 update' "$(actions)" "$how: many"
	is 'map 3 send 1' "$(paste -sd' ' of)" "$how: statuses"
	says '30 of 100 rows do not match the condition and would be deleted'
	says 'rudder-diff --allow-deletes=30'
	is '30 failed' "$(jq -r 'select(.reason) | .status' receipts | sort | uniq -c | sed 's/^ *//')" "$how: receipts"
	is '30 30' "$(tail -n 1 events | jq -r '._rudder | "\(.blocked) \(.rejects)"')" "$how: end line"
	# again, also where refused rows are taken as done
	commit='--rejected accept' sync 3 "$@" <now
	is '' "$(actions)" "$how: again"
	commit=
	sync 3 "$@" -- --allow-deletes=29 <now
	is '' "$(actions)" "$how: another number"
	sync 0 "$@" -- --allow-deletes=30 <now
	is '30 delete' "$(actions)" "$how: allowed"
	sync 0 "$@" <now
	is '' "$(actions)" "$how: at rest"
	# an explicit limit counts literally
	table 0 x | sync 0 "$@" -- --max-deletes 0
	table 1 free | sync 3 "$@" -- --max-deletes 0
	is '' "$(actions)" "$how: --max-deletes 0"
	table 60 free | sync 0 "$@" -- --max-deletes 60
	is '60 delete' "$(actions)" "$how: --max-deletes 60"
done

base='--identifier email'
# a condition that is narrowed deletes no more than a few, neither in the run that
# notices it nor in the one that sends all rows again
rm -rf st
table 0 x | sync 0 -w "$pro"
table 0 x 1 | sync 3 -w "$pro and .c == \"DE\""
grep -q 'the mapping has changed' err.commit || fail "$(cat err.commit)"
is '' "$(jq -r 'select(.action == "delete")' sent)" 'deletes of the first run'
table 0 x 1 | sync 3 -w "$pro and .c == \"DE\""
is '50 update' "$(actions)" 'a narrowed condition'
says '50 of 100 rows do not match'
# and widened again nothing was lost
table 0 x 1 | sync 1 -w "$pro"
table 0 x 1 | sync 0 -w "$pro"
is '100 update' "$(actions)" 'widened again'

# cut input, and other records between: nothing is lost, and the order is kept
rm -rf st
table 0 x | sync 0 -w "$pro"
table 40 free | rows | sed '$d' | rudder-diff -k id --identity email -s st --mode mirror 2>err.diff |
	rudder-map -t record $base -w "$pro" 2>err >events || :
is '40' "$(grep -c '"blocked":true' events)" 'cut: rejects'
! grep -q '"action":"delete"}' events || fail 'cut: deletes'

# what is not a number sets no limit
rm -rf st
table 0 x | sync 0 -w "$pro"
table 40 free | rows | rudder-diff -k id --identity email -s st --mode mirror 2>err.diff |
	sed '1s/"keys":[0-9]*,"limit":[0-9]*/"keys":3,"limit":"few"/' |
	rudder-map -t record $base -w "$pro" >events || fail 'no limit: status'
grep -q '"limit":"few"' events || fail "no such limit: $(head -n 1 events)"
is 40 "$(grep -c '"action":"delete"' events)" 'no limit: deletes'
