# the shape of a track event with a fixed name
$ rudder-map -t track -u id -e 'Order Completed' -c 'total,sku=products[0].sku' -C .context.locale=en
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1"}}
< {"id":"u1","total":32.839999999999996,"sku":"A"}
< {"_rudder":{"type":"end","stream":"rows","rows":1}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1"}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"},"locale":"en"},"event":"Order Completed","messageId":"e2de8f14-d759-8c1d-ab0e-36e8ffd4bddc","properties":{"total":32.839999999999996,"products":[{"sku":"A"}]},"recordId":"1","type":"track","userId":"u1"}
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
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"event":"Signed Up","messageId":"4b7c35f5-fbad-8748-af10-06adc9098b38","properties":{"ev":"Signed Up","x":1},"recordId":"1","type":"track","userId":"1"}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"event":"42","messageId":"16a57e43-688c-8cd4-a149-954ed0dd88ff","properties":{"ev":42,"x":2},"recordId":"2","type":"track","userId":"2"}
> {"_rudder":{"type":"reject","stage":"map","line":4,"reason":"no event name","record":"{\"id\":3,\"ev\":\" \",\"x\":3}"}}
> {"_rudder":{"type":"reject","stage":"map","line":5,"reason":"no event name","record":"{\"id\":4,\"ev\":null,\"x\":4}"}}
> {"_rudder":{"type":"reject","stage":"map","line":6,"reason":"the event name is neither string nor number","record":"{\"id\":5,\"ev\":[],\"x\":5}"}}
> {"_rudder":{"type":"reject","stage":"map","line":7,"reason":"no event name","record":"{\"id\":6,\"x\":6}"}}
> {"_rudder":{"type":"end","stream":"events","events":2,"rejects":4,"skips":0}}
! rudder-map: 4 of 6 rows were rejected: see the reject lines
? 1

# traits beside properties
$ rudder-map -t track -u id -e E -c 'x,email=.traits.email'
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1"}}
< {"id":"u1","x":1,"email":"e"}
< {"_rudder":{"type":"end","stream":"rows","rows":1}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1"}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"event":"E","messageId":"14bf8afa-4c78-8efe-9870-fea429353a12","properties":{"x":1},"recordId":"1","traits":{"email":"e"},"type":"track","userId":"u1"}
> {"_rudder":{"type":"end","stream":"events","events":1,"rejects":0,"skips":0}}
