# a mask that makes one identity of two would delete who is there
$ rudder-map -t record --identifier email --mask email=trim+lower+sha256 2>err; s=$?; grep -v type.:.abort err; exit $s
< {"_rudder":{"type":"begin","v":1,"stream":"changes","run":"r1000000000000000000","key":["id"],"identity":["email"],"mode":"mirror"}}
> rudder-map: 'trim+lower' on the identity column 'email' can turn two identities into one, so a change could delete a record that still exists; do it in the model, as in lower(trim(email)), and remove it from the mapping
? 78

# whatever does so, by a pattern or a cast, before --check as well
$ rudder-map -t record --identifier email --cast 'e*=integer' --check
< {"_rudder":{"type":"begin","v":1,"stream":"changes","run":"r1000000000000000000","key":["id"],"identity":["phone","email"],"mode":"mirror"}}
! rudder-map: 'integer' on the identity column 'email' can turn two identities into one, so a change could delete a record that still exists; do it in the model, as in lower(trim(email)), and remove it from the mapping
? 78

# hashes keep two values two; other columns, other modes and no deletes are free
$ rudder-map -t record --identifier email --mask email=sha256 --mask name=lower | grep -c '"record"'
< {"_rudder":{"type":"begin","v":1,"stream":"changes","run":"r1000000000000000000","key":["id"],"identity":["email"],"mode":"mirror"}}
< {"_rudder":{"type":"change","action":"insert","id":"7","change":"0123456789abcdef0123456789abcdef"},"id":7,"email":"c","name":"N"}
< {"_rudder":{"type":"end","stream":"changes","changes":1}}
> 1

$ rudder-map -t record --identifier email --mask email=lower --deletes skip | grep -c '"record"'
< {"_rudder":{"type":"begin","v":1,"stream":"changes","run":"r1000000000000000000","key":["id"],"identity":["email"],"mode":"mirror"}}
< {"_rudder":{"type":"change","action":"insert","id":"7","change":"0123456789abcdef0123456789abcdef"},"id":7,"email":"c","name":"N"}
< {"_rudder":{"type":"end","stream":"changes","changes":1}}
> 1
