# lack.sh - rudder-map where the system has no process, socket or memory left, or its
# output takes no more: the message, the status, and that no stream seems complete
. "$TOP/tests/tool/lib.sh"
is_whole() { tail -n 1 "$1" | grep -q '"type":"end"'; }

seq 1 20 | sed 's/.*/{"id":&,"v":"a"}/' | rows >in
program='{traits: {v: (.v | ascii_upcase)}}'
jq_map() { rudder-map -t identify -u id --jq-engine libjq -j "$program"; }
jq_map <in >wanted
is 20 "$(grep -c '"traits":{"v":"A"}' wanted)" 'events of the program'

# the first process compiles the program, the second one runs it
# fails STATUS RULES WORDS
fails() {
	status "$1" lack "rudder-map $2" rudder-map -t identify -u id --jq-engine libjq --jobs 1 -j "$program" <in >out
	says "$3"
	! is_whole out || fail "complete after $2"
}
fails 71 socketpair:1:EMFILE 'cannot make a socket pair for jq: Too many open files'
fails 71 fork:1:EAGAIN 'cannot start a process for jq: Resource temporarily unavailable'
fails 71 socketpair:2:EMFILE 'cannot make a socket pair for jq: Too many open files'
fails 71 fork:2:EAGAIN 'cannot start a process for jq: Resource temporarily unavailable'
for n in 1 2 3 4; do
	fails 71 mmap:$n:ENOMEM:anonymous 'cannot map memory for jq: Cannot allocate memory'
done
# what only interrupts a call costs nothing
for what in poll:1:EINTR poll:2:EINTR waitpid:1:EINTR waitpid:2:EINTR read:1:EINTR:/in read:1:EINTR:socket: read:1:EAGAIN:/in write:1:EINTR:/out write:1:short:/out; do
	status 0 lack "rudder-map $what" rudder-map -t identify -u id --jq-engine libjq --jobs 1 -j "$program" <in >out
	is "$(jq -c .traits wanted)" "$(jq -c .traits out)" "events after $what"
done

# an output that takes no more, whatever is written when it is full; the first 64
# KiB wait in memory
long() { awk -v n=3000 -v line="$1" 'BEGIN {for (i = 1; i <= n; i++) {gsub("@", i, line); print line}}'; }
begin='{"_rudder":{"type":"begin","v":1,"stream":"changes","run":"r0000000000000000001"}}'
change='"change":"0123456789abcdef0123456789abcdef"'
cat >conditional.json <<'END'
[{"type": "identify", "user_id": "id", "where": ".v == \"b\""},
 {"type": "track", "user_id": "id", "jq": "if .v == \"a\" then empty else {event: \"E\"} end"}]
END
full() { # WHAT LINE OPTION ...
	what=$1
	{
		[ -z "$head" ] || echo "$head"
		long "$2"
	} >lines
	shift 2
	got=0
	rudder-map "$@" --trust-eof <lines >/dev/full 2>err || got=$?
	is 74 $got "status of a full output: $what"
	says 'cannot write output'
}
head=
full events '{"id":"@","v":"a"}' -t identify -u id
full 'rejected rows' '{"id":null,"v":"a"}' -t identify -u id
full 'lines that are no rows' '{"id":' -t identify -u id
full 'rows that the condition leaves out' '{"id":"@","v":"a"}' -t identify -u id -w '.v == "b"'
full 'other lines' '{"_rudder":{"type":"reject","stage":"query","line":1,"reason":"because"}}' -t identify -u id
full 'events by jq' '{"id":"@","v":"a"}' -t identify -u id --jq-engine libjq -j "$program"
full 'rows that jq rejects' '{"id":"@","v":1}' -t identify -u id --jq-engine libjq -j "$program"
full 'rows that jq leaves out' '{"id":"@","v":1}' -t identify -u id --jq-engine libjq -j empty
full 'several mappings' '{"id":"@","v":"a"}' -m conditional.json
full 'a preview' '{"id":"@","v":"a"}' -t identify -u id --preview 2000
head=$begin
full 'deletes that make no event' "{\"_rudder\":{\"type\":\"change\",\"action\":\"delete\",\"id\":\"1\",$change},\"id\":\"1\"}" -t identify -u id --deletes skip
full 'unknown actions' "{\"_rudder\":{\"type\":\"change\",\"action\":\"odd\",\"id\":\"1\",$change},\"id\":\"1\"}" -t identify -u id --deletes skip
full 'deletes by jq' "{\"_rudder\":{\"type\":\"change\",\"action\":\"delete\",\"id\":\"1\",$change},\"id\":\"1\"}" -t record --jq-engine libjq -j '{identifiers: {id: .id}}'
# at the end
rudder-map -t identify -u id <in >/dev/full 2>err && fail 'a full output at the end'
says 'cannot write output'
rudder-map -t identify -u id --seal <in >/dev/full 2>err && fail 'a full output at the seal'
says 'cannot write output'

# --test: its process, its events, and the file that it writes
mkdir t
printf '{"id":1}\n' >t/a.rows
tests() { # STATUS RULES WORDS OPTION ...
	want=$1
	how=$2
	words=$3
	shift 3
	status "$want" lack "rudder-map $how" rudder-map -t identify -u id --test t "$@" >out
	says "$words"
	[ ! -e t/a.events ] || fail "written after $how"
}
tests 71 memfd_create:1:EMFILE 'cannot start a test: Too many open files'
tests 71 fork:1:EAGAIN 'cannot start a test: Resource temporarily unavailable'
tests 74 lseek:1:EIO:/memfd:events 'cannot read the events: Input/output error'
tests 74 read:1:EIO:/memfd:events 'cannot read the events: Input/output error'
tests 1 open:1:EIO:a.rows "cannot open 't/a.rows': Input/output error"
tests 73 fchmod:1:EPERM:a.events "cannot write 't/a.events': Operation not permitted" --test-update
tests 74 write:1:ENOSPC:a.events 'No space left on device' --test-update
status 0 lack 'rudder-map waitpid:1:EINTR' rudder-map -t identify -u id --test t --test-update >out
is 1 "$(grep -c userId t/a.events)" 'the events of a test'

# deletes of rows that do not match the condition any more wait in a temporary file
# until their number is known
table() { awk -v n="$1" 'BEGIN {for (i = 1; i <= 2000; i++) printf "{\"id\":%d,\"plan\":\"%s\"}\n", i, i <= n ? "free" : "pro"}'; }
removed() { # STATUS RULES WORDS
	status "$1" lack "rudder-map $2" rudder-map -t record --identifier id -w '.plan == "pro"' <changed >out
	says "$3"
	! is_whole out || fail "complete after $2"
	is 0 "$(grep -c '"action":"delete"' out)" "deletes after $2"
}
table 0 | rows | rudder-diff -k id -s st --mode mirror >first
ack accepted <first | rudder-diff --commit -s st
table 600 | rows | rudder-diff -k id -s st --mode mirror --allow-deletes=600 >changed
rudder-map -t record --identifier id -w '.plan == "pro"' <changed >out
is 600 "$(grep -c '"action":"delete"' out)" 'deletes of rows that do not match'
removed 74 "lseek:1:EIO:(deleted)" 'cannot read a temporary file: Input/output error'
removed 74 "read:1:EIO:(deleted)" 'Input/output error'
removed 74 "write:1:ENOSPC:(deleted)" 'No space left on device'
removed 74 write:1:EIO:/out 'cannot write output'
