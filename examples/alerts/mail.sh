#!/bin/sh
# mail.sh - a mail about a run. MAIL is sendmail -t, or what takes its place.
set -eu
jq -r '"To: data@example.com
Subject: sync \(.sync) ended with status \(.status)

" + ([.destinations[] | "\(.name // "") \(.run.stage // "?"): \(.run.reason // "")"] | join("\n")) + "

rudder log \(.file) shows the runs before."' | ${MAIL:-sendmail -t}
