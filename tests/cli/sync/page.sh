# page.sh - rudder status --format html: one page, complete in itself, after a
# month of 720 runs; looked at by a browser where chromium is installed
. "$TOP/tests/tool/lib.sh"
. "$TOP/tests/tool/month.sh"
sync() { # NAME
	rudder-query -d "csv:$1.csv" | rudder-diff -k id -s "state/$1" | rudder-map -t identify -u id |
		rudder-send -d "exec:! grep -q refuse" -b 1 2>said | rudder-diff --commit -s "state/$1"
}
printf 'id,email\n1,ann@secret.example\n<b>key</b>,refuse@secret.example\n2,b\n2,twice\n' >users.csv
printf 'id,email\n1,a\n2,b\n' >orders.csv
status 1 sync users
sync orders || fail 'a good run'
tail -n 1 state/users/runs >newest
{
	month "$(($(date +%s) - 60))" 719
	# a reason that tries to be markup
	sed 's|"reason":"[^"]*"|"reason":"<script>alert(1)</script><img src=x onerror=alert(2)> \& \\"quoted\\""|; s/"status":1/"status":78/' newest
	cat newest
} >state/users/runs
cp -r state/orders 'state/<i>"name&'
mkdir state/new
echo x >state/new/lock # begun, and no run yet
rm -r state/new

status 0 rudder status --format html -o page.html
is 644 "$(stat -c %a page.html)" 'who may read it'
size=$(wc -c <page.html)
[ "$size" -lt 300000 ] || fail "the page has $size bytes"

# nothing of a row, nothing to load, no markup of others
! grep -nE 'secret\.example|<b>key|key</b>' page.html || fail 'a value of a row'
! grep -nioE '<script|<img|<iframe|<object|<embed|@import|url\(|[ "]on[a-z]+=["'"'"']' page.html || fail 'something active'
! grep -noE '(src|href)="[^#d][^"]*"|href="d[^a][^"]*"' page.html || fail 'something to load'
grep -q '&lt;script&gt;alert(1)&lt;/script&gt;' page.html || fail 'the reason is not shown'
grep -q '&lt;i&gt;&quot;name&amp;' page.html || fail 'the name is not shown'
grep -qF "default-src 'none'" page.html || fail 'no content security policy'
# each tag is closed, in order: the page read as XML but for its void elements
if command -v xmllint >/dev/null; then
	sed '1d; s/<\(meta\|link\)\([^>]*\)>/<\1\2\/>/' page.html >page.xml
	xmllint --noout --nonet page.xml || fail 'tags do not match'
fi

sed 's/<[^>]*\/>//g' page.html >tags
grep -oE '</[a-z0-9]+' tags | sort -u | cut -c 3- >names
while read -r tag; do
	is "$(grep -oE "<${tag}[ >]" tags | wc -l)" "$(grep -o "</$tag>" tags | wc -l)" "<$tag> and </$tag>"
done <names

# what the month was is on it
for text in 'How the syncs stand' 'cannot connect to https://data.example.com: Connection refused' \
	'not as expected: deletes&lt;=100' '24,300 deletes were blocked' 'duplicate key' 'Blocked by a guard' \
	'Expectations that were not met' 'Rows that fail' 'mostly send' 'query: reads rows' 'prefers-color-scheme: dark' '@media print'; do
	grep -qF "$text" page.html || fail "not on the page: $text"
done
is 3 "$(grep -c '<section ' page.html)" 'sections'
# stages: a chart where their times are known, of at most five parts a bar
is 1 "$(grep -c '<b>Stages</b>' page.html)" 'charts of stages'
for s in query diff map send commit; do
	grep '<b>Stages</b>' page.html | grep -q "class=\"bar $s\"" || fail "no bar of $s"
done
is 3 "$(grep -c 'class="strip"' page.html | awk '{print $1 / 2}')" 'strips'
# the sum of the outcomes is the number of runs
grep -o 'class="strip".*' page.html | head -n 1 | grep -oE '[0-9]+ runs?' | awk '{n += $1} END {exit n != 721}' ||
	fail "the strip has other runs: $(grep -o 'class="strip".*' page.html | head -n 1 | grep -oE '[0-9]+ runs?' | awk '{n += $1} END {print n}')"
grep -q '<b>5[0-9][0-9] of 721</b>' page.html || fail 'good runs'

# no state, one state without a run, one that cannot be read
mkdir -p other/bad && echo '{"v":1,"status":0}' >other/bad/runs && chmod 777 other/bad
status 77 rudder status --format html -o bad.html other
grep -q 'is writable by other users' bad.html || fail 'why it cannot be read'

browser=
for name in chromium chromium-browser google-chrome; do
	[ -n "$browser" ] || browser=$(command -v $name) || :
done
if [ -z "$browser" ]; then
	echo 'no chromium: the page was not looked at by a browser' >&2
	exit 0
fi
# the page as it is, and copies that allow a script of ours, which measures
sed "s/default-src 'none'; /script-src 'unsafe-inline'; /" page.html >measured.html
cat >>measured.html <<'EOT'
<script>
const all = [...document.querySelectorAll("svg .bar")].map(e => e.getBoundingClientRect());
const wide = [...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > innerWidth + 0.5).map(e => e.tagName + "." + e.className);
parent.postMessage({inner: innerWidth, scroll: document.documentElement.scrollWidth, wide: wide.slice(0, 5),
	seen: all.filter(r => r.width > 1 && r.height > 0.5).length, all: all.length}, "*");
</script>
EOT
cat >frames.html <<'EOT'
<!DOCTYPE html><link rel="icon" href="data:,"><title>none</title>
<script>
const got = [];
onmessage = e => { got.push(e.data); document.title = JSON.stringify(got); };
</script>
<iframe src="page.html" width="1280" height="900"></iframe>
<iframe src="measured.html" width="400" height="900" style="border: 0"></iframe>
<iframe src="measured.html" width="1280" height="900" style="border: 0"></iframe>
EOT
HOME=$PWD timeout 300 "$browser" --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --hide-scrollbars \
	--enable-logging=stderr --user-data-dir="$PWD/profile" --window-size=1400,900 \
	--dump-dom "file://$PWD/frames.html" >dom 2>log || fail "the browser failed: $(tail -n 3 log)"
! grep 'CONSOLE' log || fail 'messages in the console'
sed -n 's/.*<title>\(\[.*\]\)<\/title>.*/\1/p' dom >measures
jq -e 'length == 2 and ([.[].inner] | sort == [400, 1280])' measures >/dev/null || fail "no measures: $(head -c 300 dom)"
jq -e 'all(.scroll <= .inner and .wide == [])' measures >/dev/null || fail "it scrolls sideways: $(cat measures)"
jq -e 'all(.seen == .all and .all > 400)' measures >/dev/null || fail "bars that are not seen: $(cat measures)"
