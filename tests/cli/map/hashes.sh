# hashes.sh - trim+lower+sha256 gives what Python and JavaScript give
#
# addresses.tsv has 200 addresses as JSON and their hashes. Where python3 or node
# are there, they are asked again.
. "$TOP/tests/tool/lib.sh"
table=$TOP/tests/cli/map/addresses.tsv

ours() { # JSON texts, one a line: each after the steps $1
	awk '{printf "{\"id\":%d,\"v\":%s}\n", NR, $0}' | rows |
		rudder-map -t identify -u id --mask "v=$1" >masked || return
	jq -r 'select(.type).traits.v' masked
}
cut -f 1 "$table" >in
cut -f 2 "$table" >want
is 200 "$(sort -u in | wc -l)" 'addresses'
ours trim+lower+sha256 <in >got
cmp want got || fail "$(paste in want got | awk -F '\t' '$2 != $3' | head -3)"

command -v python3 >/dev/null && {
	python3 -c '
import hashlib, json, sys
for line in sys.stdin:
    print(hashlib.sha256(json.loads(line).strip().lower().encode()).hexdigest())' <in >python
	cmp want python || fail 'Python has other hashes'
}
command -v node >/dev/null && {
	node -e '
const hash = s => require("crypto").createHash("sha256").update(s).digest("hex");
for (const line of require("fs").readFileSync(0, "utf8").trim().split("\n"))
	console.log(hash(JSON.parse(line).trim().toLowerCase()));' <in >node
	cmp want node || fail 'JavaScript has other hashes'
}

# what one of the two trims is trimmed
for space in 0009 001c 001f 0020 0085 00a0 1680 2000 2003 200a 2028 2029 202f 205f 3000 feff; do
	is 'a b' "$(echo "\"\\u$space\\u${space}a b\\u$space\"" | ours trim)" "U+$space"
done
for other in 200b 200c 180e 2060; do
	is 4 "$(echo "\"\u$other\"" | ours trim | wc -c)" "U+$other is no white space"
done

# every letter of the planes that have cases and one of LETTERS (61; make property: 1) others, alone and beside a sigma, where Python has the tables of ours
version=$(sed -n 's/.*Unicode \([0-9.]*\), by.*/\1/p' "$TOP/filters/map/value/casing.c")
python3 -c "import sys, unicodedata; sys.exit(unicodedata.unidata_version != '$version')" 2>/dev/null || exit 0
cat >letters.py <<'E2'
import json, os, sys
step = int(os.environ.get('LETTERS', 61))
out, want = open('in', 'w'), open('want', 'w')
letters = [chr(c) for c in [*range(0x20, 0x20000), *range(0x20000, 0x110000, step)] if not 0xd800 <= c <= 0xdfff and chr(c) not in '\x7f\x85\u2028\u2029']
for at in range(0, len(letters), 64):
    some = letters[at:at + 64]
    for text in (''.join(some), ' '.join('\u0391\u03a3' + c for c in some), ' '.join(c + '\u03a3' for c in some),
                 ' '.join('\u0391\u03a3' + c + '\u0391' for c in some), ' '.join('\u0391' + c + '\u03a3' for c in some)):
        out.write(json.dumps(text) + '\n')
        want.write(text.lower() + '\n')
E2
PYTHONIOENCODING=utf-8 PYTHONUTF8=1 python3 letters.py
ours lower <in >got
cmp want got || fail 'letters differ from those of Python'
