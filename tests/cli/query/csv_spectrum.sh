# rudder-query on the files of csv-spectrum, compared with their JSON.
# shellcheck shell=sh
set -eu
dir=$TOP/../shared/corpora/csv-spectrum
[ -d "$dir" ] || { echo "skipped: no csv-spectrum beside the project"; exit 77; }
command -v jq >/dev/null || { echo "skipped: no jq"; exit 77; }
bad=0
n=0
for f in "$dir"/csvs/*.csv; do
	name=$(basename "$f" .csv)
	# CSV has no null there: a bare empty field is "" in its JSON
	# and the phone number of one file is another in its JSON
	rudder-query -d "csv:$f" | jq -cS 'select(has("_rudder") | not) | map_values(. // "") | del(.["Contact Phone Number"])' >got
	jq -cS '(arrays | .[]), objects | map_values(tostring) | del(.["Contact Phone Number"])' "$dir/json/$name.json" >wanted
	diff -u wanted got || { echo "FAIL $name"; bad=1; }
	n=$((n + 1))
done
[ $n -ge 12 ] || { echo "only $n files"; bad=1; }
exit $bad
