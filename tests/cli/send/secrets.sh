#!/bin/sh
# A canary key is seen nowhere: output, log, process list, core, or a server
# that a redirect names.
. "$TOP/tests/tool/lib.sh"
. "$TOP/tests/tool/fake.sh"

canary='canary-7f3a91c2'
encoded=$(printf %s: "$canary" | base64)
printf '%s\n' $canary >key
chmod 600 key
unset RUDDER_WRITE_KEY
events 20 >in

clean() { # $1: what happened
	for f in raw err-raw stats seen; do
		[ -e $f ] || continue
		! grep -q -a -e "$canary" -e "${encoded%%=*}" $f || fail "$1: the key is in $f"
	done
}

for fate in accept 'always reply 503' 'reply 401' 'reply 404' \
	'reply 302 "Location: http://127.0.0.1:1/"' close 'always raw "bang\r\n\r\n"' 'flood 20000'; do
	printf '%s\n' "$fate" >script
	serve -s script -k key -o got
	send --write-key-file key --retry-max-time 100ms --stats stats -v --log-format json <in || :
	halt
	clean "$fate"
done
[ -s got ] || fail 'the key was never right: this tests nothing'

# a wrong key
echo other >other
chmod 600 other
serve -k key
rc=0
send --write-key-file other <in || rc=$?
halt
is 77 $rc 'wrong key: status'

# the process list and the environment, while it runs
mkfifo slowly
serve -o seen-all
rudder-send -d "rudder:$URL" --write-key-file key --batch-age 20ms <slowly >raw 2>err-raw &
pid=$!
exec 4>slowly
sed '$d' in >&4
eventually 'a request' larger seen-all 0
tr '\0' '\n' <"/proc/$pid/cmdline" >seen
tr '\0' '\n' <"/proc/$pid/environ" >>seen
grep -q 'Max core file size *0 ' "/proc/$pid/limits" || fail 'a core could be written'
tail -n 1 in >&4
exec 4>&-
wait $pid || fail "while it is looked at: status $?: $(cat err-raw)"
halt
clean 'process list'
