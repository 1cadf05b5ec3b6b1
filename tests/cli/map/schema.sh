# schema.sh - the JSON Schema of mapping files knows the keys, types and words
# that rudder-map knows
. "$TOP/tests/tool/lib.sh"
schema=$TOP/man/rudder-mapping.schema.json
jq -e . "$schema" >/dev/null || fail 'the schema is no JSON'

# says of a mapping that its key or word is unknown
unknown() {
	echo "$1" >m.json
	rudder-map -m m.json -t track -u id -e E --trust-eof </dev/null 2>&1 | grep -q "unknown\|is not reject\|is not string or exact"
}

jq -r '.definitions.mapping.properties | keys[]' "$schema" >keys
[ "$(wc -l <keys)" -ge 20 ] || fail 'too few keys'
while read -r key; do
	! unknown "{\"$key\": null}" || fail "rudder-map does not know the key $key"
	unknown "{\"${key}x\": null}" || fail "rudder-map knows the key ${key}x"
done <keys
# each key that its suggestions and its page name
# shellcheck disable=SC2016 # $schema is a key
sed -n '/^\.Ss The file/,/^\.S[hs]/s/^\.It Cm //p' "$TOP/man/rudder-mapping.5" | sed 's/ *, Cm /,/g' | tr , '\n' | sort -u >page
sort -u keys | diff -u - page || fail 'the page and the schema name other keys'

for word in $(jq -r '.definitions.mapping.properties.type.enum[]' "$schema"); do
	! unknown "{\"type\": \"$word\"}" || fail "type $word"
done
for what in null cast; do
	for word in $(jq -r ".definitions[\"$what\"].enum[]" "$schema"); do
		! unknown "{\"fields\": {\"a\": {\"$what\": \"$word\"}}}" || fail "$what $word"
	done
	unknown "{\"fields\": {\"a\": {\"$what\": \"nonsense\"}}}" || fail "$what nonsense"
done
for key in numbers jq_numbers; do
	for word in $(jq -r ".definitions.mapping.properties.$key.enum[]" "$schema"); do
		! unknown "{\"$key\": \"$word\"}" || fail "$key $word"
	done
	unknown "{\"$key\": \"nonsense\"}" || fail "$key nonsense"
done
for step in trim lower sha256 redact truncate:3; do
	jq -en --arg s "$step+trim" --slurpfile x "$schema" '$x[0].definitions.mask.pattern as $p | $s | test($p)' >/dev/null || fail "the schema refuses the mask $step"
	! unknown "{\"fields\": {\"a\": {\"mask\": \"$step+trim\"}}}" || fail "mask $step"
done
