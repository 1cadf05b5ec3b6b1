# no event type
$ rudder-map -u id
! rudder-map: no event type: use -t identify, -t track, ... (type: identify in a mapping file)
? 64

# no identifier
$ rudder-map -t identify
! rudder-map: no user: use -u COLUMN for the user id or -a COLUMN for the anonymous id (user_id: COLUMN or anonymous_id: COLUMN in a mapping file)
? 64

# the same from a mapping file, where the user id is not among the identifiers
$ echo '{"type": "identify", "identifiers": {"user_id": "id"}}' >m.json; rudder-map -m m.json
! rudder-map: no user: use -u COLUMN for the user id or -a COLUMN for the anonymous id (user_id: COLUMN or anonymous_id: COLUMN in a mapping file)
? 64

# a type with a typing error
$ rudder-map -t identfy -u id
! rudder-map: unknown event type 'identfy'; did you mean 'identify'?
? 78

# track without a name, and with two
$ rudder-map -t track -u id; rudder-map -t track -u id -e A --event-column b; rudder-map -t identify -u id -e A
! rudder-map: type 'track' needs an event name: use -e NAME or --event-column COLUMN (event: NAME or event: {column: COLUMN} in a mapping file)
! rudder-map: options '--event' and '--event-column' exclude each other
! rudder-map: type 'identify' has no event name
? 78

# reserved targets
$ for t in .type .userId .anonymousId .event .messageId .recordId .channel .context .context.sources.job_id; do rudder-map -t identify -u id -c "x=$t"; done
! rudder-map: target '.type' is reserved: rudder-map sets it
! rudder-map: target '.userId' is reserved: rudder-map sets it
! rudder-map: target '.anonymousId' is reserved: rudder-map sets it
! rudder-map: target '.event' is reserved: rudder-map sets it
! rudder-map: target '.messageId' is reserved: rudder-map sets it
! rudder-map: target '.recordId' is reserved: rudder-map sets it
! rudder-map: target '.channel' is reserved: rudder-map sets it
! rudder-map: target '.context' is reserved: rudder-map sets context.sources
! rudder-map: target '.context.sources' is reserved: rudder-map sets context.sources
? 78

# a reserved target of a constant, and the reserved column
$ rudder-map -t identify -u id -C .userId=1; rudder-map -t identify -u id -c _rudder
! rudder-map: target '.userId' is reserved: rudder-map sets it
! rudder-map: column '_rudder' is reserved
? 78

# two values for one place
$ rudder-map -t identify -u id -c 'a,b=a'; echo $?; rudder-map -t identify -u id -c 'a' -C a.b=1; echo $?; rudder-map -t identify -u id -c 'x=a[0]' -C a.b=1; echo $?; rudder-map -t identify -u id -c 'x=.traits' -C a=1
> 78
> 78
> 78
! rudder-map: two values for one target: 'a' is in use, or overlaps a different target
! rudder-map: two values for one target: 'a.b' is in use, or overlaps a different target
! rudder-map: two values for one target: 'a.b' is in use, or overlaps a different target
! rudder-map: two values for one target: '.traits' is in use, or overlaps a different target
? 78

# two values for one place, seen at the first row
$ rudder-map -t identify -u id -C plan=x
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000"}}
< {"id":1,"plan":"pro"}
< {"_rudder":{"type":"end","stream":"rows","rows":1}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000"}}
! rudder-map: two values for one target: 'plan' is in use, or overlaps a different target
? 78

# two values for one place, in a later row
$ rudder-map -t identify -u id -C plan=x
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000"}}
< {"id":1}
< {"id":1,"plan":"pro"}
< {"_rudder":{"type":"end","stream":"rows","rows":2}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000"}}
> {"channel":"sources","context":{"sources":{"job_id":"rudder","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"9d450f11-8319-8681-86da-c19ec0e75469","recordId":"1","traits":{"plan":"x"},"type":"identify","userId":"1"}
> {"_rudder":{"type":"reject","stage":"map","line":3,"reason":"two values for one target: 'plan' is in use, or overlaps a different target","record":"{\"id\":1,\"plan\":\"pro\"}"}}
> {"_rudder":{"type":"end","stream":"events","events":1,"rejects":1,"skips":0}}
! rudder-map: 1 of 2 rows rejected: 1 × two values for one target: 'plan' is in use, or overlaps a different target (line 3)
? 1

# a column that the rows do not have
$ rudder-map -t identify -u id -c emial
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000"}}
< {"id":1,"email":"x"}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000"}}
! rudder-map: option '--columns': the rows have no column 'emial'; did you mean 'email'?
? 78

# the same in rows that nobody described
$ RUDDER_RUN_ID=r1000000000000000000 rudder-map -t identify -u id -c emial --trust-eof
< {"id":1,"email":"x"}
> {"_rudder":{"type":"begin","v":1,"stream":"events","run":"r1000000000000000000"}}
> {"channel":"sources","context":{"sources":{"job_id":"rudder","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"39d8e5b7-b442-8cb4-a7d8-94e5755f2a59","recordId":"1","traits":{},"type":"identify","userId":"1"}
> {"_rudder":{"type":"end","stream":"events","events":1,"rejects":0,"skips":0}}
! rudder-map: warning: the first row has no column 'emial'

# wrong paths
$ for p in 'a..b' 'a.' '[0]' 'a[x]' 'a[100]' '"a' 'a"b"'; do rudder-map -t identify -u id -c "x=$p" || echo $?; done
> 78
> 78
> 78
> 78
> 78
> 78
> 78
! rudder-map: 'a..b' is not a path: see character 3 (separate names with dots, use [0] to [99] for array elements, and quote a name that contains a dot)
! rudder-map: 'a.' is not a path: see character 3 (separate names with dots, use [0] to [99] for array elements, and quote a name that contains a dot)
! rudder-map: '[0]' is not a path: see character 1 (separate names with dots, use [0] to [99] for array elements, and quote a name that contains a dot)
! rudder-map: 'a[x]' is not a path: see character 2 (separate names with dots, use [0] to [99] for array elements, and quote a name that contains a dot)
! rudder-map: 'a[100]' is not a path: see character 2 (separate names with dots, use [0] to [99] for array elements, and quote a name that contains a dot)
! rudder-map: '"a' is not a path: see character 1 (separate names with dots, use [0] to [99] for array elements, and quote a name that contains a dot)
! rudder-map: 'a"b"' is not a path: see character 2 (separate names with dots, use [0] to [99] for array elements, and quote a name that contains a dot)

# wrong lists
$ rudder-map -t identify -u id -c 'a,,b'; rudder-map -t identify -u id -c 'a*=b'; rudder-map -t identify -u id -c '!a=b'
! rudder-map: a column without a name
! rudder-map: column 'a*': a target needs a single column name
! rudder-map: column 'a': a target needs a single column name
? 78

# wrong constants
$ rudder-map -t identify -u id -C a; rudder-map -t identify -u id --constant-json 'a={'; rudder-map -t identify -u id --constant-json 'a={"b":1,"b":2}'
! rudder-map: constant 'a': expected key=value
! rudder-map: constant 'a' is not JSON: line 1, column 2: unexpected end of line
! rudder-map: constant 'a' is not JSON: line 1: duplicate key 'b'
? 64

# a mapping file
$ cat >m.json <<'X'
$ {
$   "type": "identify",
$   "user_id": "id",
$   "columns": ["email", "!addr_x", "addr_*", {"from": "name", "to": "profile.full"}],
$   "constants": {"source": "warehouse", "n": 12345678901234567890, "a.b": [1, {"c": null}]}
$ }
$ X
$ rudder-map -m m.json
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000"}}
< {"id":1,"email":"x","addr_x":1,"addr_y":2,"name":"N"}
< {"_rudder":{"type":"end","stream":"rows","rows":1}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000"}}
> {"channel":"sources","context":{"sources":{"job_id":"rudder","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"4c34fea0-18a2-8892-8d05-5f0cd0d13f91","recordId":"1","traits":{"email":"x","addr_y":2,"profile":{"full":"N"},"source":"warehouse","n":12345678901234567890,"a":{"b":[1,{"c":null}]}},"type":"identify","userId":"1"}
> {"_rudder":{"type":"end","stream":"events","events":1,"rejects":0,"skips":0}}

# the command line over the file
$ echo '{"type":"track","user_id":"id","event":{"column":"ev"},"columns":"a,b","job_id":"j"}' >m.json; rudder-map -m m.json -e Fixed -u b -c a --job-id k
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000"}}
< {"id":1,"a":"x","b":2,"ev":"E"}
< {"_rudder":{"type":"end","stream":"rows","rows":1}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000"}}
> {"channel":"sources","context":{"sources":{"job_id":"k","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"event":"Fixed","messageId":"c9da412d-863e-8aba-b445-f56b3e815133","properties":{"a":"x"},"recordId":"1","type":"track","userId":"2"}
> {"_rudder":{"type":"end","stream":"events","events":1,"rejects":0,"skips":0}}

# an unknown key, with a suggestion
$ printf '{\n "type": "identify",\n "user_ids": "id"}' >m.json; rudder-map -m m.json
! rudder-map: mapping 'm.json': line 3: unknown key 'user_ids'; did you mean 'user_id'?
? 78

# no JSON
$ printf '{\n "type": "identify",\n "user_id": "id" "x"}' >m.json; rudder-map -m m.json
! rudder-map: mapping 'm.json': line 3, column 18: expected ',' or '}'
? 78

# wrong kinds of value
$ for m in '{"type":1}' '{"columns":5}' '{"columns":[5]}' '{"columns":[{"to":"x"}]}' '{"constants":[]}' '{"fields":{"x":".y"}}' '{"constants":{"a..b":1}}' '[]' '1' '[1]'; do echo "$m" >m.json; rudder-map -m m.json; done
! rudder-map: mapping 'm.json': line 1: 'type' must be a string
! rudder-map: mapping 'm.json': line 1: 'columns' must be a list of columns
! rudder-map: mapping 'm.json': line 1: 'entry' must be a string or an object
! rudder-map: mapping 'm.json': line 1: a column needs 'from', a string
! rudder-map: mapping 'm.json': line 1: 'constants' must be an object of paths and values
! rudder-map: mapping 'm.json': line 1: 'x' must be an object of null, default, cast and mask; jq expressions are in 'computed'
! rudder-map: mapping 'm.json': line 1: 'a..b' is not a path: see character 3 (separate names with dots, use [0] to [99] for array elements, and quote a name that contains a dot)
! rudder-map: mapping 'm.json': the file has no mapping
! rudder-map: mapping 'm.json': not an object
! rudder-map: mapping 1 of 'm.json': not an object
? 78

# no such file
$ rudder-map -m none.json
! rudder-map: cannot open 'none.json': No such file or directory
? 66

# an unknown option, an operand
$ rudder-map --colums a; rudder-map rows.json
! rudder-map: unknown option '--colums'; did you mean '--columns'?
! rudder-map: unexpected argument 'rows.json': rows are read from standard input
? 64
