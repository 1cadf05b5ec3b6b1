# help_json.sh - --help=json has what --help has, and the manual has the words
# that options take
. "$TOP/tests/tool/lib.sh"

# json NAME COMMAND ...: the JSON of a command in the file json, checked
json() {
	name=$1
	shift
	"$@" --help=json >json 2>err || fail "$name: status $?: $(cat err)"
	[ "$(wc -l <json)" = 1 ] || fail "$name: more than one line"
	is "$*" "$(jq -r .name json)" 'the name'
	"$@" --help >help
	is "$(sed -n '1s/^[^-]*[^ ]* - //p' help)" "$(jq -r '"\(.name) - \(.summary)"' json | sed 's/^[^-]*[^ ]* - //')" "$name: the summary"
	# "-k --key <columns>" of each, as in --help
	jq -r '.options[] | "\(if .letter then "-\(.letter) " else "" end)--\(.name)\(if .argument then " \(.argument)" else "" end)"' json | sort >got
	while read -r line; do
		grep -qF -- " $line" help || fail "$name: --help has not: $line"
	done <got
	is "$(grep -cE '^ +(-[a-zA-Z] )?--[a-z]' help)" "$(wc -l <got)" "$name: options"
	jq -e '.options | all(.help != "" and (.kind | test("^(flag|text|count|time)$")) and ((.kind == "flag") == (has("argument") | not)))' json >/dev/null || fail "$name: an option"
	jq -e '[.options[] | "\(.name) \(.argument)"] | unique | length == ($n | tonumber)' --arg n "$(wc -l <got)" json >/dev/null || fail "$name: an option twice"
	# the words that an option takes are in its page
	page=$TOP/man/$name.1
	[ ! -e "$page" ] || jq -r '.options[] | select(.values) | .values[]' json | sed '/:$/d; s/=$//' | while read -r word; do
		grep -qE -- "(\\\\|[^A-Za-z-]|^)$word([^A-Za-z-]|$)" "$page" "$TOP/man/rudder-sync.7" || fail "$name: the manual does not have the word '$word'"
	done
}

for tool in query diff map send; do
	json rudder-$tool rudder-$tool
	cp json $tool
done
json rudder rudder
jq -r '.operand_values[]' json >commands
grep -q tee commands || fail 'no commands'
while read -r command; do
	json "rudder-$command" rudder "$command"
done <commands

# what a program is given lasts for an option, whatever else is on the line, and
# what is behind -- is not ours
is rudder-send "$(rudder-send --timeout 1s --wrong --help=json | jq -r .name)" 'other options'
is 30s "$(rudder-send --timeout 1s --help=json | jq -r '.options[] | select(.name == "timeout").default')" 'the default'
is 1 "$(rudder filter -- sh -c 'cat; echo "{\"id\":1}"' --help=json </dev/null 2>/dev/null | grep -c '"id":1')" 'behind --'
status 64 rudder-send --help=xml

# values of sources, destinations and event types are those of the tables
rudder-query --help | sed -n '/^sources:/,/^$/p' | grep -oE '(^  |, )[a-z]+:' | tr -d ' ,' | sort >want
jq -r '.options[] | select(.name == "source").values[]' query | sort >got
diff -u want got || fail 'sources'
rudder-send --help | sed -n '/^destinations:/,/^$/p' | sed -n 's/^  \([a-z]*:\).*/\1/p' | sort >want
jq -r '.options[] | select(.name == "dest").values[]' send | sort >got
diff -u want got || fail 'destinations'
rudder-map --help | sed -n 's/^  -t --type <type> *//p' | sed 's/ or /, /; s/, /\n/g' >want
jq -r '.options[] | select(.name == "type").values[]' map >got
diff -u want got || fail 'event types'

# each word is taken: none is a mistake of usage or configuration
printf '{"id":1}\n' >rows
for word in $(jq -r '.options[] | select(.name == "mode").values[]' diff); do
	status 0 rudder-diff -k id -s "st-$word" --trust-eof --mode "$word" -n rows >out
done
for word in $(jq -r '.options[] | select(.name == "type").values[]' map); do
	rudder-map -t "$word" -u id --group-id id --previous-id id -e e --identifier id --trust-eof <rows >out 2>err || :
	! grep -q 'unknown\|is none of' err || fail "the type $word: $(cat err)"
done

# rudder help is the same as --help
for command in init run tee; do
	is "$(rudder $command --help)" "$(rudder help $command)" "rudder help $command"
done
is "$(rudder-query --help)" "$(rudder help query)" 'rudder help query'
is "$(rudder-diff --help)" "$(rudder help rudder-diff)" 'rudder help rudder-diff'
is "$(rudder --help)" "$(rudder help)" 'rudder help'
is '' "$(rudder --help | awk '$0 == "" && last == "" && NR > 1; {last = $0}')" 'two empty lines'
for filter in query diff map send; do
	rudder --help | grep -q "^  rudder-$filter " || fail "rudder --help does not list rudder-$filter"
done
status 64 rudder help rnu
says "did you mean 'rudder run'?"
status 64 rudder query
says "'query' is a program of its own: rudder-query"

# an output that is full is an error, whatever is printed
for tool in rudder rudder-query rudder-diff rudder-map rudder-send; do
	for what in --help --help=json --version; do
		status 74 "$tool" $what >/dev/full
		says 'cannot write'
	done
done
