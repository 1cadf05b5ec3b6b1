# ids.sh - messageId: which events have the same, and which must not
. "$TOP/tests/tool/lib.sh"
RUDDER_RUN_ID=cm90100000000000test
export RUDDER_RUN_ID

ids() { jq -r 'select(.type) | .messageId' "$@"; }
shared() { ids "$@" | cut -c 1-28; } # the first 24 digits
differ() { # $1: file, $2: what
	is "$(wc -l <"$1")" "$(sort -u "$1" | wc -l)" "$2"
}
uuid='^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}'
printf '{"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1"}}\n{"id":1,"e":"x","n":1}\n{"id":2,"e":"y","n":2}\n{"_rudder":{"type":"end","stream":"rows","rows":2}}\n' >rows
rudder-diff -k id -s state <rows >changes || fail changes

# one row, two mappings: each event has an id of its own, of changes and of rows
for from in rows changes; do
	: >all
	for how in '-t identify -u id' '-t track -e E -u id' '-t track -e F -u id' '-t track --event-column e -u id' \
		'-t page -u id' '-t identify -u id -c e' '-t identify -u id -c n' '-t identify -u id --constant k=1' \
		'-t identify -u id --constant k=2' '-t record --identifier id' '-t identify -u id --job-id j' '-t identify -u id -w .n'; do
		# shellcheck disable=SC2086 # options
		rudder-map $how <$from >events || fail "$how"
		ids events >>all
		is 2 "$(ids events | grep -cE "$uuid\$")" "a UUID of version 8: $how"
	done
	differ all "of $from"
	is 2 "$(cut -c 1-28 all | sort -u | wc -l)" "what the events of a row of $from share"
done

# by two jq programs, and natively as by libjq
for j in '{traits: {e}}' '{traits: {n}}' '{type: "track", event: "E"}' '{type: "track", event: .e}'; do
	rudder-map -t identify -u id -j "$j" <changes >events || fail "$j"
	rudder-map -t identify -u id -j "$j" --jq-engine libjq <changes | cmp -s - events || fail "by libjq: $j"
	ids events >>all
done
rudder-map -u id -j '{type: "identify"}, {type: "track", event: "A"}, {type: "track", event: "B"}' <changes >events || fail several
is 6 "$(ids events | grep -cE "$uuid-[123]-3\$")" 'events of one program'
is 6 "$(ids events | cut -c 1-36 | sort -u | wc -l)" 'by type and name'
ids events >>all
differ all programs

# the delete of a record, and as a track event
printf '{"_rudder":{"type":"change","action":"delete","id":"7","change":"0123456789ab8def8123456789abcdef"},"id":7}\n' >gone
for how in '-t record --identifier id' '-t identify -u id --delete-event Gone' '-t identify -u id --delete-event Left'; do
	# shellcheck disable=SC2086 # options
	rudder-map --trust-eof $how <gone | ids
done >all
is 3 "$(grep -c '^01234567-89ab-8def-8123-4567' all)" 'events of a delete'
differ all deletes

# one row of two models
sed 's/"m1"/"m2"/' rows | rudder-map -t identify -u id >other || fail 'another model'
rudder-map -t identify -u id <rows >one || fail one
[ "$(shared one)" != "$(shared other)" ] || fail 'two models have the same ids'

# the same mapping, however it is given, in any run: the same ids
ids one >want
RUDDER_RUN_ID=other000000000000000 rudder-map -t identify -u id <rows | ids | diff want - || fail 'another run'
sed 's/"r1000000000000000000"/"r2000000000000000000"/' rows | rudder-map -t identify -u id --constant-run at=id | ids >run
sed 's/"r1000000000000000000"/"r3000000000000000000"/' rows | rudder-map -t identify -u id --constant-run at=id | ids | diff run - || fail 'a constant of the run'
echo '{"type":"identify","user_id":"id"}' >m.json
rudder-map -m m.json <rows | ids | diff want - || fail 'from a file'
rudder-map -t identify -u id -c e,n --mask e=sha256 --null n=omit --print-mapping >n.json || fail print
rudder-map -t identify -u id -c e,n --mask e=sha256 --null n=omit <rows | ids >want
rudder-map -m n.json <rows | ids | diff want - || fail 'as it was printed'

# what is secret counts, and so does what stands in the environment
K=1 rudder-map -t identify -u id --constant-env k=K <rows | ids >all
K=2 rudder-map -t identify -u id --constant-env k=K <rows | ids >>all
for key in one two; do
	(umask 077 && echo $key >key)
	rudder-map -t identify -u id --mask e=hmac --mask-key-file key <rows | ids
done >>all
differ all 'values that are not in the mapping'

# a commit takes the ids of all events, those of 0.1 and those of rejects
receipt() { # $1: messageId
	printf '{"_rudder":{"type":"begin","v":1,"stream":"receipts"}}\n'
	for id in $1; do printf '{"messageId":"%s","status":"accepted","code":200,"attempts":1,"ms":1}\n' "$id"; done
	printf '{"_rudder":{"type":"end","stream":"receipts","receipts":%d}}\n' "$(echo "$1" | wc -w)"
}
plain() { jq -r 'select(._rudder.change) | ._rudder.change' "$1" | sed 's/\(.\{8\}\)\(.\{4\}\)\(.\{4\}\)\(.\{4\}\)/\1-\2-\3-\4-/'; }
for form in new plain parts; do
	rm -rf state
	rudder-diff -k id -s state <rows >changes || fail changes
	case $form in
	new) list=$(rudder-map -t identify -u id <changes | ids) ;;
	plain) list=$(plain changes) ;;
	*) list=$(plain changes | sed 's/$/-1-2/' && plain changes | sed 's/$/-2-2/') ;;
	esac
	receipt "$list" | rudder-diff --commit -s state || fail "the commit of $form ids"
	is 0 "$(rudder-diff -k id -s state <rows | grep -c '"change"')" "what is left after the commit of $form ids"
done

# the inverse of a change is found by no commit of it
rm -rf state
rudder-diff -k id -s state --keep row <rows >changes || fail changes
rudder-diff --invert <changes >inverse || fail invert
rudder-map -t record --identifier id <inverse | ids >back
cut -c 1-28 back >back28
plain changes | cut -c 1-28 | grep -Fxf - back28 && fail 'an inverse has the id of its change'
exit 0
