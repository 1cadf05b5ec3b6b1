# cursors.sh - a table read by a cursor into a state, on any database; read by
# . "$TOP/tests/tool/cursors.sh"
#
# Wants db SQL (runs it) and query ARGS (rudder-query on that database); calls
# fail TEXT, which need not end the test.

# sync STATE RECEIPTS QUERY-OPTIONS: one run over the table c, whose changes get
# that status; the keys that were read are in "read", those sent in "sent".
cursor_sync() {
	state=$1 ack=$2
	shift 2
	query "$@" >rows 2>err || fail "cursor: status $?: $(cat err)"
	sed -n 's/^{"id":\([0-9]*\).*/\1/p' rows | sort -n | tr '\n' ' ' >read
	rudder-diff -k id -s "$state" rows >changes 2>>err || fail "cursor: diff: $?: $(cat err)"
	sed -n 's/.*"type":"change".*"id":"\([0-9]*\)","change".*/\1/p' changes | sort -n | tr '\n' ' ' >sent
	rudder-map -t track --event e -u id <changes | rudder-send -d file:events >receipts
	[ "$ack" = accepted ] || sed -i "s/\"delivered\"/\"$ack\"/" receipts
	rudder-diff --commit -s "$state" receipts 2>>err || [ "$ack" != accepted ] || fail "cursor: commit: $(cat err)"
}

# is_read READ SENT CURSOR WHAT: and the cursor that the state has now
is_read() {
	now=$(sed -n 's/.*"value":"\([^"]*\)".*/\1/p' st/cursor 2>/dev/null || :)
	[ "$(cat read)|$(cat sent)|$now" = "$1|$2|$3" ] ||
		fail "cursor: $4: wanted '$1|$2|$3', got '$(cat read)|$(cat sent)|$now' $(cat err)"
}

# cursor_story COLUMN OVERLAP A B C D: values of the column, rising; as SQL, and
# behind a colon what the cursor is then. From D on, the overlap reaches to C.
cursor_story() {
	col=$1 overlap=$2 a=$3 b=$4 c=$5 d=$6
	sql_of() { echo "${1%%|*}"; }
	text_of() { echo "${1#*|}"; }
	db "DELETE FROM c"
	rm -rf st
	db "INSERT INTO c (id, v, $col) VALUES (1, 'x', $(sql_of "$a")), (2, 'x', $(sql_of "$b")), (3, 'x', NULL)"
	cursor_sync st failed -t c --cursor "$col" --cursor-state st
	is_read '1 2 3 ' '1 2 3 ' '' "$col: failed rows leave no cursor"
	cursor_sync st accepted -t c --cursor "$col" --cursor-state st
	is_read '1 2 3 ' '1 2 3 ' "$(text_of "$b")" "$col: all rows"
	cursor_sync st accepted -t c --cursor "$col" --cursor-state st
	is_read '2 3 ' '' "$(text_of "$b")" "$col: nothing new"
	# one more row of the same value, one above, a change below, a null changed
	db "INSERT INTO c (id, v, $col) VALUES (4, 'x', $(sql_of "$b")), (5, 'x', $(sql_of "$c"))"
	db "UPDATE c SET v = 'y' WHERE id IN (1, 3)"
	cursor_sync st unknown -t c --cursor "$col" --cursor-state st
	is_read '2 3 4 5 ' '3 4 5 ' "$(text_of "$b")" "$col: no answer"
	cursor_sync st rejected -t c --cursor "$col" --cursor-state st
	is_read '2 3 4 5 ' '3 4 5 ' "$(text_of "$b")" "$col: refused"
	cursor_sync st accepted -t c --cursor "$col" --cursor-state st
	is_read '2 3 4 5 ' '3 4 5 ' "$(text_of "$c")" "$col: ties and nulls"
	# a row that is late, found by the overlap
	db "INSERT INTO c (id, v, $col) VALUES (6, 'x', $(sql_of "$d"))"
	cursor_sync st accepted -t c --cursor "$col" --cursor-state st
	is_read '3 5 6 ' '6 ' "$(text_of "$d")" "$col: a new row"
	db "INSERT INTO c (id, v, $col) VALUES (7, 'x', $(sql_of "$c"))"
	cursor_sync st accepted -t c --cursor "$col" --cursor-state st
	is_read '3 6 ' '' "$(text_of "$d")" "$col: a late row is not seen"
	cursor_sync st accepted -t c --cursor "$col" --cursor-state st --overlap "$overlap"
	is_read '3 5 6 7 ' '7 ' "$(text_of "$d")" "$col: a late row and the overlap"
	# another model reads all, the same one goes on from there
	cursor_sync st accepted -e "SELECT * FROM c WHERE id < 99" --cursor "$col" --cursor-state st
	is_read '1 2 3 4 5 6 7 ' '1 ' "$(text_of "$d")" "$col: another model"
	cursor_sync st accepted -e "SELECT * FROM c WHERE id < 99" --cursor "$col" --cursor-state st
	is_read '3 6 ' '' "$(text_of "$d")" "$col: the other model again"
}
