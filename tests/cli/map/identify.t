# the shape of an identify event, all columns but the user id
$ rudder-map -t identify -u id
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1","model":"m1","columns":[{"name":"id","type":"int"}]}}
< {"id":7,"email":"a@b.c","plan":null,"mrr":12.50,"big":12345678901234567890,"tags":["a", 1],"s":"\u00e9\/"}
< {"_rudder":{"type":"end","stream":"rows","rows":1}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1","model":"m1","columns":[{"name":"id","type":"int"}]}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1","task_run_id":"r1","version":"v0.1.0"}},"messageId":"b818ae0e-2d9d-834f-95f7-1befc2a2610b","recordId":"1","traits":{"email":"a@b.c","plan":null,"mrr":12.50,"big":12345678901234567890,"tags":["a", 1],"s":"\u00e9\/"},"type":"identify","userId":"7"}
> {"_rudder":{"type":"end","stream":"events","events":1,"rejects":0,"skips":0}}

# columns by name, glob, left out, renamed to paths
$ rudder-map -t identify -u id -c 'email,plan,addr_*,!addr_x,name=profile.full,zip=profile.address.zip'
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1","model":"m1","columns":[{"name":"id","type":"int"}]}}
< {"id":7,"email":"a@b.c","plan":"pro","addr_x":1,"addr_y":2,"zip":"01","addr_z":3,"name":"N","other":true}
< {"_rudder":{"type":"end","stream":"rows","rows":1}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1","model":"m1","columns":[{"name":"id","type":"int"}]}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1","task_run_id":"r1","version":"v0.1.0"}},"messageId":"4fc60d6f-7cc8-884d-aa5f-c374622796d0","recordId":"1","traits":{"email":"a@b.c","plan":"pro","addr_y":2,"addr_z":3,"profile":{"full":"N","address":{"zip":"01"}}},"type":"identify","userId":"7"}
> {"_rudder":{"type":"end","stream":"events","events":1,"rejects":0,"skips":0}}

# only columns left out: all the others
$ rudder-map -t identify -u id -c '!plan' -c '!na*'
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1","model":"m1","columns":[{"name":"id","type":"int"}]}}
< {"id":7,"email":"a@b.c","plan":"pro","name":"N","nation":1,"x":2}
< {"_rudder":{"type":"end","stream":"rows","rows":1}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1","model":"m1","columns":[{"name":"id","type":"int"}]}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1","task_run_id":"r1","version":"v0.1.0"}},"messageId":"307c2e31-0e62-8f06-9635-abd40090a0f3","recordId":"1","traits":{"email":"a@b.c","x":2},"type":"identify","userId":"7"}
> {"_rudder":{"type":"end","stream":"events","events":1,"rejects":0,"skips":0}}

# a star takes what is not named otherwise
$ rudder-map -t identify -u id -c '*,id=key,name=full_name'
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1","model":"m1","columns":[{"name":"id","type":"int"}]}}
< {"id":7,"email":"a@b.c","name":"N"}
< {"_rudder":{"type":"end","stream":"rows","rows":1}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1","model":"m1","columns":[{"name":"id","type":"int"}]}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1","task_run_id":"r1","version":"v0.1.0"}},"messageId":"6773358b-fa1a-8157-892c-e9bbf6c82b2a","recordId":"1","traits":{"email":"a@b.c","key":7,"full_name":"N"},"type":"identify","userId":"7"}
> {"_rudder":{"type":"end","stream":"events","events":1,"rejects":0,"skips":0}}

# a target from the root of the event, and places in an array
$ rudder-map -t identify -u id -c 'ip=.context.ip,ref=.context.externalId[0].id,at=.timestamp,"a.b"="x.y".z' -C '.context.externalId[0].type=HS-contact'
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1","model":"m1","columns":[{"name":"id","type":"int"}]}}
< {"id":7,"ip":"10.0.0.1","ref":5,"at":"2024-01-01T00:00:00Z","a.b":1}
< {"_rudder":{"type":"end","stream":"rows","rows":1}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1","model":"m1","columns":[{"name":"id","type":"int"}]}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1","task_run_id":"r1","version":"v0.1.0"},"ip":"10.0.0.1","externalId":[{"id":5,"type":"HS-contact"}]},"messageId":"2aff5ce1-19f5-805c-8f0b-be768ea1656b","recordId":"1","timestamp":"2024-01-01T00:00:00Z","traits":{"x.y":{"z":1}},"type":"identify","userId":"7"}
> {"_rudder":{"type":"end","stream":"events","events":1,"rejects":0,"skips":0}}

# constants: strings, nested by dots, and JSON values
$ rudder-map -t identify -u id -c email -C source=warehouse -C a.b=1 -C 'a.c=x=y "q"' --constant-json 'n={"k":[1,null]}' --constant-json t=true
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1","model":"m1","columns":[{"name":"id","type":"int"}]}}
< {"id":7,"email":"a@b.c"}
< {"_rudder":{"type":"end","stream":"rows","rows":1}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1","model":"m1","columns":[{"name":"id","type":"int"}]}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1","task_run_id":"r1","version":"v0.1.0"}},"messageId":"a5e8853b-c96c-80b3-9fea-6cb7dfaa70e2","recordId":"1","traits":{"email":"a@b.c","source":"warehouse","a":{"b":"1","c":"x=y \"q\""},"n":{"k":[1,null]},"t":true},"type":"identify","userId":"7"}
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
> {"anonymousId":"d-1","channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1","task_run_id":"r1","version":"v0.1.0"}},"messageId":"54af92e1-297d-8791-a6de-ef4db494a18f","recordId":"1","traits":{"email":"1"},"type":"identify","userId":"7"}
> {"anonymousId":"d-2","channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1","task_run_id":"r1","version":"v0.1.0"}},"messageId":"09f3dc03-f5f8-88f1-9e58-7ac86f091af1","recordId":"2","traits":{"email":"2"},"type":"identify"}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1","task_run_id":"r1","version":"v0.1.0"}},"messageId":"782e1a8e-c6ed-8e17-b68e-8cf317d86240","recordId":"3","traits":{"email":"3"},"type":"identify","userId":"u"}
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
> {"anonymousId":"d-1","channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1","task_run_id":"r1","version":"v0.1.0"}},"messageId":"54af92e1-297d-8791-a6de-ef4db494a18f","recordId":"1","traits":{"email":"1"},"type":"identify"}
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
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1","task_run_id":"r1","version":"v0.1.0"}},"messageId":"b2144de3-549a-8de1-ae46-d538c2f0fea7","recordId":"1","traits":{"email":"1"},"type":"identify","userId":"12345678901234567890"}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1","task_run_id":"r1","version":"v0.1.0"}},"messageId":"1b35251c-f9ee-8a68-bc52-ebbcab4b8ce8","recordId":"2","traits":{"email":"2"},"type":"identify","userId":"1.0"}
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
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1","task_run_id":"r1","version":"v0.1.0"}},"messageId":"51864916-f5a7-87d9-ac2e-8411d428b039","recordId":"1","traits":{"email":null,"plan":"x"},"type":"identify","userId":"1"}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1","task_run_id":"r1","version":"v0.1.0"}},"messageId":"66e5f604-333f-8e2b-8a01-cb4c4687460d","recordId":"2","traits":{"plan":""},"type":"identify","userId":"2"}
> {"_rudder":{"type":"end","stream":"events","events":2,"rejects":0,"skips":0}}

# the run and the job
$ rudder-map -t identify -u id --job-id users
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"d1k2","model":"m1","more":[1]}}
< {"id":1}
< {"_rudder":{"type":"end","stream":"rows","rows":1,"held":2,"rejects":0,"skips":0}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"d1k2","model":"m1","more":[1]}}
> {"channel":"sources","context":{"sources":{"job_id":"users","job_run_id":"d1k2","task_run_id":"d1k2","version":"v0.1.0"}},"messageId":"d46cca9f-e599-8776-834e-076926a1e566","recordId":"1","traits":{},"type":"identify","userId":"1"}
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
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1","task_run_id":"r1","version":"v0.1.0"}},"messageId":"34ab4148-28eb-8c76-8fb1-792c639bf411","recordId":"1","traits":{"a":1},"type":"identify","userId":"1"}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1","task_run_id":"r1","version":"v0.1.0"}},"messageId":"b2129679-d3eb-8013-b1c8-3ea950284ff2","recordId":"2","traits":{"b":2},"type":"identify","userId":"2"}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1","task_run_id":"r1","version":"v0.1.0"}},"messageId":"0b3a14e4-ac53-85e5-bc7a-46e4e7b70076","recordId":"3","traits":{"a":3},"type":"identify","userId":"3"}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1","task_run_id":"r1","version":"v0.1.0"}},"messageId":"f1f95b5e-a62d-8c05-9522-35a069a7f0e7","recordId":"4","traits":{"a":[ 1, 2 ]},"type":"identify","userId":"4"}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1","task_run_id":"r1","version":"v0.1.0"}},"messageId":"4922635d-fd8c-8a99-9aa7-2ca4ac9120f1","recordId":"5","traits":{"b":5},"type":"identify","userId":"5"}
> {"_rudder":{"type":"end","stream":"events","events":5,"rejects":0,"skips":0}}
