# filter_full.sh - rudder filter whose output is full ends at once, though more may come
. "$TOP/tests/tool/lib.sh"
mkfifo open
(
	rc=0
	rudder filter -- cat <open >/dev/full 2>err || rc=$?
	echo $rc >status
) &
exec 3>open
printf '{"id":%d}\n' 1 2 3 | rows | sed '$d' >&3
eventually 'its end' test -s status
exec 3>&-
wait
is 74 "$(cat status)" "status: $(cat err)"
says 'No space left on device'

# the end line, for which the buffer has no room, is not lost in silence: all else is
# there at once when rudder goes on
{ printf '{"id":"' && head -c 65470 /dev/zero | tr '\0' x && echo '"}'; } >line
echo '{"_rudder":{"type":"end","stream":"rows","rows":0}}' >end
# shellcheck disable=SC2016 # of the program
status 74 rudder filter -- sh -c 'kill -STOP $PPID; cat line; exec >&-; kill -CONT $PPID' <end >/dev/full
says 'No space left on device'
