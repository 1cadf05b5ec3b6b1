#!/bin/sh
# doubt.sh - syncs whose outcome nobody knows: receivers that store a request
# and then say that they failed, plans sent several times, commands killed
# while they deliver, filters killed in the middle, states put back from a
# backup; and SIGKILL for a random stage in most runs.
#
#   doubt.sh [KILLS] [SEED] \
#           [users | audience | upsert | command | restore | 5xx] (200, 1, users)
#
#   users     over HTTP: hostile answers, plans, killed filters
#   audience  the same with --identity, as in kill.sh
#   upsert    without deletes; rows leave the table and return unchanged
#   command   by exec: a command that delivers slowly and outlives its sender
#   restore   now and then the state is replaced by a copy that is some runs old,
#             and the next runs send every row (--full) until one is left alone
#   5xx       the receiver stores each request it fails and answers 500, 502, 503
#             or 504; nothing is killed or sent again: KILLS is the number of runs
#
# IDS=may: do not judge ids, for releases that promise less of them.
# After some disturbed runs one is left alone; then the receiver must hold what
# the table holds, judged in three ways (shop.sh). Needs sqlite3, and the
# commands and test tools in PATH.
set -eu
kills=${1:-200} seed=${2:-1} world=${3:-users}
run=0
# shellcheck source=tests/fault/shop.sh
. "$(dirname "$0")/shop.sh"
echo "doubt.sh: $kills kills, seed $seed, $world"
make_world
RUDDER_WRITE_KEY='test'
export RUDDER_WRITE_KEY
retag t0

echo 'always delay 3 accept' >friendly
# the command of exec: a line at a time, and now and then it fails afterwards
cat >deliver <<'SH'
#!/bin/sh
# appends its input to events, slowly; its status is the argument, never 65, 69 or
# 75: those promise that nothing was taken
echo $$ >pid8
while IFS= read -r line; do
	printf '%s\n' "$line" >>events
	n=$((${n:-0} + 1))
	[ $((n % 40)) != 0 ] || sleep 0.0"$2"
done
exit "$1"
SH
chmod +x deliver

# dice: 100 answers of which most follow a stored request
hostile() { # $1: per cent
	p=$(($1 / 11))
	echo "dice $((seed * 1009 + run)) $p: reply 400 ; $p: store reply 500 ; $p: store reply 502 ; $p: store reply 503 ; $p: store reply 504 ; $p: store reset ; $p: store close ; $p: store hang ; $p: reply 503 ; $p: reply 409 ; $p: reply 500"
}

query() { rudder-query -d sqlite:shop.db -t users; }
# shellcheck disable=SC2154 # identity and tag are shop.sh's
differ() { rudder-diff -k id $identity -s state --mode $mode --max-deletes 100% --tag "$tag" $mapped "$@"; }
map() { rudder-map -t identify -u "$who" -C "tag=$tag" --delete-event deleted; }
[ "$world" != 5xx ] || hostile() {
	p=$(($1 / 4))
	echo "dice $((seed * 1009 + run)) $p: store reply 500 ; $p: store reply 502 ; $p: store reply 503 ; $p: store reply 504"
}
LATE=0
mode=mirror
[ "$world" != upsert ] || mode=upsert IDS=may HIDE=1 # read by shop.sh
if [ "$world" = command ]; then
	LATE=1 # read by judge_run
	dest() { echo "exec:./deliver $1 $2"; }
else
	dest() { echo "rudder:http://127.0.0.1:$(cat port)"; }
fi
impatient='--batch 20 --connections 2 --retry-wait 20ms --retry-max-wait 50ms --retry-max-time 200ms --timeout 300ms'

# one run: five or six processes, of which one is killed after a while
#   $1 stage to kill (0: none; 6: the filter, 7: its program; 8: the
#   command), $2 seconds, $3 status and pause of
#   the command, then options of rudder-diff
sync_run() {
	victim=$1 after=$2 how=$3
	shift 3
	rm -f pid? status? inner
	# by temporary files, in some runs
	memory=''
	[ "$(roll 3)" != 0 ] || memory='--memory 1'
	# shellcheck disable=SC2046,SC2086 # words
	{
		if [ "$victim" = 6 ] || [ "$victim" = 7 ]; then
			stage 1 rudder-query -d sqlite:shop.db -t users | stage 6 $FILTER
		else
			stage 1 rudder-query -d sqlite:shop.db -t users
		fi |
			stage 2 rudder-diff -k id $identity -s state --mode $mode --max-deletes 100% --tag $tag $mapped $memory "$@" |
			stage 3 rudder-map -t identify -u $who -C tag=$tag --delete-event deleted |
			stage 4 rudder-send -d "$(dest $how)" $impatient |
			stage 5 rudder-diff --commit -s state $memory
	} >/dev/null &
	pipeline=$!
	if [ "$victim" != 0 ]; then
		sleep "$after"
		[ "$victim" != 7 ] || mv inner pid7 2>/dev/null || :
		kill -9 "$(cat "pid$victim" 2>/dev/null || echo 0x)" 2>/dev/null && hits=$((hits + 1))
	fi
	wait $pipeline || :
	status=" $(cat status1 status2 status3 status4 status5 | tr '\n' ' ')"
	echo "run $run: kill $victim after $after ($how) $memory $*:$status; $(wc -l <events) events" >>story
}
# its program in the middle writes its pid to inner, so that it can be killed
if command -v rudder >/dev/null; then
	FILTER='rudder filter -- ./middle'
else
	FILTER='cat' # an earlier release
fi
cat >middle <<'SH'
#!/bin/sh
echo $$ >inner
exec cat
SH
chmod +x middle

# a plan is sent up to three times, the last one perhaps to a friend; receipts are
# committed in any order, some never
plan_run() {
	query | differ "$@" 2>err2 | map >plan 2>err3 || :
	echo "run $run: a plan of $(wc -l <plan) lines $*" >>story
	rm -f receipts? failed?
	# as from another machine: all of them, or a commit cannot know of the others
	nolock=''
	[ "$world" = command ] || [ "$(roll 4)" != 0 ] || nolock=--no-lock
	for try in 1 2 3; do
		[ "$(roll 3)" != 0 ] || start_fake friendly
		if [ "$(roll 3)" = 0 ]; then
			# shellcheck disable=SC2046,SC2086
			rudder-send -d "$(dest 0 5)" $impatient $nolock <plan >receipts$try 2>err4 &
			sender=$!
			sleep 0."$(roll 4)"
			kill -9 $sender 2>/dev/null && hits=$((hits + 1))
			wait $sender || :
		else
			input=plan
			[ "$(roll 2)" != 0 ] || [ ! -s "failed$((try - 1))" ] || input=failed$((try - 1))
			# shellcheck disable=SC2046,SC2086
			rudder-send -d "$(dest 0 5)" $impatient $nolock --failed failed$try <$input >receipts$try 2>err4 && [ "$(roll 2)" = 0 ] && break
		fi
	done
	# shellcheck disable=SC2013 # words
	for try in $(awk -v s="$(roll 1000)" 'BEGIN {srand(s); n = split(rand() < 0.5 ? "3 2 1" : "1 3 2", w, " "); for (i = 1; i <= n; i++) if (rand() < 0.8) print w[i]}'); do
		echo "run $run: commit $try $nolock of: $(sed -n 's/.*"status":"\([a-z]*\)".*/\1/p' receipts"$try" 2>/dev/null | sort | uniq -c | tr '\n' ' ')" >>story
		[ ! -e receipts"$try" ] || rudder-diff --commit -s state <receipts"$try" >/dev/null 2>err5 || :
	done
}

# roll N: below N, by the seed and how often it was asked
rolls=0
roll() {
	awk -v s=$((seed * 7919 + run * 131)) -v k="$(cat rolls)" -v n="$1" 'BEGIN {srand(s + k * 17); rand(); print int(rand() * n)}'
	echo $(($(cat rolls) + 1)) >rolls
}
echo $rolls >rolls

quiet_run() {
	start_fake friendly
	# what a killed sender's command still delivers holds the lock
	sync_run 0 0 '0 0' --lock-wait 60s "$@"
	case $mode$status in
	*' 0 0 0 0 0 ') ;;
	'upsert 0 0 0 0 1 ') ;; # a missing row keeps its unacknowledged change once
	*' 0 1 0 0 1 ') # the identity of a missing row: who else has it is for the next run
		grep -q 'sent again by the next run' err2 || fail "a quiet run ended with$status: $(cat err?)"
		judge_run
		sync_run 0 0 '0 0' --lock-wait 60s "$@"
		[ "$status" = ' 0 0 0 0 0 ' ] || fail "the run after a quiet run ended with$status: $(cat err?)"
		;;
	*) fail "a quiet run ended with$status: $(cat err?)" ;;
	esac
	judge_run
}

judged_run() {
	[ ! "$full" ] || new_epoch # --full gives what was delivered another id
	# shellcheck disable=SC2086 # words
	quiet_run $full
	judge_all ${full:+forgotten}
}

hits=0 quiet=0 plans=0 restored=0
start_fake friendly
quiet_run
judge_all
takes=400
copies=0 full=''
done_all() { [ "$([ "$world" = 5xx ] && echo $run || echo $hits)" -ge "$kills" ]; }
until done_all; do
	run=$((run + 1))
	[ $run -lt $((kills * 5 + 50)) ] || fail "only $hits kills in $run runs"
	mutate
	[ ! "$full" ] || new_epoch
	if [ "$world" != command ]; then
		hostile $((11 * (1 + $(roll 9)))) >script
		start_fake script
	fi
	if [ "$world" = 5xx ]; then
		sync_run 0 0 '0 0'
	elif [ "$(roll 4)" = 0 ]; then
		plans=$((plans + 1))
		# shellcheck disable=SC2086 # words
		plan_run $full
	else
		victim=$((1 + $(roll 7)))
		[ "$world" != command ] || victim=$((2 + $(roll 5)))
		[ "$world$victim" != command6 ] || victim=8
		# shellcheck disable=SC2086 # words
		sync_run $victim "$(awk -v r="$(roll 1000)" -v t=$takes 'BEGIN {printf "%.3f", r * r / 1000000 * t / 1000}')" "$(awk -v r="$(roll 4)" 'BEGIN {split("0 70 1 3", w, " "); print w[r + 1]}') $((1 + $(roll 9)))" $full
	fi
	judge_run
	if [ "$world" = restore ] && [ ! "$full" ]; then
		if [ "$(roll 4)" = 0 ]; then
			copies=$((copies + 1))
			rm -rf backup && cp -r state backup
		elif [ "$(roll 6)" = 0 ] && [ -d backup ]; then
			restored=$((restored + 1))
			echo "run $run: restored; $(wc -l <events) events" >>story
			rm -rf state && mv backup state
			full=--full
			# a second --full would hide what the first did wrong
			[ "$(roll 2)" = 0 ] || continue
			mutate
			judged_run
			full=''
		fi
	fi
	if [ "$(roll 5)" = 0 ]; then
		judged_run
		full=''
		quiet=$((quiet + 1))
	fi
done
judged_run
echo "doubt.sh: $hits kills in $run runs, $plans plans, $restored states put back, $quiet quiet runs between; $(wc -l <events) events received, $(again) of them again; nothing lost, stale or wrongly deleted"
