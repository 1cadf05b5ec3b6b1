# verdicts.sh - begin lines, options and guards that decide a status, one by one
. "$TOP/tests/tool/lib.sh"
begin() { printf '{"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r0000000000000000001"%s}}\n' "$1"; }
end() { printf '{"_rudder":{"type":"end","stream":"rows","rows":%d}}\n' "$1"; }
n() { seq "$1" "$2" | sed 's/.*/{"id":&}/'; }

# a mode that the source sets and nobody knows
{ begin ',"mode":"wild"' && n 1 2 && end 2; } >wild
status 65 rudder-diff -k id -s st <wild >out
says "unknown mode 'wild' in the begin line: use --mode"
is 0 "$(grep -c '"change"' out)" 'changes of an unknown mode'
status 0 rudder-diff -k id -s st --mode upsert <wild >out
rm -r st

# nothing but the failure of a stage before, and no key yet
printf '{"_rudder":{"type":"abort","stage":"query","status":66,"reason":"no file"}}\n' >abort
status 66 rudder-diff -s st <abort >out
is '{"_rudder":{"type":"abort","stage":"query","status":66,"reason":"no file"}}' "$(cat out)" 'the failure goes on'
status 64 rudder-diff -s st </dev/null >out
says 'a new state needs its key: -k COLUMN'
# the same in a stream of changes that is inverted or shown in another form
{ n 1 2 | rows | rudder-diff -k id -s st --mode mirror | sed '$d' && cat abort; } >cut
for form in '--invert' '--format record'; do
	# shellcheck disable=SC2086 # words
	status 66 rudder-diff $form <cut >out
done

# parts: a begin line and a file that make no sense
rm -rf st
for part in '1' '"x"' '{"n":1}' '{"i":0,"n":2}' '[]'; do
	{ begin ",\"key\":[\"id\"],\"part\":$part" && n 1 2 && end 2; } >parted
	status 65 rudder-diff -k id -s st <parted >out
	says "the begin line has a wrong 'part'"
done
n 1 2 | rows | rudder-diff -k id -s st | ack accepted | rudder-diff --commit -s st
echo nonsense >st/part
n 1 3 | rows >in
status 78 rudder-diff -s st <in >out
says "is damaged or of a newer version of rudder"
rm st/part

# what --expect asks for must be in the stream
n 1 3 | rows | rudder-diff -s st | ack accepted >receipts
status 4 rudder-diff --commit -s st --expect 'rows>=1' receipts
says 'rows>=1 (not in the stream)'
status 64 rudder-diff --commit -s st --rejected maybe receipts
says "option '--rejected': 'maybe' is not retry or accept"

# no run has ever succeeded, and why
rm -rf new
n 1 2 | rows | rudder-diff -k id -s new | ack rejected >receipts
status 1 rudder-diff --commit -s new receipts
status 4 rudder-diff --status --max-age 1h -s new >out
says 'no run of this state has succeeded'
