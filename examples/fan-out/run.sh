#!/bin/sh
# One query feeds two destinations; the one that is down does not stop the other
# and gets what it lacks in the next run.
. "$(dirname "$0")/../begin.sh"
needs sqlite3
needs_rudder run
warehouse
receiver -o events
CRM=http://127.0.0.1:1 CRM_KEY=secret
export CRM CRM_KEY

title 'The CRM is down: the archive gets its rows'
status 69 rudder run 2>messages
cat messages
expect 'the archive' 3 "$(wc -l <archive.ndjson)"
rudder status --format json | jq -r '"\(.sync): \(.word)"'

title 'The CRM is back: it gets what it lacks, the archive nothing'
CRM=$URL
rudder run
expect 'the CRM' 3 "$(wc -l <events)"
expect 'the archive' 3 "$(wc -l <archive.ndjson)"
rudder status --format json | jq -r '"\(.sync): \(.word)"'
