#!/bin/sh
# lack.sh - rudder-send where the system has no process, pipe or memory left, or a
# file cannot be written: the message, the status, and the receipts
. "$TOP/tests/tool/lib.sh"
. "$TOP/tests/tool/fake.sh"

events 20 >in
# the receipts of the events of in
statuses() { jq -r 'select(.messageId) | .status' out | sort | uniq -c | paste -sd' ' | tr -s ' '; }

# exec: a batch that could not be given to a command was not delivered
for how in memfd_create:1:EMFILE write:1:ENOSPC:/memfd:events lseek:1:EIO:/memfd:events; do
	status 71 lack "rudder-send $how" rudder-send -d 'exec:cat >>got' <in >out
	says 'cannot hold a batch'
	is ' 20 failed' "$(statuses)" "after $how"
done
status 71 lack 'rudder-send posix_spawn:1:EAGAIN' rudder-send -d 'exec:cat >>got' <in >out
says 'cannot start the command: Resource temporarily unavailable'
is ' 20 failed' "$(statuses)" 'without a process'
[ ! -e got ] || fail 'a command has run'
# without a descriptor for the process it is waited for
status 0 lack 'rudder-send pidfd_open:1+:EMFILE' rudder-send -d 'exec:cat >>got' -b 7 <in >out
is '20  20 delivered' "$(wc -l <got) $(statuses)" 'without a descriptor'
status 0 lack 'rudder-send waitpid:1:EINTR' rudder-send -d 'exec:cat >>got' <in >out
is '40  20 delivered' "$(wc -l <got) $(statuses)" 'an interrupted wait'
status 71 lack 'rudder-send posix_spawn:1:EAGAIN' rudder-send -d 'exec:cat' --check
says 'cannot start the shell'
status 0 lack 'rudder-send waitpid:1:EINTR' rudder-send -d 'exec:cat' --check

# file: what was not written whole is taken back, and the receipts say so
# put STATUS RULES OPTION ...
put() {
	want=$1
	how=$2
	shift 2
	status "$want" lack "rudder-send $how" rudder-send -d file:sent -b 5 -c 1 "$@" <in >out
}
rm -f sent
put 74 'write:2:ENOSPC:/sent'
says "cannot write output '$PWD/sent': No space left on device"
is '5  5 delivered 15 failed' "$(wc -l <sent) $(statuses)" 'a full disk'
rm sent
put 74 'fdatasync:2:EIO:/sent'
says "cannot sync the file '$PWD/sent': Input/output error"
is '5  5 delivered 15 failed' "$(wc -l <sent) $(statuses)" 'a disk that fails'
# where it cannot be taken back, nobody knows
rm sent
put 74 'fdatasync:2:EIO:/sent ftruncate:1:EIO:/sent'
is '10  5 delivered 10 failed 5 unknown' "$(wc -l <sent) $(statuses)" 'a disk that fails twice'
rm sent
put 0 'write:2:short:/sent'
is '20  20 delivered' "$(wc -l <sent) $(statuses)" 'half a write'
# half a line at its end is taken back by the next run, if it can be
printf '{"half' >>sent
cp sent kept
put 74 pread:1:EIO:/sent
says "'sent': cannot read the file: Input/output error"
put 74 ftruncate:1:EIO:/sent
says "cannot repair 'sent': Input/output error"
# nor if it may only be written
put 73 open:1:EACCES:sent
says "cannot open 'sent': Permission denied"
is '' "$(statuses)" 'receipts of a file that cannot be repaired'
cmp sent kept || fail 'a file that cannot be repaired was changed'
put 74 fstat:1:EIO:/sent
says "cannot examine 'sent': Input/output error"
status 0 rudder-send -d file:sent <in >out
is 40 "$(wc -l <sent)" 'the half line is gone'
rm sent
: >sent
put 0 open:1:EACCES:sent
is 20 "$(wc -l <sent)" 'a file that may only be written, and is empty'
# a full file gets a number, or all stays as it is
rm sent
put 74 'rename:1:EACCES:sent.' --rotate 1000
says "cannot rename 'sent': Permission denied"
is "$(wc -l <sent)" "$(jq -r 'select(.status == "delivered") | .status' out | wc -l)" 'receipts without a rename'
rm sent*
put 73 'open:2:EMFILE:sent' --rotate 1000
says "cannot create 'sent': Too many open files"
is "$(cat sent.* | wc -l)" "$(jq -r 'select(.status == "delivered") | .status' out | wc -l)" 'receipts without a new file'
rm sent*
put 74 'fsync:1:EIO'
says 'cannot sync'
is '' "$(statuses)" 'a folder that fails'
# a compressed file is read before more is put behind it
if ! rudder-send -d file:z.gz <in 2>&1 >out | grep -q 'built without'; then
	cp z.gz kept
	for n in 1 2; do
		status 74 lack "rudder-send pread:$n:EIO:/z.gz" rudder-send -d file:z.gz <in >out
		says "'z.gz': cannot read the file: Input/output error"
		is '' "$(statuses)" 'receipts of a file that cannot be read'
		cmp z.gz kept || fail 'a file that cannot be read was changed'
	done
fi
# folders of a name with a value in it
mkdir new
status 73 lack 'rudder-send mkdir:2:ENOSPC:new/' rudder-send -d 'file:new/{messageId}/{userId}' -c 1 <in >out
says 'cannot create folder'
is ' 1 delivered 19 failed' "$(statuses)" 'without a second folder'

# --body: without the process of its program nothing is sent
body() { # STATUS RULES WORDS
	status "$1" lack "rudder-send $2" rudder-send -d webhook:http://127.0.0.1:1/ --body '{n: .recordId}' -n -c 1 -b 1 <in >out
	says "$3"
	is 0 "$(grep -c '"n":"1"' out)" "requests after $2"
}
body 71 socketpair:2:EMFILE 'cannot start a process: Too many open files'
body 71 fork:2:EAGAIN 'cannot start a process: Resource temporarily unavailable'
body 98 fork:3:EAGAIN 'the process that runs a jq program has died' # closes the proof
body 71 read:2:EIO:socket: 'the process that runs a jq program has died'
for what in read:2:EINTR:socket: write:1:EINTR:socket: write:1:short:socket: waitpid:1:EINTR; do
	status 0 lack "rudder-send $what" rudder-send -d webhook:http://127.0.0.1:1/ --body '{n: .recordId}' -n -c 1 -b 1 <in >out
	is 20 "$(grep -c '{"n":"[0-9]*"}' out)" "requests after $what"
done

# what every run needs
status 71 lack 'rudder-send signalfd:1:EMFILE' rudder-send -d null: <in >out
says 'cannot watch for signals: Too many open files'
status 71 lack 'rudder-send eventfd:1:EMFILE' rudder-send -d null: <in >out
says 'cannot start a thread: Too many open files'
status 71 lack 'rudder-send pthread_create:1:EAGAIN' rudder-send -d null: <in >out
says 'cannot start a thread: Resource temporarily unavailable'
status 71 lack 'rudder-send epoll_create1:1:EMFILE' rudder-send -d webhook:http://127.0.0.1:1/ <in >out
says 'cannot watch sockets: Too many open files'
status 73 lack 'rudder-send open:1:EACCES:receipts' rudder-send -d null: --receipts receipts <in >out
says "cannot open 'receipts': Permission denied"
status 71 lack 'rudder-send poll:1+:ENOMEM' rudder-send -d 'exec:cat >/dev/null' <in >out
says 'Cannot allocate memory'
status 73 lack 'rudder-send open:1:EACCES:stats' rudder-send -d null: --stats stats <in >out
says "cannot create 'stats.tmp': Permission denied"
