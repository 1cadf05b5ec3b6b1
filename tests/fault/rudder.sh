#!/bin/sh
# rudder.sh - SIGKILL for rudder or any of its children at a random moment of a
# run, many times, while the source and the mapping change between the runs.
#
#   rudder.sh [KILLS] [SEED] [users | audience] [CANARY]     (200, 1, users, none)
#
# The promises and the judge are those of kill.sh: after a run that is left alone
# the receiver holds the table; at no time is a row deleted that is in it, or does
# one messageId stand for two contents. A child is one of the five stages, or one
# of the two commands that compare the mapping before the run; with --canary CANARY
# also the process that sends in two parts, and its stages. When rudder itself
# is killed, its pipeline must end by itself. In the second half the mapping
# changes too; from then on a row may come again under another id. Needs sqlite3,
# and the build in $B and $BIN (tests/run.sh).
set -eu
kills=${1:-200} seed=${2:-1} world=${3:-users} canary=${4:-}
run=0
# shellcheck source=tests/fault/shop.sh
. "$(dirname "$0")/shop.sh"
echo "rudder.sh: $kills kills, seed $seed, $world${canary:+, canary of $canary}"
make_world
RUDDER_WRITE_KEY='test'
export RUDDER_WRITE_KEY
echo 'always delay 5 accept' >slowly
start_fake slowly

# the sync file, with more lines $1
write_sync() {
	cat >sync.yaml <<END
version: 1
source: sqlite:shop.db
table: users
key: id
mode: mirror
deletes: {max: 100%}
resend: {max: 1000000}
mapping: {type: identify, user_id: $who, constants: {tag: $tag}, delete_event: deleted}
destination: {dest: "rudder:http://127.0.0.1:$(cat port)", batch: 20, connections: 2}
$([ -z "$identity" ] || echo 'identity: email')
$1
END
}

children_of() {
	# shellcheck disable=SC2002 # a file that may be missing
	cat "/proc/$1/task/$1/children" 2>/dev/null | tr ' ' '\n' | grep . || :
}

# all of the processes have ended
gone() {
	for p; do
		! kill -0 "$p" 2>/dev/null || return 1
	done
}

# one run, of which process $1 (0: rudder, 1..: a child, none: nobody) is killed
# after $2 seconds
sync_run() {
	# shellcheck disable=SC2086 # two words
	rudder run ${canary:+--canary $canary} sync.yaml 2>err &
	rudder=$! children='' victim=''
	if [ "$1" != none ]; then
		sleep "$2"
		# it starts no more of them, so all are known
		kill -STOP $rudder 2>/dev/null || :
		children=$(children_of $rudder) sender=''
		if [ -n "$canary" ] && [ "$(cat "/proc/${children:-0}/comm" 2>/dev/null)" = rudder ]; then
			sender=$children
			kill -STOP "$sender" 2>/dev/null || :
			children="$sender
$(children_of "$sender")"
		fi
		if [ "$1" = 0 ]; then
			victim=$rudder
		else
			victim=$(echo "$children" | awk -v n="$1" 'NF {p[++k] = $1} END {if (k) print p[(n - 1) % k + 1]}')
		fi
		# shellcheck disable=SC2086 # nobody, when it came too late
		kill -9 $victim 2>/dev/null || victim=''
		# shellcheck disable=SC2086 # nobody, where there is no canary
		kill -CONT $rudder $sender 2>/dev/null || :
	fi
	status=0
	wait $rudder 2>/dev/null || status=$?
	i=0
	# shellcheck disable=SC2086 # pids
	until gone $children; do
		i=$((i + 1))
		[ $i -lt 600 ] || fail "processes stay behind: $children"
		sleep 0.05
	done
	[ -n "$victim" ] && [ "$status" != 0 ] || missed=$((missed + 1))
}

missed=0 hits=0 quiet=0
retag t0
write_sync ''
sync_run none 0
[ "$status" = 0 ] || fail "the first run ended with $status: $(cat err)"
judge_all
# a run with some changes takes this many milliseconds; a kill comes in one of them
mutate
from=$(date +%s%N)
sync_run none 0
takes=$((($(date +%s%N) - from) / 1000000))
judge_run
missed=0
# quiet_run: a run that is left alone, and the next where it leaves rows to it, since
# another row had the identity; then the receiver holds the table
quiet_run() {
	write_sync ''
	before=$missed
	sync_run none 0
	if [ "$status" = 1 ] && grep -q 'sent again by the next run' err; then
		judge_run
		sync_run none 0
	fi
	missed=$before
	[ "$status" = 0 ] || fail "a quiet run ended with $status: $(cat err)"
	judge_run
	judge_all
}

while [ $hits -lt "$kills" ]; do
	run=$((run + 1))
	[ $run -lt $((kills * 5 + 50)) ] || fail "only $hits of $run kills found their process alive"
	mutate
	plan=$(awk -v t=$takes -v s=$((seed * 100003 + run)) \
		'BEGIN {
			srand(s); rand()
			printf "%d %.4f", int(rand() * 6), rand() * rand() * t / 1000
			if (rand() < 0.3) printf " max_changes:" 1 + int(rand() * 200)
		}')
	if [ $((hits * 2)) -ge "$kills" ] && [ $((run % 6)) = 5 ]; then
		# shellcheck disable=SC2034 # for judge_all
		IDS=may
		retag t$run
	fi
	# shellcheck disable=SC2086 # words
	set -- $plan
	write_sync "$(echo "${3:-}" | sed 's/:/: /')"
	sync_run "$1" "$2"
	judge_run
	hits=$((run - missed))
	if [ $((run % 10)) = 0 ]; then
		quiet_run
		quiet=$((quiet + 1))
	fi
done
quiet_run
total=$(wc -l <events)
echo "rudder.sh: $hits kills ($missed more came too late), $quiet quiet runs between them; $total events received, $(again) of them again, under their first id; nothing lost, nothing wrongly deleted"
