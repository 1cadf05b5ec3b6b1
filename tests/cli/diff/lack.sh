#!/bin/sh
# lack.sh - rudder-diff where one call on its state fails: the message, the status,
# and that the next run or commit is right
. "$TOP/tests/tool/lib.sh"

seq 1 300 | sed 's/.*/{"id":&,"v":"a"}/' >first
sed '5,$s/a/b/' first | sed 1d >second # one key less, others changed
run() { rudder-diff -k id -s st --mode mirror "$@"; }
commit() { rudder-diff --commit -s st --history 1 --keep-log 1d "$@"; }
again() { rm -rf st && cp -r "$1" st; }

rows <first >in1
rows <second >in2
run <in1 >out
ack accepted <out >r1
commit r1
sed 's/"a"/"c"/' first | rows | run >out
ack accepted <out >r1
commit r1
cp -r st good
run <in2 >out
is 300 "$(changes <out | wc -l)" 'changes of the run'
ack accepted <out >r2
ack failed <out >r3
touch st/log/2020-01-01T00:00:00.000Z-r0000000000000000000 st/log/2024-01-01T00:00:00.000Z-r0000000000000000000
cp -r st due

# fails STATUS RULES WORDS: a run; no change leaves, and the next run has them all
fails() {
	again good
	status "$1" lack "rudder-diff $2" rudder-diff -k id -s st --mode mirror in2 >out
	says "$3"
	is 0 "$(changes <out | wc -l)" "changes after $2"
	run <in2 >out 2>err || fail "the run after $2: $(cat err)"
	is 300 "$(changes <out | wc -l)" "changes of the run after $2"
}
fails 74 fstat:1:EIO:/st "cannot examine 'st': Input/output error"
fails 74 opendir:1:EACCES:st "cannot examine 'st': Permission denied"
fails 73 open:1:EIO:/st/lock "/st/lock': Input/output error"
fails 74 flock:1:EIO:/st/lock "cannot lock '$PWD/st/lock': Input/output error"
fails 74 flock:1:ENOLCK:/st/lock "/st/lock': No locks available; the folder must be on a file system with flock(2), such as a local disk"
fails 74 ftruncate:1:EIO:/st/lock "/st/lock': Input/output error"
fails 74 pwrite:1:ENOSPC:/st/lock "/st/lock': No space left on device"
fails 74 open:1:EIO:/st/snapshot "cannot open '$PWD/st/snapshot': Input/output error"
fails 74 mmap:1:ENOMEM:/st/snapshot "cannot map '$PWD/st/snapshot': Cannot allocate memory"
fails 74 fstat:1:EIO:/st/snapshot "'$PWD/st/snapshot' is not a regular file"
fails 74 write:1:ENOSPC:/st/pending "cannot write"
fails 74 fdatasync:1:EIO:/st/pending "Input/output error"
fails 77 open:1:EACCES:/st/pending "/st/pending"

# a state that cannot be written to is said once in a pipe, by the run; alone by the commit
again good
mkdir beside # for the log of the second
got=0
{
	lack "rudder-diff open:1+:EACCES:/st/pending.tmp" rudder-diff -k id -s st --mode mirror in2 |
		(cd beside && lack "rudder-diff open:1+:EACCES:/st/receipts" rudder-diff --commit -s ../st)
} 2>err || got=$?
is '73 1' "$got $(wc -l <err)" "said once: $(cat err)"
says "/st/pending.tmp': Permission denied"
again due
status 77 lack "rudder-diff open:1+:EACCES:/st/receipts" rudder-diff --commit -s st r2
says "/st/receipts': Permission denied"

# commits: what was not committed is committed by the next one
# holds STATUS RULES WORDS
holds() {
	again due
	status "$1" lack "rudder-diff $2" rudder-diff --commit -s st --history 1 --keep-log 1d r2
	[ -z "$3" ] || says "$3"
	commit r2 2>err || : # its receipts may have been settled
	run <in2 >out 2>err2 || fail "the run after $2: $(cat err)"
	is 0 "$(changes <out | wc -l)" "changes of the run after $2"
}
holds 74 rename:1:EIO:/st/snapshot "cannot rename '$PWD/st/snapshot"
holds 74 fsync:1:EIO:/st/snapshot "cannot sync"
holds 74 close:1+:EIO:/st/snapshot "cannot close"
holds 74 unlink:1:EIO:/st/receipts "cannot remove '$PWD/st/receipts': Input/output error"
says '600 of 600 receipts are for changes that are not pending'
holds 74 unlink:1:EIO:/st/answers "cannot remove '$PWD/st/answers': Input/output error"
holds 74 unlink:1:EIO:/st/history/ "cannot remove '$PWD/st/history/"
holds 74 open:1:EIO:/st/sent "/st/sent': Input/output error"
holds 74 unlink:1:EIO:/st/sent "cannot remove '$PWD/st/sent': Input/output error"
holds 0 linkat:1:EACCES:/st/history/ "warning: cannot keep '$PWD/st/history/"
holds 0 open:1:ENOSPC:/st/log/ 'warning: cannot keep the receipts of this run: cannot open'
holds 0 write:1:ENOSPC:/st/log/ 'warning: cannot keep the receipts of this run: cannot write'
holds 0 unlink:1:EIO:/st/log/ "warning: cannot remove '$PWD/st/log/"
holds 0 write:1:ENOSPC:/st/runs 'warning: cannot record this run: cannot write'
holds 77 open:1:EACCES:/st/receipts "/st/receipts': Permission denied"
holds 74 flock:1:EIO:/st/receipts 'Input/output error'
holds 0 flock:1:EAGAIN:/st/snapshot '' # another name for the new file

# the record of old runs that cannot be shortened is kept, and said
again due
for _ in 1 2 3; do tail -n 1 st/runs >>st/runs; done
status 0 lack "rudder-diff rename:1:EIO:/st/runs" rudder-diff --commit -s st --keep-runs 1 r2
says "warning: cannot rename '$PWD/st/runs"
[ "$(wc -l <st/runs)" -gt 3 ] || fail "runs that were kept: $(wc -l <st/runs)"

# keys that are on disk: all changes leave, or the run fails
awk 'BEGIN {for (i = 1; i <= 9000; i++) printf "{\"id\":\"%0100d\"}\n", i}' | rows >many
mkdir spilled
on_disk() { # STATUS RULES WORDS
	rm -rf st
	status "$1" lack "rudder-diff $2" env TMPDIR=spilled rudder-diff -k id -s st --memory 64K many >out
	[ -z "$3" ] || says "$3"
	is 0 "$(find spilled -type f | wc -l)" "temporary files after $2"
	[ "$1" = 0 ] || ! grep -q '"type":"end"' out || fail "complete after $2"
	[ "$1" != 0 ] || is 9000 "$(changes <out | wc -l)" "changes after $2"
}
on_disk 0 open:1:EINVAL:spilled '' # no files without a name there
on_disk 74 pwrite:1:ENOSPC:/spilled/ 'No space left on device'
on_disk 74 pread:1:EIO:/spilled/ 'Input/output error'
on_disk 0 pread:1:short:/spilled/ ''

# --forget: whatever fails, it is reported, and the next one leaves nothing of the key
rm -rf st
for v in a x; do
	sed "s/\"id\":7,/\"id\":\"c4nary\",/; s/\"a\"/\"$v\"/" first | rows | run >out
	ack accepted <out >r1
	rudder-diff --commit -s st --history 3 r1
done
sed 's/"id":7,/"id":"c4nary",/; s/"a"/"z"/' first | rows | run >out
ack failed <out >r3
rudder-diff --commit -s st --history 3 r3 2>err || :
sed 's/"id":7,/"id":"c4nary",/; s/"a"/"y"/' first | rows | run >out
cp -r st kept
traces() { grep -rla c4nary st | sort | paste -sd' '; }
[ "$(grep -rla c4nary st | wc -l)" -ge 3 ] || fail "few files have the key: $(traces)"
again kept
status 0 rudder-diff --forget c4nary -s st
is '' "$(traces)" 'files that still have the key'
broke=0
for call in rename fsync unlink open; do
	for n in 1 2 3 4; do
		again kept
		rm -f lacked
		got=0
		lack "rudder-diff $call:$n:EIO:/st/" rudder-diff --forget c4nary -s st >out 2>err || got=$?
		[ -s lacked ] || break
		broke=$((broke + 1))
		if [ $got = 0 ]; then
			is '' "$(traces)" "files that still have the key after $call $n"
		else
			[ -s err ] || fail "no message after $call $n"
			rudder-diff --forget c4nary -s st 2>err || fail "forgetting again after $call $n: $(cat err)"
			is '' "$(traces)" "files that still have the key, forgotten again after $call $n"
		fi
	done
done
[ $broke -gt 9 ] || fail "few calls were broken: $broke"
