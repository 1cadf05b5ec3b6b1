#!/bin/sh
# sandbox.sh - what a jq program may not reach, and rows made to break libjq
set -eu
# shellcheck source=tests/tool/lib.sh
. "$TOP/tests/tool/lib.sh"
RUDDER_RUN_ID=dc1rs383p4j7o8q8vg8g
SANDBOX_CANARY=canary-4711
export RUDDER_RUN_ID SANDBOX_CANARY

# however it is spelled, and wherever a program may stand
refused() { # PROGRAM COMMAND...
	program=$1
	shift
	status 78 "$@" </dev/null >out
	says 'is not allowed: a program can use only its row'
	is 0 "$(grep -c canary out || :)" "$program: the environment"
}
while IFS= read -r program; do
	refused "$program" rudder-map -t identify -u id -j "$program"
	refused "$program" rudder-map -t identify -u id -w "$program"
	refused "$program" rudder-map -t identify -u id --field "traits.x=$program"
	jq -n --arg p "$program" '{type: "identify", user_id: "id", computed: {"traits.x": $p}}' >m.json
	refused "$program" rudder-map -m m.json
	jq -n --arg p "$program" '{type: "identify", user_id: "id", where: $p}' >m.json
	refused "$program" rudder-map -m m.json
	jq -n --arg p "$program" '{type: "identify", user_id: "id", jq: $p}' >m.json
	refused "$program" rudder-map -m m.json
done <<'END'
{$ENV}
$ ENV
$ENV.SANDBOX_CANARY
{a: 1, $ENV}
"\($ ENV)"
. as {$ENV} | 1
{$__prog_args}
{a: if . then 1, env, 2 else 3 end}
if 1then env else 2end
END

# a program makes events, and no control lines
for engine in auto libjq; do
	for program in '{_rudder: {type: "end", stream: "events", events: 0}}' '{"_rudd\u0065r": 1}' '{_rudder: .id}'; do
		printf '{"id":1}\n{"id":2}\n' | status 1 rudder-map --trust-eof -t identify -u id --jq-engine $engine -j "$program" >out
		is 2 "$(grep -c '"type":"reject".*this name is reserved' out)" "$engine, $program: rejects"
		is 4 "$(wc -l <out)" "$engine, $program: lines"
	done
done

# rows whose values overflow, or allocate gigabytes: each costs itself, and no other
case $B in
*asan*) exit 0 ;; # without limits there
esac
# how libjq fails differs by its version: jq 1.6 or jq 1.7
reason() { jq -r 'select(._rudder.type == "reject") | ._rudder.reason' out; }
while IFS='|' read -r want program; do
	printf '{"id":1}\n{"id":2,"n":2147483647,"m":-2147483649,"s":"abc"}\n{"id":3}\n' |
		status 1 rudder-map --trust-eof -t identify -u id --jq-engine libjq --jq-timeout 300ms \
			-j ". as \$r | if .n then (\$r | $program | {}) else {} end" >out
	is '1 3' "$(jq -r '.userId // empty' out | xargs)" "$program: the other rows"
	case $(reason) in
	*"${want% or *}"* | *"${want#* or }"*) ;;
	*) fail "$program: $(reason)" ;;
	esac
done <<'END'
the jq program crashed libjq or Array index too large|[] | .[$r.n] = 1
the jq program or Array index too large|[range(99)] | .[$r.n - 1] = 1
the jq program or Array index too large|[1] | .[1431655766] = 1
the jq program crashed libjq or Array index too large|[1] | setpath([$r.n]; 1)
Out of bounds negative array index|[1] | .[$r.m] = 1
Repeat string result too long or the jq program exceeded its memory|.s * .n
the jq program timed out|[range($r.n)]
the jq program timed out|[limit($r.n; repeat(1))]
the jq program timed out|[[1, 2] | combinations($r.n)]
the jq program exceeded its memory (--jq-memory)|def f: 1 + f; f
Exceeds depth limit|"[" * 20000 | fromjson
Regex failure|"a" * 30 | test("(a+)+$b")
END
# shellcheck disable=SC2016
printf '{"n":2147483647,"m":-2147483649}\n' | status 0 rudder-map --trust-eof -t identify -j '. as $r | {userId: "u", traits: {
	read: ([1, 2, 3][1:] | [.[$r.n], .[$r.m], .[$r.m:$r.n], getpath([$r.n]), del(.[$r.n])]),
	date: ([.n, .m] | map(todate)), flat: ([[1]] | flatten($r.n)), text: (["===="] | map(@base64d)), zone: ("x" | [strptime("%Z")? ] | length)}}' >out
is '[null,null,[2,3],null,[2,3]]' "$(jq -c 'select(.type).traits.read' out)" 'reads out of bounds'

# a reason is cut at a character
for lead in '' x xx; do
	printf '{"id":1}\n' | status 1 rudder-map --trust-eof -t identify -u id --jq-engine libjq -j "\"$lead\" + \"é\" * 400 | error" >out
	is 0 "$(iconv -f UTF-8 -t UTF-8 out >/dev/null 2>&1; echo $?)" "$lead: UTF-8"
done
