# a mask whose column the rows do not have would let the plain value pass
$ rudder-map -t identify -u id --mask emial=sha256 --trust-eof >/dev/null
< {"id":1,"email":"ann@example.com"}
! rudder-map: option '--mask': the rows have no column 'emial'; did you mean 'email'?
? 78

# names in other letters, as Snowflake has them
$ rudder-map -t identify -u ID --mask email=sha256 --trust-eof >/dev/null
< {"ID":1,"EMAIL":"ann@example.com"}
! rudder-map: option '--mask': the rows have no column 'email'; did you mean 'EMAIL'?
? 78

# the name that a column is given
$ rudder-map -t identify -u id -c email=contact.mail --mask contact.mail=sha256 --trust-eof >/dev/null
< {"id":1,"email":"ann@example.com"}
! rudder-map: option '--mask': the rows have no column 'contact.mail'; did you mean 'email'?
? 78

# the name of an identifier
$ rudder-map -t record --identifier email=EMAIL --mask EMAIL=lower --trust-eof >/dev/null
< {"email":"ann@example.com"}
! rudder-map: option '--mask': the rows have no column 'EMAIL'; did you mean 'email'?
? 78

# casts, null policies and defaults, with nothing like it
$ rudder-map -t identify -u id --cast created_at=timestamp >/dev/null
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000"}}
< {"id":1,"email":"ann@example.com"}
! rudder-map: option '--cast': the rows have no column 'created_at'; the columns are: id, email
? 78

$ rudder-map -t identify -u id --null plan=omit >/dev/null
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000"}}
< {"id":1,"email":"ann@example.com"}
! rudder-map: option '--null': the rows have no column 'plan'; the columns are: id, email
? 78

$ rudder-map -t identify -u id --default plan=free >/dev/null
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000"}}
< {"id":1,"email":"ann@example.com"}
! rudder-map: option '--default': the rows have no column 'plan'; the columns are: id, email
? 78

# a default may be for a column that is named and missing
$ rudder-map -t identify -u id -c email,plan --default plan=free --trust-eof | jq -c 'select(.type).traits'
< {"id":1,"email":"ann@example.com"}
> {"email":"ann@example.com","plan":"free"}
! rudder-map: warning: the first row has no column 'plan'

# identifiers and ids, where a begin line says that these are all columns
$ rudder-map -t record --identifier emial >/dev/null
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000"}}
< {"id":1,"email":"ann@example.com"}
! rudder-map: option '--identifier': the rows have no column 'emial'; did you mean 'email'?
? 78

$ rudder-map -t identify -u user >/dev/null
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000"}}
< {"user_id":1,"email":"ann@example.com"}
! rudder-map: option '--user-id': the rows have no column 'user'; the columns are: user_id, email
? 78

# else it may be this row alone
$ rudder-map -t record --identifier emial --trust-eof 2>&1 >/dev/null | grep -c "the first row has no column 'emial'"
< {"id":1,"email":"ann@example.com"}
> 1

# in a mapping file
$ echo '{"type":"identify","user_id":"id","fields":{"Email":{"mask":"sha256"}}}' >m.json; rudder-map -m m.json --trust-eof >/dev/null
< {"id":1,"email":"ann@example.com"}
! rudder-map: 'm.json': line 1: 'fields': the rows have no column 'Email'; did you mean 'email'?
? 78

# each with its own line, also one of an object, and the last place that names it
$ printf 'type: track\nuser_id: id\nevent: {column: what}\ncolumns:\n  - id\n  - {from: emial, to: mail}\nfields:\n  plan: {cast: string}\n' >m.yaml; cat >rows; rudder-map -m m.yaml <rows >/dev/null; sed -i s/what/id/ m.yaml; rudder-map -m m.yaml <rows >/dev/null; sed -i s/emial/email/ m.yaml; rudder-map -m m.yaml <rows >/dev/null; rudder-map -m m.yaml -c mail <rows >/dev/null
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000"}}
< {"id":1,"email":"ann@example.com"}
! rudder-map: 'm.yaml': line 3: 'event': the rows have no column 'what'; the columns are: id, email
! rudder-map: 'm.yaml': line 6: 'columns': the rows have no column 'emial'; did you mean 'email'?
! rudder-map: 'm.yaml': line 8: 'fields': the rows have no column 'plan'; the columns are: id, email
! rudder-map: option '--columns': the rows have no column 'mail'; did you mean 'email'?
? 78

# of changes too, without what is rudder's own
$ rudder-map -t identify -u user -c email >/dev/null
< {"_rudder":{"type":"begin","v":1,"stream":"changes","run":"r1000000000000000000"}}
< {"_rudder":{"type":"change","action":"insert","id":"1","change":"0123456789abcdef0123456789abcdef"},"key":1,"email":"x"}
! rudder-map: option '--user-id': the rows have no column 'user'; the columns are: key, email
? 78

# --check says so too, from the columns of the begin line alone
$ rudder-map -t identify -u id --mask emial=sha256 --check
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","columns":[{"name":"id","type":"int"},{"name":"email","type":"text"}]}}
< {"_rudder":{"type":"end","stream":"rows","rows":0}}
! rudder-map: option '--mask': the rows have no column 'emial'; did you mean 'email'?
? 78

# a pattern may fit nothing, which is said of a mask
$ rudder-map -t identify -u id --mask '*_mail=sha256' --cast 'n_*=string' --trust-eof | jq -c 'select(.type).traits'
< {"id":1,"email":"ann@example.com"}
> {"email":"ann@example.com"}
! rudder-map: warning: the mask of '*_mail' matches no column of the first row

# a column that only later rows have, by a pattern
$ rudder-map -t identify -u id --mask 'e*mail=redact' --trust-eof 2>/dev/null | jq -c 'select(.type).traits'
< {"id":1}
< {"id":2,"email":"ann@example.com"}
> {}
> {"email":"[redacted]"}

# with several mappings the one is named
$ printf '[{"type":"identify","user_id":"id"},{"type":"identify","user_id":"id","fields":{"postcode":{"mask":"lower"}}}]' >m.json; rudder-map -m m.json --trust-eof >/dev/null
< {"id":1,"email":"ann@example.com"}
! rudder-map: mapping 2: 'm.json': line 1: 'fields': the rows have no column 'postcode'; the columns are: id, email
? 78

# computed values are masked and cast as columns are
$ rudder-map -t identify -u id -c id --field 'mail=.email' --field 'deep.n=.n + 1' --field 'none=empty' --mask mail=redact --cast deep.n=string --null none=empty --trust-eof | jq -c 'select(.type).traits'
< {"id":1,"email":"ann@example.com","n":1}
< {"id":2,"email":null,"n":1.5}
> {"id":1,"mail":"[redacted]","deep":{"n":"2"}}
> {"id":2,"mail":null,"deep":{"n":"2.5"}}

$ rudder-map -t identify -u id -c id --field 'mail=.email' --field 'l[0]=empty' --field 'l[1]=.n' --mask '*=sha256' --null mail=omit --jq-engine libjq --trust-eof | jq -c 'select(.type).traits | [(.mail | length), .l]'
< {"id":1,"email":"ann@example.com","n":12}
< {"id":2,"email":null,"n":[1]}
> [64,[null,"6b51d431df5d7f141cbececcf79edf3dd861c3b4069f0b11661a3eefacbba918"]]
> [0,[null,"080a9ed428559ef602668b4c00f114f1a11c3f6b02a435f0bdc154578e4d7f22"]]

# a computed value that cannot be cast
$ rudder-map -t identify -u id -c id --field 'mail=.email' --cast mail=integer --trust-eof 2>/dev/null | jq -c 'if .type then .traits else ._rudder.reason // empty end'
< {"id":1,"email":"7"}
< {"id":2,"email":"x"}
> {"id":1,"mail":7}
> "a computed value: not an integer"
? 0

# the name of an event is masked as well
$ rudder-map -t track -u id --event-column plan --mask plan=redact --trust-eof | jq -c 'select(.type) | [.event, .properties.plan]'
< {"id":1,"plan":"secret"}
> ["[redacted]","[redacted]"]

# the event's time cannot be
$ rudder-map -t track -u id -e x --timestamp at --mask 'a*=sha256' --trust-eof
< {"id":1,"at":"2024-01-01"}
! rudder-map: column 'at' is the event's time (--timestamp) and cannot be masked
? 78
