# nulls left out, made empty, kept, or with a default; a default also for what is missing
$ rudder-map -t identify -u id -c 'a,b,c,d=x.d,e,f' --null omit --null b=empty --null c=keep --default d=5 --default 'e=n/a' --default 'f={"k":[]}'
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1"}}
< {"id":1,"a":null,"b":null,"c":null,"d":null,"e":null,"f":null}
< {"id":2,"a":1,"b":"","c":"x","d":0,"e":false,"f":""}
< {"id":3,"a":1,"b":2,"c":3}
< {"_rudder":{"type":"end","stream":"rows","rows":3}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1"}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"b705b476-662d-85da-a04d-731e3555b6bf","recordId":"1","traits":{"b":"","c":null,"x":{"d":5},"e":"n/a","f":{"k":[]}},"type":"identify","userId":"1"}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"f706c060-274a-8ca3-98f2-76e567939fa8","recordId":"2","traits":{"a":1,"b":"","c":"x","x":{"d":0},"e":false,"f":""},"type":"identify","userId":"2"}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"8d980bea-084c-8038-a44b-731033b1b748","recordId":"3","traits":{"a":1,"b":2,"c":3,"x":{"d":5},"e":"n/a","f":{"k":[]}},"type":"identify","userId":"3"}
> {"_rudder":{"type":"end","stream":"events","events":3,"rejects":0,"skips":0}}

# all members left out
$ rudder-map -t identify -u id --null omit
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1"}}
< {"id":1,"a":null,"b":null}
< {"_rudder":{"type":"end","stream":"rows","rows":1}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1"}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"eef90326-2b53-8a40-a27a-648d837a51d0","recordId":"1","traits":{},"type":"identify","userId":"1"}
> {"_rudder":{"type":"end","stream":"events","events":1,"rejects":0,"skips":0}}

# in an array a null keeps its place
$ rudder-map -t identify -u id --null omit -c 'a=l[0],b=l[1],c=l[2].x'
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1"}}
< {"id":1,"a":null,"b":2,"c":null}
< {"_rudder":{"type":"end","stream":"rows","rows":1}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1"}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"5de8a535-cfc0-8267-a923-abd38bd4bc2a","recordId":"1","traits":{"l":[null,2,{}]},"type":"identify","userId":"1"}
> {"_rudder":{"type":"end","stream":"events","events":1,"rejects":0,"skips":0}}

# casts
$ rudder-map -t identify -u id --cast s=string --cast i=integer --cast n=number --cast b=boolean
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1"}}
< {"id":1,"s":12.50,"i":"+0042","n":" 1.5e3 ","b":"Yes"}
< {"id":2,"s":true,"i":7.0,"n":-0.0,"b":0}
< {"id":3,"s":{"a":[1, "x"]},"i":"-0","n":"12345678901234567890","b":false}
< {"id":4,"s":"é\u00e9","i":true,"n":1,"b":1}
< {"id":5,"s":"","i":1,"n":"0x1","b":1}
< {"id":6,"s":"","i":1,"n":1,"b":"maybe"}
< {"id":7,"s":null,"i":null,"n":null,"b":null}
< {"id":8,"s":"x","i":1.5,"n":1,"b":1}
< {"_rudder":{"type":"end","stream":"rows","rows":8}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1"}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"23f9450a-69b0-87ca-a9c0-02b49d5ed67e","recordId":"1","traits":{"s":"12.50","i":42,"n":1.5e3,"b":true},"type":"identify","userId":"1"}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"707f8e6a-bf72-82f9-9092-27cf96b16575","recordId":"2","traits":{"s":"true","i":7,"n":-0.0,"b":false},"type":"identify","userId":"2"}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"e27f982c-5232-81f1-a5d4-88b182ff3a9a","recordId":"3","traits":{"s":"{\"a\":[1, \"x\"]}","i":0,"n":"12345678901234567890","b":false},"type":"identify","userId":"3"}
> {"_rudder":{"type":"reject","stage":"map","line":5,"reason":"column 'i': not an integer","record":"{\"id\":4,\"s\":\"é\\u00e9\",\"i\":true,\"n\":1,\"b\":1}"}}
> {"_rudder":{"type":"reject","stage":"map","line":6,"reason":"column 'n': not a number","record":"{\"id\":5,\"s\":\"\",\"i\":1,\"n\":\"0x1\",\"b\":1}"}}
> {"_rudder":{"type":"reject","stage":"map","line":7,"reason":"column 'b': not a boolean","record":"{\"id\":6,\"s\":\"\",\"i\":1,\"n\":1,\"b\":\"maybe\"}"}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"9a0ec2f2-2b46-810b-a386-4bcd757a2c97","recordId":"7","traits":{"s":null,"i":null,"n":null,"b":null},"type":"identify","userId":"7"}
> {"_rudder":{"type":"reject","stage":"map","line":9,"reason":"column 'i': not an integer","record":"{\"id\":8,\"s\":\"x\",\"i\":1.5,\"n\":1,\"b\":1}"}}
> {"_rudder":{"type":"end","stream":"events","events":4,"rejects":4,"skips":0}}
! rudder-map: 4 of 8 rows were rejected: see the reject lines
? 1

# times
$ rudder-map -t identify -u id --cast t=timestamp -c t | jq -r 'if .type then .traits.t elif ._rudder.reason then ._rudder.reason else empty end'
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1"}}
< {"id":1,"t":"2024-05-07"}
< {"id":1,"t":"2024-05-07 17:27:28"}
< {"id":1,"t":"2024-05-07T17:27:28.262144Z"}
< {"id":1,"t":"2024-05-07 17:27:28.5+00"}
< {"id":1,"t":"2024-05-07 17:27:28+0530"}
< {"id":1,"t":"2024-05-07T17:27:28-03:00"}
< {"id":1,"t":1715102848}
< {"id":1,"t":1715102848262}
< {"id":1,"t":"2024-13-07"}
< {"id":1,"t":"2024-05-07 25:00:00"}
< {"id":1,"t":"2024-05-07 17:27:28."}
< {"id":1,"t":"yesterday"}
< {"id":1,"t":-5}
< {"id":1,"t":[1]}
< {"_rudder":{"type":"end","stream":"rows","rows":14}}
> 2024-05-07T00:00:00Z
> 2024-05-07T17:27:28Z
> 2024-05-07T17:27:28.262144Z
> 2024-05-07T17:27:28.5Z
> 2024-05-07T17:27:28+05:30
> 2024-05-07T17:27:28-03:00
> 2024-05-07T17:27:28.000Z
> 2024-05-07T17:27:28.262Z
> column 't': not a timestamp
> column 't': not a timestamp
> column 't': not a timestamp
> column 't': not a timestamp
> column 't': not a timestamp
> column 't': not a timestamp
! rudder-map: 6 of 14 rows were rejected: see the reject lines

# masks: as ad platforms ask, redacted, cut by characters
$ rudder-map -t identify -u id --mask email=trim+lower+sha256 --mask ssn=redact --mask note=truncate:3 --mask name=lower
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1"}}
< {"id":1,"email":" Ann@Example.COM ","ssn":"123","note":"äöüß","name":"ÉCOLE Ж İ"}
< {"id":2,"email":null,"ssn":null,"note":"ab","name":5}
< {"id":3,"email":"\ud800","ssn":"1","note":"a","name":"x"}
< {"_rudder":{"type":"end","stream":"rows","rows":3}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1"}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"abaa480d-f998-8103-aa86-06507bcb181d","recordId":"1","traits":{"email":"71d4f55f72fa128dfb468a1a3901507c804b74316488744d769d7f4b16696476","ssn":"[redacted]","note":"äöü","name":"école ж i"},"type":"identify","userId":"1"}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"d0b7b54a-0389-8c27-ae16-8e1f9104c0ca","recordId":"2","traits":{"email":null,"ssn":null,"note":"ab","name":"5"},"type":"identify","userId":"2"}
> {"_rudder":{"type":"reject","stage":"map","line":4,"reason":"column 'email': half a surrogate pair is no text","record":"{\"id\":3,\"email\":\"\\ud800\",\"ssn\":\"1\",\"note\":\"a\",\"name\":\"x\"}"}}
> {"_rudder":{"type":"end","stream":"events","events":2,"rejects":1,"skips":0}}
! rudder-map: 1 of 3 rows were rejected: see the reject lines
? 1

# a keyed hash, the key from a private file; also of the user id and identifiers
$ (umask 077; printf 'key\n' >k); rudder-map -t identify -u id --mask 'email=hmac' --mask id=sha256 --mask-key-file k
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1"}}
< {"id":1,"email":"The quick brown fox jumps over the lazy dog"}
< {"_rudder":{"type":"end","stream":"rows","rows":1}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1"}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"c62c9961-9a2e-8b0d-a55e-352f55f1abc9","recordId":"1","traits":{"email":"f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8"},"type":"identify","userId":"6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b"}
> {"_rudder":{"type":"end","stream":"events","events":1,"rejects":0,"skips":0}}

# identifiers of a record hashed
$ rudder-map -t record --identifier email=EMAIL --mask email=trim+lower+sha256 -c '!id'
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1"}}
< {"id":1,"email":"Ann@Example.com"}
< {"_rudder":{"type":"end","stream":"rows","rows":1}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1"}}
> {"action":"insert","channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"fields":{},"identifiers":{"EMAIL":"71d4f55f72fa128dfb468a1a3901507c804b74316488744d769d7f4b16696476"},"messageId":"bad18783-1624-8f1b-86eb-529d12439954","recordId":"1","type":"record"}
> {"_rudder":{"type":"end","stream":"events","events":1,"rejects":0,"skips":0}}

# a key file that others may read, that is not there, or not given
$ echo k >k; chmod 644 k; rudder-map -t identify -u id --mask a=hmac --mask-key-file k; rudder-map -t identify -u id --mask a=hmac --mask-key-file none; rudder-map -t identify -u id --mask a=hmac
! rudder-map: 'k' holds a secret but others may read it; run: chmod 600 'k'
! rudder-map: cannot open 'none': No such file or directory
! rudder-map: mask 'hmac' needs --mask-key-file
? 78

# wrong words
$ rudder-map -t identify -u id --null omitt; rudder-map -t identify -u id --null a=b; rudder-map -t identify -u id --cast a=int; rudder-map -t identify -u id --mask a=sha265; rudder-map -t identify -u id --mask a=truncate:x; rudder-map -t identify -u id --cast a; rudder-map -t identify -u id --numbers x
! rudder-map: unknown null policy 'omitt'; did you mean 'omit'?
! rudder-map: unknown null policy 'b'
! rudder-map: unknown cast 'int'
! rudder-map: unknown mask 'sha265'; did you mean 'sha256'?
! rudder-map: mask 'truncate:x': expected truncate:N
! rudder-map: option '--cast': expected column=cast
! rudder-map: numbers 'x' is not string or exact
? 78

# numbers that the data plane would round leave as strings
$ rudder-map -t identify -u id
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1"}}
< {"id":1,"a":9007199254740993,"b":9007199254740992,"c":32.839999999999996,"d":0.1234567890123456789,"e":1e400,"f":[1,{"x":-12345678901234567890,"y":"12345678901234567890"}],"g":1.000000000000000000,"h":123456789012345680000,"i":12345678901234567e5,"j":0.30000000000000004}
< {"_rudder":{"type":"end","stream":"rows","rows":1}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1"}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"dd17e17f-687c-8c41-8794-3e0328e3b7f2","recordId":"1","traits":{"a":"9007199254740993","b":9007199254740992,"c":32.839999999999996,"d":"0.1234567890123456789","e":"1e400","f":[1,{"x":"-12345678901234567890","y":"12345678901234567890"}],"g":1.000000000000000000,"h":"123456789012345680000","i":"12345678901234567e5","j":0.30000000000000004},"type":"identify","userId":"1"}
> {"_rudder":{"type":"end","stream":"events","events":1,"rejects":0,"skips":0}}

# or as they are
$ rudder-map -t identify -u id --numbers exact
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1"}}
< {"id":1,"a":9007199254740993,"d":0.1234567890123456789,"f":[12345678901234567890]}
< {"_rudder":{"type":"end","stream":"rows","rows":1}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1"}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"ee913f3a-83ff-80b4-9f7e-43bb27580061","recordId":"1","traits":{"a":9007199254740993,"d":0.1234567890123456789,"f":[12345678901234567890]},"type":"identify","userId":"1"}
> {"_rudder":{"type":"end","stream":"events","events":1,"rejects":0,"skips":0}}

# all of it in a file
$ cat >m.json <<'X'
$ {"type": "identify", "user_id": "id", "null": "omit", "numbers": "exact",
$  "columns": [{"from": "email", "to": "e", "mask": "lower"}, {"from": "n", "cast": "string", "default": [1]}, "a*"],
$  "fields": {"a?": {"null": "empty"}, "a2": {"cast": "integer"}}}
$ X
$ rudder-map -m m.json
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1"}}
< {"id":1,"email":"A@B.C","n":1.0,"a":null,"a1":null,"a2":"7"}
< {"id":2,"email":null,"n":null,"a":1,"a1":2,"a2":12345678901234567890}
< {"_rudder":{"type":"end","stream":"rows","rows":2}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1"}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"df2a9aa9-950f-8c35-aaf5-adcbc57b8cda","recordId":"1","traits":{"e":"a@b.c","n":"1.0","a1":"","a2":7},"type":"identify","userId":"1"}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"8c8b42de-ff24-8535-badb-11c46eba5f78","recordId":"2","traits":{"n":[1],"a":1,"a1":2,"a2":12345678901234567890},"type":"identify","userId":"2"}
> {"_rudder":{"type":"end","stream":"events","events":2,"rejects":0,"skips":0}}

# wrong things in a file
$ for m in '{"fields":[]}' '{"fields":{"a":1}}' '{"fields":{"a":{"maks":"x"}}}' '{"fields":{"a":{"mask":"x"}}}' '{"columns":[{"from":"a","cast":1}]}' '{"columns":[{"from":"a","cast":"text"}]}'; do echo "$m" >m.json; rudder-map -m m.json; done
! rudder-map: mapping 'm.json': line 1: 'fields' must be an object of columns
! rudder-map: mapping 'm.json': line 1: 'a' must be an object of null, default, cast and mask; jq expressions are in 'computed'
! rudder-map: mapping 'm.json': line 1: unknown key 'maks'; did you mean 'mask'?
! rudder-map: mapping 'm.json': line 1: unknown mask 'x'
! rudder-map: mapping 'm.json': line 1: 'cast' must be a string
! rudder-map: mapping 'm.json': line 1: unknown cast 'text'
? 78
