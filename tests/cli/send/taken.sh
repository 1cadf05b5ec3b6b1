#!/bin/sh
# A file that another program removes, renames or replaces while rudder-send
# writes to it: no event is lost.
. "$TOP/tests/tool/lib.sh"
. "$TOP/tests/tool/fake.sh"
command -v gzip >/dev/null || skip 'no gzip'

mkfifo pipe
# next ID: one event more, and its receipt
next() {
	echo "{\"recordId\":\"$1\",\"userId\":\"u\",\"type\":\"t\"}" >&7
	tries=0
	until grep -q "\"recordId\":\"$1\".*\"status\"" receipts || [ $tries -gt 500 ]; do
		tries=$((tries + 1))
		sleep 0.02
	done
}
start() { # DEST [OPTION ...]
	to=$1
	shift
	rm -f receipts
	: >receipts
	rudder-send -d "file:$to" -b 1 --batch-age 10ms --trust-eof "$@" <pipe >receipts 2>err &
	SEND=$!
	exec 7>pipe
}
finish() { # STATUS WHAT
	exec 7>&-
	rc=0
	wait $SEND || rc=$?
	is "$1" $rc "$2: status, $(cat err)"
}
ids() { jq -r .recordId | tr '\n' ' '; }

mkdir out
for to in plain.nd plain.nd.gz 'out/{type}.nd' 'out/{type}.nd.gz' 'out/%Y.nd'; do
	name=$(echo "$to" | sed "s/{type}/t/; s/%Y/$(date -u +%Y)/")
	case $name in *.gz) show='gzip -dc' ;; *) show='cat' ;; esac
	start "$to"
	next 1
	rm "$name"
	next 2
	is '2 ' "$($show "$name" | ids)" "$to: removed"
	mv "$name" moved
	next 3
	is '2 ' "$($show <moved | ids)" "$to: the renamed file"
	is '3 ' "$($show "$name" | ids)" "$to: renamed"
	cp moved other
	mv other "$name"
	next 4
	is '2 4 ' "$($show "$name" | ids)" "$to: replaced"
	finish 0 "$to"
	is 4 "$(count delivered)" "$to: receipts"
	rm -f "$name" moved
done

# a folder is made again, where values or times make it; otherwise the run ends
start 'out/{userId}/{type}.nd'
next 1
mv out/u gone
next 2
is '2 ' "$(ids <out/u/t.nd)" 'the folder'
finish 0 'the folder'
mkdir given
start given/t.nd
next 1
mv given away
next 2
is failed "$(jq -r 'select(.recordId == "2").status' receipts)" 'no folder: receipt'
finish 73 'no folder'
is '1 ' "$(ids <away/t.nd)" 'no folder: the file'
grep -q "run mkdir -p 'given'" err || fail "no folder: $(cat err)"

# two runs do not write to the file, nor does --rotate take that of another
start t.nd
next 1
mv t.nd old
: >t.nd
exec 8>>t.nd
flock -n 8
next 2
is failed "$(jq -r 'select(.recordId == "2").status' receipts)" 'locked: receipt'
finish 75 locked
exec 8>&-
rm -f t.nd old
start t.nd --rotate 60
next 1
mv t.nd old
echo '{"recordId":"x"}' >t.nd
next 2
next 3
finish 0 rotate
is 'x 2 3 ' "$(cat t.nd.000001 t.nd.000002 t.nd 2>/dev/null | ids)" rotate
is '1 ' "$(ids <old)" 'rotate: the renamed file'

# a reader that takes the file again and again gets each event at least once
rm -f t.nd*
i=0
while [ $i -lt 300 ]; do
	i=$((i + 1))
	echo "{\"recordId\":\"$i\",\"userId\":\"u\"}"
done >in
: >all
rudder-send -d file:t.nd -b 1 --rate 300 --trust-eof <in >receipts 2>err &
SEND=$!
while kill -0 $SEND 2>/dev/null; do
	if mv t.nd mine 2>/dev/null; then
		cat mine >>all
		rm mine
	fi
	sleep 0.01
done
rc=0
wait $SEND || rc=$?
is '0 300' "$rc $(count delivered)" "taken: $(cat err)"
[ ! -e t.nd ] || cat t.nd >>all
is 300 "$(jq -r .recordId all | sort -u | wc -l)" 'taken: events'
