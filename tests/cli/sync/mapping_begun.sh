# mapping_begun.sh - resends that began and came to no end, because the input was
# truncated or the commit killed, and then other mappings: no row that was sent is
# sent again before somebody allows it, and none keeps an earlier mapping
. "$TOP/tests/tool/lib.sh"
seq 20 | sed '1i id,v
s/$/,x/' >rows.csv
file() { # TAG [TYPE] [KEYS]
	cat >sync.yaml <<END
version: 1
name: s
source: csv:rows.csv
key: id
mode: upsert
mapping: {type: ${2:-identify}, user_id: id, constants: {tag: $1}$([ "${2-}" != track ] || echo ', event: e')}
destination: {dest: "exec:cat >>ev", batch: 5, connections: 1}
${3-}
END
}
# begun N OPTIONS: rudder run, whose sender gets N events and no end
begun() {
	n=$1
	shift
	rudder run --print "$@" sync.yaml | sed "s/rudder-send /head -n $((n + 1)) | rudder-send /" >printed
	status 65 sh printed
}
# killed N WHERE: the same, and its commit is killed there
killed() {
	rudder run --print sync.yaml | sed "s/rudder-send /head -n $(($1 + 1)) | rudder-send /" |
		sed "s/rudder-diff --commit/SHIM=$2:kill SHIM_UNDER=\"\$PWD\/state\" SHIM_LOG=shimlog LD_PRELOAD=\$B\/tool\/shim.so rudder-diff --commit/" >printed
	status 137 sh printed
}
# pipe: the pipeline of sh, without what rudder run adds
pipe() {
	rudder run --print sync.yaml | sed "s/ --on-mapping-change now//" >printed
	sh printed 2>err
}
# have TAGS WHAT: how many rows have which tag
have() {
	jq -r '"\(.userId) \(.context.traits.tag // .traits.tag // .properties.tag // .tag)"' ev |
		awk '{t[$1] = $2} END {for (i in t) print t[i]}' | sort | uniq -c | awk '{print $2, $1}' | paste -sd' ' >tags
	is "$1" "$(cat tags)" "$2"
}
start() {
	rm -rf state ev
	file a "$@"
	status 0 rudder run sync.yaml
}
sent() { is "$1" "$(wc -l <ev)" "events, $2"; }

places='write:3 rename:1 unlink:1 end:1'
for small in 1 0; do
	# with small parts of the state on disk, too
	[ $small = 1 ] || export RUDDER_SMALL_STATE=0 places=rename:1

	# of events that are counted: what has left, and may have arrived, is sent again
	# by the next run
	start track
	file b track
	status 3 rudder run sync.yaml
	begun 4 --allow-resend 20
	sent 24 'b began'
	status 3 rudder run sync.yaml
	sent 40 'what b left in doubt'
	file c track
	status 3 rudder run sync.yaml
	begun 6 --allow-resend 20
	status 3 rudder run sync.yaml
	sent 60 'c began'
	for tag in c d e d; do
		file $tag track
		status 3 rudder run sync.yaml
		sent 60 "$tag is blocked"
		pipe || is 3 $? "$tag in a bare pipe"
		sent 60 "$tag is blocked in a bare pipe"
	done
	# other columns count, and rows that were sent by different resends stay so
	file d track 'ignore: v'
	status 3 rudder run sync.yaml
	sent 60 'other columns count'
	status 3 rudder run sync.yaml
	file d track
	status 3 rudder run sync.yaml
	sent 60 'and all of them again'
	for how in none changed; do
		file d track "on_mapping_change: $how"
		status 0 rudder run sync.yaml
		sent 60 "$how"
	done
	file d track
	status 0 rudder run sync.yaml
	sent 60 'd is settled'
	file f track
	status 3 rudder run sync.yaml
	status 0 rudder run --allow-resend 20 sync.yaml
	sent 80 'f is allowed'
	status 0 rudder run sync.yaml
	sent 80 'and sent once'
	have 'f 20' 'f is allowed'

	# one that is forgotten had begun: the next is another
	start
	file b
	begun 10
	file b identify 'on_mapping_change: changed'
	status 0 rudder run sync.yaml
	have 'b 20' 'what b left in doubt'
	for tag in c d; do
		file $tag
		status 0 rudder run sync.yaml
		have "$tag 20" "$tag after one that is forgotten"
	done
	sent 80 'each once'

	# what a killed commit had taken down was sent with its mapping
	for where in $places; do
		rm -rf state ev
		file a
		killed 10 "$where"
		file b
		rudder run sync.yaml 2>err || status 0 rudder run sync.yaml
		have 'b 20' "after a first run that was killed at $where"

		for then in b c a; do
			for by in rudder pipe; do
				start
				file b
				killed 10 "$where"
				file $then
				if [ $by = rudder ]; then
					status 0 rudder run sync.yaml
				else
					pipe || pipe || pipe || fail "$(cat err)"
				fi
				have "$then 20" "b was killed at $where, $then by $by"
				[ $then$by"$where" != brudderrename:1 ] || sent 40 "b was killed at $where, and goes on"
			done
		done
	done

	# one that is not to be recorded: not by half of its receipts, and not twice
	for where in rename:1 unlink:1; do
		start
		sed -i '1,6s/x$/y/' rows.csv
		file b identify 'on_mapping_change: none'
		killed 2 $where
		file b
		status 0 rudder run sync.yaml
		have 'b 20' "b, after a part of it that was killed at $where"
		sed -i '1,6s/y$/x/' rows.csv
	done

	# a few changes with another mapping, whose commit is killed, and back to the first
	start
	sed -i '1,6s/x$/y/' rows.csv
	file b
	rudder run --print sync.yaml | sed "s/ --on-mapping-change now//; s/rudder-diff --commit/SHIM=rename:1:kill SHIM_UNDER=\"\$PWD\/state\" SHIM_LOG=shimlog LD_PRELOAD=\$B\/tool\/shim.so rudder-diff --commit/" >printed
	status 137 sh printed
	have 'a 15 b 5' 'five rows by b'
	file a
	pipe || pipe || fail "$(cat err)"
	have 'a 20' 'back to a'
	sed -i '1,6s/y$/x/' rows.csv

	# mode insert-only sends no row again: the resend waits for another mode
	for type in identify track; do
		rm -rf state ev
		file a $type
		sed -i 's/^mode: .*/mode: insert-only/' sync.yaml
		status 0 rudder run sync.yaml
		sed -i 's/tag: a/tag: b/' sync.yaml
		for by in rudder pipe; do
			if [ $by = rudder ]; then status 0 rudder run sync.yaml; else pipe || fail "$(cat err)"; fi
			! grep -q 'resen[dt]' err || fail "$type by $by: $(cat err)"
			is null "$(rudder-diff --status -s state/s | jq .resend)" "$type by $by: no resend is shown"
		done
		sent 20 "$type in mode insert-only"
		sed -i 's/^mode: .*/mode: upsert/' sync.yaml
		is 20 "$(rudder-diff --status -s state/s | jq '.keys')" "$type: keys"
		if [ $type = track ]; then
			status 3 rudder run sync.yaml
			sent 20 "$type in mode upsert"
			status 0 rudder run --allow-resend 20 sync.yaml
		else
			status 0 rudder run sync.yaml
		fi
		sent 40 "$type in mode upsert"
		have 'b 20' "$type in mode upsert"
	done
done
