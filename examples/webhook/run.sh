#!/bin/sh
# Rows to a webhook, such as that of a chat: a jq program makes the body, and each
# request is signed.
. "$(dirname "$0")/../begin.sh"
needs sqlite3
needs_rudder run
warehouse
echo secret >sign-key
chmod 600 sign-key
receiver -R requests -s script
HOOK=$URL
export HOOK

title 'Three rows are three requests'
rudder run
grep -a '^{"text"' requests
expect 'requests' 3 "$(grep -ac '^POST /customers ' requests)"

title 'The signature can be checked by whoever has the key'
grep -ai '^webhook-\|^x-.*signature\|^x-rudder' requests | sort | sed 's/\(: *\).*/\1…/' | sort -u
