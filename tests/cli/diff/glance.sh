# glance.sh - rows known by their lines: the output is to the byte what it is
# when every row is read
. "$TOP/tests/tool/lib.sh"
export RUDDER_RUN_ID=r1000000000000000000
seed 1

# table N [AWK]: rows 1 to N, each through the AWK program, which may set r
table() {
	awk -v n="$1" "function row(i) {return sprintf(\"{\\\"id\\\":%d,\\\"c\\\":\\\"%s\\\",\\\"at\\\":%d,\\\"v\\\":[%d,{\\\"id\\\":5}]}\", i, i % 3 ? \"x\" : \"\\303\\251\", i % 5, i)}
		BEGIN {srand(1); for (i = 1; i <= n; i++) {r = row(i); ${2-} print r}}"
}
spaced='gsub(/,"/, " , \"", r);'

# deliver STATE OPTIONS...: in becomes the state
deliver() {
	state=$1
	shift
	rudder-diff -s "$state" "$@" in | ack accepted | rudder-diff --commit -s "$state"
}
# same INPUT OPTIONS...: what is made of it by the state that knows its lines
# (st), and by the one that has the same rows and not their lines (read)
same() {
	file=$1
	shift
	for s in st read; do
		got=0
		rudder-diff -n -s $s "$@" "$file" >$s.out 2>$s.err || got=$?
		ownerless $s.err
		echo "status $got" >>$s.out
	done
	cmp st.out read.out || fail "$file $*: as read: $(diff st.out read.out | head -n 5)"
	cmp st.err read.err || fail "$file $*: $(diff st.err read.err)"
}
states() { # KEY [OPTIONS OF DIFF]: both, of the same rows
	key=$1
	shift
	rm -rf st read
	table 3000 | rows >in
	deliver st -k "$key" "$@"
	table 3000 "$spaced" | rows >in
	deliver read -k "$key" "$@"
}

for key in id c,id; do
	states $key
	table 3000 | rows >all
	same all --mode mirror
	is 3000 "$(grep -o '"unchanged":[0-9]*' st.out | cut -d : -f 2)" 'unchanged'
	# some change, some go, some come, some are new, some have no key
	table 3100 'if (rand() < 0.1) sub(/"at":/, "\"at\":1", r); if (rand() < 0.02) r = "{\"c\":\"y\"}"; if (rand() < 0.05) continue;' | rows >some
	same some --mode mirror --max-deletes 100%
	same some --mode insert-only
	same some --mode update-only
	same some --mode full
	same some --max-changes 10
	# half of the lines in other bytes, other orders, with white space around
	table 3000 "if (i % 2) {$spaced} if (i % 7 == 0) {sub(/^{\"id\":[0-9]*,/, \"{\", r); sub(/}\$/, \",\\\"id\\\":\" i \"}\", r)} if (i % 11 == 0) r = \" \" r \"\\r\";" | rows >forms
	same forms --mode mirror --max-deletes 100%
	# keys twice, the first or the second as it was delivered
	table 3000 'if (i % 4 == 1) print r; if (i % 4 == 2) {s = r; sub(/"at":/, "\"at\":1", s); print s} if (i % 4 == 3) {print r; sub(/"at":/, "\"at\":1", r)} if (i % 40 == 0) print row(int(rand() * i) + 1);' | rows >twice
	same twice --mode mirror
	# invalid lines, and other control lines
	table 3000 'if (i % 50 == 0) r = substr(r, 1, 9); if (i % 77 == 0) r = r r; if (i % 91 == 0) r = ""; if (i % 97 == 0) {print r; r = "{\"_rudder\":{\"type\":\"other\"}}"} if (i % 99 == 0) sub(/}$/, ",\"_rudder\":{\"type\":\"change\",\"change\":\"0123456789abcdef0123456789abcdef\"}}", r); if (i % 100 == 0) r = "{\"_rudder\":{\"type\":\"reject\",\"stage\":\"query\"}}";' >bad
	{ rows <bad | sed '$d' && echo '{"_rudder":{"type":"end","stream":"rows"}}'; } >bad.rows
	same bad.rows --any-counts
	same bad.rows --mode mirror --any-counts
	# without an end, cut in a line, with a line after the end line, too long lines
	sed '$d' all >cut
	same cut --mode mirror
	same cut --trust-eof --mode mirror
	head -c 100000 all >torn
	same torn --mode mirror
	table 3000 | sed '$d' | rows >behind
	table 3000 | tail -n 1 >>behind
	same behind
	table 3000 'if (i == 1500) {s = r; sub(/"c":"/, sprintf("&%9000s", ""), s); print s}' | rows >long
	same long --max-line 1000
	same all --max-line 40
	# the lists of columns count as they do when rows are read
	same all --ignore at
	same all --compare 'c,at'
	same all --keep row
	same all --tag t1
	same all --tag t1 --on-tag-change changed
	same all --full
done

# a row that is sent for its tag, or values to be kept, is not passed over
states id --tag t1 --keep c
same all --tag t1
same all --tag t2 --on-tag-change none
same all --tag t2
same all --keep at
same some --keep c --mode mirror --max-deletes 100%
same all --ignore v
is 0 "$(grep -o '"updates":[0-9]*' st.out | cut -d : -f 2)" 'another list of columns sends nothing'

# a column that does not count any more and then goes away is missed by none:
# rows that were known by their lines have the content of the new list
states id --ignore at
for s in st read; do
	cp all in
	rudder-diff -s $s in | ack accepted | rudder-diff --commit -s $s
done
table 3000 'sub(/"at":[0-9]*,/, "", r);' | rows >in
same in
is 3000 "$(grep -o '"updates":[0-9]*' st.out | cut -d : -f 2)" 'a column that went away'

# values that are asked for later are kept of rows that are known by their lines
states id
for s in st read; do
	rudder-diff -s $s --keep at,v some | ack accepted | rudder-diff --commit -s $s || :
	rudder-diff --dump -s $s | jq -c '[.id, .kept]' >$s.kept
done
cmp st.kept read.kept || fail 'what is kept'
is 0 "$(sed '1d;$d' some | jq -c 'select(.id) | [(.id | tostring), {at, v}]' | grep -cvxFf st.kept)" 'rows of which something lacks'

# an unacknowledged change is sent again though its row is as it was delivered
states id
for s in st read; do
	rudder-diff -s $s --mode mirror --max-deletes 100% some >out || :
done
same all --mode mirror
grep -q '"action":"update"' st.out || fail 'not sent again'
# and a run that goes on finds duplicates as before
same twice --mode mirror

# through a pipe, in pieces
{ cat all; } | rudder-diff -n -s st --mode mirror >piped
rudder-diff -n -s st --mode mirror all >whole
cmp piped whole || fail 'through a pipe'
{ while IFS= read -r l; do printf '%s\n' "$l"; done; } <all | rudder-diff -n -s st --mode mirror >piped
cmp piped whole || fail 'line by line'

# two files
table 3000 >old
for f in some twice forms; do
	sed '1d;$d' $f >new
	table 3000 "$spaced" >spaced
	rudder-diff -k id old new >known 2>known.err || :
	rudder-diff -k id spaced new >read.out 2>read.err || :
	cmp known read.out || fail "two files, $f"
done
