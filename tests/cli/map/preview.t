# rows beside their events, and no more than asked for
$ rudder-map --preview 2 -t identify -u id -c 'name=profile.full'
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1"}}
< {"id":12345678901234567890,"name":"É \"x\"","tags":[1,{"k":[]}],"e":{}}
< {"id":2,"name":null}
< {"id":3,"name":"never shown"}
> {                               id → userId                  {
>   "id": 12345678901234567890,   name → traits.profile.full     "channel": "sources",
>   "name": "É \"x\"",            tags –                         "context": {
>   "tags": [                     e –                              "sources": {
>     1,                                                             "job_id": "m1",
>     {                                                              "job_run_id": "r1000000000000000…
>       "k": []                                                      "task_run_id": "r100000000000000…
>     }                                                              "version": "v0.1.0"
>   ],                                                             }
>   "e": {}                                                      },
> }                                                              "messageId": "16c71bc4-9f96-8b8e-a0d…
>                                                                "recordId": "1",
>                                                                "traits": {
>                                                                  "profile": {
>                                                                    "full": "É \"x\""
>                                                                  }
>                                                                },
>                                                                "type": "identify",
>                                                                "userId": "12345678901234567890"
>                                                              }
> 
> {                id → userId                  {
>   "id": 2,       name → traits.profile.full     "channel": "sources",
>   "name": null                                  "context": {
> }                                                 "sources": {
>                                                     "job_id": "m1",
>                                                     "job_run_id": "r1000000000000000000",
>                                                     "task_run_id": "r1000000000000000000",
>                                                     "version": "v0.1.0"
>                                                   }
>                                                 },
>                                                 "messageId": "780aa3d0-1916-85fb-964f-7b1427678c33",
>                                                 "recordId": "2",
>                                                 "traits": {
>                                                   "profile": {
>                                                     "full": null
>                                                   }
>                                                 },
>                                                 "type": "identify",
>                                                 "userId": "2"
>                                               }
> 

# events of jq, rejects and skips
$ rudder-map --preview 9 -t track -u id -j '.l[] | {event: "E", properties: {v: .}}'
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1"}}
< {"id":1,"l":[1,2]}
< {"id":2,"l":[]}
< nonsense
< {"_rudder":{"type":"end","stream":"rows","rows":3}}
> {            .l[] | {event: "E", propertie…   {
>   "id": 1,                                      "channel": "sources",
>   "l": [                                        "context": {
>     1,                                            "sources": {
>     2                                               "job_id": "m1",
>   ]                                                 "job_run_id": "r1000000000000000000",
> }                                                   "task_run_id": "r1000000000000000000",
>                                                     "version": "v0.1.0"
>                                                   }
>                                                 },
>                                                 "event": "E",
>                                                 "messageId": "4b8dc597-cd7a-8cd5-9822-26a90f2cbfaa-…
>                                                 "properties": {
>                                                   "v": 1
>                                                 },
>                                                 "recordId": "1",
>                                                 "type": "track",
>                                                 "userId": "1"
>                                               }
>    {
>      "channel": "sources",
>      "context": {
>        "sources": {
>          "job_id": "m1",
>          "job_run_id": "r1000000000000000000",
>          "task_run_id": "r1000000000000000000",
>          "version": "v0.1.0"
>        }
>      },
>      "event": "E",
>      "messageId": "4b8dc597-cd7a-8cd5-9822-26a90f2cbfaa-2-2",
>      "properties": {
>        "v": 2
>      },
>      "recordId": "1",
>      "type": "track",
>      "userId": "1"
>    }
> 
> {            .l[] | {event: "E", propertie…   {
>   "id": 2,                                      "_rudder": {
>   "l": []                                         "type": "skip",
> }                                                 "stage": "map",
>                                                   "line": 3,
>                                                   "reason": "the jq program returned nothing"
>                                                 }
>                                               }
> 
> nonsense   {
>              "_rudder": {
>                "type": "reject",
>                "stage": "map",
>                "line": 4,
>                "reason": "byte 1: not an object",
>                "record": "nonsense"
>              }
>            }
> 
! rudder-map: 1 of 3 rows rejected: 1 × not an object (line 4)
? 1

# the first row decides
$ rudder-map --preview 1 -t identify -u id -c emial
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1"}}
< {"id":1,"email":"e"}
! rudder-map: option '--columns': the rows have no column 'emial'; did you mean 'email'?
? 78

# characters that nobody sees, or that turn text around, are shown
$ rudder-map -t identify -u id --job-id j --preview 1 --trust-eof 2>&1 | grep -a -c "$(printf '\342\200\256')\|$(printf '\342\200\213')"
< {"id":1,"x":"a‮b​c"}
> 0
? 1
