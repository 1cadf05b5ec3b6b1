#!/bin/sh
# What proves that an event was not taken: a request that never left, or a 4xx.
# All else is unknown. Each row of a server that has stored what it refuses.
# script | destination | options | accepted rejected failed unknown
. "$TOP/tests/tool/lib.sh"
. "$TOP/tests/tool/fake.sh"

export SEGMENT_WRITE_KEY=test-key
row() { # $1 script, $2 counts, $3 destination, then options
	script=$1 want=$2 to=$3
	shift 3
	printf '%s\n' "$script" >script
	serve -s script
	rc=0
	events "${n:-4}" | send -d "$to:$URL" -c 1 --retry-max-time 100ms --timeout 400ms "$@" || rc=$?
	halt || :
	is "$want" "$(count accepted) $(count rejected) $(count failed) $(count unknown)" "$to $script: receipts"
}

# 5xx comes from routers that have passed the request on, too
for code in 500 501 502 503 504 507 520 599; do
	row "always store reply $code" '0 0 0 4' rudder
done
row 'always store reply 408' '0 0 0 4' rudder
row 'store reply 503
reply 401' '0 0 0 4' rudder
row 'store reply 500
always reply 429' '0 0 0 4' rudder
row 'store reply 500
always reply 400' '0 0 0 4' rudder
# a redirect may be sent after the work
row 'store reply 303 "Location: /done"' '0 0 0 4' rudder

# a whole 4xx: nothing was taken
for code in 425 429; do
	row "always reply $code" '0 0 4 0' rudder
done
for code in 401 403 404 405 407; do
	row "always reply $code" '0 0 4 0' rudder
done
for code in 400 402 410 413 422; do
	row "always reply $code" '0 4 0 0' rudder
done

# a conflict may be one with an earlier try
n=1
for code in 409 423; do
	row "always reply $code" '0 1 0 0' rudder --retry-max-time 0s
	row "always store reply $code" '0 0 0 1' rudder
	row "reply $code" '1 0 0 0' rudder
	row "store reset
always reply $code" '0 0 0 1' rudder
done
n=4

# of several events something may have been taken where not all is said to be
for to in webhook segment; do
	for code in 400 413 422; do
		row "always reply $code" '0 0 0 4' $to -b 4
		grep -q '"refused":true' receipts || fail "$to $code: not said to be refused"
		row "always reply $code" '0 4 0 0' $to -b 1
	done
	for code in 401 403 407 425 429; do
		row "always reply $code" '0 0 0 4' $to -b 4
		row "always reply $code" '0 0 4 0' $to -b 1
	done
done

# it never left: no connection, no name, no TLS, no way through a proxy
n=1
dead=http://127.0.0.1:1 # a port that was free a moment ago may be somebody's
for to in "rudder:$dead" rudder:https://host.invalid; do
	rc=0
	events 1 | send -d "$to" --retry-max-time 100ms || rc=$?
	is 1 "$(count failed)" "$to: receipts"
done
printf '%s\n' 'always raw "HTTP/1.1 503 no\r\nContent-Length: 0\r\n\r\n"' >script
serve -s script
rc=0
events 1 | https_proxy=$URL send -d rudder:https://example.invalid --retry-max-time 100ms || rc=$?
is 1 "$(count failed)" 'proxy that refuses: receipts'
# libcurl's message has the URL of a proxy that it does not take, password and all
for proxy in 'http://me:hunter2@h:99999' 'nosuch://me:hunter2@h' 'http://me:hunter2@[h' 'http://me:hun ter2@h' 'http://me:hunter2@h.invalid'; do
	rc=0
	events 1 | https_proxy=$proxy send -d rudder:https://example.invalid --log-format json --retry-max-time 100ms 2>err || rc=$?
	[ $rc != 0 ] || fail "$proxy: status 0"
	! grep -q -e hunter2 -e ter2 err receipts || fail "$proxy: $(cat err receipts)"
	grep -q 'the proxy in https_proxy or all_proxy' err receipts || fail "$proxy: no word of it: $(cat err receipts)"
done
rc=0
events 1 | send -d "rudder:https://127.0.0.1:$PORT" --retry-max-time 100ms || rc=$?
is 1 "$(count failed)" 'no TLS there: receipts'
halt

# a broken off run: what was in flight may arrive
printf 'always hang\n' >script
rm -f log
serve -s script -l log
events 4 >in
(
	trap - INT
	exec rudder-send -d "rudder:$URL" -c 1 -b 2 --grace 100ms <in >raw 2>err
) &
pid=$!
eventually 'a request in flight' test -s log
env kill -INT $pid
wait $pid || :
halt
is '2 2' "$(grep -c '"unknown"' raw) $(grep -c '"failed"' raw)" 'signal: receipts'

# a file from which a failed batch was removed again, and that is on the disk
if strace -o /dev/null true 2>/dev/null; then
	ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0 # it cannot trace what is traced
	export ASAN_OPTIONS
	rm -f out
	strace -f -o /dev/null -e inject=fdatasync:error=EIO:when=1 rudder-send -d file:out <in >receipts 2>err || :
	is '4 0' "$(count failed) $(wc -c <out)" 'file, removed again: receipts'
	rm -f out
	strace -f -o /dev/null -e inject=fdatasync:error=EIO:when=1+ rudder-send -d file:out <in >receipts 2>err || :
	is 4 "$(count unknown)" 'file, perhaps removed: receipts'
fi
