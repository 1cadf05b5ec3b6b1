# run_summary.sh - rudder run -v sums up each destination: what was delivered, what failed
# and how to see it, and where nothing changed
. "$TOP/tests/tool/lib.sh"
printf 'id,a\n1,x\n2,y\n3,z\n' >u.csv
cat >s.yaml <<'END'
version: 1
source: csv:u.csv
key: id
mapping: {type: identify, user_id: id}
destinations:
  good: file:good
  bad: {dest: 'exec:sh taken', batch: 1, retry_max_time: 50ms, retry_wait: 5ms}
END
sums() { # STATUS LINE...
	status "$1" rudder run -v "${sync:-s}.yaml"
	shift
	for line; do
		grep -qxF "rudder run: $line" err || fail "not summed up: $line in: $(cat err)"
	done
}
echo 'grep -q "\"userId\":\"1\"" && exit 0; exit 65' >taken
sums 1 's/good: first sync: 3 rows delivered' \
	's/bad: first sync: 1 row delivered (2 failed: rudder log --failing s)'
echo 'cat >/dev/null' >taken
sums 0 's/good: nothing changed (3 rows)' 's/bad: 2 rows delivered'
sums 0 's/good: nothing changed (3 rows)' 's/bad: nothing changed (3 rows)'
# one destination has no name
sed '/^destinations/,$d' s.yaml >one.yaml
echo 'destination: file:one' >>one.yaml
sync=one
sums 0 'one: first sync: 3 rows delivered'
printf 'id,a\n1,x\n2,y\n3,w\n' >u.csv
sums 0 'one: 1 row delivered'
status 0 rudder run one.yaml
! grep -q 'delivered' err || fail "summed up without -v: $(cat err)"
