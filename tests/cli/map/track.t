# the shape of a track event with a fixed name
$ rudder-map -t track -u id -e 'Order Completed' -c 'total,sku=products[0].sku' -C .context.locale=en
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1"}}
< {"id":"u1","total":32.839999999999996,"sku":"A"}
< {"_rudder":{"type":"end","stream":"rows","rows":1}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1"}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"},"locale":"en"},"event":"Order Completed","messageId":"40ee9033-a5b2-85f9-bd11-5695fbeead8e","properties":{"total":32.839999999999996,"products":[{"sku":"A"}]},"recordId":"1","type":"track","userId":"u1"}
> {"_rudder":{"type":"end","stream":"events","events":1,"rejects":0,"skips":0}}

# the name from a column, which stays a property
$ rudder-map -t track -u id --event-column ev
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1"}}
< {"id":1,"ev":"Signed Up","x":1}
< {"id":2,"ev":42,"x":2}
< {"id":3,"ev":" ","x":3}
< {"id":4,"ev":null,"x":4}
< {"id":5,"ev":[],"x":5}
< {"id":6,"x":6}
< {"_rudder":{"type":"end","stream":"rows","rows":6}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1"}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"event":"Signed Up","messageId":"3b7f7206-21c9-8deb-8a5b-e0c3b5c04301","properties":{"ev":"Signed Up","x":1},"recordId":"1","type":"track","userId":"1"}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"event":"42","messageId":"188c0aa6-75b3-8c34-b2f5-62bc73ec9904","properties":{"ev":42,"x":2},"recordId":"2","type":"track","userId":"2"}
> {"_rudder":{"type":"reject","stage":"map","line":4,"reason":"no event name: column 'ev' has no value","record":"{\"id\":3,\"ev\":\" \",\"x\":3}"}}
> {"_rudder":{"type":"reject","stage":"map","line":5,"reason":"no event name: column 'ev' has no value","record":"{\"id\":4,\"ev\":null,\"x\":4}"}}
> {"_rudder":{"type":"reject","stage":"map","line":6,"reason":"the event name in column 'ev' is neither a string nor a number","record":"{\"id\":5,\"ev\":[],\"x\":5}"}}
> {"_rudder":{"type":"reject","stage":"map","line":7,"reason":"no event name: column 'ev' has no value","record":"{\"id\":6,\"x\":6}"}}
> {"_rudder":{"type":"end","stream":"events","events":2,"rejects":4,"skips":0}}
! rudder-map: 4 of 6 rows rejected: 3 × no event name: column 'ev' has no value (from line 4), 1 × the event name in column 'ev' is neither a string nor a number (line 6)
? 1

# traits beside properties
$ rudder-map -t track -u id -e E -c 'x,email=.traits.email'
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1"}}
< {"id":"u1","x":1,"email":"e"}
< {"_rudder":{"type":"end","stream":"rows","rows":1}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1"}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"event":"E","messageId":"f0203252-f84c-8fca-9c00-8a360ec13cd3","properties":{"x":1},"recordId":"1","traits":{"email":"e"},"type":"track","userId":"u1"}
> {"_rudder":{"type":"end","stream":"events","events":1,"rejects":0,"skips":0}}
