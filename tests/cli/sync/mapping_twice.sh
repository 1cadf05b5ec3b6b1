# mapping_twice.sh - a mapping that changes again before all rows were sent with the
# one before, by runs that were truncated, canaries and plans sent in parts: in the
# end every row was sent with the mapping of now
. "$TOP/tests/tool/lib.sh"
seq 100 | sed '1i id' >rows.csv
file() { # TAG
	cat >sync.yaml <<END
version: 1
name: s
source: csv:rows.csv
key: id
mode: upsert
mapping: {type: identify, user_id: id, constants: {tag: $1}}
destination: {dest: "exec:cat >>ev", batch: 5, connections: 1}
END
}
pipe() { # FILTER before rudder-send: the pipeline of sh, without what rudder run adds
	rudder run --print sync.yaml | sed "s/ --on-mapping-change now//; s/rudder-send /$1 rudder-send /" >printed
	sh printed 2>err
}
cut() { # TAG: rudder run, whose sender gets 20 events and no end
	file "$1"
	rudder run --print sync.yaml | sed 's/rudder-send /head -n 21 | rudder-send /' >printed
	status 65 sh printed
}
have() { # TAG WHAT: the last event of each row has it
	jq -r '"\(.userId) \(.context.traits.tag // .traits.tag // .tag)"' ev | awk '{t[$1] = $2} END {for (i in t) print t[i]}' | sort | uniq -c | awk '{print $2, $1}' >tags
	is "$1 100" "$(paste -sd' ' tags)" "$2"
}
start() {
	rm -rf state ev
	file t0
	rudder run sync.yaml || fail "the first run: $?"
}
for small in 1 0; do
	# with small parts of the state on disk, too
	[ $small = 1 ] || export RUDDER_SMALL_STATE=0
	start
	cut t1
	file t2
	status 0 rudder run sync.yaml
	have t2 'after a run that was truncated'
	status 0 rudder run sync.yaml
	is 220 "$(wc -l <ev)" 'nothing more'

	# two in a row, and back to the first
	start
	cut t1
	cut t2
	file t1
	status 0 rudder run sync.yaml
	have t1 'after two that were truncated'
	start
	cut t1
	cut t2
	file t2
	status 0 rudder run sync.yaml
	have t2 'the second of two'
	is 220 "$(wc -l <ev)" 'what the second had sent is not sent again'

	# a canary records what the whole run did
	start
	for tag in t1 t2 t3; do
		file $tag
		status 0 rudder run --canary 20 sync.yaml
		have $tag 'a canary'
	done
	is 400 "$(wc -l <ev)" 'each row once for each mapping'
	file t4
	status 0 rudder run --canary 100 sync.yaml
	file t5
	status 0 rudder run --canary 100 sync.yaml
	have t5 'a canary of all events'
	file t6
	rudder run --print --canary 20 sync.yaml >printed
	status 0 sh printed
	file t7
	status 0 rudder run sync.yaml
	have t7 'as printed'

	# bare pipes do not know before the run
	start
	file t1
	pipe ''
	[ "$(rudder-diff --status -s state/s | jq .resend)" = 100 ] || fail "a resend is due: $(rudder-diff --status -s state/s)"
	file t2
	pipe 'head -n 21 |'
	file t3
	for _ in 1 2 3; do pipe ''; done
	have t3 'bare pipes'
	before=$(wc -l <ev)
	pipe ''
	is "$before" "$(wc -l <ev)" 'bare pipes: nothing more'
done

# a resend of events that are counted is blocked, however often the mapping changes
# before it is allowed; with small parts of the state on disk, as now
track() { # EVENT [KEYS]
	file ''
	sed -i "s/^mapping:.*/mapping: {type: track, event: $1, user_id: id}\\n${2-}/" sync.yaml
}
for how in "" "on_mapping_change: changed"; do
	rm -rf state ev
	track a
	status 0 rudder run sync.yaml
	for event in b a b a; do
		track $event
		status 3 rudder run sync.yaml
	done
	is 100 "$(wc -l <ev)" 'events beside a resend that is blocked'
	track a "$how"
	echo 101 >>rows.csv
	wanted=3
	[ -z "$how" ] || wanted=0
	status $wanted rudder run sync.yaml
	is 101 "$(wc -l <ev)" "a new row beside them, $how"
	[ -z "$how" ] || status 0 rudder run sync.yaml
	is 101 "$(wc -l <ev)" "and no others, $how"
	track b
	status 3 rudder run sync.yaml
	status 0 rudder run --allow-resend 101 sync.yaml
	is 202 "$(wc -l <ev)" "all of them once it is allowed, $how"
	status 0 rudder run sync.yaml
	is 202 "$(wc -l <ev)" "and once, $how"
	sed -i '$d' rows.csv
done
