# wrong_turns.sh - what people try first: each message names the way out
. "$TOP/tests/tool/lib.sh"
echo '{"id":1,"address":{"city":"x"}}' >rows
whole() { echo '{"_rudder":{"type":"begin","v":1,"stream":"rows"}}' && cat rows && echo '{"_rudder":{"type":"end","stream":"rows","rows":1}}'; }

# a state is made with the folders around it
status 0 rudder-diff --trust-eof -k id -s new/states/users rows >out
[ -d new/states/users ] || fail 'the folders are not made'
is 700 "$(stat -c %a new/states/users)" 'mode of the state'
touch file
status 73 rudder-diff --trust-eof -k id -s file/users rows >out
says "cannot create the state 'file/users': 'file' is not a folder"

# a folder of something else stays as it is, and is not shown as a state
mkdir other && touch other/letter && cp -r other before
status 73 rudder-diff --trust-eof -k id -s other rows >out
says "'other' is not a state: it contains 'letter'"
status 66 rudder-diff --status -s other >out
says "'other' is not a state"
status 73 rudder-diff --commit -s other <rows
diff -r before other || fail 'another folder was changed'
mkdir empty
status 66 rudder-diff --status -s empty >out
says "'empty' is an empty folder, not a state"
[ ! -s out ] || fail "shown: $(cat out)"
mkdir -p mount/lost+found
status 0 rudder-diff --trust-eof -k id -s mount rows >out
status 0 rudder-diff --status -s mount >out

# input of another program; a program in between
for t in 'rudder-diff -k id -s st' 'rudder-map -t identify -u id' 'rudder-send -d null:' 'rudder-diff --commit -s st'; do
	# shellcheck disable=SC2086
	status 65 $t <rows >out
	case $t in
	*commit*) says 'none of the 1 lines is a receipt: --commit reads the output of rudder-send' ;;
	*) says "input of 1 line has neither a begin nor an end line and may be truncated: use --trust-eof if the end of file is its end, or run commands between two tools as 'rudder filter -- CMD'" ;;
	esac
	whole | jq -c 'select(.id == 1)' | status 65 $t >out
done
whole | grep -v '"id"' | status 65 rudder-map -t identify -u id >out
says "the end line counts 1 row, but 0 arrived: a command in between dropped or added lines (if intended, use 'rudder filter -- CMD' or --any-counts)"
status 65 rudder-map -t identify -u id </dev/null >out
says 'input ended without its end line after 0 lines'

# rows where receipts should be
whole | status 65 rudder-diff --commit -s st
says 'none of the 1 rows is a receipt: --commit reads the output of rudder-send'

# a value inside of a column
whole | status 78 rudder-map -t identify -u id -c address.city=city >out
says "option '--columns': the rows have no column 'address.city'; use --field 'TARGET=.address.city' for a value inside a column"
whole | status 78 rudder-map -t identify -u id -c adress >out
says "the rows have no column 'adress'; did you mean 'address'?"

# a mistyped key or user id is what the run and its record name, alone
printf 'customer_no,email\n1,a\n2,b\n' >customers.csv
typo() { # KEY USER-ID
	rm -rf state
	printf 'version: 1\nname: c\nsource: csv:customers.csv\nkey: [%s]\nmode: mirror\nmapping: {type: identify, user_id: %s, delete_event: Gone}\ndestination: file:ev\n' "$1" "$2" >c.yaml
	status 78 rudder run c.yaml
	is 1 "$(wc -l <err)" "lines of key $1, user id $2: $(cat err)"
}
typo customer_nr customer_no
says "the rows have no key column 'customer_nr'; did you mean 'customer_no'?"
is 1 "$(rudder-diff --runs -s state/c | wc -l)" "records of a mistyped key: $(rudder-diff --runs -s state/c)"
rudder-diff --runs -s state/c | jq -er '.stage == "diff" and (.reason | startswith("the rows have no key column"))' >/dev/null || fail 'the record of a mistyped key'
status 78 rudder check c.yaml >out
is 1 "$(grep -c failed out)" "failed steps: $(cat out)"
typo customer_no customer_nr
says "'c.yaml': line 6: 'user_id': the rows have no column 'customer_nr'; did you mean 'customer_no'?"
rudder-diff --runs -s state/c | jq -er '.stage == "map" and (.reason | startswith("\u0027c.yaml\u0027: line 6: \u0027user_id\u0027: the rows have no column"))' >/dev/null || fail 'the record of a mistyped user id'
status 78 rudder check c.yaml >out
grep -q "^mapping.*failed.*'c.yaml': line 6: 'user_id': the rows have no column 'customer_nr'; did you mean 'customer_no'?" out || fail "the check: $(cat out)"
is 1 "$(grep -c failed out)" "failed steps: $(cat out)"

# a secret has no place on a command line
status 64 rudder-send --write-key abc -d null: </dev/null >out
says "unknown option '--write-key'; did you mean '--write-key-file'?"

# counters that cannot be written
for t in 'rudder-diff -k id -s st' 'rudder-map -t identify -u id' 'rudder-send -d null:'; do
	# shellcheck disable=SC2086
	status 73 $t --trust-eof --stats no/such/file <rows >out
	says "cannot create 'no/such/file"
done
status 73 rudder-query -d ndjson:rows --stats no/such/file >out

# typed by hand
if command -v script >/dev/null; then
	for t in 'rudder-map -t identify -u id --trust-eof' 'rudder-send -d null: --trust-eof'; do
		echo | script -qec "$t" typed >/dev/null 2>&1 || :
		grep -q 'reading [a-z]* from the terminal until Ctrl-D' typed || fail "$t: $(cat typed)"
	done
fi
