#!/bin/sh
# names.sh - names that a search finds once: of files, of structs, enums and
# unions, and no static function called `run`.
set -eu
cd "$(dirname "$0")/../.."
bad=0
say() {
	echo "names.sh: $1" >&2
	bad=1
}
for f in $(find filters bin -name '*.[ch]' | sed 's|.*/||' | sort | uniq -d); do
	say "two files are called $f: $(find filters bin -name "$f" | tr '\n' ' ')"
done
defined() { grep -rEoh '^(typedef |static |const )*(struct|enum|union) [a-z_0-9]+ \{' filters bin --include='*.[ch]'; }
for t in $(defined | sed 's/.*\(struct\|enum\|union\) //; s/ {//' | sort | uniq -d); do
	say "two types are called $t: $(grep -rlE "^(typedef |static |const )*(struct|enum|union) $t \{" filters bin --include='*.[ch]' | tr '\n' ' ')"
done
for f in $(grep -rlE '^static [^=;]*[ *]run\(' filters bin --include='*.[ch]' || :); do
	say "$f: a static function called run: name what it runs"
done
# a message with a count or advice in quotes, and no text put into it, has no value of a
# row: err_names, so that records keep it whole
# shellcheck disable=SC2046 # no file name has a blank
found=$(awk '
	/(^|[^a-z_])err_set\(/ {text = ""; line = FNR; inside = 1}
	inside {text = text $0}
	inside && /;$/ {
		inside = 0
		gsub(/%%/, "", text)
		if (text !~ /%(\.\*)?[sc]/ && text ~ /%(j|z)?[ud]|\047/) print FILENAME ":" line
	}' $(find filters -name '*.c'))
[ -z "$found" ] || say "err_set for a text without a value: $found"
exit $bad

