#!/bin/sh
# completion of shells, as `make install` has it: lines are typed, with tabs
. "$TOP/tests/tool/lib.sh"
command -v jq >/dev/null || skip 'no jq'
command -v script >/dev/null || skip 'no script(1)'
"$TOP/man/completion/make.sh" "$(dirname "$(command -v rudder)")" made || fail "completion/make.sh"
"$TOP/man/completion/install.sh" made share || fail "completion/install.sh"
bash=$PWD/share/bash-completion/completions
for command in rudder rudder-query rudder-diff rudder-map rudder-send; do
	{ [ -s "$bash/$command" ] && [ -s "share/fish/vendor_completions.d/$command.fish" ]; } || fail "not installed: $command"
done
if command -v shellcheck >/dev/null; then
	shellcheck -s bash -e SC2034,SC2154 made/rudder.bash >said || fail "$(cat said)"
fi
mkdir -p state/users syncs home
touch users.csv syncs/users.yaml syncs/orders.yml map.json

# typed RC KEYS: the line that the shell has after these keys. It is what echo
# shows of it, since Ctrl-A puts "echo ::" before it.
typed() {
	rm -f keys screen
	mkfifo keys
	TERM=dumb HOME=$PWD/home ZDOTDIR=$PWD/home script -qc "$1" /dev/null <keys >screen 2>&1 &
	pid=$!
	exec 3>keys
	eventually "$1" grep -q 'ready>' screen
	printf '%b\001echo ::\005\nexit\n' "$2" >&3
	exec 3>&-
	wait $pid || :
	tr -d '\r' <screen | sed -n 's/^::\(.*[^ ]\) *$/\1/p' | tail -n 1
}
check() { # SHELL KEYS WANTED
	is "$3" "$(typed "$1" "$2")" "$1: $2"
}

cat >home/.bashrc <<EOT
PS1='ready>'
. $bash/rudder
EOT
run='bash --noprofile --rcfile home/.bashrc -i'
check "$run" 'rudder-diff --mo\t mir\t' 'rudder-diff --mode mirror'
check "$run" 'rudder-diff --mode=mir\t' 'rudder-diff --mode=mirror'
check "$run" 'rudder-query -d cs\tus\t' 'rudder-query -d csv:users.csv'
check "$run" 'rudder-send --dest=web\t' 'rudder-send --dest=webhook:'
check "$run" 'rudder-map -t ide\t -m map\t' 'rudder-map -t identify -m map.json'
check "$run" 'rudder-diff -s st\tus\t' 'rudder-diff -s state/users/'
check "$run" 'rudder te\t--sp\t' 'rudder tee --spill'
check "$run" 'rudder-map --help=j\t' 'rudder-map --help=json'
check "$run" 'rudder run sy\tus\t' 'rudder run syncs/users.yaml'
check "$run" 'rudder run use\t' 'rudder run users'
check "$run" 'rudder status sy\tus\t' 'rudder status syncs/users.yaml'
check "$run" 'rudder status --for\t pro\t' 'rudder status --format prometheus'

if command -v fish >/dev/null; then
	offered() { # COMMAND LINE
		HOME=$PWD/home fish --no-config -c "source share/fish/vendor_completions.d/$1.fish; complete -C '$2'" 2>/dev/null | cut -f 1
	}
	is --mode "$(offered rudder-diff 'rudder-diff --mo')" 'fish: an option'
	is mirror "$(offered rudder-diff 'rudder-diff --mode mir')" 'fish: a word'
	is csv: "$(offered rudder-query 'rudder-query -d cs')" 'fish: a source'
	is tee "$(offered rudder 'rudder te')" 'fish: a command'
	is --spill "$(offered rudder 'rudder tee --sp')" 'fish: an option of a command'
	is syncs/users.yaml "$(offered rudder 'rudder status syncs/us')" 'fish: a sync file'
	is 'orders users' "$(offered rudder 'rudder run ' | grep -E '^(orders|users)$' | sort | paste -sd' ' -)" 'fish: syncs by name'
	is users "$(offered rudder 'rudder log us' | grep -v csv)" 'fish: a sync by name'
	is '' "$(cd home && HOME=$PWD fish --no-config -c "source ../share/fish/vendor_completions.d/rudder.fish; complete -C 'rudder run us'" 2>&1)" 'fish: no folder syncs'
else
	echo 'skipped: fish is not installed' >&2
fi

if command -v zsh >/dev/null; then
	cat >home/.zshrc <<EOT
fpath=($PWD/share/zsh/site-functions \$fpath)
autoload -Uz compinit
compinit -D -u
PS1='ready>'
EOT
	check 'zsh -i' 'rudder-diff --mod\t mir\t' 'rudder-diff --mode mirror'
	check 'zsh -i' 'rudder-query -d cs\tus\t' 'rudder-query -d csv:users.csv'
	check 'zsh -i' 'rudder-send --dest=web\t' 'rudder-send --dest=webhook:'
	check 'zsh -i' 'rudder t\t--sp\t' 'rudder tee --spill'
	check 'zsh -i' 'rudder status sy\tus\t' 'rudder status syncs/users.yaml'
	check 'zsh -i' 'rudder run or\t' 'rudder run orders'
	check 'zsh -i' 'rudder log --failing or\t' 'rudder log --failing orders'
	check 'cd home; zsh -i' 'rudder run or\t' 'rudder run or'
else
	echo 'skipped: zsh is not installed' >&2
fi
