# lacking.sh - each call on a state fails in turn, in what looks at it, takes a key out
# of it or begins it anew: it is right, or the command fails and says so
. "$TOP/tests/tool/lib.sh"

# two snapshots of before, a log, failing keys, records of runs, what is open, and what
# killed processes left
seq 1 40 | sed 's/.*/{"id":&,"v":"a"}/; s/"id":7,/"id":"c4nary",/' >first
rows <first >in
run() { rudder-diff -k id -s zz --mode mirror "$@"; }
for v in a x z; do
	sed "s/\"a\"/\"$v\"/" first | rows | run >out
	ack "$([ $v = z ] && echo failed || echo accepted)" <out |
		awk '/messageId/ {sub(/}$/, ",\"recordId\":\"" (++n == 7 ? "c4nary" : n) "\"}")} 1' | rudder-diff -q --commit -s zz --history 3 --keep-log 1d 2>/dev/null || :
done
sed 's/"a"/"y"/' first | rows >last
run <last >out
for left in zz zz/history zz/log; do echo c4nary >$left/left.tmp; done
cp -a zz kept
again() { rm -rf zz && cp -a kept zz; }

# each CALLS N COMMAND...: with the first N of each call failing in turn; calls `judge CALL N`,
# with the status in $got
each() {
	calls=$1 most=$2 broke=0
	shift 2
	for call in $calls; do
		for n in $(seq "$most"); do
			again
			got=0
			lack "rudder-diff $call:$n:EIO:zz" "$@" >out 2>err || got=$?
			[ $got != 98 ] || break
			broke=$((broke + 1))
			judge "$call $n: $*"
		done
	done
	[ $broke -ge 4 ] || fail "few calls of $* were broken: $broke"
}
reads='open openat fstat mmap read pread opendir fdopendir'

# what only looks: as without, or a message and no more than whole lines of it
judge() {
	sed -i "$rough" out
	grep -qxF -f wanted out || [ ! -s out ] || [ "$got" = 0 ] || fail "$1: shows what is not: $(head -n 1 out) -- $(head -n 1 wanted)"
	case $got in
	0) cmp -s wanted out || [ -s err ] || fail "$1: shows less and does not say so" ;;
	*) if [ "$got" -lt 64 ] || [ ! -s err ]; then fail "$1: status $got: $(cat err)"; fi ;;
	esac
	diff -r kept zz >/dev/null || fail "$1: the state has changed"
}
for look in --status --runs --failing '--log c4nary' --dump '--between first'; do
	again
	# shellcheck disable=SC2086 # words
	rudder-diff $look -s zz >wanted 2>err || fail "$look: $(cat err)"
	# a run without a commit is known by the text of the lock only
	rough='s/,"last_run.*//; /"reason":"no commit/d'
	sed -i "$rough" wanted
	[ -s wanted ] || fail "$look shows nothing"
	# shellcheck disable=SC2086
	each "$reads" 2 rudder-diff $look -s zz
done

# a key that is erased: nothing of it is left, or what is left goes with the next try
judge() {
	case $got in
	0) ;;
	*)
		[ -s err ] || fail "$1: no message"
		rudder-diff --forget c4nary -s zz 2>err || [ $? = 66 ] || fail "$1: not erased by the next try: $(cat err)"
		;;
	esac
	is '' "$(grep -rla c4nary zz)" "$1: files that have the key"
	rudder-diff -q -k id -s zz --mode mirror last >out 2>err || fail "$1: the next run: $(cat err)"
	grep -q '"id":"c4nary"' out || fail "$1: the row of the key is not sent"
}
each "$reads openat unlinkat rename fsync unlink write ftruncate flock close" 3 rudder-diff --forget c4nary -s zz
while IFS='|' read -r rule words; do
	again
	status 74 lack "rudder-diff $rule" rudder-diff --forget c4nary -s zz
	says "$words"
done <<X
unlinkat:1:EIO:left.tmp|cannot remove '$PWD/zz/left.tmp': Input/output error
unlinkat:2:EIO:left.tmp|cannot remove '$PWD/zz/history/left.tmp': Input/output error
unlinkat:3:EIO:left.tmp|cannot remove '$PWD/zz/log/left.tmp': Input/output error
openat:1:EACCES:history|cannot read '$PWD/zz/history': Permission denied
fdopendir:1:ENOMEM:/log|cannot read '$PWD/zz/log': Cannot allocate memory
X

# a state that begins anew: it holds the new rows, or all that was open is sent as before
rows <first >new
run <last >out
judge() {
	mv err said
	rudder-diff -q -k id -s zz --mode mirror new >out 2>err || fail "$1: the next run: $(cat err)"
	n=$(changes <out | wc -l)
	case $got in
	0) is 0 "$n" "$1: changes after it" ;;
	*)
		[ -s said ] || fail "$1: no message"
		[ "$n" = 0 ] || [ "$n" = 40 ] || fail "$1: $n changes after it failed"
		rudder-diff -q -k id -s zz --rebase last >/dev/null 2>err || fail "$1: not by the next try: $(cat err)"
		is 40 "$(rudder-diff -q -k id -s zz --mode mirror new | changes | wc -l)" "$1: changes after the next try"
		;;
	esac
}
each "$reads openat unlinkat rename fsync unlink write ftruncate flock close" 3 rudder-diff -q -k id -s zz --rebase new
