# refused.sh - mappings under which every delete of a stream would be lost are
# refused by the begin line, before anything is written
. "$TOP/tests/tool/lib.sh"
# begin MEMBER ...: a stream of changes with a delete of key 9
begin() {
	printf '{"_rudder":{"type":"begin","v":1,"stream":"changes","run":"r0000000000000000001","model":"m1",%s}}\n' "$1"
	printf '{"_rudder":{"type":"change","action":"insert","id":"7","change":"0123456789abcdef0123456789abcdef"},"id":7,"email":"a","phone":"p","plan":"pro","a":1}\n'
	printf '{"_rudder":{"type":"change","action":"delete","id":"9","change":"0123456789abcdef0123456789abcdee"},"id":9%s}\n' "${2:-}"
	printf '{"_rudder":{"type":"end","stream":"changes","changes":2}}\n'
}
# refused MEMBERS WHY OPTION ...
refused() {
	begin "$1" >in
	why=$2
	shift 2
	status 78 rudder-map "$@" <in >out
	! grep -v '"type":"abort"' out || fail "written before the refusal of $*: $(cat out)"
	is 1 "$(wc -l <err)" "lines of $*"
	says "$why"
	status 78 rudder-map --check "$@" <in >out
	says "$why"
}
# taken WANTED-STATUS MEMBERS OPTION ...
taken() {
	want=$1
	begin "$2" "${lack:-}" >in
	shift 2
	status "$want" rudder-map "$@" <in >out
	grep -q '"type":"end"' out || fail "no end: $*"
}
state='"key":["id"],"mode":"mirror","state":"st","attempt":"x"'
lost='the state is in mirror mode, but'
way='use -t record, --delete-event NAME to send deletes as track events, or --deletes skip to omit them'

# a type that cannot delete, with a state in mirror mode
refused "$state" "$lost identify events cannot delete: $way" -t identify -u id
refused '"key":["id"],"mode":"mirror","dry_run":true' "$lost identify events cannot delete: $way" -t identify -u id
refused "$state" "$lost track events cannot delete" -t track -u id -e E
refused "$state" "$lost track events cannot delete" -t track -u id -e insert=A,update=B
refused "$state" "$lost page events cannot delete" -t page -u id
refused "$state" "$lost screen events cannot delete" -t screen -u id
refused "$state" "$lost group events cannot delete" -t group -u id --group-id a
refused "$state" "$lost alias events cannot delete" -t alias -u id --previous-id a
refused "$state" "$lost identify events cannot delete" -t identify --object X-y --identifier id
# several mappings, none of which can
cat >two.json <<'X'
[{"type":"identify","user_id":"id"},{"type":"track","user_id":"id","event":"E","deletes":"skip"}]
X
refused "$state" "$lost identify events cannot delete" -m two.json
# what can delete, or is not to
taken 0 "$state" -t record --identifier id
taken 0 "$state" -t identify -u id --delete-event D
taken 0 "$state" -t track -u id -e insert=A,delete=B
taken 0 "$state" -t identify -u id --deletes skip
is '"deletes are omitted (--deletes skip)"' "$(jq -c '._rudder | select(.type == "skip") | .reason' out)" 'a skip on purpose'
taken 0 "$state" -t record --identifier email --deletes skip
echo '{"type":"identify","user_id":"id","deletes":"skip"}' >skip.json
taken 0 "$state" -m skip.json
rudder-map -m skip.json --print-mapping | grep -q '"deletes": "skip"' || fail 'deletes are not printed'
refused "$state" "$lost identify" -m skip.json --deletes send
taken 0 "$state" -m two.json --deletes skip
sed 's/"deletes":"skip"/"delete_event":"D"/' two.json >one.json
taken 0 "$state" -m one.json
status 78 rudder-map -t identify -u id --deletes x
says "deletes 'x' is not send or skip"
# other modes, and no state: said once at the end
taken 1 "$(echo "$state" | sed s/mirror/upsert/)" -t identify -u id
once='1 delete was skipped because this event type cannot delete'
says "$once"
is 1 "$(wc -l <err)" 'lines of a warning'
taken 1 '"key":["id"],"mode":"mirror"' -t identify -u id
says "$once"
taken 0 '"key":["id"],"mode":"mirror"' -t identify -u id --deletes skip
taken 1 '"key":["id"],"mode":"mirror"' -m two.json
says "$once"
taken 0 '"key":["id"],"mode":"mirror"' -m two.json --deletes skip
taken 0 '"key":["id"],"mode":"mirror"' -m one.json
# a jq program may do as it likes, but not in silence
taken 1 "$state" -t identify -u id -j '{traits: .}'
says "$once"
taken 1 "$state" -t record -j 'select(.email) | {identifiers: {email}}'
says "$once"
taken 1 "$state" -t record -j 'select(.email) | {identifiers: {email}}' --jq-engine libjq
says "$once"
taken 0 "$state" -t identify -u id -j '{traits: .}' --deletes skip
taken 0 "$state" -t record -j '{identifiers: {id}}'
# and a delete without an identifier is refused
for engine in auto libjq; do
	taken 1 "$state" -t record -j '{identifiers: {email}}' --jq-engine $engine
	is 'no identifier: a delete has only key, identity and --keep columns' "$(jq -r '._rudder | select(.type == "reject") | .reason' out)" "identifiers of a program, $engine"
	taken 0 "$state" -t record -j '{fields: {id}}' --jq-engine $engine
done
# with rejects too, both are said
taken 1 '"key":["id"],"mode":"mirror"' -t identify -u id --cast plan=integer
says "$once"
says '1 of 2 rows rejected: '
is 2 "$(wc -l <err)" 'lines of both'

# identifiers that a delete does not have
key='"key":["id"],"mode":"mirror"'
unknown="deletes cannot be mapped: they have only the column 'id', not the identifier 'email'; run rudder-diff with --identity email, or with --keep row where each row has its own and keeps it"
refused "$key" "$unknown" -t record --identifier email
refused "$state" "$unknown" -t record --identifier email=EMAIL -c plan
refused "$state" "$unknown" -t record --identifier email=EMAIL --object X-y
refused '"key":["id","a"],"mode":"mirror"' "only the columns 'id', 'a', not the identifiers 'email', 'phone'" -t record --identifier email,phone
refused '"key":["id"],"keep":["plan","a*"],"mode":"mirror"' "not the identifier 'email'" -t record --identifier email
echo '[{"type":"track","event":"E","user_id":"id"},{"type":"record","identifiers":{"email":"email"}}]' >record.json
refused "$state" "mapping 2: $unknown" -m record.json
# the user id of a delete event
refused "$state" "not the user id's column 'email'" -t identify -u email --delete-event D
refused "$state" "not the user id's columns 'email', 'phone'" -t track -e E -u email -a phone --delete-event D
refused "$state" "not the user id's column 'email'" -t identify --object X-y --identifier email --delete-event D
refused "$state" "not the user id's column 'email'" -u email -j '{type: "identify"}' --delete-event D
refused "$state" 'a delete event needs a user id: use -u COLUMN' -j '{type: "identify", userId: "x"}' --delete-event D
# what has them: the key, an identity, what is kept; other modes delete nothing
lack=',"email":"b","phone":"q"'
taken 0 '"key":["email"],"mode":"mirror"' -t record --identifier email
taken 0 '"key":["id"],"identity":["email"],"mode":"mirror"' -t record --identifier email,phone
taken 0 '"key":["id"],"identity":["email"],"mode":"mirror"' -t identify -u email --delete-event D
taken 0 '"key":["id"],"keep":"row","mode":"mirror"' -t record --identifier email
taken 0 '"key":["id"],"keep":["email"],"mode":"mirror"' -t record --identifier email
taken 0 '"key":["id"],"keep":["[d-f]mai?"],"mode":"mirror"' -t record --identifier email
taken 0 '"key":["id"],"mode":"upsert"' -t record --identifier email
taken 0 '"mode":"mirror"' -t record --identifier email
taken 0 "$key" -t identify -u id -a phone --delete-event D
# computed values, masks and programs: known only row by row
taken 0 "$key" -t record --identifier id --field '.identifiers.domain=.email' --mask id=sha256
taken 0 "$key" -t record -j '{identifiers: {email}}'

# a mistyped name is the cause: that is said, and not what follows from it
fit='the rows have no column'
refused "$key" "option '--identifier': $fit 'emial'; did you mean 'email'?" -t record --identifier emial
refused "$key" "option '--user-id': $fit 'emial'; did you mean 'email'?" -t identify -u emial --delete-event D
refused "$key" "option '--user-id': $fit 'emial'; did you mean 'email'?" -u emial -j '{type: "identify"}' --delete-event D
refused "$key" "option '--columns': $fit 'emial'; did you mean 'email'?" -t record -c emial
echo '[{"type":"track","event":"E","user_id":"id"},{"type":"record","identifiers":{"emial":"email"}}]' >two.json
refused "$key" "mapping 2: 'two.json': line 1: 'identifiers': $fit 'emial'; did you mean 'email'?" -m two.json
# without a row with all columns, what may be meant
refuse() { begin '"key":["customer_no"],"mode":"mirror"' | sed "$1" | status 78 rudder-map -t identify -u customer_nr --delete-event D >out; }
hint="not the user id's column 'customer_nr'; did you mean 'customer_no'? Otherwise run rudder-diff with --identity customer_nr, or with --keep row where each row has its own and keeps it"
refuse '/insert/d; s/"changes":2/"changes":1/'
says "$hint"
refuse '/"change"/d; s/"changes":2/"changes":0/'
says "$hint"
is abort "$(jq -r ._rudder.type out)" 'nothing is written'
# where rudder-diff refuses its key columns after the begin line, that counts
{
	begin '"key":["customer_nr"],"mode":"mirror"' | head -n 1
	echo '{"_rudder":{"type":"progress"}}'
	echo '{"_rudder":{"type":"abort","stage":"diff","status":78,"reason":"no key column"}}'
} >in
# shellcheck disable=SC2002 # of an abort in a file one line is said
cat in | status 78 rudder-map -t identify -u customer_no --delete-event D >out
is '' "$(cat err)" 'nothing is said after an abort'
is 'begin abort' "$(jq -r ._rudder.type out | paste -sd' ')" 'the commit learns the run'
is diff "$(tail -n 1 out | jq -r ._rudder.stage)" 'whose abort'
printf '{"customer_no":1,"email":"a"}\n' | rows >one
rudder-diff -k customer_nr -s st6 --mode mirror one 2>/dev/null | status 78 rudder-map -t identify -u customer_no --delete-event D >out
is '' "$(cat err)" 'a mistyped key'

# by rudder-diff itself
printf '{"id":1,"email":"a"}\n{"id":2,"email":"b"}\n' | rows >one
rudder-diff -k id -s st --mode mirror one | status 78 rudder-map -t identify -u id >out
rudder-diff -k id -s st2 --mode mirror one | status 78 rudder-map -t record --identifier email >out
says "run rudder-diff with --identity email, or with --keep row where each row has its own and keeps it"
rudder-diff -k id -s st3 --mode mirror --identity email one | status 0 rudder-map -t record --identifier email >out
rudder-diff -k id -s st4 --mode mirror --keep 'em*' one | status 0 rudder-map -t record --identifier email >out
rudder-diff -k id -s st5 one | status 0 rudder-map -t identify -u id >out
rudder-diff -k id one /dev/null | status 1 rudder-map -t identify -u id >out
says '2 deletes were skipped because this event type cannot delete'

# a connection of a rudder-cli project
mkdir p
cat >p/p.yaml <<'X'
version: rudder/v1
kind: retl-source-sql-model
metadata: {name: m}
spec: {id: m, display_name: M, account_id: a, primary_key: id, source_definition: postgres, sql: SELECT 1}
---
version: rudder/v1
kind: retl-connections
metadata: {name: retl-connections}
spec:
  connections:
    - id: c
      source: "#retl-source-sql-model:m"
      destination: "#destination:d"
      config:
        sync_behaviour: mirror
        schedule: {type: manual}
        object: contact
        identifiers: [{from: email, to: EMAIL}]
        mappings: [{from: plan, to: plan}]
    - id: e
      source: "#retl-source-sql-model:m"
      destination: "#destination:d"
      config:
        sync_behaviour: mirror
        schedule: {type: manual}
        event: {type: identify}
        identifiers: [{from: id, to: user_id}]
        mappings: [{from: plan, to: traits.plan}]
X
rudder-map -m p --connection e --print-mapping >/dev/null 2>err || {
	grep -q 'needs libyaml' err && exit 0
	fail "$(cat err)"
}
refused "$state" "$unknown" -m p --connection c
refused "$state" "$lost identify events cannot delete" -m p --connection e
taken 0 "$state" -m p --connection e --deletes skip
