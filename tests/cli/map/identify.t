# the shape of an identify event, all columns but the user id
$ rudder-map -t identify -u id
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1","columns":[{"name":"id","type":"int"}]}}
< {"id":7,"email":"a@b.c","plan":null,"mrr":12.50,"big":12345678901234567890,"tags":["a", 1],"s":"\u00e9\/"}
< {"_rudder":{"type":"end","stream":"rows","rows":1}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1","columns":[{"name":"id","type":"int"}]}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"a79c4454-2d80-82cc-8371-692841375d8f","recordId":"1","traits":{"email":"a@b.c","plan":null,"mrr":12.50,"big":"12345678901234567890","tags":["a", 1],"s":"\u00e9\/"},"type":"identify","userId":"7"}
> {"_rudder":{"type":"end","stream":"events","events":1,"rejects":0,"skips":0}}

# columns by name, glob, left out, renamed to paths
$ rudder-map -t identify -u id -c 'email,plan,addr_*,!addr_x,name=profile.full,zip=profile.address.zip'
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1","columns":[{"name":"id","type":"int"}]}}
< {"id":7,"email":"a@b.c","plan":"pro","addr_x":1,"addr_y":2,"zip":"01","addr_z":3,"name":"N","other":true}
< {"_rudder":{"type":"end","stream":"rows","rows":1}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1","columns":[{"name":"id","type":"int"}]}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"25b17bb6-6976-8b09-b640-2e54249dfbd4","recordId":"1","traits":{"email":"a@b.c","plan":"pro","addr_y":2,"addr_z":3,"profile":{"full":"N","address":{"zip":"01"}}},"type":"identify","userId":"7"}
> {"_rudder":{"type":"end","stream":"events","events":1,"rejects":0,"skips":0}}

# only columns left out: all the others
$ rudder-map -t identify -u id -c '!plan' -c '!na*'
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1","columns":[{"name":"id","type":"int"}]}}
< {"id":7,"email":"a@b.c","plan":"pro","name":"N","nation":1,"x":2}
< {"_rudder":{"type":"end","stream":"rows","rows":1}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1","columns":[{"name":"id","type":"int"}]}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"d988740a-0aba-8832-be6f-2966ff74f588","recordId":"1","traits":{"email":"a@b.c","x":2},"type":"identify","userId":"7"}
> {"_rudder":{"type":"end","stream":"events","events":1,"rejects":0,"skips":0}}

# a star takes what is not named otherwise
$ rudder-map -t identify -u id -c '*,id=key,name=full_name'
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1","columns":[{"name":"id","type":"int"}]}}
< {"id":7,"email":"a@b.c","name":"N"}
< {"_rudder":{"type":"end","stream":"rows","rows":1}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1","columns":[{"name":"id","type":"int"}]}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"3ca85e82-3eeb-80ba-b94a-4b32e07acdfe","recordId":"1","traits":{"email":"a@b.c","key":7,"full_name":"N"},"type":"identify","userId":"7"}
> {"_rudder":{"type":"end","stream":"events","events":1,"rejects":0,"skips":0}}

# a target from the root of the event, and places in an array
$ rudder-map -t identify -u id -c 'ip=.context.ip,ref=.context.externalId[0].id,at=.timestamp,"a.b"="x.y".z' -C '.context.externalId[0].type=HS-contact'
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1","columns":[{"name":"id","type":"int"}]}}
< {"id":7,"ip":"10.0.0.1","ref":5,"at":"2024-01-01T00:00:00Z","a.b":1}
< {"_rudder":{"type":"end","stream":"rows","rows":1}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1","columns":[{"name":"id","type":"int"}]}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"},"ip":"10.0.0.1","externalId":[{"id":5,"type":"HS-contact"}]},"messageId":"82f2e01e-c34c-8eff-baaa-644a87d7902c","recordId":"1","timestamp":"2024-01-01T00:00:00Z","traits":{"x.y":{"z":1}},"type":"identify","userId":"7"}
> {"_rudder":{"type":"end","stream":"events","events":1,"rejects":0,"skips":0}}

# constants: strings, nested by dots, and JSON values
$ rudder-map -t identify -u id -c email -C source=warehouse -C a.b=1 -C 'a.c=x=y "q"' --constant-json 'n={"k":[1,null]}' --constant-json t=true
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1","columns":[{"name":"id","type":"int"}]}}
< {"id":7,"email":"a@b.c"}
< {"_rudder":{"type":"end","stream":"rows","rows":1}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1","columns":[{"name":"id","type":"int"}]}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"d64ba00f-f761-818d-84f9-9cd9c96b7f52","recordId":"1","traits":{"email":"a@b.c","source":"warehouse","a":{"b":"1","c":"x=y \"q\""},"n":{"k":[1,null]},"t":true},"type":"identify","userId":"7"}
> {"_rudder":{"type":"end","stream":"events","events":1,"rejects":0,"skips":0}}

# a user id and an anonymous id: one of them is enough
$ rudder-map -t identify -u id -a device -c email
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1","columns":[{"name":"id","type":"int"}]}}
< {"id":7,"device":"d-1","email":"1"}
< {"id":null,"device":"d-2","email":"2"}
< {"id":"u","device":" ","email":"3"}
< {"id":"","device":null,"email":"4"}
< {"_rudder":{"type":"end","stream":"rows","rows":4}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1","columns":[{"name":"id","type":"int"}]}}
> {"anonymousId":"d-1","channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"f71a4e86-27cb-81ae-bfdd-10432e93a079","recordId":"1","traits":{"email":"1"},"type":"identify","userId":"7"}
> {"anonymousId":"d-2","channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"18c8ed06-3055-801b-9d7d-1806e3d63747","recordId":"2","traits":{"email":"2"},"type":"identify"}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"bd8fa416-626e-89d9-976e-511ba0eefcd5","recordId":"3","traits":{"email":"3"},"type":"identify","userId":"u"}
> {"_rudder":{"type":"reject","stage":"map","line":5,"reason":"no user id","record":"{\"id\":\"\",\"device\":null,\"email\":\"4\"}"}}
> {"_rudder":{"type":"end","stream":"events","events":3,"rejects":1,"skips":0}}
! rudder-map: 1 of 4 rows were rejected: see the reject lines
? 1

# only an anonymous id
$ rudder-map -t identify -a device -c email
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1","columns":[{"name":"id","type":"int"}]}}
< {"id":7,"device":"d-1","email":"1"}
< {"_rudder":{"type":"end","stream":"rows","rows":1}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1","columns":[{"name":"id","type":"int"}]}}
> {"anonymousId":"d-1","channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"f71a4e86-27cb-81ae-bfdd-10432e93a079","recordId":"1","traits":{"email":"1"},"type":"identify"}
> {"_rudder":{"type":"end","stream":"events","events":1,"rejects":0,"skips":0}}

# user ids keep their digits and must be text or numbers
$ rudder-map -t identify -u id -c email
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1","columns":[{"name":"id","type":"int"}]}}
< {"id":12345678901234567890,"email":"1"}
< {"id":1.0,"email":"2"}
< {"id":true,"email":"3"}
< {"id":[1],"email":"4"}
< {"email":"5"}
< {"_rudder":{"type":"end","stream":"rows","rows":5}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1","columns":[{"name":"id","type":"int"}]}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"d7a0b73f-7e6c-8e71-bb4f-7bb85c865cd0","recordId":"1","traits":{"email":"1"},"type":"identify","userId":"12345678901234567890"}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"94cc0bd8-b197-8fea-b142-9379ce904871","recordId":"2","traits":{"email":"2"},"type":"identify","userId":"1.0"}
> {"_rudder":{"type":"reject","stage":"map","line":4,"reason":"the user id is neither string nor number","record":"{\"id\":true,\"email\":\"3\"}"}}
> {"_rudder":{"type":"reject","stage":"map","line":5,"reason":"the user id is neither string nor number","record":"{\"id\":[1],\"email\":\"4\"}"}}
> {"_rudder":{"type":"reject","stage":"map","line":6,"reason":"no user id","record":"{\"email\":\"5\"}"}}
> {"_rudder":{"type":"end","stream":"events","events":2,"rejects":3,"skips":0}}
! rudder-map: 3 of 5 rows were rejected: see the reject lines
? 1

# a missing column is left out, null stays null
$ rudder-map -t identify -u id -c email,plan
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1","columns":[{"name":"id","type":"int"}]}}
< {"id":1,"email":null,"plan":"x"}
< {"id":2,"plan":""}
< {"_rudder":{"type":"end","stream":"rows","rows":2}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1","columns":[{"name":"id","type":"int"}]}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"898c2529-4d00-8057-ac59-cdc801e89cad","recordId":"1","traits":{"email":null,"plan":"x"},"type":"identify","userId":"1"}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"91ecdd67-74d3-8b50-9a15-0feee985a223","recordId":"2","traits":{"plan":""},"type":"identify","userId":"2"}
> {"_rudder":{"type":"end","stream":"events","events":2,"rejects":0,"skips":0}}

# the run and the job
$ rudder-map -t identify -u id --job-id users
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"d1k20000000000000000","model":"m1","more":[1]}}
< {"id":1}
< {"_rudder":{"type":"end","stream":"rows","rows":1,"held":2,"rejects":0,"skips":0}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"d1k20000000000000000","model":"m1","more":[1]}}
> {"channel":"sources","context":{"sources":{"job_id":"users","job_run_id":"d1k20000000000000000","task_run_id":"d1k20000000000000000","version":"v0.1.0"}},"messageId":"9d450f11-8319-8681-86da-c19e01ed2dff","recordId":"1","traits":{},"type":"identify","userId":"1"}
> {"_rudder":{"type":"end","stream":"events","held":2,"events":1,"rejects":0,"skips":0}}

# rows of several shapes take turns
$ rudder-map -t identify -u id
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1","columns":[{"name":"id","type":"int"}]}}
< {"id":1,"a":1}
< {"id":2,"b":2}
< {"id":3,"a":3}
< { "id" : 4 , "a" : [ 1, 2 ] }
< {"b":5,"id":5}
< {"_rudder":{"type":"end","stream":"rows","rows":5}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1","columns":[{"name":"id","type":"int"}]}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"ed5bf8d5-b93a-8426-8857-a75ffa227269","recordId":"1","traits":{"a":1},"type":"identify","userId":"1"}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"279210de-552c-8572-a948-72447a8069f3","recordId":"2","traits":{"b":2},"type":"identify","userId":"2"}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"70ab1f9e-2a6d-8f27-8494-4c3511d02194","recordId":"3","traits":{"a":3},"type":"identify","userId":"3"}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"c4c49f6e-7454-86d1-862d-7a9b1dc9e1c6","recordId":"4","traits":{"a":[ 1, 2 ]},"type":"identify","userId":"4"}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"a504387f-1df3-8f58-8f3c-738c5f572f7b","recordId":"5","traits":{"b":5},"type":"identify","userId":"5"}
> {"_rudder":{"type":"end","stream":"events","events":5,"rejects":0,"skips":0}}
