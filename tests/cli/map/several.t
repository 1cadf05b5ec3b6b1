# a row gives the events of all mappings, whose ids count through
$ echo '[{"type":"identify","user_id":"id","columns":"email"},{"type":"track","event":"Seen","user_id":"id","columns":"plan"},{"type":"identify","user_id":"id","where":".plan == \"pro\"","columns":"plan"}]' >m.json; RUDDER_RUN_ID=r1000000000000000000 rudder-map -m m.json --trust-eof | jq -c 'if .type then [.type, .userId, .recordId, .messageId, .traits, .properties] else ._rudder.type, ._rudder.events end'
< {"_rudder":{"type":"begin","v":1,"stream":"changes","run":"r1000000000000000000"}}
< {"_rudder":{"type":"change","action":"insert","id":"7","change":"0123456789abcdef0123456789abcdef"},"id":7,"email":"a","plan":"pro"}
< {"_rudder":{"type":"change","action":"update","id":"8","change":"f123456789abcdef0123456789abcdef"},"id":8,"email":"b","plan":"free"}
> "begin"
> null
> ["identify","7","7","01234567-89ab-8def-8123-456733a8a957-1-3",{"email":"a"},null]
> ["track","7","7","01234567-89ab-8def-8123-45679e19fd8c-2-3",null,{"plan":"pro"}]
> ["identify","7","7","01234567-89ab-8def-8123-4567464fd275-3-3",{"plan":"pro"},null]
> ["identify","8","8","f1234567-89ab-8def-8123-456733a8a957-1-2",{"email":"b"},null]
> ["track","8","8","f1234567-89ab-8def-8123-45679e19fd8c-2-2",null,{"plan":"free"}]
> "end"
> 5

# each has its own rule for deletes; a row of one event has the plain id
$ echo '[{"type":"identify","user_id":"id"},{"type":"record","identifiers":{"id":"ID"}},{"type":"track","user_id":"id","event":{"update":"Changed"}}]' >m.json; rudder-map -m m.json --trust-eof | jq -c 'select(.type)|[.type, .action, .messageId]'
< {"_rudder":{"type":"begin","v":1,"stream":"changes","run":"r1000000000000000000"}}
< {"_rudder":{"type":"change","action":"delete","id":"7","change":"0123456789abcdef0123456789abcdef"},"id":7}
< {"_rudder":{"type":"change","action":"insert","id":"7","change":"1123456789abcdef0123456789abcdef"},"id":7}
< {"_rudder":{"type":"change","action":"update","id":"7","change":"2123456789abcdef0123456789abcdef"},"id":7}
> ["record","delete","01234567-89ab-8def-8123-456761edcdc8"]
> ["identify",null,"11234567-89ab-8def-8123-4567a6961a81-1-2"]
> ["record","insert","11234567-89ab-8def-8123-456761edcdc8-2-2"]
> ["identify",null,"21234567-89ab-8def-8123-4567a6961a81-1-3"]
> ["record","update","21234567-89ab-8def-8123-456761edcdc8-2-3"]
> ["track",null,"21234567-89ab-8def-8123-456796144507-3-3"]

# what one mapping cannot send leaves as one reject, with nothing sent
$ echo '[{"type":"identify","user_id":"id"},{"type":"group","user_id":"id","group_id":"org"}]' >m.json; rudder-map -m m.json --trust-eof >out; s=$?; jq -c 'if .type then [.type, .messageId] else ._rudder | del(.run,.v) end' out; exit $s
< {"_rudder":{"type":"begin","v":1,"stream":"changes","run":"r1000000000000000000"}}
< {"_rudder":{"type":"change","action":"insert","id":"7","change":"0123456789abcdef0123456789abcdef"},"id":7,"org":null}
< {"_rudder":{"type":"change","action":"insert","id":"8","change":"1123456789abcdef0123456789abcdef"},"id":8,"org":1}
> {"type":"begin","stream":"events"}
> {"type":"reject","stage":"map","id":"7","action":"insert","change":"0123456789abcdef0123456789abcdef","line":2,"reason":"mapping 2: no group id: column 'org' has no value","record":"{\"_rudder\":{\"type\":\"change\",\"action\":\"insert\",\"id\":\"7\",\"change\":\"0123456789abcdef0123456789abcdef\"},\"id\":7,\"org\":null}"}
> ["identify","11234567-89ab-8def-8123-4567a6961a81-1-2"]
> ["group","11234567-89ab-8def-8123-45674606905b-2-2"]
> {"type":"end","stream":"events","events":2,"rejects":1,"skips":0}
! rudder-map: 1 of 2 rows rejected: 1 × mapping 2: no group id: column 'org' has no value (line 2)
? 1

# a row that no mapping takes is one skip
$ echo '[{"type":"identify","user_id":"id","where":".a"},{"type":"identify","user_id":"id","where":".b"}]' >m.json; rudder-map -m m.json --trust-eof | jq -c 'if .type then [.type, .userId] else ._rudder | [.type, .reason, .events, .skips] end'
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000"}}
< {"id":1,"a":true}
< {"id":2}
< {"id":3,"b":1}
> ["begin",null,null,null]
> ["identify","1"]
> ["skip","omitted by the condition",null,null]
> ["identify","3"]
> ["end",null,2,1]

# reasons that differ are not reported one by one
$ echo '[{"type":"identify","user_id":"id","where":".x"},{"type":"track","event":{"insert":"I"},"user_id":"id"}]' >m.json; rudder-map -m m.json --trust-eof | jq -c 'if .type then [.type, .event] else ._rudder | [.type, .reason, .skips] end'
< {"_rudder":{"type":"begin","v":1,"stream":"changes","run":"r1000000000000000000"}}
< {"_rudder":{"type":"change","action":"update","id":"7","change":"0123456789abcdef0123456789abcdef"},"id":7}
< {"_rudder":{"type":"change","action":"insert","id":"8","change":"0123456789abcdef0123456789abcde8"},"id":8}
> ["begin",null,null]
> ["skip","no mapping makes an event from it",null]
> ["track","I"]
> ["end",null,1]

# one mapping in a list is as one without
$ echo '[{"type":"identify","user_id":"id"}]' >m.json; RUDDER_RUN_ID=r1000000000000000000 rudder-map -m m.json --trust-eof >a; echo '{"id":1,"x":2}' | RUDDER_RUN_ID=r1000000000000000000 rudder-map -t identify -u id --trust-eof | cmp - a
< {"id":1,"x":2}

# options count for all mappings
$ echo '[{"type":"identify"},{"type":"track","event":"E"}]' >m.json; rudder-map -m m.json -u id -C a=1 --trust-eof | jq -c 'select(.type)|[.userId,.traits,.properties]'
< {"id":1}
> ["1",{"a":"1"},null]
> ["1",null,{"a":"1"}]

# a wrong one is named
$ for m in '[]' '[{"type":"identify","user_id":"id"},{"typ":"track"}]' '[{"type":"identify","user_id":"id"},{"type":"track","user_id":"id"}]' '[{},1]'; do echo "$m" >m.json; rudder-map -m m.json </dev/null 2>&1 | head -n 1; done
> rudder-map: mapping 'm.json': the file has no mapping
> rudder-map: mapping 2 of 'm.json': line 1: unknown key 'typ'; did you mean 'type'?
> rudder-map: mapping 2 of 'm.json': type 'track' needs an event name: use -e NAME or --event-column COLUMN (event: NAME or event: {column: COLUMN} in a mapping file)
> rudder-map: mapping 1 of 'm.json': no event type: use -t identify, -t track, ... (type: identify in a mapping file)

# columns are checked for each
$ echo '[{"type":"identify","user_id":"id"},{"type":"identify","user_id":"id","columns":"plam"}]' >m.json; cat >rows; rudder-map -m m.json <rows; rudder-map --check -m m.json <rows
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000"}}
< {"id":1,"plan":"x"}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000"}}
! rudder-map: mapping 2: 'm.json': line 1: 'columns': the rows have no column 'plam'; did you mean 'plan'?
! rudder-map: mapping 2: 'm.json': line 1: 'columns': the rows have no column 'plam'; did you mean 'plan'?
? 78

# several results of a program and a plain mapping, with an id of its own
$ echo '[{"type":"identify","user_id":"id","columns":"!*"},{"type":"track","user_id":"id","jq":".n[] | {event: \"E\", properties: {n: .}} + (if . == 2 then {messageId: \"own\"} else {} end)"}]' >m.json; RUDDER_RUN_ID=r1000000000000000000 rudder-map -m m.json --trust-eof | jq -c 'select(.type)|[.type, .recordId, (.messageId|sub("^[0-9a-f-]{36}";"U")), .properties.n]'
< {"id":1,"n":[1,2,3]}
< {"id":1,"n":[]}
> ["identify","1","U-1-4",null]
> ["track","1","U-2-4",1]
> ["track","1","own",2]
> ["track","1","U-4-4",3]
> ["identify","2","U",null]
