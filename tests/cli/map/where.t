# a condition: rows for which it does not hold are skips
$ rudder-map -t identify -u id -c plan -w '.plan == "pro"'
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1","model":"m1"}}
< {"id":1,"plan":"pro","big":12345678901234567890}
< {"id":2,"plan":"free"}
< {"id":3}
< {"id":4,"plan":"pro","x":1.50}
< {"_rudder":{"type":"end","stream":"rows","rows":4}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1","model":"m1"}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1","task_run_id":"r1","version":"v0.1.0"}},"messageId":"eac9e629-8704-868d-bf2c-456cfef13576","recordId":"1","traits":{"plan":"pro"},"type":"identify","userId":"1"}
> {"_rudder":{"type":"skip","stage":"map","line":3,"reason":"left out by the condition"}}
> {"_rudder":{"type":"skip","stage":"map","line":4,"reason":"left out by the condition"}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1","task_run_id":"r1","version":"v0.1.0"}},"messageId":"7d74e57a-bc77-83a1-81f8-82398ca11901","recordId":"4","traits":{"plan":"pro"},"type":"identify","userId":"4"}
> {"_rudder":{"type":"end","stream":"events","events":2,"rejects":0,"skips":2}}

# its errors are rejects; deletes pass it by
$ rudder-map -t identify -u id -c x --delete-event Gone -w '.x > 1 and (.y | length) > 0'
< {"_rudder":{"type":"begin","v":1,"stream":"changes","run":"r1","model":"m1","key":["id"],"mode":"mirror"}}
< {"_rudder":{"type":"change","action":"insert","id":"1","change":"0123456789abcdef0123456789abcdef"},"id":1,"x":2,"y":"a"}
< {"_rudder":{"type":"change","action":"update","id":"2","change":"0123456789abcdef0123456789abcdef"},"id":2,"x":2,"y":true}
< {"_rudder":{"type":"change","action":"delete","id":"3","change":"0123456789abcdef0123456789abcdef"},"id":3}
< {"_rudder":{"type":"change","action":"update","id":"4","change":"0123456789abcdef0123456789abcdef"},"id":4,"x":null,"y":""}
< {"_rudder":{"type":"end","stream":"changes","changes":4}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1","model":"m1","key":["id"],"mode":"mirror"}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1","task_run_id":"r1","version":"v0.1.0"}},"messageId":"01234567-89ab-cdef-0123-456789abcdef","recordId":"1","traits":{"x":2},"type":"identify","userId":"1"}
> {"_rudder":{"type":"reject","stage":"map","id":"2","action":"update","change":"0123456789abcdef0123456789abcdef","line":3,"reason":"jq: boolean (true) has no length","record":"{\"_rudder\":{\"type\":\"change\",\"action\":\"update\",\"id\":\"2\",\"change\":\"0123456789abcdef0123456789abcdef\"},\"id\":2,\"x\":2,\"y\":true}"}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1","task_run_id":"r1","version":"v0.1.0"}},"event":"Gone","messageId":"01234567-89ab-cdef-0123-456789abcdef","properties":{"id":3},"recordId":"3","type":"track","userId":"3"}
> {"_rudder":{"type":"skip","stage":"map","id":"4","action":"update","change":"0123456789abcdef0123456789abcdef","line":5,"reason":"left out by the condition"}}
> {"_rudder":{"type":"end","stream":"events","events":2,"rejects":1,"skips":1}}
! rudder-map: 1 of 4 rows were rejected: see the reject lines
? 1

# computed values beside columns, which keep their bytes
$ rudder-map -t identify -u id -c 'email,mrr' --field 'tier=.plan | ascii_upcase' --field '.context.page=if .url then {url} else empty end' --field 'l[1]=.email'
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1","model":"m1"}}
< {"id":1,"email":"a\u0040b","plan":"pro","mrr":12.50,"url":"/x"}
< {"id":2,"email":null,"plan":"free","mrr":1,"url":null}
< {"id":3,"email":"e","plan":5,"mrr":1}
< {"_rudder":{"type":"end","stream":"rows","rows":3}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1","model":"m1"}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1","task_run_id":"r1","version":"v0.1.0"},"page":{"url":"/x"}},"messageId":"5927be66-fd89-89db-8977-49cd572c9f58","recordId":"1","traits":{"email":"a\u0040b","mrr":12.50,"tier":"PRO","l":[null,"a@b"]},"type":"identify","userId":"1"}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1","task_run_id":"r1","version":"v0.1.0"}},"messageId":"7ea95a19-4fd9-878b-9227-d47baa9eb3c2","recordId":"2","traits":{"email":null,"mrr":1,"tier":"FREE","l":[null,null]},"type":"identify","userId":"2"}
> {"_rudder":{"type":"reject","stage":"map","line":4,"reason":"jq: explode input must be a string","record":"{\"id\":3,\"email\":\"e\",\"plan\":5,\"mrr\":1}"}}
> {"_rudder":{"type":"end","stream":"events","events":2,"rejects":1,"skips":0}}
! rudder-map: 1 of 3 rows were rejected: see the reject lines
? 1

# several values for one place are no value; nothing leaves the place out
$ rudder-map -t track -u id -e E -c a --field 'b=.l[]' --field 'c[0]=empty' -w true
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1","model":"m1"}}
< {"id":1,"a":1,"l":[1]}
< {"id":2,"a":1,"l":[]}
< {"id":3,"a":1,"l":[1,2]}
< {"_rudder":{"type":"end","stream":"rows","rows":3}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1","model":"m1"}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1","task_run_id":"r1","version":"v0.1.0"}},"event":"E","messageId":"6a2984ab-8a0a-8860-a16d-6de9adcc66da","properties":{"a":1,"b":1,"c":[null]},"recordId":"1","type":"track","userId":"1"}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1","task_run_id":"r1","version":"v0.1.0"}},"event":"E","messageId":"4e4d65ac-7d15-83d1-85e7-5757850cccbb","properties":{"a":1,"c":[null]},"recordId":"2","type":"track","userId":"2"}
> {"_rudder":{"type":"reject","stage":"map","line":4,"reason":"a field's jq expression gave more than one value","record":"{\"id\":3,\"a\":1,\"l\":[1,2]}"}}
> {"_rudder":{"type":"end","stream":"events","events":2,"rejects":1,"skips":0}}
! rudder-map: 1 of 3 rows were rejected: see the reject lines
? 1

# a condition before a program, each with a comment
$ rudder-map -t identify -u id -w '.x # only those' -j '{traits: {x}} # all'
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1","model":"m1"}}
< {"id":1,"x":true}
< {"id":2,"x":false}
< {"_rudder":{"type":"end","stream":"rows","rows":2}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1","model":"m1"}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1","task_run_id":"r1","version":"v0.1.0"}},"messageId":"ed4b7833-821d-864f-a9cd-ca808e11e393","recordId":"1","traits":{"x":true},"type":"identify","userId":"1"}
> {"_rudder":{"type":"skip","stage":"map","line":3,"reason":"left out by the condition or the jq program"}}
> {"_rudder":{"type":"end","stream":"events","events":1,"rejects":0,"skips":1}}

# the order of rows is kept among rejects, notes and several processes
$ rudder-map -t identify -u id -c i --jobs 3 -w '.i != 2'
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1","model":"m1"}}
< {"id":1,"i":1}
< nonsense
< {"id":2,"i":2}
< {"_rudder":{"type":"skip","stage":"x","reason":"y"}}
< {"id":null,"i":3}
< {"id":4,"i":4}
< {"_rudder":{"type":"end","stream":"rows","rows":5,"rejects":0,"skips":1}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1","model":"m1"}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1","task_run_id":"r1","version":"v0.1.0"}},"messageId":"649fd8c1-b0c7-8c84-8b92-477087552ff9","recordId":"1","traits":{"i":1},"type":"identify","userId":"1"}
> {"_rudder":{"type":"reject","stage":"map","line":3,"reason":"byte 1: not an object","record":"nonsense"}}
> {"_rudder":{"type":"skip","stage":"map","line":4,"reason":"left out by the condition"}}
> {"_rudder":{"type":"skip","stage":"x","reason":"y"}}
> {"_rudder":{"type":"reject","stage":"map","line":6,"reason":"no user id","record":"{\"id\":null,\"i\":3}"}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1","task_run_id":"r1","version":"v0.1.0"}},"messageId":"83bb3dd5-1de3-8f19-b630-c59a6a8ee690","recordId":"5","traits":{"i":4},"type":"identify","userId":"4"}
> {"_rudder":{"type":"end","stream":"events","events":2,"rejects":2,"skips":2}}
! rudder-map: 2 of 5 rows were rejected: see the reject lines
? 1

# errors show which part and where
$ rudder-map -t identify -u id -w '.a =='; rudder-map -t identify -u id --field 'a=.b }'; rudder-map -t identify -u id --field 'a=env'; rudder-map -t identify -u id --field 'a'; rudder-map -t identify -u id --field '.userId=1'; rudder-map -t identify -u id -c a --field 'a=1'; rudder-map -t identify -u id -j . --field a=1
! rudder-map:   .a ==
! rudder-map:        ^
! rudder-map: jq program, line 1, column 6: syntax error, unexpected $end
! rudder-map:   .b }
! rudder-map:      ^
! rudder-map: jq program, line 1, column 4: syntax error, unexpected INVALID_CHARACTER, expecting $end
! rudder-map:   env
! rudder-map:   ^
! rudder-map: jq program, line 1, column 1: 'env' is refused: a program sees its row and nothing else
! rudder-map: option '--field': expected path=expression
! rudder-map: target '.userId' is reserved: rudder-map writes it itself
! rudder-map: two values for one place: 'a' is taken, or lies inside or around another target
! rudder-map: a jq program makes the whole event: columns and what is done to them, constants, identifiers and event names belong into it
? 78

# two conditions by a comma are none
$ rudder-map -t identify -u id -w '.a, .b'
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1","model":"m1"}}
< {"id":1,"a":true,"b":true}
< {"id":1,"a":true,"b":false}
< {"_rudder":{"type":"end","stream":"rows","rows":2}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1","model":"m1"}}
> {"_rudder":{"type":"reject","stage":"map","line":2,"reason":"jq: the condition gave more than one value","record":"{\"id\":1,\"a\":true,\"b\":true}"}}
> {"_rudder":{"type":"reject","stage":"map","line":3,"reason":"jq: the condition gave more than one value","record":"{\"id\":1,\"a\":true,\"b\":false}"}}
> {"_rudder":{"type":"end","stream":"events","events":0,"rejects":2,"skips":0}}
! rudder-map: 2 of 2 rows were rejected: see the reject lines
? 1

# in a file
$ echo '{"type":"identify","user_id":"id","columns":["a"],"where":".a > 0","computed":{"b.c":".a + 1"}}' >m.json; rudder-map -m m.json
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1","model":"m1"}}
< {"id":1,"a":1}
< {"id":2,"a":0}
< {"_rudder":{"type":"end","stream":"rows","rows":2}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1","model":"m1"}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1","task_run_id":"r1","version":"v0.1.0"}},"messageId":"a9fe8fae-3eb8-82c6-8a1a-e5e8bbaa0da4","recordId":"1","traits":{"a":1,"b":{"c":2}},"type":"identify","userId":"1"}
> {"_rudder":{"type":"skip","stage":"map","line":3,"reason":"left out by the condition"}}
> {"_rudder":{"type":"end","stream":"events","events":1,"rejects":0,"skips":1}}
