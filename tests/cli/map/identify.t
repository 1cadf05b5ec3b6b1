# the shape of an identify event, all columns but the user id
$ rudder-map -t identify -u id
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1","columns":[{"name":"id","type":"int"}]}}
< {"id":7,"email":"a@b.c","plan":null,"mrr":12.50,"big":12345678901234567890,"tags":["a", 1],"s":"\u00e9\/"}
< {"_rudder":{"type":"end","stream":"rows","rows":1}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1","columns":[{"name":"id","type":"int"}]}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"227074e4-878d-853d-b2f7-95c11500571f","recordId":"1","traits":{"email":"a@b.c","plan":null,"mrr":12.50,"big":"12345678901234567890","tags":["a", 1],"s":"\u00e9\/"},"type":"identify","userId":"7"}
> {"_rudder":{"type":"end","stream":"events","events":1,"rejects":0,"skips":0}}

# columns by name, glob, left out, renamed to paths
$ rudder-map -t identify -u id -c 'email,plan,addr_*,!addr_x,name=profile.full,zip=profile.address.zip'
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1","columns":[{"name":"id","type":"int"}]}}
< {"id":7,"email":"a@b.c","plan":"pro","addr_x":1,"addr_y":2,"zip":"01","addr_z":3,"name":"N","other":true}
< {"_rudder":{"type":"end","stream":"rows","rows":1}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1","columns":[{"name":"id","type":"int"}]}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"8ac732da-6f8c-8cb3-ab20-aec48a208f0c","recordId":"1","traits":{"email":"a@b.c","plan":"pro","addr_y":2,"addr_z":3,"profile":{"full":"N","address":{"zip":"01"}}},"type":"identify","userId":"7"}
> {"_rudder":{"type":"end","stream":"events","events":1,"rejects":0,"skips":0}}

# only columns left out: all the others
$ rudder-map -t identify -u id -c '!plan' -c '!na*'
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1","columns":[{"name":"id","type":"int"}]}}
< {"id":7,"email":"a@b.c","plan":"pro","name":"N","nation":1,"x":2}
< {"_rudder":{"type":"end","stream":"rows","rows":1}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1","columns":[{"name":"id","type":"int"}]}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"1ab41b70-00ea-8995-aeda-5ec9ec039bd1","recordId":"1","traits":{"email":"a@b.c","x":2},"type":"identify","userId":"7"}
> {"_rudder":{"type":"end","stream":"events","events":1,"rejects":0,"skips":0}}

# a star takes what is not named otherwise
$ rudder-map -t identify -u id -c '*,id=key,name=full_name'
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1","columns":[{"name":"id","type":"int"}]}}
< {"id":7,"email":"a@b.c","name":"N"}
< {"_rudder":{"type":"end","stream":"rows","rows":1}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1","columns":[{"name":"id","type":"int"}]}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"c6aa8171-5b8c-883c-82fe-a15ecb8f89b4","recordId":"1","traits":{"email":"a@b.c","key":7,"full_name":"N"},"type":"identify","userId":"7"}
> {"_rudder":{"type":"end","stream":"events","events":1,"rejects":0,"skips":0}}

# a target from the root of the event, and places in an array
$ rudder-map -t identify -u id -c 'ip=.context.ip,ref=.context.externalId[0].id,at=.timestamp,"a.b"="x.y".z' -C '.context.externalId[0].type=HS-contact'
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1","columns":[{"name":"id","type":"int"}]}}
< {"id":7,"ip":"10.0.0.1","ref":5,"at":"2024-01-01T00:00:00Z","a.b":1}
< {"_rudder":{"type":"end","stream":"rows","rows":1}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1","columns":[{"name":"id","type":"int"}]}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"},"ip":"10.0.0.1","externalId":[{"id":5,"type":"HS-contact"}]},"messageId":"dcdfd92c-2301-8122-ab76-9df2eaccc36b","recordId":"1","timestamp":"2024-01-01T00:00:00Z","traits":{"x.y":{"z":1}},"type":"identify","userId":"7"}
> {"_rudder":{"type":"end","stream":"events","events":1,"rejects":0,"skips":0}}

# constants: strings, nested by dots, and JSON values
$ rudder-map -t identify -u id -c email -C source=warehouse -C a.b=1 -C 'a.c=x=y "q"' --constant-json 'n={"k":[1,null]}' --constant-json t=true
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1","columns":[{"name":"id","type":"int"}]}}
< {"id":7,"email":"a@b.c"}
< {"_rudder":{"type":"end","stream":"rows","rows":1}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1","columns":[{"name":"id","type":"int"}]}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"e5dfdcf3-91f2-85cd-b1f2-e16873cf1e0a","recordId":"1","traits":{"email":"a@b.c","source":"warehouse","a":{"b":"1","c":"x=y \"q\""},"n":{"k":[1,null]},"t":true},"type":"identify","userId":"7"}
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
> {"anonymousId":"d-1","channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"c05464c7-58c9-83e2-9ec2-c1eacc50599a","recordId":"1","traits":{"email":"1"},"type":"identify","userId":"7"}
> {"anonymousId":"d-2","channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"816c8cb1-60b4-872c-a17c-f972c6599fb6","recordId":"2","traits":{"email":"2"},"type":"identify"}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"1318040b-a23c-830d-82d1-5e312fb8ef2b","recordId":"3","traits":{"email":"3"},"type":"identify","userId":"u"}
> {"_rudder":{"type":"reject","stage":"map","line":5,"reason":"no user id: column 'id' and column 'device' have no value","record":"{\"id\":\"\",\"device\":null,\"email\":\"4\"}"}}
> {"_rudder":{"type":"end","stream":"events","events":3,"rejects":1,"skips":0}}
! rudder-map: 1 of 4 rows rejected: 1 × no user id: column 'id' and column 'device' have no value (line 5)
? 1

# only an anonymous id
$ rudder-map -t identify -a device -c email
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1","columns":[{"name":"id","type":"int"}]}}
< {"id":7,"device":"d-1","email":"1"}
< {"_rudder":{"type":"end","stream":"rows","rows":1}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1","columns":[{"name":"id","type":"int"}]}}
> {"anonymousId":"d-1","channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"c05464c7-58c9-83e2-9ec2-c1ea9508b5e3","recordId":"1","traits":{"email":"1"},"type":"identify"}
> {"_rudder":{"type":"end","stream":"events","events":1,"rejects":0,"skips":0}}

# user ids are whole numbers in plain form, other numbers or text
$ rudder-map -t identify -u id -c email
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1","columns":[{"name":"id","type":"int"}]}}
< {"id":12345678901234567890,"email":"1"}
< {"id":1.0,"email":"2"}
< {"id":true,"email":"3"}
< {"id":[1],"email":"4"}
< {"email":"5"}
< {"_rudder":{"type":"end","stream":"rows","rows":5}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1","columns":[{"name":"id","type":"int"}]}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"13054045-6aee-8915-89fd-190c3a4ea762","recordId":"1","traits":{"email":"1"},"type":"identify","userId":"12345678901234567890"}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"2aa6cf58-19c7-82cb-866e-af9d4f692be7","recordId":"2","traits":{"email":"2"},"type":"identify","userId":"1"}
> {"_rudder":{"type":"reject","stage":"map","line":4,"reason":"the user id in column 'id' is neither a string nor a number","record":"{\"id\":true,\"email\":\"3\"}"}}
> {"_rudder":{"type":"reject","stage":"map","line":5,"reason":"the user id in column 'id' is neither a string nor a number","record":"{\"id\":[1],\"email\":\"4\"}"}}
> {"_rudder":{"type":"reject","stage":"map","line":6,"reason":"no user id: column 'id' has no value","record":"{\"email\":\"5\"}"}}
> {"_rudder":{"type":"end","stream":"events","events":2,"rejects":3,"skips":0}}
! rudder-map: 3 of 5 rows rejected: 2 × the user id in column 'id' is neither a string nor a number (from line 4), 1 × no user id: column 'id' has no value (line 6)
? 1

# a missing column is left out, null stays null
$ rudder-map -t identify -u id -c email,plan
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1","columns":[{"name":"id","type":"int"}]}}
< {"id":1,"email":null,"plan":"x"}
< {"id":2,"plan":""}
< {"_rudder":{"type":"end","stream":"rows","rows":2}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1","columns":[{"name":"id","type":"int"}]}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"d589d440-e564-83e9-a70e-759b041d81d9","recordId":"1","traits":{"email":null,"plan":"x"},"type":"identify","userId":"1"}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"772ce025-7cc4-87ee-94e5-6f8dfe59deb6","recordId":"2","traits":{"plan":""},"type":"identify","userId":"2"}
> {"_rudder":{"type":"end","stream":"events","events":2,"rejects":0,"skips":0}}

# the run and the job
$ rudder-map -t identify -u id --job-id users
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"d1k20000000000000000","model":"m1","more":[1]}}
< {"id":1}
< {"_rudder":{"type":"end","stream":"rows","rows":1,"held":2,"rejects":0,"skips":0}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"d1k20000000000000000","model":"m1","more":[1]}}
> {"channel":"sources","context":{"sources":{"job_id":"users","job_run_id":"d1k20000000000000000","task_run_id":"d1k20000000000000000","version":"v0.1.0"}},"messageId":"334333a8-7127-8412-bad9-081f18fa2f75","recordId":"1","traits":{},"type":"identify","userId":"1"}
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
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"d3c2c38f-0798-8594-b63f-423ddaf16918","recordId":"1","traits":{"a":1},"type":"identify","userId":"1"}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"0f4316f5-d1c9-898e-81a6-6e9a855ec264","recordId":"2","traits":{"b":2},"type":"identify","userId":"2"}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"f94ba1b1-2cec-82a8-bfae-ab8ba30bdda4","recordId":"3","traits":{"a":3},"type":"identify","userId":"3"}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"f1dcd9b4-3873-89f7-abfe-a012d7f18465","recordId":"4","traits":{"a":[ 1, 2 ]},"type":"identify","userId":"4"}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"709a5d94-4748-85c9-86d8-bc1b4604a61f","recordId":"5","traits":{"b":5},"type":"identify","userId":"5"}
> {"_rudder":{"type":"end","stream":"events","events":5,"rejects":0,"skips":0}}

# an anonymous id of the wrong kind names its column
$ rudder-map -t identify -u id -a device | jq -c '._rudder | select(.type == "reject") | .reason'
< {"_rudder":{"type":"begin","v":1,"stream":"rows"}}
< {"id":1,"device":[2]}
< {"_rudder":{"type":"end","rows":1,"complete":true}}
> "the anonymous id in column 'device' is neither a string nor a number"
! rudder-map: 1 of 1 rows rejected: 1 × the anonymous id in column 'device' is neither a string nor a number (line 2)
