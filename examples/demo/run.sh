#!/bin/sh
# run.sh - the demo: three whole syncs from a SQLite file to a local receiver.
#
# Shows what each stage wrote and what the receiver got, in 80 columns.
# Everything happens in a temporary folder, and on this machine.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/common.sh"

# show NAME FORMAT <FILE: what a stage wrote, a line for each data line
show() {
	printf '  %s%s%s\n' "$bold" "$1" "$plain"
	"$2" >shown
	[ -s shown ] || printf '      %s(nothing)%s\n' "$dim" "$plain"
	cut -c 1-74 shown | sed 's/^/      /'
}
# as_is <FILE: its first line with data as it travels, folded
as_is() {
	data | head -n 1 | fold -w 74 | sed "s/.*/    $dim| &$plain/"
}
# The lines are taken apart by sed and not by jq, which writes 49.90 as 49.9.
data() { grep -v '^{"_rudder":{"type":"\(begin\|end\)' || :; }
rows() { data; }
changes() {
	data | sed 's/^{"_rudder":{"type":"change","action":"\([a-z]*\)","id":"\(\([^"\\]\|\\.\)*\)"[^}]*},/\1 \2 {/; s/\\"/"/g' |
		awk '{id = $2; rest = $0; sub(/^[^ ]* [^ ]* /, "", rest); printf "%s %-26s %s\n", $1, id, rest}'
}
events() {
	sed -n 's/.*"action":"\([a-z]*\)".*/\1 &/p' |
		sed 's/^\([a-z]*\) .*"fields":\({[^}]*}\).*"identifiers":{"email":"\([^"]*\)"}.*/\1 \3 \2/; s/^\([a-z]*\) .*"identifiers":{"email":"\([^"]*\)"}.*"fields":\({[^}]*}\).*/\1 \2 \3/' |
		awk '{rest = $0; sub(/^[^ ]* [^ ]* /, "", rest); printf "%s %-22s %s\n", $1, $2, rest}'
}
receipts() {
	data | jq -r '"\(.status) \(.recordId + " " * 27 | .[:27]) \(.code)\(if .reason then " " + .reason else "" end)"'
}

title 'The warehouse: a SQLite file, made from examples/demo/users.csv'
sqlite3 shop.db 'CREATE TABLE users(id INTEGER PRIMARY KEY, email TEXT, plan TEXT,
	mrr DECIMAL_TEXT, name TEXT, signed_up DATE)' '.mode csv' ".import --skip 1 \"$here/users.csv\" users"
sqlite3 -box shop.db 'SELECT * FROM users' 2>/dev/null || sqlite3 -header shop.db 'SELECT * FROM users'

title 'The destination: a receiver on this machine'
echo '  It refuses events with "@refuse.example", to show what happens then.'
receiver_start -r @refuse.example
printf '  rudder:http://127.0.0.1:%s\n' "$(cat port)"

title 'The sync'
cat <<'SYNC'
  rudder-query -d sqlite:shop.db -t users |
      rudder-diff -k id --identity email -s state --mode mirror |
      rudder-map -t record --identifier email -C source=warehouse |
      rudder-send -d rudder:http://127.0.0.1:PORT |
      rudder-diff --commit -s state
SYNC
: >events
sync_once() {
	had=$(wc -l <events) status=0
	rudder-query -d sqlite:shop.db -t users | tee rows |
		rudder-diff -k id --identity email -s state --mode mirror | tee changes |
		rudder-map -t record --identifier email -C source=warehouse | tee mapped |
		rudder-send -d "rudder:http://127.0.0.1:$(cat port)" 2>said | tee receipts |
		rudder-diff --commit -v -s state 2>summary || status=$?
	tail -n +$((had + 1)) events >got
	show 'rudder-query wrote rows' rows <rows
	show 'rudder-diff wrote changes' changes <changes
	[ "$had" != 0 ] || as_is <changes
	show 'rudder-map wrote events' events <mapped
	[ "$had" != 0 ] || as_is <mapped
	show 'the receiver got' events <got
	show 'rudder-send wrote receipts' receipts <receipts
	[ "$had" != 0 ] || as_is <receipts
	printf '  %srudder-diff --commit printed%s\n' "$bold" "$plain"
	sed '/file access/d; s/^rudder-diff\(\[[^]]*\]\)\{0,1\}: //' summary | fold -s -w 74 | sed 's/^/      /'
	printf '  %sexit status %s%s\n' "$bold" $status "$plain"
}

title '1. The first sync: every row is new'
sync_once
expect 'events of the first sync' "$(wc -l <got)" 6
expect 'its status' $status 0
expect 'decimals keep their digits' "$(grep -c '"mrr":49.90' got)" 2
note 'Order is kept for each person: events of one user use one connection.' \
	'Events of different users may arrive, and be acknowledged, in any order.'

title '2. Nothing changed: nothing is sent'
sync_once
expect 'events of the second sync' "$(wc -l <got)" 0
expect 'its status' $status 0

title '3. One plan changed, one row was deleted, two are new, one is refused'
sqlite3 shop.db "UPDATE users SET plan = 'team', mrr = '199.00' WHERE id = 2; DELETE FROM users WHERE id = 5;
	INSERT INTO users VALUES(7, 'grace@example.com', 'pro', '49.90', 'Grace Hopper', '2024-09-09'),
	(8, 'mallory@refuse.example', 'free', '0.00', 'Mallory', '2024-09-10')"
sync_once
expect 'events of the third sync' "$(wc -l <got)" 3
expect 'deletes that the receiver got' "$(jq -r 'select(.action == "delete").identifiers.email' got)" edsger@example.com
expect 'its status' $status 1
note 'Deletes come last: only the end of the rows shows which keys are missing.' \
	'Status 1: complete, but one event was rejected. The next run sends that row' \
	'again.'
echo
echo '  Next: make demo-crash, man man/rudder.7, bin/rudder-diff --help'
