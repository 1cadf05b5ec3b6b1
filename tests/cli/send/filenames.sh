#!/bin/sh
# Names of files with a time or a value of the event; .gz and .zst.
. "$TOP/tests/tool/lib.sh"
. "$TOP/tests/tool/fake.sh"
command -v gzip >/dev/null || skip 'no gzip'
command -v zstd >/dev/null || skip 'no zstd'
put() { rudder-send -d "file:$1" --trust-eof -b "${2:-10000}"; }

# a value never leaves its folder, makes no hidden file, and no name too long
cat >odd <<'END'
{"recordId":"1","userId":"a","type":"identify","context":{"n":1}}
{"recordId":"2","userId":"../../x","type":"identify","context":{"n":2}}
{"recordId":"3","userId":"..","type":"identify","context":{"n":3}}
{"recordId":"4","userId":".","type":"identify","context":{"n":4}}
{"recordId":"5","userId":".profile","type":"identify","context":{"n":5}}
{"recordId":"6","userId":"/etc/x\u0000y","type":"identify","context":{"n":6}}
{"recordId":"7","type":"identify","context":{"n":7}}
{"recordId":"8","userId":"","type":"identify","context":{"n":8}}
{"recordId":"9","userId":{"a":1},"type":"identify","context":{"n":9}}
{"recordId":"10","userId":"a","type":"track","context":{"n":10}}
{"recordId":"11","userId":"a","type":"identify","context":{"n":1}}
END
printf '{"recordId":"12","userId":"%0300d","type":"identify"}\n' 1 >>odd
status 73 put 'out/{userId}' <odd >receipts
[ ! -e out ] || fail 'the folder before the value was made'
mkdir out
status 1 put 'out/u={userId}/{type}-{context.n}' <odd >receipts
is 'delivered delivered delivered delivered delivered delivered rejected rejected rejected delivered delivered rejected' \
	"$(jq -r 'select(.status).status' receipts | paste -sd' ' -)" 'odd names: receipts'
(cd out && find . -type f | LC_ALL=C sort) >got
cat >want <<'END'
./u=%2E.%2F..%2Fx/identify-2
./u=%2E./identify-3
./u=%2E/identify-4
./u=%2Eprofile/identify-5
./u=%2Fetc%2Fx%00y/identify-6
./u=a/identify-1
./u=a/track-10
END
cmp want got || fail "odd names: $(cat got)"
is '1 11 ' "$(jq -r .recordId out/u=a/identify-1 | tr '\n' ' ')" 'odd names: order in a file'

# nothing but regular files, and no links, where a value makes the name
ln -s ../secret out/link
mkfifo out/pipe
for name in link pipe; do
	echo "{\"recordId\":\"1\",\"userId\":\"$name\"}" >one
	status 73 put 'out/{userId}' <one >receipts
	is failed "$(jq -r 'select(.status).status' receipts)" "$name: receipt"
done
[ ! -e secret ] || fail 'a link was followed'

# a dry run shows the files, and writes none; their folder must be there
status 73 rudder-send -n -d 'file:dry/{userId}-{type}' --trust-eof <odd >raw
says "run mkdir -p 'dry'"
[ ! -e dry ] || fail 'dry run: it made a folder'
mkdir dry
status 1 rudder-send -n -d 'file:dry/{userId}-{type}' --trust-eof <odd >raw
is 2 "$(jq '._rudder.files // empty | .[] | select(.file == "dry/a-identify").append | length' raw)" 'dry run: files'
is 4 "$(grep -c '"rejected"' raw)" 'dry run: rejected'
is '' "$(ls dry)" 'dry run: it made files'

# the time of writing, in UTC; %% and %{ for the characters
TZ=Asia/Tokyo status 0 put 'out/%Y/%m-%d/%H.%M' <odd >receipts
find out/2* -type f | grep -Eq "^out/$(date -u +%Y)/[01][0-9]-[0-3][0-9]/($(date -u +%H)|$(date -u -d -1min +%H))\.[0-5][0-9]$" ||
	fail "time: $(find out)"
status 0 put 'out/100%%%{a}' <odd >receipts
[ -s 'out/100%{a}' ] || fail "characters: $(ls out)"
for name in 'a%' 'a%s' 'a{' 'a{}' 'a{b{c}}'; do
	status 64 put "out/$name" <odd >receipts
done

# more files than are kept open, each taken up again
awk 'BEGIN {for (i = 0; i < 200; i++) printf "{\"recordId\":\"%d\",\"userId\":\"%d\"}\n", i, i * 7 % 71}' >many
# shellcheck disable=SC3045 # dash has it too
(ulimit -n 100 && put 'out/many-{userId}.gz' 100 <many >receipts 2>err) || fail "many: $(cat err)"
is 200 "$(count delivered)" 'many: delivered'
is 71 "$(find out -name 'many-*' | wc -l)" 'many: files'
for n in 0 1 50 69; do
	gzip -dc out/many-$n.gz | jq -r .recordId >order
	sort -nc order || fail "many: order in $n"
	is 2 "$(head -n 2 order | wc -l)" "many: events in $n"
done

events 60 | grep messageId >in
head -n 40 in >first
tail -n 20 in >second
compressed() { # SUFFIX COMMAND: a file of this suffix, which the command knows
	s=$1
	tool=$2
	# it is complete before and after each batch, also without events
	status 0 put none.$s </dev/null >receipts
	$tool -t <none.$s || fail "$s: a file without events"
	status 0 put e.$s 5 <first >receipts
	is 40 "$(count delivered)" "$s: delivered"
	$tool -t <e.$s || fail "$s: $tool -t"
	$tool -dc <e.$s | cmp - first || fail "$s: other bytes"
	before=$(wc -c <e.$s)
	status 0 put e.$s 20 <second >receipts
	last=$(($(wc -c <e.$s) - before))
	[ $last -gt 40 ] || fail "$s: the last batch has $last bytes"
	# cut anywhere in the last batch, as by a kill: that batch alone is lost
	for n in 1 11 12 19 20 21 $((last - 9)) $((last - 1)); do
		head -c $((before + n)) e.$s >cut.$s
		status 0 put cut.$s <second >receipts
		says "removed an incomplete last batch of $n bytes"
		$tool -t <cut.$s || fail "$s cut at $n: $tool -t"
		$tool -dc <cut.$s | cmp - in || fail "$s cut at $n: other bytes"
	done
	# a power cut leaves the length without the bytes
	head -c $((before + 30)) e.$s >cut.$s
	truncate -s $((before + last)) cut.$s
	status 0 put cut.$s <second >receipts
	$tool -dc <cut.$s | cmp - in || fail "$s zeros: other bytes"
	# what somebody else wrote is not touched
	$tool -c <in >other.$s
	cp other.$s kept
	status 78 put other.$s <in >receipts
	says 'did not write'
	cmp other.$s kept || fail "$s: a file of somebody else was changed"
	# the number of --rotate stands before the suffix
	status 0 rudder-send -d file:r.$s -b 5 --rotate 400 --trust-eof <in >receipts
	[ -s r.000002.$s ] || fail "$s rotate: $(ls)"
	for f in r.0*."$s" r."$s"; do
		$tool -dc <"$f" || fail "$s rotate: $f"
	done | cmp - in || fail "$s rotate: other bytes"
}
part gz compressed gz gzip
part zst compressed zst 'zstd -q'

# a full disk: what was delivered is there, and the file is complete
full_disk() {
	awk 'BEGIN {srand(1); for (i = 0; i < 60; i++) {s = ""; for (k = 0; k < 6000; k++) s = s sprintf("%08x", rand() * 4294967295)
		printf "{\"recordId\":\"%d\",\"userId\":\"%s\"}\n", i, s}}' >large
	for name in f.gz f.zst 'f-{recordId}.gz'; do
		rc=0
		# shellcheck disable=SC2016 # $dir is that of fulldisk.sh
		name=$name sh "$TOP/tests/tool/fulldisk.sh" full sh -c '
			got=0
			rudder-send -d "file:$dir/$name" -b 3 --max-event 100K --trust-eof <large >receipts 2>err || got=$?
			for f in "$dir"/f*; do
				case $f in *.gz) gzip -dc <"$f" ;; *) zstd -dcq <"$f" ;; esac || exit 99
			done >there
			exit $got' || rc=$?
		[ $rc != 77 ] || break
		is 74 $rc "full disk, $name: $(cat err)"
		[ "$(count delivered)" -gt 10 ] || fail "full disk, $name: $(count delivered) delivered"
		jq -r 'select(.status == "delivered").recordId' receipts >said
		jq -r .recordId there | sort -n | cmp - said || fail "full disk, $name: not what was said"
	done
}
part full_disk full_disk

# killed at any time: what was delivered is there, and no file is broken
kills() {
	events 1000 | grep messageId >long
	mkfifo feed
	for i in 1 2 3 4 5 6; do
		rudder-send -d 'file:kill-{userId}.gz' -b 3 --trust-eof <feed >receipts.$i 2>err &
		was=$!
		exec 5>feed
		cat long >&5 2>/dev/null &
		eventually 'receipts' larger receipts.$i $((i * 600))
		kill -9 $was
		wait $was 2>/dev/null || :
		exec 5>&-
		wait
	done
	status 0 put 'kill-{userId}.gz' <second >receipts.7
	gzip -t kill-u0.gz || fail 'after kills: a broken file'
	gzip -dc kill-u0.gz | jq -r .messageId | sort | uniq -c >there
	cat receipts.? | grep '"delivered".*}$' | jq -r .messageId | sort | uniq -c |
		awk 'NR == FNR {n[$2] = $1; next} n[$2] < $1 {print; bad = 1} END {exit bad}' there - ||
		fail 'after kills: delivered, and not there'
}
part kills kills

parts

# the events that are counted are not those that an earlier stage rejected
{ echo '{"_rudder":{"type":"reject","stage":"map","line":1,"reason":"no id"}}' && head -n 1 odd && echo '{"recordId":"7"}'; } >in
rc=0
put 'own-{userId}' <in >receipts 2>err || rc=$?
is 1 "$rc" 'an earlier reject: status'
grep -q '2 events, 1 rejected; 1 row rejected by earlier stages' err || fail "an earlier reject: $(cat err)"
