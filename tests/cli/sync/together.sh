# together.sh - five whole pipelines on one state at the same moment, again and
# again: those that do not get the lock end with 75, one whose events another has sent
# and committed before its sender began with 64, and all rows are delivered
. "$TOP/tests/tool/lib.sh"
RUDDER_WRITE_KEY='test'
export RUDDER_WRITE_KEY
fake -p port -o events -t 60 &
fake=$!
trap 'kill $fake' EXIT
i=0
until [ -s port ]; do
	i=$((i + 1))
	[ $i -lt 100 ] || fail 'the receiver does not start'
	sleep 0.05
done
sync() {
	# shellcheck disable=SC2094 # each reads its own copy
	rudder-query -d csv:users.csv | rudder-diff -k id -s st --mode mirror |
		rudder-map -t identify -u id --delete-event gone | rudder-send -d "rudder:http://127.0.0.1:$(cat port)" |
		rudder-diff --commit -s st
}
for round in 1 2 3 4; do
	awk -v r=$round 'BEGIN {print "id,v"; for (i = 1; i <= 400; i++) print i "," (i % 10 == r ? "r" r : "a")}' >users.csv
	rm -f ended.*
	for n in 1 2 3 4 5; do
		(
			got=0
			sync 2>"err.$n" || got=$?
			echo $got >"ended.$n"
		) &
		pids="${pids:-} $!"
	done
	# shellcheck disable=SC2086 # a list
	wait $pids
	pids=
	cat ended.? | sort | uniq -c >ended
	grep -q ' 0$' ended || fail "nobody finished: $(cat ended err.?)"
	grep -qv ' 0$\| 64$\| 65$\| 75$' ended && fail "another status: $(cat ended err.?)"
	grep -qv 'another run is still active\|without its end line\|newer run\|already committed: nothing was sent' err.? && fail "$(cat err.?)"
	sync || fail "the run after them: $?"
	jq -rs '[.[] | {(.userId): .traits.v}] | add | to_entries[] | "\(.key),\(.value)"' events | sort >got
	tail -n +2 users.csv | sort >want
	cmp -s want got || fail "round $round: $(diff want got | head -n 4)"
done
is 0 "$(jq -r .messageId events | sort | uniq -d | wc -l)" 'events that came twice'

# changes of a dry run have no intents: a sender that is not dry refuses them
rudder-query -d csv:users.csv | rudder-diff -n -k id -s dry | rudder-map -t identify -u id >dry.events
status 64 rudder-send -d file:out <dry.events
says 'these changes come from a dry run'
[ ! -s out ] || fail 'a dry run was delivered'
status 0 rudder-send -n -d file:out <dry.events >receipts
