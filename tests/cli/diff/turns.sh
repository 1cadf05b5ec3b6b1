# turns.sh - --max-changes: N a run, the rest by turns, nobody starves
. "$TOP/tests/tool/lib.sh"
D="rudder-diff -s st --mode mirror"

# one run and its commit; its status, and what it sent
run() {
	rows >in
	got=0
	$D "$@" in >out 2>err || got=$?
	commit=0
	ack accepted <out | sed "$(sed -n 's/.*\("postponed":[0-9]*\).*/$s|}}|,\1}}|/p' out)" >receipts
	rudder-diff --commit -s st receipts 2>err.commit || commit=$?
	changes <out >sent
}
postponed() { rudder-diff --status -s st | jq '.postponed // 0'; }

# a first run in parts
seq 1 25 | sed 's/.*/{"id":&,"v":0}/' >A
: >all
for left in 15 5 0; do
	run -k id --max-changes 10 <A
	[ $left = 0 ] && want=0 || want=1
	is "$want $want" "$got $commit" "status with $left left"
	is "$left" "$(postponed)" 'postponed'
	[ $left = 0 ] || grep -q "$left changes are postponed to the next run" err.commit || fail "$(cat err.commit)"
	cat sent >>all
done
is 25 "$(sort -u all | wc -l)" 'all were sent'
is 25 "$(wc -l <all)" 'each once'
run --max-changes 10 <A
is '0 0 0' "$got $commit $(wc -l <sent)" 'nothing is left'

# rows that change in every run and come first do not keep the others out, nor
# do rows that are refused each time; deletes have their turn as well
i=0
: >all
while [ $i -lt 8 ]; do
	i=$((i + 1))
	{ seq 1 12 | sed "s/.*/{\"id\":&,\"v\":$i}/"; seq 13 20 | sed 's/.*/{"id":&,"v":-1}/'; seq 30 32 | sed 's/.*/{"id":&}/'; } | run --max-changes 5 --max-deletes 9
	[ "$(wc -l <sent)" = 5 ] || [ $i = 8 ] || fail "run $i sent $(wc -l <sent)"
	cat sent >>all
done
for id in $(seq 13 20); do grep -qx "update $id" all || fail "$id starves"; done
for id in $(seq 1 12); do grep -qx "update $id" all || fail "$id starves"; done
for id in $(seq 21 25); do grep -qx "delete $id" all || fail "$id is not deleted"; done
for id in 30 31 32; do grep -qx "insert $id" all || fail "$id is not inserted"; done
is 8 "$(grep -c '^update 1[3-9]$\|^update 20$' all)" 'each that changed once is sent once'
# all that changed once is through in as many runs as its number and that of
# those before it need: (12 + 8 + 5 + 3) / 5, and one to begin with

# keys that never get an answer keep nobody out, whether the sender goes on or
# stops because all that it has fails, nor when its commit is never run
for ends in on stops dies; do
	rm -rf st
	: >all
	for i in 1 2 3 4 5 6; do
		seq 1 12 | sed 's/.*/{"id":&,"v":0}/' | rows >in
		$D -k id --max-changes 4 in >out 2>err || :
		changes <out >>all
		ack accepted <out | awk -v ends=$ends '
			NR == FNR {if (/"type":"change"/) {if (/"id":"[1-4]"/) bad[FNR] = 1; else good = 1}; next}
			bad[FNR] {sub("accepted", good || ends == "on" ? "unknown" : "failed")}
			good || ends == "on" || !/"end"/ {print}' out - >receipts
		if [ $ends != dies ] || grep -q accepted receipts; then rudder-diff --commit -s st receipts 2>err || :; fi
	done
	for id in 5 6 7 8 9 10 11 12; do grep -qx "insert $id" all || fail "$id starves, the sender $ends: $(paste -sd, all)"; done
	for id in 1 2 3 4; do [ "$(grep -cx "insert $id" all)" -gt 1 ] || fail "$id is not tried again, the sender $ends"; done
done

# a run that is cut promises nothing
rm -rf st
run -k id <A
sed 's/:0}/:1}/' A >B
rows <B | sed '$d' >in
status 65 $D --max-changes 6 in >out
ack accepted <out >receipts
status 65 rudder-diff --commit -s st receipts
is 0 "$(postponed)" 'of a cut run'

# without a limit all go, and nothing is promised any more
run --max-changes 2 <B
[ "$(postponed)" -gt 0 ] || fail 'nothing is postponed'
run <B
is '0 0 0' "$got $commit $(postponed)" 'all of it'
is '' "$(rows <B | $D | changes)" 'the end'

# a limit on two files
is 3 "$(rudder-diff -k id --max-changes 3 A B 2>err | changes | wc -l)" 'two files'
says '22 changes are postponed'

# unacknowledged keys that are missing, and whose deletes are blocked or deferred, keep
# no places free for ever
for wait in '--max-deletes 0' '--delete-after-runs 9'; do
	rm -rf st
	seq 1 20 | sed 's/.*/{"id":&,"v":0}/' | run -k id
	seq 1 20 | sed 's/.*/{"id":&,"v":1}/' >B
	rows <B >in
	status 1 $D --max-changes 2 in >out
	is 2 "$(changes <out | wc -l)" 'two unacknowledged'
	for i in 1 2 3; do
		# shellcheck disable=SC2086
		sed 1,2d B | run --max-changes 2 $wait
	done
	is 2 "$(wc -l <sent)" "changes beside gone ones with $wait"
done

# of a key that is forgotten no promise is left: neither of the one that waits
rm -rf st
run -k id --max-changes 3 <A
run --max-changes 3 <A
[ "$(postponed)" -gt 0 ] || fail 'nothing waits'
rudder-diff --forget "$(rudder-diff --dump -s st | head -n 1 | jq -r .id)" -s st
rudder-diff --dump -s st | jq -r .id | sort >known
run --max-changes 3 <A
is "$(seq 1 25 | sort | comm -23 - known | sort -n | head -n 3 | sed 's/^/insert /' | sort)" "$(cat sent)" 'after --forget'
