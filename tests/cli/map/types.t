# page and screen: the name is a member of its own, and may be missing
$ rudder-map -t page -u id -e Home -c url
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1"}}
< {"id":1,"url":"/x"}
< {"_rudder":{"type":"end","stream":"rows","rows":1}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1"}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"4f12ec1d-3284-8331-b130-7e0004d18cc1","name":"Home","properties":{"url":"/x"},"recordId":"1","type":"page","userId":"1"}
> {"_rudder":{"type":"end","stream":"events","events":1,"rejects":0,"skips":0}}

# the name of a screen from a column
$ rudder-map -t screen -a device --event-column screen -c 'w'
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1"}}
< {"device":"d","screen":"Start","w":1}
< {"device":"d","screen":null,"w":2}
< {"device":"d","screen":"","w":3}
< {"_rudder":{"type":"end","stream":"rows","rows":3}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1"}}
> {"anonymousId":"d","channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"9f54c4af-6d85-8fa9-a553-576e0aba93ce","name":"Start","properties":{"w":1},"recordId":"1","type":"screen"}
> {"anonymousId":"d","channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"10bc1fee-18a3-8d0b-87fa-541ab25233de","properties":{"w":2},"recordId":"2","type":"screen"}
> {"_rudder":{"type":"reject","stage":"map","line":4,"reason":"no event name: column 'screen' has no value","record":"{\"device\":\"d\",\"screen\":\"\",\"w\":3}"}}
> {"_rudder":{"type":"end","stream":"events","events":2,"rejects":1,"skips":0}}
! rudder-map: 1 of 3 rows rejected: 1 × no event name: column 'screen' has no value (line 4)
? 1

# a page without any name
$ rudder-map -t page -u id
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1"}}
< {"id":1,"url":"/x"}
< {"_rudder":{"type":"end","stream":"rows","rows":1}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1"}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"4f12ec1d-3284-8331-b130-7e0052bff9cf","properties":{"url":"/x"},"recordId":"1","type":"page","userId":"1"}
> {"_rudder":{"type":"end","stream":"events","events":1,"rejects":0,"skips":0}}

# group: needs a group id
$ rudder-map -t group -u id --group-id org
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1"}}
< {"id":1,"org":17,"plan":"x"}
< {"id":1,"org":null,"plan":"x"}
< {"_rudder":{"type":"end","stream":"rows","rows":2}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1"}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"groupId":"17","messageId":"d5faafe8-bb04-89d9-896b-6e286ab7a881","recordId":"1","traits":{"plan":"x"},"type":"group","userId":"1"}
> {"_rudder":{"type":"reject","stage":"map","line":3,"reason":"no group id: column 'org' has no value","record":"{\"id\":1,\"org\":null,\"plan\":\"x\"}"}}
> {"_rudder":{"type":"end","stream":"events","events":1,"rejects":1,"skips":0}}
! rudder-map: 1 of 2 rows rejected: 1 × no group id: column 'org' has no value (line 3)
? 1

# alias: needs the id that was
$ rudder-map -t alias -u id --previous-id old
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1"}}
< {"id":1,"old":"a","plan":"x"}
< {"id":1,"plan":"x"}
< {"_rudder":{"type":"end","stream":"rows","rows":2}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1"}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"cf2bf8bc-73e4-8606-bdc3-5480e2df3160","previousId":"a","recordId":"1","type":"alias","userId":"1"}
> {"_rudder":{"type":"reject","stage":"map","line":3,"reason":"no previous id: column 'old' has no value","record":"{\"id\":1,\"plan\":\"x\"}"}}
> {"_rudder":{"type":"end","stream":"events","events":1,"rejects":1,"skips":0}}
! rudder-map: 1 of 2 rows rejected: 1 × no previous id: column 'old' has no value (line 3)
? 1

# what belongs to a type is needed there and refused elsewhere
$ rudder-map -t group -u id; rudder-map -t alias -u id; rudder-map -t identify -u id --group-id g; rudder-map -t group -u id --group-id g -e N; rudder-map -t record --object X-y; rudder-map -t identify -u id --identifier a; rudder-map -t page
! rudder-map: type 'group' needs --group-id COLUMN (group_id in a mapping file)
! rudder-map: type 'alias' needs --previous-id COLUMN (previous_id in a mapping file)
! rudder-map: type 'identify' does not use --group-id COLUMN (group_id in a mapping file)
! rudder-map: type 'group' has no event name
! rudder-map: type 'record' needs --identifier COLUMN=KEY (identifiers in a mapping file)
! rudder-map: type 'identify' does not use --identifier COLUMN=KEY (identifiers in a mapping file)
! rudder-map: no user: use -u COLUMN for the user id or -a COLUMN for the anonymous id (user_id: COLUMN or anonymous_id: COLUMN in a mapping file)
? 64

# time of the event from a column; null is left out
$ rudder-map -t track -u id -e E --timestamp at -c x
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1"}}
< {"id":1,"at":"2024-05-07T17:27:28.262Z","x":1}
< {"id":1,"at":null,"x":1}
< {"_rudder":{"type":"end","stream":"rows","rows":2}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1"}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"event":"E","messageId":"6c8b7279-1b51-83e1-abe4-a85f3b7e06b8","properties":{"x":1},"recordId":"1","timestamp":"2024-05-07T17:27:28.262Z","type":"track","userId":"1"}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"event":"E","messageId":"b8cd27e7-1e8e-8732-8b7d-a6fdac9479af","properties":{"x":1},"recordId":"2","type":"track","userId":"1"}
> {"_rudder":{"type":"end","stream":"events","events":2,"rejects":0,"skips":0}}

# record: identifiers, fields and action
$ rudder-map -t record --identifier email=EMAIL -c 'name=FN,plan' -C src=w
< {"_rudder":{"type":"begin","v":1,"stream":"changes","run":"r1000000000000000000","model":"m1","key":["id"],"identity":["email"],"mode":"mirror"}}
< {"_rudder":{"type":"change","action":"insert","id":"1","change":"0123456789abcdef0123456789abcdef"},"id":1,"email":"a@b.c","name":"N","plan":null}
< {"_rudder":{"type":"change","action":"update","id":"1","change":"0123456789abcdef0123456789abcdef"},"id":1,"email":"a@b.d","name":"N","plan":"p"}
< {"_rudder":{"type":"change","action":"update","id":"1","change":"0123456789abcdef0123456789abcdef"},"id":1,"email":null,"name":"N","plan":"p"}
< {"_rudder":{"type":"change","action":"delete","id":"1","change":"0123456789abcdef0123456789abcdef"},"id":1}
< {"_rudder":{"type":"end","stream":"changes","changes":4}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1","key":["id"],"identity":["email"],"mode":"mirror"}}
> {"action":"insert","channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"fields":{"FN":"N","plan":null,"src":"w"},"identifiers":{"EMAIL":"a@b.c"},"messageId":"01234567-89ab-8def-8123-45677fd1883a","recordId":"1","type":"record"}
> {"action":"update","channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"fields":{"FN":"N","plan":"p","src":"w"},"identifiers":{"EMAIL":"a@b.d"},"messageId":"01234567-89ab-8def-8123-45677fd1883a","recordId":"1","type":"record"}
> {"_rudder":{"type":"reject","stage":"map","id":"1","action":"update","change":"0123456789abcdef0123456789abcdef","line":4,"reason":"no identifier: column 'email' has no value","record":"{\"_rudder\":{\"type\":\"change\",\"action\":\"update\",\"id\":\"1\",\"change\":\"0123456789abcdef0123456789abcdef\"},\"id\":1,\"email\":null,\"name\":\"N\",\"plan\":\"p\"}"}}
> {"_rudder":{"type":"reject","stage":"map","id":"1","action":"delete","change":"0123456789abcdef0123456789abcdef","line":5,"reason":"no identifier: column 'email' has no value; a delete has only key, identity and --keep columns","record":"{\"_rudder\":{\"type\":\"change\",\"action\":\"delete\",\"id\":\"1\",\"change\":\"0123456789abcdef0123456789abcdef\"},\"id\":1}"}}
> {"_rudder":{"type":"end","stream":"events","events":2,"rejects":2,"skips":0}}
! rudder-map: 2 of 4 rows rejected: 1 × no identifier: column 'email' has no value (line 4), 1 × no identifier: column 'email' has no value; a delete has only key, identity and --keep columns (line 5)
? 1

# record: a delete when the key is the identifier; a row that is not a change is an insert
$ rudder-map -t record --identifier email=EMAIL,phone
< {"_rudder":{"type":"begin","v":1,"stream":"changes","run":"r1000000000000000000","model":"m1","key":["id"],"identity":["email"],"mode":"mirror"}}
< {"_rudder":{"type":"change","action":"delete","id":"1","change":"0123456789abcdef0123456789abcdef"},"email":"a@b.c"}
< {"_rudder":{"type":"change","action":"insert","id":"2","change":"0123456789abcdef0123456789abcdef"},"email":null,"phone":5,"x":1}
< {"email":"e","phone":null,"x":1}
< {"_rudder":{"type":"end","stream":"changes","changes":3}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1","key":["id"],"identity":["email"],"mode":"mirror"}}
> {"action":"delete","channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"fields":{},"identifiers":{"EMAIL":"a@b.c"},"messageId":"01234567-89ab-8def-8123-4567957d7462","recordId":"1","type":"record"}
> {"action":"insert","channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"fields":{"x":1},"identifiers":{"EMAIL":null,"phone":5},"messageId":"01234567-89ab-8def-8123-4567957d7462","recordId":"2","type":"record"}
> {"action":"insert","channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"fields":{"x":1},"identifiers":{"EMAIL":"e","phone":null},"messageId":"c938778a-57fe-80c5-9214-edba12be9194","recordId":"3","type":"record"}
> {"_rudder":{"type":"end","stream":"events","events":3,"rejects":0,"skips":0}}

# record of the first kind: all in fields, their names in the context
$ rudder-map -t record --object FB_CUSTOM_AUDIENCE-238 --identifier email=EMAIL -c name=FI
< {"_rudder":{"type":"begin","v":1,"stream":"changes","run":"r1000000000000000000","model":"m1","key":["id"],"identity":["email"],"mode":"mirror"}}
< {"_rudder":{"type":"change","action":"insert","id":"1","change":"0123456789abcdef0123456789abcdef"},"id":1,"email":"a@b.c","name":"N"}
< {"_rudder":{"type":"change","action":"delete","id":"1","change":"0123456789abcdef0123456789abcdef"},"email":"a@b.c"}
< {"_rudder":{"type":"end","stream":"changes","changes":2}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1","key":["id"],"identity":["email"],"mode":"mirror"}}
> {"action":"insert","channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"},"externalId":[{"identifierType":"EMAIL","type":"FB_CUSTOM_AUDIENCE-238"}],"mappedToDestination":"true","destinationFields":"EMAIL, FI"},"fields":{"EMAIL":"a@b.c","FI":"N"},"messageId":"01234567-89ab-8def-8123-45675983f26d","recordId":"1","type":"record"}
> {"action":"delete","channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"},"externalId":[{"identifierType":"EMAIL","type":"FB_CUSTOM_AUDIENCE-238"}],"mappedToDestination":"true","destinationFields":"EMAIL"},"fields":{"EMAIL":"a@b.c"},"messageId":"01234567-89ab-8def-8123-45675983f26d","recordId":"1","type":"record"}
> {"_rudder":{"type":"end","stream":"events","events":2,"rejects":0,"skips":0}}

# the visual data mapper: externalId, mappedToDestination, and the user id of the identifier
$ rudder-map -t identify --object 'MARKETO-new user' --identifier mail=email -c 'first=firstname,age'
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1"}}
< {"id":1,"mail":"l@s.net","first":"J","age":3}
< {"id":2,"mail":null,"first":"J","age":3}
< {"id":3,"mail":17,"first":"J","age":3}
< {"_rudder":{"type":"end","stream":"rows","rows":3}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1"}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"},"externalId":[{"id":"l@s.net","identifierType":"email","type":"MARKETO-new user"}],"mappedToDestination":"true"},"messageId":"d52055e3-9cf9-8bb4-874e-b0db9d38f705","recordId":"1","traits":{"firstname":"J","age":3},"type":"identify","userId":"l@s.net"}
> {"_rudder":{"type":"reject","stage":"map","line":3,"reason":"no user id: column 'mail' has no value","record":"{\"id\":2,\"mail\":null,\"first\":\"J\",\"age\":3}"}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"},"externalId":[{"id":17,"identifierType":"email","type":"MARKETO-new user"}],"mappedToDestination":"true"},"messageId":"fa2d6c4d-4577-8d5d-895c-f69f4a17dc85","recordId":"3","traits":{"firstname":"J","age":3},"type":"identify","userId":"17"}
> {"_rudder":{"type":"end","stream":"events","events":2,"rejects":1,"skips":0}}
! rudder-map: 1 of 3 rows rejected: 1 × no user id: column 'mail' has no value (line 3)
? 1

# its identifier is needed, and just one
$ rudder-map -t identify --object X-y; rudder-map -t identify --object X-y --identifier a,b; rudder-map -t identify --object ' ' --identifier a; rudder-map -t identify --object X-y --identifier 'a=.b'; rudder-map -t identify --object X-y --identifier a -C .context.mappedToDestination=x
! rudder-map: type 'identify' needs --identifier COLUMN=KEY (identifiers in a mapping file)
! rudder-map: an object needs exactly one identifier
! rudder-map: object ' ': expected its name, such as DESTINATION-object
! rudder-map: identifier 'a=.b': expected a column, or column=KEY
! rudder-map: two values for one target: '.context.mappedToDestination' is in use, or overlaps a different target
? 78

# an event name for each action; an action without one is a skip
$ rudder-map -t track -u id -e 'insert=Signed Up,delete=Left' -c x
< {"_rudder":{"type":"begin","v":1,"stream":"changes","run":"r1000000000000000000","model":"m1","key":["id"],"mode":"mirror"}}
< {"_rudder":{"type":"change","action":"insert","id":"1","change":"0123456789abcdef0123456789abcdef"},"id":1,"x":1}
< {"_rudder":{"type":"change","action":"update","id":"2","change":"0123456789abcdef0123456789abcdef"},"id":2,"x":2}
< {"_rudder":{"type":"change","action":"delete","id":"3","change":"0123456789abcdef0123456789abcdef"},"id":3}
< {"_rudder":{"type":"end","stream":"changes","changes":3}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1","key":["id"],"mode":"mirror"}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"event":"Signed Up","messageId":"01234567-89ab-8def-8123-45679e0f24bb","properties":{"x":1},"recordId":"1","type":"track","userId":"1"}
> {"_rudder":{"type":"skip","stage":"map","id":"2","action":"update","change":"0123456789abcdef0123456789abcdef","line":3,"reason":"no event name for this action"}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"event":"Left","messageId":"01234567-89ab-8def-8123-45677a977eb5","properties":{"id":3},"recordId":"3","type":"track","userId":"3"}
> {"_rudder":{"type":"end","stream":"events","events":2,"rejects":0,"skips":1}}

# the same in a file, with identifiers
$ echo '{"type":"track","user_id":"id","event":{"insert":"A","update":"B"},"delete_event":"C","timestamp":"t","columns":["x"]}' >m.json; rudder-map -m m.json
< {"_rudder":{"type":"begin","v":1,"stream":"changes","run":"r1000000000000000000","model":"m1","key":["id"],"mode":"mirror"}}
< {"_rudder":{"type":"change","action":"insert","id":"1","change":"0123456789abcdef0123456789abcdef"},"id":1,"x":1,"t":"2024-01-01"}
< {"_rudder":{"type":"change","action":"update","id":"2","change":"0123456789abcdef0123456789abcdef"},"id":2,"x":2,"t":"2024-01-02"}
< {"_rudder":{"type":"change","action":"delete","id":"3","change":"0123456789abcdef0123456789abcdef"},"id":3}
< {"_rudder":{"type":"end","stream":"changes","changes":3}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1","key":["id"],"mode":"mirror"}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"event":"A","messageId":"01234567-89ab-8def-8123-4567b59204e8","properties":{"x":1},"recordId":"1","timestamp":"2024-01-01T00:00:00Z","type":"track","userId":"1"}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"event":"B","messageId":"01234567-89ab-8def-8123-45676f5d2350","properties":{"x":2},"recordId":"2","timestamp":"2024-01-02T00:00:00Z","type":"track","userId":"2"}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"event":"C","messageId":"01234567-89ab-8def-8123-4567375623dc","properties":{"id":3},"recordId":"3","type":"track","userId":"3"}
> {"_rudder":{"type":"end","stream":"events","events":3,"rejects":0,"skips":0}}

# a record in a file
$ echo '{"type":"record","identifiers":{"email":"EMAIL","x":"a.b"}}' >m.json; rudder-map -m m.json
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1"}}
< {"id":1,"x":1,"email":"e"}
< {"_rudder":{"type":"end","stream":"rows","rows":1}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1"}}
> {"action":"insert","channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"fields":{"id":1},"identifiers":{"EMAIL":"e","a.b":1},"messageId":"92e54ba6-eb81-8de2-8b48-ad1d4494f527","recordId":"1","type":"record"}
> {"_rudder":{"type":"end","stream":"events","events":1,"rejects":0,"skips":0}}

# a record by jq gets its action, deletes too
$ rudder-map -t record -j '{identifiers: {EMAIL: .id}, fields: {}}'
< {"_rudder":{"type":"begin","v":1,"stream":"changes","run":"r1000000000000000000","model":"m1","key":["id"],"mode":"mirror"}}
< {"_rudder":{"type":"change","action":"insert","id":"1","change":"0123456789abcdef0123456789abcdef"},"id":1,"x":1}
< {"_rudder":{"type":"change","action":"delete","id":"3","change":"0123456789abcdef0123456789abcdef"},"id":3}
< {"_rudder":{"type":"end","stream":"changes","changes":2}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1","key":["id"],"mode":"mirror"}}
> {"action":"insert","channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"fields":{},"identifiers":{"EMAIL":1},"messageId":"01234567-89ab-8def-8123-456774f3551e","recordId":"1","type":"record"}
> {"action":"delete","channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"fields":{},"identifiers":{"EMAIL":3},"messageId":"01234567-89ab-8def-8123-456774f3551e","recordId":"3","type":"record"}
> {"_rudder":{"type":"end","stream":"events","events":2,"rejects":0,"skips":0}}

# a jq program without a type, and a delete
$ rudder-map -u id -j '{type: "identify"}' --delete-event Gone
< {"_rudder":{"type":"begin","v":1,"stream":"changes","run":"r1000000000000000000","model":"m1","key":["id"],"mode":"mirror"}}
< {"_rudder":{"type":"change","action":"insert","id":"1","change":"0123456789abcdef0123456789abcdef"},"id":1,"x":1}
< {"_rudder":{"type":"change","action":"delete","id":"3","change":"0123456789abcdef0123456789abcdef"},"id":3}
< {"_rudder":{"type":"end","stream":"changes","changes":2}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1","key":["id"],"mode":"mirror"}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"01234567-89ab-8def-8123-4567942576da","recordId":"1","type":"identify","userId":"1"}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"event":"Gone","messageId":"01234567-89ab-8def-8123-4567b530e94b","properties":{"id":3},"recordId":"3","type":"track","userId":"3"}
> {"_rudder":{"type":"end","stream":"events","events":2,"rejects":0,"skips":0}}

# an action that nobody knows
$ rudder-map -t identify -u id
< {"_rudder":{"type":"begin","v":1,"stream":"changes","run":"r1000000000000000000","model":"m1","key":["id"],"mode":"mirror"}}
< {"_rudder":{"type":"change","action":"upsert","id":"1","change":"0123456789abcdef0123456789abcdef"},"id":1}
< {"_rudder":{"type":"change","action":"insert","id":"1"},"id":1}
< {"_rudder":{"type":"end","stream":"changes","changes":2}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1","key":["id"],"mode":"mirror"}}
> {"_rudder":{"type":"reject","stage":"map","id":"1","action":"upsert","change":"0123456789abcdef0123456789abcdef","line":2,"reason":"the change has an unknown action","record":"{\"_rudder\":{\"type\":\"change\",\"action\":\"upsert\",\"id\":\"1\",\"change\":\"0123456789abcdef0123456789abcdef\"},\"id\":1}"}}
> {"_rudder":{"type":"reject","stage":"map","id":"1","action":"insert","line":3,"reason":"the change has no id","record":"{\"_rudder\":{\"type\":\"change\",\"action\":\"insert\",\"id\":\"1\"},\"id\":1}"}}
> {"_rudder":{"type":"end","stream":"events","events":0,"rejects":2,"skips":0}}
! rudder-map: 2 of 2 rows rejected: 1 × the change has an unknown action (line 2), 1 × the change has no id (line 3)
? 1
