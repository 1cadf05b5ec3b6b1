# a blank event name, wherever it stands
$ rudder-map -t track -u id -e '' --trust-eof </dev/null
! rudder-map: the event name for inserts is blank
? 78

$ rudder-map -t track -u id -e 'insert=,update=Changed' --trust-eof </dev/null
! rudder-map: the event name for inserts is blank
? 78

$ rudder-map -t identify -u id --delete-event ' ' --trust-eof </dev/null
! rudder-map: the event name for deletes is blank
? 78

$ echo '{"type":"track","user_id":"id","event":{"insert":"A","update":"\u00a0"}}' >m.json; rudder-map -m m.json --trust-eof </dev/null
! rudder-map: the event name for updates is blank
? 78

$ rudder-map -t track -u id -j '{event: .e, properties: {}}' --trust-eof 2>/dev/null | jq -r 'if .type then .event else ._rudder.reason // empty end'
< {"id":1,"e":" "}
< {"id":1,"e":"E"}
> the event name is blank
> E

$ rudder-map -t track -u id -j '{event: .e, properties: {}}' --jq-engine libjq --trust-eof 2>/dev/null | jq -r 'if .type then .event else ._rudder.reason // empty end'
< {"id":1,"e":""}
> the event name is blank

# targets that name where they are already
$ rudder-map -t identify -u id -c email=traits.email -C context.ip=1 --trust-eof | jq -c 'select(.type).traits'
< {"id":1,"email":"a"}
> {"traits":{"email":"a"},"context":{"ip":"1"}}
! rudder-map: warning: target 'traits.email' becomes 'traits.traits.email': a path from the root of the event has a dot in front, '.traits.email'
! rudder-map: warning: target 'context.ip' becomes 'traits.context.ip': a path from the root of the event has a dot in front, '.context.ip'

$ rudder-map -t track -u id -e E --field 'properties.x=.email' -c 'email=>mail,id=traits' --trust-eof | jq -c 'select(.type).properties'
< {"id":1,"email":"a"}
> {">mail":"a","traits":1,"properties":{"x":"a"}}
! rudder-map: warning: target '>mail' begins with '>': column=target has no arrow
! rudder-map: warning: target 'properties.x' becomes 'properties.properties.x': a path from the root of the event has a dot in front, '.properties.x'

# a condition that assigns
$ rudder-map -t identify -u id -c id -w '.active = true' --trust-eof | grep -c identify
< {"id":1,"active":false}
> 1
! rudder-map: warning: the condition '.active = true' assigns by '=', which holds for every row: == compares

$ rudder-map -t identify -u id -c id -w '.n |= 1' --trust-eof | grep -c identify
< {"id":1,"n":2}
> 1
! rudder-map: warning: the condition '.n |= 1' assigns by '=', which holds for every row: == compares

$ rudder-map -t identify -u id -c id -w '.a == "x=1" and .b != 2 and .c <= 3 and .d >= 4 # a = b' --trust-eof | grep -c identify
< {"id":1,"a":"x=1","b":1,"c":3,"d":4}
> 1
