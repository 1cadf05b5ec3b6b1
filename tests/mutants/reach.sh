# shellcheck shell=sh
# reach.sh - what each test reaches, for run.sh: read by it, in the top folder.
#
# reach_make builds the tree with reach.c, runs each test once and leaves in its folder
#   tests      TEST STATUS SECONDS, a line for each; TEST is unit:NAME or cli:TOOL/NAME
#   lines/     for each source, its path with + for /: LINE TEST, a line for each first
#              line of a piece of code that runs from there without a branch

# copy_tree DIR: the files of the work tree
copy_tree() {
	mkdir -p "$1"
	git ls-files | tar cf - -T - | tar xf - -C "$1"
}

# reach_one TEST: runs it in the instrumented tree
reach_one() {
	out=$REACH_DIR/marks/$(echo "$1" | tr ':/' '=+')
	[ ! -e "$out.status" ] || return 0
	rm -rf "$out"
	mkdir -p "$out" "$out.tmp"
	began=$(date +%s%N) status=0
	REACH=$out TMPDIR=$out.tmp JOBS=1 LIMIT=300 B=build/reach BIN=build/reach/bin \
		tests/run.sh "${1%%:*}" "${1#*:}" >"$out.log" 2>&1 </dev/null || status=$?
	if grep -q ' [1-9][0-9]* skipped' "$out.log"; then status=77; fi
	rm -rf "$out.tmp"
	for f in "$out"/*; do
		[ -s "$f" ] || continue
		# a mark is where a call returns to: the byte before it is of the call
		cmp -l "$f" /dev/zero 2>/dev/null | awk '{printf "0x%x\n", $1 - 2}' >"$f.at"
		rm "$f"
	done
	echo "$1 $status $(($(date +%s%N) - began))" | awk '{printf "%s %s %.1f\n", $1, $2, $3 / 1e9}' >"$out.status"
}

# reach_lines BINARY: the lines of all places that a test has marked in it
reach_lines() {
	name=${1##*/}
	find "$REACH_DIR/marks" -name "$name.at" >"$REACH_DIR/found"
	[ -s "$REACH_DIR/found" ] || return 0
	xargs cat <"$REACH_DIR/found" | sort -u >"$REACH_DIR/places"
	addr2line -e "$1" <"$REACH_DIR/places" |
		sed 's/ (discriminator.*//; s|^.*/\(filters/\)|\1|' | paste -d ' ' "$REACH_DIR/places" - |
		{ grep ' filters/.*\.c:[0-9]' || :; } >"$REACH_DIR/known"
	while read -r f; do
		t=$(basename "$(dirname "$f")" | tr '=+' ':/')
		awk -v t="$t" 'FNR == NR {at[$1] = 1; next} $1 in at {print $2, t}' "$f" "$REACH_DIR/known"
	done <"$REACH_DIR/found"
}

# reach_renew DIR: forgets what tests reach that are not those of today; the code stays
reach_renew() {
	git ls-files tests ':!tests/mutants' | while read -r f; do
		! cmp -s "$f" "$1/tree/$f" || continue
		mkdir -p "$1/tree/$(dirname "$f")"
		cp "$f" "$1/tree/$f"
		t=${f##*/}
		case $f in
		tests/unit/*/test_*.c)
			rm -f "$1/tree/build/reach/${t%.c}"
			t=unit=${t#test_}
			;;
		tests/cli/*) f=${f#tests/cli/} t=cli=${f%%/*}+$t ;;
		*) continue ;;
		esac
		rm -f "$1/marks/${t%.*}.status"
	done
	rm -f "$1/done"
}

# reach_make DIR, with the top folder in $TOP
reach_make() {
	REACH_DIR=$1
	export REACH_DIR
	rm -rf "$1/lines"
	mkdir -p "$1/marks" "$1/lines"
	[ -d "$1/tree" ] || copy_tree "$1/tree"
	echo "finding what each test reaches (once, some minutes) ..." >&2
	gcc -O2 -c tests/mutants/reach.c -o "$1/reach.o"
	(
		cd "$1/tree" || exit 1
		make -s -j2 MODE=reach CFLAGS='-O0 -g1 -fsanitize-coverage=trace-pc' LDLIBS="$1/reach.o" all tools
		# of those that are newer than the code some may not compile
		make -s -k -j2 MODE=reach CFLAGS='-O0 -g1 -fsanitize-coverage=trace-pc' LDLIBS="$1/reach.o" units 2>"$1/units.log" ||
			grep 'Error 1' "$1/units.log" >&2
		{
			find build/reach -maxdepth 1 -name 'test_*' -type f -perm -1 | sed 's|.*/test_|unit:|'
			find tests/cli/query tests/cli/diff tests/cli/map tests/cli/send tests/cli/sync tests/cli/build/landlock.sh -name '*.t' -o -name '*.sh' |
				sed 's|tests/cli/|cli:|; s|\.[a-z]*$||'
		} | sort -ru >"$1/list"
		# shellcheck disable=SC2016 # for that shell
		xargs -n 1 -P 2 sh -c '. "$0" && reach_one "$1"' "$TOP/tests/mutants/reach.sh" <"$1/list"
		cat "$1"/marks/*.status >"$1/tests"
		for b in build/reach/test_* build/reach/bin/*; do
			if [ -f "$b" ] && [ -x "$b" ]; then reach_lines "$b"; fi
		done | sort -u >"$1/all"
	)
	awk -v dir="$1/lines" '{
		i = index($1, ":")
		file = substr($1, 1, i - 1)
		gsub("/", "+", file)
		if (file != last)
			close(dir "/" last)
		last = file
		print substr($1, i + 1), $2 >>(dir "/" file)
	}' "$1/all"
	awk '$2 != 0 && $2 != 77 {print "left out, as it fails as it is: " $1}' "$1/tests" >&2
	rm -f "$1/all" "$1/found" "$1/places" "$1/known"
	touch "$1/done"
}

# reach_tests DIR FILE LINE BUDGET: the tests that reach the line, in the order in which
# they are to run, each with its seconds
reach_tests() {
	touch "$1/lines/$(echo "$2" | tr / +)"
	awk -v line="$3" -v budget="$4" '
	FILENAME == ARGV[1] {
		if ($2 == 0)
			seconds[$1] = $3
		next
	}
	$1 <= line && $1 >= best {
		if ($1 > best)
			delete found
		best = $1
		found[$2] = 1
	}
	END {
		for (t in found)
			if (t in seconds)
				print (t ~ /^cli/), seconds[t], t
	}' "$1/tests" "$1/lines/$(echo "$2" | tr / +)" | sort -k 1,1n -k 2,2n |
		awk -v budget="$4" '{
			sum += $1 * $2
			if (sum > budget && $1)
				exit
			print $3, $2
		}'
}
