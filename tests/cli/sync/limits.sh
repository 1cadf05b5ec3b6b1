# limits.sh - rudder check refuses a number of a sync file exactly where rudder run
# does: none, and the most, of each key that is a number
. "$TOP/tests/tool/lib.sh"
command -v jq >/dev/null || skip 'no jq'
printf 'id,plan\n1,a\n2,b\n' >users.csv
export WK=x
# "PLACE GROUP KEY" of each key of the schema that is a number
jq -r '
	def numbers: to_entries[] | select(.value["$ref"] // "" | test("/(count|time|share)$")) | .key;
	def groups: to_entries[] | select(.value.properties) | .key as $g | .value.properties | numbers | "\($g) \(.)";
	(.properties | (numbers | "- \(.)"), groups | "top \(.)"),
	(.definitions.destination.anyOf[1].properties | (numbers | "- \(.)"), groups | "dest \(.)")
	' "$TOP/man/rudder-sync-file.schema.json" | grep -vE ' (hook_timeout|max_age)$' >keys
[ "$(wc -l <keys)" -ge 35 ] || fail "only $(wc -l <keys) keys"
# file PLACE GROUP KEY VALUE
file() {
	line="$3: $4"
	[ "$2" = - ] || line="$2: {$line}"
	to='rudder:http://127.0.0.1:1", write_key: env:WK, allow_http: true'
	[ "$3" = retry_max_time ] || to="$to, retry_max_time: 1ms"
	case $3 in
	rotate) to='file:o"' ;;
	confirm_time) to="$to, confirm: true" ;;
	esac
	printf 'version: 1\nsource: csv:users.csv\nkey: [id]\nmode: mirror\nmapping: {type: identify, user_id: id, deletes: skip}\n'
	[ "$1" = dest ] || echo "$line"
	echo "destination: {dest: \"$to$([ "$1" = top ] || echo ", $line")}"
}
refused=0
while read -r place group key; do
	for value in 0 18446744073709551615; do
		file "$place" "$group" "$key" $value >s.yaml
		rm -rf state
		got=0
		rudder run s.yaml >out 2>err || got=$?
		case $got in 64 | 78) want=1 ;; *) want=0 ;; esac
		refused=$((refused + want))
		rm -rf state
		rudder check s.yaml >steps 2>/dev/null || :
		# that nobody listens there is not what is asked
		has=$(grep '	failed	' steps | grep -vcE 'Failed to connect' || :)
		[ "$((has > 0))" = $want ] || fail "$place $group $key: $value: run has status $got, $(cat err), and check says: $(cat steps)"
	done
done <keys
[ $refused -ge 10 ] || fail "only $refused were refused"
