# world.sh - what the fault campaigns of rudder-diff share: a source, a state and
# a destination (the text file dest, to which every change that left is applied).
# Read by: . "$TOP/tests/fault/world.sh", in an empty folder. $diff is the command
# with options of all runs, $commit that of commits; $st is the folder of the state.
# With wide=1 each change is a row of 1 MiB and a step of output as long, so that a
# run writes its intents and its output in several steps. With below=1 snapshots are
# incremental, as those of large states are; with below=2 that of the world is, too.
# shellcheck shell=sh disable=SC2154 # fail, rows, ack, is: tests/tool/lib.sh
st=${st:-$PWD/st}
diff=${diff:-rudder-diff}
commit=${commit:-$diff --commit}

# apply <CHANGES: to the file dest, "id TAB members" a line
apply() {
	awk -F '\t' '
	part == 1 {if ($1 != "") d[$1] = $2; next}
	{
		line = $0
		if (!match(line, /"action":"[a-z]*","id":"[^"]*"/)) next
		split(substr(line, RSTART, RLENGTH), w, "\"")
		sub(/^[^}]*\}(\})?,/, "", line) # with before, or without
		if (w[4] == "delete") delete d[w[8]]; else d[w[8]] = line
	}
	END {for (k in d) print k "\t" d[k]}' part=1 dest part=2 - | sort >dest.new
	mv dest.new dest
}
# holds ROWS WHAT: the destination is exactly these rows
holds() {
	sed 's/^{"id":\([0-9]*\),/\1\t&/; s/\t{/\t/' "$1" | sort >want
	cmp -s want dest || fail "$2: the destination differs: $(diff want dest | head -n 5)"
}
quiet() { # ROWS WHAT: one undisturbed run and commit, then one with nothing to do
	rows <"$1" >in
	got=0
	$diff -k id -s "$st" --keep v --mode mirror ${wide:+--memory 64M} in >out 2>err || got=$?
	[ $got = 0 ] || fail "$2: the quiet run ended with $got: $(cat err)"
	grep '"change"' out | apply
	ack accepted <out | $commit -s "$st" 2>err || fail "$2: its commit ended with $?: $(cat err)"
	holds "$1" "$2"
	$diff -k id -s "$st" --keep v --mode mirror ${wide:+--memory 64M} in >out
	is '' "$(changes <out)" "$2: the run after it"
}

# A state that has been synced, and the same after a run whose changes are
# delivered but not committed.
make_world() {
	awk 'BEGIN {for (i = 1; i <= 40; i++) printf "{\"id\":%d,\"v\":\"a\"}\n", i}' >old
	awk -v wide="${wide:-}" 'BEGIN {
		for (b = "b"; wide && length(b) < 600000;) b = b b
		for (i = 3; i <= 44; i++) {
			printf "{\"id\":%d,\"v\":\"", i
			printf "%s\"}\n", (i < 9 || i > 40 ? b : "a")
		}
	}' >new
	sed 5d new >less
	: >dest
	unset RUDDER_SMALL_STATE
	[ ! "${below:-}" ] || export RUDDER_SMALL_STATE=0
	if [ "${below:-}" = 2 ]; then
		sed 1d old >older
		quiet older 'the run before'
	fi
	quiet old 'the first run'
	if [ "${below:-}" = 2 ] && [ -z "$(find "$st" -name 'rows-*')" ]; then fail 'the snapshot is not incremental'; fi
	rm -f "$st/lock"
	cp -r "$st" st.old
	cp dest dest.old
	rows <new >new.in
	$diff -k id -s "$st" --keep v --mode mirror ${wide:+--memory 64M} new.in >new.out
	ack accepted <new.out >receipts
	cp -r "$st" st.ran
	grep '"change"' new.out | apply
	cp dest dest.ran
}
fresh() { # run | commit: the world before it
	rm -rf "$st"
	case $1 in
	run) cp -r st.old "$st" && cp dest.old dest ;;
	*) cp -r st.ran "$st" && cp dest.ran dest ;;
	esac
}
disturbed() { # run | commit: under the command $with; its output goes to left
	got=0
	case $1 in
	run) $with $diff -k id -s "$st" --keep v --mode mirror ${wide:+--memory 64M} new.in >left 2>err || got=$? ;;
	*) $with $commit -s "$st" receipts >left 2>err || got=$? ;;
	esac
	[ "$1" = commit ] || grep '"change"' left | apply
}
