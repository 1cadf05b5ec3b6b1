# ids.sh - change ids: a retry has its first one, other content never does
. "$TOP/tests/tool/lib.sh"
ids() { jq -r 'select(._rudder.type == "change") | ._rudder.change' "$@"; }
new() { # $1 $2: files of ids, $3: what; none of the second may be in the first
	if [ ! -s "$1" ] || [ ! -s "$2" ]; then fail "$3: no ids"; fi
	grep -Fxf "$1" "$2" && fail "$3: an id again"
	return 0
}
sync() { rudder-diff -k id -s st "$@" >out || fail "diff $*"; }

# what a restored backup gives out has no id that was used since
printf '{"id":1,"v":"a"}\n{"id":2,"v":"a"}\n' | rows >a
printf '{"id":1,"v":"b"}\n' | rows >b
sync <a
ack accepted <out | rudder-diff --commit -s st || fail commit
cp -a st backup
sync --mode mirror <b
ids out >first
ack accepted <out | rudder-diff --commit -s st || fail commit
rm -rf st && mv backup st
sync --mode mirror <b
ids out >second
new first second 'after a restored backup'

# nor where the backup has changes that are unacknowledged
pair() { printf '{"id":1,"v":"%s"}\n{"id":2,"v":"%s"}\n' "$1" "$2" | rows; }
most() { # commit: the first change is accepted, the second in doubt
	second=$(ids out | sed -n '2s/^\(.\{8\}\).*/\1/p')
	ack accepted <out | sed "/\"$second-/s/accepted/unknown/" | rudder-diff --commit -s st || is 1 $? commit
}
rm -rf st
pair a a >in
sync <in
ack accepted <out | rudder-diff --commit -s st || fail commit
pair x p >in
sync <in
most
cp -a st backup
pair a p >in
sync <in
ids out >first
most
pair y p >in
sync <in
most
rm -rf st && mv backup st
pair a p >in
sync --full <in
ids out >second
new first second 'after a backup with unacknowledged changes'
sync --full --mode mirror <b
ids out >first
new second first 'a second --full'
sync --mode mirror <b
ids out | diff first - || fail 'a retry after --full'
sync --full --mode mirror <b
ids out >second
new first second 'a third --full, with a delete'

# a retry has its first ids, also after the commit of others
rm -rf st
printf '{"id":1,"v":"a"}\n{"id":2,"v":"a"}\n' | rows >a
sync <a
ack accepted <out | rudder-diff --commit -s st || fail commit
sync --mode mirror <b
ids out >second
sync --mode mirror <b
ids out >third
diff second third || fail 'a retry has other ids'
{ head -n 1 out && sed -n '2p;$p' out | sed 's/"changes":2/"changes":1/'; } >one
ack accepted <one | rudder-diff --commit -s st || :
sync --mode mirror <b
ids out >fourth
is 1 "$(wc -l <fourth)" 'what is left'
grep -Fxqf second fourth || fail 'a retry after the commit of others has another id'

# a column that is not compared is part of the event
rm -rf st
printf '{"id":1,"v":"a","w":1}\n' | rows >a
printf '{"id":1,"v":"a","w":2}\n' | rows >b
for option in '--ignore w' '--compare v'; do
	rm -rf st
	# shellcheck disable=SC2086 # an option and its value
	sync $option <a
	ids out >first
	# shellcheck disable=SC2086
	sync $option <a
	ids out | diff first - || fail "a retry under $option"
	# shellcheck disable=SC2086
	sync $option <b
	ids out >second
	new first second "other bytes under $option"
	ack accepted <out | rudder-diff --commit -s st || :
	# shellcheck disable=SC2086
	sync $option <a
	is 0 "$(ids out | wc -l)" "and it does not count under $option"
done

# a delete gives the values that are kept
rm -rf st
sync --keep row <a
ack accepted <out | rudder-diff --commit -s st || fail commit
rows </dev/null >none
sync --keep row --mode mirror --allow-deletes=1,empty <none || :
ids out >first
sync --keep row --mode mirror --allow-deletes=1,empty <none || :
ids out | diff first - || fail 'a retry of a delete'
# under another --keep it gives the values that it gave first, and is the same
for keep in v w; do
	jq -c 'select(._rudder.change) | del(._rudder)' out >values
	sync --keep $keep --mode mirror --allow-deletes=1,empty <none || :
	jq -c 'select(._rudder.change) | del(._rudder)' out | diff values - || fail "other values with --keep $keep"
	ids out | diff first - || fail "a retry of a delete with --keep $keep"
done
sync --keep hash --mode mirror --allow-deletes=1,empty <none || :
ids out >second
new first second 'a delete without values'
exit 0
