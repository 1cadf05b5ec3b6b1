#!/bin/sh
# kill.sh - SIGKILL for a random stage at a random moment of a whole sync, many
# times, while the source changes between the runs.
#
#   kill.sh [KILLS] [SEED] [users | audience | mapping]     (200, 1, users)
#
# The runs that are disturbed have --max-changes and --delete-after-runs at
# random, and now and then --tag changes. After every tenth kill one run is left alone; then the receiver must hold
# what the table holds. At no time may a row be deleted that is in the table,
# one messageId stand for two contents, or one content come under two ids. An
# audience is of emails (--identity), which rows change, swap, share and lose:
# in the end it must have those of the table, and never lose one of them.
# In the world mapping there is no --tag: a constant of the mapping changes, so
# that all rows are sent again, in some runs more than --max-resend allows or only
# a few (--max-changes); in the end all rows must have the newest constant.
# The judge is SQL over what the receiver took down; it shares no code with
# the filters. Needs sqlite3, and the build in $B and $BIN (tests/run.sh).
set -eu
kills=${1:-200} seed=${2:-1} world=${3:-users}
run=0
# shellcheck source=tests/fault/shop.sh
. "$(dirname "$0")/shop.sh"
echo "kill.sh: $kills kills, seed $seed, $world"
make_world
tag=t0 every=12 at=5
[ $world != mapping ] || mapped='' every=6 at=2 IDS=may
RUDDER_WRITE_KEY='test'
export RUDDER_WRITE_KEY
echo 'always delay 5 accept' >slowly
start_fake slowly

# one run: five processes, of which stage $1 is killed after $2 seconds (0: none),
# with options $3
# shellcheck disable=SC2086 # options
sync_run() {
	rm -f pid? status?
	tagged="--tag $tag"
	[ $world != mapping ] || tagged=''
	{
		stage 1 rudder-query -d sqlite:shop.db -t users |
			stage 2 rudder-diff -k id $identity -s state --mode mirror --max-deletes 100% $tagged $mapped $3 |
			stage 3 rudder-map -t identify -u $who -C tag=$tag --delete-event deleted |
			stage 4 rudder-send -d "rudder:http://127.0.0.1:$(cat port)" --batch 20 --connections 2 |
			stage 5 rudder-diff --commit -s state
	} >/dev/null &
	pipeline=$!
	if [ "$1" != 0 ]; then
		sleep "$2"
		kill_stage "$1"
	fi
	wait $pipeline || :
	status=" $(cat status1 status2 status3 status4 status5 | tr '\n' ' ')"
	case $1$status in 0* | *137*) ;; *) missed=$((missed + 1)) ;; esac
}

# rest: a run that is left alone; where it leaves rows to the next, for a changed
# mapping or since another row had the identity, that one too; then the receiver
# holds the table
rest() {
	sync_run 0 0 ''
	judge_run
	case $world$status in
	"mapping 0 0 0 0 1 " | "audience 0 1 0 0 1 ")
		resent=$((resent + 1))
		sync_run 0 0 ''
		judge_run
		;;
	esac
	[ "$status" = ' 0 0 0 0 0 ' ] || fail "a quiet run ended with$status: $(cat err?)"
	judge_all
}

missed=0 hits=0 quiet=0 resent=0
retag t0
sync_run 0 0 ''
[ "$status" = ' 0 0 0 0 0 ' ] || fail "the first run ended with$status: $(cat err?)"
judge_all
# a run with some changes takes this many milliseconds; a kill comes in one of them
mutate
from=$(date +%s%N)
sync_run 0 0 ''
takes=$((($(date +%s%N) - from) / 1000000))
judge_run
while [ $hits -lt "$kills" ]; do
	run=$((run + 1))
	[ $run -lt $((kills * 5 + 50)) ] || fail "only $hits of $run kills found their process alive"
	mutate
	plan=$(awk -v t=$takes -v s=$((seed * 100003 + run)) -v w="$world" \
		'BEGIN {
			srand(s); rand()
			printf "%d %.4f", 1 + int(rand() * 5), rand() * rand() * t / 1000
			if (rand() < 0.3) printf " --max-changes %d", 1 + rand() * 200
			if (rand() < 0.3) printf " --delete-after-runs 2"
			if (w == "mapping" && rand() < 0.2) printf " --max-resend 1"
		}')
	[ $((run % every)) != $at ] || retag t$run
	# shellcheck disable=SC2086 # words
	set -- $plan
	stage=$1 after=$2
	shift 2
	sync_run "$stage" "$after" "$*"
	judge_run
	hits=$((run - missed))
	if [ $((run % 10)) = 0 ]; then
		rest
		quiet=$((quiet + 1))
	fi
done
rest
total=$(wc -l <events)
echo "kill.sh: $hits kills ($missed more came too late), $quiet quiet runs between them; $total events received, $(again) of them again, under their first id; $resent quiet runs left rows to send again; nothing lost, nothing wrongly deleted"
