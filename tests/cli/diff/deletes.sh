# deletes.sh - when missing rows are deleted, and when not
. "$TOP/tests/tool/lib.sh"
D="rudder-diff -k id -s st --mode mirror"

numbers() { seq "$1" "$2" | sed 's/.*/{"id":&}/'; }

numbers 1 500 | sync_all -k id -s st --mode mirror >/dev/null

# an input without its end line deletes nothing, and says so by its status
numbers 1 10 | rows | sed '$d' >cut
status 65 $D cut >out
says 'input ended without its end line after 10 rows'
is '' "$(changes <out)" 'changes of a cut input'
grep -q '"type":"end"' out && fail 'an end line after a cut input'

# the same for a stream cut inside a line, and for a count that does not fit
numbers 1 10 | rows | head -c -3 >cut
status 65 $D cut >out
says 'input truncated inside line 12'
is '' "$(changes <out)" 'changes of a cut line'
numbers 1 500 | rows | sed 7d >cut
status 65 $D cut >out
says 'the end line counts 500 rows, but 499 arrived'
is '' "$(changes <out)" 'changes of a short count'

# --any-counts is for a filter in between
numbers 1 500 | rows | sed 7d | $D --any-counts >out
is 'delete 6' "$(changes <out)" 'delete with --any-counts'
ack accepted <out | rudder-diff --commit -s st

# a line behind end, two streams in one
numbers 1 500 | sed 6d >all
{ rows <all; echo '{"id":9}'; } >long
status 65 $D long >out
says 'line 502: a line after the end line'
{ rows <all; rows <all; } >two
status 65 $D two >out

# an empty result, and one with too few rows, blocks all deletes
: | rows >none
status 3 $D none >out
says '499 of 499 keys (100.0 %) would be deleted; blocked by delete guard empty, count: the input has no rows; check the rows, and to allow these deletes run again with --allow-deletes=499,empty'
is '' "$(changes <out)" 'changes of an empty input'
grep -q '"blocked":499' out || fail 'blocked is not in the end line'
ack accepted <out >receipts
status 3 rudder-diff --commit -s st receipts
says "499 deletes were blocked"
numbers 1 398 | sed 6d >few
echo '{"id":1000}' >>few
rows <few >f
status 3 $D f >out
says '102 of 499 keys (20.4 %) would be deleted'
is 'insert 1000' "$(changes <out)" 'inserts flow while deletes are blocked'

# the exact number allows them, a different one does not
status 3 $D --allow-deletes=101 f >out
status 0 $D --allow-deletes=102 f >out
is 102 "$(changes <out | grep -c delete)" 'permitted deletes'
is 'insert 1000' "$(changes <out | grep -v delete)" 'and the insert'
# deletes go last
is delete "$(sed -n 's/.*"action":"\([a-z]*\)".*/\1/p' out | tail -n 102 | sort -u)" 'last changes'
ack accepted <out | rudder-diff --commit -s st

# --max-deletes as a count
numbers 1 390 | rows >g
status 3 $D --max-deletes 8 g >out
status 0 $D --max-deletes 9 g >out
is 9 "$(changes <out | grep -c delete)" 'deletes within the limit'
ack accepted <out | rudder-diff --commit -s st

# a refused row has a key that nobody knows: nothing is concluded
{ numbers 1 389; echo '{"id":390'; } | rows >bad
status 3 $D bad >out
says 'guard unreadable: 1 row could not be read (line 391), so it is not known which keys are missing'
is '' "$(changes <out)" 'changes beside a refused row'
is 1 "$(wc -l <err)" 'lines of a bad row'
# so has a row without a key, as all have when its column got another name
while read -r row why; do
	{ numbers 1 389; echo "$row"; } | rows >bad
	status 3 $D bad >out
	says "guard unreadable: 1 row has no key (key column 'id' $why, line 391), so it is not known which keys are missing"
	is '' "$(changes <out)" "changes beside $row"
	is 1 "$(wc -l <err)" "lines of $row"
done <<'EOF'
{"id":null} is null
{"ID":390} is missing
{"id":[390]} is not a scalar
EOF
# other rejects are reported beside blocked deletes
{ numbers 1 200; numbers 7 8; echo '{"id":null}'; } | rows >bad
status 3 $D bad >out
says 'guard unreadable, count: 1 row has no key'
says "warning: 3 of 203 rows rejected: 2 × duplicate key in column 'id' (from line 202), 1 × key column 'id' is null (line 204)"
{ numbers 1 200; numbers 7 7; } | rows >bad
status 3 $D bad >out
says 'guard count: more than the limit'
says "warning: 1 of 201 rows rejected: 1 × duplicate key in column 'id' (line 202)"
# so has a row that was refused upstream
numbers 1 389 | rows | sed '1a {"_rudder":{"type":"reject","stage":"query","line":1,"reason":"x"}}' >bad
status 3 $D bad >out
says 'guard unreadable: 1 row was rejected by an earlier stage, so it is not known which keys are missing'
grep -q '"stage":"query"' out || fail 'the reject of query is missing'

# a canary that is missing blocks them, by number or by text
numbers 2 390 | rows >h
status 3 $D --require-key 1 h >out
says 'a key of --require-key is missing'
is '' "$(changes <out)" 'changes without the canary'
status 0 $D -n --require-key 2 --require-key 390 h >out
is 'delete 1' "$(changes <out)" 'changes with canaries'

# --trust-eof ends a stream, but permits no deletes
numbers 1 389 >plain
status 3 $D --trust-eof plain >out
status 3 $D --trust-eof --allow-deletes 1 plain >out
status 0 $D --trust-eof --allow-deletes 1,truncated plain >out
is 'delete 390' "$(changes <out)" 'trusted'
ack accepted <out | rudder-diff --commit -s st

# nothing is concluded from rows that were left out on purpose
numbers 1 388 | rows | sed '$s/}}$/,"partial":true}}/' >part
status 3 $D part >out
says 'rows were omitted on purpose (--limit, --since, --end-from)'
is '' "$(changes <out)" 'changes of a part'

# upsert deletes nothing, and remembers; full sends all
numbers 1 380 | rows | rudder-diff -s st >out
is '' "$(changes <out)" 'upsert'
numbers 1 380 | rows | rudder-diff -s st --mode full >out
is 380 "$(changes <out | grep -c update)" 'full'
ack accepted <out | rudder-diff --commit -s st
numbers 1 380 | rows | $D >out
is 9 "$(changes <out | grep -c delete)" 'mirror after upsert'

# a dry run shows the same and writes nothing
cp -r st kept
numbers 1 380 | rows | $D -n >dry
diff -r st kept || fail 'a dry run wrote'
is "$(changes <out)" "$(changes <dry)" 'dry run'

# a filter in between: its rows are those of the state
printf 'id,v\n1,a\n2,b\n3,a\n' >users.csv
filtered() { rudder-query -d csv:users.csv | rudder filter -- grep '"v":"a"' | rudder-diff -k id -s of --mode mirror; }
filtered >out
is 'insert 1 insert 3 ' "$(changes <out | tr '\n' ' ')" 'filtered'
ack accepted <out | rudder-diff --commit -s of
printf 'id,v\n1,a\n2,b\n3,b\n' >users.csv
filtered >out
is 'delete 3' "$(changes <out)" 'filtered out'
# a producer that dies behind it
printf 'id,v\n1,a\n2,"b\n' >users.csv
got=0
filtered >out 2>err || got=$?
is 65 $got 'status of a dead producer'
is '' "$(changes <out)" 'changes of a dead producer'

# the end line in a file says nothing of the filter: one that is killed after
# the producer has finished, and yesterday's file of one that did not start
printf 'id,v\n1,a\n2,a\n3,a\n' >users.csv
rm -rf of
filtered >out
ack accepted <out | rudder-diff --commit -s of
rudder-query -d csv:users.csv --end-file end >all
from_file() { rudder-diff -k id -s of --mode mirror --end-from end >out 2>err; }
got=0
{ sed 2q all | sed 1d; kill -9 "$(sh -c 'echo $PPID')"; } | from_file || got=$?
is 3 $got 'a killed filter'
is '' "$(changes <out)" 'deletes of a killed filter'
says 'deprecated'
says 'use rudder filter'
got=0
from_file </dev/null || got=$?
is 3 $got 'a producer that did not start'
is '' "$(changes <out)" 'deletes of a producer that did not start'
is 1 "$(grep -c deprecated err)" 'one warning'

# only an end line counts, wherever the member is in it
for wrong in '{"_rudder":{"type":"begin","v":1,"stream":"rows"}}' '{"id":1,"a":{"_rudder":{"type":"end"}}}' '{"id":1}' 'x'; do
	echo "$wrong" >end
	got=0
	echo '{"id":"1","v":"a"}' | from_file || got=$?
	is 65 $got "an invalid end line: $wrong"
	says "'end' has no end line"
done
echo '{"more":1,"_rudder":{"rows":3,"type":"end"}}' >end
got=0
echo '{"id":"1","v":"a"}' | from_file || got=$?
is 3 $got 'an end line with more members'
