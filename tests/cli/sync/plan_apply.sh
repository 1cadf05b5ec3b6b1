# plan_apply.sh - rudder plan and rudder apply: what is shown is what is sent,
# once; plans that are stale, edited or used are refused
. "$TOP/tests/tool/lib.sh"

mkdir syncs
cat >syncs/users.yaml <<'END'
version: 1
source: csv:users.csv
key: id
mode: mirror
mapping: {type: identify, user_id: id, delete_event: gone}
keep: {values: row}
deletes: {max: 60%}
destination: {dest: file:ev, batch: 1}
END
printf 'id,a\n1,x\n2,y\n3,z\n' >users.csv
touch ev
events() { wc -l <ev; }

# a look: nothing is written, and the counts are those of the run that follows
status 0 rudder plan syncs/users.yaml >shown
grep -qx '  3 inserts, 0 updates, 0 deletes; 0 unchanged; 3 events' shown || fail "$(cat shown)"
# samples for people: what the destination gets, without the ids of the run
sed -n '/^insert 1$/,/^$/p' shown >got
cat >want <<'END'
insert 1
  row    {"id":"1","a":"x"}
  event  type: "identify"
         traits: {"a":"x"}
         userId: "1"

END
diff want got || fail 'a sample for people'
! grep -q 'more change' shown || fail 'more than all'
status 0 rudder plan --sample 1 syncs/users.yaml >shown
is '1 2 more changes (--sample N)' "$(grep -c '^insert' shown) $(tail -1 shown)" 'what is left out'
is '0 no' "$(events) $([ -e state ] || echo no)" 'after a look'
status 0 rudder plan syncs/users.yaml >shown
is '' "$(cat err)" 'the plan alone'
! command -v script >/dev/null ||
	! TERM=dumb script -qc 'rudder plan syncs/users.yaml' /dev/null | grep 'rudder-' || fail 'lines of the filters on a terminal'
status 0 rudder run

# before, row and event of each action; a plan holds the state
printf 'id,a\n1,x\n2,w`\n9,n\n' >users.csv
status 0 rudder plan --format json -o plan syncs/users.yaml >shown
jq -c '.sample[] | [.action, .id, .before.a, .row.a, .events[0].type]' shown >got
cat >want <<'END'
["insert","9",null,"n","identify"]
["update","2","y","w`","identify"]
["delete","3",null,"z","track"]
END
diff want got || fail 'the sample'
is '[1,1,1,1,3]' "$(jq -c '.counts | [.inserts, .updates, .deletes, .unchanged, .events]' shown)" 'counts'
is 600 "$(stat -c %a plan)" 'the mode of the plan'
status 75 rudder run
says 'waiting for review'
status 75 rudder plan -o other syncs/users.yaml
[ -e state/users/hold ] || fail 'a second plan lifted the hold of the first'
[ ! -e other ] || fail 'a second plan'
is 3 "$(events)" 'nothing is sent'
# to look is allowed
status 0 rudder plan --format markdown --sample 1 syncs/users.yaml >shown
is '2 2' "$(grep -c '^```' shown) $(grep -c 'w.u0060' shown)" 'markdown'

# edited, cut or foreign: nothing is sent, and the plan itself stays good
# edited STATUS SED-COMMAND
edited() {
	sed "$2" plan >edited
	! cmp -s plan edited || fail "no edit: $2"
	got=0
	rudder apply edited 2>err || got=$?
	is "$1 3" "$got $(events)" "edited by $2 ($(cat err))"
}
edited 65 's/"a":"n"/"a":"m"/'
edited 65 '3d'
edited 78 's/"expires_ms":1/"expires_ms":2/'
edited 78 's/"events":3/"events":4/'
edited 78 "\$d"
edited 78 '1s/{/[/'
edited 78 '1d'
status 78 rudder apply users.csv
says 'not a plan'
status 66 rudder apply none
# the sync file delivers in another way
sed -i 's/file:ev/file:else/' syncs/users.yaml
status 78 rudder apply plan
says 'the destination, its options or the state changed after the plan was made'
sed -i 's/file:else/file:ev/' syncs/users.yaml

# applied: those bytes, once
tail -c +4097 plan | grep -v '^{"_rudder"' >bytes
: >ev
status 0 rudder apply plan
diff bytes ev || fail 'other bytes were sent'
status 75 rudder apply plan
says 'applied or declined before'
is 3 "$(events)" 'sent once'
status 0 rudder run
is 3 "$(events)" 'all is delivered'

# declined: the next run offers it again
echo 10,t >>users.csv
status 0 rudder plan -o plan syncs/users.yaml >shown
status 0 rudder apply --decline plan
is '' "$(cat err)" 'messages'
status 75 rudder apply plan
status 75 rudder apply --decline plan
is 3 "$(events)" 'declined'
status 0 rudder run
is 4 "$(events)" 'after declining'

# expired: declining is all that can be done with it
echo 11,t >>users.csv
status 0 rudder plan --expires 1ms -o plan syncs/users.yaml >shown
sleep 0.01
status 75 rudder apply plan
says '--decline'
status 75 rudder run
says 'has expired at'
says "if it is lost, remove '$PWD/state/users/hold'"
rudder status --format json syncs/users.yaml >status.json
jq -r .message status.json | grep -q 'a plan expired at .* UTC; no run starts until it is declined (rudder apply --decline)$' ||
	fail "an expired plan: $(cat status.json)"
is true "$(jq '.state.hold_expires != null' status.json)" 'when it expires'
status 0 rudder apply --decline plan
status 0 rudder run

# a plan of nothing holds nobody up
status 0 rudder plan -o plan syncs/users.yaml >shown
status 0 rudder run
status 0 rudder apply plan

# a plan that cannot be made holds nothing: here the mapping is wrong
echo 12,t >>users.csv
sed -i 's/user_id: id/user_id: none/' syncs/users.yaml
status 78 rudder plan -o plan2 syncs/users.yaml
[ ! -e state/users/hold ] || fail 'held for nothing'
[ ! -e plan2 ] || fail 'a plan without events'
sed -i 's/user_id: none/user_id: id/' syncs/users.yaml
# nor one that cannot be delivered: a look says so too
sed -i 's/dest: file:/dest: fil:/' syncs/users.yaml
for output in '' '-o plan2'; do
	# shellcheck disable=SC2086 # two words or none
	status 64 rudder plan $output syncs/users.yaml
	says "did you mean 'file:'?"
done
sed -i 's/dest: fil:/dest: file:/; s/, delete_event: gone//' syncs/users.yaml
for output in '' '-o plan2'; do
	# shellcheck disable=SC2086
	status 78 rudder plan $output syncs/users.yaml
	says 'identify events cannot delete'
done
sed -i 's/user_id: id}/user_id: id, delete_event: gone}/' syncs/users.yaml
[ ! -e state/users/hold ] || fail 'held for what cannot be delivered'
[ ! -e plan2 ] || fail 'a plan of what cannot be delivered'
# a sync by its name
status 0 rudder plan -o plan2 users >shown
status 0 rudder apply --decline plan2
rm plan2
# nor one that cannot be written, or whose source is missing
status 73 rudder plan -o none/plan syncs/users.yaml
mv users.csv kept
status 66 rudder plan -o plan2 syncs/users.yaml
mv kept users.csv
status 0 rudder run

# blocked deletes: the plan has the rest, and the number to allow
printf 'id,a\n13,new\n' >users.csv
status 3 rudder plan -o plan syncs/users.yaml >shown
grep -q '6 deletes are blocked by a delete guard' shown || fail "$(cat shown err)"
status 3 rudder apply plan
status 0 rudder plan --allow-deletes=6 -o plan syncs/users.yaml >shown
status 0 rudder apply plan
is '[1,0]' "$(rudder-diff --status -s state/users | jq -c '[.keys, .pending]')" 'in the end'

# several destinations: a plan for each, or for the one that is named
cat >syncs/two.yaml <<'END'
version: 1
source: csv:users.csv
key: id
mapping: {type: identify, user_id: id}
destinations: {a: file:a, b: file:b}
END
status 0 rudder plan syncs/two.yaml >shown
is 'two/a two/b' "$(sed -n 's/^\(two.[ab]\) to .*/\1/p' shown | paste -sd' ')" "two plans: $(cat shown)"
status 0 rudder plan --format json syncs/two.yaml >shown
is '"a" "b"' "$(jq -c .destination shown | paste -sd' ')" 'two plans, as JSON'
status 64 rudder plan --destination c syncs/two.yaml
says "'syncs/two.yaml' has no destination 'c'; it has 'a', 'b'"
status 64 rudder plan --destination c syncs/users.yaml
says "has no destination 'c': it has one, without a name"
status 0 rudder plan -o both syncs/two.yaml >shown
status 75 rudder run syncs/two.yaml
status 0 rudder apply both.a
status 0 rudder apply both.b
is '1 1' "$(wc -l <a) $(wc -l <b)" 'both'
rm -r a b state/two
# one that fails does not stop the other
mkdir -p state/two/a && chmod 777 state/two/a
status 77 rudder plan -o both syncs/two.yaml >shown
is 2 "$(find both.b state/two/b/hold | wc -l)" 'the other plan'
status 0 rudder apply --decline both.b
rm -r state/two
status 0 rudder plan --destination b -o plan syncs/two.yaml >shown
status 0 rudder apply plan
is '1 no' "$(wc -l <b) $([ -e a ] || echo no)" 'one of two'

# a plan that is damaged, edited, cut or of a later version is not applied
printf 'id,a\n21,x\n22,y\n' >users.csv
status 0 rudder plan --allow-deletes=1 -o plan syncs/users.yaml >shown
before=$(events)
while IFS='|' read -r script words; do
	sed "1{$script}" plan >edited
	! cmp -s plan edited || fail "nothing changed by $script"
	chmod 600 edited
	status 78 rudder apply edited
	says "$words"
	is "$before" "$(events)" "events after $script"
done <<'X'
s/"rudder_plan":1/"rudder_plan":2/|the plan is of a later version of rudder
s/"rudder_plan"/"rudder_palm"/|this is not a plan of rudder
s/"expires_ms"/"expires_sm"/|the header of the plan is damaged
s/"file":/"fail":/|the header of the plan is damaged
s/"destination":/"destinatoin":/|the header of the plan is damaged
s/"delivery":/"dilevery":/|the header of the plan is damaged
s/"created":/"crated_":/|the header of the plan is damaged
s/"events":/"evnets":/|the header of the plan is damaged
s/"created":"[^"]*"/"created":20261130200000000000000000/|the header of the plan is damaged
s/"hash":/"hsah":/|the plan was changed after it was made
s/"hash":"\([0-9a-f]*\)"/"hash":[\1]/|
s/"delivery":"/"delivery":1,"x":"/; s/  $//|this is not a plan of rudder
s/"file":"/"file":["/|this is not a plan of rudder
s/"hash":"./"hash":"x/|the plan was changed after it was made
s/"events":./"events":9/|the plan was changed after it was made
X
head -c 100 plan >edited
status 78 rudder apply edited
says 'this is not a plan of rudder'
sed '$d' plan >edited
status 78 rudder apply edited
says 'the plan is not whole: it has no seal'
is "$before" "$(events)" 'events'
# the file has two destinations now
cp syncs/users.yaml kept
sed 's/^destination: .*/destinations: {a: file:ev, b: file:b}/' kept >syncs/users.yaml
status 78 rudder apply plan
says 'has 2 destinations now, and had one when the plan was made'
mv kept syncs/users.yaml
status 0 rudder apply plan

# for a review as Markdown: with what applies it
printf 'id,a\n21,x\n22,z\n' >users.csv
status 0 rudder plan --format markdown -o plan syncs/users.yaml >shown
# shellcheck disable=SC2016 # Markdown
grep -q '^Apply by `rudder apply plan` until 20..-' shown || fail "$(cat shown)"
status 0 rudder apply --decline plan

# a row of two events, and one of none; what an event has of its context
cat >syncs/several.yaml <<'END'
version: 1
source: csv:users.csv
key: id
mapping:
  - {type: identify, user_id: id, where: '.id != "22"', constants: {.context.plan: pro}}
  - {type: track, event: Seen, user_id: id, where: '.id != "22"'}
destination: file:several
END
status 0 rudder plan syncs/several.yaml >shown
sed -n '/^insert 21$/,/^$/p; /^insert 22$/,/^$/p' shown >got
cat >want <<'END'
insert 21
  row    {"id":"21","a":"x"}
  event  type: "identify"
         context.plan: "pro"
         traits: {"a":"x"}
         userId: "21"
  event  type: "track"
         event: "Seen"
         properties: {"a":"x"}
         userId: "21"

insert 22
  row    {"id":"22","a":"z"}
  event  (none)
END
diff want got || fail 'two events of a row, and none'

# two that fail: each is said, and the worse one counts
sed 's/^destinations: .*/destinations: {a: {dest: file:a, state: st-a}, b: {dest: file:b, state: st-b}}/' syncs/two.yaml >kept && mv kept syncs/two.yaml
mkdir st-b && chmod 777 st-b
echo x >st-a
status 77 rudder plan -o both syncs/two.yaml >shown
says "st-a"
says "st-b"

# partitions: a plan for each part of each destination, in files of this folder
sqlite3 shop.db 'CREATE TABLE users(id INTEGER, v)' "INSERT INTO users VALUES (1, 'a'), (2, 'b'), (3, 'c'), (4, 'd')"
cat >syncs/parts.yaml <<'END'
version: 1
source: sqlite:shop.db
table: users
key: id
partitions: 2
mapping: {type: identify, user_id: id}
destinations: {a: file:a, b: file:b}
END
rm -f a b
status 0 rudder plan -o parts syncs/parts.yaml >shown
for plan in a.0 a.1 b.0 b.1; do
	status 0 rudder apply parts.$plan
done
is '4 4' "$(wc -l <a) $(wc -l <b)" 'plans of parts'

# keys and values move no cursor and hide nothing: ESC, DEL, C1, a mark that turns the text,
# and half a character
sqlite3 shop.db 'CREATE TABLE odd(id TEXT, v)' \
	"INSERT INTO odd VALUES ('a' || char(27) || '[2J' || char(127) || char(155) || char(8238) || 'é', char(133) || 'b')"
sed 's/table: users/table: odd/; /^partitions/d; s/^destinations:.*/destination: file:c/' syncs/parts.yaml >syncs/odd.yaml
for format in text markdown; do
	status 0 rudder plan --format $format syncs/odd.yaml >shown
	grep -qx 'insert a \[2J   é' shown || fail "$format: $(od -c shown)"
	! LC_ALL=C grep -q "$(printf '[\001-\010\013-\037\177]')" shown || fail "control characters, $format: $(od -c shown)"
	! grep -q "$(printf '\302[\200-\237]\|\342\200\256')" shown || fail "hidden characters, $format: $(od -c shown)"
done
