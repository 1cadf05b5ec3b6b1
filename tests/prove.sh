#!/bin/sh
# prove.sh - the campaigns, one after the other with a new seed each time, until
# the time is over; then one table: `make prove HOURS=2`.
#
#   prove.sh HOURS [DIR]     (a fraction will do: 0.1; DIR: build/prove)
#
# JOBS (1) campaigns run side by side, each time the same ones one after the other.
# A round runs each campaign once, for a minute or so. DIR/results has a line for
# each: campaign, seed, status, seconds, seconds of CPU, the last line it wrote. The
# next call continues with the next seeds, so hours add up; remove DIR to start over.
# The output of a failed campaign stays in DIR/CAMPAIGN.SEED.log, whose first line is
# the command that repeats it. Status 77: the campaign cannot run on this machine. The
# exit status is 1 if any campaign failed, in this call or an earlier one.
set -eu
TOP=$(cd "$(dirname "$0")/.." && pwd)
cd "$TOP"
hours=${1:?usage: prove.sh HOURS [DIR]}
dir=${2:-build/prove} jobs=${JOBS:-1}
: "${B:=build/release}" "${BIN:=bin}"
mkdir -p "$dir"
dir=$(cd "$dir" && pwd)
case $B in /*) ;; *) B=$TOP/$B ;; esac
case $BIN in /*) ;; *) BIN=$TOP/$BIN ;; esac
export TOP SHIM_SO="$B/tool/shim.so"
PATH=$BIN:$B/tool:$PATH
ends=${ENDS:-$(($(date +%s) + $(awk -v h="$hours" 'BEGIN {print int(h * 3600)}')))}
touch "$dir/results"

# CAMPAIGN: COMMAND, with SEED for the seed. Campaigns over all points of a run take
# one in 17 to 47 of them, which depends on the seed. A command without SEED is the whole
# form of a test of which make check does a part: it runs until it has passed once.
campaigns() {
	cat <<'E'
kill-users: tests/fault/kill.sh 20 SEED users
kill-audience: tests/fault/kill.sh 20 SEED audience
doubt-users: tests/fault/doubt.sh 20 SEED users
doubt-audience: tests/fault/doubt.sh 20 SEED audience
doubt-command: tests/fault/doubt.sh 20 SEED command
doubt-restore: tests/fault/doubt.sh 20 SEED restore
doubt-5xx: tests/fault/doubt.sh 20 SEED 5xx
rudder-users: tests/fault/rudder.sh 20 SEED users
rudder-audience: tests/fault/rudder.sh 20 SEED audience
system-calls: tests/fault/diff.sh $((17 + SEED % 31))
bad-disk: tests/fault/shim.sh $((17 + SEED % 31))
power-cuts: tests/fault/power.sh $((17 + SEED % 31))
tables: tests/property/diff.sh 100 SEED
stories: tests/property/story.sh 40 SEED
stories-incremental: RUDDER_SMALL_STATE=0 tests/property/story.sh 40 SEED
shared: tests/property/shared.py 100 SEED
mappings: tests/property/mappings.py 100 SEED
syncs: tests/property/syncs.sh 10 SEED
parts: tests/property/parts.sh 10 SEED
delta: eval "$(tests/tool/pg.sh start)"; tests/property/delta.py 50 SEED; s=$?; tests/tool/pg.sh stop "$PG_DIR"; exit $s
conditions: STORY=SEED ROUNDS=30 tests/run.sh cli sync/where
damage: STEP=1 tests/run.sh cli diff/refused
letters: LETTERS=1 tests/run.sh cli map/hashes
poison: PLACES="$(seq $((1 + SEED % 25)) 25 1000 | paste -s -d " ")" LIMIT=1700 tests/run.sh cli send/poison
many-runs: tests/scale/runs.sh 10000
store: ROWS=10000 KILLS=50 tests/run.sh cli send/store
E
	[ ! -x build/asan/bin/rudder ] || echo "commands: PATH=$TOP/build/asan/bin:\$PATH tests/fuzz/whole.sh 60 SEED $dir/whole"
	for f in build/fuzz/fuzz_*; do # as the commands with sanitizers, built by make prove
		case $f in *.*) continue ;; esac
		if [ ! -x "$f" ] || [ -d "$f" ]; then continue; fi
		n=${f##*/fuzz_}
		echo "fuzz-$n: mkdir -p $dir/corpus/$n && tests/fuzz/in_memory.sh $f -seed=SEED -max_total_time=20 -max_len=4096 -error_exitcode=1 -artifact_prefix=$dir/$n- $dir/corpus/$n tests/fuzz/corpus/$n"
	done
}

# one CAMPAIGN COMMAND
one() {
	seed=$(($(awk -v c="$1" '$1 == c && $2 > s {s = $2} END {print s + 0}' "$dir/results") + 1))
	command=$(echo "$2" | sed "s/SEED/$seed/g")
	log=$dir/$1.$seed.log status=0
	echo "$command" >"$log"
	spent=$dir/$1.cost
	rm -f "$spent"
	cost "$spent" "exec timeout 1800 sh -c '$command'" >>"$log" 2>&1 </dev/null || status=$?
	said=$(tail -n 1 "$log" | tr -d '\t' | cut -c 1-90)
	awk -v c="$1" -v s="$seed" -v st="$status" -v said="$said" '{printf "%s\t%s\t%s\t%.1f\t%.1f\t%s\n", c, s, st, $1, $2, said}' "$spent" |
		tee -a "$dir/results"
	case $status in 0 | 77) rm "$log" ;; esac
}

# is_done CAMPAIGN COMMAND: its whole form has passed, or cannot run here
is_done() {
	case $2 in *SEED*) return 1 ;; esac
	awk -F'\t' -v c="$1" '$1 == c && ($3 == 0 || $3 == 77) {found = 1} END {exit !found}' "$dir/results"
}

# rounds JOB: of the campaigns each JOBSth, until the time is over
rounds() {
	while [ "$(date +%s)" -lt "$ends" ]; do
		campaigns | awk -v jobs="$jobs" -v job="$1" 'NR % jobs == job' >"$dir/list.$1"
		while read -r name command <&3; do
			[ "$(date +%s)" -lt "$ends" ] || break
			! is_done "${name%:}" "$command" || continue
			one "${name%:}" "$command"
		done 3<"$dir/list.$1"
	done
}

# a job is this script again, started by xargs and not by &, which would make the
# campaigns ignore SIGINT
if [ -n "${JOB:-}" ]; then
	rounds "$JOB"
	exit 0
fi
seq 0 $((jobs - 1)) | ENDS=$ends xargs -P "$jobs" -I N env JOB=N "$TOP/tests/prove.sh" "$hours" "$dir" || :
awk -F'\t' '{
	if (!($1 in n)) order[++m] = $1
	n[$1]++; cpu[$1] += $5; wall[$1] += $4
	if ($3 == 77) skipped[$1]++
	else if ($3 != 0) {failed[$1]++; seeds[$1] = seeds[$1] " " $2; bad = 1}
}
END {
	printf "\n%-20s %6s %8s %8s %10s %10s  %s\n", "campaign", "runs", "skipped", "failed", "cpu s", "wall s", "failed seeds"
	for (i = 1; i <= m; i++) {
		c = order[i]
		printf "%-20s %6d %8d %8d %10.0f %10.0f %s\n", c, n[c], skipped[c], failed[c], cpu[c], wall[c], seeds[c]
		runs += n[c]; sum += cpu[c]; f += failed[c]
	}
	printf "%-20s %6d %8s %8d %10.0f\n", "all", runs, "", f, sum
	exit bad
}' "$dir/results"
