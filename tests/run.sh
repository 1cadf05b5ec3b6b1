#!/bin/sh
# run.sh - run tests and say "N passed, N failed, N skipped" at the end.
#
#   run.sh unit [NAME ...]       the cmocka programs $B/test_NAME, by $RUN if set
#   run.sh all                   everything
#   run.sh cli [TOOL/NAME ...]   the command tests tests/cli/TOOL/NAME.t and,
#                                for what a case cannot say, TOOL/NAME.sh
#
# A case of a .t file is a block of lines up to an empty line; the first
# character says what:
#   #  title          $  command (sh)         <  line of standard input
#   >  line of output !  line of standard error (none means: it stays silent)
#   ?  exit status (0 if left out)
# The abort line of a command that fails repeats its line of standard error: it
# is left out of the output, unless the case names an abort line itself.
# Of a message the owner is left out: "rudder-diff[state run]: ".
# Each case runs twice: input at once, then one byte at a time. Its folder is
# new and empty; $TOP is the project, $B the build folder, both absolute.
# With FIRST=1 the first case that fails ends its file.
# A .sh file is run likewise; it says why on failure, and exits 77 to skip.
# $JOBS of them run at a time, twice as many as there are processors if it is not
# set, because many of them mostly wait: for servers, retries and limits.
# A test that takes longer than $LIMIT seconds (900) is stopped and fails.
set -eu
LC_ALL=C TZ=UTC
# without memory our own message must come, also in a build for the sanitizers
ASAN_OPTIONS=${ASAN_OPTIONS:-allocator_may_return_null=1}
LIMIT=${LIMIT:-900}
export LC_ALL TZ ASAN_OPTIONS LIMIT
cd "$(dirname "$0")/.."
TOP=$PWD
case ${B:-build/release} in /*) ;; *) B=$TOP/${B:-build/release} ;; esac
PATH=$TOP/${BIN:-bin}:$B/tool:$PATH
export TOP B PATH
# below that of the whole run, so that a test that was killed leaves nothing either
tmp=$(mktemp -d ${WHOLE:+"$WHOLE/XXXXXX"})
memory=$(mktemp -d -p "${WHOLE_MEMORY:-/dev/shm}" rudder-test-XXXXXX 2>/dev/null) || memory=$tmp
trap 'rm -rf "$tmp" "$memory"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
passed=0 failed=0 skipped=0

note() { # $1: status, $2: name
	case $1 in
	0) passed=$((passed + 1)) ;;
	77)
		skipped=$((skipped + 1))
		echo "SKIP $2"
		;;
	*)
		failed=$((failed + 1))
		echo "FAIL $2"
		;;
	esac
}

# over STATUS: says so where it is that of a test that took too long
over() { [ "$1" != 124 ] || echo " (over the time limit of $LIMIT s)"; }

program() { # $1: unit test
	got=0
	# shellcheck disable=SC2086 # RUN is a command with options
	SCRATCH=$tmp SCRATCH_MEMORY=$memory timeout "$LIMIT" ${RUN:-} "$1" >"$tmp/log" 2>&1 || got=$?
	[ "$got" = 0 ] || cat "$tmp/log"
	note "$got" "$1$(over "$got")"
}

part() { sed -n "s/^[$1] \\{0,1\\}//p" "$tmp/case"; }

one() { # $1: file, $2: whole | dribble
	got=0
	rm -rf "$tmp/dir"
	mkdir "$tmp/dir"
	case $2 in
	whole) (cd "$tmp/dir" && exec timeout "$LIMIT" sh -c "$(part '$')") <"$tmp/in" >"$tmp/out" 2>"$tmp/err" || got=$? ;;
	*) dd if="$tmp/in" bs=1 2>/dev/null | (cd "$tmp/dir" && exec timeout "$LIMIT" sh -c "$(part '$')") >"$tmp/out" 2>"$tmp/err" || got=$? ;;
	esac
	sed -i 's/^\(rudder[- a-z]*\)\[[^]]*\]: /\1: /' "$tmp/err" "$tmp/out"
	want=$(part '?')
	case $(part '>') in
	*'"type":"abort"'*) ;;
	*) sed -i '/^{"_rudder":{"type":"abort",/d' "$tmp/out" ;;
	esac
	differs=
	[ "$got" = "${want:-0}" ] || differs=" status $got, wanted ${want:-0}$(over "$got");"
	part '>' | diff -u --label 'wanted (output)' --label got - "$tmp/out" >"$tmp/differs" || differs="$differs output;"
	part '!' | diff -u --label 'wanted (stderr)' --label got - "$tmp/err" >>"$tmp/differs" || differs="$differs stderr;"
	[ -n "$differs" ] || {
		note 0 ''
		return
	}
	note 1 "$1: $(part '#') ($2): differs in:${differs%;}"
	cat "$tmp/differs"
}

cases() { # $1: file.t
	n=$(awk 'BEGIN {RS=""} END {print NR}' "$1")
	i=1
	while [ $i -le "$n" ]; do
		awk -v k=$i 'BEGIN {RS=""} NR == k' "$1" >"$tmp/case"
		part '<' >"$tmp/in"
		one "$1" whole
		one "$1" dribble
		[ -z "${FIRST:-}" ] || [ "$failed" = 0 ] || break
		i=$((i + 1))
	done
}

script() { # $1: file.sh
	got=0
	rm -rf "$tmp/dir" "$tmp/failed"
	mkdir "$tmp/dir"
	(cd "$tmp/dir" && FAILED=$tmp/failed exec timeout "$LIMIT" sh "$TOP/$1") >"$tmp/log" 2>&1 </dev/null || got=$?
	[ "$got" != 0 ] || [ ! -e "$tmp/failed" ] || got=1
	case $got in
	0) ;;
	*) cat "$tmp/log" ;;
	esac
	[ -s "$tmp/log" ] || [ "$got" = 0 ] || echo "$1: status $got without a message: a command failed under set -e, or a signal came"
	note "$got" "$1$(over "$got")"
}

absent() { note 1 "$1: there is no such test"; }

# A job a line: the function that runs it, and its file.
unit() {
	for name in "${@:-*}"; do
		for t in "$B"/test_$name; do
			case $t in *.[od]) ;; *) echo "program $t" ;; esac
		done
	done
}

cli() {
	for name in "${@:-*/*}"; do
		found=
		for file in tests/cli/$name.t tests/cli/$name.sh; do
			[ -e "$file" ] || continue
			found=1
			case $file in
			*.t) echo "cases $file" ;;
			*) echo "script $file" ;;
			esac
		done
		[ -n "$found" ] || echo "absent $name"
	done
}

# what is quick comes first, so that a mistake is seen within seconds
all() {
	unit
	cli
	printf 'script %s\n' examples/*/run.sh
}

what=$1
shift
if [ "$what" = job ]; then # what it says comes in one piece
	"$@" >"$tmp/said" 2>&1
	exec 9>>"$COUNTS"
	flock 9
	cat "$tmp/said"
	echo "$passed $failed $skipped" >&9
	exit
fi
COUNTS=$tmp/counts WHOLE=$tmp WHOLE_MEMORY=$memory
export COUNTS WHOLE WHOLE_MEMORY
: >"$COUNTS"
"$what" "$@" | xargs -r -n 2 -P "${JOBS:-$((2 * $(nproc)))}" tests/run.sh job
awk '{p += $1; f += $2; s += $3}
END {print p + 0 " passed, " f + 0 " failed, " s + 0 " skipped"; exit f > 0 || NR == 0}' "$COUNTS"
