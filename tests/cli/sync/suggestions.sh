# suggestions.sh - a key in the wrong place, and a name that is mistyped, are
# answered with what to write
. "$TOP/tests/tool/lib.sh"
printf 'id,email\n1,a@example.com\n' >u.csv
head='version: 1
source: "csv:u.csv"
key: id
mapping: {type: identify, user_id: id}'
# wrong LINES MESSAGE: the file with these lines behind the head is refused
wrong() {
	printf '%s\n%s\n' "$head" "$1" >f.yaml
	status 78 rudder run f.yaml
	says "$2"
}
to='destination: "file:x"'
wrong 'destination: {destination: "file:x"}' "line 5: unknown key 'destination': its URL is 'dest'"
wrong 'destinations: {crm: {destination: "file:x"}}' "line 5: unknown key 'destination': its URL is 'dest'"
wrong 'destinations: {crm: {url: "file:x"}}' "line 5: 'crm' needs 'dest'"
wrong 'destinations: [{dest: "file:x"}]' "as in 'destinations: {crm: {dest: file:events}}'"
wrong 'dest: "file:x"' "line 5: unknown key 'dest': write 'destination: URL', or 'destinations: {crm: {dest: URL}}'"
wrong 'destination: {dest: "file:x", batch_size: 5}' "'batch_size': the number of events is 'batch'"
wrong 'destination: {dest: "file:x", writekey: env:X}' "did you mean 'write_key'?"
wrong 'destination: {dest: "file:x", deletes: {maxx: 5}}' "did you mean 'max'?"
wrong "$to
after_runs: 2" "line 6: unknown key 'after_runs': write 'deletes: {after_runs: ...}'"
wrong "$to
history: 2" "line 6: unknown key 'history': write 'keep: {history: ...}'"
wrong "$to
delete_event: x" "line 6: unknown key 'delete_event': it is in 'mapping'"
wrong "$to
query: SELECT 1" "line 6: unknown key 'query': the SQL is 'sql: SELECT ...' or 'model: models/users.sql'"
wrong "$to
dbt: {manfest: x, model: y}" "did you mean 'manifest'?"
wrong "$to
keep: {vlues: row}" "did you mean 'values'?"
wrong "$to
tags: [a, '']" "line 6: an entry of 'tags' must be a text that is not empty"

# names on the command line
mkdir syncs
printf '%s\n%s\n' "$head" "$to
tags: [night]" >syncs/users.yaml
printf 'version: 1\nnonsense: [\n' >syncs/broken.yaml
for command in run plan status log check; do
	status 66 rudder $command usres >out
	cat out >>err
	says "no sync 'usres' in the folder 'syncs', and no such file; did you mean 'users'?"
done
rm syncs/broken.yaml
status 64 rudder run --select usres
says "no sync is selected by 'usres'; did you mean 'users'?"
status 64 rudder run --select tag:nigth
says "no sync is selected by 'tag:nigth'; did you mean 'tag:night'?"
status 64 rudder run --select 'x*'
says '--select takes names, patterns or tag:NAME'

# a name in `after` that no sync has
printf '%s\n%s\n' "$head" "$to
after: [usres, users]" >syncs/orders.yaml
status 0 rudder run
is "rudder run: warning: 'syncs/orders.yaml': no sync has the name 'usres' in 'after'; did you mean 'users'?" "$(cat err)" 'after'
sed -i 's/usres/nothing/' syncs/orders.yaml
status 0 rudder run
says "no sync has the name 'nothing' in 'after'"
status 0 rudder run orders
is '' "$(cat err)" 'a part of all syncs'

wrong "$to
keep: [email]" "line 6: 'keep' must be an object, as in 'keep: {values: ...}'"
wrong "$to
expect: 'rows > 5'" "line 6: 'expect' must be expectations without blanks, such as failed<1%"
