#!/bin/sh
# make.sh - completion of shells, made from what the commands say of themselves
#
#   make.sh BIN TO    from the commands in the folder BIN, to files in TO:
#                     rudder.bash, _rudder and one .fish file for each command
set -eu
bin=$1 to=$2
here=$(dirname "$0")
mkdir -p "$to"
pages() {
	for filter in query diff map send; do
		"$bin/rudder-$filter" --help=json
	done
	"$bin/rudder" --help=json
	"$bin/rudder" --help=json | jq -r '.operand_values[]' | while read -r command; do
		"$bin/rudder" "$command" --help=json
	done
}
pages >"$to/pages"
make() { # PROGRAM: the text that it makes of the pages
	program=$1
	shift
	jq -L "$here" -sr "$@" -f "$here/$program.jq" "$to/pages"
}
{ make bash && cat "$here/functions.bash"; } >"$to/rudder.bash"
make zsh >"$to/_rudder"
for command in rudder rudder-query rudder-diff rudder-map rudder-send; do
	make fish --arg command "$command" >"$to/$command.fish"
done
rm "$to/pages"
