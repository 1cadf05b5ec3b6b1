# keys.sh - each key of a sync file is an option that its filter has, with the same
# form of argument and the same words
. "$TOP/tests/tool/lib.sh"

# "STAGE OPTION KIND [WORDS]" of each row of the table
tr -d '\n\t' <"$TOP/filters/sync/sync_key.c" | sed 's/.*sync_key_table\[\] = {//; s/{0},};.*//' |
	sed 's/{[A-Za-z"]*, "[a-z_]*", "\([a-z-]*\)", SYNC_\([A-Z]*\), *SYNC_KEY_\([A-Z]*\), *SYNC_KEY_[A-Z]*, *"*\([a-zL|]*\)/\n\2 \1 \3 \4\n/g
		s/GROUP_KEY("[a-z]*", *"[a-z_]*", *"\([a-z-]*\)", *\([A-Z]*\), *\([A-Z]*\))/\n\2 \1 \3\n/g
		s/\([A-Z]*\)_WORD("[a-z_0-9]*", *"\([a-z0-9-]*\)", *"\([a-z|-]*\)")/\n\1 \2 TEXT \3\n/g
		s/\([A-Z]*\)_KEY("[a-z_0-9]*", *"\([a-z0-9-]*\)", *\([A-Z]*\))/\n\1 \2 \3\n/g' |
	sed 's/L*$//' | grep -xE '[A-Z]+ [a-z0-9-]+ [A-Z]+( [a-z|-]*)?' >table
[ "$(wc -l <table)" -ge 78 ] || fail "only $(wc -l <table) keys found"
# "STAGE OPTION FORM WORDS ARGUMENT" of each option of the filters
for tool in query diff map send; do
	rudder-$tool --help=json |
		jq -r --arg t $tool '.options[] | [$t, .name, .kind, (.values // [] | join("|")), .argument] | join("\t")'
done >options
awk -F '\t' '
	NR == FNR {form[$1 " " $2] = $3; words[$1 " " $2] = $4; argument[$1 " " $2] = $5; next}
	{
		split($0, row, " ")
		stage = tolower(row[1])
		o = (stage == "commit" ? "diff" : stage) " " row[2]
		want = row[3] == "FLAG" || row[3] == "COUNT" || row[3] == "TIME" ? tolower(row[3]) : "text"
		if (form[o] != want)
			print o ": " row[3] ", and --help=json has \"" form[o] "\""
		# words that are not all of what it takes are not in the table
		if (row[2] !~ /^(keep|method|url)$/ && row[4] != words[o])
			print o ": \"" row[4] "\", and --help=json has \"" words[o] "\""
		if ((argument[o] ~ /^<n[|][np]%>$/) != (row[3] == "SHARE") || (argument[o] == "<check>") != (row[3] == "EXPECT"))
			print o ": " row[3] " is not " argument[o]
	}' options table >wrong
is '' "$(cat wrong)" 'forms and words'

# the JSON Schema has the schemes of sources and destinations, and the methods;
# tests/unit/sync/test_sync_key.c compares the rest
schema=$TOP/man/rudder-sync-file.schema.json
values() { rudder-$1 --help=json | jq -r --arg o "$2" '.options[] | select(.name == $o) | .values[]'; }
is "^(env|$(values query source | tr -d : | paste -sd '|')):" "$(jq -r '.properties.source.anyOf[0].pattern' "$schema")" 'sources'
is "^($(values send dest | tr -d : | paste -sd '|')):" "$(jq -r '.definitions.dest.anyOf[0].pattern' "$schema")" 'destinations'
is "^(($(values send method | grep '=' | tr -d '=' | paste -sd '|'))=)?($(values send method | grep -v '=' | paste -sd '|'))\$" \
	"$(jq -r '.definitions.method.anyOf[0].pattern' "$schema")" 'methods'

# what an expectation can be of are the counts of a run
sed -n '/^#define EXPECTED/,/^$/p' "$TOP/filters/sync/sync_value.c" | grep -oE '[a-z_]+' | grep -vxE 'define|n|t' | sort >have
{
	sed -n '/names\[RUNS_COUNTS\]/,/};/p' "$TOP/filters/diff/state/runs.c" | grep -oE '"[a-z_]+"' | tr -d '"'
	printf 'changes\nduration\n'
} | sort >want
cmp want have || fail "$(diff want have)"
