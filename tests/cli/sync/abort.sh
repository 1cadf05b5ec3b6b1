# abort.sh - the status of the last command of the five, when any of them fails
# or is stopped, in a plain shell: a table, with the error lines of all of them
. "$TOP/tests/tool/fake.sh"
. "$TOP/tests/tool/lib.sh"

sqlite3 shop.db "CREATE TABLE users(id INTEGER PRIMARY KEY, email TEXT);
	INSERT INTO users VALUES (1, 'a@example.com'), (2, 'b@example.com');" 2>/dev/null ||
	printf 'id,email\n1,a@example.com\n2,b@example.com\n' >users.csv
echo 'type: [' >bad.yaml
rudder_send() { # $1: destination
	rudder-send -d "$1" --retry-wait 5ms --retry-max-wait 10ms --retry-max-time 100ms
}

# the pipe: each stage by its variable, $between behind the stage $after and all
# that follow
join() { if [ "$1" -ge "$after" ]; then eval "$between"; else cat; fi; }
five() {
	eval "$query" | join 1 | eval "$diff" | join 2 | eval "$map" | join 3 |
		eval "$send" | join 4 | rudder-diff --commit -s st
}
defaults() {
	query='rudder-query -d csv:users.csv'
	[ -e users.csv ] || query='rudder-query -d sqlite:shop.db -t users'
	diff='rudder-diff -k id -s st'
	map='rudder-map -t identify -u id'
	send="rudder_send rudder:$URL"
	RUDDER_WRITE_KEY=test-key
}

# row WHAT STAGE STATUS: the pipe must end so, with one line on standard error
row() {
	for between in cat 'jq -c .' 'tee copy' sort; do
		after=1
		[ "$between" != sort ] || after=$2
		rm -rf st
		[ -z "${prepare:-}" ] || eval "$prepare"
		status "$3" five
		lines=$(grep -c '' err || :)
		printf '%-18s %-8s %s  %s\n' "$1" "${between%% *}" "$got" "$(cat err)"
		[ "$lines" = 1 ] || fail "$1, $between: $lines lines: $(cat err)"
	done
	defaults
}

printf 'test-key' >key
serve -k key
defaults
after=9 between=cat
status 0 five
query='rudder-query -d postgres://u@127.0.0.1:1/x -t users --timeout 5s'
row 'source down' 1 69
query='rudder-query -d sqlite:shop.db -e "SELECT nonsense FROM users"'
[ -e shop.db ] && [ ! -e users.csv ] && row 'bad SQL' 1 78
defaults

mkfifo rows
hold='' other=''
prepare='sleep 60 >rows & hold=$!
	rudder-diff -k id -s st <rows >held.out 2>held.err & other=$!
	eventually "the other run" [ -s st/lock ]'
release() {
	kill $hold
	wait $other || :
}
for between in cat 'jq -c .' 'tee copy' sort; do
	after=1
	[ "$between" != sort ] || after=2
	rm -rf st
	eval "$prepare"
	status 75 five
	is 1 "$(grep -c '' err)" "lines of a locked state: $(cat err)"
	printf '%-18s %-8s %s  %s\n' 'state locked' "${between%% *}" "$got" "$(cat err)"
	release
done
prepare=

map='rudder-map -m bad.yaml'
row 'bad mapping' 3 78
RUDDER_WRITE_KEY=wrong
row 'wrong key' 4 77
halt || :
row 'destination down' 4 69

# stopped: TERM by a signal that is handled, KILL by one that nobody can handle
waiting() {
	sh -c 'echo $$ >pid.1; exec rudder-query -d csv:-' <rows |
		sh -c 'echo $$ >pid.2; exec rudder-diff -k id -s st' |
		sh -c 'echo $$ >pid.3; exec rudder-map -t identify -u id' |
		sh -c 'echo $$ >pid.4; exec rudder-send -d file:events' |
		sh -c 'echo $$ >pid.5; exec rudder-diff --commit -s st'
}
# stopped SIGNAL STAGE STATUS LINES
stopped() {
	rm -rf st events pid.?
	waiting 2>err &
	all=$!
	exec 9>rows
	printf 'id,email\n1,a@example.com\n' >&9
	eventually 'the first event' [ -s events ]
	eventually 'its receipt' [ -s st/receipts ]
	kill -s "$1" "$(cat "pid.$2")"
	[ "$1-$2" = KILL-5 ] || [ "$1-$2" = TERM-5 ] || eventually 'the end' gone "pid.$2"
	exec 9>&-
	got=0
	wait $all || got=$?
	printf 'SIG%-15s %-8s %s  %s\n' "$1" "stage $2" "$got" "$(grep ^rudder- err || :)"
	[ "$got" = "$3" ] || fail "SIG$1 of stage $2: status $got, wanted $3: $(cat err)"
	# the shell itself may name the signal too
	[ "$(grep -c '^rudder-' err || :)" = "$4" ] || fail "SIG$1 of stage $2: wanted $4 lines: $(cat err)"
}
gone() { ! kill -0 "$(cat "$1")"; }
for stage in 1 2 3 4; do
	stopped TERM $stage 75 1
	stopped KILL $stage 65 1
done
stopped TERM 5 0 0

# a stage that fails before it writes its begin line: one record of the run, with
# its id
rm -rf st
printf 'id,email\n1,a@example.com\n' >u.csv
rc=0
rudder-query -d csv:u.csv | rudder-diff -k id -s st --mode mirror | tee changes |
	rudder-map -t record --identifier email 2>err | rudder-send -d null: | rudder-diff --commit -s st || rc=$?
is 78 $rc 'map refuses: status'
is "$(head -n 1 changes | jq -r ._rudder.run) 78 map" "$(rudder-diff --runs -s st | jq -r '"\(.run) \(.status) \(.stage)"')" 'map refuses: the record'

# a stage that fails before it reads the begin line, or is not found: one record,
# with the id of the run and the reason
echo '{"id":1}' >one
runs() { rudder-diff --runs -s early | jq -r '"\(.run | length) \(.stage) \(.status) \(.reason)"'; }
for stage in 'rudder-send -q -d file:nodir/x' 'rudder-map -m nofile' 'no-such-program'; do
	rm -rf early
	# shellcheck disable=SC2086 # words
	rows <one | rudder-diff -q -k id -s early | { $stage || :; } 2>/dev/null | rudder-diff -q --commit -s early 2>/dev/null || :
	runs >>got
done
cat >wanted <<'EOF'
20 send 73 cannot open 'nodir/x': No such file or directory; run mkdir -p 'nodir'
20 map 66 cannot open 'nofile': No such file or directory
20 commit 65 input ended without its end line after 0 lines: the command that writes it was killed or failed
EOF
diff wanted got || fail 'the records of stages that fail early'

# one whose rudder-diff has the lock, and writes its id a moment later
rows <one | rudder-diff -q -k id -s early/late >/dev/null
cp early/late/lock lock
head -n 1 lock >early/late/lock
: | status 65 rudder-diff -q --commit -s early/late &
late=$!
sleep 0.3
tail -n +2 lock >>early/late/lock
wait $late
is '20 commit' "$(rudder-diff --runs -s early/late | jq -r '"\(.run | length) \(.stage)"')" 'the id that came later'

# where the id of the run is given, as rudder run does, it alone counts
rm -rf early
a=dc6b000000000000000a b=dc6b000000000000000b
rudder-query -d csv:u.csv | RUDDER_RUN_ID=$a rudder-diff -q -k id -s early >/dev/null
{ rudder-map -m nofile 2>/dev/null || :; } | RUDDER_RUN_ID=$b rudder-diff -q --commit -s early 2>/dev/null || :
is "$b map" "$(rudder-diff --runs -s early | jq -r 'select(.status == 66) | "\(.run) \(.stage)"')" 'a run that never came has its own id'
{ rudder-map -m nofile 2>/dev/null || :; } | RUDDER_RUN_ID=$a rudder-diff -q --commit -s early 2>/dev/null || :
is "$a map" "$(rudder-diff --runs -s early | tail -n 1 | jq -r '"\(.run) \(.stage)"')" 'the run with that id'
mkdir syncs
printf 'version: 1\nsource: "csv:u.csv"\nkey: id\nmapping: nofile\nstate: ran\ndestination: "null:"\n' >syncs/u.yaml
status 66 rudder run u
is "1 20 66 map" "$(rudder-diff --runs -s ran | jq -rs '"\(length) \(.[0].run | length) \(.[0].status) \(.[0].stage)"')" 'one record of rudder run'
