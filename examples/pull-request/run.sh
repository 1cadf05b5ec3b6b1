#!/bin/sh
# A change of a model is reviewed before anything is sent: a plan with the exact
# events, a comment for the pull request, then apply or decline.
. "$(dirname "$0")/../begin.sh"
needs sqlite3
needs_rudder plan
warehouse
rudder run
expect 'what is there' 2 "$(wc -l <sent.ndjson)"
plan() { rudder plan --sample 0 --format markdown -o customers.plan syncs/customers.yaml >comment.md; }

title 'The model changes: the plan, and the comment without values of rows'
echo 'SELECT id, email, plan FROM customers WHERE consent = 1' >models/customers.sql
plan
cat comment.md
if grep -q '@' comment.md; then exit 1; fi

title 'While it waits, nothing else is sent'
status 75 rudder run 2>messages
cat messages
expect 'what is there' 2 "$(wc -l <sent.ndjson)"

title 'Declined: nothing is sent, and the next plan has it again'
got=0
rudder apply --decline customers.plan 2>messages || got=$?
expect 'declined' '0 or 1' "$([ $got -le 1 ] && echo '0 or 1')"
expect 'what is there' 2 "$(wc -l <sent.ndjson)"
rm -f customers.plan
plan

title 'Somebody edits the plan: it is refused'
sed 's/alan@/mallory@/' customers.plan >edited
chmod 600 edited
got=0
rudder apply edited 2>messages || got=$?
cat messages
expect 'an edited plan' '65 or 78' "$(case $got in 65 | 78) echo '65 or 78' ;; *) echo $got ;; esac)"
expect 'what is there' 2 "$(wc -l <sent.ndjson)"

title 'Merged: exactly these events'
rudder apply customers.plan
tail -n 2 sent.ndjson | jq -c '[.type, .userId, .event]'
expect 'what is there' 4 "$(wc -l <sent.ndjson)"
