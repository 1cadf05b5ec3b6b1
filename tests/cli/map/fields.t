# nulls left out, made empty, kept, or with a default; a default also for what is missing
$ rudder-map -t identify -u id -c 'a,b,c,d=x.d,e,f' --null omit --null b=empty --null c=keep --default d=5 --default 'e=n/a' --default 'f={"k":[]}'
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1"}}
< {"id":1,"a":null,"b":null,"c":null,"d":null,"e":null,"f":null}
< {"id":2,"a":1,"b":"","c":"x","d":0,"e":false,"f":""}
< {"id":3,"a":1,"b":2,"c":3}
< {"_rudder":{"type":"end","stream":"rows","rows":3}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1"}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"a82b64e2-0502-8a93-847d-9721afb9be8c","recordId":"1","traits":{"b":"","c":null,"x":{"d":5},"e":"n/a","f":{"k":[]}},"type":"identify","userId":"1"}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"7bf52e66-166f-899a-a445-a27e6ec297b0","recordId":"2","traits":{"a":1,"b":"","c":"x","x":{"d":0},"e":false,"f":""},"type":"identify","userId":"2"}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"ab27f8e6-0de0-8c1c-a77d-c410328332e6","recordId":"3","traits":{"a":1,"b":2,"c":3,"x":{"d":5},"e":"n/a","f":{"k":[]}},"type":"identify","userId":"3"}
> {"_rudder":{"type":"end","stream":"events","events":3,"rejects":0,"skips":0}}

# all members left out
$ rudder-map -t identify -u id --null omit
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1"}}
< {"id":1,"a":null,"b":null}
< {"_rudder":{"type":"end","stream":"rows","rows":1}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1"}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"602dcd70-e149-84b3-9895-d0e09032c092","recordId":"1","traits":{},"type":"identify","userId":"1"}
> {"_rudder":{"type":"end","stream":"events","events":1,"rejects":0,"skips":0}}

# in an array a null keeps its place
$ rudder-map -t identify -u id --null omit -c 'a=l[0],b=l[1],c=l[2].x'
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1"}}
< {"id":1,"a":null,"b":2,"c":null}
< {"_rudder":{"type":"end","stream":"rows","rows":1}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1"}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"95a016ff-ba31-87e1-954c-173f6170cb8e","recordId":"1","traits":{"l":[null,2,{}]},"type":"identify","userId":"1"}
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
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"40ec4a1d-e9f5-8bef-869d-16d19522bfcf","recordId":"1","traits":{"s":"12.50","i":42,"n":1.5e3,"b":true},"type":"identify","userId":"1"}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"34a912df-b35a-8ae3-930c-bfa06daaa4c8","recordId":"2","traits":{"s":"true","i":7,"n":-0.0,"b":false},"type":"identify","userId":"2"}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"4098b3ba-4a5e-8d86-b698-cb1f17055b38","recordId":"3","traits":{"s":"{\"a\":[1, \"x\"]}","i":0,"n":"12345678901234567890","b":false},"type":"identify","userId":"3"}
> {"_rudder":{"type":"reject","stage":"map","line":5,"reason":"column 'i': not an integer","record":"{\"id\":4,\"s\":\"é\\u00e9\",\"i\":true,\"n\":1,\"b\":1}"}}
> {"_rudder":{"type":"reject","stage":"map","line":6,"reason":"column 'n': not a number","record":"{\"id\":5,\"s\":\"\",\"i\":1,\"n\":\"0x1\",\"b\":1}"}}
> {"_rudder":{"type":"reject","stage":"map","line":7,"reason":"column 'b': not a boolean","record":"{\"id\":6,\"s\":\"\",\"i\":1,\"n\":1,\"b\":\"maybe\"}"}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"561e3f7d-2e81-8650-9dc3-6ba40b7b9804","recordId":"7","traits":{"s":null,"i":null,"n":null,"b":null},"type":"identify","userId":"7"}
> {"_rudder":{"type":"reject","stage":"map","line":9,"reason":"column 'i': not an integer","record":"{\"id\":8,\"s\":\"x\",\"i\":1.5,\"n\":1,\"b\":1}"}}
> {"_rudder":{"type":"end","stream":"events","events":4,"rejects":4,"skips":0}}
! rudder-map: 4 of 8 rows rejected: 2 × column 'i': not an integer (from line 5), 1 × column 'n': not a number (line 6), 1 × column 'b': not a boolean (line 7)
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
> 1969-12-31T23:59:55.000Z
> column 't': not a timestamp
! rudder-map: 5 of 14 rows rejected: 5 × column 't': not a timestamp (from line 10)

# masks: as ad platforms ask, redacted, cut by characters
$ rudder-map -t identify -u id --mask email=trim+lower+sha256 --mask ssn=redact --mask note=truncate:3 --mask name=lower
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1"}}
< {"id":1,"email":" Ann@Example.COM ","ssn":"123","note":"äöüß","name":"ÉCOLE Ж İ"}
< {"id":2,"email":null,"ssn":null,"note":"ab","name":5}
< {"id":3,"email":"\ud800","ssn":"1","note":"a","name":"x"}
< {"_rudder":{"type":"end","stream":"rows","rows":3}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1"}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"c0568a85-3b55-8424-b030-d1c2f50e8f26","recordId":"1","traits":{"email":"71d4f55f72fa128dfb468a1a3901507c804b74316488744d769d7f4b16696476","ssn":"[redacted]","note":"äöü","name":"école ж i̇"},"type":"identify","userId":"1"}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"b97f0d37-33d5-83e2-b1c5-866c834275ec","recordId":"2","traits":{"email":null,"ssn":null,"note":"ab","name":"5"},"type":"identify","userId":"2"}
> {"_rudder":{"type":"reject","stage":"map","line":4,"reason":"column 'email': half a surrogate pair is not text","record":"{\"id\":3,\"email\":\"\\ud800\",\"ssn\":\"1\",\"note\":\"a\",\"name\":\"x\"}"}}
> {"_rudder":{"type":"end","stream":"events","events":2,"rejects":1,"skips":0}}
! rudder-map: 1 of 3 rows rejected: 1 × column 'email': half a surrogate pair is not text (line 4)
? 1

# a keyed hash, the key from a private file; also of the user id and identifiers
$ (umask 077; printf 'key\n' >k); rudder-map -t identify -u id --mask 'email=hmac' --mask id=sha256 --mask-key-file k
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1"}}
< {"id":1,"email":"The quick brown fox jumps over the lazy dog"}
< {"_rudder":{"type":"end","stream":"rows","rows":1}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1"}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"7824c9b9-3cb7-82b6-9d23-847e3ffe65e8","recordId":"1","traits":{"email":"f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8"},"type":"identify","userId":"6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b"}
> {"_rudder":{"type":"end","stream":"events","events":1,"rejects":0,"skips":0}}

# identifiers of a record hashed
$ rudder-map -t record --identifier email=EMAIL --mask email=trim+lower+sha256 -c '!id'
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1"}}
< {"id":1,"email":"Ann@Example.com"}
< {"_rudder":{"type":"end","stream":"rows","rows":1}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1"}}
> {"action":"insert","channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"fields":{},"identifiers":{"EMAIL":"71d4f55f72fa128dfb468a1a3901507c804b74316488744d769d7f4b16696476"},"messageId":"d8467fe8-5bfd-88ed-837b-869abbae9889","recordId":"1","type":"record"}
> {"_rudder":{"type":"end","stream":"events","events":1,"rejects":0,"skips":0}}

# a key file that others may read, that is not there, or not given
$ echo k >k; chmod 644 k; rudder-map -t identify -u id --mask a=hmac --mask-key-file k; rudder-map -t identify -u id --mask a=hmac --mask-key-file none; rudder-map -t identify -u id --mask a=hmac
! rudder-map: 'k' holds a secret but other users can read it; run: chmod 600 'k'
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
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"38d2e8a3-7686-82f8-ace3-ea5d945f0d9f","recordId":"1","traits":{"a":"9007199254740993","b":9007199254740992,"c":32.839999999999996,"d":"0.1234567890123456789","e":"1e400","f":[1,{"x":"-12345678901234567890","y":"12345678901234567890"}],"g":1.000000000000000000,"h":"123456789012345680000","i":"12345678901234567e5","j":0.30000000000000004},"type":"identify","userId":"1"}
> {"_rudder":{"type":"end","stream":"events","events":1,"rejects":0,"skips":0}}

# or as they are
$ rudder-map -t identify -u id --numbers exact
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1"}}
< {"id":1,"a":9007199254740993,"d":0.1234567890123456789,"f":[12345678901234567890]}
< {"_rudder":{"type":"end","stream":"rows","rows":1}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1"}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"bf2798ab-72ea-8e07-8e98-280dfd00b436","recordId":"1","traits":{"a":9007199254740993,"d":0.1234567890123456789,"f":[12345678901234567890]},"type":"identify","userId":"1"}
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
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"d765946e-d961-83ce-aeb2-c91791f5022a","recordId":"1","traits":{"e":"a@b.c","n":"1.0","a1":"","a2":7},"type":"identify","userId":"1"}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"31e261aa-4c0e-847a-9dcd-866556afe6a4","recordId":"2","traits":{"n":[1],"a":1,"a1":2,"a2":12345678901234567890},"type":"identify","userId":"2"}
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

# an integer with an exponent, a boolean with a fraction of zeros
$ rudder-map -t identify -u id --cast i=integer --cast b=boolean --trust-eof 2>/dev/null | jq -c 'if .type then [(.traits.i | tostring), .traits.b] else ._rudder.reason // empty end'
< {"id":1,"i":1e3,"b":1.0}
< {"id":2,"i":"12.50E2","b":"0.00"}
< {"id":3,"i":-100e-2,"b":1e0}
< {"id":4,"i":15e-1,"b":1}
< {"id":5,"i":1e40,"b":1}
< {"id":6,"i":"1e","b":1}
< {"id":7,"i":1,"b":1.5}
< {"id":8,"i":1,"b":-1}
< {"id":9,"i":0e5,"b":-0.0}
> ["1000",true]
> ["1250",false]
> ["-1",true]
> "column 'i': not an integer"
> "column 'i': not an integer"
> "column 'i': not an integer"
> "column 'b': not a boolean"
> "column 'b': not a boolean"
> ["0",false]
