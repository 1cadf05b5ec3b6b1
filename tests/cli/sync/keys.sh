# keys.sh - each key of a sync file is an option that its filter has, and takes an
# argument where the option does
. "$TOP/tests/tool/lib.sh"

# "STAGE OPTION KIND" of each row of the table
tr -d '\n\t' <"$TOP/filters/sync/sync_key.c" | sed 's/.*sync_key_table\[\] = {//; s/{0},};.*//' |
	sed 's/{"[a-z]*", "[a-z_]*", "\([a-z-]*\)", SYNC_\([A-Z]*\),  *SYNC_KEY_\([A-Z]*\)/\n\2 \1 \3\n/g
		s/{NULL, "[a-z_]*", "\([a-z-]*\)", SYNC_\([A-Z]*\),  *SYNC_KEY_\([A-Z]*\)/\n\2 \1 \3\n/g
		s/{NULL, "[a-z_]*", "\([a-z-]*\)", SYNC_\([A-Z]*\), *SYNC_KEY_\([A-Z]*\)/\n\2 \1 \3\n/g
		s/{"[a-z]*", "[a-z_]*", "\([a-z-]*\)", SYNC_\([A-Z]*\), *SYNC_KEY_\([A-Z]*\)/\n\2 \1 \3\n/g
		s/GROUP_KEY("[a-z]*", *"[a-z_]*", *"\([a-z-]*\)", *\([A-Z]*\), *\([A-Z]*\))/\n\2 \1 \3\n/g
		s/\([A-Z]*\)_KEY("[a-z_0-9]*", *"\([a-z0-9-]*\)", *\([A-Z]*\))/\n\1 \2 \3\n/g' |
	grep -xE '[A-Z]+ [a-z0-9-]+ [A-Z]+' >table
[ "$(wc -l <table)" -ge 75 ] || fail "only $(wc -l <table) keys found"
for tool in query diff map send; do
	rudder-$tool --help=json >$tool
done
ln diff commit
while read -r stage option kind; do
	file=$(echo "$stage" | tr '[:upper:]' '[:lower:]')
	flag=$(jq -r --arg o "$option" '.options[] | select(.name == $o) | .kind == "flag"' "$file")
	[ -n "$flag" ] || fail "rudder-$file has no option --$option"
	[ "$flag" = "$([ "$kind" = FLAG ] && echo true || echo false)" ] || fail "--$option of rudder-$file is no $kind"
done <table
