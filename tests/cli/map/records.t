# a record without identifiers has all columns as fields
$ rudder-map -t record --trust-eof | jq -c 'select(.type) | [.action, .fields, has("identifiers"), has("userId")]'
< {"email":"a@b","phone":null}
> ["insert",{"email":"a@b","phone":null},false,false]

$ rudder-map -t record -c email=EMAIL -u id --trust-eof | jq -c 'select(.type) | [.fields, .userId]'
< {"id":7.0,"email":"a@b","phone":null}
> [{"EMAIL":"a@b"},"7"]

# its delete must have its fields, or it would remove nobody
$ rudder-map -t record -c email 2>err; s=$?; cat err; exit $s
< {"_rudder":{"type":"begin","v":1,"stream":"changes","run":"r1000000000000000000","key":["id"],"mode":"mirror","state":"st"}}
> rudder-map: deletes cannot be mapped: a record without identifiers is matched by its fields, but a delete lacks 'email'; run rudder-diff with --keep row
? 78

$ rudder-map -t record 2>err; s=$?; cat err; exit $s
< {"_rudder":{"type":"begin","v":1,"stream":"changes","run":"r1000000000000000000","key":["id"],"mode":"mirror","state":"st"}}
> rudder-map: deletes cannot be mapped: a record without identifiers is matched by its fields, but a delete lacks all columns; run rudder-diff with --keep row
? 78

$ rudder-map -t record -c email | jq -c 'select(.type) | [.action, .fields]'
< {"_rudder":{"type":"begin","v":1,"stream":"changes","run":"r1000000000000000000","key":["id"],"mode":"mirror","state":"st","keep":["em*"]}}
< {"_rudder":{"type":"change","action":"delete","id":"7","change":"0123456789abcdef0123456789abcdef"},"id":7,"email":"c"}
< {"_rudder":{"type":"end","stream":"changes","changes":1}}
> ["delete",{"email":"c"}]

$ rudder-map -t record | jq -c 'select(.type) | [.action, .fields]'
< {"_rudder":{"type":"begin","v":1,"stream":"changes","run":"r1000000000000000000","key":["id"],"mode":"mirror","state":"st","keep":"row"}}
< {"_rudder":{"type":"change","action":"delete","id":"7","change":"0123456789abcdef0123456789abcdef"},"id":7,"email":"c"}
< {"_rudder":{"type":"end","stream":"changes","changes":1}}
> ["delete",{"id":7,"email":"c"}]

# the name of an object as some destinations have it, without a dash
$ rudder-map -t record --object marketoStaticListId --identifier email=EMAIL --trust-eof | jq -c 'select(.type) | [.context.externalId, .fields]'
< {"email":"a@b"}
> [[{"identifierType":"EMAIL","type":"marketoStaticListId"}],{"EMAIL":"a@b"}]
