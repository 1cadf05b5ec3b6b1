#!/bin/sh
# wide.sh - rows of very many columns, and settings of very many entries
set -eu
# shellcheck source=tests/tool/lib.sh
. "$TOP/tests/tool/lib.sh"

# CPU seconds of a command; what it writes goes to the file out
seconds() {
	TIMEFORMAT=%U bash -c 'time "$@" >out' seconds "$@" 2>time
	tail -n 1 time
}
under() { # SECONDS NAME: what seconds gave
	awk -v a="$3" -v b="$1" 'BEGIN {exit !(a < b)}' || fail "$2: $3 s"
}

# ten times as many must not take a hundred times as long: 20 s before, 0.4 s now
awk 'BEGIN {printf "{\"id\":1"; for (i = 0; i < 32000; i++) printf ",\"column_%d\":%d", i, i; print "}"}' >row
under 8 '32000 columns' "$(seconds rudder-map --trust-eof -t identify -u id <row)"
is 32000 "$(jq -c 'select(.type).traits | length' out)" '32000 columns: traits'
is '[0,31999]' "$(jq -c 'select(.type).traits | [.column_0, .column_31999]' out)" '32000 columns: values'

jq -n '{type: "identify", user_id: "id", constants: ([range(8000) | {key: "c\(.)", value: .}] | from_entries)}' >m.json
under 8 '8000 constants' "$(echo '{"id":1}' | seconds rudder-map --trust-eof -m m.json)"
is '8000 7999' "$(jq -r 'select(.type).traits | "\(length) \(.c7999)"' out)" '8000 constants'

# columns that are named are found by name, in the order of the list; a pattern takes the rest
jq -n '{type: "identify", user_id: "id", columns: [range(8000) | "column_\(7999 - .)"]}' >m.json
under 8 '8000 named columns' "$(seconds rudder-map --trust-eof -m m.json <row)"
is '[8000,"column_7999",7999]' "$(jq -c 'select(.type).traits | [length, keys_unsorted[0], .column_7999]' out)" '8000 named columns'
