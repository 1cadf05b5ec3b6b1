# examples.sh - the examples of the manual run as they stand: lines that start
# with "$ " are commands, with their here-documents and the lines after one that
# ends in | or \; the others are what the command before them prints on standard
# output. Run are the sections EXAMPLES, and the tours and tasks of section 7.
. "$TOP/tests/tool/lib.sh"
n=0
for page in "$TOP"/man/*.[157]; do
	name=${page##*/}
	mkdir "$name"
	# the literal blocks of these sections that have commands, as the page prints them
	awk '/^\.Sh/ {on = /EXAMPLES|TOUR|TASKS|NIGHTLY/}
		/^\.Ed/ {if (on && block ~ /(^|\n)\$ /) printf "%s", block; inside = 0}
		inside {block = block $0 "\n"}
		/^\.Bd/ {inside = 1; block = ""}' \
		"$page" | sed 's/\\e/\\/g; s/\\-/-/g; s/\\(aq/'"'"'/g; s/\\(dq/"/g; s/^\\&//' >"$name.txt"
	: >"$name.sh"
	awk -v script="$name.sh" '
		here != "" {print >script; if ($0 == here) here = ""; next}
		more || sub(/^\$ /, "") {
			print >script
			more = /[|\\]$/
			if (match($0, /<<.?[A-Z]+/)) {here = substr($0, RSTART, RLENGTH); gsub(/[^A-Z]/, "", here)}
			next
		}
		{print}' "$name.txt" >"$name.want"
	[ -s "$name.sh" ] || continue
	(cd "$name" && exec sh -e "../$name.sh") >"$name.got" 2>"$name.err" || fail "$name: status $?: $(cat "$name.got" "$name.err")"
	diff -u "$name.want" "$name.got" || fail "$name: an example prints something else"
	n=$((n + 1))
done
[ $n -ge 3 ] || fail "only $n pages with examples that run"

# each option of --help is in the page, and the other way round; those that all
# commands have are in rudder-sync(7)
own() { grep -vxE 'help|version|quiet|verbose|log-format' | sort -u; }
for tool in query diff map send; do
	[ -x "$TOP/bin/rudder-$tool" ] || continue
	"rudder-$tool" --help | sed -n 's/^ *\(-[a-zA-Z] \)\{0,1\}--\([a-z0-9-]*\).*/\2/p' | own >help
	grep '^\.It .*Fl' "$TOP/man/rudder-$tool.1" | tr ' ' '\n' | sed -n 's/^-\([a-z][a-z0-9-]*\)$/\1/p' | own >page
	diff -u help page || fail "rudder-$tool: --help and the page differ"
done
for command in apply check filter init log plan run status tee; do
	rudder $command --help | sed -n 's/^ *\(-[a-zA-Z] \)\{0,1\}--\([a-z0-9-]*\).*/\2/p' | own >help
	grep '^\.It .*Fl' "$TOP/man/rudder-$command.1" | tr ' ' '\n' | sed -n 's/^-\([a-z][a-z0-9-]*\)$/\1/p' | own >page
	diff -u help page || fail "rudder $command: --help and the page differ"
done
