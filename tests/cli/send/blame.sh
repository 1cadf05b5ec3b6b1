#!/bin/sh
# Whose fault is a refusal: one event's, or that of the key, address or mapping?
. "$TOP/tests/tool/lib.sh"
. "$TOP/tests/tool/fake.sh"

counts() { echo "$(count accepted) $(count rejected) $(count failed) $(count unknown)"; }

poisoned() { # EVENTS USERS FIRST LAST: those from FIRST to LAST are bad
	events "$1" "$2" | awk -v first="$3" -v last="$4" '
		match($0, /"recordId":"[0-9]+"/) {
			i = substr($0, RSTART + 12, RLENGTH - 13) + 0
			if (i >= first && i <= last)
				sub(/"type"/, "\"traits\":{\"x\":\"POISON\"},\"type\"")
		}
		{print}'
}

# try STATUS COUNTS REQUESTS OPTIONS <EVENTS
try() {
	want=$1 receipts=$2 most=$3
	shift 3
	rm -f log
	serve -l log -o got "$@"
	rc=0
	# shellcheck disable=SC2086 # words
	send $how <in || rc=$?
	halt || :
	is "$want" $rc "$what: status: $(cat err)"
	is "$receipts" "$(counts)" "$what: receipts"
	[ "$(wc -l <log)" -le "$most" ] || fail "$what: $(wc -l <log) requests"
}

# ---- 403 for what one event holds --------------------------------------------
for at in 1 250 500; do
	for c in 1 8; do
		what="403 for $at, $c connections" how="-c $c"
		poisoned 500 500 $at $at >in
		try 1 '499 1 0 0' 40 -r POISON -x 403
		grep -q "\"recordId\":\"$at\",.*\"rejected\",\"code\":403" receipts || fail "$what: a different one"
	done
done
what='403, one event a request' how='-c 1 -b 1'
poisoned 20 20 1 3 >in
try 1 '17 3 0 0' 20 -r POISON -x 403

# the key is revoked in the middle: ten events are tried alone, nothing is rejected
events 200 200 >in
printf '%s\n' 'repeat 3 accept' 'always reply 403 body "forbidden"' >script
what='403 from the fourth request on' how='-c 1 -b 10'
try 77 '30 0 170 0' 33 -s script
says 'HTTP 403: forbidden; check the write key'
# the key was never right
echo 'always reply 403' >script
what='403 always' how='-c 1'
try 77 '0 0 200 0' 20 -s script
how='-c 8 -b 10'
try 77 '0 0 200 0' 40 -s script
head -n 2 in >one
tail -n 1 in | sed 's/200/1/' >>one
mv one in
what='403 for the only event' how='-c 1'
try 77 '0 0 1 0' 1 -s script

# ---- everything is refused ---------------------------------------------------
events 2500 2500 >in
echo 'always reply 400 body "no such thing"' >script
what='all refused' how='-c 1 -b 500'
try 78 '0 0 2500 0' 230 -s script
says 'no event was accepted, and each of'
says 'HTTP 400: no such thing'
how='-c 8 -b 50'
try 78 '0 0 2500 0' 450 -s script
what='all refused, nothing taken whole' how="-c 1 -b 500 -d segment:$URL"
SEGMENT_WRITE_KEY=test-key
export SEGMENT_WRITE_KEY

# words that say that it is not an event
events 250 250 >in
for words in 'invalid destination id' 'failed to read destination id from header'; do
	echo "always reply 400 body \"$words\"" >script
	what="$words" how='-c 1 -b 50'
	try 78 '0 0 250 0' 1 -s script
	says "HTTP 400: $words"
done

# one bad row is one, and old bad rows that sort first do not stop good ones
echo 'always reply 400' >script
head -n 2 in >one
tail -n 1 in | sed 's/250/1/' >>one
mv one in
what='the only event is bad' how='-c 1'
try 1 '0 1 0 0' 1 -s script
poisoned 1000 1000 1 500 >in
what='500 bad rows first' how='-c 1 -b 100'
try 1 '500 100 400 0' 220 -r POISON
how='-c 8 -b 100'
poisoned 1000 1000 1 90 >in
what='90 bad rows first'
try 1 '910 90 0 0' 250 -r POISON

# a receiver that does not take gzip
events 250 250 >in
what='415' how='-c 1 -b 50'
echo 'reply 415' >script
try 0 '250 0 0 0' 6 -s script -R raw.http
is '1' "$(grep -ci '^content-encoding: gzip' raw.http)" '415: bodies with gzip'

# ---- a proxy that refuses us, and TLS to a plain port ---------
events 1 >in
for code in 401 403 407; do
	rm -f log
	printf 'always raw "HTTP/1.1 %s no\\r\\nContent-Length: 0\\r\\n\\r\\n"\n' $code >script
	serve -s script -l log
	rc=0
	https_proxy=$URL send -d rudder:https://example.invalid --retry-max-time 60s <in || rc=$?
	halt
	is '77 1' "$rc $(count failed)" "proxy, $code"
	says "the proxy"
	says "HTTP $code"
	is 1 "$(wc -l <log)" "proxy, $code: requests"
done
serve
rc=0
send -d "rudder:https://127.0.0.1:$PORT" --retry-max-time 60s <in || rc=$?
halt
is '76 1' "$rc $(count failed)" 'TLS to a port without'
says 'plain HTTP'
