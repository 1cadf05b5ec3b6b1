#!/bin/sh
# Metrics for Prometheus and a page for everybody, from the states of any
# pipelines, without a sync file.
. "$(dirname "$0")/../begin.sh"
needs sqlite3
needs_rudder status
warehouse
sync() { # NAME DESTINATION
	rudder-query -d "$WAREHOUSE" -t customers | rudder-diff -k id -s "state/$1" |
		rudder-map -t identify -u id -c email,plan | rudder-send -d "$2" --retry-max-time 0s |
		rudder-diff --commit -s "state/$1"
}
sync crm file:crm.ndjson
status 69 sync ads 'exec:exit 69' 2>messages

title 'For people'
rudder status

title 'For Prometheus: every metric of the rules is there'
rudder status --format prometheus -o rudder.prom
grep -v '^#' rudder.prom | grep 'level\|failing'
grep -o 'rudder_[a-z_]*' alerts.yml | sort -u | while read -r metric; do
	grep -q "^$metric{" rudder.prom || { echo "no metric $metric" >&2; exit 1; }
done

title 'For everybody: one page'
rudder status --format html -o syncs.html
expect 'sections' 2 "$(grep -c '<section' syncs.html)"

title 'For a check: status 4 when a sync is stale'
status 4 rudder status --max-age 26h >table 2>messages
cat messages
