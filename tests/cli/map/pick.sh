# pick.sh - --pick: a person at a terminal, played by script(1)
. "$TOP/tests/tool/lib.sh"
command -v script >/dev/null || skip 'no script(1)'
script -qec true /dev/null </dev/null >/dev/null 2>&1 || skip 'no terminals here'
echo '{"id":7,"email":"a@b.c","addr_city":"Oslo","addr_zip":"0150","plan":"pro","a,b":1}' >row
enter=$(printf '\r') escape=$(printf '\033')

# keys KEYS ... -- OPTIONS: rudder-map --pick with these keys, each once the
# screen shows what the one before did; its output in m.json, its status in status,
# the terminal before and after it in before and after
keys() {
	rm -f m.json status
	: >typed
	while [ "$1" != -- ]; do
		printf '%s\n' "$1" >>typed
		shift
	done
	shift
	echo "stty rows 12 cols 80; stty -g >before; rudder-map $* --pick <row >m.json 2>err; echo \$? >status; stty -g >after" >run.sh
	{
		wait_for raw
		while read -r key; do
			wc -c <log >shown
			printf '%s' "$key" | sed "s/ENTER/$enter/g; s/ESC/$escape/g; s/_/ /g" | tr -d '\n'
			wait_for more 25 # half a second, where nothing changes
		done <typed
		wait_for status
	} | script -qefc 'sh run.sh' log >/dev/null || :
	cmp -s before after || fail "the terminal is not as it was after: $(cat typed)"
}
# until the screen is drawn (raw) or drawn again (more: and no more comes), or the
# command has ended (status)
wait_for() {
	last=''
	for _ in $(seq "${2:-1500}"); do
		case $1 in
		raw) grep -q 'q quit' log 2>/dev/null && return ;;
		more)
			now=$(wc -c <log)
			[ "$now" = "$(cat shown)" ] || [ "$now" != "$last" ] || return 0
			last=$now
			;;
		*) [ -s status ] && return ;;
		esac
		sleep 0.02
	done
}
picked() { # $1: wanted columns as JSON, $2: what
	is 0 "$(cat status)" "$2: status ($(cat err))"
	is "$1" "$(jq -c .columns m.json)" "$2"
}

# all is taken but the user id, until it is not
rm -f log; keys ENTER -- -t identify -u id
picked '["*"]' 'nothing changed'
is '"id"' "$(jq .user_id m.json)" 'user id'
rm -f log; keys j _ jj _ ENTER -- -t identify -u id
picked '["addr_city","plan",{"from":"a,b"}]' 'two left out'
grep -q 'columns: 3 of 6 selected' log || fail "the number of columns: $(cat -v log)"

# arrows, a search, none and all of what it shows
rm -f log; keys n / addr ENTER a "ESC[B" _ ENTER -- -t track -u id -e Seen
picked '["addr_city"]' 'a search'
is '"track"' "$(jq .type m.json)" 'the other settings'

# all ways to move; a key without a meaning does nothing
rm -f log; keys "ESC[F" "ESC[A" k _ "ESC[6~" "ESC[5~" "ESC[1~" j _ x "ESC[9~" ENTER -- -t identify -u id
picked '["addr_city","plan",{"from":"a,b"}]' 'by arrows and pages'
# odd bytes, and keys of another mode; calls that are interrupted
rm -f log
LACK='rudder-map read:1:EINTR:/dev/tty poll:2:EINTR read:4:EINTR:/dev/tty' LD_PRELOAD=$B/tool/lack.so \
	ASAN_OPTIONS=${ASAN_OPTIONS:-}:verify_asan_link_order=0 \
	keys "$(printf '\001\200')ESCxESCOZESC[99999999999999A$(printf '\303')" x ESCOB _ ENTER -- -t identify -u id
picked '["addr_city","addr_zip","plan",{"from":"a,b"}]' 'odd bytes'
rm -f log; keys n / "李🚀" "$(printf '\177\177')" zip ENTER a ENTER -- -t identify -u id
picked '["addr_zip"]' 'letters of three and four bytes, taken back'
# what is typed is taken back by characters, and a search given up
rm -f log; keys n / addré "$(printf '\177')" ENTER a ENTER -- -t identify -u id
picked '["addr_city","addr_zip"]' 'a corrected search'
rm -f log; keys n / addr ENTER ESC a ENTER -- -t identify -u id
picked '["*"]' 'a search that is given up'
# what the settings leave out is not taken, nor is it for good
rm -f log; keys ENTER -- -t identify -u id -c "'*,!plan'"
picked '["email","addr_city","addr_zip",{"from":"a,b"}]' 'left out by the settings'

# a target; a wrong one is reported and not taken
rm -f log; keys "ESC[B" e profile.mail ENTER j e x..y ENTER ENTER -- -t identify -u id
picked '[{"from":"email","to":"profile.mail"},"addr_city","addr_zip","plan",{"from":"a,b"}]' 'a target'
grep -q 'is not a path' log || fail 'a wrong target is not reported'

# a target that is there is changed; the user id is neither taken nor renamed
rm -f log; keys "_eESC[Bem.aENTER" "e.bENTER" ENTER -- -t identify -u id
picked '[{"from":"email","to":"m.a.b"},"addr_city","addr_zip","plan",{"from":"a,b"}]' 'a changed target'
# a search that finds nothing has nothing to take, name or use
rm -f log; keys "/zzzENTER" "_aneujkG" "ESC" ENTER -- -t identify -u id
picked '["*"]' 'a search without a result'
grep -q "0 with 'zzz'" log || fail 'a search without a result does not show that'

# more columns than lines: the screen follows, a page at a time and back
mv row few
jq -nc '{id: 7} + ([range(1; 41) | {key: "c\(.)", value: .}] | from_entries)' >row
rm -f log; keys "nESC[6~" "ESC[6~ESC[6~_" "ESC[5~_" "ESC[F_" "ESC[1~j_" ENTER -- -t identify -u id
mv few row
is 4 "$(jq '.columns | length' m.json)" "columns on four pages: $(jq -c .columns m.json)"
is '"c1" "c40"' "$(jq -r '.columns | "\(first | tojson) \(last | tojson)"' m.json)" 'the first and the last'
page=$(jq '.columns[2][1:] as $third | .columns[1][1:] as $second | ($third | tonumber) - ($second | tonumber)' m.json)
is "$((3 * page))" "$(jq -r '.columns[2][1:]' m.json)" 'three pages down'
for c in c1 "c$((2 * page))" "c$((3 * page))" c40; do
	grep -q "$c " log || fail "$c was not seen"
done

# no user: use these are can be picked too
rm -f log; keys ENTER u ENTER --
picked '["*"]' 'a picked user id'
is '"id"' "$(jq .user_id m.json)" 'picked user id'
grep -q 'no user: use' log || fail 'no word on the missing user id'

# a mapping file is where to start
cat >old.json <<'X'
{"type": "identify", "user_id": "id", "columns": ["addr_*", {"from": "email", "to": "mail"}], "constants": {"v": 1}}
X
rm -f log; keys G jjjj _ ENTER -- -m old.json
picked '[{"from":"email","to":"mail"},"addr_city","addr_zip","plan"]' 'from a file'
is '{"v":1}' "$(jq -c .constants m.json)" 'its constants'
rudder-map -m m.json --trust-eof <row >/dev/null || fail 'what is printed is no mapping'

# names, values and targets with characters that are not seen, or that turn the
# text around, are shown with a ? for each
mv row plain
printf '{"id":7,"a\342\200\256b":"x\342\200\213y","c":1}\n' >row
rm -f log; keys "ESC[B" e ENTER / "$(printf '\342\200\256')" ESC ENTER -- -t identify -u id
for hidden in "$(printf '\342\200\256')" "$(printf '\342\200\213')"; do
	! sed 1d log | grep -q "$hidden" || fail 'a hidden character goes to the terminal'
done
grep -q 'target of a?b' log || fail 'no ? for a hidden character of a name'
grep -q 'x?y' log || fail 'no ? for a hidden character of a value'
mv plain row

# no row: the columns are those of the begin line
mv row plain
printf '{"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","columns":[{"name":"id","type":"int"},{"name":"mail","type":"string"},{"x":1}]}}\n{"_rudder":{"type":"end","stream":"rows","rows":0}}\n' >row
rm -f log; keys j _ ENTER -- -t identify -u id
is 0 "$(cat status)" "columns of a begin line: $(cat err)"
is '["!*"]' "$(jq -c .columns m.json)" 'columns of a begin line'
mv plain row

# each column that is more than a value says what it is
echo '[{"type": "identify", "user_id": "id"}, {"type": "identify", "user_id": "id"}]' >two.json
rm -f log; keys q -- -t alias -u id --anonymous-id email --previous-id plan
for use in 'user id' 'anonymous id' 'previous id'; do
	grep -q "$use" log || fail "not shown: $use"
done
rm -f log; keys q -- -t group -u id --group-id plan
grep -q 'group id' log || fail 'not shown: group id'
rm -f log; keys q -- -t record --identifier email
grep -q 'identifier' log || fail 'not shown: identifier'
status 64 rudder-map -m two.json --pick <row
says '--pick supports only one mapping'
# another user id: the one before is a value again
rm -f log; keys j u ENTER -- -t identify -u id
is '"email"' "$(jq .user_id m.json)" 'another user id'

# given up: nothing is written
for key in q ESC "$(printf '\004')"; do
	rm -f log; keys $key -- -t identify -u id
	is 75 "$(cat status)" "status after $key"
	[ ! -s m.json ] || fail "$key writes"
done

# every signal sets the terminal back
for sig in TERM INT HUP QUIT; do
	echo 'stty -g >before; sh -c "echo \$\$ >pid; exec rudder-map -t identify -u id --pick <row >m.json"; echo $? >status; stty -g >after' >run.sh
	rm -f log status
	{
		wait_for raw
		kill -$sig "$(cat pid)"
		wait_for status
	} | script -qefc 'sh run.sh' log >/dev/null || :
	cmp -s before after || fail "the terminal is not as it was after $sig"
	[ "$(cat status)" -gt 128 ] || fail "status $(cat status) after $sig"
	# the other screen is left, the cursor shown
	grep -q "$escape\\[?25h$escape\\[?1049l" log || fail "the screen after $sig"
done

# stopped by the shell and gone on with, all is as it was; so it is when the
# stop came by a signal that cannot be seen coming
cat >run.sh <<'X'
PS1='$ '
X
echo 'echo $$ >pid; exec rudder-map -t identify -u id --pick <row >m.json' >job
for stop in key signal; do
	rm -f log status m.json mid late
	{
		printf 'sh job\r'
		wait_for raw
		printf 'j '
		sleep 0.2
		if [ $stop = key ]; then
			printf '\032'
		else
			kill -STOP "$(cat pid)"
		fi
		sleep 0.3
		printf 'stty sane; stty -a >mid; fg\r'
		sleep 0.5
		stty -a <"$(cat tty)" >late
		printf '\r'
		sleep 0.3
		printf 'echo $? >status; exit\r'
		wait_for status
	} | script -qefc "bash -c 'tty >tty; exec bash --noprofile --rcfile run.sh -i'" log >/dev/null || :
	grep -q ' icanon' mid || fail "$stop: the shell's terminal is not set back"
	grep -q ' -icanon' late || fail "$stop: the terminal is not taken again"
	is 0 "$(cat status)" "$stop: status"
	is '["addr_city","addr_zip","plan",{"from":"a,b"}]' "$(jq -c .columns m.json)" "$stop: what was picked"
done

# where no shell could let it go on, it does not stop
rm -f log status
echo 'sh job; echo $? >status' >run.sh
{
	wait_for raw
	kill -TSTP "$(cat pid)"
	sleep 0.2
	printf '\r'
	wait_for status
} | timeout 100 script -qefc 'sh run.sh' log >/dev/null || :
is 0 "$(cat status)" 'status after a stop that nobody can end'

# a screen that gets smaller: no line is wider, whatever the letters
echo '{"id":7,"name":"\u6f22\u5b57\ud83d\ude80","wide":"漢字🚀漢字🚀漢字🚀"}' >wide
echo 'stty rows 12 cols 80; sh -c "echo \$\$ >pid; exec rudder-map -t identify -u id --pick <wide >m.json"; echo $? >status' >run.sh
rm -f log status
{
	wait_for raw
	printf 'jj'
	sleep 0.2
	stty rows 8 cols 30 <"$(readlink /proc/"$(cat pid)"/fd/2)"
	sleep 0.3
	printf 'q'
	wait_for status
} | script -qefc 'sh run.sh' log >/dev/null || :
# the last screen: from the last home on
last=$(tr -d '\r' <log | awk 'BEGIN {RS = "\033\\[H"} {s = $0} END {print s}' | sed 's/\x1b\[[0-9;?]*[a-zA-Z]//g')
echo "$last" | grep -q '"漢字…' || fail "a narrow screen: $last"
echo "$last" | grep -q '🚀' && fail "a narrow screen is too wide: $last"

# without a terminal, without rows
status 66 setsid rudder-map -t identify -u id --pick <row
says 'no terminal'
status 65 rudder-map -t identify -u id --pick </dev/null
says 'nothing to pick from'
status 64 rudder-map -u id -t identify -j . --pick <row
says 'there are no columns to pick'
