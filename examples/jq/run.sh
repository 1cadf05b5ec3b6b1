#!/bin/sh
# Any program in the middle of a pipeline: rudder filter gives it the data lines
# and puts the control lines around what it prints, so deletes stay safe.
. "$(dirname "$0")/../begin.sh"
needs sqlite3
needs jq
warehouse
sync() { # PROGRAM: the customers that a jq program lets through
	rudder-query -d "$WAREHOUSE" -t customers |
		rudder filter -- jq -c "$1" |
		rudder-diff -k id -s state --mode mirror |
		rudder-map -t identify -u id -c '!consent' --delete-event 'Consent Withdrawn' |
		rudder-send -d file:events.ndjson |
		rudder-diff --commit -s state
}
title 'Only customers who have consented, names in upper case'
sync 'select(.consent == 1) | .name |= ascii_upcase'
jq -c '[.type, .userId, .traits.name]' events.ndjson
expect 'events' 2 "$(wc -l <events.ndjson)"

title 'One withdraws the consent: a delete'
sqlite3 shop.db 'UPDATE customers SET consent = 0 WHERE id = 2'
sync 'select(.consent == 1) | .name |= ascii_upcase'
tail -n 1 events.ndjson | jq -c '[.type, .userId, .event]'
expect 'the delete' 'track 2' "$(tail -n 1 events.ndjson | jq -r '"\(.type) \(.userId)"')"

title 'The program fails: nothing is concluded from what is missing'
got=0
sync .name.first 2>messages || got=$?
expect "exit status" 65 "$got"
cat messages
expect 'events' 3 "$(wc -l <events.ndjson)"
