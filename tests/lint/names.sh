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
exit $bad
