# owner.sh - whose a message is: state and run, in JSON and in text
. "$TOP/tests/tool/lib.sh"
RUDDER_RUN_ID=dc1rs383p4j7o8q8vg8g
export RUDDER_RUN_ID
printf '{"id":1}\n{"id":1}\n{"id":"2"}\n' >rows

# run_all OPTION...: a sync of which every stage has something to say
run_all() {
	rm -rf st
	RUDDER_WRITE_KEY=k
	export RUDDER_WRITE_KEY
	{ rudder-query "$@" -v -d ndjson:rows 2>err.query || :; } | { rudder-diff "$@" -k id -s st 2>err.diff || :; } |
		{ rudder-map "$@" -v -t identify -u id 2>err.map || :; } |
		{ rudder-send "$@" -d "exec:exit 65" 2>err.send || :; } | rudder-diff "$@" --commit -s st 2>err.commit || :
}
run_all
for tool in diff map send commit; do
	grep -q "^rudder-[a-z]*\[$PWD/st $RUDDER_RUN_ID\]: " err.$tool || fail "$tool: $(cat err.$tool)"
done
grep -q "^rudder-query\[$RUDDER_RUN_ID\]: " err.query || fail "query: $(cat err.query)"
run_all --log-format json
for tool in diff map send commit; do
	is "$PWD/st $RUDDER_RUN_ID" "$(tail -n 1 err.$tool | jq -r '"\(.state) \(.run)"')" "$tool in JSON"
done
is "null $RUDDER_RUN_ID" "$(tail -n 1 err.query | jq -r '"\(.state) \(.run)"')" 'query in JSON'
# the old name
is error "$(rudder-query --log json -d ndjson:nowhere 2>&1 >/dev/null | jq -r .level)" '--log'

# an invalid name stays harmless
mkdir "$(printf 's"\033t')"
rudder-diff --log-format json -k id -s "$(printf 's"\033t')" --trust-eof <rows 2>err >/dev/null || :
is "$PWD/s\"$(printf '\033')t" "$(jq -r .state err)" 'a strange name'

# stopped by a signal
mkfifo hold
for form in text json; do
	rudder-diff --log-format $form -k id -s st2 <hold >out 2>err &
	pid=$!
	exec 3>hold
	echo "{\"_rudder\":{\"type\":\"begin\",\"v\":1,\"stream\":\"rows\",\"run\":\"$RUDDER_RUN_ID\"}}" >&3
	eventually 'a begin line' grep -q begin out
	kill $pid
	wait $pid || :
	exec 3>&-
	case $form in
	text) is "rudder-diff[$PWD/st2 $RUDDER_RUN_ID]: stopped by SIGTERM" "$(cat err)" 'stopped' ;;
	*) is "$PWD/st2 stopped by SIGTERM" "$(jq -r '"\(.state) \(.msg)"' err)" 'stopped, in JSON' ;;
	esac
done

# on a terminal text has none
command -v script >/dev/null || exit 0
script -qec 'rudder-diff -k id -s st3 --trust-eof <rows >/dev/null' /dev/null >err </dev/null || :
grep -q 'rudder-diff: .*duplicate' err || fail "on a terminal: $(cat err)"
