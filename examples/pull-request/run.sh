#!/bin/sh
# A change of a model is reviewed before anything is sent: a plan with the exact
# events, a comment for the pull request, then apply or decline.
. "$(dirname "$0")/../begin.sh"
needs sqlite3
needs jq
warehouse
DEST=file:sent.ndjson
export DEST
sh plan.sh
sh apply.sh
expect 'what is there' 2 "$(wc -l <sent.ndjson)"

title 'The model changes: the plan, and the comment'
echo 'SELECT id, email, plan FROM customers WHERE consent = 1' >models/customers.sql
status 0 sh plan.sh
cat comment.md
grep -qx '| 1 | 0 | 1 |' comment.md

title 'While it waits, nothing else is sent'
status 75 sh -c "rudder-query -d '$WAREHOUSE' models/customers.sql | rudder-diff -s state/customers --mode mirror >more" 2>messages
cat messages
expect 'what is there' 2 "$(wc -l <sent.ndjson)"

title 'Declined: nothing is sent, and the next plan has it again'
status 1 sh apply.sh decline 2>messages
expect 'what is there' 2 "$(wc -l <sent.ndjson)"
sh plan.sh
grep -qx '| 1 | 0 | 1 |' comment.md

title 'Somebody edits the plan: it is refused'
sed 's/alan@/mallory@/' plan >edited
status 65 rudder-send -d "$DEST" <edited >receipts 2>messages
cat messages
expect 'what is there' 2 "$(wc -l <sent.ndjson)"

title 'Merged: exactly these events'
sh apply.sh
tail -n 2 sent.ndjson | jq -c '[.type, .userId, .event]'
expect 'what is there' 4 "$(wc -l <sent.ndjson)"
