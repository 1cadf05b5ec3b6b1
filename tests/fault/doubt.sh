#!/bin/sh
# doubt.sh - syncs whose outcome nobody knows: receivers that store a request
# and then say that they failed, plans sent several times, commands killed
# while they deliver, filters killed in the middle, states put back from a
# backup; and SIGKILL for a random stage in most runs.
#
#   doubt.sh [KILLS] [SEED] [users | command | restore]     (200, 1, users)
#
#   users     over HTTP: hostile answers, plans, killed filters
#   command   by exec: a command that delivers slowly and outlives its sender
#   restore   now and then the state is replaced by a copy that is some runs old,
#             and the next run sends every row (--full)
#
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
	p=$(($1 / 10))
	echo "dice $((seed * 1009 + run)) $p: store reply 500 ; $p: store reply 502 ; $p: store reply 503 ; $p: store reply 504 ; $p: store reset ; $p: store close ; $p: store hang ; $p: reply 503 ; $p: store reply 409 ; $p: reply 500"
}

query() { rudder-query -d sqlite:shop.db -t users; }
# shellcheck disable=SC2154 # identity and tag are shop.sh's
differ() { rudder-diff -k id $identity -s state --mode mirror --max-deletes 100% --tag "$tag" "$@"; }
map() { rudder-map -t identify -u "$who" -C "tag=$tag" --delete-event deleted; }
if [ "$world" = command ]; then
	dest() { echo "exec:./deliver $1 $2"; }
else
	dest() { echo "rudder:http://127.0.0.1:$(cat port)"; }
fi
impatient='--batch 20 --connections 2 --retry-wait 20ms --retry-max-wait 50ms --retry-max-time 200ms --timeout 300ms'

# one run: five or six processes, of which one is killed after a while
#   $1 stage to kill (0: none; 6: the filter), $2 seconds, $3 status and pause of
#   the command, then options of rudder-diff
sync_run() {
	victim=$1 after=$2 how=$3
	shift 3
	rm -f pid? status?
	# shellcheck disable=SC2046,SC2086 # words
	{
		if [ "$victim" = 6 ]; then
			stage 1 rudder-query -d sqlite:shop.db -t users | stage 6 $FILTER
		else
			stage 1 rudder-query -d sqlite:shop.db -t users
		fi |
			stage 2 rudder-diff -k id $identity -s state --mode mirror --max-deletes 100% --tag $tag "$@" |
			stage 3 rudder-map -t identify -u $who -C tag=$tag --delete-event deleted |
			stage 4 rudder-send -d "$(dest $how)" $impatient |
			stage 5 rudder-diff --commit -s state
	} >/dev/null &
	pipeline=$!
	if [ "$victim" != 0 ]; then
		sleep "$after"
		[ "$victim" != 6 ] || kill -9 "$(cat inner 2>/dev/null || echo 0x)" 2>/dev/null || :
		[ "$victim" = 6 ] || kill_stage "$victim"
	fi
	wait $pipeline || :
	status=" $(cat status1 status2 status3 status4 status5 | tr '\n' ' ')"
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
	query | differ 2>err2 | map >plan 2>err3 || :
	rm -f receipts? failed?
	for try in 1 2 3; do
		[ "$(roll 3)" != 0 ] || start_fake friendly
		if [ "$(roll 3)" = 0 ]; then
			# shellcheck disable=SC2046,SC2086
			rudder-send -d "$(dest 0 5)" $impatient <plan >receipts$try 2>err4 &
			sender=$!
			sleep 0."$(roll 4)"
			kill -9 $sender 2>/dev/null && hits=$((hits + 1))
			wait $sender || :
		else
			input=plan
			[ "$(roll 2)" != 0 ] || [ ! -s "failed$((try - 1))" ] || input=failed$((try - 1))
			# shellcheck disable=SC2046,SC2086
			rudder-send -d "$(dest 0 5)" $impatient --failed failed$try <$input >receipts$try 2>err4 && [ "$(roll 2)" = 0 ] && break
		fi
	done
	# shellcheck disable=SC2013 # words
	for try in $(awk -v s="$(roll 1000)" 'BEGIN {srand(s); n = split(rand() < 0.5 ? "3 2 1" : "1 3 2", w, " "); for (i = 1; i <= n; i++) if (rand() < 0.8) print w[i]}'); do
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
	[ "$status" = ' 0 0 0 0 0 ' ] || fail "a quiet run ended with$status: $(cat err?)"
	judge_run
}

hits=0 quiet=0 plans=0 restored=0
start_fake friendly
quiet_run
judge_all
takes=400
copies=0
while [ $hits -lt "$kills" ]; do
	run=$((run + 1))
	[ $run -lt $((kills * 5 + 50)) ] || fail "only $hits kills in $run runs"
	mutate
	if [ "$world" != command ]; then
		hostile $((10 * (1 + $(roll 9)))) >script
		start_fake script
	fi
	if [ "$world" = users ] && [ "$(roll 4)" = 0 ]; then
		plans=$((plans + 1))
		plan_run
	else
		victim=$((1 + $(roll 6)))
		[ "$world" != command ] || victim=$((2 + $(roll 4)))
		sync_run $victim "$(awk -v r="$(roll 1000)" -v t=$takes 'BEGIN {printf "%.3f", r / 1000 * t / 1000}')" "$(awk -v r="$(roll 4)" 'BEGIN {split("0 70 1 3", w, " "); print w[r + 1]}') $((1 + $(roll 9)))"
		case $status in *137*) hits=$((hits + 1)) ;; *) [ $victim != 6 ] || hits=$((hits + 1)) ;; esac
	fi
	judge_run
	if [ "$world" = restore ]; then
		if [ "$(roll 4)" = 0 ]; then
			copies=$((copies + 1))
			rm -rf backup && cp -r state backup
		elif [ "$(roll 6)" = 0 ] && [ -d backup ]; then
			restored=$((restored + 1))
			rm -rf state && mv backup state
			mutate
			quiet_run --full
			judge_all may
			continue
		fi
	fi
	if [ "$(roll 5)" = 0 ]; then
		quiet_run
		if [ "$world" = restore ]; then judge_all may; else judge_all; fi
		quiet=$((quiet + 1))
	fi
done
quiet_run
if [ "$world" = restore ]; then judge_all may; else judge_all; fi
echo "doubt.sh: $hits kills in $run runs, $plans plans, $restored states put back, $quiet quiet runs between; $(wc -l <events) events received, $(again) of them again; nothing lost, stale or wrongly deleted"
