# shellcheck shell=sh
# fuzz.sh - rows = events + rejects + skips, and every line out is JSON, over
# made-up rows and mappings; what no mapping touches leaves byte for byte.
set -eu
RUDDER_RUN_ID=r1000000000000000000
export RUDDER_RUN_ID

# $1: how many, $2: seed. Keys come and go, values have every form, some are bad.
make_rows() {
	awk -v n="$1" -v seed="$2" '
	function any(k) { return int(rand() * k) }
	function pick(s,  p, k) { k = split(s, p, "~"); return p[1 + any(k)] }
	function value(d,  r, s, k, i) {
		r = any(d > 2 ? 3 : 5)
		if (r == 0) return pick("0~-0~1~-17~1.5~1.50~0.1e3~1E-7~1e400~9007199254740993~-12345678901234567890~0.1234567890123456789~32.839999999999996~100000000000000000000")
		if (r == 1) return pick("\"\"~\"a\"~\" \"~\"\\u00e9\\/\\n\"~\"é李🚀\"~\"\\ud83d\\ude80\"~\"0123456789012345678901234567890123456789\"~\"a,b:c{}[]\\\"\"~\"\177\"")
		if (r == 2) return pick("null~true~false")
		if (r == 3) {
			s = "["; k = any(4)
			for (i = 0; i < k; i++) s = s (i ? "," : "") value(d + 1)
			return s "]"
		}
		s = "{"; k = any(4)
		for (i = 0; i < k; i++) s = s (i ? ", " : "") "\"k" i "\" :" value(d + 1)
		return s "}"
	}
	BEGIN {
		srand(seed)
		for (i = 0; i < n; i++) {
			if (any(40) == 0) { print pick("{~[]~{\"id\":1,\"id\":2}~nonsense~{\"id\":01}~\"x\"~{\"a\":1}x"); continue }
			s = "{\"id\":" pick("1~2~\"u\"~\"\"~null~12345678901234567890~true~\"\\u0020\"")
			for (c = 0; c < 6; c++)
				if (any(5)) s = s ",\"" substr("abcdef", c + 1, 1) "\":" value(0)
			if (any(9) == 0) s = s ",\"x.y\":1,\"caf\\u00e9\":2"
			print s "}"
		}
	}'
}

N=400
check() { # $1: seed; the rest: options
	seed=$1
	shift
	make_rows $N "$seed" >rows
	status=0
	rudder-map --trust-eof "$@" <rows >out 2>err || status=$?
	[ $status -le 1 ] || {
		echo "status $status: $*"
		cat err
		exit 1
	}
	jq -e . <out >/dev/null || {
		echo "no JSON: $*"
		exit 1
	}
	got=$(grep -vc '^{"_rudder":{"type":"\(begin\|end\)"' out)
	sum=$(jq -s 'map(select(._rudder.type == "end"))[0]._rudder | .events + .rejects + .skips' <out)
	[ "$got.$sum" = "$N.$N" ] || {
		echo "$N rows became $got lines, counted $sum: $*"
		exit 1
	}
	# the same settings as a file make the same events
	rudder-map "$@" --print-mapping >m.json
	rudder-map --trust-eof -m m.json <rows >again 2>err || :
	cmp -s out again || {
		echo "another mapping by --print-mapping: $*"
		exit 1
	}
}

seed=1
while read -r line; do
	eval "check $seed $line"
	seed=$((seed + 1))
done <<'X'
-t identify -u id
-t identify -u id -a a -c 'b,c=x.y,d=x.z[1]' -C x.w=1
-t identify -u id -c '*,!a,b=.context.b'
-t track -u id --event-column a
-t track -a b -e E --timestamp c
-t page -u id --event-column d
-t group -u id --group-id b
-t alias -u id --previous-id c -c d
-t record --identifier a=A,b
-t record --identifier a --object X-y
-t identify --object X-y --identifier id
-t identify -u id --null omit --numbers exact
-t identify -u id --null empty --default a=1 --default 'b={"x":2}'
-t identify -u id --cast a=string --cast 'b=number' --cast c=boolean --cast d=integer --cast e=timestamp
-t identify -u id --mask '*=trim+lower+truncate:3' --mask a=sha256 --mask b=redact
-t identify -u id -c 'a=l[0],b=l[2],c=l[4].x' --null omit
-t identify -u id -j '{traits: .}'
-t identify -u id -w '.a != null' --field 'z=.b' --field 'y[1]=[.c, .d]' --jobs 3
-t track -a a -w '.e' -j '{event: "E", properties: {e}}'
-t identify -u id -j '{traits: {a, b: (.b // .c)}}' --jq-numbers string --jobs 2
X

# several mappings of these, drawn by chance: each row has events, or is one
# reject or one skip
cat >pool <<'X'
{"type":"identify","user_id":"id"}
{"type":"track","anonymous_id":"a","event":{"column":"b"}}
{"type":"record","identifiers":{"a":"A"},"columns":["b","c=x.y"]}
{"type":"identify","user_id":"id","where":".d","columns":"!*"}
{"type":"track","user_id":"id","jq":".e | arrays[] | {event: \"E\", properties: {v: .}}"}
{"type":"page","user_id":"id","columns":["a"],"fields":{"a":{"cast":"number"}}}
{"type":"group","user_id":"id","group_id":"c","computed":{"z":".a"}}
{"type":"identify","object":"X-y","identifiers":"id=ID","null":"omit"}
X
for seed in 31 32 33 34 35 36; do
	awk -v seed=$seed 'BEGIN {srand(seed)} {line[NR] = $0} END {
		n = 2 + int(rand() * 3)
		for (i = 0; i < n; i++) printf "%s%s", i ? "," : "[", line[1 + int(rand() * NR)]
		print "]"
	}' pool >m.json
	make_rows $N $seed >rows
	status=0
	rudder-map --trust-eof -m m.json --jobs 2 <rows >out 2>err || status=$?
	sum=$(jq -rs '(map(select(.type)) | length) as $events | (map(.recordId // empty) | unique | length) as $rows |
		(map(select(._rudder.type == "end"))[0]._rudder) | "\($rows + .rejects + .skips) \(.events == $events)"' <out)
	if [ $status -gt 1 ] || [ "$sum" != "$N true" ]; then
		echo "status $status, $N rows counted $sum: $(cat m.json err)"
		exit 1
	fi
done

# what no mapping touches: the traits are the row without its id
make_rows 10000 99 | grep '^{"id":[12],.*}$' | grep -v '"id".*"id"' >in
rudder-map -t identify -u id --numbers exact --trust-eof <in | sed -n 's/.*,"traits":{\(.*\)},"type":"identify","userId":"[12]"}$/\1/p' >got
sed 's/^{"id":[12],\(.*\)}$/\1/' in | cmp - got || exit 1
[ "$(wc -l <got)" -gt 2000 ]
