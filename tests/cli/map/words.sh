# words.sh - texts of options that are empty, no UTF-8, quoted or with blanks
. "$TOP/tests/tool/lib.sh"
printf '{"id":1,"a b":"x","v":null}\n' >in
# refused WORDS OPTION ...
refused() {
	words=$1
	shift
	status 78 rudder-map -t identify -u id --trust-eof "$@" <in >out
	says "$words"
	! grep -q userId out || fail "an event although: $words"
}
ff=$(printf '\377')
refused 'a default is not UTF-8' --default "v=$ff"
refused 'the job id is not UTF-8' --job-id "j$ff"
refused 'the event name is not UTF-8' -t track -e "e$ff"
: >key
chmod 600 key
refused "mask key 'key' is empty" --mask-key-file key --mask 'v=hmac'
printf '\r\n\n' >key
refused "mask key 'key' is empty" --mask-key-file key --mask 'v=hmac'
refused 'a column without a name' -c 'id,,v'
refused 'invalid quoted name' -c '"a.b"."c"'
refused "'" -c '"a'
# blanks around names, and names in quotes
status 0 rudder-map -t identify -u id --trust-eof -c ' "a b" = t , v ' <in >out
is '{"t":"x","v":null}' "$(jq -c 'select(.type) | .traits' out)" 'names with blanks'
