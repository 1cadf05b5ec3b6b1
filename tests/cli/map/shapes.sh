# shapes.sh - the events beside the tables of what RudderStack's own have:
# which members, of which type, and which must not be there
. "$TOP/tests/tool/lib.sh"
change() { # $1: action, $2: members
	echo "{\"_rudder\":{\"type\":\"change\",\"action\":\"$1\",\"id\":\"16322\",\"change\":\"0123456789abcdef0123456789abcdef\"},$2}"
}
begin='{"_rudder":{"type":"begin","v":1,"stream":"changes","run":"cskrt1kme831eq0jrafg","model":"2o9EffQ0mAIrGAgRxcLuwxhiXM0"}}'
row='"id":60241286212,"dev":"d-1","email":"alex@example.com","name":"Alex","value":32.839999999999996,"none":null,"at":"2024-05-07T17:27:28.262Z"'
# the event of the options behind $1, an action
event() {
	action=$1
	shift
	{ echo "$begin"; change "$action" "$row"; } | rudder-map --trust-eof "$@" | jq -c 'select(.type)' >e
	[ -s e ] || fail "no event: $*"
}
holds() { # $1: jq condition, $2: of what
	jq -e "$1" e >/dev/null || fail "$2: not $1: $(cat e)"
}
envelope='.channel == "sources"
	and (.context.sources | keys == ["job_id", "job_run_id", "task_run_id", "version"] and all(type == "string"))
	and .context.sources.job_id == "2o9EffQ0mAIrGAgRxcLuwxhiXM0"
	and .context.sources.job_run_id == "cskrt1kme831eq0jrafg"
	and (.context.sources.task_run_id | test("^[0-9a-v]{20}$"))
	and .recordId == "16322" and (.recordId | type) == "string"
	and (.messageId | test("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"))
	and (keys_unsorted == (keys_unsorted | sort))
	and ([has("rudderId", "receivedAt", "request_ip", "sentAt", "originalTimestamp", "timestamp")] | any | not)'
user='.userId == "60241286212"'

event insert -t identify -u id
holds "$envelope and $user" identify
holds '(.traits | keys_unsorted) == ["dev", "email", "name", "value", "none", "at"] and .traits.none == null and (.context | has("traits") | not)' 'identify: traits at the top, nulls kept'
grep -q '"value":32.839999999999996' e || fail 'a float in its digits'
event insert -t identify -u id -a dev
holds "$envelope and $user and .anonymousId == \"d-1\" and (.traits | has(\"dev\") | not)" 'both identifiers'
event insert -t track -u id -e 'order completed'
holds "$envelope and $user and .event == \"order completed\" and (has(\"traits\") | not) and (.properties | has(\"email\"))" track
event insert -t track -u id --event-column name
holds "$envelope and .event == \"Alex\" and .properties.name == \"Alex\"" 'track: the column of the name stays'
for type in page screen; do
	event insert -t $type -u id -e Home
	holds "$envelope and $user and .name == \"Home\" and (has(\"event\") | not) and (.properties | type) == \"object\"" $type
done
event insert -t group -u id --group-id dev
holds "$envelope and $user and .groupId == \"d-1\" and (.traits | has(\"dev\") | not)" group
event insert -t alias -u id --previous-id dev
holds "$envelope and $user and .previousId == \"d-1\" and (has(\"traits\") | not)" alias
event insert -t identify -u id --timestamp at
jq -e '.timestamp == "2024-05-07T17:27:28.262Z"' e >/dev/null || fail 'the time of the event'

# the visual data mapper: v1 by identify, with and without a user id of its own
event insert -t identify --object 'MARKETO-new_user' --identifier email=Email -c name=firstname
holds "$envelope and .userId == \"alex@example.com\" and .traits == {firstname: \"Alex\"}" 'v1: the identifier is no trait'
holds '.context.mappedToDestination == "true" and .context.externalId == [{id: "alex@example.com", identifierType: "Email", type: "MARKETO-new_user"}]' 'v1: context'
event insert -t identify --object 'HS-contacts' --identifier id=hs_object_id -c name
holds '.context.externalId[0].id == 60241286212 and .userId == "60241286212"' 'v1: the id keeps its type, the user id is a string'
event insert -t identify --object 'SFMC-data extension' --identifier email=Key -c name -u id
holds "$user and .context.externalId[0].type == \"SFMC-data extension\"" 'v1: an object with a blank'
event insert -t track -e E --object 'ELOQUA-172' --identifier email=C -c name
holds '.type == "track" and .context.mappedToDestination == "true" and .event == "E"' 'v1 by track'
event insert -t identify --object HS-companies --identifier id=i -c 'name=from.id,dev=to.id'
holds '.traits == {from: {id: "Alex"}, to: {id: "d-1"}}' 'v1: associations'

# records: v2, and the older v1 of audiences
for action in insert update delete; do
	event $action -t record --identifier email=EMAIL -c name=FN
	holds "$envelope and .action == \"$action\" and .identifiers == {EMAIL: \"alex@example.com\"} and .fields == {FN: \"Alex\"} and (has(\"userId\") | not)" "record $action"
	holds '.context | has("externalId") or has("mappedToDestination") or has("destinationFields") | not' 'v2 has nothing of v1'
done
event insert -t record --identifier none=A,email=B -c '!*'
holds '.fields == {} and .identifiers == {A: null, B: "alex@example.com"}' 'record: no fields, one identifier null'
event insert -t record --object FB_CUSTOM_AUDIENCE-23848494844100489 --identifier email=EMAIL -c 'name=FI'
holds "$envelope and .fields == {EMAIL: \"alex@example.com\", FI: \"Alex\"} and (has(\"identifiers\") | not)" 'record v1'
holds '.context.destinationFields == "EMAIL, FI" and .context.mappedToDestination == "true" and .context.externalId == [{type: "FB_CUSTOM_AUDIENCE-23848494844100489", identifierType: "EMAIL"}]' 'record v1: context'

# what RudderStack refuses and this does too
while read -r line; do
	# shellcheck disable=SC2086 # a list of words
	echo '{"id":1}' | rudder-map --trust-eof $line >/dev/null 2>&1 && fail "taken: $line"
done <<'X'
-t track -u id
-t identify
-t group -u id
-t alias -u id
-t record --object X-y
-t merge -u id
-t identify --object X- --identifier id
-t identify --object X-y
-t identify --object X-y --identifier a --identifier b
-t identify -u id -c a=.userId
-t identify -u id -c a=.context.sources.job_id
-t identify -u id -c a=x,b=x.y
-t identify -u id -e E
-t record --identifier id --delete-event D
-t identify -u id --identifier a
X
:

# an object whose members may be missing changes nothing of what is behind it: each kind
# of value is as it is behind an object that is always whole
long=0123456789012345678901234567890123456789
for v in 7 -0 1.50 1.5000000000000000000000 1e3 12345678901234567890123 0.1234567890123456789012345678901234567890 '"7"' '""' '" "' \
	"\"$long\"" '"q\"uo"' true '{"n":12345678901234567890}' "[1,\"$long$long\"]"; do
	change insert "\"a\":\"x\",\"b\":$v,\"id\":7"
	change update "\"b\":$v,\"a\":\"$long\",\"id\":\"$long\""
done >rows.many
n=0
while read -r o; do
	for numbers in string exact; do
		# shellcheck disable=SC2086 # words
		for null in '' '--null a=omit'; do
			rudder-map -q --trust-eof --numbers $numbers --max-rejects 100% $null $o <rows.many 2>/dev/null |
				sed 's/"\(job_run_id\|task_run_id\|run\|messageId\)":"[^"]*"//g; /"reject"/d' >"events.${null:+omit}"
		done
		grep -q '"x":"x"' events.omit || fail "no event: $o"
		cmp events. events.omit || fail "behind an object with a member that may be missing: $o"
		n=$((n + $(wc -l <events.omit)))
	done
done <<'MAPPINGS'
-t identify -u id -c a=.context.o.x -c b=.context.y
-t identify -u id -c a=.context.o.x -c b=.context.y --mask b=trim
-t track -u id --event-column b -c a=.context.x
-t group -u id --group-id b -c a=.context.x
-t alias -u id --previous-id b -c a=.context.x
-t record -u id --object o --identifier b -c a=.context.x
-t track -u b -e E -c a=.context.x -c id
-t page -a b -c a=.context.x -c id=.context.y --timestamp b
MAPPINGS
[ $n -gt 300 ] || fail "$n events: this tests little"
