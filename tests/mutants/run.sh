#!/bin/sh
# run.sh - changes one place of the code at a time and sees whether a test fails:
# `make mutants N=300 SEED=1 F='filters/diff/*.c'`.
#
#   run.sh N SEED [FILE ...]     (FILE: all of filters/{diff,send,wire,map})
#
# A mutant is a copy of the tree with one operator, constant, condition, call or returned
# value changed, by pick.awk: the same SEED and tree give the same mutants. One that
# does not compile, or compiles to the same code, is not counted. Of each the unit
# tests that reach the place run first, then the command tests, the quickest first,
# up to BUDGET (100) seconds of them; the first that fails kills it, and so does a test
# over its time limit. $JOBS (1) mutants are tried at a time.
#
# In build/mutants:
#   reach.d/      what each test reaches, found once by an instrumented build; remove it
#                 after tests or code have changed much
#   SEED.d/       results (a line for each mutant), survivors (their diffs), and copies
#                 of the tree, in which it works. The next call with the same SEED goes
#                 on where this one ended; remove it to start over
#
# With RETRY=. survivors are tried again, by the tests of today; RETRY=send/ only those
# whose line in `results` has that pattern. A survivor of few tests deserves a larger BUDGET.
#
# equivalent.txt has the survivors that no test can kill, with the reason. They are
# shown only as a number.
set -eu
LC_ALL=C
export LC_ALL
unset MAKEFLAGS MAKELEVEL MFLAGS # what make was called with is not for the copies
TOP=$(cd "$(dirname "$0")/../.." && pwd)
cd "$TOP"
. tests/mutants/reach.sh
n=${1:?usage: run.sh N SEED [FILE ...]}
seed=${2:?usage: run.sh N SEED [FILE ...]}
shift 2
: "${BUDGET:=100}" "${JOBS:=1}"
dir=$TOP/build/mutants/$seed.d
reach=$TOP/build/mutants/reach.d
command -v ccache >/dev/null 2>&1 && CC=${CC:-ccache gcc} && export CC

# the copies of the tree have no build/duckdb, and would skip its tests
lib=$(tests/tool/duck.sh list | head -n 1)
[ -z "$lib" ] || export RUDDER_LIBDUCKDB="$lib"

# ---- one mutant -------------------------------------------------------------

build() { make -s MODE=mutant CFLAGS='-O1 -g0' "$@" >"$dir/log.$job" 2>&1; }

# stray MARK: ends what a test has left behind, by its environment
stray() {
	grep -lsa "MUTANT=$1" /proc/[0-9]*/environ | cut -d / -f 3 | while read -r p; do
		kill -9 "$p" 2>/dev/null || :
	done
}

# passes TEST SECONDS: runs it in the tree of this job
passes() {
	limit=$(awk -v s="$2" 'BEGIN {print int(s * 5) + 20}')
	mark=$seed.$job.$$
	rc=0
	(
		ulimit -f 4194304
		# shellcheck disable=SC3045 # dash, bash and busybox have it
		ulimit -v 16000000
		exec env MUTANT="$mark" TMPDIR="$dir/tmp.$job" FIRST=1 JOBS=1 LIMIT="$limit" B=build/mutant BIN=build/mutant/bin \
			tests/run.sh "${1%%:*}" "${1#*:}" </dev/null >"$dir/log.$job" 2>&1
	) || rc=1
	[ "$rc" = 0 ] || stray "$mark"
	rm -rf "$dir/tmp.$job"
	mkdir -p "$dir/tmp.$job"
	return "$rc"
}

# tries FILE LINE: says who kills the mutant of which the tree is
tries() {
	reach_tests "$reach" "$1" "$2" "$BUDGET" >"$dir/tests.$job"
	# shellcheck disable=SC2046 # names without blanks
	set -- $(awk '$1 ~ /^unit:/ {sub(/^unit:/, ""); print "build/mutant/test_" $1}' "$dir/tests.$job")
	if [ $# -gt 0 ]; then build "$@" || return 0; fi
	built=
	while read -r test seconds <&4; do
		case $test in cli:*)
			[ -n "$built" ] || build all
			built=1
			;;
		esac
		passes "$test" "$seconds" || {
			# commands are tested twice, in case it was the machine
			case $test in cli:*) ! passes "$test" "$seconds" || continue ;; esac
			echo "$test"
			return 0
		}
	done 4<"$dir/tests.$job"
	echo none
}

# key_of ROW: what of a row of the list stays the same when lines are added elsewhere
key_of() {
	printf "%s\n" "$1" | awk -F'\t' -v was="$dir/was.$job.c" '{
		new = $0
		sub(/^([^\t]*\t){4}/, "", new)
		for (i = 0; i < $2; i++)
			getline old <was
		gsub(/^[ \t]+/, "", old)
		gsub(/^[ \t]+/, "", new)
		gsub(/\t/, " ", old)
		gsub(/\t/, " ", new)
		print $1 " " $3 ": " old " => " new
	}'
}

# one NUMBER: the mutant of that line of the list
one() {
	row=$(sed -n "$1p" "$dir/list")
	file=$(printf "%s\n" "$row" | cut -f 1) line=$(printf "%s\n" "$row" | cut -f 2)
	object=build/mutant/${file%.c}.o
	began=$(date +%s)
	echo "$file" >"$dir/at.$job"
	cp -p "$file" "$dir/was.$job.c"
	cp -p "$object" "$dir/was.$job.o"
	printf "%s\n" "$row" | cut -f 5- >"$dir/new.$job"
	awk -v n="$line" -v by="$dir/new.$job" 'FNR == n {getline < by} 1' "$dir/was.$job.c" >"$file"
	key=$(key_of "$row")
	by=
	if grep -qxF "$key" "$TOP/tests/mutants/equivalent.txt"; then
		verdict=equivalent
	elif ! build "$object"; then
		verdict=uncompiled
	elif cmp -s "$object" "$dir/was.$job.o"; then
		verdict=same
	else
		by=$(tries "$file" "$line")
		case $by in none) verdict=survived ;; *) verdict=killed ;; esac
	fi
	[ "$verdict" != survived ] || {
		printf '# %s: %s\n' "$1" "$key"
		diff -u --label "$file" --label "$file" "$dir/was.$job.c" "$file" || :
		echo
	} >>"$dir/survivors"
	printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$1" "$verdict" "$by" "$(($(date +%s) - began))" "$(printf "%s\n" "$row" | cut -f 1-2 | tr '\t' ':')" "$key" |
		tee -a "$dir/results"
	cp -p "$dir/was.$job.c" "$file"
	# newer than what was made of the mutant
	cp "$dir/was.$job.o" "$object"
	rm "$dir/at.$job"
}

counted() { awk -F'\t' '$2 ~ /killed|survived|equivalent/ {n++} END {print n + 0}' "$dir/results"; }

# worker JOB: takes each JOBSth line of the list
worker() {
	job=$1
	tree=$dir/tree.$job
	mkdir -p "$dir/tmp.$job"
	[ -d "$tree" ] || cp -a "$dir/tree" "$tree"
	cd "$tree"
	# where the last call was killed
	if [ -s "$dir/at.$job" ]; then cp "$dir/tree/$(cat "$dir/at.$job")" "$(cat "$dir/at.$job")"; fi
	build all tools || {
		cat "$dir/log.$job"
		return 1
	}
	i=$((job + 1))
	while [ "$(counted)" -lt "$n" ] && [ "$i" -le "$(wc -l <"$dir/list")" ]; do
		awk -F'\t' -v i="$i" '$1 == i {found = 1} END {exit !found}' "$dir/results" || one "$i"
		i=$((i + JOBS))
	done
}

# forget_survivors PATTERN: those that are not judged equivalent, and whose line in
# `results` has the pattern, are tried again
forget_survivors() {
	cp "$dir/results" "$dir/results.before"
	awk -F'\t' -v pattern="$1" '
	FNR == NR {
		judged[$0] = 1
		next
	}
	$2 != "survived" || $6 in judged || $0 !~ pattern' "$TOP/tests/mutants/equivalent.txt" "$dir/results.before" >"$dir/results"
	: >"$dir/survivors"
}

# ---- all of them ------------------------------------------------------------

[ -z "${RETRY:-}" ] || [ ! -d "$reach/tree" ] || reach_renew "$reach"
[ -e "$reach/done" ] || reach_make "$reach"
mkdir -p "$dir"
touch "$dir/results" "$dir/survivors"
[ -d "$dir/tree" ] || copy_tree "$dir/tree"
[ -z "${RETRY:-}" ] || {
	forget_survivors "$RETRY"
	# with the tests of today
	job=0
	while [ "$job" -lt "$JOBS" ]; do
		[ ! -d "$dir/tree.$job" ] || git ls-files tests ':!tests/mutants' | tar cf - -T - | tar xmf - -C "$dir/tree.$job"
		job=$((job + 1))
	done
}
[ -s "$dir/list" ] || (
	cd "$dir/tree"
	# shellcheck disable=SC2046 # names without blanks
	[ $# -gt 0 ] || set -- $(find filters/diff filters/send filters/wire filters/map -name '*.c' | sort)
	awk -v seed="$seed" -f "$TOP/tests/mutants/pick.awk" "$@" >"$dir/list.new"
	mv "$dir/list.new" "$dir/list"
)
job=0
while [ "$job" -lt "$JOBS" ]; do
	worker "$job" &
	job=$((job + 1))
done
wait

awk -F'\t' '
FNR == NR {
	judged[$0] = 1
	next
}
{
	if ($2 == "survived" && $6 in judged)
		$2 = "equivalent"
	n[$2]++
	if ($2 == "killed")
		by[substr($3, 1, 3)]++
	if ($2 == "survived")
		print $5 ": " $6
}
END {
	tried = n["killed"] + n["survived"]
	printf "%d mutants: %d killed (%d by unit tests, %d by command tests), %d survived, %d equivalent; %.1f %% killed\n", tried + n["equivalent"], n["killed"], by["uni"], by["cli"], n["survived"], n["equivalent"], 100 * n["killed"] / (tried + !tried)
	printf "not counted: %d did not compile, %d made the same code\n", n["uncompiled"], n["same"]
	exit n["survived"] > 0
}' tests/mutants/equivalent.txt "$dir/results"
