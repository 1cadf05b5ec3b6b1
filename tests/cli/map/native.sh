# shellcheck shell=sh
# native.sh - simple jq programs run natively and by libjq: the same events,
# rejects, skips and statuses, to the byte, over odd rows and made-up changes.
set -eu
# shellcheck source=/dev/null
. "$TOP/tests/tool/lib.sh"
RUDDER_RUN_ID=r1000000000000000000
export RUDDER_RUN_ID

cat >rows <<'END'
{"id":1,"a":1,"b":"x","o":{"x":{"y":[1,2]}},"s":"Abc"}
{"id":2,"a":1.50,"b":null,"o":{"x":5},"s":"caf\u00e9\n"}
{"id":"u\u0033","a":{"b":{"c":1e2}},"b":[1.0, {"k" : "v"}],"o":[],"s":""}
{"id":null,"a":"1","b":false,"o":{},"s":5}
{"id":" ","a":"x","b":true,"o":null,"s":null}
{"id":7,"a":12345678901234567890,"b":0.1,"o":{"x":{"y":"\ud83d\ude00"}},"s":"\u0041"}
{"id":8,"a":9007199254740992,"b":0.30000000000000004,"o":{"x":[1e400]},"s":"\ud800"}
{"id":9,"a":"\u007f","b":-0.0,"o":{"a":1,"\u0061b":2},"s":"DEL"}
{"id":10}
{"id":11,"a":[],"b":{},"o":{"x":{"y":{"z":1}}},"s":"é"}
{"id":true,"a":1}
nonsense
{"id":12,"a":{"type":"track","userId":null},"b":{"sources":{}},"o":{"context":{"ip":1}},"s":"z"}
{"id":13,"_x":1,"a":0,"b":0.00001234,"o":{"x":-1.25},"s":"A\"\\b"}
{ "id" : 14 , "a" : [ 1 , [ 2 ] ] , "b" : { "u" : "\/" } , "s" : "0" }
END
rows <rows >in.rows
awk 'BEGIN {
	print "{\"_rudder\":{\"type\":\"begin\",\"v\":1,\"stream\":\"changes\",\"run\":\"r1000000000000000000\",\"key\":[\"id\"],\"mode\":\"mirror\"}}"
}
NR % 5 == 0 {printf "{\"_rudder\":{\"type\":\"change\",\"action\":\"delete\",\"id\":\"%d\",\"change\":\"%032d\"},\"id\":%d}\n", NR, NR, NR; n++; next}
/^\{"id"/ {printf "{\"_rudder\":{\"type\":\"change\",\"action\":\"%s\",\"id\":\"%d\",\"change\":\"%032d\"},%s\n", NR % 2 ? "insert" : "update", NR, NR, substr($0, 2); n++}
END {printf "{\"_rudder\":{\"type\":\"end\",\"stream\":\"changes\",\"changes\":%d}}\n", n}' rows >in.changes

# both in one stream, whose first line is that of changes
{
	sed '$d' in.changes
	sed '1d;$d' in.rows
	printf '{"_rudder":{"type":"end","stream":"changes","changes":%d}}\n' $(($(wc -l <in.changes) + $(wc -l <in.rows) - 4))
} >in.both

# run INPUT OPTION ...
run() {
	in=$1
	shift
	for how in auto libjq; do
		got=0
		rudder-map --jq-engine "$how" "$@" <"$in" >"out.$how" 2>"err.$how" || got=$?
		echo "status $got" >>"out.$how"
		cat "err.$how" >>"out.$how"
	done
	cmp -s out.auto out.libjq || {
		diff out.auto out.libjq >&2 || :
		fail "native and libjq differ: $*"
	}
}

# both OPTION ...: rows and changes; the programs must be simple
n=0
both() {
	! rudder-map --explain "$@" 2>&1 | grep -q libjq || fail "not simple: $*"
	run in.both "$@"
	n=$((n + 1))
}

run in.rows -t identify -u id -j .
run in.changes -t identify -u id -j .
for j in . .a .o '{}' '{traits: .}' '{traits: {a, b: .s}}' '{traits: .o, context: {ip: .a}}' \
	'{context: .b, properties: {z: .a, y: .b}}' '{userId: .a, traits: {}}' '{userId: .s, anonymousId: .b}' \
	'{messageId: "m", recordId: .s}' 'select(.a) | {traits: {a}}' 'if .b then {traits: {b}} else empty end' \
	'{traits: {a: (.a // "none"), s: (.s // "" | tostring)}}' '{traits: {t: "\(.a) and \(.s)"}}' \
	'{traits: {l: [.a, .b, .o.x?]}}' '{traits: {y: .o.x.y}}' '{traits: {u: (.s | ascii_upcase)}}' \
	'{channel: .s, "zz\n": .a, traits: {(("k")): .b}}' '{traits: {n: (.a + 1)}}' '{type: .s, action: .s}'; do
	both -t identify -u id -j "$j"
done
both -a id -j '{type: "record", userId: null, fields: {a}, identifiers: {id}}'
both -t record -u id -j '{fields: {s}, identifiers: {id: (.id | tostring)}}'
both -t track -u id --jq-numbers string -j '{event: "E", properties: .}'
both -t identify -u id --jq-numbers string -j '{traits: {a, n: (.a | type)}}'
for w in .a '.a == 1' '.s != null and (.b | not)' '.a > 1 or .o.x' '.s | startswith("c")' empty true \
	'(.s | length) > 2' '.o.x.y' '.s == "Abc" // false'; do
	both -t identify -u id -c a,s -w "$w"
done
both -t identify -u id -c 'a' --field 's=.s' --field 'n.x[1]=.o.x.y' --field 'e=empty' --field 't=.a | tostring'
both -t track -u id -e E -c 'b' -w '.id != 1' --field 'l=[.a, .s]' --field '.context.page={url: .s}'
both -t identify -u id -w '.b' -j '{traits: {b}}'
if rudder-map --explain -t identify -u id -j . --jq-numbers literal >/dev/null 2>&1; then # libjq 1.7
	both -t identify -u id --jq-numbers literal -j '{traits: {a, l: [.b], s: (.o | tostring), e: (.a == .b)}}'
fi
[ "$n" -gt 30 ] || fail "only $n mappings"
rudder-map -t identify -u id --jobs 3 -j '{traits: {a: .a.b}}' <in.rows >out.jobs || :
rudder-map -t identify -u id --jq-engine libjq -j '{traits: {a: .a.b}}' <in.rows | cmp - out.jobs

# many rows among which some are odd: their order is kept
awk 'BEGIN {for (i = 1; i <= 3000; i++) printf "{\"id\":%d,\"a\":%s}\n", i, i % 97 == 0 || (i > 1000 && i < 1100) ? "\"text\"" : "{\"b\":" i "}"}' | rows >in.odd
run in.odd -t identify -u id -j '{traits: {b: .a.b}}'
run in.odd -t identify -u id --jobs 2 -c id -w '.a.b != 5' --field 'x=.a.b'

# a simple condition beside what only libjq can run
for w in .a '.a == 1' '.s != null and (.b | not)' '.o.x.y' '.s == "Abc" // false' '(.s | length) > 2' false '.o | not'; do
	rudder-map --explain -t identify -u id -w "$w" -j '{traits: map_values(.)}' | grep -q '^condition: native' || fail "not simple: $w"
	run in.both -t identify -u id -w "$w" -j '{traits: with_entries(.)}'
	run in.both -t identify -u id --jobs 2 -w "$w" -c a --field 'n=[.a] | length | sqrt'
	run in.rows -t identify -u id --jq-numbers string -w "$w" -j '{traits: {n: ([.a] | length | sqrt)}}'
done
run in.odd -t identify -u id --jobs 2 -w '.a.b > 2000' -j '{traits: {n: (.id | sqrt)}}'
