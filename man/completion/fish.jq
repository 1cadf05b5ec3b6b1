# fish.jq - the completion of fish: one `complete` an option
include "lib";

def fish_quoted: "'" + gsub("(?<c>['\\\\])"; "\\\(.c)") + "'";

def arguments:
	if kind == "words" then " -x -a " + ((.values | join(" ")) | fish_quoted)
	elif kind == "none" then ""
	elif kind == "folder" then " -x -a '(__fish_complete_directories)'"
	elif kind == "file" then " -r -F"
	else " -x" end;

def option_lines($command; $when):
	"complete -c \($command)\($when)" +
	(if .letter then " -s \(.letter)" else "" end) + " -l \(.name)" +
	(if takes then arguments else "" end) + " -d \(.help | fish_quoted)";

def operand_lines($command; $when):
	if operand_kind == "file" or operand_kind == "command" then empty
	elif operand_kind == "sync" then "complete -c \($command)\($when) -f -a \"(__rudder_syncs) (__fish_complete_suffix .yaml)\""
	else "complete -c \($command)\($when) -f" end;

def lines:
	. as $page |
	if is_filter then operand_lines(.name; ""), (options[] | option_lines($page.name; ""))
	elif .operand_values then
		"complete -c rudder -f -n __fish_use_subcommand",
		(options[] | option_lines("rudder"; " -n __fish_use_subcommand"))
	else
		(.name | sub("rudder "; "")) as $word |
		"complete -c rudder -n __fish_use_subcommand -a \($word) -d \(.summary | fish_quoted)",
		operand_lines("rudder"; " -n '__fish_seen_subcommand_from \($word)'"),
		(options[] | option_lines("rudder"; " -n '__fish_seen_subcommand_from \($word)'"))
	end;

"# Completion of fish for rudder, made from --help=json of its commands.",
(if $command == "rudder" then "
# Syncs by name.
function __rudder_syncs
	for file in syncs/*.yaml syncs/*.yml
		string replace -r '^syncs/(.*)\\.ya?ml$' '$1' -- $file
	end
end
" else empty end),
(.[] | select((.name | split(" ")[0]) == $command) | lines)
