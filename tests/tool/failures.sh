# failures.sh - a source that fails in the middle, on any database; read by
# . "$TOP/tests/tool/failures.sh"
#
# Wants a command to run whose result is of more than 2 MiB; calls fail TEXT,
# which need not end the test. Each leaves the output in "out", whole lines
# without an end line, and the messages in "err".

# torn WANTED WHAT SAYS: what the stream and the words must be like
torn() {
	[ "$got" = "$1" ] || fail "$2: status $got, wanted $1: $(cat err)"
	grep -qE -- "$3" err || fail "$2: does not say '$3': $(cat err)"
	! grep -q '"type":"end"' out || fail "$2: has an end line"
	[ ! -s out ] || [ "$(tail -c 1 out | od -An -c | tr -d ' ')" = '\n' ] || fail "$2: half a line"
	[ "$(wc -l <err)" = 1 ] || fail "$2: more than one message: $(cat err)"
}

# interrupted WANTED WHAT SAYS HOW COMMAND...: runs HOW once 1 MB has come
interrupted() {
	want=$1 what=$2 words=$3 how=$4 got=0
	shift 4
	rm -f pipe
	mkfifo pipe
	"$@" >pipe 2>err &
	pid=$!
	{
		head -c 1000000
		"$how" >how 2>&1 || fail "$what: it could not be made to fail: $(cat how)" >&2
		cat
	} <pipe >out
	wait $pid || got=$?
	[ "$(wc -c <out)" -ge 1000000 ] || fail "$what: few rows"
	torn "$want" "$what" "$words"
}

# full WHAT COMMAND...: no room for the output, at once and after 1 MiB
full() {
	what=$1 got=0
	shift
	: >out
	"$@" >/dev/full 2>err || got=$?
	torn 74 "$what: full" 'No space left'
	got=0
	"$TOP/tests/tool/fulldisk.sh" "$PWD/out" "$@" 2>err || got=$?
	[ $got != 77 ] || return 0
	[ "$(wc -c <out)" -gt 500000 ] || fail "$what: few rows on a small disk"
	tail -n 1 out >last
	tail -c 1 out | od -An -c | grep -q '\\n' || sed -i '$d' out # cut by the disk
	torn 74 "$what: a small disk" 'No space left'
}

# bounded WHAT FEW MANY COMMAND...: the command, with a last word that asks for
# FEW rows or for MANY, takes the same memory, within 2 MiB
bounded() {
	what=$1 few=$2 many=$3
	shift 3
	for model in "$few" "$many"; do
		RUDDER_MODEL=$model "$B/tool/cost" memory "$* -e \"\$RUDDER_MODEL\" >/dev/null" || fail "$what: $?"
	done
	awk '{kib[NR] = $NF} END {exit kib[2] - kib[1] > 2048 || kib[1] < 1000}' memory || case $B in *asan*) ;; *) fail "$what: KiB $(cat memory)" ;; esac
	rm memory
}

# broken NAME CALL WHAT COMMAND ...: each CALL of the client's first hundred fails with
# WHAT in turn (lack.c): either all rows come, or no end line does, with a reason
broken() {
	name="$1, a broken $2 ($3)" call=$2 what=$3 nth=0
	shift 3
	"$@" >wanted 2>err || fail "$name: not even without"
	while nth=$((nth + 1)) && [ $nth -le 100 ]; do
		got=0
		rm -f lacked
		env LACK="rudder-query $call:$nth:$what" LACK_LOG="$PWD/lacked" LD_PRELOAD="$B/tool/lack.so" \
			ASAN_OPTIONS="${ASAN_OPTIONS:-}:verify_asan_link_order=0" timeout 30 "$@" >out 2>err || got=$?
		[ -s lacked ] || break
		if [ $got = 0 ]; then
			grep -v _rudder wanted | same "$name, $nth: rows are lost"
		elif [ $got = "${may_crash:-}" ]; then
			no_end "$name, $nth: a driver that crashed"
		else
			no_end "$name, $nth"
			[ -s err ] || fail "$name, $nth: status $got without a message"
			[ $got -lt 128 ] || fail "$name, $nth: status $got: $(cat err)"
		fi
	done
	[ $nth -gt 2 ] || fail "$name: no call was broken"
}
