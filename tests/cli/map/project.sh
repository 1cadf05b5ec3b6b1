# project.sh - mappings in YAML, and those of a rudder-cli project
. "$TOP/tests/tool/lib.sh"
RUDDER_RUN_ID=r1000000000000000000
export RUDDER_RUN_ID
printf 'type: identify\nuser_id: id\n' >m.yaml
rudder-map -m m.yaml --trust-eof </dev/null >/dev/null 2>err || {
	grep -q 'needs libyaml' err && skip 'no libyaml'
	cat err >&2
	exit 1
}

# our own mapping as YAML is the same as JSON
cat >m.yaml <<'X'
# users
type: identify
user_id: id
columns: [email, "addr_*", {from: name, to: profile.full}]
constants:
  source: warehouse
  n: 1.50
  "yes": no
  list: [1, ~, "2"]
fields:
  email: {mask: trim+lower}
X
echo '{"type":"identify","user_id":"id","columns":["email","addr_*",{"from":"name","to":"profile.full"}],"constants":{"source":"warehouse","n":1.50,"yes":"no","list":[1,null,"2"]},"fields":{"email":{"mask":"trim+lower"}}}' >m.json
echo '{"id":1,"email":" A@b","name":"N","addr_x":2}' >row
rudder-map -m m.yaml --trust-eof <row >a
rudder-map -m m.json --trust-eof <row | cmp - a || fail 'YAML and JSON differ'
printf 'type: identify\nuser_id: id\n---\ntype: track\nevent: E\nuser_id: id\n' >two.yml
is '["identify","track"]' "$(rudder-map -m two.yml --trust-eof <row | jq -sc 'map(.type // empty)')" 'two documents'
printf 'type: identify\nuser_id: id\ncolumn: x\n' >m.yaml
status 78 rudder-map -m m.yaml
says "mapping 'm.yaml': line 3: unknown key 'column'; did you mean 'columns'?"
printf 'type: identify\nuser_id: id\nconstants: {a: 1}\nconstants: {}\n' >m.yaml
status 78 rudder-map -m m.yaml
says "mapping 'm.yaml': line 4: the key 'constants' is already in line 3"
printf 'type: [identify\n' >m.yaml
status 78 rudder-map -m m.yaml
says "mapping 'm.yaml': line 2, column 1: did not find expected ',' or ']'"

# a project as rudder-cli has it
mkdir -p p/models p/.git
cat >p/models/users.yaml <<'X'
version: rudder/v1
kind: retl-source-sql-model
metadata: {name: users-model}
spec: {id: users-model, display_name: Users, account_id: acc-123, primary_key: user_id, source_definition: postgres, sql: SELECT 1}
X
cat >p/destinations.yml <<'X'
version: rudder/v1
kind: destination
metadata: {name: d}
spec: {id: crm, display_name: CRM, type: marketo, enabled: true, definition_version: 1, config: {connection_mode: {warehouse: cloud}}}
---
version: rudder/v1
kind: tp
metadata: {name: plan}
spec: {whatever: 1}
X
echo 'not: [yaml' >p/.git/x.yaml
echo 'nor this' >p/README
cat >p/connections.yaml <<'X'
version: rudder/v1
kind: retl-connections
metadata:
  name: retl-connections
spec:
  connections:
    - id: users-to-webhook
      source: "#retl-source-sql-model:users-model"
      destination: "#destination:my-http-destination"
      config:
        sync_behaviour: upsert
        cursor_column: updated_at
        schedule: &often
          type: basic
          every_minutes: 30
        identifiers:
          - from: user_id
            to: user_id
          - from: device
            to: anonymous_id
        mappings:
          - from: email
            to: traits.email
          - from: crm
            to: context.externalId[0].id
          - from: plan
            to: plan.name
        constants:
          - key: source
            value: warehouse
          - key: context.ip
            value: 0.0.0.0
        sync_settings:
          sync_logs: {enabled: true, retention_days: 7, snapshots_to_retain: 3}
          failed_keys: {retry: false}
    - id: users-tracked
      source: "#retl-source-sql-model:users-model"
      destination: "#destination:other"
      config:
        sync_behaviour: full
        schedule: *often
        event: {type: track, name: Seen}
        identifiers: [{from: user_id, to: user_id}]
        mappings: [{from: email, to: properties.mail}]
    - id: by-column
      source: "#retl-source-sql-model:users-model"
      destination: "#destination:other"
      config:
        sync_behaviour: upsert
        schedule: {type: cron, cron_expression: "0 * * * *"}
        event: {type: track, name_column: plan}
        identifiers: [{from: user_id, to: user_id}]
        mappings: [{from: email, to: email}]
    - id: to-object
      source: "#retl-source-sql-model:users-model"
      destination: "#destination:crm"
      config:
        object: lead
        sync_behaviour: upsert
        schedule: {type: manual}
        identifiers: [{from: email, to: Email}]
        mappings: [{from: plan, to: Plan__c}]
    - id: to-audience
      source: "#retl-source-table:members"
      destination: "#destination:audience"
      config:
        object: members
        sync_behaviour: mirror
        schedule: {type: manual}
        identifiers: [{from: email, to: EMAIL}]
    - id: off
      source: "#retl-source-sql-model:users-model"
      destination: "#destination:crm"
      enabled: false
      config: {sync_behaviour: upsert, schedule: {type: manual}, identifiers: [{from: a, to: user_id}], mappings: [{from: b, to: traits.b}]}
X
echo '{"user_id":7,"device":"d1","email":"a@b.c","crm":"c9","plan":"pro","secret":1}' >row
of() { # $1: connection, $2: jq filter of its event
	rudder-map -m p --connection "$1" --trust-eof <row >out 2>err || fail "$1: $(cat err)"
	jq -c "select(.type) | del(.channel, .messageId, .recordId, .context.sources) | if .context == {} then del(.context) else . end" out
}
is '{"anonymousId":"d1","context":{"externalId":[{"id":"c9"}],"ip":"0.0.0.0"},"traits":{"email":"a@b.c","plan":{"name":"pro"},"source":"warehouse"},"type":"identify","userId":"7"}' "$(of users-to-webhook)" users-to-webhook
is '{"event":"Seen","properties":{"mail":"a@b.c"},"type":"track","userId":"7"}' "$(of users-tracked)" users-tracked
is '{"event":"pro","properties":{"email":"a@b.c"},"type":"track","userId":"7"}' "$(of by-column)" by-column
is '{"context":{"externalId":[{"id":"a@b.c","identifierType":"Email","type":"MARKETO-lead"}],"mappedToDestination":"true"},"traits":{"Plan__c":"pro"},"type":"identify","userId":"a@b.c"}' "$(of to-object)" to-object
is '{"action":"insert","fields":{},"identifiers":{"EMAIL":"a@b.c"},"type":"record"}' "$(of to-audience)" to-audience
is 2 "$(rudder-map -m p --connection users-to-webhook --connection users-tracked --trust-eof <row | grep -c '"recordId":"1"')" 'two connections of a source'
rudder-map -m p --connection users-to-webhook --print-mapping >m.json || fail 'no mapping printed'
rudder-map -m m.json --trust-eof <row >a
rudder-map -m p --connection users-to-webhook --trust-eof <row | cmp - a || fail 'printed, it is another mapping'
rudder-map -m p/connections.yaml --connection users-tracked --trust-eof <row >/dev/null || fail 'one file of a project'
rudder-map -m p --connection users-tracked --check --trust-eof <row || fail 'check'

refused() { # $1: arguments, $2: message
	# shellcheck disable=SC2086 # a list of words
	status "${3:-78}" rudder-map $1
	says "$2"
}
refused '-m p' "'p': the project has several connections: use --connection with one of: users-to-webhook, users-tracked, by-column, to-object, to-audience, off"
refused '-m p --connection user-tracked' "'p': the project has no connection 'user-tracked'; did you mean 'users-tracked'?"
refused '-m p --connection off' "'p': connection 'off' is disabled ('enabled' is false)"
refused '-m p --connection users-tracked --connection to-audience' "connections 'users-tracked' and 'to-audience' have different sources"
refused '-m p/connections.yaml --connection to-object' "'p/connections.yaml', line 54: connection 'to-object': the object needs its destination, but '#destination:crm' is not in the project"
refused '-m m.json --connection x' "--connection is for a rudder-cli project or a sync file, and 'm.json' is neither" 64
refused '-t identify -u id --connection x' '--connection needs a project: use -m PATH' 64
refused '-m p/models --connection x' "'p/models': the project has no connection of kind 'retl-connections'"
refused '-m nowhere' "cannot open 'nowhere'" 66

# what RudderStack refuses is refused, with file and line
wrong() { # $1: sed script, $2: message
	mkdir -p w
	sed "$1" p/connections.yaml >w/c.yaml
	cmp -s p/connections.yaml w/c.yaml && fail "nothing changed by $1"
	refused "-m w --connection users-to-webhook" "$2"
}
wrong 's/every_minutes:/evry_minutes:/' "'w/c.yaml': connection 'users-to-webhook': line 15: unknown key 'evry_minutes'; did you mean 'every_minutes'?"
wrong 's/        mappings:$/        mapping:/' "line 22: unknown key 'mapping'; did you mean 'mappings'?"
wrong 's/to: anonymous_id/to: traits.device/' "line 19: connection 'users-to-webhook': an identifier must map to user_id or anonymous_id, not to 'traits.device'"
wrong 's/to: plan.name/to: user_id/' "the target 'user_id' is reserved"
wrong 's/key: source/key: context.mappedToDestination/' "the target 'context.mappedToDestination' is reserved"
wrong 's/to: plan.name/to: traits.email/' "two values for one target: '.traits.email' is in use"
wrong 's/sync_behaviour: upsert/sync_behaviour: append/' "sync_behaviour 'append' is not upsert, mirror or full"
wrong '0,/sync_behaviour/{/sync_behaviour/d}' "'sync_behaviour' is missing"
wrong 's/  - from: email/  - fron: email/' "unknown key 'fron'; did you mean 'from'?"
wrong 's/type: track, name: Seen/type: page/; s/id: users-to-webhook/id: x/; s/id: users-tracked/id: users-to-webhook/' "the event's type must be identify or track, not 'page'"
wrong 's/name: Seen/name: A, name_column: b/; s/id: users-to-webhook/id: x/; s/id: users-tracked/id: users-to-webhook/' "an event must have 'name' or 'name_column', not both"
wrong 's/, name: Seen//; s/id: users-to-webhook/id: x/; s/id: users-tracked/id: users-to-webhook/' "'w/c.yaml', line 36: connection 'users-to-webhook': type 'track' needs an event name"
wrong 's/object: lead/object: lead\n        event: {type: identify}/; s/id: users-to-webhook/id: x/; s/id: to-object/id: users-to-webhook/' "an object excludes 'constants' and 'event'"
wrong 's/id: users-tracked/id: users-to-webhook/' "a second connection 'users-to-webhook'"
wrong 's/rudder.v1/rudder\/v2/' "version 'rudder/v2' is not rudder/v1"
wrong 's/^spec:/specs:/' "unknown key 'specs'; did you mean 'spec'?"

# each member is of its kind, and the message names its line
first() { # $1: what takes the place of the first connection's config, $2: message
	cat >w/c.yaml <<X
version: rudder/v1
kind: retl-connections
spec:
  connections:
    - id: a
      source: "#retl-source-sql-model:users-model"
      destination: "#destination:crm"
      config: $1
X
	refused '-m w --connection a' "$2"
}
cp p/destinations.yml w/
ids='identifiers: [{from: a, to: user_id}]'
often='schedule: {type: manual}, sync_behaviour: upsert'
to='mappings: [{from: b, to: traits.b}]'
first "{$often, identifiers: 1, $to}" "'w/c.yaml', line 8: connection 'a': 'identifiers' must be a list"
first "{$often, identifiers: [1], $to}" "'identifiers' has an entry that is not an object"
first "{$often, $ids, mappings: [{from: b}]}" "'to' is missing"
first "{$often, $ids, mappings: [{from: [], to: x}]}" "'from' must be a non-empty string"
first "{$often, $ids, mappings: [{from: '', to: x}]}" "'from' must be a non-empty string"
first "{$often, $ids}" "'mappings' is missing or empty"
first "{sync_behaviour: upsert, $ids, $to}" "'schedule' is missing"
first "{schedule: daily, sync_behaviour: upsert, $ids, $to}" "'schedule' must be an object"
first "{$often, $ids, $to, sync_settings: {sync_logs: []}}" "'sync_logs' must be an object"
first "{$often, $ids, $to, event: track}" "'event' must be an object"
first "{$often, $ids, $to, constants: {a: 1}}" "'constants' must be a list"
first "{$often, $ids, $to, object: x, event: {type: identify}}" "an object excludes 'constants' and 'event'"
first '[]' "'config' must be an object"
printf 'version: rudder/v1\nkind: retl-connections\nspec:\n  connections: [1]\n' >w/c.yaml
refused '-m w' 'a connection must be an object'
printf 'version: rudder/v1\nkind: retl-connections\nspec: {connections: {a: 1}}\n' >w/c.yaml
refused '-m w' "'w/c.yaml', line 3: 'connections' must be a list"
printf 'version: rudder/v1\nkind: retl-connections\nspec: none\n' >w/c.yaml
refused '-m w' "'w/c.yaml', line 1: 'spec' must be an object"
sed 's/type: marketo/type: my-crm/' p/destinations.yml >w/destinations.yml
first "{$often, object: lead, $ids, $to}" "the destination type 'my-crm' contains a '-', so it cannot have an object"
sed 's/type: marketo, //' p/destinations.yml >w/destinations.yml
first "{$often, object: lead, $ids, $to}" "'type' is missing"

# a mapping file: what is of the wrong kind
file() { # $1: JSON, $2: message
	printf '%s\n' "$1" >m.json
	refused '-m m.json' "$2"
}
file '{"type":"identify","user_id":"id","columns":[{"from":"a","to":1}]}' 'must be a string'
file '{"type":"identify","user_id":"id","columns":[{"to":"a"}]}' "a column needs 'from', a string"
file '{"type":"identify","user_id":"id","columns":[1]}' 'must be a string or an object'
file '{"type":"identify","user_id":"id","columns":1}' 'must be a list of columns'
file '{"type":"identify","user_id":"id","computed":{"traits.x":1}}' 'must be a string'
file '{"type":"identify","user_id":"id","computed":[]}' 'must be an object of paths and jq expressions'
file '{"type":"record","identifiers":{"a":1}}' 'must be a string'
file '{"type":"record","identifiers":["a"]}' 'must be an object of columns and keys'
file '{"type":"track","event":{"column":"e","delete":"D"},"delete_event":"E","user_id":"id"}' 'the event of deletes has two names'
file '[]' "the file has no mapping"
file '[1]' "mapping 1 of 'm.json': not an object"
jq -nc '[range(65) | {type: "identify", user_id: "id"}]' >m.json
refused '-m m.json' "mapping 'm.json': more than"

# a sync file: its mapping, if it has one
printf 'version: 1\nsource: csv:a.csv\ndestinations: {a: {mapping: other.yaml}, b: {mapping: {type: identify, user_id: user_id}}, c: {}}\n' >s.yaml
refused '-m s.yaml --connection a' "the mapping of 's.yaml' is in the file 'other.yaml'"
refused '-m s.yaml --connection c' "'s.yaml' has no 'mapping'"
refused '-m s.yaml --connection d' "'s.yaml' is a sync file: --connection must name one of its destinations"
rudder-map -m s.yaml --connection b --trust-eof <row >/dev/null || fail 'the mapping of a destination in a sync file'
