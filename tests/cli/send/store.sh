#!/bin/sh
# store.sh - a table mirrored into a REST store, one request a row: the store ends
# as the table, and each row's versions arrive in order, though requests fail in
# all ways and senders are killed. `ROWS=10000 KILLS=50 make cli T=send/store`
# is the long one.
. "$TOP/tests/tool/lib.sh"
. "$TOP/tests/tool/fake.sh"
rows=${ROWS:-600} kills=${KILLS:-4}

# Round N of the table: ids that come, go and change; n rises with each change
table() {
	awk -v rows="$rows" -v round="$1" 'BEGIN {
		for (id = 1; id <= rows; id++) {
			if ((id + round) % 11 == 0) continue # deleted, and back in the next round
			changed = round - (round + id) % 7
			printf "{\"id\":%d,\"n\":%d}\n", id, changed < 0 ? 0 : changed
		}
	}'
}
# sync ROUND [MS]: one run, whose sender is killed after so long
sync_store() {
	rc=0
	table "$1" | rows >table.now
	rm -f pipe
	mkfifo pipe
	rudder-diff -q -k id -s st --mode mirror --max-deletes 100% table.now 2>diff.err |
		rudder-map -q -t record --identifier id 2>map.err >pipe &
	rudder-send -q -d "webhook:$URL/rows/{recordId}" --method PUT,delete=DELETE --success-status delete=404 \
		--body .fields -c 16 --retry-wait 2ms --retry-max-wait 10ms --retry-max-time 20s --timeout 300ms <pipe >receipts 2>send.err &
	sender=$!
	if [ -n "${2:-}" ]; then
		sleep "$2"
		kill -KILL "$sender" 2>/dev/null || :
	fi
	wait "$sender" 2>/dev/null || :
	wait_for_diff
	rudder-diff -q --commit -s st receipts 2>commit.err || rc=$?
}
# the lock of the run is free again
wait_for_diff() { eventually 'the run has ended' rudder-diff -q --status -s st >/dev/null; }

cat >script <<'END'
dice 7 1: store close ; 1: close ; 1: reset ; 1: store reset ; 1: reply 500 ; 1: store reply 503 ; 1: reply 429 ; 1: store accept cut 10 ; 1: close early ; 1: hang
END
serve -t 3600 -s script -S changes
round=0
while [ $round -lt "$kills" ]; do
	round=$((round + 1))
	sync_store $round "$(awk -v r=$round -v rows="$rows" 'BEGIN {srand(r); printf "%.2f", 0.05 + rand() * rows / 2000}')"
done
# undisturbed runs until all is settled, twice: some rows are there to be deleted
for round in $round $((round + 1)); do
	tries=0
	rc=1
	while [ $rc != 0 ] && [ $tries -lt 20 ]; do
		tries=$((tries + 1))
		sync_store "$round"
	done
	is 0 $rc "round $round: $(cat commit.err send.err diff.err)"
done
halt || :

awk '{id = substr($2, 7); last[id] = $1 == "DELETE" ? "" : $3}
	END {for (id in last) if (last[id] != "") print id, last[id]}' changes | sort -n >store
table "$round" | sed 's/{"id":\([0-9]*\),\(.*\)/\1 {\2/' | sort -n >wanted
cmp wanted store || fail "the store is not the table: $(diff wanted store | head -5)"
# no version of a row arrives behind a later one
awk '$1 == "PUT" {id = $2; n = substr($3, 6) + 0; if (n < last[id]) {print id, last[id], n; bad = 1}; last[id] = n}
	END {exit bad}' changes || fail 'an older version behind a newer one'
[ "$(grep -c '^DELETE' changes)" -gt 0 ] || fail 'no deletes'
