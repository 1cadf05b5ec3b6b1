#!/bin/sh
# plan.sh - what a merge would send: the events to the file plan, and a summary in
# Markdown for a comment. Nothing is sent; until the plan is applied or declined,
# every other run of this state ends with status 75.
set -eu
rudder-query -d "$WAREHOUSE" models/customers.sql |
	rudder-diff -k id -s state/customers --mode mirror --keep row --hold |
	tee changes |
	rudder-map -t identify -u id -c email,plan --delete-event 'Customer Removed' --seal >plan

count() { jq -s --arg a "$1" 'map(select(._rudder.action? == $a and ._rudder.type? == "change")) | length' changes; }
cat >comment.md <<EOT
### Plan for \`customers\`

| new | changed | deleted |
|---:|---:|---:|
| $(count insert) | $(count update) | $(count delete) |

<details><summary>The first events, without values</summary>

\`\`\`json
$(jq -c 'select(._rudder | not) | {type, userId, event, traits: (.traits // {} | keys)}' plan | head -n 5)
\`\`\`
</details>
EOT
rm changes
