# full.sh - what an interrupted --full did not send is sent by the next run
# shellcheck shell=sh
. "$TOP/tests/tool/lib.sh"
run() { rudder-diff -s st "$@" >out 2>err || fail "diff $*: $? $(cat err)"; }
cut_off() { status 65 rudder-diff -s st --full "$@" cut >out; }
leaves() { is "$1" "$(changes <out | tr '\n' ' ')" "$2"; }
commit() { ack "${1:-accepted}" <out | rudder-diff -q --commit -s st; }
ids() { jq -r 'select(._rudder.type == "change") | ._rudder.change' out; }
new() {
	rm -rf st
	rudder-diff -k id -s st all >out
	commit
}

printf '{"id":1,"v":"a"}\n{"id":2,"v":"a"}\n{"id":3,"v":"a"}\n' | rows >all
sed '3,$d' all >cut

# row 1 is delivered, and the commit notes what is owed
new
cut_off
leaves 'update 1 ' 'the part that left'
commit && fail 'a cut run is complete'
cp -a st owed
rudder-diff --status -s st | grep -q '"full_owed":true' || fail 'the status does not show it'
run all
leaves 'update 2 update 3 ' 'the rest'
says 'an earlier run with --full was interrupted'
commit
rudder-diff --status -s st | grep -q full_owed && fail 'it is still owed'
run all
leaves '' 'all are sent'

# until a run has read all rows, and each row until it is delivered
rm -rf st && mv owed st
status 65 rudder-diff -s st cut >out
leaves '' 'a cut run that goes on with it'
ack accepted <out >receipts
status 65 rudder-diff --commit -s st receipts
status 1 rudder-diff -s st --max-changes 1 all >out
leaves 'update 2 ' 'a part of the rest'
commit || :
run all
leaves 'update 3 ' 'the rest of the rest'
commit failed || :
run all
leaves 'update 3 ' 'what failed'
commit
run all
leaves '' 'nothing more'

# without a commit: what left is sent again under its id, and the rest
new
cut_off
ids >first
run all
leaves 'update 1 update 2 update 3 ' 'nothing was committed'
is "$(cat first)" "$(ids | head -n 1)" 'the id of a retry'
run all
commit
run all
leaves '' 'all are sent once'

# what a backup had pending gets a new id: the destination may know the first one
new
sed 's/"a"/"b"/' all >changed
run changed
ids >first
cp cut whole && sed 's/"a"/"b"/' whole >cut
cut_off
cp whole cut
run changed
ids >second
is 3 "$(wc -l <second)" 'all pending'
grep -Fxf first second && fail 'an id that the destination may know'
run changed
ids | diff second - || fail 'a retry has the same ids'

# --full once more sends all again, also after it was interrupted
new
cut_off
commit || :
cut_off
commit || :
run all
leaves 'update 2 update 3 ' 'after two of them'
run --full all
leaves 'update 1 update 2 update 3 ' 'a new one'

# what rudder-send -n did not send is not owed; what an earlier run did is
map() { rudder-map -q -t identify -u id <out; }
new
run --full all
map | rudder-send -q -n -d file:x | rudder-diff -q --commit -s st || :
run all
leaves '' 'a dry run'
cut_off
run all
map | rudder-send -q -n -d file:x | rudder-diff -q --commit -s st || :
run all
leaves 'update 1 update 2 update 3 ' 'a dry run after a cut run'

# it outlives --forget, which drops what was sent of the key
new
cut_off
rudder-diff --forget 1 -s st
run all
leaves 'insert 1 update 2 update 3 ' 'after --forget'

# before a change left, nothing is owed; nor in mode insert-only
new
sed '2,$d' cut >none
status 65 rudder-diff -s st --full none >out
run all
leaves '' 'nothing had left'
printf '{"id":4,"v":"a"}\n{"id":1,"v":"a"}\n' | rows >other
sed '4,$d' other >cut
status 65 rudder-diff -s st --full --mode insert-only cut >out
leaves 'insert 4 ' 'insert-only'
commit || :
run all
leaves '' 'only inserts were due'

# a source that asks for full gets all rows each time, unless --mode says otherwise
asks() { # MODE
	echo "{\"_rudder\":{\"type\":\"begin\",\"v\":1,\"stream\":\"rows\",\"key\":[\"id\"],\"mode\":\"$1\"}}"
	printf '{"id":1}\n{"id":2}\n'
	echo '{"_rudder":{"type":"end","stream":"rows","rows":2}}'
}
for _ in 1 2; do
	asks full | rudder-diff -s asked >out || fail "full by the source: $?"
	is 2 "$(changes <out | wc -l)" 'full by the source'
	ack accepted <out | rudder-diff --commit -s asked
done
asks full | rudder-diff -s asked --mode upsert >out || fail "upsert by the option: $?"
is 0 "$(changes <out | wc -l)" 'upsert by the option'
asks upsert | rudder-diff -s asked --full >out || fail "--full: $?"
is 2 "$(changes <out | wc -l)" '--full, and upsert by the source'
asks fullest >in
status 65 rudder-diff -s asked in
says "unknown mode 'fullest' in the begin line: use --mode"
