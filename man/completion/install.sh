#!/bin/sh
# install.sh - puts the files of make.sh where the shells look for them
#
#   install.sh FROM SHARE    SHARE is /usr/share or /usr/local/share
set -eu
from=$1 share=$2
bash=$share/bash-completion/completions zsh=$share/zsh/site-functions fish=$share/fish/vendor_completions.d
install -d "$bash" "$zsh" "$fish"
# each command is looked for by its own name
for command in rudder rudder-query rudder-diff rudder-map rudder-send; do
	install -m 644 "$from/rudder.bash" "$bash/$command"
	install -m 644 "$from/$command.fish" "$fish"
done
install -m 644 "$from/_rudder" "$zsh"
