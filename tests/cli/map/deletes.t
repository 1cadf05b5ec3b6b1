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
< {"_rudder":{"type":"begin","v":1,"stream":"changes","run":"r1000000000000000000","model":"m1","key":["id"],"mode":"mirror"}}
< {"_rudder":{"type":"change","action":"delete","id":"[9,\"x\"]","change":"0123456789abcdef0123456789abcdef"},"id":9,"part":"x"}
< {"_rudder":{"type":"change","action":"update","id":"7","change":"0123456789abcdef0123456789abcdef"},"id":7,"part":"x","email":"a"}
< {"_rudder":{"type":"change","action":"delete","id":"10","change":"0123456789abcdef0123456789abcdef"},"id":10}
< {"_rudder":{"type":"end","stream":"changes","changes":3,"rejects":0,"skips":0,"held":0}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1","key":["id"],"mode":"mirror"}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"event":"User Deleted","messageId":"01234567-89ab-8def-8123-45672c30aa54","properties":{"id":9,"part":"x"},"recordId":"[9,\"x\"]","type":"track","userId":"9"}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"01234567-89ab-8def-8123-4567c5833107","recordId":"7","traits":{"email":"a"},"type":"identify","userId":"7"}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"event":"User Deleted","messageId":"01234567-89ab-8def-8123-45672c30aa54","properties":{"id":10},"recordId":"10","type":"track","userId":"10"}
> {"_rudder":{"type":"end","stream":"events","held":0,"events":3,"rejects":0,"skips":0}}

# a delete event without the user id is a reject
$ rudder-map -t identify -u user --delete-event 'User Deleted'
< {"_rudder":{"type":"begin","v":1,"stream":"changes","run":"r1000000000000000000","model":"m1","key":["id"]}}
< {"_rudder":{"type":"change","action":"delete","id":"9","change":"0123456789abcdef0123456789abcdef"},"id":9}
< {"_rudder":{"type":"end","stream":"changes","changes":1,"rejects":0,"skips":0,"held":0}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1","key":["id"]}}
> {"_rudder":{"type":"reject","stage":"map","id":"9","action":"delete","change":"0123456789abcdef0123456789abcdef","line":2,"reason":"no user id: a delete has only the key and identity columns and the columns kept by --keep","record":"{\"_rudder\":{\"type\":\"change\",\"action\":\"delete\",\"id\":\"9\",\"change\":\"0123456789abcdef0123456789abcdef\"},\"id\":9}"}}
> {"_rudder":{"type":"end","stream":"events","held":0,"events":0,"rejects":1,"skips":0}}
! rudder-map: 1 of 1 rows rejected: 1 × no user id: a delete has only the key and identity columns and the columns kept by --keep (line 2)
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
