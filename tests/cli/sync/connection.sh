# connection.sh - a state knows what it was delivered with: RudderStack's rule for
# changed connections, in bare pipes
. "$TOP/tests/tool/lib.sh"
RUDDER_WRITE_KEY='test'
export RUDDER_WRITE_KEY

printf '%s\n' '{"id":1,"email":"a","plan":"x"}' '{"id":2,"email":"b","plan":"y"}' '{"id":3,"email":"c","plan":"z"}' >rows
identify='-t identify -u id --delete-event gone'
# sync STATUS WANT MAP OPTIONS: a run of the rows to $dest, with this number of changes;
# what the tools say goes to err
dest=file:ev
sync() {
	wanted=$1 many=$2 map=$3 got=0
	shift 3
	: >err
	# shellcheck disable=SC2086 # words
	{
		rows <rows | rudder-diff -k id -s st --mode mirror "$@" 2>>err | tee changes |
			rudder-map $map 2>>err | tee events | rudder-send -d "$dest" 2>>err | tee receipts
	} | rudder-diff --commit -s st 2>>err || got=$?
	is "$wanted" "$got" "status with '$map' '$*' ($(cat err))"
	is "$many" "$(changes <changes | wc -l)" "changes with '$map' '$*' ($(cat err))"
}
silent() { is '' "$(cat err)" "$1"; }
begin() { sed -n "1s/.*\"$1\":\({[^}]*}\).*/\1/p" "$2"; }
shown() { rudder-diff --status -s st | jq -c "$1"; }

# the first delivery is recorded, and nothing else is said or sent
sync 0 3 "$identify -c email"
silent 'the first run'
is 'null' "$(head -1 changes | jq -c ._rudder.was)" 'nothing was delivered before'
sync 0 0 "$identify -c email"
silent 'the second run'
is '"mirror" ["identify"] ["id"] "file"' "$(head -1 changes | jq -c '._rudder.was | .mode, .mapping.types, .mapping.identifiers, .destination.kind' | paste -sd' ' -)" 'what is recorded'

# a new column: the run that notices says so, the next one is full, and no later one
sync 1 0 "$identify -c email,plan"
says "delivered with: column 'plan' is new"
! grep -q "is new or" err || fail "a column that was not read is new: $(cat err)"
says 'the next run resends all 3 rows'
is '3' "$(shown .resend)" 'a resend is due'
sync 0 3 "$identify -c email,plan"
says 'all 3 rows of the state are resent'
is 3 "$(grep -c '"plan":' events)" 'with the new column'
is 'null' "$(shown .resend)" 'no resend is due'
sync 0 0 "$identify -c email,plan"
silent 'after the resend'
# order and form do not count
sync 0 0 "$identify -c plan -c email"
silent 'another order'
# what changed in the noticing run leaves with the new mapping, and once more
sed -i 's/"x"}/"x2"}/' rows
sync 1 1 "$identify -c email,plan=p"
says "delivered with: column 'plan' has a new name in the event"
sync 0 3 "$identify -c email,plan=p"
# what is only known to differ is not called new
sync 1 0 "$identify -c email,plan=q"
says "delivered with: column 'plan' is new or changed"
sync 0 3 "$identify -c email,plan=q"
sync 1 0 "$identify -c email,plan=p,id=a -C z=1 -C d=2 --null email=omit"
says "delivered with: column 'email' is new or changed, column 'plan' is new or changed, column 'id' is new or changed, and more"
sync 0 3 "$identify -c email,plan=p,id=a -C z=1 -C d=2 --null email=omit"
sync 1 0 "$identify -c email,plan=p"
sync 0 3 "$identify -c email,plan=p"

# removing columns, constants and computed values does not send again
sync 1 0 "$identify -c email,plan=p -C a=b --field n=.id"
sync 0 3 "$identify -c email,plan=p -C a=b --field n=.id"
sync 0 0 "$identify -c email"
silent 'removed'
sync 0 0 "$identify -c email"
# but the last column stands for all others, and -w for rows
sync 1 0 "$identify"
sync 0 3 "$identify"
sync 1 0 "$identify -w .id>1"
says 'where is new or changed'
sync 0 3 "$identify -w .id>1"
is 'gone' "$(jq -r 'select(.type == "track").event' events)" 'the row that does not match any more'
sync 1 0 "$identify"
sync 0 3 "$identify"
is 3 "$(grep -c '"type":"identify"' events)" 'the row is back'
# what is done to values, by its column
cp -r st kept
sync 1 0 "$identify --mask email=sha256 --default plan=free"
says "default of 'plan' is new or changed, mask of 'email' is new or changed"
rm -r st && mv kept st
# the name of an event, a cast
sync 1 0 '-t identify -u id --delete-event left'
sync 0 3 '-t identify -u id --delete-event left'
sync 1 0 "$identify --cast plan=string"
sync 0 3 "$identify --cast plan=string"
# there and back at once
sync 1 0 "$identify -c email"
sync 1 3 "$identify -c email,plan"
sync 0 3 "$identify -c email,plan"
sync 0 0 "$identify -c email,plan"

# a changed row before it was sent again goes with the rest
rm -rf st ev
sync 0 3 "$identify -c email"
sync 1 0 "$identify -c email,plan"
# --max-changes holds, and the resend goes on
sync 1 2 "$identify -c email,plan" --max-changes 2
sync 0 1 "$identify -c email,plan" --max-changes 2
sync 0 0 "$identify -c email,plan"
# a resend that fails is sent again, and one that came to no end goes on
sync 0 0 "$identify -c email"
sync 1 0 "$identify -c email,plan"
rows <rows | rudder-diff -k id -s st --mode mirror 2>/dev/null >changes
ack failed <changes | rudder-diff --commit -s st 2>/dev/null && fail 'a failed resend is fine'
sync 0 3 "$identify -c email,plan"
sync 0 0 "$identify -c email,plan"
sync 1 0 "$identify -c email,plan=p"
rows <rows | sed '2,3d;$d' >cut
status 65 rudder-diff -k id -s st --mode mirror cut >changes
ack accepted <changes >receipts
status 65 rudder-diff --commit -s st receipts
sync 0 2 "$identify -c email,plan=p"
sync 0 0 "$identify -c email,plan=p"

# said also where something else is wrong
rm -rf st ev
sync 0 3 "$identify -c email"
sync 1 0 "$identify -c email,plan"
sync 1 2 "$identify -c email,plan,id=key" --max-changes 2
says 'the next run resends all 3 rows'
says '1 change is postponed to the next run'
sync 0 3 "$identify -c email,plan,id=key"

# too many rows: the resend is not begun, changes leave
sync 0 0 "$identify -c email" --max-resend 2
sync 1 0 "$identify -c email,plan" --max-resend 2
sed -i 's/"x2"}/"x3"}/' rows
sync 3 1 "$identify -c email,plan" --max-resend 2
says 'resending 3 rows exceeds --max-resend 2; run once with --allow-resend 3'
is '3' "$(shown .resend)" 'a resend that is blocked'
sync 3 0 "$identify -c email,plan" --max-resend 2 --allow-resend 2
sync 0 3 "$identify -c email,plan" --max-resend 2 --allow-resend 3
sync 0 0 "$identify -c email,plan" --max-resend 2
# a blocked one after one that was truncated sends nothing twice
sync 1 0 "$identify -c email,plan=p"
status 65 rudder-diff -k id -s st --mode mirror cut >changes
ack accepted <changes >receipts
status 65 rudder-diff --commit -s st receipts
sync 3 0 "$identify -c email,plan=p" --max-resend 2
sync 0 2 "$identify -c email,plan=p"

# --on-mapping-change
sync 0 0 "$identify -c email,plan" --on-mapping-change none
sync 0 0 "$identify -c email,plan" --on-mapping-change none
says "column 'plan' is new"
sync 0 0 "$identify -c email,plan" --on-mapping-change changed
sync 0 0 "$identify -c email,plan"
silent 'changed'
sync 1 0 "$identify -c email,plan=p"
sync 0 0 "$identify -c email,plan=p" --on-mapping-change changed
is 'null' "$(shown .resend)" 'not due any more'
status 64 rudder-diff -k id -s st --on-mapping-change all rows

# --full is one, however many rows
sync 1 0 "$identify -c email,plan" --max-resend 0
sync 0 3 "$identify -c email,plan" --max-resend 0 --full
sync 0 0 "$identify -c email,plan"

# events that are counted are not sent again unasked
rm -rf st ev
sync 0 3 '-t track -e seen --delete-event gone -u id -c email'
sync 1 0 '-t track -e seen --delete-event gone -u id -c email,plan'
sync 3 0 '-t track -e seen --delete-event gone -u id -c email,plan'
says 'exceeds --max-resend 0'
says 'the resend of 3 rows was blocked: to allow it, run once with --allow-resend 3'
grep -q 'the next run' err && fail "a blocked resend is not the next run: $(cat err)"
sync 0 0 '-t track -e seen --delete-event gone -u id -c email,plan' --on-mapping-change changed
sync 0 0 '-t track -e seen --delete-event gone -u id -c email,plan'

# each entry of a mapping has the type and the event name in it
cp -r st kept
sync 1 0 '-t track -e noticed --delete-event gone -u id -c email,plan'
says 'was delivered with: the type or the event name is new'
rm -r st && mv kept st

# what may not change: nothing is sent
cp ev before
sync 78 0 "$identify -c email"
says "event type 'track', not 'identify'"
sync 78 0 '-t track -e seen --delete-event gone -u id -a email -c email'
says "user identifier 'id', not 'email', 'id'"
dest=rudder:http://127.0.0.1:9
sync 78 0 '-t track -e seen --delete-event gone -u id -c email,plan'
says "the state was delivered to 'file:'"
cmp -s ev before || fail 'something was sent'
# not even where there is a change
dest=file:ev
sed -i 's/"x3"}/"x4"}/' rows
sync 78 1 "$identify -c email"
cmp -s ev before || fail 'something was sent'
# unless it is accepted, once
sync 1 1 "$identify -c email" --accept-connection
sync 0 3 "$identify -c email"
sync 78 0 '-t track -e seen --delete-event gone -u id -c email'

# accepted where nothing changed: no later run asks again
dest='exec:cat >>ev3'
sync 78 0 "$identify -c email"
says 'if it has them already, accept it once with rudder-diff --accept-connection'
sync 0 0 "$identify -c email" --accept-connection
says 'rows delivered there are not sent again'
sync 0 0 "$identify -c email"
silent 'accepted with no change'
[ ! -s ev3 ] || fail 'something was sent'
dest=file:ev

# another file is said, and no more; nothing is compared with what keeps nothing
rm -rf st ev
sync 0 3 "$identify"
dest=file:ev2
sed -i 's/"x4"}/"x5"}/' rows
sync 0 1 "$identify"
says 'a different file'
sync 0 0 "$identify"
silent 'the other file is known'
dest=null:
sync 0 0 "$identify"
silent 'null:'
dest=file:ev2
sync 0 0 "$identify"
silent 'null: is not recorded'
rows <rows | rudder-diff -k id -s st --mode mirror --full | rudder-map -t identify -u id --delete-event gone -c email 2>/dev/null | rudder-send -n -d rudder:http://127.0.0.1:9 >receipts || fail 'a dry run compares'
rudder-diff --commit -s st <receipts >/dev/null 2>&1 || :
sync 0 0 "$identify"
silent 'a dry run is not recorded'

# a mode that changes is said once
rows <rows | rudder-diff -k id -s st --mode upsert 2>err | rudder-map -t identify -u id --delete-event gone | rudder-send -d file:ev2 | rudder-diff --commit -s st
says 'the mode is upsert; it was mirror'
rows <rows | rudder-diff -k id -s st --mode upsert 2>err >changes
silent 'the mode is known'
rudder-map -t identify -u id --delete-event gone <changes | rudder-send -d file:ev2 | rudder-diff --commit -s st

# two mappings in one run: the receipts are applied, no mapping is recorded
rm -rf st ev
dest=file:ev
rows <rows | rudder-diff -k id -s st --mode mirror >changes
rudder-map -t identify -u id --delete-event gone -c email <changes | rudder-send -d file:ev >first
rudder-map -t identify -u id --delete-event gone -c plan <changes | rudder-send -d file:ev >second
rudder-diff --commit -s st <first || fail 'the first mapping'
status 78 rudder-diff --commit -s st <second
says 'rudder tee'
is '3' "$(shown .keys)" 'the receipts are applied'
is 'null' "$(shown .connection.mapping)" 'no mapping'
sync 0 0 "$identify -c email"
silent 'the next one is recorded'

# receipts of a stream without a mapping or a destination record nothing
rm -rf st
rows <rows | sync_all -k id -s st >/dev/null || :
rm -rf st
sync_all -k id -s st <rows >/dev/null
is 'null' "$(shown .connection)" 'no connection'
sync 0 0 "$identify -c email"
sed -i 's/"x5"}/"x6"}/' rows
sync 0 1 "$identify -c email"
sync 0 0 "$identify -c email"
sync 1 0 "$identify -c plan"
