# records of a tap, with its key and its state; partial, since no end is proved
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

# a version before the records only does not end the table
$ rudder-query -d singer:- | tail -n 1
< {"type":"SCHEMA","stream":"u","schema":{"properties":{"id":{}}},"key_properties":[]}
< {"type":"ACTIVATE_VERSION","stream":"u","version":1}
> {"_rudder":{"type":"end","stream":"rows","rows":0,"rejects":0,"skips":0,"partial":true}}

# a limit, and an invalid record
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
! rudder-query: 2 of 3 rows rejected: 1 × a RECORD without record (line 3), 1 × member '_rudder': this name is reserved (line 4)

# messages that cannot be right end the run, without an end line
$ q() { printf '%s\n' "$@" | rudder-query -d singer:- | tail -n +2; }; s='{"type":"SCHEMA","stream":"u","schema":{"properties":{"id":{}}}}'; q '{"type":"RECORD","stream":"u","record":{}}'; q "$s" '{"type":"RECORD","stream":"v","record":{}}'; q "$s" '{"type":"BATCH"}'; q 'no'; q '{"type":"SCHEMA"}'; q '{"type":"STATE","value":{}}'; printf '%s\n{"type":"REC' "$s" | rudder-query -d singer:- | tail -n +2
! rudder-query: 'standard input': line 1: a RECORD before its SCHEMA
! rudder-query: 'standard input': line 2: a second stream; select one in the catalog of the tap
! rudder-query: 'standard input': line 2: a BATCH message, which is not supported; remove batch_config from the settings of the tap
! rudder-query: 'standard input': line 1: not an object
! rudder-query: 'standard input': line 1: a SCHEMA without stream or schema
! rudder-query: 'standard input': no SCHEMA message
! rudder-query: 'standard input': the last line is truncated

# a tap that goes on under the version of its state sends a part of the table
$ rudder-query -d singer:- | tail -n 1
< {"type":"STATE","value":{"bookmarks":{"u":{"version":1700000000123,"last_pk_fetched":2}}}}
< {"type":"SCHEMA","stream":"u","schema":{"properties":{"id":{}}},"key_properties":[]}
< {"type":"RECORD","stream":"u","version":1700000000123,"record":{"id":3}}
< {"type":"ACTIVATE_VERSION","stream":"u","version":1700000000123}
> {"_rudder":{"type":"end","stream":"rows","rows":1,"rejects":0,"skips":0,"partial":true,"singer_state":{"bookmarks":{"u":{"version":1700000000123,"last_pk_fetched":2}}}}}
! rudder-query: warning: stream 'u': version 1700000000123 of the table may have begun in an earlier run of the tap, so these rows count as a part of it and nothing is deleted

# so does one that repeats its first ACTIVATE_VERSION, as tap-mysql
$ rudder-query -q -d singer:- | tail -n 1
< {"type":"STATE","value":{"bookmarks":{"u":{"version":17,"max_pk_values":{"id":4}}}}}
< {"type":"SCHEMA","stream":"u","schema":{"properties":{"id":{}}},"key_properties":[]}
< {"type":"ACTIVATE_VERSION","stream":"u","version":17}
< {"type":"RECORD","stream":"u","version":17,"record":{"id":3}}
< {"type":"ACTIVATE_VERSION","stream":"u","version":17}
> {"_rudder":{"type":"end","stream":"rows","rows":1,"rejects":0,"skips":0,"partial":true,"singer_state":{"bookmarks":{"u":{"version":17,"max_pk_values":{"id":4}}}}}}

# a version that is a time since this run began is whole, whatever the state
$ { echo '{"type":"SCHEMA","stream":"u","schema":{"properties":{"id":{}}}}'; sleep 0.5; v=$(date +%s%3N); printf '%s\n' '{"type":"STATE","value":{"version":'$v'}}' '{"type":"RECORD","stream":"u","version":'$v',"record":{"id":3}}' '{"type":"ACTIVATE_VERSION","stream":"u","version":'$v'}'; } | rudder-query -d singer:- | tail -n 1 | sed 's/,"singer.*//'
> {"_rudder":{"type":"end","stream":"rows","rows":1,"rejects":0,"skips":0

# rows of two versions, rows without a version, and the version of another stream are not a whole table
$ q() { { echo '{"type":"SCHEMA","stream":"u","schema":{"properties":{"id":{}}}}'; printf '%s\n' "$@"; } | rudder-query -d singer:- | tail -n +2; }; a='{"type":"ACTIVATE_VERSION","stream":"u","version":'; r() { echo '{"type":"RECORD","stream":"u","version":'"$1"',"record":{"id":'"$2"'}}'; }; q "${a}1}" "$(r 1 7)" "${a}2}" "$(r 2 8)" "$(r 1 9)" "${a}2}"; q "${a}1}" '{"type":"RECORD","stream":"u","record":{"id":1}}' "${a}1}"; q "$(r 1 7)" '{"type":"ACTIVATE_VERSION","stream":"v","version":1}'
> {"id":7}
> {"id":8}
> {"_rudder":{"type":"skip","stage":"query","line":6,"reason":"a RECORD of an older version of the table","record":"{\"type\":\"RECORD\",\"stream\":\"u\",\"version\":1,\"record\":{\"id\":9}}"}}
> {"_rudder":{"type":"end","stream":"rows","rows":2,"rejects":0,"skips":1,"partial":true}}
> {"id":1}
> {"_rudder":{"type":"end","stream":"rows","rows":1,"rejects":0,"skips":0,"partial":true}}
> {"id":7}
! rudder-query: warning: stream 'u': version 2 of the table arrived after other rows, so these rows count as a part of it and nothing is deleted
! rudder-query: warning: stream 'u': version 1 of the table arrived after other rows, so these rows count as a part of it and nothing is deleted
! rudder-query: 'standard input': line 3: a second stream; select one in the catalog of the tap

# a SCHEMA may be repeated, in any order of its columns, but not with another key, column or type
$ q() { { echo '{"type":"SCHEMA","stream":"u","schema":{"properties":{"id":{"type":"integer"},"n":{}}},"key_properties":["id"]}'; echo "$1"; } | rudder-query -d singer:- | tail -n +2; }; s='{"type":"SCHEMA","stream":"u","schema":{"properties":'; q "$s"'{"n":{},"id":{"type":["null","integer"]}}},"key_properties":["id"]}'; q "$s"'{"id":{"type":"integer"},"n":{}}},"key_properties":["n"]}'; q "$s"'{"id":{"type":"string"},"n":{}}},"key_properties":["id"]}'; q "$s"'{"id":{"type":"integer"},"m":{}}},"key_properties":["id"]}'; q "$s"'{"id":{"type":"integer"}}},"key_properties":["id"]}'
> {"_rudder":{"type":"end","stream":"rows","rows":0,"rejects":0,"skips":0,"partial":true}}
! rudder-query: 'standard input': line 2: a SCHEMA with a different key than the first; run the tap again
! rudder-query: 'standard input': line 2: a SCHEMA whose columns or types differ from the first; run the tap again
! rudder-query: 'standard input': line 2: a SCHEMA whose columns or types differ from the first; run the tap again
! rudder-query: 'standard input': line 2: a SCHEMA whose columns or types differ from the first; run the tap again

# a SCHEMA without properties says no columns
$ printf '%s\n' '{"type":"SCHEMA","stream":"u","schema":{},"key_properties":["id"]}' '{"type":"RECORD","stream":"u","record":{"id":1}}' | rudder-query -d singer:- | sed 's/"run".*"clock":"[^"]*",//'
> {"_rudder":{"type":"begin","v":1,"stream":"rows","key":["id"]}}
> {"id":1}
> {"_rudder":{"type":"end","stream":"rows","rows":1,"rejects":0,"skips":0,"partial":true}}

# records of deleted rows are not rows, and a complete table deletes them
$ q() { printf '%s\n' '{"type":"SCHEMA","stream":"u","schema":{"properties":{"id":{},"_sdc_deleted_at":{}}}}' '{"type":"ACTIVATE_VERSION","stream":"u","version":1}' '{"type":"RECORD","stream":"u","version":1,"record":{"id":1,"_sdc_deleted_at":null}}' '{"type":"RECORD","stream":"u","version":1,"record":{"id":2,"_sdc_deleted_at":"2024-01-01T00:00:00Z"}}' "$@" | rudder-query -d singer:- | tail -n +2; }; q; q '{"type":"ACTIVATE_VERSION","stream":"u","version":1}' | tail -n 1
> {"id":1,"_sdc_deleted_at":null}
> {"_rudder":{"type":"skip","stage":"query","line":4,"reason":"deleted from the source (_sdc_deleted_at)","record":"{\"type\":\"RECORD\",\"stream\":\"u\",\"version\":1,\"record\":{\"id\":2,\"_sdc_deleted_at\":\"2024-01-01T00:00:00Z\"}}"}}
> {"_rudder":{"type":"end","stream":"rows","rows":1,"rejects":0,"skips":1,"partial":true}}
> {"_rudder":{"type":"end","stream":"rows","rows":1,"rejects":0,"skips":1}}
! rudder-query: warning: stream 'u': 1 row is deleted from the source but stays in the destination, because only a complete table deletes; run the tap with FULL_TABLE

# a resumed tap deletes nothing of the first part, a new version deletes what is missing
$ cat >tap; m() { rudder-query -q -d singer:$1 | rudder-diff -q -k id -s st --mode mirror --max-deletes 9 2>/dev/null | tee out | rudder-map -t record --identifier id | rudder-send -q -d null: | rudder-diff -q --commit -s st 2>/dev/null || :; grep -o 'change","action":"[a-z]*","id":"[0-9]"' out; }; head -n 4 tap >first; { sed -n 4p tap; sed -n 2p tap; sed -n 5,6p tap; } >rest; m first; m rest; sed 's/17/18/g; /"id":3/d' tap >new; m new
< {"type":"ACTIVATE_VERSION","stream":"u","version":17}
< {"type":"SCHEMA","stream":"u","schema":{"properties":{"id":{}}},"key_properties":["id"]}
< {"type":"RECORD","stream":"u","version":17,"record":{"id":1}}
< {"type":"STATE","value":{"bookmarks":{"u":{"version":17,"last_pk_fetched":1}}}}
< {"type":"RECORD","stream":"u","version":17,"record":{"id":3}}
< {"type":"ACTIVATE_VERSION","stream":"u","version":17}
> change","action":"insert","id":"1"
> change","action":"insert","id":"3"
> change","action":"delete","id":"3"

# the key of the tap is that of the state
$ printf '%s\n' '{"type":"SCHEMA","stream":"u","schema":{"properties":{"id":{},"b":{}}},"key_properties":["id" , "b"]}' '{"type":"RECORD","stream":"u","record":{"id":1,"b":"x"}}' | rudder-query -d singer:- | rudder-diff -s st | grep -o '"id":"\[[^]]*]"'
> "id":"[1,\"x\"]"
