# joined.sh - a commit that is fed what is not one stream of receipts: status 65,
# the reason, and what was read before it is applied all the same
. "$TOP/tests/tool/lib.sh"
first() { # two changes and their receipts, of which a second run has none
	rm -rf st
	printf '%s\n' '{"id":1}' '{"id":2}' | rows | rudder-diff -k id -s st >ch
	ack accepted <ch >receipts
}
pending() { printf '%s\n' '{"id":1}' '{"id":2}' | rows | rudder-diff -k id -s st | changes; }

first
{
	cat receipts
	echo '{"status":"accepted"}'
} >in
status 65 rudder-diff --commit -s st <in
says 'a line after the end line'
is '' "$(pending)" 'pending after a line after the end line'

first
cat receipts receipts >in
status 65 rudder-diff --commit -s st <in
says 'a second begin line: two streams were concatenated; give each to a command of its own'
is '' "$(pending)" 'pending after two streams'

first
{
	sed '$d' receipts
	cat receipts
} >in
status 65 rudder-diff --commit -s st <in
says 'a second begin line: two streams were concatenated; give each to a command of its own'
is '' "$(pending)" 'pending after two streams without an end'

# what stands behind the fault is not applied
first
{
	sed 2q receipts
	sed 1q receipts
	sed 1,2d receipts
} >in
status 65 rudder-diff --commit -s st <in
is 'insert 2' "$(pending)" 'pending after the fault'

# receipts that jq has laid out: the first lines are named, the others counted
first
jq . receipts >in
status 65 rudder-diff --commit -s st <in
says 'warning: line 1: byte 2: unexpected end of line'
says "warning: $(($(wc -l <in) - 5)) more lines are not valid"
is 7 "$(wc -l <err)" "messages: $(cat err)"
is 'insert 1
insert 2' "$(pending)" 'pending after receipts that jq has laid out'
