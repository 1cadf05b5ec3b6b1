# blank identifiers do not count, whatever their white space; beside a good one they are null
$ rudder-map -t record --identifier email,phone --trust-eof 2>/dev/null | jq -c 'if .type then .identifiers else ._rudder.reason // empty end'
< {"email":"","phone":" "}
< {"email":"\u00a0\u3000","phone":"　"}
< {"email":"\ufeff","phone":"1"}
< {"email":"a@b","phone":"\t"}
> "no identifier: column 'email' and column 'phone' have no value"
> "no identifier: column 'email' and column 'phone' have no value"
> {"email":null,"phone":"1"}
> {"email":"a@b","phone":null}

# blank before a hash is missing: no member is the hash of nothing
$ rudder-map -t record --identifier email --mask email=trim+lower+sha256 --trust-eof 2>/dev/null | jq -c 'if .type then .identifiers else ._rudder.reason // empty end'
< {"email":"a@b"}
< {"email":" "}
< {"email":"\u2003"}
< {"email":null}
> {"email":"7508d8b5018ea640b85269861a101203f0c26900555268e930025dac844b0f35"}
> "no identifier: column 'email' has no value"
> "no identifier: column 'email' has no value"
> "no identifier: column 'email' has no value"

# so do steps that leave nothing; null policies and defaults are for that too
$ printf k >key; chmod 600 key; rudder-map -t identify -u id --mask a=digits+sha256 --mask b=truncate:0+hmac --mask c=sha256 --mask d=trim --null b=omit --default c=none --mask-key-file key --trust-eof | jq -c 'select(.type).traits'
< {"id":1,"a":"x","b":"y","c":"\u0085","d":" "}
> {"a":null,"c":"none","d":""}

$ rudder-map -t record --identifier phone,email --mask phone=digits+sha256 --mask email=lower --null phone=omit --trust-eof 2>/dev/null | jq -c 'if .type then .identifiers else ._rudder.reason // empty end'
< {"phone":"none","email":"A"}
< {"phone":"none","email":" "}
< {"phone":"none","email":null}
> {"email":"a"}
> "no identifier is left after masking"
> "no identifier is left after masking"

# a user id that a mask leaves nothing of
$ rudder-map -t identify -u id --mask id=digits+sha256 --trust-eof 2>/dev/null | jq -c 'if .type then .userId else ._rudder.reason // empty end'
< {"id":"x"}
< {"id":"\u00a0"}
> "no id is left after masking"
> "no user id: column 'id' has no value"

$ rudder-map -t identify -u id -a anon --mask 'id=digits+sha256' --mask anon=digits+sha256 --trust-eof 2>/dev/null | jq -c 'if .type then [has("userId"), .anonymousId[0:4]] else ._rudder.reason // empty end'
< {"id":"x","anon":"1"}
< {"id":"x","anon":"y"}
> [false,"6b86"]
> "no id is left after masking"

$ rudder-map -t track -u id --event-column e --mask e=digits+sha256 --trust-eof 2>/dev/null | jq -c 'if .type then .event[0:4] else ._rudder.reason // empty end'
< {"id":1,"e":"1"}
< {"id":1,"e":"x"}
> "6b86"
> "no event name is left after masking"

# blank identifiers of a jq program
$ rudder-map -t record -j '{identifiers: {email: .email}}' --trust-eof | grep -c '"record"'
< {"email":" "}
> 1

$ rudder-map -t identify -j '{userId: .id, traits: {}}' --trust-eof 2>/dev/null | jq -r '._rudder.reason // empty'
< {"id":"\u3000"}
> no user id: the event has no userId and no anonymousId

# phone numbers
$ rudder-map -t identify -u id --mask a=e164 --mask b=digits --trust-eof 2>/dev/null | jq -c 'if .type then [.traits.a, .traits.b] else ._rudder.reason // empty end'
< {"id":1,"a":"+49 (0)30 123-456","b":"+49 (0)30 123-456"}
< {"id":2,"a":"0049.30/123456","b":4930123456}
< {"id":3,"a":" +1\u00a0212\u2011555 0100 ","b":"a1b2"}
< {"id":4,"a":"030 123456","b":""}
< {"id":5,"a":"+49 30 123 ext 4","b":""}
< {"id":6,"a":"+012345678","b":""}
< {"id":7,"a":"+123456","b":""}
< {"id":8,"a":"+1234567890123456","b":""}
< {"id":9,"a":" ","b":""}
< {"id":10,"a":491234567,"b":""}
> ["+4930123456","49030123456"]
> ["+4930123456","4930123456"]
> ["+12125550100","12"]
> "column 'a': not a phone number that starts with + or 00"
> "column 'a': not a phone number that starts with + or 00"
> "column 'a': not a phone number that starts with + or 00"
> "column 'a': not a phone number that starts with + or 00"
> "column 'a': not a phone number that starts with + or 00"
> ["",""]
> "column 'a': not a phone number that starts with + or 00"

# a hash that is hashed again is said once
$ rudder-map -t identify -u id --mask e=lower+sha256+sha256 --trust-eof | jq -c 'select(.type).traits.e'
< {"id":1,"e":"a"}
> "da3811154d59c4267077ddd8bb768fa9b06399c486e1fc00485116b57c9872f5"

$ rudder-map -t identify -u id --mask e=lower+sha256 --trust-eof | grep -c identify
< {"id":1,"e":"FB98D44AD7501A959F3F4F4A3F004FE2D9E581EA6207E218C4B02C08A4D75ADF"}
< {"id":2,"e":"fb98d44ad7501a959f3f4f4a3f004fe2d9e581ea6207e218c4b02c08a4d75adf"}
> 2
! rudder-map: warning: column 'e' contains SHA-256 hashes, which its mask hashes again
