#!/bin/sh
# Every option of --help is in the manual, and the other way round.
. "$TOP/tests/tool/lib.sh"

rudder-send --help | sed -n 's/^  \(-[a-zA-Z] \)\{0,1\} *--\([a-z-]*\).*/\2/p' | sort -u >help
[ "$(wc -l <help)" -gt 30 ] || fail "help: $(cat help)"
grep '^\.It Fl' "$TOP/man/rudder-send.1" | grep -o 'Fl -[a-z][a-z-]*\|, -[a-z][a-z-]*' |
	sed 's/.* -//' | sort -u >manual
diff help manual >differ || fail "$(cat differ)"

# An option of one destination is refused by the others, with the names of those
# that have it, whatever its value is.
rudder-send --help=json | jq -r '.options[] | select(.group) | "\(.name)|\(.kind)|\(.group)"' >own
[ "$(wc -l <own)" -gt 20 ] || fail "own: $(cat own)"
while IFS='|' read -r name kind group; do
	case $kind in
	flag) set -- "--$name" ;;
	time) set -- "--$name" 1s ;;
	*) set -- "--$name" 1 ;;
	esac
	status 64 rudder-send -d null: "$@" </dev/null >out 2>err
	is "rudder-send: option '--$name' is only for $group" "$(cat err)" "null: with --$name"
done <own
status 64 rudder-send -d segment:https://host.example --retl --check 2>err
is "rudder-send: option '--retl' is only for rudder:" "$(cat err)" 'segment: with --retl'
status 64 rudder-send -d file:out --connect-timeout 10s 2>err </dev/null
grep -q 'only for rudder:, segment:, webhook: and kafka:' err || fail "a default that is said: $(cat err)"

# Options that do not go together, or not with this destination.
bad() { # TEXT OPTIONS: refused before anything is opened
	text=$1
	shift
	status 64 rudder-send "$@" </dev/null >out
	says "$text"
}
bad "options '--check' and '--dry-run' exclude each other" -d null: --check -n
bad "option '--as-curl' needs rudder:, segment: or webhook:, and --dry-run" -d webhook:http://127.0.0.1:1/ --as-curl
bad "option '--as-curl' needs" -d file:out --as-curl -n
bad "option '--connections': file: has only one" -d file:out -c 2
bad "options '--confirm' and '--dry-run' exclude each other" -d rudder:http://127.0.0.1:1 --confirm -n
bad "option '--timeout' must be more than 0" -d null: --timeout 0
bad "destination: 'stdout:' takes no argument" -d stdout:x --receipts r
bad "destination: 'file:' needs a path" -d file:
bad "destination: 'file:' needs a path" -d file: -n
bad "option '--success-status': more than 16 statuses" -d webhook:http://127.0.0.1:1/ \
	--success-status "$(seq -s , 401 417)"
bad "'199' is not a status such as 404" -d webhook:http://127.0.0.1:1/ --success-status 199
bad "'600' is not a status such as 404" -d webhook:http://127.0.0.1:1/ --success-status 600

# The manual has these options under the names of the same destinations.
awk '/^\.Ss / {s = substr($0, 5)}
	/^\.It Fl/ {while (match($0, /Fl -[a-z][a-z0-9-]*/)) {
		print substr($0, RSTART + 4, RLENGTH - 4) "|" s
		$0 = substr($0, RSTART + RLENGTH)
	}}' "$TOP/man/rudder-send.1" | grep ':$' | sort >manual
rudder-send --help=json | jq -r '.options[] | select(.group) | "\(.name)|\(.group)"' | sort >own
diff own manual >differ || fail "options of destinations in --help and in the manual: $(cat differ)"
