# plan_killed.sh - rudder plan that is killed holds up nobody: the next run or plan
# goes on, and the hold of a plan that is there stays
. "$TOP/tests/tool/lib.sh"
cat >sync.yaml <<'END'
version: 1
name: s
source: "exec:exec 3<rows && : >reads && cat <&3"
key: id
mode: upsert
mapping: {type: identify, user_id: id}
destination: {dest: "file:ev"}
END
give() { rm -f rows && for i in $1; do echo "{\"id\":$i}"; done >rows; } # IDS
# a plan that is killed once the state is held, and its children with the rows
killed() {
	rm -f rows reads && mkfifo rows
	rudder plan -o plan sync.yaml >said 2>&1 &
	plan=$!
	exec 4<>rows
	echo '{"id":1}' >&4
	eventually 'the rows' test -e reads
	eventually 'the hold' test -s state/s/hold
	kill -9 $plan
	wait $plan 2>/dev/null || :
	exec 4>&-
	eventually 'the end of its children' sh -c 'rudder-diff -s state/s --status | grep -qv running_since'
	[ ! -e plan ] || fail 'a plan'
}
for state in new used; do
	killed
	is null "$(rudder status --format json state/s | jq .state.hold_since)" 'it waits for nobody'
	give '1 2'
	status 0 rudder run sync.yaml
	says 'rudder plan was killed before its plan was complete'
	is 2 "$(jq -r .userId ev | sort -u | wc -l)" "events of a $state state"
	is '' "$(find state/s -name hold -o -name planning)" 'it stays'
	rm ev
	sed -i 's/^mode.*/mode: full/' sync.yaml
done

# another plan goes on as well, twice killed or not; and then its hold counts
killed
killed
give '1 2'
status 0 rudder plan -o plan sync.yaml
says 'was killed before its plan was complete'
[ ! -e state/s/planning ] || fail 'a complete plan leaves its mark'
status 75 rudder run sync.yaml
says 'a plan of'
status 0 rudder apply plan
is '2 no' "$(wc -l <ev) $([ -e state/s/hold ] || echo no)" 'the plan is sent'

# a mark of another process that was killed does not lift the hold of a plan
give '1 2'
status 0 rudder plan -o plan sync.yaml
printf '%032d\n' 7 >state/s/planning
chmod 600 state/s/planning
status 75 rudder run sync.yaml </dev/null
says 'a plan of'
status 75 rudder plan -o other sync.yaml </dev/null
is 1 "$(wc -l <state/s/planning)" 'the mark of the second plan'
status 0 rudder apply plan

# a plan that failed leaves no mark
cat >none.yaml <<'END'
version: 1
source: "exec:exit 69"
key: id
mode: upsert
mapping: {type: identify, user_id: id}
destination: {dest: "null:"}
END
status 65 rudder plan -o none none.yaml
[ ! -e state/none/planning ] || fail "its mark: $(ls state/none)"

# after a plan no signal stays blocked, so that the processes of the next one can be
# ended (while it starts another, rudder-query has blocked all)
cat >two.yaml <<'END'
version: 1
source: "exec:until grep SigBlk /proc/$PPID/status | grep -v ffff >>blocked; do sleep 0.01; done; cat rows"
key: id
mode: upsert
mapping: {type: identify, user_id: id}
destinations: {a: "null:", b: "null:"}
END
give 1
status 0 rudder plan two.yaml >shown
is 2 "$(wc -l <blocked)" 'both plans read the rows'
is 1 "$(sort -u blocked | wc -l)" "signals that are blocked: $(cat blocked)"
