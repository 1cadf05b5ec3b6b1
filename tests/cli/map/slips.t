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
! rudder-map: warning: target 'traits.email' becomes 'traits.traits.email': for a path from the root of the event write '.traits.email'
! rudder-map: warning: target 'context.ip' becomes 'traits.context.ip': for a path from the root of the event write '.context.ip'

$ rudder-map -t track -u id -e E --field 'properties.x=.email' -c 'email=>mail,id=traits' --trust-eof | jq -c 'select(.type).properties'
< {"id":1,"email":"a"}
> {">mail":"a","traits":1,"properties":{"x":"a"}}
! rudder-map: warning: target '>mail' begins with '>': write column=target, without an arrow
! rudder-map: warning: target 'properties.x' becomes 'properties.properties.x': for a path from the root of the event write '.properties.x'

# a condition that assigns
$ rudder-map -t identify -u id -c id -w '.active = true' --trust-eof | grep -c identify
< {"id":1,"active":false}
> 1
! rudder-map: warning: the condition '.active = true' assigns with '=', which is true for every row: use == to compare

$ rudder-map -t identify -u id -c id -w '.n |= 1' --trust-eof | grep -c identify
< {"id":1,"n":2}
> 1
! rudder-map: warning: the condition '.n |= 1' assigns with '=', which is true for every row: use == to compare

$ rudder-map -t identify -u id -c id -w '.a == "x=1" and .b != 2 and .c <= 3 and .d >= 4 # a = b' --trust-eof | grep -c identify
< {"id":1,"a":"x=1","b":1,"c":3,"d":4}
> 1

# conditions as SQL has them
$ rudder-map -t identify -u id -w 'plan = pro' --trust-eof </dev/null
! rudder-map:   plan = pro
! rudder-map:   ^
! rudder-map: where: jq program, line 1, column 1: plan/0 is not defined; did you mean '.plan == "pro"'?
? 78

$ rudder-map -t identify -u id -w "plan <> 'pro' AND age >= 18 or vip is not null" --trust-eof </dev/null 2>&1 >/dev/null | sed -n 's/.*; did/did/p'
> did you mean '.plan != "pro" and .age >= 18 or .vip != null'?

$ rudder-map -t identify -u id -w '.plan == pro && .n < -1.5' --trust-eof </dev/null 2>&1 >/dev/null | sed -n 's/.*; did/did/p'
> did you mean '.plan == "pro" and .n < -1.5'?

$ rudder-map -t identify -u id -w 'plan in ("a", "b")' --trust-eof </dev/null 2>&1 >/dev/null | sed -n 's/.*; a/a/p'
> a condition is written in jq, as in '.plan == "pro" and .age > 17'
