# send_keys.sh - options of rudder-send as keys of a sync file: URLs and methods by
# action, jq programs, profiles, signatures, OAuth
# shellcheck disable=SC2016 # $ of jq
. "$TOP/tests/tool/lib.sh"
. "$TOP/tests/tool/fake.sh"
command -v openssl >/dev/null || skip 'no openssl'
sync() { # LINES of the destination: one run
	rm -f raw.http log
	serve -s script -R raw.http -l log
	{
		cat <<'END'
version: 1
name: s
source: csv:rows.csv
key: id
mode: mirror
deletes: {max: 100%}
mapping: {type: record, identifiers: {id: id}, columns: [plan]}
destination:
END
		printf '  %s\n' "dest: \"webhook:$URL/users\"" 'connections: 1' "$@"
	} >sync.yaml
	rc=0
	rudder check sync.yaml >steps 2>&1 || grep -q "delivered to a different URL" steps || fail "rudder check: $(cat steps)"
	rudder run --accept-connection sync.yaml 2>err || rc=$?
	halt || fail "other requests: $(cat log)"
}
requests() { tr -d '\r' <raw.http | grep -E '^(GET|POST|PUT|PATCH|DELETE) ' | cut -d ' ' -f 1,2 | sort | uniq -c | awk '{printf "%s %s %s, ", $1, $2, $3}'; }

# method, url and body by action; a status that is success; a header
echo 'always reply 200' >script
printf 'id,plan\n1,a\n2,b\n' >rows.csv
actions='method: [insert=PUT, update=PATCH, delete=DELETE]
  url: ["insert=/users/{recordId}", "update=/users/{recordId}", "delete=/users/{recordId}"]
  body: ["insert={made: .recordId}", "update={plan: .fields.plan, dollar: \"$x ${y}\"}"]
  header: ["X-Team: crm", "delete=X-Reason: left"]
  success_status: delete=404'
sync "$actions"
is '0 1 PUT /users/1, 1 PUT /users/2, ' "$rc $(requests)" 'inserts'
grep -q '^{"made":"1"}$' raw.http || fail "the body: $(cat raw.http)"
grep -q '^X-Team: crm' raw.http || fail 'the header'
printf 'id,plan\n2,c\n' >rows.csv
{ echo 'expect PATCH /users/2 reply 200' && echo 'expect DELETE /users/1 reply 404'; } >script
sync "$actions"
is '0 1 DELETE /users/1, 1 PATCH /users/2, ' "$rc $(requests)" "changes: $(cat err)"
grep -q '^{"plan":"c","dollar":"$x ${y}"}$' raw.http || fail "the body: $(cat raw.http)"
grep -q '^X-Reason: left' raw.http || fail 'the header of a delete'

# results of a batch, one value a line
rm -r state
printf 'id,plan\n1,a\n2,b\n3,c\n' >rows.csv
echo 'reply 207 body "[200,400,200]"' >script
sync 'batch: 10' 'body_format: ndjson' 'body: "{id: .[].recordId}"' 'results: ".answer | map(.)"'
is '1 1 POST /users, ' "$rc $(requests)" "results: $(cat err)"
is 3 "$(grep -c '^{"id":"[123]"}$' raw.http)" 'lines'
is '[2,1]' "$(rudder-diff --runs -s state/s | tail -n 1 | jq -c '[.succeeded, .rejected]')" 'receipts'

# a signature
rm -r state
printf 'secret\n' >key
chmod 600 key
echo 'always reply 200' >script
sync 'sign: github' 'sign_key_file: key' 'sign_header: X-Mine' 'batch: 10'
body=$(tr -d '\r' <raw.http | sed -n 's/^\(\[.*\]\)$/\1/p')
is "sha256=$(printf '%s' "$body" | openssl dgst -sha256 -hmac secret | sed 's/.*= //')" "$(tr -d '\r' <raw.http | sed -n 's/^X-Mine: //p')" 'the signature'

# OAuth
rm -r state
{ echo 'expect POST /token reply 200 body "{\"access_token\":\"tok-1\",\"token_type\":\"Bearer\"}"' && echo 'always reply 200'; } >script
serve -s script
oauth_port=$PORT
printf '%s\n' "token_url=$URL/token" client_id=me client_secret=s >oauth
chmod 600 oauth
oauth=$FAKE
FAKE=
rm -f raw.http
echo 'always reply 200' >script
sync 'oauth_file: oauth' 'batch: 10'
kill "$oauth"
wait "$oauth" 2>/dev/null || :
is 0 $rc "OAuth at port $oauth_port: $(cat err)"
grep -q '^Authorization: Bearer tok-1' raw.http || fail "the token: $(cat raw.http)"
! grep -q 'tok-1\|client_secret' err steps || fail 'a secret is shown'

# a profile
rm -r state
cat >api.yaml <<'END'
method: PUT
header: ["X-Api: 2"]
body: "map({id: .recordId})"
batch: 2
END
echo 'always reply 200' >script
sync 'profile: ./api.yaml'
is '0 2 PUT /users, ' "$rc $(requests)" "a profile: $(cat err)"
grep -q '^\[{"id":"1"},{"id":"2"}\]$' raw.http || fail "its body: $(cat raw.http)"
grep -q '^X-Api: 2' raw.http || fail 'its header'
# what it lacks is refused with its name
sed -i 's/^batch: 2/batsch: 2/' api.yaml
rudder run sync.yaml 2>err && fail 'a wrong profile'
grep -q batsch err || fail "a wrong profile: $(cat err)"
