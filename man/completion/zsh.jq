# zsh.jq - the completion of zsh, as a program of it
include "lib";

def escaped: gsub("(?<c>[][:\\\\])"; "\\\(.c)");

# What completes an argument, as an action of _arguments.
def action($kind; $values):
	if $kind == "words" and ($values | any(test(":$"))) then "_rudder_urls \($values | map(sub(":$"; "")) | join(" "))"
	elif $kind == "words" then "(\($values | join(" ")))"
	elif $kind == "folder" then "_files -/"
	elif $kind == "sync" then "_rudder_syncs"
	elif $kind == "file" then "_files"
	else " " end;

def spec($form; $sign):
	. as $o | (if .repeat then "*" else "" end) +
	(if .repeat then "" elif ($o | forms | length) > 1 then "(\($o | forms | join(" ")))" else "" end) +
	$form + (if takes then $sign else "" end) + "[\(.help | escaped)]" +
	(if takes then (if .optional then "::" else ":" end) + (.argument | gsub("[][<>]"; "") | escaped) + ":" + action(kind; .values) else "" end);

def specs:
	options[] | . as $o |
	(if .letter then spec("-" + .letter; "+") | quoted else empty end),
	(spec("--" + .name; "=") | quoted);

def operand:
	if operand_kind == "command" then "'*::command: _normal'"
	elif operand_kind == "none" then empty
	else "*:\(.operand | gsub("[<>]"; "")):" + action(operand_kind; .operand_values) | quoted end;

def command_function:
	"_\(function_name)() {
	_arguments -s -S : \\
\([specs, operand] | map("\t\t" + .) | join(" \\\n"))
}";

"#compdef rudder rudder-query rudder-diff rudder-map rudder-send
# Completion of zsh for rudder, made from --help=json of its commands.

# The kinds of a source or destination, each with its colon; behind csv: a file.
_rudder_urls() {
	if compset -P '*:'; then
		_files
	else
		compadd -S : -- \"$@\"
	fi
}

# Syncs by name, and sync files.
_rudder_syncs() {
	local -a names=(syncs/*.(yaml|yml)(N:t:r))
	_alternative 'syncs:sync:compadd -a names' \\
		'files:sync file:_files -g \"*.(yaml|yml|json)\"'
}

\(map(select(is_filter or (.name | test(" "))) | command_function) | join("\n"))
_rudder_commands() {
	local -a commands=(\(map(select(.name | test(" "))) | map("\(.name | sub("rudder "; "")):\(.summary | escaped)" | quoted) | join(" ")))
	_describe command commands
}
_rudder_any() {
	if (( CURRENT == 2 )); then
		_alternative 'commands:command:_rudder_commands' \\
			'options:option:(--help --version)'
		return
	fi
	local name=_rudder_${words[2]//-/_}
	shift words
	(( CURRENT-- ))
	(( $+functions[$name] )) && $name
}
case $service in
rudder-*) _${service//-/_} ;;
*) _rudder_any ;;
esac"
