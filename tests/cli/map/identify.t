# the shape of an identify event, all columns but the user id
$ rudder-map -t identify -u id
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1","model":"m1","columns":[{"name":"id","type":"int"}]}}
< {"id":7,"email":"a@b.c","plan":null,"mrr":12.50,"big":12345678901234567890,"tags":["a", 1],"s":"\u00e9\/"}
< {"_rudder":{"type":"end","stream":"rows","rows":1}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1","model":"m1","columns":[{"name":"id","type":"int"}]}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1","task_run_id":"r1","version":"v0.1.0"}},"messageId":"e07c4064-f2c4-830f-8979-2862e696724b","recordId":"1","traits":{"email":"a@b.c","plan":null,"mrr":12.50,"big":"12345678901234567890","tags":["a", 1],"s":"\u00e9\/"},"type":"identify","userId":"7"}
> {"_rudder":{"type":"end","stream":"events","events":1,"rejects":0,"skips":0}}

# columns by name, glob, left out, renamed to paths
$ rudder-map -t identify -u id -c 'email,plan,addr_*,!addr_x,name=profile.full,zip=profile.address.zip'
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1","model":"m1","columns":[{"name":"id","type":"int"}]}}
< {"id":7,"email":"a@b.c","plan":"pro","addr_x":1,"addr_y":2,"zip":"01","addr_z":3,"name":"N","other":true}
< {"_rudder":{"type":"end","stream":"rows","rows":1}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1","model":"m1","columns":[{"name":"id","type":"int"}]}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1","task_run_id":"r1","version":"v0.1.0"}},"messageId":"f81cb7db-fcbf-8d1a-b8b6-247afac66e9f","recordId":"1","traits":{"email":"a@b.c","plan":"pro","addr_y":2,"addr_z":3,"profile":{"full":"N","address":{"zip":"01"}}},"type":"identify","userId":"7"}
> {"_rudder":{"type":"end","stream":"events","events":1,"rejects":0,"skips":0}}

# only columns left out: all the others
$ rudder-map -t identify -u id -c '!plan' -c '!na*'
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1","model":"m1","columns":[{"name":"id","type":"int"}]}}
< {"id":7,"email":"a@b.c","plan":"pro","name":"N","nation":1,"x":2}
< {"_rudder":{"type":"end","stream":"rows","rows":1}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1","model":"m1","columns":[{"name":"id","type":"int"}]}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1","task_run_id":"r1","version":"v0.1.0"}},"messageId":"8619c0d2-64ee-8be4-8e02-642c68d92908","recordId":"1","traits":{"email":"a@b.c","x":2},"type":"identify","userId":"7"}
> {"_rudder":{"type":"end","stream":"events","events":1,"rejects":0,"skips":0}}

# a star takes what is not named otherwise
$ rudder-map -t identify -u id -c '*,id=key,name=full_name'
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1","model":"m1","columns":[{"name":"id","type":"int"}]}}
< {"id":7,"email":"a@b.c","name":"N"}
< {"_rudder":{"type":"end","stream":"rows","rows":1}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1","model":"m1","columns":[{"name":"id","type":"int"}]}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1","task_run_id":"r1","version":"v0.1.0"}},"messageId":"c4dcf88f-7408-864a-80c7-28c7bafd1136","recordId":"1","traits":{"email":"a@b.c","key":7,"full_name":"N"},"type":"identify","userId":"7"}
> {"_rudder":{"type":"end","stream":"events","events":1,"rejects":0,"skips":0}}

# a target from the root of the event, and places in an array
$ rudder-map -t identify -u id -c 'ip=.context.ip,ref=.context.externalId[0].id,at=.timestamp,"a.b"="x.y".z' -C '.context.externalId[0].type=HS-contact'
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1","model":"m1","columns":[{"name":"id","type":"int"}]}}
< {"id":7,"ip":"10.0.0.1","ref":5,"at":"2024-01-01T00:00:00Z","a.b":1}
< {"_rudder":{"type":"end","stream":"rows","rows":1}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1","model":"m1","columns":[{"name":"id","type":"int"}]}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1","task_run_id":"r1","version":"v0.1.0"},"ip":"10.0.0.1","externalId":[{"id":5,"type":"HS-contact"}]},"messageId":"af8fb38b-ccc7-877d-bc62-2b5b1758226c","recordId":"1","timestamp":"2024-01-01T00:00:00Z","traits":{"x.y":{"z":1}},"type":"identify","userId":"7"}
> {"_rudder":{"type":"end","stream":"events","events":1,"rejects":0,"skips":0}}

# constants: strings, nested by dots, and JSON values
$ rudder-map -t identify -u id -c email -C source=warehouse -C a.b=1 -C 'a.c=x=y "q"' --constant-json 'n={"k":[1,null]}' --constant-json t=true
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1","model":"m1","columns":[{"name":"id","type":"int"}]}}
< {"id":7,"email":"a@b.c"}
< {"_rudder":{"type":"end","stream":"rows","rows":1}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1","model":"m1","columns":[{"name":"id","type":"int"}]}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1","task_run_id":"r1","version":"v0.1.0"}},"messageId":"77cbf1dd-b322-8019-9ee5-1e2843d0c348","recordId":"1","traits":{"email":"a@b.c","source":"warehouse","a":{"b":"1","c":"x=y \"q\""},"n":{"k":[1,null]},"t":true},"type":"identify","userId":"7"}
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
> {"anonymousId":"d-1","channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1","task_run_id":"r1","version":"v0.1.0"}},"messageId":"cf6feb13-6387-86ee-969d-0bd90797c899","recordId":"1","traits":{"email":"1"},"type":"identify","userId":"7"}
> {"anonymousId":"d-2","channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1","task_run_id":"r1","version":"v0.1.0"}},"messageId":"282aef32-5527-8a65-a882-d2c6b7cc2ae2","recordId":"2","traits":{"email":"2"},"type":"identify"}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1","task_run_id":"r1","version":"v0.1.0"}},"messageId":"68fb2382-902d-8249-83bd-7eff22802394","recordId":"3","traits":{"email":"3"},"type":"identify","userId":"u"}
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
> {"anonymousId":"d-1","channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1","task_run_id":"r1","version":"v0.1.0"}},"messageId":"cf6feb13-6387-86ee-969d-0bd90797c899","recordId":"1","traits":{"email":"1"},"type":"identify"}
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
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1","task_run_id":"r1","version":"v0.1.0"}},"messageId":"c05f63d4-d7e5-8675-8786-7eaae7cee5a8","recordId":"1","traits":{"email":"1"},"type":"identify","userId":"12345678901234567890"}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1","task_run_id":"r1","version":"v0.1.0"}},"messageId":"66e87657-b2be-8d21-816d-c634590416c1","recordId":"2","traits":{"email":"2"},"type":"identify","userId":"1.0"}
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
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1","task_run_id":"r1","version":"v0.1.0"}},"messageId":"556af08c-b335-8db4-a222-77730e728e1c","recordId":"1","traits":{"email":null,"plan":"x"},"type":"identify","userId":"1"}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1","task_run_id":"r1","version":"v0.1.0"}},"messageId":"53a042e5-dab1-83f8-b337-d972d59cee2c","recordId":"2","traits":{"plan":""},"type":"identify","userId":"2"}
> {"_rudder":{"type":"end","stream":"events","events":2,"rejects":0,"skips":0}}

# the run and the job
$ rudder-map -t identify -u id --job-id users
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"d1k2","model":"m1","more":[1]}}
< {"id":1}
< {"_rudder":{"type":"end","stream":"rows","rows":1,"held":2,"rejects":0,"skips":0}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"d1k2","model":"m1","more":[1]}}
> {"channel":"sources","context":{"sources":{"job_id":"users","job_run_id":"d1k2","task_run_id":"d1k2","version":"v0.1.0"}},"messageId":"ff975694-9a9c-817c-9125-1658776938e2","recordId":"1","traits":{},"type":"identify","userId":"1"}
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
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1","task_run_id":"r1","version":"v0.1.0"}},"messageId":"a9fe8fae-3eb8-82c6-8a1a-e5e8bbaa0da4","recordId":"1","traits":{"a":1},"type":"identify","userId":"1"}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1","task_run_id":"r1","version":"v0.1.0"}},"messageId":"0706e1e0-12a1-88c1-b136-f112c6e42808","recordId":"2","traits":{"b":2},"type":"identify","userId":"2"}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1","task_run_id":"r1","version":"v0.1.0"}},"messageId":"af634a37-be7d-89fa-a5fb-24be11b5d02f","recordId":"3","traits":{"a":3},"type":"identify","userId":"3"}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1","task_run_id":"r1","version":"v0.1.0"}},"messageId":"f38b9254-0ab0-89d1-839d-63a6adea8ec1","recordId":"4","traits":{"a":[ 1, 2 ]},"type":"identify","userId":"4"}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1","task_run_id":"r1","version":"v0.1.0"}},"messageId":"0990bfaa-84fd-8c1c-9fd6-e4b0b12d2be0","recordId":"5","traits":{"b":5},"type":"identify","userId":"5"}
> {"_rudder":{"type":"end","stream":"events","events":5,"rejects":0,"skips":0}}
