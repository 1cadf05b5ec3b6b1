#!/bin/sh
# Alerts by hooks: a mail and a message to a chat when a run fails, lineage when it
# succeeds.
. "$(dirname "$0")/../begin.sh"
needs sqlite3
needs jq
needs curl
needs_rudder run
warehouse
printf 'always reply 200\n' >script
receiver -R requests -s script
CHAT_URL=$URL/chat OPENLINEAGE_URL=$URL MAIL="tee -a mails"
export CHAT_URL OPENLINEAGE_URL MAIL

title 'A run that succeeds: an event of OpenLineage'
rudder run 2>messages
grep -a '^{' requests | jq -c '[.eventType, .job.name, .inputs[0].inputFacets.dataQualityMetrics.rowCount]'
expect 'lineage' 'COMPLETE 3' "$(grep -a '^{' requests | jq -r '"\(.eventType) \(.inputs[0].inputFacets.dataQualityMetrics.rowCount)"')"

title 'A run that fails: a mail, and a line in the chat'
: >requests
sqlite3 shop.db "UPDATE customers SET plan = 'pro' WHERE id = 2"
OUTCOME=69
export OUTCOME
status 69 rudder run 2>messages
cat mails
grep -a '^{' requests
grep -q '^Subject: sync customers ended with status 69' mails
grep -aq '"text":"sync customers: status 69' requests
