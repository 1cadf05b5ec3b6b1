# a jq program makes the event; the envelope is filled in
$ rudder-map -t identify -u id -j '{traits: {email, tier: (.plan | ascii_upcase)}, context: {ip: .ip}}'
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1"}}
< {"id":7,"email":"a@b.c","plan":"pro","ip":"::1"}
< {"_rudder":{"type":"end","stream":"rows","rows":1}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1"}}
> {"channel":"sources","context":{"ip":"::1","sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"3d514413-9be5-88b0-90ed-a5d3b4f98e9f","recordId":"1","traits":{"email":"a@b.c","tier":"PRO"},"type":"identify","userId":"7"}
> {"_rudder":{"type":"end","stream":"events","events":1,"rejects":0,"skips":0}}

# a program says all by itself
$ rudder-map -j '{type: "track", event: "E", anonymousId: 12, properties: ., channel: "mine", context: {sources: {job_id: "j"}}}'
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1"}}
< {"id":7}
< {"_rudder":{"type":"end","stream":"rows","rows":1}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1"}}
> {"anonymousId":"12","channel":"mine","context":{"sources":{"job_id":"j"}},"event":"E","messageId":"7b9a1d78-8108-8b3a-9415-d51d4ea70ab9","properties":{"id":7},"recordId":"1","type":"track"}
> {"_rudder":{"type":"end","stream":"events","events":1,"rejects":0,"skips":0}}

# several events of a row, and none
$ rudder-map -t track -u id -j '.items[]? | {event: "Item", properties: {sku: .}}'
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1"}}
< {"id":1,"items":["a","b"]}
< {"id":2,"items":[]}
< {"id":3}
< {"id":4,"items":["c"]}
< {"_rudder":{"type":"end","stream":"rows","rows":4}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1"}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"event":"Item","messageId":"d56a3e0b-e1af-8728-8c22-e2dc1a06746c-1-2","properties":{"sku":"a"},"recordId":"1","type":"track","userId":"1"}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"event":"Item","messageId":"d56a3e0b-e1af-8728-8c22-e2dc1a06746c-2-2","properties":{"sku":"b"},"recordId":"1","type":"track","userId":"1"}
> {"_rudder":{"type":"skip","stage":"map","line":3,"reason":"the jq program returned nothing"}}
> {"_rudder":{"type":"skip","stage":"map","line":4,"reason":"the jq program returned nothing"}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"event":"Item","messageId":"5ff525bc-759d-8ab7-9847-ca5ddd113fa4","properties":{"sku":"c"},"recordId":"4","type":"track","userId":"4"}
> {"_rudder":{"type":"end","stream":"events","events":3,"rejects":0,"skips":2}}

# errors of the program are rejects of a row
$ rudder-map -t identify -u id -j 'if .x == 1 then error("no good") elif .x == 2 then 5 elif .x == 3 then error(null) elif .x == 4 then {context: 1} elif .x == 5 then {userId: []} else {} end'
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1"}}
< {"id":1,"x":1}
< {"id":2,"x":2}
< {"id":4,"x":4}
< {"id":5,"x":5}
< {"id":null,"x":6}
< {"id":7,"x":7}
< {"_rudder":{"type":"end","stream":"rows","rows":6}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1"}}
> {"_rudder":{"type":"reject","stage":"map","line":2,"reason":"jq: no good","record":"{\"id\":1,\"x\":1}"}}
> {"_rudder":{"type":"reject","stage":"map","line":3,"reason":"the jq program did not return an object","record":"{\"id\":2,\"x\":2}"}}
> {"_rudder":{"type":"reject","stage":"map","line":4,"reason":"the event's context is not an object","record":"{\"id\":4,\"x\":4}"}}
> {"_rudder":{"type":"reject","stage":"map","line":5,"reason":"the user id is neither a string nor a number","record":"{\"id\":5,\"x\":5}"}}
> {"_rudder":{"type":"reject","stage":"map","line":6,"reason":"no user id: the event has no userId and no anonymousId","record":"{\"id\":null,\"x\":6}"}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"a60960c3-cd06-8d92-9a1d-7785fb9da58b","recordId":"6","type":"identify","userId":"7"}
> {"_rudder":{"type":"end","stream":"events","events":1,"rejects":5,"skips":0}}
! rudder-map: 5 of 6 rows rejected: 1 × the jq program failed (line 2), 1 × the jq program did not return an object (line 3), 1 × the event's context is not an object (line 4), 1 × the user id is neither a string nor a number (line 5), 1 × no user id: the event has no userId and no anonymousId (line 6)
? 1

# an event without a type
$ rudder-map -u id -j '{traits: .}'
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1"}}
< {"id":1}
< {"_rudder":{"type":"end","stream":"rows","rows":1}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1"}}
> {"_rudder":{"type":"reject","stage":"map","line":2,"reason":"the event has no type","record":"{\"id\":1}"}}
> {"_rudder":{"type":"end","stream":"events","events":0,"rejects":1,"skips":0}}
! rudder-map: 1 of 1 rows rejected: 1 × the event has no type (line 2)
? 1

# changes: ids are theirs, a delete is a skip, nothing is a skip
$ rudder-map -t identify -u id -j 'select(.x) | {traits: .}, {type: "track", event: "E"}'
< {"_rudder":{"type":"begin","v":1,"stream":"changes","run":"r1000000000000000000","model":"m1","key":["id"],"mode":"mirror"}}
< {"_rudder":{"type":"change","action":"update","id":"1","change":"0123456789abcdef0123456789abcdef"},"id":1,"x":true}
< {"_rudder":{"type":"change","action":"delete","id":"2","change":"0123456789abcdef0123456789abcdef"},"id":2}
< {"_rudder":{"type":"change","action":"insert","id":"3","change":"0123456789abcdef0123456789abcdef"},"id":3,"x":false}
< {"_rudder":{"type":"end","stream":"changes","changes":3}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1","key":["id"],"mode":"mirror"}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"01234567-89ab-8def-8123-4567ebbc37a8-1-2","recordId":"1","traits":{"id":1,"x":true},"type":"identify","userId":"1"}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"event":"E","messageId":"01234567-89ab-8def-8123-45677fb6706d-2-2","recordId":"1","type":"track","userId":"1"}
> {"_rudder":{"type":"skip","stage":"map","id":"2","action":"delete","change":"0123456789abcdef0123456789abcdef","line":3,"reason":"this event type cannot delete"}}
> {"_rudder":{"type":"skip","stage":"map","id":"3","action":"insert","change":"0123456789abcdef0123456789abcdef","line":4,"reason":"the jq program returned nothing"}}
> {"_rudder":{"type":"end","stream":"events","events":2,"rejects":0,"skips":2}}
! rudder-map: 1 delete was skipped because this event type cannot delete: use -t record, --delete-event NAME, or --deletes skip to omit deletes
? 1

# a program must not set the ids of a change
$ rudder-map -t identify -u id -j '{messageId: "m"}'
< {"_rudder":{"type":"begin","v":1,"stream":"changes","run":"r1000000000000000000","model":"m1","key":["id"],"mode":"mirror"}}
< {"_rudder":{"type":"change","action":"update","id":"1","change":"0123456789abcdef0123456789abcdef"},"id":1}
< {"_rudder":{"type":"end","stream":"changes","changes":1}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1","key":["id"],"mode":"mirror"}}
> {"_rudder":{"type":"reject","stage":"map","id":"1","action":"update","change":"0123456789abcdef0123456789abcdef","line":2,"reason":"the program sets messageId or recordId, but a change already has both","record":"{\"_rudder\":{\"type\":\"change\",\"action\":\"update\",\"id\":\"1\",\"change\":\"0123456789abcdef0123456789abcdef\"},\"id\":1}"}}
> {"_rudder":{"type":"end","stream":"events","events":0,"rejects":1,"skips":0}}
! rudder-map: 1 of 1 rows rejected: 1 × the program sets messageId or recordId, but a change already has both (line 2)
? 1

# numbers that jq would round are rejected
$ rudder-map -t identify -u id -j '{traits: {a, b}}'
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1"}}
< {"id":1,"a":9007199254740992,"b":0.1}
< {"id":2,"a":9007199254740993,"b":1}
< {"id":3,"a":1,"b":[{"c":3.14159265358979323846}]}
< {"id":12345678901234567890,"a":1}
< {"_rudder":{"type":"end","stream":"rows","rows":4}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1"}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"da15b2e8-77a9-8562-b4c3-b6f43ff95f3e","recordId":"1","traits":{"a":9007199254740992,"b":0.1},"type":"identify","userId":"1"}
> {"_rudder":{"type":"reject","stage":"map","line":3,"reason":"a number that jq would round (see --jq-numbers)","record":"{\"id\":2,\"a\":9007199254740993,\"b\":1}"}}
> {"_rudder":{"type":"reject","stage":"map","line":4,"reason":"a number that jq would round (see --jq-numbers)","record":"{\"id\":3,\"a\":1,\"b\":[{\"c\":3.14159265358979323846}]}"}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"053e0737-7178-86dc-856b-a55a1f8dc83e","recordId":"4","traits":{"a":1,"b":null},"type":"identify","userId":"12345678901234567890"}
> {"_rudder":{"type":"end","stream":"events","events":2,"rejects":2,"skips":0}}
! rudder-map: 2 of 4 rows rejected: 2 × a number that jq would round (see --jq-numbers) (from line 3)
? 1

# or handed in as strings
$ rudder-map -t identify -u id -j '{traits: {a, b}}' --jq-numbers string
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1"}}
< {"id":2,"a":9007199254740993,"b":[-12345678901234567890, "9007199254740993", 1]}
< {"id":12345678901234567890,"a":1,"b":"12345678901234567890\\\""}
< {"_rudder":{"type":"end","stream":"rows","rows":2}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1"}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"8900e4b1-e89e-831b-9daf-e2c5c341d3c0","recordId":"1","traits":{"a":"9007199254740993","b":["-12345678901234567890","9007199254740993",1]},"type":"identify","userId":"2"}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"94764ac7-a403-8c95-851d-cd043589cc32","recordId":"2","traits":{"a":1,"b":"12345678901234567890\\\""},"type":"identify","userId":"12345678901234567890"}
> {"_rudder":{"type":"end","stream":"events","events":2,"rejects":0,"skips":0}}

# an endless program costs a row
$ rudder-map -t identify -u id --jq-timeout 200ms -j 'if .id == 2 then last(repeat(1)) else {} end'
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1"}}
< {"id":1}
< {"id":2}
< {"id":3}
< {"_rudder":{"type":"end","stream":"rows","rows":3}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1"}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"334333a8-7127-8412-bad9-081fcd3c82f7","recordId":"1","type":"identify","userId":"1"}
> {"_rudder":{"type":"reject","stage":"map","line":3,"reason":"the jq program timed out (--jq-timeout)","record":"{\"id\":2}"}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"4327a581-a9ce-82e0-a37a-63726fd86fdc","recordId":"3","type":"identify","userId":"3"}
> {"_rudder":{"type":"end","stream":"events","events":2,"rejects":1,"skips":0}}
! rudder-map: 1 of 3 rows rejected: 1 × the jq program timed out (--jq-timeout) (line 3)
? 1

# what a program must not see or do
$ for w in env '$ENV.HOME' input inputs debug stderr halt 'halt_error(1)' 'import "a" as a; .' 'include "a"; .' modulemeta get_search_list input_filename '{a: env}' '"\(env)"' '[.[] | input]' '{(env): 1}'; do rudder-map -u id -j "$w" 2>&1 >/dev/null | tail -n 1; done
> rudder-map: jq program, line 1, column 1: 'env' is not allowed: a program can use only its row
> rudder-map: jq program, line 1, column 1: '$ENV' is not allowed: a program can use only its row
> rudder-map: jq program, line 1, column 1: 'input' is not allowed: a program can use only its row
> rudder-map: jq program, line 1, column 1: 'inputs' is not allowed: a program can use only its row
> rudder-map: jq program, line 1, column 1: 'debug' is not allowed: a program can use only its row
> rudder-map: jq program, line 1, column 1: 'stderr' is not allowed: a program can use only its row
> rudder-map: jq program, line 1, column 1: 'halt' is not allowed: a program can use only its row
> rudder-map: jq program, line 1, column 1: 'halt_error' is not allowed: a program can use only its row
> rudder-map: jq program, line 1, column 1: 'import' is not allowed: a program can use only its row
> rudder-map: jq program, line 1, column 1: 'include' is not allowed: a program can use only its row
> rudder-map: jq program, line 1, column 1: 'modulemeta' is not allowed: a program can use only its row
> rudder-map: jq program, line 1, column 1: 'get_search_list' is not allowed: a program can use only its row
> rudder-map: jq program, line 1, column 1: 'input_filename' is not allowed: a program can use only its row
> rudder-map: jq program, line 1, column 5: 'env' is not allowed: a program can use only its row
> rudder-map: jq program, line 1, column 4: 'env' is not allowed: a program can use only its row
> rudder-map: jq program, line 1, column 8: 'input' is not allowed: a program can use only its row
> rudder-map: jq program, line 1, column 3: 'env' is not allowed: a program can use only its row

# names are not calls
$ rudder-map -t identify -u id -j '.env as $input | {traits: {env, input: .input, debug: "env \(.halt) #" # env
$ , "stderr": 1}, x: {env: .env}}'
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1"}}
< {"id":1,"env":2,"input":3,"halt":"h"}
< {"_rudder":{"type":"end","stream":"rows","rows":1}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1"}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"94226716-82fb-8869-93a0-408e3a0b8949","recordId":"1","traits":{"env":2,"input":3,"debug":"env h #","stderr":1},"type":"identify","userId":"1","x":{"env":2}}
> {"_rudder":{"type":"end","stream":"events","events":1,"rejects":0,"skips":0}}

# a syntax error shows the place
$ rudder-map -u id -j '{traits: {a: .b}} }'
! rudder-map:   {traits: {a: .b}} }
! rudder-map:                     ^
! rudder-map: jq program, line 1, column 19: syntax error, unexpected INVALID_CHARACTER, expecting end of program
? 78

# on any line
$ rudder-map -u id -j '{traits:
$   {a: foo(.b)}}'
! rudder-map:     {a: foo(.b)}}
! rudder-map:         ^
! rudder-map: jq program, line 2, column 7: foo/1 is not defined
? 78

# an end that is missing
$ rudder-map -u id -j '{traits: {a'
! rudder-map:   {traits: {a
! rudder-map:              ^
! rudder-map: jq program, line 1, column 12: syntax error, unexpected end of program, expecting '}'
? 78

# settings that a program makes useless are refused
$ rudder-map -t identify -u id -j . -c a; rudder-map -t track -u id -j . -e E; rudder-map -u id -j . --jq-numbers x
! rudder-map: a jq program makes the whole event: set columns, constants, identifiers and event names in the program
! rudder-map: a jq program makes the whole event: set columns, constants, identifiers and event names in the program
! rudder-map: jq numbers 'x' is not reject, string or literal
? 78

# more than can be
$ rudder-map -u id -j . --jobs 65; rudder-map -u id -j . --max-line 257M
! rudder-map: option '--jobs': at most 64
! rudder-map: option '--max-line': at most 256M with jq
? 64

# numbers are handed in as they stand only to a libjq that keeps them
$ case $(jq --version) in jq-1.6*) ;; *) echo "rudder-map: jq numbers 'literal': this libjq rounds long numbers (1.7 keeps them); use reject or string" >&2; exit 78 ;; esac; rudder-map -t identify -u id -j '{traits: {a}}' --jq-numbers literal
! rudder-map: jq numbers 'literal': this libjq rounds long numbers (1.7 keeps them); use reject or string
? 78

# what would be nested too deep for the next stage is a reject
$ rudder-map -t identify -u id --job-id j -j 'if .n > 1 then {traits: {a: (reduce range(.n) as $i (1; [.]))}} else {traits: {}} end' | cut -c1-110
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000"}}
< {"id":1,"n":300}
< {"id":2,"n":1}
< {"_rudder":{"type":"end","stream":"rows","rows":2}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000"}}
> {"_rudder":{"type":"reject","stage":"map","line":2,"reason":"the event is nested deeper than 250 levels","reco
> {"channel":"sources","context":{"sources":{"job_id":"j","job_run_id":"r1000000000000000000","task_run_id":"r10
> {"_rudder":{"type":"end","stream":"events","events":1,"rejects":1,"skips":0}}
! rudder-map: 1 of 2 rows rejected: 1 × the event is nested deeper than 250 levels (line 2)

# which expressions run natively, and what is in the way of the others
$ rudder-map --explain -t identify -u id -w '.plan == "pro"' --field 'tier.a[0]=.plan // "x" | ascii_upcase'; rudder-map --explain -u id -t identify -w .a --field 'b=.a |
$   test("x")'; rudder-map --explain -t identify -u id -j '{traits: .}' --jq-engine libjq; rudder-map --explain -t identify -u id -c a
> condition: native
> field tier.a[0]: native
> condition: native; libjq checks the rows that it accepts
> field b: libjq, for 'test' in line 2, column 3
> event: libjq, as --jq-engine asks
> columns: native

# an engine that there is not
$ rudder-map -t identify -u id -j . --jq-engine gojq
! rudder-map: option '--jq-engine': 'gojq' is not auto or libjq
? 64

# error(null) is an error, and not nothing, wherever it is called
$ r() { echo '{"id":1,"e":null}' | rudder-map -t identify -u id --trust-eof "$@" 2>/dev/null | grep -o '"reason":"[^"]*"\|"traits":{[^}]*}'; }; r -j 'error(.e)'; r -c id -w '.e | error'; r -c id --field 'a=error(null)'; r -c id --field 'a=try error(null) catch "caught"'; r -j 'try error("x") catch {traits: {x: .}}'; r -j 'error(empty)'
> "reason":"jq: error(null)"
> "reason":"jq: error(null)"
> "reason":"jq: error(null)"
> "traits":{"id":1,"a":"caught"}
> "traits":{"x":"x"}
> "reason":"the jq program returned nothing"

# a user id of null is left out and that of the row taken; what follows it stays
$ rudder-map --trust-eof -t identify -u id -j '{userId: null, traits: {a: .a}}' | jq -c 'select(.type) | [.userId, .traits, (keys | length)]'
< {"id":7,"a":1}
> ["7",{"a":1},7]

$ rudder-map --trust-eof -t track -u id -j '{userId: null, anonymousId: null, event: "E", properties: {a: .a}} | del(.x)' --jq-engine libjq | jq -c 'select(.type) | [.userId, has("anonymousId"), .event, .properties]'
< {"id":7,"a":1}
> ["7",false,"E",{"a":1}]
