# constants of every type, in the order of their options
$ rudder-map -t identify -u id -c '!*' --constant-json n=1.50 --constant-json 'z=null' --constant-json 'b=false' --constant-json 'j={"a":[1, 2]}' -C s='a=b' --trust-eof | grep -o '"traits":.*}}'
< {"id":1}
> "traits":{"s":"a=b","n":1.50,"z":null,"b":false,"j":{"a":[1,2]}}

# a constant's digits and strings are kept, not the space between them
$ RUDDER_RUN_ID=r1000000000000000000 rudder-map -t identify -u id --constant-json 'n=12345678901234567890.10' --constant-json 'j=[1, " ", 2]' --trust-eof | grep -o '"traits":{[^}]*}'
< {"id":1}
> "traits":{"n":12345678901234567890.10,"j":[1," ",2]}

# constants of the environment
$ WHO='Zoë "Z"' EMPTY= rudder-map -t track -e E -u id --constant-env by.who=WHO --constant-env e=EMPTY --trust-eof | jq -c 'select(.type)|.properties'
< {"id":1}
> {"by":{"who":"Zoë \"Z\""},"e":""}

# a variable that is not set, that is not text, and words without their form
$ rudder-map -t identify -u id --constant-env a=RUDDER_NO_SUCH </dev/null; BAD=$(printf '\377') rudder-map -t identify -u id --constant-env a=BAD </dev/null; rudder-map -t identify -u id --constant-env a </dev/null; rudder-map -t identify -u id --constant-run a=end </dev/null
! rudder-map: constant 'a': the variable 'RUDDER_NO_SUCH' is not set
! rudder-map: constant 'a' is not UTF-8
! rudder-map: constant 'a': expected key=value
! rudder-map: constant 'a': expected id or start, not 'end'
? 78

# constants of the run, whose start stands in its id
$ rudder-map -t identify -u id -c '!*' --constant-run sync.run=id --constant-run .context.traits.at=start --trust-eof | jq -c 'select(.type)|.traits, .context.traits'
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"cskrt1kme831eq0jrafg"}}
< {"id":1}
> {"sync":{"run":"cskrt1kme831eq0jrafg"}}
> {"at":"2024-11-05T06:43:18.000Z"}

# under any other id a run starts now
$ now=$(date -u +%s); RUDDER_RUN_ID=nightl00000000000000 rudder-map -t identify -u id --constant-run at=start --constant-run run=id --trust-eof | jq -c --argjson now "$now" 'select(.type)|.traits | .run, (.at|sub("\\.[0-9]+";"")|fromdate - $now | . >= -1 and . < 60)'
< {"id":1}
> "nightl00000000000000"
> true

# all of them in a file, beside jq values
$ echo '{"type":"identify","user_id":"id","columns":["!*"],"constants":{"a":null},"constants_env":{"b.c":"WHO"},"constants_run":{"r":"id","t":"start"},"computed":{"x":".id+1"}}' >m.json; WHO=me rudder-map -m m.json --trust-eof | jq -c 'select(.type)|.traits'
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"cskrt1kme831eq0jrafg"}}
< {"id":1}
> {"x":2,"a":null,"b":{"c":"me"},"r":"cskrt1kme831eq0jrafg","t":"2024-11-05T06:43:18.000Z"}

# in a file they are objects of names
$ for x in '"constants_env":1' '"constants_env":{"a":1}' '"constants_run":{"a":"b"}' '"constants_rum":{}'; do echo "{$x}" >m.json; rudder-map -m m.json; done
! rudder-map: mapping 'm.json': line 1: 'constants_env' must be an object of paths and names
! rudder-map: mapping 'm.json': line 1: 'a' must be a string
! rudder-map: mapping 'm.json': line 1: constant 'a': expected id or start, not 'b'
! rudder-map: mapping 'm.json': line 1: unknown key 'constants_rum'; did you mean 'constants_run'?
? 78

# a constant where another value stands
$ A=1 rudder-map -t identify -u id -c a --constant-env a.b=A </dev/null; rudder-map -t identify -u id --constant-run .context.sources.x=id </dev/null
! rudder-map: two values for one target: 'a.b' is in use, or overlaps a different target
! rudder-map: target '.context.sources' is reserved: rudder-map sets context.sources
? 78
