#!/bin/sh
# A signal ends rudder-send wherever it is held up.
. "$TOP/tests/tool/lib.sh"
. "$TOP/tests/tool/fake.sh"
unset RUDDER_WRITE_KEY
events 20000 >in
mkfifo fifo

# dies WHAT COMMAND ...: by SIGTERM, soon
dies() {
	what=$1
	shift
	(
		trap - TERM
		exec timeout -s KILL 25 "$@" <in >"${out:-out}" 2>err
	) &
	pid=$!
	sleep 0.7
	child=$(pgrep -P $pid || echo $pid)
	kill -TERM "$child"
	rc=0
	wait $pid || rc=$?
	is 143 $rc "$what: status ($(cat err))"
}

dies 'a key file that is a FIFO' rudder-send -d rudder:http://127.0.0.1:1/ --write-key-file fifo
dies 'receipts to a FIFO' rudder-send -d null: --receipts fifo --grace 1s
dies 'statistics to a FIFO' rudder-send -d null: --stats fifo --grace 1s

# a reader that reads nothing
{ exec sleep 60; } <fifo &
sleeper=$!
exec 4>fifo
out=fifo dies 'receipts nobody reads' rudder-send -d null: --grace 1s
dies 'a file: nobody reads' rudder-send -d file:fifo --grace 1s
exec 4>&-
kill $sleeper

# a name server that does not answer
printf 'k\n' >key
chmod 600 key
head -n 10 in >few
mv few in
SHIM_DNS=1 LD_PRELOAD=$B/tool/shim.so ASAN_OPTIONS=${ASAN_OPTIONS:-}:verify_asan_link_order=0
export SHIM_DNS ASAN_OPTIONS
dies 'a name' env LD_PRELOAD="$LD_PRELOAD" rudder-send -d rudder:https://name.invalid/ --write-key-file key --grace 1s
