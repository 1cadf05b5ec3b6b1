# overtaken.sh - for tests of rows that the destination takes for one: 7 and "7", or
# two with one identity. Judged as a destination that drops the messageIds it knows,
# and as one that takes them all.
# shellcheck disable=SC2034,SC2154 # variables are those of the test

# world OPTIONS: a new state; $known_by is the expression of what the
# destination knows a row by
world() {
	rm -rf st
	: >sent
	options=$*
	case $options in
	*identity*) known_by=.e ;;
	*id,b*) known_by='[.id, .b | tonumber + 0 | tostring] | join("/")' ;;
	*) known_by='.id | tonumber + 0 | tostring' ;;
	esac
	case $options in *-k*) ;; *) options="-k id $options" ;; esac
}

# run FATE INPUT OPTIONS <ROWS: a run whose changes all arrive, unless they are
# rejected or failed; INPUT is whole or cut, FATE what the receipts say, or lost:
# no receipts, or FATE/lost: the first row has no receipt. Its status goes to $got.
run() {
	fate=${1%/*} first=${1#*/} input=$2 got=0
	shift 2
	if [ $input = cut ]; then rows | sed '$d' >in; else rows >in; fi
	# shellcheck disable=SC2086 # words
	rudder-diff -s st --mode mirror --max-deletes 100% $options "$@" in >out 2>err.diff || got=$?
	case $fate in rejected | failed) ;; *) grep '"type":"change"' out >>sent || : ;; esac
	[ $fate != lost ] || return 0
	[ $first != lost ] || { awk '!/"type":"change"/ || n++' out >rest && mv rest out; }
	# what rudder-diff skips has an acknowledgement whatever the receipts say
	ack $fate accepted <out >receipts
	rudder-diff --commit -s st receipts >/dev/null 2>err || :
}

# all changes that have left, as: id, action, what it is known by, row
arrived() { jq -r "[._rudder.change, ._rudder.action, ($known_by), (del(._rudder) | tojson)] | @tsv" sent; }

# judge WHAT <ROWS: after quiet runs the destination holds these
judge() {
	cat >table
	for _ in 1 2 3; do # a run that owes a row to the next one says so
		run accepted whole <table
		[ $got = 1 ] || break
	done
	is 0 "$got" "$1: the quiet run"
	# 0: it takes all changes, 1: it drops the messageIds it knows
	short_numbers <table | sed 's/^/0 /; p; s/^0/1/' | sort >wanted
	arrived | awk -F'\t' '
		{take(0)}
		!seen[$1]++ {take(1)}
		function take(drops) {
			if ($2 == "delete") delete at[drops, $3]
			else at[drops, $3] = drops " " $4
		}
		END {for (i in at) print at[i]}' | short_numbers | sort >holds
	cmp -s wanted holds || fail "$1: wanted $(cat wanted), holds $(cat holds)"
}

# A and B are one to the destination; Z is another row, so that no input is empty
# shellcheck disable=SC2317 # new() is called by the tests
each_world() {
	for pair in '7 "7"' '"7" 7' '7.0 "7"'; do
		A="{\"id\":${pair% *},\"v\":\"a\"}" B="{\"id\":${pair#* },\"v\":\"b\"}" Z='{"id":1,"v":"z"}'
		what=$pair
		new() { world; }
		$1
	done
	A='{"id":1,"e":"x","v":"a"}' B='{"id":2,"e":"x","v":"b"}' Z='{"id":9,"e":"z","v":"z"}'
	what=identity
	new() { world --identity e; }
	$1
}
lines() { printf '%s\n' "$@"; }
# both LAST: A and B, of which a or b comes last, and Z
both() { if [ $1 = a ]; then lines "$B" "$A" "$Z"; else lines "$A" "$B" "$Z"; fi; }
