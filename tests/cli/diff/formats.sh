# formats.sh - state files are written to the byte as those in tests/state/v6,
# which every later rudder-diff must read (tests/unit/test_formats.c)
#
# They hold what a killed commit left: a snapshot, intents with one in doubt,
# answers. `FREEZE=folder` copies them there, for a new format only: those of a
# released format are never written again.
. "$TOP/tests/tool/lib.sh"
seed 1
export RUDDER_RUN_ID=r0000000000000000001
printf '{"country":"de","id":1,"v":"a"}\n{"country":"de","id":2,"v":"a"}\n{"country":"fr","id":1,"v":"\\u00e9"}\n' >A
printf '{"country":"de","id":1,"v":"b"}\n{"country":"fr","id":1,"v":"\\u00e9"}\n{"country":"fr","id":"x\\"y","v":null}\n' >B
rows <A >a
rows <B >b
rudder-diff -k country,id --keep v -s st a >out
ack accepted <out | rudder-diff --commit -s st
rudder-diff -s st b >out
rudder-diff -s st --mode mirror b >out
# the update is accepted, of two events of the insert one is, the delete refused
ack accepted <out | sed -e '3s/","status/-1-2&/' -e '4s/accepted/rejected/' -e '$d' >receipts
mkfifo p
rudder-diff --commit -s st <p & commit=$!
exec 3>p
cat receipts >&3
eventually 'receipts in the file' larger st/receipts 32
kill -9 $commit
wait $commit 2>/dev/null || :
exec 3>&-
mv st/receipts st/answers # as 0.1 called it: it is read under both names
for f in snapshot pending answers; do
	[ -z "${FREEZE-}" ] || cp "st/$f" "$FREEZE/$f"
	cmp "st/$f" "$TOP/tests/state/v6/$f" || fail "the format of $f has changed: give it a new version"
done

# how far a source was read
awk '/"type":"end"/ {sub(/}}$/, ",\"cursor\":{\"column\":\"at\",\"type\":\"datetime\",\"value\":\"2024-01-03T10:00:00Z\"}}}")} {print}' a |
	rudder-diff -k country,id -s read >out
ack accepted <out | rudder-diff --commit -s read
[ -z "${FREEZE-}" ] || cp read/cursor "$FREEZE/cursor"
cmp read/cursor "$TOP/tests/state/v6/cursor" || fail "the format of cursor has changed: give it a new version"

# an incremental snapshot: one row changed, one went, one is new
export RUDDER_SMALL_STATE=0
printf '{"id":1,"v":"a"}\n{"id":2,"v":"a"}\n{"id":3,"v":"a"}\n' | rows | rudder-diff -k id --mode mirror -s more >out
ack accepted <out | rudder-diff --commit -s more
printf '{"id":1,"v":"a"}\n{"id":2,"v":"b"}\n{"id":4,"v":"a"}\n' | rows | rudder-diff -k id --mode mirror -s more >out
ack accepted <out | rudder-diff --commit -s more
for f in snapshot rows-1; do
	[ -z "${FREEZE-}" ] || cp "more/$f" "$FREEZE/more/$f"
	cmp "more/$f" "$TOP/tests/state/v6/more/$f" || fail "the format of $f has changed: give it a new version"
done
