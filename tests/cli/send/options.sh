#!/bin/sh
# Every option of --help is in the manual, and the other way round.
. "$TOP/tests/tool/lib.sh"

rudder-send --help | sed -n 's/^  \(-[a-zA-Z] \)\{0,1\} *--\([a-z-]*\).*/\2/p' | sort -u >help
[ "$(wc -l <help)" -gt 30 ] || fail "help: $(cat help)"
grep '^\.It Fl' "$TOP/man/rudder-send.1" | grep -o 'Fl -[a-z][a-z-]*\|, -[a-z][a-z-]*' |
	sed 's/.* -//' | sort -u >manual
diff help manual >differ || fail "$(cat differ)"
