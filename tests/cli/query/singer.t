# records of a tap, with its key and its state; partial, since no end is told
$ RUDDER_RUN_ID=r0000000000000000000 rudder-query -d singer:- | sed 's/"model":"[0-9a-f]*".*"clock":"[^"]*"/"model":"M"/'
< {"type": "STATE", "value": {}}
< {"type": "SCHEMA", "stream": "users", "schema": {"properties": {"id": {"type": "integer"}, "at": {"type": ["null", "string"], "format": "date-time"}, "x": {"type": ["null", "number"]}, "o": {}}}, "key_properties": ["id"]}
< {"type": "RECORD", "stream": "users", "record": {"id": 1, "at": "2024-01-01T00:00:00Z", "x": 1.10}, "time_extracted": "2024-01-01T00:00:00Z"}
< {"type": "STATE", "value": {"bookmark": 1}}
< {"type": "RECORD", "stream": "users", "record": {"id":2}}
< {"type": "STATE", "value": {"bookmark": 2}}
> {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r0000000000000000000","model":"M","key":["id"],"columns":[{"name":"id","type":"int"},{"name":"at","type":"datetime"},{"name":"x","type":"decimal"},{"name":"o","type":"any"}]}}
> {"id": 1, "at": "2024-01-01T00:00:00Z", "x": 1.10}
> {"id":2}
> {"_rudder":{"type":"end","stream":"rows","rows":2,"rejects":0,"skips":0,"partial":true,"singer_state":{"bookmark": 2}}}

# a version behind the records: the table was whole
$ rudder-query -d singer:- | tail -n 1
< {"type":"SCHEMA","stream":"u","schema":{"properties":{"id":{}}},"key_properties":[]}
< {"type":"ACTIVATE_VERSION","stream":"u","version":1}
< {"type":"RECORD","stream":"u","version":1,"record":{"id":1}}
< {"type":"ACTIVATE_VERSION","stream":"u","version":1}
> {"_rudder":{"type":"end","stream":"rows","rows":1,"rejects":0,"skips":0}}

# a version before the records only is no end
$ rudder-query -d singer:- | tail -n 1
< {"type":"SCHEMA","stream":"u","schema":{"properties":{"id":{}}},"key_properties":[]}
< {"type":"ACTIVATE_VERSION","stream":"u","version":1}
> {"_rudder":{"type":"end","stream":"rows","rows":0,"rejects":0,"skips":0,"partial":true}}

# a limit, and a record that is none
$ cat >a; rudder-query -d singer:a --limit 1 | tail -n +2; rudder-query -d singer:a --max-rejects 2 | tail -n +3; rudder-query -d singer:a --columns
< {"type":"SCHEMA","stream":"u","schema":{"properties":{"id":{"type":"string"}}}}
< {"type":"RECORD","stream":"u","record":{"id":"1"}}
< {"type":"RECORD","stream":"u"}
< {"type":"RECORD","stream":"u","record":{"_rudder":1}}
> {"id":"1"}
> {"_rudder":{"type":"end","stream":"rows","rows":1,"rejects":0,"skips":0,"partial":true}}
> {"_rudder":{"type":"reject","stage":"query","line":3,"reason":"a RECORD without record","record":"{\"type\":\"RECORD\",\"stream\":\"u\"}"}}
> {"_rudder":{"type":"reject","stage":"query","line":4,"reason":"member '_rudder': this name is reserved","record":"{\"type\":\"RECORD\",\"stream\":\"u\",\"record\":{\"_rudder\":1}}"}}
> {"_rudder":{"type":"end","stream":"rows","rows":1,"rejects":2,"skips":0,"partial":true}}
> id	-	string
! rudder-query: 2 of 3 rows refused

# messages that cannot be right end the run, without an end line
$ q() { printf '%s\n' "$@" | rudder-query -d singer:- | tail -n +2; }; s='{"type":"SCHEMA","stream":"u","schema":{"properties":{"id":{}}}}'; q '{"type":"RECORD","stream":"u","record":{}}'; q "$s" '{"type":"RECORD","stream":"v","record":{}}'; q "$s" '{"type":"BATCH"}'; q 'no'; q '{"type":"SCHEMA"}'; q '{"type":"STATE","value":{}}'; printf '%s\n{"type":"REC' "$s" | rudder-query -d singer:- | tail -n +2
! rudder-query: 'standard input': line 1: a RECORD before its SCHEMA
! rudder-query: 'standard input': line 2: a second stream; choose one in the catalog of the tap
! rudder-query: 'standard input': line 2: a message of an unknown type
! rudder-query: 'standard input': line 1: not an object
! rudder-query: 'standard input': line 1: a SCHEMA without stream or properties
! rudder-query: 'standard input': no SCHEMA message
! rudder-query: 'standard input': the last line was cut off
