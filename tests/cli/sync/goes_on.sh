# goes_on.sh - a run that leaves something to the next one, of which no row fails:
# rudder run, status and log say what, and the next run does it
. "$TOP/tests/tool/lib.sh"
sync() { # KEYS
	cat >sync.yaml <<END
version: 1
name: s
source: csv:rows.csv
key: id
identity: email
mode: mirror
mapping: {type: record, identifiers: {email: email}}
destination: {dest: "exec:cat >>ev", batch: 5}
deletes: {max: 100%}
$1
END
}
verdict() { rudder status --format json | jq -r '"\(.word): \(.message)"'; }
says_so() { # REASON
	is "goes on: $1" "$(verdict)" 'rudder status'
	rudder log s | head -n 1 | grep -q '! complete, and the next run goes on (1)$' || fail "rudder log: $(rudder log s)"
}

# the destination has the last of two rows with one identity, which is deleted then
sync ''
printf 'id,email,v\n1,x,a\n2,x,b\n3,y,c\n' >rows.csv
status 0 rudder run sync.yaml
printf 'id,email,v\n1,x,a\n3,y,c\n' >rows.csv
status 1 rudder run sync.yaml
reason='1 row is sent again by the next run: the destination may have the values of another row that is missing now'
says "$reason"
says_so "$reason"
status 0 rudder run sync.yaml
is a "$(tail -n 1 ev | jq -r '.fields.v')" 'the row that is left'
is 'ok: 1 change sent, of 2 rows' "$(verdict)" 'the next run'

# changes that wait
sync 'max_changes: 1'
printf 'id,email,v\n1,x,d\n3,y,d\n' >rows.csv
status 1 rudder run sync.yaml
says_so '1 change is postponed to the next run by --max-changes'
status 0 rudder run sync.yaml
is 'ok: 1 change sent, of 2 rows' "$(verdict)" 'both are sent'
