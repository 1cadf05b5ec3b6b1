# where.sh - the destination of a sync with a condition has the rows that match
# it, whatever rows do and whichever receipts are lost
. "$TOP/tests/tool/lib.sh"

# rows of the round: some of 8 people, each on a plan of three
table() {
	awk -v seed="$1" 'BEGIN {
		srand(seed)
		for (i = 1; i <= 8; i++)
			if (rand() < 0.8)
				printf "{\"id\":%d,\"email\":\"e%d\",\"plan\":\"%s\"}\n", i, i, substr("propregold", 1 + 3 * int(3 * rand()), 3)
	}'
}
# apply <EVENTS: what a destination that matches people by email then has
apply() {
	jq -cs --slurpfile has dest 'reduce .[] as $e ($has[0]; if $e.action == "delete" then del(.[$e.identifiers.email]) else .[$e.identifiers.email] = $e.fields.plan end)' >dest.new
	mv dest.new dest
}
# holds CONDITION: whether that is what it must have, or what differs
holds() {
	jq -nr --slurpfile rows rows --slurpfile dest dest "(\$rows | map(select($1) | {(.email): .plan}) | add // {}) as \$want
		| if \$want == \$dest[0] then \"yes\" else \"wanted \(\$want), has \(\$dest[0])\" end"
}
story() { # SEED CONDITION HOW: how rows are told apart, and mapped
	rm -rf st
	echo '{}' >dest
	for round in $(seq "${ROUNDS:-9}"); do # make property has more
		table "$1$round" >rows
		rows <rows | rudder-diff -k id $3 -s st --mode mirror --max-deletes 100% |
			rudder-map -t record -w "$2" $map >mapped || fail "seed $1, round $round: status $?"
		rm -f ev
		rudder-send -d file:ev <mapped >receipts
		touch ev
		case $(awk -v seed="$1$round" 'BEGIN {srand(seed + 1); print int(4 * rand())}') in
		0) ;; # nothing arrives
		1) apply <ev ;; # the receipts are lost
		*)
			apply <ev
			rudder-diff --commit -s st receipts
			is yes "$(holds "$2")" "seed $1, round $round, $2 $3 $map"
			;;
		esac
	done
}
# the same of rows of which two have one email: nobody is deleted whom another row
# keeps, and 0 means that all is as it should be
shared() { # SEED CONDITION OPTIONS
	rm -rf st
	echo '{}' >dest
	for round in $(seq "${ROUNDS:-9}"); do
		table "$1$round" | jq -c '.email = "e\(.id % 4)"' >rows
		[ -s rows ] || continue
		ended=0
		rows <rows | rudder-diff -k id --identity email $3 -s st --mode mirror --max-deletes 100% >changes.out || ended=$?
		rudder-map -t record -w "$2" $map <changes.out >mapped 2>said || ended=$?
		[ $ended -le 1 ] || fail "$what: $(cat said)"
		rm -f ev
		rudder-send -d file:ev <mapped >receipts
		touch ev
		what="seed $1, round $round, $2 $map"
		case $(awk -v seed="$1$round" 'BEGIN {srand(seed + 1); print int(4 * rand())}') in
		0) continue ;;
		1) apply <ev ;;
		*)
			apply <ev
			rudder-diff --commit -s st receipts >/dev/null 2>&1 || ended=$?
			;;
		esac
		jq -nr --slurpfile rows rows --slurpfile dest dest "(\$rows | map(select($2)) | group_by(.email)
				| map({(.[0].email): map(.plan)}) | add // {}) as \$may | \$dest[0] as \$is
			| (\$may | keys - (\$is | keys)) as \$lost
			| [\$is | to_entries[] | select(.value as \$v | \$may[.key] // [] | index(\$v) | not)] as \$wrong
			| [\$lost, \$wrong] | tojson" >differs
		case $ended,$(cat differs) in
		0,'[[],[]]' | [!0]*,'[[],'*) ;;
		*) fail "$what: ended with $ended, lost and wrong: $(cat differs); rows $(cat rows)" ;;
		esac
	done
}
# a new row that does not match takes the place of one that did: status 1 while it is there
one() { # <ROWS
	got=0
	rows | rudder-diff -k id --identity email -s st --mode mirror --max-deletes 100% >changes.out
	rudder-map -t record -w '.plan == "pro"' $map <changes.out >mapped 2>said || :
	rm -f ev
	rudder-send -d file:ev <mapped >receipts 2>said.send || :
	touch ev
	apply <ev
	rudder-diff --commit -s st receipts >/dev/null 2>&1 || got=$?
}
map='--identifier email -c plan'
row() { printf '{"id":%d,"email":"%s","plan":"%s"}\n' "$@"; }
rm -rf st
echo '{}' >dest
row 1 x pro 9 z pro >now
one <now
is '0 {"x":"pro","z":"pro"}' "$got $(cat dest)" 'two people'
row 1 x pro 2 x gol 9 z pro >now
one <now
is '0 {"x":"pro","z":"pro"}' "$got $(cat dest)" 'a second row of one'
row 3 x gol 9 z pro >left
for _ in 1 2; do
	one <left
	is 1 "$got" 'a third row in place of both'
	grep -q 'another row has its identity' said || fail "a third row in place of both: $(cat said)"
done
row 9 z pro >now
one <now
is '0 {"z":"pro"}' "$got $(cat dest)" 'none of the three'
# a row that stopped matching in a mode that does not delete: a warning, and --full
# deletes it
in_mode() { # MODE ...
	rows <now | rudder-diff -k id --keep email -s st --max-deletes 100% --mode "$@" |
		rudder-map -t record -w '.plan == "pro"' $map 2>said |
		rudder-send -d file:ev >receipts
	rudder-diff --commit -s st receipts
	[ ! -e ev ] || apply <ev
	rm -f ev
}
rm -rf st
echo '{}' >dest
row 1 x pro 9 z pro >now
in_mode upsert
row 1 x gol 9 z pri >now
in_mode upsert
[ ! -s said ] || fail "mode upsert: $(cat said)"
row 1 x gol 9 z pro >now
in_mode mirror
grep -q 'stopped matching the condition in mode upsert' said || fail "mode mirror: $(cat said)"
is '{"x":"pro","z":"pro"}' "$(cat dest)" 'mode mirror'
in_mode mirror --full
[ ! -s said ] || fail "--full: $(cat said)"
is '{"z":"pro"}' "$(cat dest)" '--full'
# one that matches when it is not new any more
rm -rf st
echo '{}' >dest
row 1 x gol 9 z pro >now
in_mode insert-only
grep -q 'never sends a row that matches the condition only later' said || fail "mode insert-only: $(cat said)"
row 1 x pro 9 z pro >now
in_mode insert-only
is '{"z":"pro"}' "$(cat dest)" 'mode insert-only'
# one whose key comes with another type in the run in which it stops matching: it is
# deleted, also after a failure, and one that is there with both types stays
for keep in email row; do
	for fails in '' failed unknown; do
		rm -rf st
		echo '{}' >dest
		row 1 x pro 2 y pro 9 z pro | rows | rudder-diff -k id --keep $keep -s st --mode mirror | rudder-map -t record -w '.plan == "pro"' $map | rudder-send -d file:ev >receipts
		rudder-diff --commit -s st receipts
		apply <ev
		rm ev
		{ echo '{"id":"1","email":"x","plan":"gol"}'; row 2 y pro 9 z pro; } >now
		if [ "$fails" ]; then
			rows <now | rudder-diff -s st --mode mirror --max-deletes 100% | rudder-map -t record -w '.plan == "pro"' $map 2>said |
				rudder-send -d file:ev >receipts
			sed "s/\"delivered\"/\"$fails\"/" receipts >untrue
			status 1 rudder-diff --commit -s st untrue
			rm ev
		fi
		in_mode mirror
		is '{"y":"pro","z":"pro"}' "$(cat dest)" "another type, $keep $fails"
	done
	for order in '1 "1"' '"1" 1'; do
		for id in $order; do
			case $id in 1) row 1 x pro ;; *) echo '{"id":"1","email":"x","plan":"gol"}' ;; esac
		done >now
		row 9 z pro >>now
		rm -rf st
		echo '{}' >dest
		row 1 x pro 9 z pro | rows | rudder-diff -k id --keep $keep -s st --mode mirror | rudder-map -t record -w '.plan == "pro"' $map | rudder-send -d file:ev >receipts
		rudder-diff --commit -s st receipts
		apply <ev
		rm ev
		in_mode mirror
		is '{"x":"pro","z":"pro"}' "$(jq -cS . dest)" "both types, $keep $order"
		in_mode mirror
		is '{"x":"pro","z":"pro"}' "$(jq -cS . dest)" "both types, $keep $order, at rest"
	done
done
shared "${STORY:-}16" '.plan == "pro"' ''
shared "${STORY:-}17" '.plan | test("pro|pre")' ''
shared "${STORY:-}18" '.plan == "pro"' '--memory 1'
story "${STORY:-}11" '.plan == "pro"' '--identity email'
story "${STORY:-}12" '.plan == "pro"' '--keep email'
story "${STORY:-}13" '.plan | test("pro|pre")' '--identity email'
map='-j {identifiers:{email},fields:{plan}}'
story "${STORY:-}14" '.plan == "pro"' '--identity email'
story "${STORY:-}15" '.plan | test("pro|pre")' '--keep row'
