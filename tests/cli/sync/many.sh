# many.sh - reports of more rows, reasons and runs than they list: what is left out is
# counted
. "$TOP/tests/tool/lib.sh"
unset COLUMNS PAGER

# 70 rows that fail for as many reasons, the first for that of the second
awk 'BEGIN {for (i = 0; i < 70; i++) printf "{\"id\":%d}\n", i}' >in
rows <in | rudder-diff -k id -s state/many >out
ack rejected <out | awk '/messageId/ {
	k = n++ ? n - 1 : 1
	sub(/}$/, ",\"recordId\":\"" n - 1 "\",\"reason\":\"bad " substr("abcdefghij", k % 10 + 1, 1) substr("klmnopqrst", int(k / 10) + 1, 1) "\"}")
} {print}' >receipts
status 1 rudder-diff --commit -s state/many receipts

status 0 rudder log --failing -n 100 state/many >log
is '64 2' "$(grep -c '^[0-9]* rows\{0,1\}: bad ' log) $(sed -n 's/^\([0-9]*\) rows: bad bk$/\1/p' log)" "reasons: $(tail -n 5 log)"
is '5 rows: other reasons' "$(grep 'other reasons' log)" 'the other reasons'
is 65 "$(grep -c '^ ' log)" 'rows'
status 0 rudder log --failing -n 10 state/many >log
grep -q '^and 60 more' log || fail "what is left out: $(tail -n 3 log)"

tail -n 1 state/many/runs | sed 's/"status":1/"status":3/; s/"complete":true/"complete":false/' >failed
for _ in $(seq 12); do cat failed; done >>state/many/runs
status 0 rudder status --format html -o page.html
grep -q '<b>61</b><span>for other reasons</span>' page.html || fail 'reasons on the page'
grep -q '>And 50 more\. Their keys' page.html || fail 'rows on the page'
is 20 "$(grep -o 'bad [a-j][k-q]</td>' page.html | wc -l)" 'rows that the page lists'
grep -q 'And 4 more before\.' page.html || fail 'runs on the page'

# syncs that share a state: one source may be read in two ways, but not two sources
mkdir shared
printf 'id,a\n1,x\n' | tee shared/u.csv >shared/v.csv
for i in 1 2 3; do
	printf 'version: 1\nsource: "csv:%s.csv"\nkey: id\nmapping: {type: identify, user_id: id}\nstate: shared.1\ndestination: "null:"\n' \
		"$([ $i = 3 ] && echo v || echo u)" >shared/s$i.yaml
done
status 0 rudder run shared/s1.yaml shared/s2.yaml
[ ! -s err ] || fail "one source: $(cat err)"
status 0 rudder run shared/*.yaml
says "'shared/s3.yaml': has the state 'shared.1' of 'shared/s1.yaml', but reads other rows"
is 1 "$(grep -c 'has the state' err)" 'warnings'
status 0 rudder check shared/*.yaml >said
says "'shared/s3.yaml': has the state 'shared.1' of 'shared/s1.yaml', but reads other rows"
status 0 rudder check shared/s3.yaml >said
[ ! -s err ] || fail "check of one file: $(cat err)"
sed -i 's/^state: .*/state: shared.3/' shared/s3.yaml
status 0 rudder run shared/*.yaml
! grep -q 'has the state' err || fail "two states: $(cat err)"

# more syncs than a process may open files for: each leaves none open
printf 'id,a\n1,x\n' >u.csv
mkdir syncs
for i in $(seq 15); do
	printf 'version: 1\nsource: "csv:u.csv"\nkey: id\nmapping: {type: identify, user_id: id}\nstate: states/%s\ndestination: "null:"\n' "$i" >"syncs/s$i.yaml"
done
mkdir states
(
	# shellcheck disable=SC3045 # dash, bash and busybox have it
	ulimit -n 40
	status 0 rudder run syncs/*.yaml
) || exit 1
is 15 "$(find states -name runs | wc -l)" 'states of many syncs'

# the record of a run that follows more of them than are captured at once
cat >kept.yaml <<'END'
version: 1
source: csv:u.csv
key: id
mapping: {type: identify, user_id: id}
destination: file:sent
keep: {runs: 10000}
on_success: ['cat >hooked']
END
status 0 rudder run kept.yaml
awk -v pad="$(printf '%01500d' 0)" '{sub(/}$/, ",\"pad\":\"" pad "\"}"); for (i = 0; i < 12000; i++) print}' state/kept/runs >long
cat long >>state/kept/runs
status 0 rudder run kept.yaml
is "$(tail -n 1 state/kept/runs | jq -r .run)" "$(jq -r '.destinations[0].run.run' hooked)" 'the record that a hook gets'
