#!/bin/sh
# words.sh [count] - refuses phrases that CONTRIBUTING.md replaces by plainer
# ones, in messages, --help, man pages, comments of the code and titles of
# tests; `count` only prints how many.
set -eu
cd "$(dirname "$0")/../.."

# "there is no file" and "is no longer" are good English
phrases='has no answer|have no answer|had no answer|without an answer|wait for an answer|waits for an answer|(is|are) no more$|(is|are) no more[^a-z ]|(is|are) no more (in|than)|held back|holds back|hold back|let pass|lets pass|let through'
phrases=$phrases'|(works|worked) (in|into) |work into |refused for good|cut off|cut short|cuts off|in the clear|(stand|stands|stood) twice|so many |of late[^a-z]|another one|a way of its own|(speak|speaks) of|(tell|tells|told) of|become of|becomes of|became of|came back|comes back|come back'
phrases=$phrases'|does not let us in|say what is there|what is known of|(is|are) taken down|(^|[^a-z])taken for|knows nothing of|is gone|are gone'
no_x='(^|[^a-z])(it|this|that|which|one|[a-z%'"'"']+) (is|are) (no [a-z]|none([^a-z]|$))'
fine='there (is|are) no(ne)?|(is|are) no (longer|other|need|more than|such|reason)|(is|are) not'

# shellcheck disable=SC2016 # awk programs
# the literals of C files, adjacent ones joined, one a line after FILE:LINE:
literals() {
	git ls-files 'filters/*.[ch]' 'bin/*.[ch]' | xargs awk '
		function flush() {if (text != "") print at ": " text; text = ""}
		FNR == 1 {flush(); comment = 0}
		{
			rest = $0
			while (rest != "") {
				if (comment) {
					if (!(i = index(rest, "*/"))) break
					rest = substr(rest, i + 2); comment = 0; continue
				}
				if (match(rest, /^[ \t]+/)) {rest = substr(rest, RLENGTH + 1); continue}
				if (match(rest, /^\/\*/)) {comment = 1; rest = substr(rest, 3); continue}
				if (match(rest, /^"([^"\\]|\\.)*"/)) {
					if (text == "") at = FILENAME ":" FNR
					text = text substr(rest, 2, RLENGTH - 2)
					rest = substr(rest, RLENGTH + 1); continue
				}
				if (match(rest, /^\047([^\047\\]|\\.)*\047/)) {flush(); rest = substr(rest, RLENGTH + 1); continue}
				if (match(rest, /^PRI[a-z]+[0-9]*/)) {rest = substr(rest, RLENGTH + 1); continue}
				flush(); rest = substr(rest, 2)
			}
		}
		END {flush()}' | grep -E ': .*[a-z]+ [a-z]+' || :
}

# the text of the pages, a paragraph a line; blocks of examples are code
prose() {
	for page in man/*.[157]; do
		awk -v page="$page" '
			function flush() {if (text != "") print page ":" at ": " text; text = ""}
			/^\.Bd -literal/ {flush(); code = 1} /^\.Ed/ {code = 0; next}
			code {next}
			/^\.(Pp|Sh|Ss|It|Bl|El|Dd|Dt|Os)/ {flush()}
			{line = $0; sub(/^\.[A-Z][a-z]+ /, "", line); if (text == "") at = FNR; text = text " " line}
			END {flush()}' "$page"
	done
}

# the comments of C files, a comment a line after FILE:LINE:
# shellcheck disable=SC2016 # an awk program
comments() {
	git ls-files 'filters/*.[ch]' 'bin/*.[ch]' | xargs awk '
		FNR == 1 {open = 0}
		{
			rest = $0
			while (rest != "") {
				if (!open) {
					gsub(/"([^"\\]|\\.)*"/, "", rest)
					if (!(i = index(rest, "/*"))) break
					open = 1; text = ""; at = FILENAME ":" FNR; rest = substr(rest, i + 2)
				}
				if ((i = index(rest, "*/"))) {
					print at ": " text " " substr(rest, 1, i - 1)
					open = 0; rest = substr(rest, i + 2); continue
				}
				sub(/^[ \t]*\*/, "", rest); text = text " " rest; break
			}
		}' | tr -s ' \t' ' ' | sed 's/[Ww]hat is known of//g' # fine in a comment
}

# what a command test or a script of tests says it is about
titles() {
	git ls-files 'tests/*.t' 'tests/*.sh' ':!tests/lint/words.sh' | xargs grep -nE '^# ' | sed 's/:# /: /; s/what is known of//'
}

{ literals; prose; comments; titles; } | awk -v phrases="$phrases" -v no_x="$no_x" -v fine="$fine" '
	{
		text = tolower($0); sub(/^[^:]*:[0-9]+: /, "", text)
		if (match(text, phrases)) {print; next}
		gsub(fine, "", text)
		if (match(text, no_x)) print
	}' >"${TMPDIR:-/tmp}/words.$$"
trap 'rm -f "${TMPDIR:-/tmp}/words.$$"' EXIT
found=$(wc -l <"${TMPDIR:-/tmp}/words.$$")
if [ "${1-}" = count ]; then
	echo "$found"
elif [ "$found" -gt 0 ]; then
	cut -c 1-200 "${TMPDIR:-/tmp}/words.$$"
	echo "words: $found texts use a phrase that CONTRIBUTING.md replaces (How we write)"
	exit 1
fi
