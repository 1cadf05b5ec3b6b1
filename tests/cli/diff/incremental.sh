# incremental.sh - a commit writes only what has changed; what is read is the same
#
# RUDDER_SMALL_STATE=0 makes this state behave as one of more than 16 MiB does.
. "$TOP/tests/tool/lib.sh"
export RUDDER_SMALL_STATE=0
table() { # LINES changed by the awk program
	awk "BEGIN {for (i = 1; i <= 1000; i++) v[i] = \"a\"; $1; for (i = 1; i <= 1010; i++) if (i in v) printf \"{\\\"id\\\":%d,\\\"v\\\":\\\"%s\\\"}\\n\", i, v[i]}" </dev/null | rows
}
run() { # PROGRAM [OPTION…]
	program=$1
	shift
	table "$program" | rudder-diff -k id --mode mirror -s st "$@" >out
	ack accepted <out | rudder-diff --commit --history 3 -s st
}
files() { find "$1" -maxdepth 1 -name 'rows-*' | wc -l; }
actions() { jq -r 'select(._rudder.change) | ._rudder.action + " " + ._rudder.id' out | sort | tr '\n' ' '; }

run '' --keep v
is 0 "$(files st)" 'files below the first snapshot'
run 'v[7] = "secret"'
is 'update 7 ' "$(actions)" 'the second run'
is 1 "$(files st)" 'files below the second'
run 'v[7] = "b"; v[1001] = "new"; delete v[9]'
is 'delete 9 insert 1001 update 7 ' "$(actions)" 'the third run'
run 'v[7] = "b"; v[1001] = "new"; v[9] = "back"'
is 'insert 9 ' "$(actions)" 'the fourth run'
run 'v[7] = "b"; v[1001] = "new"; v[9] = "back"'
is '' "$(actions)" 'a run without changes'
[ "$(files st)" -gt 0 ] || fail 'the snapshot is not incremental'
is 1001 "$(rudder-diff --status -s st | jq .keys)" 'keys'
is 1001 "$(rudder-diff --dump -s st | jq -r .id | sort -u | wc -l)" 'keys of --dump'
is 1001 "$(rudder-diff --dump -s st | wc -l)" 'lines of --dump'
is '{"v":"back"}' "$(rudder-diff --dump -s st | jq -c 'select(.id == "9").kept')" 'what was kept'
is 'insert 9,' "$(rudder-diff --between 3 4 -s st | jq -r '.action + " " + .id' | tr '\n' ',')" 'what --between says'
is 'delete 9,insert 1001,insert 9,update 7,' "$(rudder-diff --between 2 4 -s st | jq -r '.action + " " + .id' | sort | tr '\n' ',')" 'and of two steps'

# a part of the rows, which is looked up without reading all
printf '{"_rudder":{"type":"begin","v":1,"stream":"rows"}}\n{"id":7,"v":"b"}\n{"id":9,"v":"c"}\n{"id":1002,"v":"c"}\n{"_rudder":{"type":"end","stream":"rows","rows":3,"partial":true}}\n' >part
rudder-diff -s st <part >out
is 'insert 1002 update 9 ' "$(actions)" 'a part'
ack accepted <out | rudder-diff --commit --history 3 -s st
rudder-diff -s st <part >out
is '' "$(actions)" 'the part again'

# a copy of the folder is a backup; a file less is not
cp -r st copy
rm copy/rows-*
status 78 rudder-diff -s copy part >out
grep -q "needs '.*/rows-" err || fail "a missing file: $(cat err)"
status 78 rudder-diff --status -s copy
cp st/rows-* copy
rudder-diff -s copy <part >out
is '' "$(actions)" 'the part on a copy'
# of another state of the same table
table '' | rudder-diff -k id -s other | ack accepted | rudder-diff --commit -s other
cp other/snapshot copy/rows-1
status 78 rudder-diff -s copy part >out
grep -q 'is not the file that' err || fail "a foreign file: $(cat err)"

# whoever is forgotten is in no file
grep -rqa '"v":"secret"' st || fail 'the value is nowhere before'
rudder-diff --forget 7 -s st
if grep -rqa 'secret' st; then fail "7 is still in $(grep -rla secret st)"; fi
is 0 "$(files st)" 'files below after --forget'
is 0 "$(files st/history)" 'and of the history'
is 1001 "$(rudder-diff --status -s st | jq .keys)" 'keys without it'

# nor are values that are not kept any more
run 'v[1001] = "new"; v[9] = "last"; v[1002] = "c"'
run 'v[1001] = "newest"; v[9] = "last"; v[1002] = "c"'
[ "$(files st)" -gt 0 ] || fail 'the snapshot is not incremental again'
rm -r st/history
run 'v[1001] = "newest"; v[9] = "last"; v[1002] = "c"' --keep hash
rm -r st/history
if grep -rqa '"v":"' st; then fail 'a value is left'; fi

# what a killed commit left goes
ln st/snapshot st/rows-99999
run 'v[1001] = "other"; v[9] = "last"; v[1002] = "c"'
[ ! -e st/rows-99999 ] || fail 'a file that nothing needs stays'
# and rows that are taken as they are stand alone
table '' | rudder-diff --rebase -s st >out
is 0 "$(files st)" 'files below after --rebase'
