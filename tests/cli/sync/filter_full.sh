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
