# removal.sh - a delivered row that stops matching --where in mirror mode is
# deleted, and only such a row
. "$TOP/tests/tool/lib.sh"
id=0123456789abcdef0123456789abcd
# change ACTION ID MEMBERS [MORE OF _rudder]
change() { printf '{"_rudder":{"type":"change","action":"%s","id":"%s","change":"%s%02d"%s},"id":%s%s}\n' "$1" "$2" $id "$2" "${4:-}" "$2" "$3"; }
# stream MEMBERS OF BEGIN <CHANGES
stream() {
	printf '{"_rudder":{"type":"begin","v":1,"stream":"changes","run":"r0000000000000000001","model":"m1",%s}}\n' "$1"
	cat
	printf '{"_rudder":{"type":"end","stream":"changes","changes":%d}}\n' "$(wc -l <lines)"
}
# told <OUTPUT: a line for each event, skip and reject, and the counts of the end
told() {
	jq -r 'if .type then "\(.type) \(.action // .event // "-") 0\(.recordId)\(.messageId[36:]) \(.identifiers // .userId | tojson) \(.fields // .properties // .traits | tojson)"
		elif ._rudder.type == "skip" then "skip \(._rudder.action) \(._rudder.id): \(._rudder.reason)"
		elif ._rudder.type == "reject" then "reject \(._rudder.action) \(._rudder.id): \(._rudder.reason)"
		elif ._rudder.type == "end" then ._rudder | "end \(.events + .skips + .rejects) \(.blocked // 0)" else empty end'
}
{
	change insert 1 ',"email":"a","plan":"pro"'
	change update 2 ',"email":"b","plan":"pro"'
	change insert 3 ',"email":"c","plan":"free"'
	change update 4 ',"plan":"free","email":"d"'
	change insert 5 ',"email":"e","plan":"free"' ',"doubt":true'
	change insert 6 ',"email":"f","plan":"pro"' ',"doubt":true'
	change delete 7 ',"email":"g"'
} >lines
identity='"key":["id"],"identity":["email"],"mode":"mirror"'
stream "$identity" <lines >in
# each way in which a condition can be run
ways() { # WANTED STATUS OPTION ...
	text=$1 ends=$2
	shift 2
	for where in '.plan == "pro"' '.plan | test("pro")'; do
		for engine in auto libjq; do
			status "$ends" rudder-map --jq-engine $engine -w "$where" "$@" <in >out
			is "$text
end $(wc -l <lines) 0" "$(told <out)" "$engine, $where, $*"
		done
	done
}
ways 'record insert 01 {"email":"a"} {"plan":"pro"}
record update 02 {"email":"b"} {"plan":"pro"}
skip insert 3: omitted by the condition
record delete 04 {"email":"d"} {}
record delete 05 {"email":"e"} {}
record insert 06 {"email":"f"} {"plan":"pro"}
record delete 07 {"email":"g"} {}' 0 -t record --identifier email -c '!id'
ways 'record insert 01 {"email":"a"} {"plan":"pro","up":"PRO"}
record update 02 {"email":"b"} {"plan":"pro","up":"PRO"}
skip insert 3: omitted by the condition
record delete 04 {"email":"d"} {}
record delete 05 {"email":"e"} {}
record insert 06 {"email":"f"} {"plan":"pro","up":"PRO"}
record delete 07 {"email":"g"} {}' 0 -t record --identifier email -c '!id' --field 'up=.plan | ascii_upcase'
ways 'identify - 01 "1" {"plan":"pro"}
identify - 02 "2" {"plan":"pro"}
skip insert 3: omitted by the condition
track Left 04 "4" {"id":4,"email":"d"}
track Left 05 "5" {"id":5,"email":"e"}
identify - 06 "6" {"plan":"pro"}
track Left 07 "7" {"id":7,"email":"g"}' 0 -t identify -u id -c plan --delete-event Left
# a program sees of them what it sees of any delete
for program in '{identifiers: {email}, fields: {plan}}' '{identifiers: {email}, fields: {plan}} | if true then . else first end'; do
	ways 'record insert 01 {"email":"a"} {"plan":"pro"}
record update 02 {"email":"b"} {"plan":"pro"}
skip insert 3: omitted by the condition or the jq program
record delete 04 {"email":"d"} {"plan":null}
record delete 05 {"email":"e"} {"plan":null}
record insert 06 {"email":"f"} {"plan":"pro"}
record delete 07 {"email":"g"} {"plan":null}' 0 -t record -j "$program"
	ways 'identify - 01 "1" {"plan":"pro"}
identify - 02 "2" {"plan":"pro"}
skip insert 3: omitted by the condition or the jq program
track Left 04 "4" {"id":4,"email":"d"}
track Left 05 "5" {"id":5,"email":"e"}
identify - 06 "6" {"plan":"pro"}
track Left 07 "7" {"id":7,"email":"g"}' 0 -t identify -u id -j "{traits: ($program).fields}" --delete-event Left
done
ways 'record insert 01 {"email":"a"} null
record update 02 {"email":"b"} null
skip insert 3: omitted by the condition or the jq program
skip update 4: omitted by the condition or the jq program
skip insert 5: omitted by the condition or the jq program
record insert 06 {"email":"f"} null
skip delete 7: omitted by the condition or the jq program' 1 -t record -j 'select(.plan) | {identifiers: {email}}'
says '3 deletes were skipped'
# on purpose
ways 'identify - 01 "1" {"plan":"pro"}
identify - 02 "2" {"plan":"pro"}
skip insert 3: omitted by the condition
skip update 4: omitted by the condition
skip insert 5: omitted by the condition
identify - 06 "6" {"plan":"pro"}
skip delete 7: deletes are omitted (--deletes skip)' 0 -t identify -u id -c plan --deletes skip
# another row has the identity of the last one
cp lines kept
change update 8 ',"email":"h","plan":"free"' ',"shared":true' >>lines
change update 9 ',"email":"i","plan":"pro"' ',"shared":true' >>lines
stream "$identity" <lines >in
told_shared='reject update 8: no longer matches, but another row has its identity: put the condition into the model'
ways "record insert 01 {\"email\":\"a\"} {\"plan\":\"pro\"}
record update 02 {\"email\":\"b\"} {\"plan\":\"pro\"}
skip insert 3: omitted by the condition
record delete 04 {\"email\":\"d\"} {}
record delete 05 {\"email\":\"e\"} {}
record insert 06 {\"email\":\"f\"} {\"plan\":\"pro\"}
record delete 07 {\"email\":\"g\"} {}
$told_shared
record update 09 {\"email\":\"i\"} {\"plan\":\"pro\"}" 1 -t record --identifier email -c '!id'
ways "record insert 01 {\"email\":\"a\"} {\"plan\":\"pro\"}
record update 02 {\"email\":\"b\"} {\"plan\":\"pro\"}
skip insert 3: omitted by the condition or the jq program
record delete 04 {\"email\":\"d\"} {\"plan\":null}
record delete 05 {\"email\":\"e\"} {\"plan\":null}
record insert 06 {\"email\":\"f\"} {\"plan\":\"pro\"}
record delete 07 {\"email\":\"g\"} {\"plan\":null}
$told_shared
record update 09 {\"email\":\"i\"} {\"plan\":\"pro\"}" 1 -t record -j '{identifiers: {email}, fields: {plan}}'
mv kept lines
stream "$identity" <lines >in
# where nothing can delete, they are lost like deletes
ways 'identify - 01 "1" {"plan":"pro"}
identify - 02 "2" {"plan":"pro"}
skip insert 3: omitted by the condition
skip update 4: omitted by the condition
skip insert 5: omitted by the condition
identify - 06 "6" {"plan":"pro"}
skip delete 7: this event type cannot delete' 1 -t identify -u id -c plan
says '3 deletes were skipped'
# in the place of their rows, by several processes
status 0 rudder-map --jobs 3 -t record --identifier email -w '.plan | test("pro")' <in >out
is '01 02 skip 04 05 06 07' "$(jq -r 'if .messageId then "0" + .recordId elif ._rudder.type == "skip" then "skip" else empty end' out | tr '\n' ' ' | sed 's/ $//')" 'order'

# in no other mode
stream '"key":["id"],"mode":"upsert"' <lines >in
is 3 "$(rudder-map -t record --identifier email -w '.plan == "pro"' <in | grep -c '"type":"skip"')" 'upsert'

# what is deleted is what was delivered: the columns that --keep kept
{
	change update 1 ',"email":"new","plan":"free"' ',"changed":["email"],"before":{"email":"old","plan":"pro"}'
	change update 2 ',"email":"b","plan":"free"'
	change update 3 ',"email":"c","plan":"free"' ',"before":{"em\u0061il":"c","id":9}'
} >lines
stream '"key":["id"],"keep":["email","plan"],"mode":"mirror"' <lines >in
reason="no identifier: column 'email' has no value; a delete has only key, identity and --keep columns"
ways "record delete 01 {\"email\":\"old\"} {\"plan\":\"pro\"}
reject update 2: $reason
record delete 03 {\"email\":\"c\"} {}" 1 -t record --identifier email -c '!id'
ways "record delete 01 {\"email\":\"old\"} {\"plan\":\"pro\"}
reject update 2: no identifier: ${reason#*; }
record delete 03 {\"email\":\"c\"} {\"plan\":null}" 1 -t record -j '{identifiers: {email}, fields: {plan}}'
ways 'track Left 01 "old" {"id":1,"plan":"pro"}
reject update 2: no user id: column '\''email'\'' has no value; a delete has only key, identity and --keep columns
track Left 03 "c" {"id":3}' 1 -t identify -u email -c plan --delete-event Left
# numbers that jq would round are judged in what is deleted, too
change update 1 ',"email":"a","n":1,"plan":"free"' ',"before":{"email":"a","n":123456789012345678901}' >lines
stream '"key":["id"],"keep":"row","mode":"mirror"' <lines >in
ways 'reject update 1: a number that jq would round (see --jq-numbers)' 1 -t record -j '{identifiers: {email}, fields: {n}} | if true then . else first end'
ways 'record delete 01 {"email":"a"} {"n":"123456789012345678901"}' 0 -t record -j '{identifiers: {email}, fields: {n}} | if true then . else first end' --jq-numbers string
# without the names of the key columns the row is all there is
change update 4 ',"plan":"free","email":"d"' >lines
stream '"mode":"mirror"' <lines >in
ways 'record delete 04 {"email":"d"} {"id":4,"plan":"free"}' 0 -t record --identifier email
# keys with escapes
printf '{"_rudder":{"type":"change","action":"update","id":"a\\"b","change":"%s01"},"i\\u0064":"a\\"b","plan":"free"}\n' $id >lines
stream '"key":["id"],"mode":"mirror"' <lines >in
ways 'record delete 0a"b {"id":"a\"b"} {}' 0 -t record --identifier id

# several mappings: a row that moves from one to the other stays, in either order
{
	change update 1 ',"email":"a","plan":"pro"'
	change update 2 ',"email":"b","plan":"free"'
	change update 3 ',"email":"c","plan":"none"'
	change insert 4 ',"email":"d","plan":"none"'
	change delete 5 ',"email":"e"'
} >lines
stream "$identity" <lines >in
# several WANTED MAPPINGS
several() {
	echo "$2" >m.json
	for engine in auto libjq; do
		status 0 rudder-map -m m.json --jq-engine $engine <in >out
		is "$1" "$(jq -r 'if .type then "\(.type) \(.action // .event // "-") 0\(.recordId)\(.messageId[36:])" elif ._rudder.type == "skip" then "skip \(._rudder.id)" else empty end' out)" "$engine, $2"
	done
}
# where TYPE CONDITION KEY
record() { printf '{"type":"record","identifiers":{"email":"%s"},"where":"%s"}' "$2" "$1"; }
free='.plan == \"free\"' pro='.plan == \"pro\"'
several 'record update 01
record update 02
record delete 03
skip 4
record delete 05-1-2
record delete 05-2-2' "[$(record "$free" email),$(record "$pro" email)]"
several 'record update 01
record update 02
record delete 03
skip 4
record delete 05-1-2
record delete 05-2-2' "[$(record "$pro | tostring | test(\\\"true\\\")" email),$(record "$free" email)]"
# other things are deleted, before anything else of the row leaves
several 'record delete 01-1-2
record update 01-2-2
record delete 02-1-2
record update 02-2-2
record delete 03-1-2
record delete 03-2-2
skip 4
record delete 05-1-2
record delete 05-2-2' "[$(record "$free" email),$(record "$pro" other)]"
jqs='{"type":"record","jq":"{identifiers: {email}}","where":"%s"}'
# shellcheck disable=SC2059 # the format is ours
several 'record delete 01-1-2
record update 01-2-2
record delete 02-1-2
record update 02-2-2
record delete 03-1-2
record delete 03-2-2
skip 4
record delete 05-1-2
record delete 05-2-2' "[$(printf "$jqs" "$free"),$(printf "$jqs" "$pro | tostring | test(\\\\\"true\\\\\")")]"
several 'identify - 01
track Gone 02
track Gone 03
skip 4
track Gone 05' "[{\"type\":\"identify\",\"user_id\":\"id\",\"where\":\"$pro\",\"delete_event\":\"Gone\"}]"
# one that cannot delete leaves it to the other
several 'record update 01-1-2
identify - 01-2-2
record update 02
record update 03
record insert 04
record delete 05' "[{\"type\":\"record\",\"identifiers\":\"email\"},{\"type\":\"identify\",\"user_id\":\"id\",\"where\":\"$pro\"}]"
# what deletes by an event is the same where event, user and anonymous id are
who() { printf '{"type":"%s","event":"%s","user_id":"%s","where":"%s","delete_event":"%s"%s}' "$1" "$2" "$3" "$4" "$5" "${6:-}"; }
same='track Seen 01
track Seen 02
track Gone 03
skip 4
track Gone 05-1-2
track Gone 05-2-2'
apart='track Gone 01-1-2
track Seen 01-2-2
track Gone 02-1-2
track Seen 02-2-2
track Gone 03-1-2
track Gone 03-2-2
skip 4
track Gone 05-1-2
track Gone 05-2-2'
several "$same" "[$(who track Seen id "$free" Gone),$(who track Seen id "$pro" Gone)]"
several "$apart" "[$(who track Seen id "$free" Gone),$(who track Seen email "$pro" Gone)]"
several "$apart" "[$(who track Seen id "$free" Gone),$(who track Seen id "$pro" Gone ',"anonymous_id":"email"')]"
several "$same" "[$(who track Seen id "$free" Gone ',"anonymous_id":"email"'),$(who track Seen id "$pro" Gone ',"anonymous_id":"email"')]"
# a record deletes something else than an event does
several 'record delete 01-1-2
track Seen 01-2-2
track Gone 02-1-2
record update 02-2-2
record delete 03-1-2
track Gone 03-2-2
skip 4
record delete 05-1-2
track Gone 05-2-2' "[$(record "$free" email),$(who track Seen id "$pro" Gone)]"
# another row has the identity: a row that another mapping keeps stays, any other
# is rejected as a whole
{
	change update 1 ',"email":"a","plan":"pro"' ',"shared":true'
	change update 2 ',"email":"b","plan":"free"' ',"shared":true'
	change update 3 ',"email":"c","plan":"none"' ',"shared":true'
	change update 4 ',"email":"d","plan":"none"'
} >lines
stream "$identity" <lines >in
for conditions in "$free;$pro" "$pro;$free" "$free;$pro | tostring | test(\\\"true\\\")"; do
	echo "[$(record "${conditions%;*}" email),$(record "${conditions#*;}" email)]" >m.json
	status 1 rudder-map -m m.json <in >out
	is 'record update 01
record update 02
reject 3: mapping 1: no longer matches, but another row has its identity
record delete 04' "$(jq -r 'if .type then "\(.type) \(.action) 0\(.recordId)" elif ._rudder.type == "reject" then "reject \(._rudder.id): \(._rudder.reason)" else empty end' out | sed 's/: put the condition.*//')" "$conditions"
done
