#!/bin/sh
# run.sh - the demo of a crash: the sender is killed in the middle of a sync.
#
# Shows the state afterwards, runs the sync again, and counts what arrived.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../demo/common.sh"

title 'A sync of 1,000 users, 100 events per request'
sqlite3 shop.db 'CREATE TABLE users(id INTEGER PRIMARY KEY, plan TEXT);
	WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
	INSERT INTO users SELECT i, CASE i % 3 WHEN 0 THEN '\''pro'\'' ELSE '\''free'\'' END FROM n'
cat <<'SYNC'
  rudder-query -d sqlite:shop.db -t users |
      rudder-diff -k id -s state |
      rudder-map -t identify -u id |
      rudder-send -c 1 -b 100 -d rudder:http://127.0.0.1:PORT |
      rudder-diff --commit -s state
SYNC
# the sixth request is stored and never answered: the worst moment for a crash
printf 'repeat 5 accept\nstore hang\n' >script
: >events
receiver_start -s script
sync_once() {
	status=0
	{
		rudder-query -d sqlite:shop.db -t users |
			rudder-diff -k id -s state |
			rudder-map -t identify -u id |
			sh -c 'echo $$ >sender; exec "$@"' sh \
				rudder-send -c 1 -b 100 -d "rudder:http://127.0.0.1:$(cat port)" |
			rudder-diff --commit -s state 2>said || status=$?
	} 2>killed # where the shell says so
	sed 's/^rudder-diff\(\[[^]]*\]\)\{0,1\}: //' said | fold -s -w 74 | sed 's/^/      /'
	printf '  %sexit status %s%s\n' "$bold" "$status" "$plain"
}
state() {
	printf '  %srudder-diff --status%s  ' "$bold" "$plain"
	rudder-diff --status -s state | jq -c '{keys, pending, last_status}'
}
arrived() {
	jq -r .messageId events | sort >ids
	printf '  %sthe receiver has%s      %s events, %s different messageIds, %s users\n' "$bold" "$plain" \
		"$(wc -l <ids)" "$(uniq ids | wc -l)" "$(jq -r .userId events | sort -u | wc -l)"
}

title '1. The sender is killed (SIGKILL) while the sixth request is open'
# nothing but the receiver knows that it has stored these events
(
	i=0
	until [ "$(wc -l <events)" -ge 600 ] || [ $i -ge 600 ]; do
		i=$((i + 1))
		sleep 0.05
	done
	kill -9 "$(cat sender)"
) &
sync_once
expect 'status of the killed run' "$status" 65
wait $!
state
arrived
expect 'events before the crash' "$(wc -l <events)" 600
expect 'pending' "$(rudder-diff --status -s state | jq .pending)" 500
note '500 changes are acknowledged. The other 500 are pending; 100 of them were' \
	'stored by the receiver, but their receipt is lost.'

title '2. The same command again'
sync_once
expect 'status of the second run' "$status" 0
state
arrived
expect 'different ids' "$(sort -u ids | wc -l)" 1000
expect 'users' "$(jq -r .userId events | sort -u | wc -l)" 1000
note 'Nothing was lost: all 1,000 users arrived.' \
	'Nothing was doubled: the 100 events in doubt were sent again with their first' \
	'messageId, by which the destination recognizes them.'

title '3. And again: nothing is left to do'
sync_once
expect 'status of the third run' "$status" 0
expect 'events' "$(wc -l <events)" 1100
state
