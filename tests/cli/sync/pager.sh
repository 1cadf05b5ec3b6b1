# pager.sh - long texts go through a pager on a terminal, and are shown without one that
# cannot be run
. "$TOP/tests/tool/lib.sh"
command -v script >/dev/null || skip 'no script(1)'
script -qec true /dev/null </dev/null >/dev/null 2>&1 || skip 'no terminals here'
printf 'id\n1\n2\n' >users.csv
cat >s.yaml <<'END'
version: 1
source: csv:users.csv
key: id
mapping: {type: identify, user_id: id}
destination: file:sent
END
rudder run s.yaml
unset PAGER RUDDER_PAGER LESS
# on VARIABLES: rudder log on a terminal; its text in out, its status in got
on() {
	got=0
	script -qec "stty cols 80; env $* rudder log s.yaml" /dev/null </dev/null >typescript || got=$?
	tr -d '\r' <typescript >out
}
is_plain() { cmp -s plain out || fail "$1: $(cat out)"; }

on RUDDER_PAGER=cat
is 0 $got 'cat: status'
cp out plain
grep -q 's.yaml\|ok' plain || fail "the log: $(cat plain)"
on "RUDDER_PAGER='sed s/^/1:/' PAGER='sed s/^/2:/'"
sed 's/^/1:/' plain | cmp -s - out || fail "its own pager: $(cat out)"
on "RUDDER_PAGER= PAGER='sed s/^/2:/'"
sed 's/^/2:/' plain | cmp -s - out || fail "the usual pager: $(cat out)"
# one that quits early has shown enough
on RUDDER_PAGER=true
is "0 " "$got $(cat out)" 'a pager that quits'
on RUDDER_PAGER=false
is "0 " "$got $(cat out)" 'a pager that fails'
# without one the text is shown all the same
on RUDDER_PAGER=/none/pager 2>/dev/null
tail -n "$(wc -l <plain)" out >shown
cmp -s plain shown || fail "no pager: $(cat out)"
load="LD_PRELOAD='$B/tool/lack.so' ASAN_OPTIONS='${ASAN_OPTIONS:-}:verify_asan_link_order=0' LACK_LOG='$PWD/lacked' RUDDER_PAGER='sed s/^/1:/'"
for how in pipe2:3:EMFILE fork:2:EAGAIN; do
	rm -f lacked
	on "$load LACK='rudder $how'"
	[ -s lacked ] || fail "never made: $how"
	is_plain "$how"
done
rm lacked
on "$load LACK='rudder waitpid:2:EINTR'"
[ -s lacked ] || fail 'waitpid was not interrupted'
sed 's/^/1:/' plain | cmp -s - out || fail "an interrupted wait: $(cat out)"
# nor is it asked where nobody looks
RUDDER_PAGER='sed s/^/1:/' rudder log s.yaml >out
! grep -q '^1:' out || fail 'a pager for a file'
# what is in the table of rudder status, a terminal shows once, and a log or a mail too
printf garbage >state/s/snapshot
got=0
script -qec 'stty cols 200; rudder status s.yaml' /dev/null </dev/null >typescript || got=$?
is "78 1" "$got $(grep -c 'is damaged' typescript)" "a terminal: $(cat typescript)"
status 78 rudder status s.yaml >out
# which is broken into lines by the length of the folder's name
is '1 1' "$(tr -s ' \n' ' ' <out | grep -c 'is damaged') $(grep -c 'is damaged' err)" 'a pipe'
