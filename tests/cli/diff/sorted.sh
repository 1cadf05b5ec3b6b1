#!/bin/sh
# sorted.sh - two sorted files give what they give unsorted, in little memory
set -eu
# shellcheck source=tests/tool/lib.sh
. "$TOP/tests/tool/lib.sh"

# tables with keys of all kinds; jq puts them in order, and in another
awk 'BEGIN {
	srand(11)
	n = split("1|1.5|-3|\"a\"|\"b\\\"\"|\"\\\\\"|\"\xc3\xa9\"|\"\xf0\x9f\x98\x80\"|true|false|\"\"|10000.5|\"A\"|\"a b\"|\"10\"", odd, "|")
	for (i = 0; i < 400; i++) {
		k = rand() < 0.2 ? odd[1 + int(rand() * n)] : rand() < 0.5 ? int(rand() * 5000) - 500 : "\"k" int(rand() * 5000) "\""
		if (k in seen) continue
		seen[k] = 1
		r = rand()
		if (r < 0.8) printf "{\"id\":%s,\"part\":%d,\"v\":%d}\n", k, i % 3, i % 5 >"old"
		if (r > 0.2) printf "{\"v\":%d,\"id\":%s,\"part\":%d}\n", r < 0.5 ? i % 5 : 9, k, i % 3 >"new"
	}
}'
for key in id part,id id,part; do
	for f in old new; do
		jq -sc "sort_by($(echo ".$key" | sed 's/,/,./'))[]" $f >$f.sorted
	done
	[ "$(jq -sc 'map(tostring)' old.sorted)" != "$(jq -sc 'map(tostring)' old)" ] || fail 'was in order before'
	for mode in mirror upsert insert-only update-only full; do
		rudder-diff -k $key --mode $mode old new | sed 1d | LC_ALL=C sort >want
		rudder-diff -k $key --mode $mode --sorted old.sorted new.sorted >got
		sed 1d got | LC_ALL=C sort | cmp -s - want || fail "-k $key --mode $mode: $(LC_ALL=C sort got | diff - want | head -n 4)"
	done
done
# deletes come last, and only from what is whole
jq -sc 'sort_by(.id)[]' new >new.sorted
jq -sc 'sort_by(.id)[]' old >old.sorted
is 1 "$(rudder-diff -k id --sorted old.sorted new.sorted | sed -n 's/.*"action":"\([a-z]*\)".*/\1/p' | sed 's/insert\|update/send/' | uniq | grep -c delete)" 'runs of deletes'
{ sed 100q new.sorted; sed -n 50p new.sorted; sed 1,100d new.sorted; } >wrong
status 65 rudder-diff -k id --sorted old.sorted wrong >out
says "'wrong', line 101: key out of order"
is '' "$(grep -e delete -e '"end"' out)" 'deletes and end of what is out of order'
status 65 rudder-diff -k id --sorted wrong new.sorted >out
says "'wrong', line 101: key out of order"
is '' "$(grep -e delete -e '"end"' out)" 'deletes and end beside what is out of order'
rows <new.sorted | sed '$d' >cut
status 65 rudder-diff -k id --sorted old.sorted cut >out
is '' "$(grep -e delete -e '"end"' out)" 'deletes and end of a file that was cut'
status 65 rudder-diff -k id old.sorted cut >out
is '' "$(grep -e delete -e '"end"' out)" 'deletes and end of a file that was cut, unsorted'

# rows that cannot be distinguished: refused in the new file, an error in the old
{ sed 1q new.sorted; cat new.sorted; echo '{"id":null}'; echo '{"v":'; } >refused
status 1 rudder-diff -k id --sorted old.sorted refused >out
is 3 "$(grep -c '"type":"reject"' out)" 'rejects'
grep -q '"line":2,.*duplicate key' out || fail 'no line of the duplicate key'
{ sed 1q old.sorted; cat old.sorted; } >twice
status 65 rudder-diff -k id --sorted twice new.sorted >out
says "'twice', line 2: duplicate key"
echo '{"v":1}' >none
status 78 rudder-diff -k id --sorted none new.sorted >out
says "'none': the rows have no key column 'id'"

# numbers count by their exact value, of any size
printf '{"id":%s}\n' -1e30 -2 -1.5 0 0.1 9 10 99999999999999999998 99999999999999999999 1e20 1e39 >numbers
status 0 rudder-diff -k id --sorted numbers numbers >out
while IFS='|' read -r high low; do
	printf '{"id":%s}\n' "$high" "$low" >falling
	status 65 rudder-diff -k id --sorted falling numbers >out
	printf '{"id":%s}\n' "$low" "$high" >rising
	status 0 rudder-diff -k id --sorted rising numbers >out
done <<'PAIRS'
2|1.5
10|9
99999999999999999999|99999999999999999998
1e39|1e38
0.1e-399|0.1e-400
0.1|1e-2
0|-0.1
"a"|1
"b"|"a"
1|true
true|false
"\u00e9"|"z"
"a/b"|"a\"b"
PAIRS

# empty files
: >empty
is "$(wc -l <new.sorted)" "$(rudder-diff -k id --sorted empty new.sorted | grep -c '"insert"')" 'inserts'
is "$(wc -l <old.sorted)" "$(rudder-diff -k id --sorted old.sorted empty | grep -c '"delete"')" 'deletes'
status 64 rudder-diff --sorted -k id -s st new
