# shellcheck shell=bash disable=SC2034,SC2154

# Fills COMPREPLY with what begins with $cur, of the kind that the other words say.
_rudder_fill() {
	local kind=${1%% *} words=${1#* } rest
	case $kind in
	words)
		mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
		[[ $words != *:* ]] || compopt -o nospace
		if [[ $cur == *:* ]]; then # csv:FILE
			rest=${cur#*:}
			mapfile -t COMPREPLY < <(compgen -f -P "${cur%%:*}:" -- "$rest")
			compopt -o filenames
		fi
		;;
	file | command) mapfile -t COMPREPLY < <(compgen -f -- "$cur") ;;
	folder) mapfile -t COMPREPLY < <(compgen -d -- "$cur") ;;
	sync)
		mapfile -t COMPREPLY < <(compgen -d -- "$cur"
			compgen -f -X '!*.@(yaml|yml|json)' -- "$cur"
			for rest in syncs/*.yaml syncs/*.yml; do
				rest=${rest#syncs/}
				[[ $rest == "*"* ]] || compgen -W "${rest%.*}" -- "$cur"
			done)
		;;
	esac
	case $kind in file | folder | sync | command) compopt -o filenames ;; esac
}

# The words of the line are taken apart by blanks alone: readline would end them
# at each colon and equals sign.
_rudder() {
	local line=${COMP_LINE:0:COMP_POINT} words cur prev name option i kept extglob
	COMPREPLY=()
	extglob=$(shopt -p extglob)
	shopt -s extglob
	read -ra words <<<"$line"
	[[ $line != *[[:blank:]] ]] || words+=('')
	cur=${words[-1]} prev=${words[-2]-} name=${words[0]##*/}
	if [[ $name == rudder && ${#words[@]} -gt 2 && ${words[1]} != -* ]]; then
		name="rudder ${words[1]}"
	fi
	for ((i = 1; i < ${#words[@]} - 1; i++)); do
		if [[ ${words[i]} == -- ]]; then
			_rudder_fill file
			$extglob
			return
		fi
	done
	if [[ $cur == --*=* ]]; then
		option=${cur%%=*} cur=${cur#*=}
		[[ $option != --help ]] || _rudder_fill 'words json'
		[[ $option == --help ]] || _rudder_fill "$(_rudder_argument "$name" "$option")"
		kept=$option=
	elif [[ $cur == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$(_rudder_options "$name")" -- "$cur")
	elif [[ $prev == -* && $(_rudder_argument "$name" "$prev") ]]; then
		_rudder_fill "$(_rudder_argument "$name" "$prev")"
	else
		_rudder_fill "$(_rudder_operand "$name")"
	fi
	$extglob
	_rudder_cut "${kept-}"
}

# What readline replaces begins behind the last colon or equals sign, where they
# end a word.
_rudder_cut() {
	local begin='' i
	cur=$1$cur
	[[ $COMP_WORDBREAKS != *:* || $cur != *:* ]] || begin=${cur%"${cur##*:}"}
	[[ $COMP_WORDBREAKS != *=* || $cur != *=* || ${begin-} ]] || begin=${cur%"${cur##*=}"}
	for i in "${!COMPREPLY[@]}"; do
		COMPREPLY[i]=$1${COMPREPLY[i]}
		COMPREPLY[i]=${COMPREPLY[i]#"$begin"}
	done
}

complete -F _rudder rudder rudder-query rudder-diff rudder-map rudder-send
