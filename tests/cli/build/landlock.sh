#!/bin/sh
# What each tool says with -v that it has given up, and that it is in force: a
# path that it cannot know of beforehand is refused. Skips without Landlock.
set -eu
. "$TOP/tests/tool/lib.sh"

limits='file access is restricted to'
rows() { printf '{"id":%d}\n' 1 2 3; }

rows | rudder-map -v -t identify -u id --trust-eof 2>err >events
! grep -q 'is not restricted' err || { echo 'skipped: no Landlock'; exit 77; }
grep -q "^rudder-map.*: $limits none" err || fail "map: $(cat err)"
rows | rudder-map -v -t identify -u id --trust-eof --stats s.json 2>err >/dev/null
grep -q "^rudder-map.*: $limits 's.json'" err || fail "map --stats: $(cat err)"
[ -s s.json ] || fail 'map: no counters'

rows | rudder-diff -v -k id -s st --trust-eof --stats sub.json 2>err >changes
grep -q "^rudder-diff.*: $limits '$PWD/st', '.*', 'sub.json'" err || fail "diff: $(cat err)"
[ -s sub.json ] || fail 'diff: no counters'
rudder-map -t identify -u id <changes >events
rudder-send -v -d file:sent --failed later --stats send.json <events 2>err >receipts
grep -q "^rudder-send.*: $limits '$PWD/st', 'later', 'send.json', 'sent'" err ||
	fail "send: $(cat err)"
[ -s send.json ] || fail 'send: no counters'
rudder-diff -v --commit -s st <receipts 2>err
grep -q "^rudder-diff.*: $limits '$PWD/st'" err || fail "commit: $(cat err)"

# programs of the user are not limited
rudder-send -v -d 'exec:cat >elsewhere' --no-lock <events 2>err >receipts
! grep -q "$limits" err || fail "exec: $(cat err)"
[ -s elsewhere ] || fail 'exec: the command could not write'

# a device is written to as before
rows >in
status 74 rudder-diff -k id -s new --trust-eof --stats /dev/full in >out
says 'No space left'

# in force: the kernel says so of a running process
mkfifo held
rudder-map -t identify -u id --trust-eof <held >out 2>err &
pid=$!
exec 3>held
printf '{"id":1}\n' >&3
confined() { grep -q '^NoNewPrivs:.*1' /proc/$pid/status; }
eventually 'NoNewPrivs' confined
exec 3>&-
wait $pid || fail "map: $(cat err)"
