# canary.sh - rudder run --canary: a few events first, the rest only when all of
# them were accepted; by sh the same
. "$TOP/tests/tool/lib.sh"

seq 1 20 | sed '1i id' >users.csv
cat >take.sh <<'END'
# takes events, or refuses them all
[ ! -e refuse ] || { cat >/dev/null; exit 65; }
cat >>taken
echo >>requests
END
cat >s.yaml <<'END'
version: 1
source: csv:users.csv
key: id
mapping: {type: identify, user_id: id}
destination: {dest: "exec:sh take.sh", batch: 100, connections: 1}
END
shown() { rudder-diff --status -s state/s | jq -c '[.keys, .pending]'; }

status 0 rudder run --canary 5 s.yaml
is '20 2 [20,0]' "$(wc -l <taken) $(wc -l <requests) $(shown)" 'the first five, then the rest'
is '' "$(cat err)" 'what it says'
is '1 "15 changes are pending: rudder-send stopped before the end, as asked (--max-events)"' \
	"$(rudder-diff --runs -s state/s | head -n 1 | jq -r '"\(.status) \(.reason | tojson)"')" 'the record of the first part'
is 20 "$(jq -r .messageId taken | sort -u | wc -l)" 'each once'
status 0 rudder run --canary 5 s.yaml
is 2 "$(wc -l <requests)" 'nothing to do'

# fewer events than that: one part
echo 21 >>users.csv
status 0 rudder run --canary 5 s.yaml
is '21 3' "$(wc -l <taken) $(wc -l <requests)" 'one event'

# refused: the rest is not sent, and the next run offers it
seq 30 50 >>users.csv
: >refuse
status 1 rudder run --canary 5 s.yaml
says 'not all of the first 5 events were accepted'
is '21 21' "$(wc -l <taken) $(rudder-diff --status -s state/s | jq .keys)" 'refused'
rm refuse
status 0 rudder run s.yaml
is '42 [42,0]' "$(wc -l <taken) $(shown)" 'the next run'

# by sh
seq 60 80 >>users.csv
rudder run --canary 5 --print s.yaml >printed
sh printed 2>err || fail "printed: $? $(cat err)"
is '63 6 [63,0]' "$(wc -l <taken) $(wc -l <requests) $(shown)" 'printed'
: >refuse
seq 90 99 >>users.csv
got=0
sh printed 2>err || got=$?
is '1 63' "$got $(wc -l <taken)" 'printed, refused'
rm refuse
status 0 rudder run s.yaml

# a source that fails is a failure, recorded and with nothing lost
mv users.csv kept
status 66 rudder run --canary 5 s.yaml
is 1 "$(grep -c . err)" "said once: $(cat err)"
is 66 "$(rudder-diff --runs -s state/s | tail -n 1 | jq .status)" 'the record'
mv kept users.csv
status 0 rudder run --canary 5 s.yaml
status 64 rudder run --canary 5 --dry-run s.yaml

# as many events as that, to the last; rows that the mapping skips
seq 1 20 | sed '1i id' >users.csv
sed "s/^mapping.*/name: t\nmapping: {type: identify, user_id: id, where: '.id != \"2\"'}/" s.yaml >t.yaml
: >taken
for n in 19 5; do
	rm -rf state/t
	status 0 rudder run --canary $n t.yaml
	is '[20,0]' "$(rudder-diff --status -s state/t | jq -c '[.keys, .pending]')" "a canary of $n"
done
is 38 "$(wc -l <taken)" 'each row but one, twice'
