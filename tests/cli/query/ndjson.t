# lines pass byte for byte
$ rudder-query -d ndjson:- | tail -n +2
< {"a":1.10, "b" : "\u00e9\/"}
<  {"a":12345678901234567890}  
< {}
> {"a":1.10, "b" : "\u00e9\/"}
> {"a":12345678901234567890}
> {}
> {"_rudder":{"type":"end","stream":"rows","rows":3,"rejects":0,"skips":0}}

# also where decimals are to be strings: no type says which are
$ rudder-query -d ndjson:- --legacy-types | sed -n 2p
< {"a":1.10}
> {"a":1.10}

# the begin line has no columns
$ RUDDER_RUN_ID=r0000000000000000000 rudder-query -d jsonl:- </dev/null | sed 's/"model":"[0-9a-f]*".*"clock":"[^"]*"/"model":"M"/'
> {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r0000000000000000000","model":"M"}}
> {"_rudder":{"type":"end","stream":"rows","rows":0,"rejects":0,"skips":0}}

# bad lines by number and byte
$ printf '{"a":1}\n{"a":01}\n[1]\n\n{"_rudder":{"type":"end"}}\n{"a":"\377"}\n{"a":1,"a":2}\n{"b":2}\n' >a; rudder-query -d ndjson:a --max-rejects 6 | tail -n +2 | grep -v 'reject.*byte'; rudder-query -d ndjson:a --max-rejects 6 2>/dev/null | grep -c reject
> {"a":1}
> {"_rudder":{"type":"reject","stage":"query","line":5,"reason":"member '_rudder': this name is reserved","record":"{\"_rudder\":{\"type\":\"end\"}}"}}
> {"b":2}
> {"_rudder":{"type":"end","stream":"rows","rows":2,"rejects":6,"skips":0}}
> 7
! rudder-query: 6 of 8 rows rejected: 1 × number with a leading zero (line 2), 1 × not an object (line 3), 1 × unexpected end of line (line 4), 1 × member '_rudder': this name is reserved (line 5), 1 × invalid UTF-8 (line 6), 1 other

# a last line without line feed was truncated
$ printf '{"a":1}\n{"a":2}' | rudder-query -d ndjson:- | tail -n +2; printf '{"a":1}\n{"a":2}' >a; rudder-query -d ndjson:a >/dev/null
> {"a":1}
! rudder-query: 'standard input': line 2 has no line feed: the file is truncated
! rudder-query: 'a': line 2 has no line feed: the file is truncated
? 65

# limit, columns, no file, a model
$ printf '{"a":1}\n{"a":2}\n' >a; rudder-query -d ndjson:a --limit 1 | tail -n +2; rudder-query -d ndjson:a --columns; rudder-query -d ndjson:b; rudder-query -d ndjson:a -t t
> {"a":1}
> {"_rudder":{"type":"end","stream":"rows","rows":1,"rejects":0,"skips":0,"partial":true}}
! rudder-query: 'a': this source does not report its columns
! rudder-query: cannot open 'b': No such file or directory
! rudder-query: source 'ndjson:' takes no model: it reads all rows
? 64

# a run id of another form in the environment
$ RUDDER_RUN_ID=nightly rudder-query -d jsonl:-
! rudder-query: RUDDER_RUN_ID 'nightly' is not a run id: it must be 20 characters of 0-9 and a-v; unset it to get a new one
? 78
