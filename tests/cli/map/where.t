# a condition: rows for which it does not hold are skips
$ rudder-map -t identify -u id -c plan -w '.plan == "pro"'
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1"}}
< {"id":1,"plan":"pro","big":12345678901234567890}
< {"id":2,"plan":"free"}
< {"id":3}
< {"id":4,"plan":"pro","x":1.50}
< {"_rudder":{"type":"end","stream":"rows","rows":4}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1"}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"b95fa594-7a23-87c2-9ad7-0ff44f8d9b18","recordId":"1","traits":{"plan":"pro"},"type":"identify","userId":"1"}
> {"_rudder":{"type":"skip","stage":"map","line":3,"reason":"omitted by the condition"}}
> {"_rudder":{"type":"skip","stage":"map","line":4,"reason":"omitted by the condition"}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"96d81fed-7fe3-8110-98c1-e444e5a57fcf","recordId":"4","traits":{"plan":"pro"},"type":"identify","userId":"4"}
> {"_rudder":{"type":"end","stream":"events","events":2,"rejects":0,"skips":2}}

# its errors are rejects; deletes pass it by
$ rudder-map -t identify -u id -c x --delete-event Gone -w '.x > 1 and (.y | length) > 0'
< {"_rudder":{"type":"begin","v":1,"stream":"changes","run":"r1000000000000000000","model":"m1","key":["id"],"mode":"mirror"}}
< {"_rudder":{"type":"change","action":"insert","id":"1","change":"0123456789abcdef0123456789abcdef"},"id":1,"x":2,"y":"a"}
< {"_rudder":{"type":"change","action":"update","id":"2","change":"0123456789abcdef0123456789abcdef"},"id":2,"x":2,"y":true}
< {"_rudder":{"type":"change","action":"delete","id":"3","change":"0123456789abcdef0123456789abcdef"},"id":3}
< {"_rudder":{"type":"change","action":"update","id":"4","change":"0123456789abcdef0123456789abcdef"},"id":4,"x":null,"y":""}
< {"_rudder":{"type":"end","stream":"changes","changes":4}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1","key":["id"],"mode":"mirror"}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"01234567-89ab-8def-8123-45677141633b","recordId":"1","traits":{"x":2},"type":"identify","userId":"1"}
> {"_rudder":{"type":"reject","stage":"map","id":"2","action":"update","change":"0123456789abcdef0123456789abcdef","line":3,"reason":"jq: boolean (true) has no length","record":"{\"_rudder\":{\"type\":\"change\",\"action\":\"update\",\"id\":\"2\",\"change\":\"0123456789abcdef0123456789abcdef\"},\"id\":2,\"x\":2,\"y\":true}"}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"event":"Gone","messageId":"01234567-89ab-8def-8123-45679c411504","properties":{"id":3},"recordId":"3","type":"track","userId":"3"}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"event":"Gone","messageId":"01234567-89ab-8def-8123-45679c411504","properties":{"id":4},"recordId":"4","type":"track","userId":"4"}
> {"_rudder":{"type":"end","stream":"events","events":3,"rejects":1,"skips":0}}
! rudder-map: 1 of 4 rows rejected: 1 × the jq program failed (line 3)
? 1

# computed values beside columns, which keep their bytes
$ rudder-map -t identify -u id -c 'email,mrr' --field 'tier=.plan | ascii_upcase' --field '.context.page=if .url then {url} else empty end' --field 'l[1]=.email'
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1"}}
< {"id":1,"email":"a\u0040b","plan":"pro","mrr":12.50,"url":"/x"}
< {"id":2,"email":null,"plan":"free","mrr":1,"url":null}
< {"id":3,"email":"e","plan":5,"mrr":1}
< {"_rudder":{"type":"end","stream":"rows","rows":3}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1"}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"},"page":{"url":"/x"}},"messageId":"87bc4fe0-8a23-86cb-a33b-193147899595","recordId":"1","traits":{"email":"a\u0040b","mrr":12.50,"tier":"PRO","l":[null,"a@b"]},"type":"identify","userId":"1"}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"db2438c1-f9a2-8480-9a9d-fea03baf3bee","recordId":"2","traits":{"email":null,"mrr":1,"tier":"FREE","l":[null,null]},"type":"identify","userId":"2"}
> {"_rudder":{"type":"reject","stage":"map","line":4,"reason":"jq: explode input must be a string","record":"{\"id\":3,\"email\":\"e\",\"plan\":5,\"mrr\":1}"}}
> {"_rudder":{"type":"end","stream":"events","events":2,"rejects":1,"skips":0}}
! rudder-map: 1 of 3 rows rejected: 1 × the jq program failed (line 4)
? 1

# several values for one place are rejected; nothing leaves the place out
$ rudder-map -t track -u id -e E -c a --field 'b=.l[]' --field 'c[0]=empty' -w true
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1"}}
< {"id":1,"a":1,"l":[1]}
< {"id":2,"a":1,"l":[]}
< {"id":3,"a":1,"l":[1,2]}
< {"_rudder":{"type":"end","stream":"rows","rows":3}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1"}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"event":"E","messageId":"a50a4dd3-db30-8090-9718-c17126eb8ef4","properties":{"a":1,"b":1,"c":[null]},"recordId":"1","type":"track","userId":"1"}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"event":"E","messageId":"fec7acbc-3fec-8feb-8aab-8dafa01e1835","properties":{"a":1,"c":[null]},"recordId":"2","type":"track","userId":"2"}
> {"_rudder":{"type":"reject","stage":"map","line":4,"reason":"a field's jq expression returned more than one value","record":"{\"id\":3,\"a\":1,\"l\":[1,2]}"}}
> {"_rudder":{"type":"end","stream":"events","events":2,"rejects":1,"skips":0}}
! rudder-map: 1 of 3 rows rejected: 1 × a field's jq expression returned more than one value (line 4)
? 1

# a condition before a program, each with a comment
$ rudder-map -t identify -u id -w '.x # only those' -j '{traits: {x}} # all'
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1"}}
< {"id":1,"x":true}
< {"id":2,"x":false}
< {"_rudder":{"type":"end","stream":"rows","rows":2}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1"}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"dfbe01e4-b3fe-8745-8079-799c179bcfc8","recordId":"1","traits":{"x":true},"type":"identify","userId":"1"}
> {"_rudder":{"type":"skip","stage":"map","line":3,"reason":"omitted by the condition or the jq program"}}
> {"_rudder":{"type":"end","stream":"events","events":1,"rejects":0,"skips":1}}

# the order of rows is kept among rejects, notes and several processes
$ rudder-map -t identify -u id -c i --jobs 3 -w '.i != 2'
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1"}}
< {"id":1,"i":1}
< nonsense
< {"id":2,"i":2}
< {"_rudder":{"type":"skip","stage":"x","reason":"y"}}
< {"id":null,"i":3}
< {"id":4,"i":4}
< {"_rudder":{"type":"end","stream":"rows","rows":5,"rejects":0,"skips":1}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1"}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"827300ff-33b0-8633-9cf0-55ca90bb5838","recordId":"1","traits":{"i":1},"type":"identify","userId":"1"}
> {"_rudder":{"type":"reject","stage":"map","line":3,"reason":"byte 1: not an object","record":"nonsense"}}
> {"_rudder":{"type":"skip","stage":"map","line":4,"reason":"omitted by the condition"}}
> {"_rudder":{"type":"skip","stage":"x","reason":"y"}}
> {"_rudder":{"type":"reject","stage":"map","line":6,"reason":"no user id: column 'id' has no value","record":"{\"id\":null,\"i\":3}"}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"22d111e0-a671-851d-9b79-0a9d113b16ff","recordId":"5","traits":{"i":4},"type":"identify","userId":"4"}
> {"_rudder":{"type":"end","stream":"events","events":2,"rejects":2,"skips":2}}
! rudder-map: 2 of 5 rows rejected: 1 × not an object (line 3), 1 × no user id: column 'id' has no value (line 6)
? 1

# errors show which part and where
$ rudder-map -t identify -u id -w '.a =='; rudder-map -t identify -u id --field 'a=.b }'; rudder-map -t identify -u id --field 'a=env'; rudder-map -t identify -u id --field 'a'; rudder-map -t identify -u id --field '.userId=1'; rudder-map -t identify -u id -c a --field 'a=1'; rudder-map -t identify -u id -j . --field a=1
! rudder-map:   .a ==
! rudder-map:        ^
! rudder-map: where: jq program, line 1, column 6: syntax error, unexpected end of program; a condition is written in jq, as in '.plan == "pro" and .age > 17'
! rudder-map:   .b }
! rudder-map:      ^
! rudder-map: jq program, line 1, column 4: syntax error, unexpected INVALID_CHARACTER, expecting end of program
! rudder-map:   env
! rudder-map:   ^
! rudder-map: jq program, line 1, column 1: 'env' is not allowed: a program can use only its row
! rudder-map: option '--field': expected path=expression
! rudder-map: target '.userId' is reserved: rudder-map sets it
! rudder-map: two values for one target: 'a' is in use, or overlaps a different target
! rudder-map: a jq program makes the whole event: set columns, constants, identifiers and event names in the program
? 78

# two conditions with a comma are refused
$ rudder-map -t identify -u id -w '.a, .b'
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1"}}
< {"id":1,"a":true,"b":true}
< {"id":1,"a":true,"b":false}
< {"_rudder":{"type":"end","stream":"rows","rows":2}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1"}}
> {"_rudder":{"type":"reject","stage":"map","line":2,"reason":"jq: the condition returned more than one value","record":"{\"id\":1,\"a\":true,\"b\":true}"}}
> {"_rudder":{"type":"reject","stage":"map","line":3,"reason":"jq: the condition returned more than one value","record":"{\"id\":1,\"a\":true,\"b\":false}"}}
> {"_rudder":{"type":"end","stream":"events","events":0,"rejects":2,"skips":0}}
! rudder-map: 2 of 2 rows rejected: 2 × the jq program failed (from line 2)
? 1

# in a file
$ echo '{"type":"identify","user_id":"id","columns":["a"],"where":".a > 0","computed":{"b.c":".a + 1"}}' >m.json; rudder-map -m m.json
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1"}}
< {"id":1,"a":1}
< {"id":2,"a":0}
< {"_rudder":{"type":"end","stream":"rows","rows":2}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1"}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"d3c2c38f-0798-8594-b63f-423d35d986e9","recordId":"1","traits":{"a":1,"b":{"c":2}},"type":"identify","userId":"1"}
> {"_rudder":{"type":"skip","stage":"map","line":3,"reason":"omitted by the condition"}}
> {"_rudder":{"type":"end","stream":"events","events":1,"rejects":0,"skips":1}}
