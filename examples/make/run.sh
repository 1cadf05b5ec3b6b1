#!/bin/sh
# run.sh - three syncs by one Makefile: all of them, one that fails, and one that
# still runs when cron starts them again. In a temporary folder, on this machine.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
TOP=$(cd "$here/../.." && pwd)
B=${B:-build/release}
case $B in /*) ;; *) B=$TOP/$B ;; esac
case ${BIN:=bin} in /*) ;; *) BIN=$TOP/$BIN ;; esac
PATH=$BIN:$B/tool:$PATH
command -v sqlite3 >/dev/null || { echo 'no sqlite3' && exit 77; }
dir=$(mktemp -d)
slow=
trap '[ -z "$slow" ] || kill $slow 2>/dev/null || :; rm -rf "$dir"' EXIT
cd "$dir"
cp -r "$here/Makefile" "$here/models" .
fail() { echo "$*" >&2; cat messages >&2; exit 1; }
# cron WANTED: what the line of the crontab does
cron() {
	got=0
	env -u MAKEFLAGS -u MAKELEVEL make -s -k -j3 WAREHOUSE=sqlite:shop.db DESTINATION='file:$@.sent' >messages 2>&1 || got=$?
	[ $got = "$1" ] || fail "make ends with $got"
}
# sent N: N events have arrived since the last look
sent() {
	[ "$(cat ./*.sent | wc -l)" = "$1" ] || fail "$(cat ./*.sent | wc -l) events, wanted $1"
	rm ./*.sent
}

sqlite3 shop.db 'CREATE TABLE users(id, email, plan); CREATE TABLE orders(id, user_id, total); CREATE TABLE carts(id, items)' \
	"INSERT INTO users VALUES (1, 'a@example.com', 'free'), (2, 'b@example.com', 'pro')" \
	"INSERT INTO orders VALUES (10, 1, 9.5)" "INSERT INTO carts VALUES (100, 3)"
: >none.sent
cron 0
[ ! -s messages ] || fail 'a run without trouble says something'
sent 4
cron 0
sent 0

# one model fails: the others are synced, and the message names its sync
sqlite3 shop.db 'DROP TABLE orders' "UPDATE users SET plan = 'pro'" 'UPDATE carts SET items = 4'
cron 2
sent 2
grep -q '^orders: rudder-query.*no such table: orders' messages || fail 'no message of the sync that failed'
! grep -v -e '^orders: ' -e '^make: ' messages || fail 'a message without its sync'
sqlite3 shop.db 'CREATE TABLE orders(id, user_id, total)' "INSERT INTO orders VALUES (10, 1, 9.5), (11, 2, 7)"

# users still runs: it is left alone, and the others are synced
mkfifo hold
rudder-diff -k id -s state/users <hold >begun 2>&1 &
slow=$!
exec 3>hold
echo '{"_rudder":{"type":"begin","v":1,"stream":"rows"}}' >&3
until [ -s begun ]; do sleep 0.05; done # it has the lock
sqlite3 shop.db "UPDATE users SET plan = 'max'" 'UPDATE carts SET items = 5'
cron 2
sent 2
grep -q '^users: rudder-diff.*state' messages || fail 'no message of the lock'
! grep -v -e '^users: ' -e '^make: .*users\] Error 75' messages | grep -v 'not remade' || fail 'a message of another sync'
kill $slow
exec 3>&-
wait $slow 2>/dev/null || :
slow=
cron 0
sent 2
echo 'three syncs: run, failed, overlapped; nothing sent twice'
