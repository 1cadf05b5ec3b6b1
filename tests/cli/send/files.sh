#!/bin/sh
# Files that rotate, and requests as commands.
. "$TOP/tests/tool/lib.sh"
. "$TOP/tests/tool/fake.sh"

events 100 >in
grep messageId in >want
rudder-send -d file:out/events --rotate 1000 <in >raw 2>err && fail 'no folder, no error'
mkdir out
rudder-send -d file:out/events -b 5 --rotate 1000 <in >receipts 2>err || fail "rotate: $(cat err)"
is 100 "$(count delivered)" 'rotate: delivered'
cat out/events.0* out/events | cmp - want || fail 'rotate: files do not add up'
[ "$(find out -type f | wc -l)" -ge 8 ] || fail "rotate: $(ls out)"
for f in out/*; do
	[ "$(wc -c <"$f")" -le 1000 ] || fail "rotate: $f is too long"
done
# the next run goes on, and takes no number twice
rudder-send -d file:out/events -b 5 --rotate 1000 <in >receipts 2>err || fail "rotate again: $(cat err)"
cat out/events.0* out/events >all
cat want want | cmp - all || fail 'rotate again: files do not add up'

# a killed run leaves an event that is longer than what is read at once
for left in 10 4093 4094 4095 5000 9000; do
	printf '{"a":1}\n{"x":"%0*d' "$left" 0 >left
	rudder-send -d file:left <in >receipts 2>err || fail "an incomplete line: $(cat err)"
	says "warning: 'left': removed an incomplete last line of $((left + 6)) bytes left by a killed run"
	{ echo '{"a":1}' && cat want; } | cmp - left || fail "an incomplete line of $left"
done
# one that is not ours stays
printf '{"a":1}\n[%09000d' 0 >left
cp left before
status 78 rudder-send -d file:left <in >receipts
says "the file ends inside a line that is not an event"
cmp before left || fail 'a line of others was removed'
printf 'x' >left
status 78 rudder-send -d file:left <in >receipts
# where the folder is missing, the way to make it is shown
status 73 rudder-send -d file:none/out <in >receipts
says "run mkdir -p 'none'"
status 73 rudder-send -d file:left/out <in >receipts
says "cannot open 'left/out': Not a directory"

# --as-curl: a script that does what the run would do
command -v curl >/dev/null || skip 'no curl'
printf 'test-key\n' >key
serve -o got -k key
sed "s/m-50/it's 50 \$(x)/" in >odd
send -c 1 -b 40 -n --as-curl <odd || fail 'as-curl'
# shellcheck disable=SC2016 # the variable stays one
grep -q '^head -c [0-9]* <<.END. | curl .* -u "${RUDDER_WRITE_KEY:?}:"' raw || fail "as-curl: $(head -c 300 raw)"
! grep -q test-key raw || fail 'as-curl: the key is in it'
[ ! -s got ] || fail 'as-curl: something was sent'
sh raw >said || fail 'as-curl: the script fails'
halt
grep messageId odd | cmp - got || fail 'as-curl: other events arrived'
is okokok "$(cat said)" 'as-curl: answers'
# an event that cannot be sent takes no command of the others with it
rc=0
printf '{"userId":"a"}\n{bad\n{"userId":"b"}\n' |
	send -c 1 -b 1 -n --as-curl --trust-eof || rc=$?
is 1 $rc 'as-curl, one bad: status'
is 2 "$(grep -c ' | curl ' raw)" 'as-curl, one bad: commands'

# what was sent has its receipt, though the file of --failed cannot be written
mkdir -p folder
rc=0
events 50 | rudder-send -d 'exec:rm -rf folder; cat >/dev/null' --failed folder/later >raw 2>err || rc=$?
is 74 $rc 'no folder for failed: status'
is 50 "$(grep -c delivered raw)" 'no folder for failed: receipts'
! grep -q '"type":"end"' raw || fail 'no folder for failed: there is an end line'

# and no file is mistaken for both
rc=0
events 5 | rudder-send -d null: --receipts same --failed same >raw 2>err || rc=$?
is 64 $rc 'one file for both: status'
[ ! -e same ] || fail 'one file for both: it was written'

# receipts there also where the disk is full
{
	events 300 | grep -v '"end"'
	for i in 1 2 3 4 5; do printf '{"userId":"%0300000d"}\n' $i; done
} >long
rc=0
# shellcheck disable=SC2016 # $dir is that of fulldisk.sh
sh "$TOP/tests/tool/fulldisk.sh" full sh -c \
	'rudder-send -d null: --failed "$dir/later" --receipts raw -b 300 --max-event 100K --trust-eof <long' 2>err || rc=$?
[ $rc = 77 ] || {
	is 74 $rc 'full disk: status'
	is 300 "$(grep -c delivered raw)" 'full disk: receipts'
}

rc=0
send -c 1 --as-curl <in || rc=$?
is 64 $rc 'as-curl without -n'

# a folder that does not let the user create a file
if [ "$(id -u)" = 0 ] && setpriv --reuid=12345 --clear-groups "$(command -v rudder-send)" --version >/dev/null 2>&1; then
	mkdir -m 755 closed
	echo '{"id":1}' | rows | rudder-map -q -t identify -u id >one
	chmod 755 .
	status 73 setpriv --reuid=12345 --clear-groups rudder-send -d file:closed/x <one >/dev/null
	says "cannot open 'closed/x': Permission denied"
fi
