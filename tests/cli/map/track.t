# the shape of a track event with a fixed name
$ rudder-map -t track -u id -e 'Order Completed' -c 'total,sku=products[0].sku' -C .context.locale=en
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1","model":"m1"}}
< {"id":"u1","total":32.839999999999996,"sku":"A"}
< {"_rudder":{"type":"end","stream":"rows","rows":1}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1","model":"m1"}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1","task_run_id":"r1","version":"v0.1.0"},"locale":"en"},"event":"Order Completed","messageId":"82a9f83c-aaeb-867b-86a0-d5feb50c58ad","properties":{"total":32.839999999999996,"products":[{"sku":"A"}]},"recordId":"1","type":"track","userId":"u1"}
> {"_rudder":{"type":"end","stream":"events","events":1,"rejects":0,"skips":0}}

# the name from a column, which stays a property
$ rudder-map -t track -u id --event-column ev
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1","model":"m1"}}
< {"id":1,"ev":"Signed Up","x":1}
< {"id":2,"ev":42,"x":2}
< {"id":3,"ev":" ","x":3}
< {"id":4,"ev":null,"x":4}
< {"id":5,"ev":[],"x":5}
< {"id":6,"x":6}
< {"_rudder":{"type":"end","stream":"rows","rows":6}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1","model":"m1"}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1","task_run_id":"r1","version":"v0.1.0"}},"event":"Signed Up","messageId":"664ae788-50e6-8f72-bfed-7e39f7a7731e","properties":{"ev":"Signed Up","x":1},"recordId":"1","type":"track","userId":"1"}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1","task_run_id":"r1","version":"v0.1.0"}},"event":"42","messageId":"7ea38b49-880e-8c7b-b0a5-05cbd441efcb","properties":{"ev":42,"x":2},"recordId":"2","type":"track","userId":"2"}
> {"_rudder":{"type":"reject","stage":"map","line":4,"reason":"no event name","record":"{\"id\":3,\"ev\":\" \",\"x\":3}"}}
> {"_rudder":{"type":"reject","stage":"map","line":5,"reason":"no event name","record":"{\"id\":4,\"ev\":null,\"x\":4}"}}
> {"_rudder":{"type":"reject","stage":"map","line":6,"reason":"the event name is neither string nor number","record":"{\"id\":5,\"ev\":[],\"x\":5}"}}
> {"_rudder":{"type":"reject","stage":"map","line":7,"reason":"no event name","record":"{\"id\":6,\"x\":6}"}}
> {"_rudder":{"type":"end","stream":"events","events":2,"rejects":4,"skips":0}}
! rudder-map: 4 of 6 rows were rejected: see the reject lines
? 1

# traits beside properties
$ rudder-map -t track -u id -e E -c 'x,email=.traits.email'
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1","model":"m1"}}
< {"id":"u1","x":1,"email":"e"}
< {"_rudder":{"type":"end","stream":"rows","rows":1}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1","model":"m1"}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1","task_run_id":"r1","version":"v0.1.0"}},"event":"E","messageId":"845ebfd8-362b-8af0-80b5-0833af5743da","properties":{"x":1},"recordId":"1","traits":{"email":"e"},"type":"track","userId":"u1"}
> {"_rudder":{"type":"end","stream":"events","events":1,"rejects":0,"skips":0}}
