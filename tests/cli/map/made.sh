# made.sh - what a jq program makes: how much of it, how deep, and its errors
# shellcheck disable=SC2016 # jq programs
. "$TOP/tests/tool/lib.sh"

# what a program makes is bounded: for one row it is rejected, for several together
# it goes in more than one piece
made() { printf '{"id":1}\n{"id":2}\n{"id":3}\n' | rudder-map --trust-eof -t identify -u id --jq-engine libjq "$@"; }
status 1 made -j '{type: "identify", userId: "1", traits: {x: ("aaaaaaaaaa" * (if .id == 2 then 4000000 else 1 end))}}' >out
is 'the jq program returned more than 32 MiB' "$(jq -r 'select(._rudder.type == "reject") | ._rudder.reason' out)" 'too much for one row'
is '1 3' "$(jq -r '.recordId // empty' out | paste -sd' ')" 'the others'
status 0 made -j '{type: "identify", userId: "1", traits: {x: ("aaaaaaaaaa" * 2500000)}}' >out
is '3 yes' "$(grep -c '"identify"' out) $(larger out 75000000 && echo yes)" 'several large ones'
status 1 made --field 'x=reduce range(300) as $i (0; [.])' >out
is 3 "$(grep -c "a field's value is nested deeper than 250 levels" out)" 'too deep a value'
# an error that is not a text is shown as JSON, as libjq does
status 1 made -w 'error({a: .id})' >out
is 'jq: {"a":1}' "$(jq -r 'select(._rudder.type == "reject") | ._rudder.reason' out | head -n 1)" 'an error of an object'
! grep -q '"a"' err || fail 'a value of a row in a message'
