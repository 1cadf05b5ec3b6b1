# lib.jq - what the completions of all shells have in common. Each input is what
# a command prints for --help=json.

# What an argument is: the words that it takes, files, folders, sync files or
# any text.
def argument_kind($argument; $values):
	if $values then "words"
	elif $argument == null then "none"
	elif $argument | test("<sync") then "sync"
	elif $argument | test("<folder>|<state>") then "folder"
	elif $argument | test("<(file|path|manifest|rows|receipts|plan|old|new|config)>|FILE") then "file"
	elif $argument == "<command>" then "command"
	else "text" end;
def kind: argument_kind(.argument; .values);
def operand_kind: argument_kind(.operand; .operand_values);

# "rudder-diff" for the name of a command, "rudder_tee" for that of "rudder tee".
def is_filter: .name | test("^rudder-");
def function_name: .name | gsub("[^a-z]"; "_");

# The ways to write an option: "-k", "--key".
def forms: (if .letter then ["-" + .letter] else [] end) + ["--" + .name];

# An option that takes a word behind it.
def takes: .kind != "flag";

# The option --log of all commands and that of rudder-diff have one name.
def options: [.options | group_by(.name)[] | .[0] + (map(.values // []) | add | if length > 0 then {values: .} else {} end)];

def quoted: "'" + gsub("'"; "'\\''") + "'";
