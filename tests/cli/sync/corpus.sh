# corpus.sh - JSONTestSuite through the filters: what must be accepted leaves
# as it came, byte for byte, and what must be refused is, by line and offset
. "$TOP/tests/tool/lib.sh"
suite=$TOP/../shared/corpora/jsontestsuite/test_parsing
[ -d "$suite" ] || skip 'skipped: no ../shared/corpora/jsontestsuite'

# each document as the value of a row, without white space around it; a line
# feed in it becomes CR, which is white space as well
row() {
	printf '{"id":"%s","v":' "$1"
	tr '\n' '\r' <"$suite/$1" | sed 's/^[ \r\t]*//; s/[ \r\t]*$//'
	printf '}\n'
}
n=0
: >empty
for f in "$suite"/y_*.json; do
	case $f in *duplicated_key*) continue ;; esac # refused on purpose
	row "${f##*/}" >>yes
	n=$((n + 1))
done
is 93 $n 'documents to accept'
rudder-diff -k id empty yes >out || fail "rudder-diff: $?"
grep '"change"' out | sed 's/^{"_rudder":{[^}]*},/{/' >back
cmp yes back || fail 'rudder-diff changed a byte'
rudder-map -t identify -u id <out >events || fail "rudder-map: $?"
sed -n 's/.*"traits":{\("v":.*\)},"type":"identify","userId":"\(.*\)"}$/{"id":"\2",\1}/p' events >back
cmp yes back || fail 'rudder-map changed a byte'
RUDDER_WRITE_KEY='test' rudder-send -d file:sent <events >receipts || fail "rudder-send: $?"
grep -v '^{"_rudder"' events | cmp - sent || fail 'rudder-send changed a byte'

for f in "$suite"/n_*.json "$suite"/y_object_duplicated_key*.json; do
	row "${f##*/}" >>no
	n=$((n + 1))
done
for tool in "rudder-diff -k id empty no" "rudder-map --trust-eof -t identify -u id"; do
	status 1 $tool <no >out
	is $((n - 93)) "$(grep -c '"type":"reject".*"line":[0-9]*,"reason":"byte [0-9]*: ' out)" "refused by $tool"
	grep -v '^{"_rudder":{"type":"\(reject\|begin\|end\)"' out && fail 'a refused document got through'
done
:
