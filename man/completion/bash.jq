# bash.jq - the completion of bash, as a program of it
include "lib";

def option_rows:
	.name as $name |
	options[] | select(takes) |
	"\t" + (forms | map("\($name) \(.)" | quoted) | join("|")) + ") echo " +
	(if kind == "words" then "words " + (.values | join(" ")) else kind end | quoted) + " ;;";

def row:
	"\t" + (.name | quoted) + ") echo " +
	([options[] | forms[]] | join(" ") | quoted) + " ;;";

def operand_row:
	"\t" + (.name | quoted) + ") echo " +
	(if operand_kind == "words" then "words " + (.operand_values | join(" ")) else operand_kind end | quoted) + " ;;";

"# Completion of bash for rudder, made from --help=json of its commands.

# All options of a command.
_rudder_options() {
	case $1 in
\(map(row) | join("\n"))
	esac
}

# What stands behind an option, or instead of one: words and what they are, file,
# folder, sync, command, text or none.
_rudder_argument() {
	case \"$1 $2\" in
\([.[] | option_rows] | join("\n"))
	esac
}
_rudder_operand() {
	case $1 in
\(map(operand_row) | join("\n"))
	esac
}"
