# ends.sh - where a stream of events begins and ends without one of rows, and tests of a
# mapping whose files cannot be written
. "$TOP/tests/tool/lib.sh"
begin='{"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000"}}'

printf '{"id":1}\n%s\n' "$begin" | status 65 rudder-map -t identify -u id >out
says 'line 2: a begin line after data'
! grep -q '"type":"end"' out || fail 'an end after a begin line in the middle'

# sealed without a begin line: the seal is of all events
printf '{"id":1}\n' | rudder-map --seal --trust-eof -t identify -u id >out
is true "$(jq 'select(._rudder.type == "begin") | ._rudder.sealed' out)" 'the begin line'
is 32 "$(jq -r 'select(._rudder.type == "end") | ._rudder.seal' out | tr -d '\n' | wc -c)" 'the seal'
printf '{"id":2}\n' | rudder-map --seal --trust-eof -t identify -u id >other
[ "$(jq -r '._rudder.seal // empty' out)" != "$(jq -r '._rudder.seal // empty' other)" ] || fail 'one seal for two events'

# tests of a mapping: the expected events are a link into a folder that does not exist
mkdir cases
ln -s none/one.events cases/one.events
echo '{"id":1}' >cases/one.rows
status 73 rudder-map -t identify -u id --test cases --test-update >out
says "'cases/one.events'"
