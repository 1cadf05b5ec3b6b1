# lack.sh - rudder where the system has no process, pipe or memory left, or a read
# fails: the message, the status, and that no stream seems complete
. "$TOP/tests/tool/lib.sh"

seq 1 200 | sed 's/.*/{"id":&}/' | rows >in
seq 1 3 | sed '1i id' >users.csv
cat >s.yaml <<'END'
version: 1
source: csv:users.csv
key: id
mapping: {type: identify, user_id: id}
destination: file:sent
END

# is_whole FILE: whether a reader takes it for a whole stream
is_whole() { tail -n 1 "$1" | grep -q '"type":"end"'; }
# reason STATUS WORDS: the last line of out says so
reason() {
	tail -n 1 out | grep -qF "\"status\":$1,\"reason\":\"$2" || fail "abort line: $(tail -n 1 out)"
}

# rudder tee: the commands that were started see an abort line
status 71 lack 'rudder pipe2:2:EMFILE' rudder tee -- 'cat >a' 'cat >b' <in
says 'rudder tee: cannot make a pipe: Too many open files'
is '1 abort' "$(wc -l <a) $(jq -r ._rudder.type a)" 'a command that was started'
status 71 lack 'rudder fork:2:EAGAIN' rudder tee -- 'cat >a' 'cat >b' <in
says 'rudder tee: cannot start a process: Resource temporarily unavailable'
is '1 abort' "$(wc -l <a) $(jq -r ._rudder.type a)" 'a command that was started'
status 71 lack 'rudder ppoll:1:ENOMEM' rudder tee -- 'cat >a' <in
says 'rudder tee: cannot wait for input: Cannot allocate memory'
! is_whole a || fail 'a command got all'
status 0 lack 'rudder ppoll:1:EINTR' rudder tee -- 'cat >a' <in
cmp in a || fail 'after an interrupted wait'
status 71 lack 'rudder waitpid:1:ECHILD' rudder tee -- 'cat >a' <in
says 'rudder tee: cannot wait for a command: No child processes'
status 0 lack 'rudder waitpid:1:EINTR' rudder tee -- 'cat >a' <in
status 74 lack 'rudder write:1:EIO:pipe:' rudder tee -- 'cat >a' <in
says 'rudder tee: cannot write to a command: Input/output error'
status 0 lack 'rudder write:1:EAGAIN:pipe:' rudder tee -- 'cat >a' <in
cmp in a || fail 'after a full pipe'
status 0 lack 'rudder write:1:short:pipe:' rudder tee -- 'cat >a' <in
cmp in a || fail 'after half a write'
status 0 lack 'rudder read:1:EINTR:/in' rudder tee -- 'cat >a' <in
cmp in a || fail 'after an interrupted read'
# what a slow command has not taken is on disk
users -n 20000 >rows 2>log
slow='while [ ! -e finished ]; do sleep 0.02; done; cat >b'
status 74 lack 'rudder pread:1:EIO:(deleted)' rudder tee -- 'cat >a; : >finished' "$slow" <rows
says 'rudder tee: cannot read a temporary file: Input/output error'
rm finished
status 0 lack 'rudder pread:1:EINTR:(deleted)' rudder tee -- 'cat >a; : >finished' "$slow" <rows
cmp rows b || fail 'after an interrupted read of what was kept'

# rudder filter
for n in 1 2 3 4; do
	status 71 lack "rudder pipe2:$n:EMFILE" rudder filter -- jq -c . <in >out
	says 'rudder filter: cannot make a pipe: Too many open files'
	reason 71 'cannot make a pipe'
done
status 71 lack 'rudder fork:1:EAGAIN' rudder filter -- cat <in >out
says 'rudder filter: cannot start a process: Resource temporarily unavailable'
reason 71 'cannot start a process'
status 71 lack 'rudder poll:2+:ENOMEM' rudder filter -- sh -c 'sleep 0.1; cat' <in >out
says 'rudder filter: cannot wait for input: Cannot allocate memory'
status 71 lack 'rudder waitpid:1:ECHILD' rudder filter -- cat <in >out
says "rudder filter: cannot wait for 'cat': No child processes"
! is_whole out || fail 'a filter whose status is not known'
status 0 lack 'rudder waitpid:1:EINTR' rudder filter -- cat <in >out
rows_of() { grep -vc _rudder "$1"; }
is 200 "$(rows_of out)" 'after an interrupted wait'
status 74 lack 'rudder write:1:EIO:pipe:' rudder filter -- cat <in >out
says "rudder filter: cannot write to 'cat': Input/output error"
! is_whole out || fail 'a filter that was given nothing'
for what in EAGAIN EINTR short; do
	status 0 lack "rudder write:1:$what:pipe:" rudder filter -- cat <in >out
	is 200 "$(rows_of out)" "after $what"
done
status 74 lack 'rudder read:1:EIO:/in' rudder filter -- cat <in >out
says 'rudder filter: cannot read input: Input/output error'
status 74 lack 'rudder read:2:EIO:pipe:' rudder filter -- cat <in >out
says 'Input/output error'
! is_whole out || fail 'a filter that could not be read'
status 74 lack 'rudder write:1:EIO:/out' rudder filter -- cat <in >out
says 'rudder filter: cannot write output'

# rudder run: what was not started is said, and kept for rudder status
for n in 1 2; do
	for what in pipe2:$n:EMFILE fork:$n:EAGAIN; do
		rm -rf sent state
		status 71 lack "rudder $what" rudder run s.yaml
		says "rudder run: 's.yaml': cannot "
		[ ! -s sent ] || fail "sent after $what"
		rudder status s.yaml >out
		grep -q 'the last run failed in rudder run with status 71' out || fail "status after $what: $(cat out)"
		status 0 rudder run s.yaml
		is 3 "$(wc -l <sent)" "sent by the run after $what"
	done
done
for n in 3 4; do
	rm -rf sent state
	status 71 lack "rudder fork:$n:EAGAIN" rudder run s.yaml
	[ ! -s sent ] || fail "sent without process $n"
	rudder status s.yaml | grep -q 'the last run failed' || fail "good without process $n"
	status 0 rudder run s.yaml
	is 3 "$(wc -l <sent)" "sent by the run after one without process $n"
done

# a stage that cannot enter the folder says so, however long its name is
deep=$PWD/$(printf '%0200d/%0200d/%0200d' 1 2 3)
mkdir -p "$deep"
cp s.yaml users.csv "$deep"
status 65 lack 'rudder chdir:1:EACCES' rudder run "$deep/s.yaml"
is 5 "$(grep -cxF "rudder run: cannot enter the folder '$deep': Permission denied" err)" 'stages without their folder'
is 5 "$(wc -l <err)" 'lines of stages without their folder'
rm -r 0*

# rudder status: of a state that cannot be asked it says so, and does not show it as good
rudder status s.yaml >wanted
for what in 'pipe2:1:EMFILE cannot start' 'pipe2:2:EMFILE cannot start' 'fork:1:EAGAIN cannot start' 'poll:1:ENOMEM cannot wait'; do
	status 71 lack "rudder ${what%% *}" rudder status s.yaml >out
	says "${what#* }"
	grep -q 'unreadable' out || fail "status after $what: $(cat out)"
done
for what in poll:1:EINTR waitpid:1:EINTR read:1:EINTR:pipe: read:1:short:pipe:; do
	status 0 lack "rudder $what" rudder status s.yaml >out
	cmp wanted out || fail "status after $what: $(cat out)"
done

# --canary: its process, and the events that it reads again
for what in fork:1:EAGAIN fork:2:EAGAIN pipe2:1:EMFILE; do
	rm -rf sent state
	status 71 lack "rudder $what" rudder run --canary 2 s.yaml
	[ ! -s sent ] || fail "sent after $what"
done
rm -rf sent state
status 74 lack 'rudder lseek:1:EIO:(deleted)' rudder run --canary 2 s.yaml
says 'cannot read the events again'
[ ! -s sent ] || fail 'sent without reading the events again'
status 0 rudder run --canary 2 s.yaml
is 3 "$(wc -l <sent)" 'sent by the run after'

# hooks: one that cannot be started is a warning, and the others run
cat >h.yaml <<'END'
version: 1
source: csv:users.csv
key: id
mapping: {type: identify, user_id: id}
destination: file:hsent
on_success: ['echo 1 >>hooked', 'echo 2 >>hooked']
END
status 0 lack 'rudder fork:7:EAGAIN' rudder run h.yaml
says "warning: sync 'h': cannot start a hook: Resource temporarily unavailable"
is 2 "$(cat hooked)" 'the hook after one that did not start'
status 0 lack "rudder pwrite:1:ENOSPC:(deleted)" rudder run h.yaml
says "warning: sync 'h': cannot write a temporary file"
is '2 2' "$(paste -sd' ' hooked)" 'the hook after one without its record'

# a call that is only interrupted
rm hooked
for what in read:1:EINTR:pipe: read:1:short:pipe: waitpid:1:EINTR; do
	status 0 lack "rudder $what" rudder run h.yaml
	is '1 2' "$(paste -sd' ' hooked)" "hooks after $what"
	rm hooked
done

# rudder plan and apply: no plan that is not whole
plan() { # STATUS RULES WORDS
	rm -rf p.plan state/p
	status "$1" lack "rudder $2" rudder plan -o p.plan p.yaml >out
	says "$3"
	[ ! -e p.plan ] || fail "a plan after $2"
	[ ! -e state/p/hold ] || fail "the state waits for a plan after $2"
}
sed 's/hsent/psent/; /on_success/d' h.yaml >p.yaml
for n in 1 2 3; do
	plan 74 "lseek:$n:EIO:(deleted)" ' again: Input/output error'
done
plan 74 'pread:1:EIO:(deleted)' 'Input/output error'
plan 74 'pread:2:EIO:(deleted)' 'Input/output error'
plan 74 'pread:3:EIO:(deleted)' 'Input/output error'
plan 74 'read:1:EIO:(deleted)' 'Input/output error'
plan 74 'write:1:ENOSPC:p.plan' "cannot write 'p.plan': No space left on device"
plan 74 'fsync:1:EIO:p.plan' 'Input/output error'
plan 73 'mkdir:1:EACCES:state/p' 'cannot create the state'
plan 74 'flock:1:EIO:/state/p/' 'Input/output error'
plan 74 'open:1:EACCES:state/p/..' 'Permission denied'
plan 77 'open:1:EACCES:state/p/planning' 'Permission denied'
plan 74 'write:1:ENOSPC:/state/p/' 'No space left on device'
plan 74 'fsync:1:EIO:/state' 'Input/output error'
plan 71 'fork:1:EAGAIN' "cannot start 'rudder-query': Resource temporarily unavailable"
plan 71 'pipe2:1:EMFILE' 'cannot make a pipe: Too many open files'
status 0 rudder plan -o p.plan p.yaml >out
for how in pread:1:EIO:p.plan pread:2:EIO:p.plan; do
	status 74 lack "rudder $how" rudder apply p.plan
	says 'cannot read the plan: Input/output error'
	[ ! -s psent ] || fail "sent after $how"
done
status 71 lack 'rudder fork:1:EAGAIN' rudder apply p.plan
says 'Resource temporarily unavailable'
[ ! -s psent ] || fail 'sent without a process'
status 0 rudder apply p.plan
is 3 "$(wc -l <psent)" 'the plan that could not be applied before'

# rudder init: half a sync file does not stay
init() { # STATUS RULES WORDS
	rm -rf syncs
	status "$1" lack "rudder $2" rudder init -d csv:users.csv --dest file:x </dev/null >out
	says "$3"
	[ ! -e syncs/users.yaml ] || fail "a sync file after $2: $(cat syncs/users.yaml)"
}
init 73 mkdir:1:EACCES:syncs "cannot create 'syncs': Permission denied"
init 73 open:1:ENOSPC:syncs/ "cannot create 'syncs/users.yaml': No space left on device"
init 74 write:1:ENOSPC:/syncs/ 'No space left on device'
init 74 write:1:short:/syncs/ 'No space left on device'
init 74 close:1:EIO:/syncs/ "cannot write 'syncs/users.yaml': Input/output error"
status 0 rudder init -d csv:users.csv --dest file:x </dev/null >out
is syncs/users.yaml "$(cat out)" 'the file of the next try'
