# connection.sh - the destination that the state was delivered to, compared by the
# begin line; no event is sent
. "$TOP/tests/tool/lib.sh"
RUDDER_WRITE_KEY='test'
export RUDDER_WRITE_KEY

# stream WAS MORE: events of a state that was delivered to that destination
stream() {
	was_=''
	[ -z "$1" ] || was_=",\"was\":{\"destination\":$1}"
	echo '{"_rudder":{"type":"begin","v":1,"stream":"events","run":"r0000000000000000001","state":"/st","salt":"s"'"$was_$2"'}}'
	printf '{"_rudder":{"type":"end","stream":"events","events":0}}\n'
}
# to DEST: what goes into the receipts of a new state
to() {
	stream '' '' | rudder-send -d "$1" >receipts 2>err || fail "$1: $(cat err)"
	head -1 receipts | jq -c ._rudder.destination
}
# check STATUS WAS DEST MORE
check() {
	stream "$2" "$4" >in
	status "$1" rudder-send -d "$3" <in >receipts
}

is '{"kind":"rudder","to":"127.0.0.1"}' "$(to rudder:http://127.0.0.1:9 | jq -c 'del(.key)')" 'a data plane'
is '{"kind":"rudder","to":"example.com"}' "$(to rudder:https://Example.com/v/ | jq -c 'del(.key)')" 'in lower case'
is '{"kind":"rudder","to":"[::1]"}' "$(to 'rudder:http://[::1]:9' | jq -c 'del(.key)')" 'IPv6'
is '{"kind":"webhook","to":"127.0.0.1"}' "$(to webhook:http://127.0.0.1:9/secret | jq -c 'del(.text)')" 'a webhook'
! grep -q secret receipts || fail 'the path of a webhook'
is '{"kind":"file"}' "$(to file:out | jq -c 'del(.text)')" 'a file'
is '{"kind":"exec"}' "$(to 'exec:cat secret' | jq -c 'del(.text)')" 'a command'
is null "$(to null:)" 'null:'
! grep -q 'test' receipts || fail 'the write key'
# nothing is said of a stream of no state
printf '{"_rudder":{"type":"begin","v":1,"stream":"events"}}\n{"_rudder":{"type":"end","stream":"events","events":0}}\n' | rudder-send -d file:out | head -1 >receipts
! grep -q destination receipts || fail 'a stream without a state'

http=rudder:http://127.0.0.1:9
was=$(to $http)
check 0 "$was" $http
is '' "$(cat err)" 'the same'
check 0 "$was" rudder:http://127.0.0.1:10/x
is '' "$(cat err)" 'another port'
check 78 "$was" rudder:https://localhost
says "the state was delivered to 'rudder:127.0.0.1', not to this destination"
is '["begin","abort"]' "$({ echo '{"_rudder":{"type":"begin"}}' && cat receipts; } | jq -sc 'map(._rudder.type)')" 'no receipts'
check 0 "$was" rudder:https://localhost ',"accept_connection":true'
check 78 "$was" file:out
check 0 "$was" null:
RUDDER_WRITE_KEY=other check 0 "$was" $http
says 'the write key differs'
check 0 '{"kind":"rudder","to":"127.0.0.1"}' $http
is '' "$(cat err)" 'no write key is known'
stream "$was" '' >in
status 0 rudder-send -n -d rudder:https://localhost <in >/dev/null

was=$(to webhook:http://127.0.0.1:9/a)
check 0 "$was" webhook:http://127.0.0.1:9/a
check 78 "$was" webhook:http://127.0.0.1:9/b
says "a different URL of 'webhook:127.0.0.1'"

was=$(to file:out)
check 0 "$was" file:other
says 'a different file'
was=$(to 'exec:cat >out')
check 0 "$was" 'exec:cat >other'
says 'a different command'
check 78 "$was" file:other

# hashes that an earlier release made otherwise are not compared
check 0 '{"kind":"webhook","to":"127.0.0.1","text":"0123456789abcdef","key":"0123456789abcdef"}' webhook:http://127.0.0.1:9/b
is '' "$(cat err)" 'hashes of another form'
# they are HMAC-SHA-256, of which the salt is the key
was=$(to file:out)
is "2:$(printf out | openssl mac -digest SHA256 -macopt key:s HMAC | tr A-F a-f | cut -c 1-16)" "$(echo "$was" | jq -r .text)" 'a hash'

# whatever stands there
for was in 7 '"x"' '[]' '{}' '{"kind":null,"to":[]}'; do
	stream "$was" '' >in
	rudder-send -d file:out <in >/dev/null 2>&1 || [ $? = 78 ] || fail "with $was"
done
