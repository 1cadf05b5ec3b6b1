# memory.sh - a jq program that needs all memory costs its row, not the run
. "$TOP/tests/tool/lib.sh"
if nm "$(command -v rudder-map)" | grep -q __asan_init; then
	echo 'no memory limit under the address sanitizer'
	exit 77
fi
# shellcheck disable=SC2016 # $i is jq's
for program in '("x" * (.id * 500000000))' '[range(1e9)]' 'reduce range(1e9) as $i (null; [.])'; do
	status=0
	printf '{"id":%d}\n' 1 2 3 |
		rudder-map -t identify -u id --trust-eof --jq-timeout 60s --jq-memory 64M \
			-j "if .id == 2 then {traits: ($program)} else {} end" >out 2>err || status=$?
	[ $status = 1 ] || fail "$program: status $status: $(cat err)"
	[ "$(jq -c 'select(.type).userId' <out | tr -d '\n')" = '"1""3"' ] || fail "$program: $(cat out)"
	grep -q '"reason":"the jq program \(exceeded its memory (--jq-memory)\|crashed libjq\)"' out || fail "$program: $(cat out)"
done
