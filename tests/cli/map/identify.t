# the shape of an identify event, all columns but the user id
$ rudder-map -t identify -u id
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1","model":"m1","columns":[{"name":"id","type":"int"}]}}
< {"id":7,"email":"a@b.c","plan":null,"mrr":12.50,"big":12345678901234567890,"tags":["a", 1],"s":"\u00e9\/"}
< {"_rudder":{"type":"end","stream":"rows","rows":1}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1","model":"m1","columns":[{"name":"id","type":"int"}]}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1","task_run_id":"r1","version":"v0.1.0"}},"messageId":"d427ccce-e977-8db7-873e-ca63492818f2","recordId":"1","traits":{"email":"a@b.c","plan":null,"mrr":12.50,"big":12345678901234567890,"tags":["a", 1],"s":"\u00e9\/"},"type":"identify","userId":"7"}
> {"_rudder":{"type":"end","stream":"events","events":1,"rejects":0,"skips":0}}

# columns by name, glob, left out, renamed to paths
$ rudder-map -t identify -u id -c 'email,plan,addr_*,!addr_x,name=profile.full,zip=profile.address.zip'
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1","model":"m1","columns":[{"name":"id","type":"int"}]}}
< {"id":7,"email":"a@b.c","plan":"pro","addr_x":1,"addr_y":2,"zip":"01","addr_z":3,"name":"N","other":true}
< {"_rudder":{"type":"end","stream":"rows","rows":1}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1","model":"m1","columns":[{"name":"id","type":"int"}]}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1","task_run_id":"r1","version":"v0.1.0"}},"messageId":"ab194a15-5f31-8f1f-a160-198e7b16312c","recordId":"1","traits":{"email":"a@b.c","plan":"pro","addr_y":2,"addr_z":3,"profile":{"full":"N","address":{"zip":"01"}}},"type":"identify","userId":"7"}
> {"_rudder":{"type":"end","stream":"events","events":1,"rejects":0,"skips":0}}

# only columns left out: all the others
$ rudder-map -t identify -u id -c '!plan' -c '!na*'
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1","model":"m1","columns":[{"name":"id","type":"int"}]}}
< {"id":7,"email":"a@b.c","plan":"pro","name":"N","nation":1,"x":2}
< {"_rudder":{"type":"end","stream":"rows","rows":1}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1","model":"m1","columns":[{"name":"id","type":"int"}]}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1","task_run_id":"r1","version":"v0.1.0"}},"messageId":"7ef9192a-69e0-8336-b8d8-d818c932df54","recordId":"1","traits":{"email":"a@b.c","x":2},"type":"identify","userId":"7"}
> {"_rudder":{"type":"end","stream":"events","events":1,"rejects":0,"skips":0}}

# a star takes what is not named otherwise
$ rudder-map -t identify -u id -c '*,id=key,name=full_name'
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1","model":"m1","columns":[{"name":"id","type":"int"}]}}
< {"id":7,"email":"a@b.c","name":"N"}
< {"_rudder":{"type":"end","stream":"rows","rows":1}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1","model":"m1","columns":[{"name":"id","type":"int"}]}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1","task_run_id":"r1","version":"v0.1.0"}},"messageId":"d1e19cbd-47f6-80f3-a595-4f6313e64c48","recordId":"1","traits":{"email":"a@b.c","key":7,"full_name":"N"},"type":"identify","userId":"7"}
> {"_rudder":{"type":"end","stream":"events","events":1,"rejects":0,"skips":0}}

# a target from the root of the event, and places in an array
$ rudder-map -t identify -u id -c 'ip=.context.ip,ref=.context.externalId[0].id,at=.timestamp,"a.b"="x.y".z' -C '.context.externalId[0].type=HS-contact'
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1","model":"m1","columns":[{"name":"id","type":"int"}]}}
< {"id":7,"ip":"10.0.0.1","ref":5,"at":"2024-01-01T00:00:00Z","a.b":1}
< {"_rudder":{"type":"end","stream":"rows","rows":1}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1","model":"m1","columns":[{"name":"id","type":"int"}]}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1","task_run_id":"r1","version":"v0.1.0"},"ip":"10.0.0.1","externalId":[{"id":5,"type":"HS-contact"}]},"messageId":"40adb641-c566-88a7-8fa8-72230f0fc738","recordId":"1","timestamp":"2024-01-01T00:00:00Z","traits":{"x.y":{"z":1}},"type":"identify","userId":"7"}
> {"_rudder":{"type":"end","stream":"events","events":1,"rejects":0,"skips":0}}

# constants: strings, nested by dots, and JSON values
$ rudder-map -t identify -u id -c email -C source=warehouse -C a.b=1 -C 'a.c=x=y "q"' --constant-json 'n={"k":[1,null]}' --constant-json t=true
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1","model":"m1","columns":[{"name":"id","type":"int"}]}}
< {"id":7,"email":"a@b.c"}
< {"_rudder":{"type":"end","stream":"rows","rows":1}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1","model":"m1","columns":[{"name":"id","type":"int"}]}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1","task_run_id":"r1","version":"v0.1.0"}},"messageId":"86ca6bf5-aaf8-8c96-a64c-a669656bc389","recordId":"1","traits":{"email":"a@b.c","source":"warehouse","a":{"b":"1","c":"x=y \"q\""},"n":{"k":[1,null]},"t":true},"type":"identify","userId":"7"}
> {"_rudder":{"type":"end","stream":"events","events":1,"rejects":0,"skips":0}}

# a user id and an anonymous id: one of them is enough
$ rudder-map -t identify -u id -a device -c email
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1","model":"m1","columns":[{"name":"id","type":"int"}]}}
< {"id":7,"device":"d-1","email":"1"}
< {"id":null,"device":"d-2","email":"2"}
< {"id":"u","device":" ","email":"3"}
< {"id":"","device":null,"email":"4"}
< {"_rudder":{"type":"end","stream":"rows","rows":4}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1","model":"m1","columns":[{"name":"id","type":"int"}]}}
> {"anonymousId":"d-1","channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1","task_run_id":"r1","version":"v0.1.0"}},"messageId":"edccaafb-51b0-8daa-aa87-eb8caa4ae662","recordId":"1","traits":{"email":"1"},"type":"identify","userId":"7"}
> {"anonymousId":"d-2","channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1","task_run_id":"r1","version":"v0.1.0"}},"messageId":"2d498f3c-c408-8f6e-beb4-2013acf45c7b","recordId":"2","traits":{"email":"2"},"type":"identify"}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1","task_run_id":"r1","version":"v0.1.0"}},"messageId":"2dae0913-d8fc-8937-8165-fb9bdb691775","recordId":"3","traits":{"email":"3"},"type":"identify","userId":"u"}
> {"_rudder":{"type":"reject","stage":"map","line":5,"reason":"no user id","record":"{\"id\":\"\",\"device\":null,\"email\":\"4\"}"}}
> {"_rudder":{"type":"end","stream":"events","events":3,"rejects":1,"skips":0}}
! rudder-map: 1 of 4 rows were rejected: see the reject lines
? 1

# only an anonymous id
$ rudder-map -t identify -a device -c email
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1","model":"m1","columns":[{"name":"id","type":"int"}]}}
< {"id":7,"device":"d-1","email":"1"}
< {"_rudder":{"type":"end","stream":"rows","rows":1}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1","model":"m1","columns":[{"name":"id","type":"int"}]}}
> {"anonymousId":"d-1","channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1","task_run_id":"r1","version":"v0.1.0"}},"messageId":"edccaafb-51b0-8daa-aa87-eb8caa4ae662","recordId":"1","traits":{"email":"1"},"type":"identify"}
> {"_rudder":{"type":"end","stream":"events","events":1,"rejects":0,"skips":0}}

# user ids keep their digits and must be text or numbers
$ rudder-map -t identify -u id -c email
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1","model":"m1","columns":[{"name":"id","type":"int"}]}}
< {"id":12345678901234567890,"email":"1"}
< {"id":1.0,"email":"2"}
< {"id":true,"email":"3"}
< {"id":[1],"email":"4"}
< {"email":"5"}
< {"_rudder":{"type":"end","stream":"rows","rows":5}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1","model":"m1","columns":[{"name":"id","type":"int"}]}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1","task_run_id":"r1","version":"v0.1.0"}},"messageId":"862a1e16-7f5f-8e65-9495-89f2899cf550","recordId":"1","traits":{"email":"1"},"type":"identify","userId":"12345678901234567890"}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1","task_run_id":"r1","version":"v0.1.0"}},"messageId":"c422d78a-8eb2-8c1d-89bf-6e08bb95f970","recordId":"2","traits":{"email":"2"},"type":"identify","userId":"1.0"}
> {"_rudder":{"type":"reject","stage":"map","line":4,"reason":"the user id is neither string nor number","record":"{\"id\":true,\"email\":\"3\"}"}}
> {"_rudder":{"type":"reject","stage":"map","line":5,"reason":"the user id is neither string nor number","record":"{\"id\":[1],\"email\":\"4\"}"}}
> {"_rudder":{"type":"reject","stage":"map","line":6,"reason":"no user id","record":"{\"email\":\"5\"}"}}
> {"_rudder":{"type":"end","stream":"events","events":2,"rejects":3,"skips":0}}
! rudder-map: 3 of 5 rows were rejected: see the reject lines
? 1

# a missing column is left out, null stays null
$ rudder-map -t identify -u id -c email,plan
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1","model":"m1","columns":[{"name":"id","type":"int"}]}}
< {"id":1,"email":null,"plan":"x"}
< {"id":2,"plan":""}
< {"_rudder":{"type":"end","stream":"rows","rows":2}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1","model":"m1","columns":[{"name":"id","type":"int"}]}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1","task_run_id":"r1","version":"v0.1.0"}},"messageId":"23a59075-9d35-8840-b381-e6e497e810cf","recordId":"1","traits":{"email":null,"plan":"x"},"type":"identify","userId":"1"}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1","task_run_id":"r1","version":"v0.1.0"}},"messageId":"048863f6-801c-8518-b9e5-1a9a31e32804","recordId":"2","traits":{"plan":""},"type":"identify","userId":"2"}
> {"_rudder":{"type":"end","stream":"events","events":2,"rejects":0,"skips":0}}

# the run and the job
$ rudder-map -t identify -u id --job-id users
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"d1k2","model":"m1","more":[1]}}
< {"id":1}
< {"_rudder":{"type":"end","stream":"rows","rows":1,"held":2,"rejects":0,"skips":0}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"d1k2","model":"m1","more":[1]}}
> {"channel":"sources","context":{"sources":{"job_id":"users","job_run_id":"d1k2","task_run_id":"d1k2","version":"v0.1.0"}},"messageId":"adf622fc-e117-8623-b61e-5f5c1255708e","recordId":"1","traits":{},"type":"identify","userId":"1"}
> {"_rudder":{"type":"end","stream":"events","held":2,"events":1,"rejects":0,"skips":0}}

# rows of several shapes take turns
$ rudder-map -t identify -u id
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1","model":"m1","columns":[{"name":"id","type":"int"}]}}
< {"id":1,"a":1}
< {"id":2,"b":2}
< {"id":3,"a":3}
< { "id" : 4 , "a" : [ 1, 2 ] }
< {"b":5,"id":5}
< {"_rudder":{"type":"end","stream":"rows","rows":5}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1","model":"m1","columns":[{"name":"id","type":"int"}]}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1","task_run_id":"r1","version":"v0.1.0"}},"messageId":"0d89cc3a-1a4a-8d19-8035-c7252f906085","recordId":"1","traits":{"a":1},"type":"identify","userId":"1"}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1","task_run_id":"r1","version":"v0.1.0"}},"messageId":"58df7002-33b3-8b83-bbcc-cbcba9a1daf7","recordId":"2","traits":{"b":2},"type":"identify","userId":"2"}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1","task_run_id":"r1","version":"v0.1.0"}},"messageId":"1c86a93c-8d9c-859c-aaa3-d5be6cce0f84","recordId":"3","traits":{"a":3},"type":"identify","userId":"3"}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1","task_run_id":"r1","version":"v0.1.0"}},"messageId":"ad01b342-0fae-800c-8cbf-afcc428657ae","recordId":"4","traits":{"a":[ 1, 2 ]},"type":"identify","userId":"4"}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1","task_run_id":"r1","version":"v0.1.0"}},"messageId":"13b17c26-303e-8c16-97a8-d47ca7cfaee3","recordId":"5","traits":{"b":5},"type":"identify","userId":"5"}
> {"_rudder":{"type":"end","stream":"events","events":5,"rejects":0,"skips":0}}
