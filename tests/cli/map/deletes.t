# changes keep their ids; a delete that cannot be made is a skip, and said
$ rudder-map -t identify -u id -c email
< {"_rudder":{"type":"begin","v":1,"stream":"changes","run":"r1000000000000000000","model":"m1","key":["id"],"mode":"mirror"}}
< {"_rudder":{"type":"change","action":"insert","id":"7","change":"0123456789abcdef0123456789abcdef"},"id":7,"email":"a"}
< {"_rudder":{"type":"change","action":"update","id":"8\"","change":"0123456789abcdef0123456789abcdef"},"id":8,"email":"b"}
< {"_rudder":{"type":"change","action":"delete","id":"9","change":"0123456789abcdef0123456789abcdef"},"id":9}
< {"_rudder":{"type":"end","stream":"changes","changes":3,"rejects":0,"skips":0,"held":0}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1","key":["id"],"mode":"mirror"}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"01234567-89ab-8def-8123-456733a8a957","recordId":"7","traits":{"email":"a"},"type":"identify","userId":"7"}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"01234567-89ab-8def-8123-456733a8a957","recordId":"8\"","traits":{"email":"b"},"type":"identify","userId":"8"}
> {"_rudder":{"type":"skip","stage":"map","id":"9","action":"delete","change":"0123456789abcdef0123456789abcdef","line":4,"reason":"this event type cannot delete"}}
> {"_rudder":{"type":"end","stream":"events","held":0,"events":2,"rejects":0,"skips":1}}
! rudder-map: 1 delete was skipped because this event type cannot delete: use -t record, --delete-event NAME, or --deletes skip to omit deletes
? 1

# a delete as a track event of its own
$ rudder-map -t identify -u id -c email --delete-event 'User Deleted'
< {"_rudder":{"type":"begin","v":1,"stream":"changes","run":"r1000000000000000000","model":"m1","key":["id","part"],"mode":"mirror"}}
< {"_rudder":{"type":"change","action":"delete","id":"[9,\"x\"]","change":"0123456789abcdef0123456789abcdef"},"id":9,"part":"x"}
< {"_rudder":{"type":"change","action":"update","id":"7","change":"0123456789abcdef0123456789abcdef"},"id":7,"part":"x","email":"a"}
< {"_rudder":{"type":"change","action":"delete","id":"10","change":"0123456789abcdef0123456789abcdef"},"id":10}
< {"_rudder":{"type":"end","stream":"changes","changes":3,"rejects":0,"skips":0,"held":0}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1","key":["id","part"],"mode":"mirror"}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"event":"User Deleted","messageId":"01234567-89ab-8def-8123-45672c30aa54","properties":{"id":9,"part":"x"},"recordId":"[9,\"x\"]","type":"track","userId":"9"}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"01234567-89ab-8def-8123-4567c5833107","recordId":"7","traits":{"email":"a"},"type":"identify","userId":"7"}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"event":"User Deleted","messageId":"01234567-89ab-8def-8123-45672c30aa54","properties":{"id":10},"recordId":"10","type":"track","userId":"10"}
> {"_rudder":{"type":"end","stream":"events","held":0,"events":3,"rejects":0,"skips":0}}

# of kept columns its properties are those that the mapping chooses, as it names
# and changes them; the key, without a target of its own, under its name
$ printf '%s' '{"type":"identify","user_id":"id","columns":["plan=tier",{"from":"email","to":"contact.mail","mask":"sha256"},{"from":"city","default":"-"},{"from":"seen","to":".context.seen"}],"delete_event":"Gone"}' >m.json; rudder-map -m m.json | jq -c 'select(.type) | [.userId, .properties, .context.seen]'
< {"_rudder":{"type":"begin","v":1,"stream":"changes","run":"r1000000000000000000","model":"m1","key":["id"],"keep":"row","mode":"mirror"}}
< {"_rudder":{"type":"change","action":"delete","id":"3","change":"0123456789abcdef0123456789abcdef"},"secret":"s3","id":"3","plan":"ccc","email":"a@b.c","seen":"x","updated_at":"t"}
< {"_rudder":{"type":"change","action":"delete","id":"4","change":"0123456789abcdef0123456789abcde1"},"id":"4"}
< {"_rudder":{"type":"end","stream":"changes","changes":2}}
> ["3",{"id":"3","tier":"ccc","contact":{"mail":"d648b243a3e817eaa3309e00e183483f2867baadf522099f0c2121770536b25a"}},"x"]
> ["4",{"id":"4"},null]

# without a list all that are not left out; a mapped key under its target
$ rudder-map -t track -e E -u uid -c '!secret' --delete-event Gone | jq -c 'select(.type) | .properties'
< {"_rudder":{"type":"begin","v":1,"stream":"changes","run":"r1000000000000000000","model":"m1","key":["id"],"identity":["mail"],"keep":"row","mode":"mirror"}}
< {"_rudder":{"type":"change","action":"delete","id":"3","change":"0123456789abcdef0123456789abcdef"},"id":"3","mail":"m","uid":"u","secret":"s3","plan":"p"}
< {"_rudder":{"type":"end","stream":"changes","changes":1}}
> {"id":"3","mail":"m","plan":"p"}

$ rudder-map -t track -e E -u uid -c 'id=customer,plan=mail,!secret,p*' --delete-event Gone | jq -c 'select(.type) | .properties'
< {"_rudder":{"type":"begin","v":1,"stream":"changes","run":"r1000000000000000000","model":"m1","key":["id"],"identity":["mail","part"],"keep":"row","mode":"mirror"}}
< {"_rudder":{"type":"change","action":"delete","id":"3","change":"0123456789abcdef0123456789abcdef"},"id":"3","mail":"m","part":"q","uid":"u","secret":"s3","plan":"p","price":1}
< {"_rudder":{"type":"end","stream":"changes","changes":1}}
> {"part":"q","customer":"3","mail":"p","price":1}

# what a jq program takes is not known: only the key
$ rudder-map -t identify -u id -j '{traits: {plan}}' --delete-event Gone | jq -c 'select(.type) | .properties'
< {"_rudder":{"type":"begin","v":1,"stream":"changes","run":"r1000000000000000000","model":"m1","key":["id"],"keep":"row","mode":"mirror"}}
< {"_rudder":{"type":"change","action":"delete","id":"3","change":"0123456789abcdef0123456789abcdef"},"id":"3","plan":"p","secret":"s"}
< {"_rudder":{"type":"end","stream":"changes","changes":1}}
> {"id":"3"}

# a delete event without the user id is a reject
$ rudder-map -t identify -u user --delete-event 'User Deleted'
< {"_rudder":{"type":"begin","v":1,"stream":"changes","run":"r1000000000000000000","model":"m1","key":["id"]}}
< {"_rudder":{"type":"change","action":"delete","id":"9","change":"0123456789abcdef0123456789abcdef"},"id":9}
< {"_rudder":{"type":"end","stream":"changes","changes":1,"rejects":0,"skips":0,"held":0}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1","key":["id"]}}
> {"_rudder":{"type":"reject","stage":"map","id":"9","action":"delete","change":"0123456789abcdef0123456789abcdef","line":2,"reason":"no user id: column 'user' has no value; a delete has only key, identity and --keep columns","record":"{\"_rudder\":{\"type\":\"change\",\"action\":\"delete\",\"id\":\"9\",\"change\":\"0123456789abcdef0123456789abcdef\"},\"id\":9}"}}
> {"_rudder":{"type":"end","stream":"events","held":0,"events":0,"rejects":1,"skips":0}}
! rudder-map: 1 of 1 rows rejected: 1 × no user id: column 'user' has no value; a delete has only key, identity and --keep columns (line 2)
? 1

# an invalid change id
$ rudder-map -t identify -u id
< {"_rudder":{"type":"begin","v":1,"stream":"changes","run":"r1000000000000000000","model":"m1","key":["id"],"mode":"mirror"}}
< {"_rudder":{"type":"change","action":"update","id":"9","change":"abc"},"id":9}
< {"_rudder":{"type":"change","action":"update","id":"9","change":"0123456789ABCDEF0123456789abcdef"},"id":9}
< {"_rudder":{"type":"end","stream":"changes","changes":2,"rejects":0,"skips":0,"held":0}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1","key":["id"],"mode":"mirror"}}
> {"_rudder":{"type":"reject","stage":"map","line":2,"reason":"member 'change' of '_rudder' is not 32 hex digits","record":"{\"_rudder\":{\"type\":\"change\",\"action\":\"update\",\"id\":\"9\",\"change\":\"abc\"},\"id\":9}"}}
> {"_rudder":{"type":"reject","stage":"map","line":3,"reason":"member 'change' of '_rudder' is not 32 hex digits","record":"{\"_rudder\":{\"type\":\"change\",\"action\":\"update\",\"id\":\"9\",\"change\":\"0123456789ABCDEF0123456789abcdef\"},\"id\":9}"}}
> {"_rudder":{"type":"end","stream":"events","held":0,"events":0,"rejects":2,"skips":0}}
! rudder-map: 2 of 2 rows rejected: 2 × member 'change' of '_rudder' is not 32 hex digits (from line 2)
? 1
