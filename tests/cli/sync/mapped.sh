# mapped.sh - only the columns that the mapping reads make a change: --compare
# mapped; and another list of columns sends nothing by itself
. "$TOP/tests/tool/lib.sh"

# table PLAN Z: three rows
table() {
	for i in 1 2 3; do echo "{\"id\":$i,\"email\":\"e$i\",\"plan\":\"$1\",\"z\":$2}"; done
}
# sync STATUS CHANGES MAP OPTIONS <ROWS
sync() {
	wanted=$1 many=$2 map=$3 got=0
	shift 3
	# shellcheck disable=SC2086 # words
	rows | rudder-diff -k id -s st --compare mapped "$@" 2>err | tee changes |
		rudder-map -t identify -u id $map 2>>err | rudder-send -d file:ev | rudder-diff --commit -s st 2>>err || got=$?
	is "$wanted" "$got" "status with '$map' '$*' ($(cat err))"
	is "$many" "$(changes <changes | wc -l)" "changes with '$map' '$*' ($(cat err))"
}
columns() { rudder-diff --status -s st | jq -r .connection.mapping.columns; }

for keep in hash row plan; do
	rm -rf st
	# before there is a mapping all columns count
	table a 1 | sync 0 3 '-c email,plan' --keep $keep
	is 'email,id,plan' "$(columns)" 'recorded'
	table a 1 | sync 0 0 '-c email,plan'
	table a 2 | sync 0 0 '-c email,plan'
	table b 2 | sync 0 3 '-c email,plan'
	# a new column counts from the resend on
	table b 3 | sync 1 0 '-c email,plan,z'
	table b 3 | sync 0 3 '-c email,plan,z'
	table b 4 | sync 0 3 '-c email,plan,z'
	# one that goes sends nothing, and counts no more from the next run on
	table b 4 | sync 0 0 '-c email,plan'
	table b 4 | sync 0 0 '-c email,plan'
	table b 5 | sync 0 0 '-c email,plan'
	# the same by hand, in one step
	table b 5 | sync 0 0 '-c email,plan' --compare email
	table c 5 | sync 0 0 '-c email,plan' --compare email
	table c 5 | sync 0 0 '-c email,plan' --compare plan
	# what has changed while it did not count is not known
	table d 5 | sync 0 3 '-c email,plan' --compare plan
	table d 5 | sync 0 0 '-c email,plan' --ignore z --compare '*'
	table d 6 | sync 0 0 '-c email,plan' --ignore z --compare '*'
done

# a run without its commit, and one that was truncated
rm -rf st
table a 1 | sync 0 3 '-c email,plan'
table a 1 | rows | rudder-diff -k id -s st --compare mapped >/dev/null
table a 1 | rows | rudder-diff -k id -s st --compare mapped >/dev/null
table a 1 | sync 0 0 '-c email,plan'
table a 2 | sync 0 0 '-c email,plan'
rm -rf st
table a 1 | sync 0 3 '-c email,plan'
table a 1 | rows | sed '3,$d' >cut
status 65 rudder-diff -k id -s st --compare mapped cut >changes
ack accepted <changes >receipts
status 65 rudder-diff --commit -s st receipts
table a 1 | sync 0 0 '-c email,plan'
table a 2 | sync 0 0 '-c email,plan'
# beside a change that was not committed
rm -rf st
table a 1 | sync 0 3 '-c email,plan'
table a 1 | sed '1s/"a"/"b"/' | rows | rudder-diff -k id -s st --compare mapped >/dev/null
table a 1 | sed '1s/"a"/"b"/' | rows | rudder-diff -k id -s st --compare mapped >/dev/null
table a 1 | sed '1s/"a"/"b"/' | sync 0 1 '-c email,plan'
table a 1 | sed '1s/"a"/"b"/' | sync 0 0 '-c email,plan'
table a 2 | sed '1s/"a"/"b"/' | sync 0 0 '-c email,plan'

# rows taken as they are
table a 3 | rows | rudder-diff -s st --compare mapped --rebase >/dev/null
table a 4 | sync 0 0 '-c email,plan'
# without the state there is no mapping
table a 1 >file
status 64 rudder-diff -k id --compare mapped file file
# without a mapping that is recorded all columns count
rm -rf st
table a 1 | sync_all -k id -s st --compare mapped >/dev/null
is 3 "$(table a 2 | sync_all -k id -s st --compare mapped | wc -l)" 'all columns'

# a state whose columns nobody has noted, as of an earlier release
rm -rf st
table a 1 | sync_all -k id -s st >/dev/null
is 0 "$(table a 1 | sync_all -k id -s st --compare plan | wc -l)" 'all, then one'
is 0 "$(table a 2 | sync_all -k id -s st --compare plan | wc -l)" 'one'
is 3 "$(table b 2 | sync_all -k id -s st --compare plan | wc -l)" 'which changes'
