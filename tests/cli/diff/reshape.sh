#!/bin/sh
# reshape.sh - changes undone, and written in other forms
set -eu
# shellcheck source=tests/tool/lib.sh
. "$TOP/tests/tool/lib.sh"
jq() { command jq "$@" | short_numbers; }
RUDDER_RUN_ID=dc1rs383p4j7o8q8vg8g
export RUDDER_RUN_ID
told() { jq -c 'select(._rudder.change) | [._rudder.action, ._rudder.before, del(._rudder)]' | sort; }

printf '{"id":1,"a":1,"b":"x"}\n{"id":2,"a":2}\n{"id":3}\n{"id":5,"a":0}\n' >old
printf '{"a":1.50,"id":1,"b":null}\n{"id":4,"a":2}\n{"id":5,"a":0.0}\n' >new
rudder-diff -k id --keep row old new >changes
status 0 rudder-diff --invert changes >back
is '["delete",null,{"id":4,"a":2}]
["insert",null,{"id":2,"a":2}]
["insert",null,{"id":3}]
["update",{"a":1.5,"id":1,"b":null},{"id":1,"a":1,"b":"x"}]' "$(told <back)" 'the inverse'
grep -qF '"changed":["a","b"],"before":{"a":1.50,"id":1,"b":null}' back || fail 'digits or columns that changed are not kept'
is delete "$(sed -n 's/.*"action":"\([a-z]*\)".*/\1/p' back | tail -n 1)" 'last action'
is '' "$(cat changes back | jq -r '._rudder.change // empty' | sort | uniq -d)" 'ids that stand for two changes'
# the inverse of the inverse, and that of sorted files, are the changes
change_lines() { grep '"type":"change"' "$1" | LC_ALL=C sort; }
is '"row" null' "$(jq -r '._rudder | select(.type == "begin") | "\(.keep | tojson) \(.state)"' back)" 'what the deletes of an inverse have'
rudder-diff --invert <back >again
is "$(change_lines changes)" "$(change_lines again)" 'inverted twice'
rudder-diff -k id --keep row --sorted old new | rudder-diff --invert >back.sorted
is "$(change_lines back)" "$(change_lines back.sorted)" 'of sorted files'

# what is not known is reported, line by line
rudder-diff -k id old new | status 1 rudder-diff --invert >out
says '3 of 4 changes are missing: 2 × the change lacks the deleted row: run rudder-diff with --keep row (from line 4), 1 × the change lacks the previous row'
is '2 the change lacks the deleted row: run rudder-diff with --keep row
3 the change lacks the previous row: run rudder-diff with --keep row' "$(jq -r 'select(._rudder.reason) | ._rudder.reason' out | sort | uniq -c | sed 's/^ *//; s/^1 /3 /')" 'rejects'
grep -q '"changes":1,"rejects":3' out || fail 'the end line does not count'
rudder-diff -k id --keep a old new | status 1 rudder-diff --invert >out
is 3 "$(grep -c '"type":"reject"' out)" 'rejects where a column is kept'

# of a state: its inverse does not belong to it
rows <old | rudder-diff -k id -s st --keep row | ack accepted | rudder-diff --commit -s st
rows <new | sed "s/r0000000000000000001/$RUDDER_RUN_ID/" | rudder-diff -s st --mode mirror --keep row --accept-connection --on-mapping-change changed >changes
is 32 "$(sed 1q changes | jq -r ._rudder.salt | tr -d '\n' | wc -c)" 'digits of the salt'
rudder-diff --invert changes >back
is '' "$(sed 1q back | grep -e state -e attempt -e salt -e '"was"' -e accept_connection -e on_mapping_change)" 'a state in the inverse'
is "$(jq -cS . old | sort)" "$(told <back | jq -cS 'select(.[0] != "delete") | .[2]' | cat - new | jq -cS 'select(.id != 4 and .a != 1.50)' | sort)" 'the old rows'

# truncated, no changes, garbage
sed '$d' changes | status 65 rudder-diff --invert >out
is '' "$(grep -e '"delete"' -e '"end"' out)" 'deletes and end of what was cut'
rows <new | status 65 rudder-diff --invert >out
says 'expected changes, but the stream holds rows'
status 65 rudder-diff --invert new >out
says 'data before the begin line of rudder-diff'
{ sed '$d' changes && echo '{"id":9}' && echo '{' && echo '{"_rudder":{"type":"end","stream":"changes"}}'; } | status 1 rudder-diff --invert >out
is 2 "$(grep -c '"type":"reject"' out)" 'rejects'
status 64 rudder-diff --invert -s st
status 64 rudder-diff --invert --format record changes
status 64 rudder-diff --format invert changes
says "'invert' is not debezium or record"

# Debezium: no control lines; status 1 when something is missing
status 0 rudder-diff --format debezium changes >out
is '["c",null,{"id":4,"a":2}]
["d",{"id":2,"a":2},null]
["d",{"id":3},null]
["u",{"id":1,"a":1,"b":"x"},{"a":1.5,"id":1,"b":null}]' "$(jq -c '[.op, .before, .after]' out | sort)" 'Debezium'
is '["rudder","dc1rs383p4j7o8q8vg8g",null]' "$(jq -c '[.source.connector, .source.run, .transaction]' out | uniq)" 'its source'
is '"1" "2" "3" "4"' "$(jq -c .source.key out | sort | paste -sd' ' -)" 'its keys'
is true "$(jq -s 'all(.ts_ms == .source.ts_ms and .ts_ms > 1577836800000)' out)" 'its time'
{ sed '$d' changes && echo '{' && echo '{"_rudder":{"type":"end","stream":"changes"}}'; } | status 1 rudder-diff --format debezium >out
is 4 "$(wc -l <out)" 'lines'

# record events, which may be sent and committed
status 0 rudder-diff --format record changes >out
is '["delete",{"a":2},{"id":2}]
["delete",{},{"id":3}]
["insert",{"a":2},{"id":4}]
["update",{"a":1.5,"b":null},{"id":1}]' "$(jq -c 'select(.type) | [.action, .fields, .identifiers]' out | sort)" 'records'
is true "$(jq -s 'map(select(.type) | keys_unsorted | . == sort) | all' out)" 'members in order'
rudder-send -d file:sent <out >receipts
status 0 rudder-diff --commit -s st receipts
is 4 "$(grep -c . sent)" 'events'
rows <new | sed "s/r0000000000000000001/$RUDDER_RUN_ID/" | rudder-diff -s st --mode mirror --keep row --accept-connection --on-mapping-change changed >changes
is '' "$(changes <changes)" 'changes after the commit'

# a change whose members are of the wrong kind is rejected in every form, never half written
one() {
	printf '{"_rudder":{"type":"begin","stream":"changes","key":["id"]}}\n'
	printf '{"_rudder":{"type":"change",%s,"change":"0123456789abcdef0123456789abcdef","whole":true},%s}\n' "$1" "$2"
	printf '{"_rudder":{"type":"end","stream":"changes","changes":1}}\n'
}
while IFS='|' read -r members row why; do
	for form in --invert '--format record' '--format debezium'; do
		# shellcheck disable=SC2086
		one "$members" "$row" | status 1 rudder-diff $form >out
		says '1 of 1 changes is missing'
		jq -e . out >jq.out || [ ! -s out ] || fail "$form of $members is not JSON"
		is 0 "$(grep -vc '"_rudder":{"type":"[ber]' out)" "$form of $members: changes"
		[ "$form" = '--format debezium' ] ||
			is "$why" "$(jq -r '._rudder.reason // empty' out)" "$form of $members: reason"
	done
done <<'.'
"action":"insert","id":5|"id":1|the change's id is missing or not a string
"action":"update","id":null,"before":{"id":1}|"id":1|the change's id is missing or not a string
"action":"delete","id":{"a":"b"}|"id":1|the change's id is missing or not a string
"action":"delete"|"id":1|the change's id is missing or not a string
"action":"upsert","id":"1"|"id":1|the change's action is not insert, update or delete
"action":7,"id":"1"|"id":1|the change's action is not insert, update or delete
"id":"1"|"id":1|the change's action is not insert, update or delete
"action":"update","id":"1","before":[1]|"id":1|the change's member 'before' is not an object
"action":"insert","id":"1"|"a":1|the change lacks its key column
.

# a begin line without a key is one of the stream, not of a state
for key in '' ',"key":5' ',"key":[]' ',"key":[""]' ',"key":["a"],"identity":7'; do
	printf '{"_rudder":{"type":"begin","stream":"changes"%s}}\n' "$key" | status 65 rudder-diff --invert >out
	says 'line 1: the begin line names no key columns'
done

# an end line that has the count of another form already
printf '{"_rudder":{"type":"begin","stream":"changes","key":["id"]}}\n{"_rudder":{"type":"end","stream":"changes","changes":0,"events":7}}\n' |
	status 0 rudder-diff --format record >out
is 1 "$(tail -n 1 out | grep -o '"events":[0-9]' | wc -l)" 'counts of events in the end line'
