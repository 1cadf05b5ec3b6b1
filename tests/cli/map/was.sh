# was.sh - the mapping that the state was delivered with, as rudder-diff brings it: what
# changed since is named; a record that cannot be read stops no run
. "$TOP/tests/tool/lib.sh"
delivered() { # RECORD: a change behind it
	cat <<X
{"_rudder":{"type":"begin","v":1,"stream":"changes","run":"r1000000000000000000","was":{"mapping":$1}}}
{"id":1,"a":2,"b":3,"_rudder":{"type":"change","action":"insert","id":"1","change":"0123456789abcdef0123456789abcdef"}}
{"_rudder":{"type":"end","stream":"changes","changes":1,"rows":1}}
X
}
record=$(rudder-map -t identify -u id -c a -c b --print-record)
delivered "$record" >same
map() { rudder-map -t identify -u id "$@" >out; }

status 0 map -c a -c b <same
[ ! -s err ] || fail "the same mapping: $(cat err)"
is 1 "$(grep -c '"userId"' out)" 'events of the same mapping'
status 0 map -c a <same
[ ! -s err ] || fail "an entry less: $(cat err)"
status 0 map -c a -c b -c id=x <same
says "the state was delivered with: column 'id' is new or changed"
status 0 rudder-map -t identify -a id -c a -c b <same
says 'anonymous_id is new or changed'
status 78 rudder-map -t track -e E -u id -c a -c b <same
says "delivered with event type 'identify', not 'track': use a new state"
[ "$(grep -c '"userId"' out)" = 1 ] || fail 'an event of another type'
delivered '{"types":[],"identifiers":[]}' >none
status 78 map -c a -c b <none
says "delivered with event type (none), not 'identify'"

for damaged in '{"entries":"zz"}' '{"entries":"zzzzzzzzzzzzzzzz"}' '{"entries":7,"columns":7}' '{"entries":"","columns":""}' 7 '[]' '{}'; do
	delivered "$damaged" >in
	status 0 map -c a -c b <in
	is 1 "$(grep -c '"userId"' out)" "the record $damaged"
done
delivered "$record" | sed 's/"entries":"\([0-9a-f]\)/"entries":"z\1/' >in
status 0 map -c a -c b -c id=x <in
is 1 "$(grep -c '"userId"' out)" 'a record with a damaged hash'

# where there is no terminal, a preview is as wide as COLUMNS says
rudder-map --preview 1 -t identify -u id -c a <same >wanted
for columns in '' x 9 10000 100; do
	COLUMNS=$columns rudder-map --preview 1 -t identify -u id -c a <same >got
	cmp wanted got || fail "COLUMNS=$columns is not 100 columns"
done
COLUMNS=50 rudder-map --preview 1 -t identify -u id -c a <same >got
! cmp -s wanted got || fail 'COLUMNS=50 changes nothing'
[ "$(awk '{if (length($0) > n) n = length($0)} END {print n}' got)" -le 60 ] || fail "wider than 50: $(cat got)"
