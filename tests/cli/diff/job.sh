# job.sh - context.sources.job_id is that of the state, whatever the model
. "$TOP/tests/tool/lib.sh"
job() { rudder-map -t identify -u id "$@" | jq -r 'select(.type).context.sources.job_id' | sort -u; }
of_model() { sed "1s/\"stream\"/\"model\":\"$1\",&/"; } # MODEL: in the begin line
echo '{"id":1}' | rows >one
echo '{"id":2}' | rows >two
of_model m1 <one | rudder-diff -k id -s st >out
first=$(job <out)
is 20 "$(printf %s "$first" | wc -c)" 'length of an id'
ack accepted <out | rudder-diff --commit -s st
is "$first" "$(of_model m2 <two | rudder-diff -s st | job)" 'another model'
is "$first" "$(of_model m2 <two | rudder-diff -s st -n | job)" 'a dry run'
of_model m2 <two | rudder-diff -s st | ack accepted | rudder-diff --commit -s st
is "$first" "$(of_model m3 <one | rudder-diff -s st --full | job)" 'after the commit'
[ "$first" != "$(of_model m1 <one | rudder-diff -k id -s other | job)" ] || fail 'another state has the same'
is mine "$(of_model m1 <one | rudder-diff -s st --full | job --job-id mine)" 'as the settings say'
is m1 "$(of_model m1 <one | job)" 'rows have the model'
is m1 "$(of_model m1 <one | rudder-diff -n -k id -s none | job)" 'no state yet'
rm -r other
cp -r st other
is "$first" "$(of_model m1 <one | rudder-diff -s other --full | job)" 'a copy, as from a backup'
