# options as a mapping file
$ K=1 rudder-map -t track -u id -e insert=A,update=B,delete=C -c 'a,b=x.y[1],"c,d"=."e.f".g,p_*,!p_x,!"q*"' -C s=1 --constant-json 'j={"a": [1.50]}' --constant-env e=K --constant-run r=id --null omit --null 'a=keep' --default 'b={"z": 1}' --cast a=string --mask 'a=trim+lower+truncate:20' --timestamp at --field 'f="x"' -w .ok --jq-numbers string --numbers exact --job-id J --print-mapping
> {
>   "type": "track",
>   "user_id": "id",
>   "event": {
>     "insert": "A",
>     "update": "B"
>   },
>   "delete_event": "C",
>   "timestamp": "at",
>   "columns": [
>     "a",
>     {
>       "from": "b",
>       "to": "x.y[1]"
>     },
>     {
>       "from": "c,d",
>       "to": ".\"e.f\".g"
>     },
>     "p_*",
>     "!p_x",
>     "!\"q*\""
>   ],
>   "null": "omit",
>   "fields": {
>     "b": {
>       "default": {
>         "z": 1
>       }
>     },
>     "a": {
>       "null": "keep",
>       "cast": "string",
>       "mask": "trim+lower+truncate:20"
>     }
>   },
>   "numbers": "exact",
>   "computed": {
>     "f": "\"x\""
>   },
>   "constants": {
>     "s": "1",
>     "j": {
>       "a": [
>         1.50
>       ]
>     }
>   },
>   "constants_env": {
>     "e": "K"
>   },
>   "constants_run": {
>     "r": "id"
>   },
>   "where": ".ok",
>   "jq_numbers": "string",
>   "job_id": "J"
> }

# what it prints is what it reads, and prints again
$ rudder-map -t record --identifier 'a b=A.B,"x,y"="k=v",c' --object X-y -c '"a,b","=",d' --print-mapping >a 2>/dev/null; rudder-map -t record --identifier 'a=A,"x,y"="k.v",c' -c '"a,b","=",d' --print-mapping >a && rudder-map -m a --print-mapping | cmp - a && cat a
> {
>   "type": "record",
>   "identifiers": "a=A,\"x,y\"=\"k.v\",c=c",
>   "columns": [
>     {
>       "from": "a,b"
>     },
>     {
>       "from": "="
>     },
>     "d"
>   ]
> }

# several mappings, changed by options
$ echo '[{"type":"group","group_id":"g"},{"type":"alias","previous_id":"p"},{"type":"page","event":{"column":"n"}},{"jq":".","type":"screen"}]' >m.json; rudder-map -m m.json -u id --print-mapping >a; rudder-map -m a --print-mapping | cmp - a; jq -c '.[]' a
> {"type":"group","user_id":"id","group_id":"g"}
> {"type":"alias","user_id":"id","previous_id":"p"}
> {"type":"page","user_id":"id","event":{"column":"n"}}
> {"type":"screen","user_id":"id","jq":"."}

# settings that no file can say in their order
$ rudder-map -t identify -u id --null 'a=omit' --null '*=keep' --cast a=string --print-mapping; rudder-map -t identify -u id --null 'b=omit' --null '*=keep' --cast a=string --print-mapping | jq -c .fields
> {"b":{"null":"omit"},"*":{"null":"keep"},"a":{"cast":"string"}}
! rudder-map: the settings of 'a' come before and after those of a pattern, which a mapping file cannot express

# no standard output
$ rudder-map -t identify -u id --print-mapping >/dev/full
! rudder-map: cannot write output: No space left on device
? 74
