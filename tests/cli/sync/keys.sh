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
for tool in query diff map send; do
	rudder-$tool --help=json >$tool
done
ln diff commit
while read -r stage option kind words; do
	file=$(echo "$stage" | tr '[:upper:]' '[:lower:]')
	case $kind in
	FLAG) want='flag' ;;
	COUNT) want='count' ;;
	TIME) want='time' ;;
	*) want='text' ;;
	esac
	is "$want" "$(jq -r --arg o "$option" '.options[] | select(.name == $o).kind' "$file")" "--$option of rudder-$file"
	# words that are not all of what it takes are not in the table
	case $option in
	keep | method | url) ;;
	*) is "$words" "$(jq -r --arg o "$option" '.options[] | select(.name == $o) | .values // [] | join("|")' "$file")" "words of --$option of rudder-$file" ;;
	esac
	case $(jq -r --arg o "$option" '.options[] | select(.name == $o).argument' "$file") in
	'<n|n%>' | '<n|p%>') is SHARE "$kind" "--$option of rudder-$file" ;;
	'<check>') is EXPECT "$kind" "--$option of rudder-$file" ;;
	esac
done <table

# what an expectation can be of are the counts of a run
sed -n '/^#define EXPECTED/,/^$/p' "$TOP/filters/sync/sync_value.c" | grep -oE '[a-z_]+' | grep -vxE 'define|n|t' | sort >have
{
	sed -n '/names\[RUNS_COUNTS\]/,/};/p' "$TOP/filters/diff/state/runs.c" | grep -oE '"[a-z_]+"' | tr -d '"'
	printf 'changes\nduration\n'
} | sort >want
cmp want have || fail "$(diff want have)"
