# start.sh - a byte order mark and blank lines at the start of rows are passed
# over by every tool, whatever the reads; later ones are not
. "$TOP/tests/tool/lib.sh"

both() { # at once, and a byte at a time
	cat "$1" >whole
	"$2" <whole >out.whole
	dd if="$1" bs=1 2>/dev/null | "$2" >out.bytes
	cmp out.whole out.bytes || fail "$2 reads $1 in another way byte by byte"
	cat out.whole
}
query() { rudder-query -d ndjson:- 2>/dev/null | jq -r '.id // empty'; }
diffs() { rudder-diff -k id -s none -n 2>/dev/null | jq -r '.id // empty'; }
events() { rudder-map -t identify -u id --trust-eof 2>/dev/null | jq -r '.userId // ._rudder.reason // empty'; }
sends() { rudder-send -d null: --trust-eof 2>/dev/null | jq -r '.status // empty'; }
printf '\357\273\277{"id":1}\n' >mark
printf '\357\273\277\n \t\r\n\r\n{"id":1}\n' >mark_and_blank
printf '\n\n{"id":1}\n' >blank
for f in mark mark_and_blank blank; do
	is 1 "$(both $f query)" "$f: query"
	is 1 "$(both $f diffs)" "$f: diff"
	is 1 "$(both $f events)" "$f: map"
	sed 's/{.*/{"type":"identify","userId":"1","messageId":"m","recordId":"1"}/' $f >$f.events
	is delivered "$(both $f.events sends)" "$f: send"
done
rows <blank | sed '1d' >old
printf '{"id":1}\n' >new
is '' "$(rudder-diff -k id mark new | changes)" 'two files'
is '' "$(rudder-diff -k id --sorted mark new | changes)" 'two files, sorted'

# only at the start
for bad in '{"id":1}\n\n{"id":2}\n' '\n\357\273\277{"id":1}\n{"id":2}\n' '{"id":1}\n\357\273\277{"id":2}\n'; do
	# shellcheck disable=SC2059
	printf "$bad" >in
	is 1 "$(both in events | grep -c '^byte')" "a reject in $bad"
done
# nothing else is there
printf '\357\273\277' >in
both in events | grep -v 'no line feed' >left || :
printf '\n\n \n' >in
is '' "$(both in events)" 'blank lines alone'
# the numbers of lines stay
printf '\n\n{"id":1}\nx\n' >in
is 4 "$(rudder-map -t identify -u id --trust-eof <in 2>/dev/null | jq -r '._rudder.line // empty')" 'line'
