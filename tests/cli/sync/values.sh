# values.sh - values of a sync file that are of no use are refused with their line, and
# nothing is run
. "$TOP/tests/tool/lib.sh"
seq 1 3 | sed '1i id' >users.csv
base='version: 1
source: csv:users.csv
key: id
mapping: {type: identify, user_id: id}
destination: file:sent'
# the base with this line in place of the one of its key, or below
file() {
	key=${1%%:*}
	echo "$base" | grep -v "^${key%s}s*:" >w.yaml
	printf '%s\n' "$1" >>w.yaml
}
while IFS='|' read -r line words; do
	file "$line"
	status 78 rudder run w.yaml
	says "'w.yaml'"
	says "$words"
	[ ! -e sent ] || fail "sent with $line"
	[ ! -e state ] || fail "a state with $line"
done <<'X'
version: "1"|'version' must be 1
version: 2|'version' must be 1
version: [1]|'version' must be 1
name: ""|'name' must be a text that is not empty
name: .hidden|the name '.hidden' may have letters, digits
name: a/b|the name 'a/b' may have letters, digits
name: [a]|line 6: 'name' must be a text
key: []|line 5: 'key' must be a list that is not empty
key: {a: b}|line 5: 'key' must be a text
source: ""|line 5: 'source' must be a text that is not empty
source: [a]|line 5: 'source' must be a text
source: "csv:a\0b"|line 5: 'source' must be a text
partitions: 0|line 6: 'partitions' must be a number of parts from 1 to 1024
partitions: 1025|line 6: 'partitions' must be a number of parts from 1 to 1024
partitions: 1.5|line 6: 'partitions' must be a number of parts from 1 to 1024
partitions: "2"|line 6: 'partitions' must be a number of parts from 1 to 1024
partitions: -1|line 6: 'partitions' must be a number of parts from 1 to 1024
tags: [a, 1, {b: c}]|line 6: an entry of 'tags' must be a text
tags: [""]|line 6: an entry of 'tags' must be a text that is not empty
after: {a: b}|line 6: 'after' must be a text
on_success: [""]|line 6: an entry of 'on_success' must be a text that is not empty
on_success: [[a]]|line 6: an entry of 'on_success' must be a text that is not empty
on_failure: "a\0b"|line 6: 'on_failure' must be a text that is not empty
hook_timeout: soon|line 6: 'hook_timeout' must be a time such as 30s, 10m or 26h
hook_timeout: -1s|line 6: 'hook_timeout' must be a time such as 30s, 10m or 26h
max_age: [1h]|line 6: 'max_age' must be a text
destination: ""|line 5: 'destination' must be a text that is not empty
destination: {dest: ""}|line 5: 'dest' must be a text that is not empty
destination: {dest: [a]}|line 5: 'dest' must be a text
destination: {dest: "file:sent", state: ""}|line 5: 'state' must be a text that is not empty
destination: {dest: "file:sent", write_key: abc}|line 5: 'write_key' must be env: and the name of a variable
destination: {dest: "file:sent", write_key: ["env:A"]}|line 5: 'write_key' must be env: and the name of a variable
destination: {dest: "file:sent", write_key: "env:A B"}|line 5: 'write_key' must be env: and the name of a variable
destinations: {}|line 5: 'destinations' must be an object of names and destinations
destinations: []|line 5: 'destinations' must be an object of names and destinations
destinations: {a b: "file:sent"}|line 5: the name of a destination has letters, digits
mapping: 7|line 5: 'mapping' must be a mapping as in rudder-mapping(5), or the name of its file
mapping: []|line 5: 'mapping' must be a mapping as in rudder-mapping(5), or the name of its file
X
echo "$base" | sed 's/^/  /; 1s/^  /- /' >w.yaml
status 78 rudder run w.yaml
: >w.yaml
status 78 rudder run w.yaml
says 'the file is empty'
printf '%s\n---\n%s\n' "$base" "$base" >w.yaml
status 78 rudder run w.yaml
says 'a sync file has one document'
