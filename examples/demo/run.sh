#!/bin/sh
# run.sh - the demo: three whole syncs from a SQLite file to a local receiver.
#
# Shows what each stage wrote and what the receiver got. Everything happens in
# a temporary folder, and on this machine.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
TOP=$(cd "$here/../.." && pwd)
B=${B:-build/release}
case $B in /*) ;; *) B=$TOP/$B ;; esac
case ${BIN:=bin} in /*) ;; *) BIN=$TOP/$BIN ;; esac
PATH=$BIN:$B/tool:$PATH
dir=$(mktemp -d)
receiver=
trap '[ -z "$receiver" ] || kill $receiver 2>/dev/null || :; rm -rf "$dir"' EXIT
cd "$dir"

bold='' dim='' plain='' width=100
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ] && [ "${TERM:-dumb}" != dumb ]; then
	bold=$(printf '\033[1m') dim=$(printf '\033[2m') plain=$(printf '\033[0m')
	width=$(stty size 2>/dev/null | cut -d ' ' -f 2) || width=100
	[ "${width:-0}" -gt 40 ] || width=100
fi
title() { printf '\n%s%s%s\n' "$bold" "$1" "$plain"; }
# cut: each line at the terminal's edge
cut_lines() {
	awk -v w="$width" '{print (length($0) > w ? substr($0, 1, w - 3) "..." : $0)}'
}
# show NAME FILE FORMAT: what a stage wrote, a line for each data line
show() {
	jq -r "$3" "$2" >shown
	printf '  %s%s%s\n' "$bold" "$1" "$plain"
	[ -s shown ] || printf '      %s(nothing)%s\n' "$dim" "$plain"
	sed 's/^/      /' shown | cut_lines
}
# as_is FILE: its first line with data as it travels, folded
as_is() {
	grep -v '^{"_rudder":{"type":"\(begin\|end\)' "$1" | head -n 1 | fold -w $((width - 6)) |
		sed "s/.*/    $dim| &$plain/"
}
rows='select(._rudder | not) | tojson'
column='def column(n): (. + " " * n)[:n];'
changes="$column"'select(._rudder.type == "change") | "\(._rudder.action) \(._rudder.id | column(28)) \(del(._rudder) | tojson)"'
events="$column"'select(._rudder | not) | "\(.type) \(.action) \(.identifiers.email | column(24)) \(.fields | tojson)"'
receipts="$column"'select(._rudder | not) | "\(.status) record \(.recordId | column(28)) status \(.code)\(if .reason then ": " + .reason else "" end)"'

title 'The warehouse: a SQLite file, made from examples/demo/users.csv'
sqlite3 shop.db 'CREATE TABLE users(id INTEGER PRIMARY KEY, email TEXT, name TEXT, plan TEXT,
	mrr DECIMAL(10,2), signed_up DATE)' '.mode csv' ".import --skip 1 \"$here/users.csv\" users"
sqlite3 -box shop.db 'SELECT * FROM users' 2>/dev/null || sqlite3 -header shop.db 'SELECT * FROM users'

title 'The destination: a receiver on this machine, which refuses events with "@refuse.example"'
fake -p port -o events -r @refuse.example -t 300 &
receiver=$!
i=0
until [ -s port ]; do
	i=$((i + 1))
	[ $i -lt 100 ] || { echo 'the receiver does not start' >&2; exit 1; }
	sleep 0.05
done
RUDDER_WRITE_KEY='demo'
export RUDDER_WRITE_KEY
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
	show 'rudder-query wrote rows' rows "$rows"
	show 'rudder-diff wrote changes' changes "$changes"
	[ "$had" != 0 ] || as_is changes
	show 'rudder-map wrote events' mapped "$events"
	[ "$had" != 0 ] || as_is mapped
	show 'the receiver got' got "$events"
	show 'rudder-send wrote receipts' receipts "$receipts"
	[ "$had" != 0 ] || as_is receipts
	printf '  %srudder-diff --commit said%s\n' "$bold" "$plain"
	sed 's/^rudder-diff\(\[[^]]*\]\)\{0,1\}: /      /' summary | fold -s -w "$width"
	printf '  %sexit status %s%s\n' "$bold" $status "$plain"
}
expect() { # WHAT GOT WANTED
	[ "$2" = "$3" ] || { echo "demo: $1: $2 instead of $3" >&2; exit 1; }
}

title '1. The first sync: every row is new'
sync_once
expect 'events of the first sync' "$(wc -l <got)" 6
expect 'its status' $status 0

title '2. Nothing has changed: nothing is sent'
sync_once
expect 'events of the second sync' "$(wc -l <got)" 0
expect 'its status' $status 0

title '3. One plan changed, one row is gone, two are new, and the receiver refuses one of these'
sqlite3 shop.db "UPDATE users SET plan = 'team', mrr = '199.00' WHERE id = 2; DELETE FROM users WHERE id = 5;
	INSERT INTO users VALUES(7, 'grace@example.com', 'Grace Hopper', 'pro', '49.90', '2024-09-09'),
	(8, 'mallory@refuse.example', 'Mallory', 'free', '0.00', '2024-09-10')"
sync_once
expect 'events of the third sync' "$(wc -l <got)" 3
expect 'deletes that the receiver got' "$(jq -r 'select(.action == "delete").identifiers.email' got)" edsger@example.com
expect 'its status' $status 1
echo
echo "  Status 1: complete, but one event was refused. It stays due, and the next run offers it again."
echo "  Next: man man/rudder-sync.7, or bin/rudder-diff --help"
