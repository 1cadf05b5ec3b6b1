# empty input: no end line, status 65
$ rudder-map -t identify -u id
! rudder-map: input ended without its end line after 0 lines: the command that writes it was killed or failed
? 65

# begin and end only
$ rudder-map -t identify -u id
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1"}}
< {"_rudder":{"type":"end","stream":"rows","rows":0}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1"}}
> {"_rudder":{"type":"end","stream":"events","events":0,"rejects":0,"skips":0}}

# no end line: what came is done, and no end is written
$ rudder-map -t identify -u id
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1"}}
< {"id":1}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1"}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"334333a8-7127-8412-bad9-081ff6f94bb9","recordId":"1","traits":{},"type":"identify","userId":"1"}
! rudder-map: input ended without its end line after 1 row: the command that writes it was killed or failed
? 65

# a cut line is never processed
$ printf '{"id":1}\n{"id":2' | RUDDER_RUN_ID=r1000000000000000000 rudder-map -t identify -u id
> {"_rudder":{"type":"begin","v":1,"stream":"events","run":"r1000000000000000000"}}
> {"channel":"sources","context":{"sources":{"job_id":"rudder","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"9d450f11-8319-8681-86da-c19e2ed0fa91","recordId":"1","traits":{},"type":"identify","userId":"1"}
! rudder-map: input truncated inside line 2: the command that writes it was killed or failed
? 65

# --trust-eof, and a run of our own
$ RUDDER_RUN_ID=mine0000000000000000 rudder-map -t identify -u id --trust-eof
< {"id":1}
> {"_rudder":{"type":"begin","v":1,"stream":"events","run":"mine0000000000000000"}}
> {"channel":"sources","context":{"sources":{"job_id":"rudder","job_run_id":"mine0000000000000000","task_run_id":"mine0000000000000000","version":"v0.1.0"}},"messageId":"9d450f11-8319-8681-86da-c19e2ed0fa91","recordId":"1","traits":{},"type":"identify","userId":"1"}
> {"_rudder":{"type":"end","stream":"events","events":1,"rejects":0,"skips":0}}

# the end line counts more rows than came
$ rudder-map -t identify -u id
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1"}}
< {"id":1}
< {"_rudder":{"type":"end","stream":"rows","rows":2}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1"}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"334333a8-7127-8412-bad9-081ff6f94bb9","recordId":"1","traits":{},"type":"identify","userId":"1"}
! rudder-map: the end line counts 2 rows, but 1 arrived: a command in between dropped or added lines (if intended, use 'rudder filter -- CMD' or --any-counts)
? 65

# unless a filter between may drop some
$ rudder-map -t identify -u id --any-counts
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1"}}
< {"id":1}
< {"_rudder":{"type":"end","stream":"rows","rows":2}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1"}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"334333a8-7127-8412-bad9-081ff6f94bb9","recordId":"1","traits":{},"type":"identify","userId":"1"}
> {"_rudder":{"type":"end","stream":"events","events":1,"rejects":0,"skips":0}}

# bad lines are rejects, rejects and skips of earlier stages are passed on
$ rudder-map -t identify -u id
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1"}}
< {"_rudder":{"type":"reject","stage":"query","line":3,"reason":"bad"}}
< {"id":1,"id":2}
< [1]
< 
< {"id":01}
< {"_rudder":{"type":"skip","stage":"x","reason":"y"}}
< {"_rudder":{"type":"later","x":1}}
< {"id":3}
< {"_rudder":{"type":"end","stream":"rows","rows":5,"rejects":1,"skips":1}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1"}}
> {"_rudder":{"type":"reject","stage":"query","line":3,"reason":"bad"}}
> {"_rudder":{"type":"reject","stage":"map","line":3,"reason":"byte 15: a name twice in one object","record":"{\"id\":1,\"id\":2}"}}
> {"_rudder":{"type":"reject","stage":"map","line":4,"reason":"byte 1: not an object","record":"[1]"}}
> {"_rudder":{"type":"reject","stage":"map","line":5,"reason":"byte 1: unexpected end of line","record":""}}
> {"_rudder":{"type":"reject","stage":"map","line":6,"reason":"byte 8: number with a leading zero","record":"{\"id\":01}"}}
> {"_rudder":{"type":"skip","stage":"x","reason":"y"}}
> {"_rudder":{"type":"later","x":1}}
> {"channel":"sources","context":{"sources":{"job_id":"m1","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"7489575e-c8ba-84eb-99d4-11abb505b1c1","recordId":"5","traits":{},"type":"identify","userId":"3"}
> {"_rudder":{"type":"end","stream":"events","events":1,"rejects":5,"skips":1}}
! rudder-map: 4 of 5 rows rejected: 1 × a name twice in one object (line 3), 1 × not an object (line 4), 1 × unexpected end of line (line 5), 1 × number with a leading zero (line 6)
? 1

# bad UTF-8
$ printf '{"id":"\377"}\n' | RUDDER_RUN_ID=r1000000000000000000 rudder-map -t identify -u id --trust-eof
> {"_rudder":{"type":"begin","v":1,"stream":"events","run":"r1000000000000000000"}}
> {"_rudder":{"type":"reject","stage":"map","line":1,"reason":"byte 8: invalid UTF-8","record":"{\"id\":\"�\"}"}}
> {"_rudder":{"type":"end","stream":"events","events":0,"rejects":1,"skips":0}}
! rudder-map: 1 of 1 rows rejected: 1 × invalid UTF-8 (line 1)
? 1

# a line too long
$ RUDDER_RUN_ID=r1000000000000000000 rudder-map -t identify -u id --max-line 20
< {"id":1}
< {"id":1,"x":"1234567890"}
< {"_rudder":{"type":"end"}}
> {"_rudder":{"type":"begin","v":1,"stream":"events","run":"r1000000000000000000"}}
> {"channel":"sources","context":{"sources":{"job_id":"rudder","job_run_id":"r1000000000000000000","task_run_id":"r1000000000000000000","version":"v0.1.0"}},"messageId":"9d450f11-8319-8681-86da-c19e2ed0fa91","recordId":"1","traits":{},"type":"identify","userId":"1"}
> {"_rudder":{"type":"reject","stage":"map","line":2,"reason":"line longer than 20 bytes","record":"{\"id\":1,\"x\":\"1234567"}}
> {"_rudder":{"type":"reject","stage":"map","line":3,"reason":"line longer than 20 bytes","record":"{\"_rudder\":{\"type\":\""}}
! rudder-map: input of 3 lines has neither a begin nor an end line and may be truncated: use --trust-eof if the end of file is its end, or run commands between two tools as 'rudder filter -- CMD'
? 65

# more rejects than allowed
$ rudder-map -t identify -u id --max-rejects 1
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1"}}
< {"id":null}
< {"id":null}
< {"id":1}
< {"_rudder":{"type":"end","stream":"rows","rows":3}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1"}}
> {"_rudder":{"type":"reject","stage":"map","line":2,"reason":"no user id: column 'id' has no value","record":"{\"id\":null}"}}
> {"_rudder":{"type":"reject","stage":"map","line":3,"reason":"no user id: column 'id' has no value","record":"{\"id\":null}"}}
! rudder-map: line 3: no user id: column 'id' has no value; more than 1 rejected rows (--max-rejects)
? 65

# what a jq program says of a row is for its reject line, not for a log
$ rudder-map -u id -j 'error("v\(.id)")' --max-rejects 0 --trust-eof | jq -r '._rudder | select(.type == "reject").reason'
< {"id":7}
> jq: v7
! rudder-map: line 1: the jq program failed; more than 0 rejected rows (--max-rejects)

# a second begin, and a stream that is not rows
$ rudder-map -t identify -u id
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1"}}
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1"}}
< {"_rudder":{"type":"end","stream":"rows","rows":0}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000","model":"m1"}}
! rudder-map: line 2: a second begin line: two streams were concatenated; give each to a command of its own
? 65

# events are not mapped again
$ rudder-map -t identify -u id
< {"_rudder":{"type":"begin","v":1,"stream":"events","run":"r1000000000000000000"}}
! rudder-map: expected rows or changes, but the input holds events
? 65

# the counters
$ rudder-map -t identify -u id --stats s.json >/dev/null; sed 's/"ms":[0-9]*/"ms":0/' s.json
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1"}}
< {"id":1}
< {"id":null}
< {"id":2}
< {"_rudder":{"type":"end","stream":"rows","rows":3}}
> {"events":2,"rejects":1,"skips":0,"ms":0}
! rudder-map: 1 of 3 rows rejected: 1 × no user id: column 'id' has no value (line 3)

# a full disk
$ rudder-map -t identify -u id >/dev/full
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1"}}
< {"id":1}
< {"_rudder":{"type":"end","stream":"rows","rows":1}}
! rudder-map: cannot write output: No space left on device
? 74

# closed input is an error, not an empty stream
$ rudder-map -t identify -u id --trust-eof <&-
! rudder-map: cannot read input: Bad file descriptor
? 74

# closed output is an error, not a run without effect
$ rudder-map -t identify -u id --trust-eof >&-
< {"id":1}
! rudder-map: cannot write output: Bad file descriptor
? 74

# verbose says what was done
$ rudder-map -v -t identify -u id 2>err >/dev/null; sed '/Landlock/d' err >&2
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","model":"m1"}}
< {"id":1}
< {"_rudder":{"type":"end","stream":"rows","rows":1}}
! rudder-map: 1 event

# a share of rejected rows is judged at the end
$ for n in 40% 39% 0% 100%; do printf '{"id":1}\n{}\n{"id":2}\n{}\n{"id":3}\n' | rudder-map -t identify -u id --max-rejects $n --trust-eof 2>err | grep -c '"type":"\(identify\|reject\|end\)'; cat err; done; rudder-map -t identify -u id --max-rejects 101% </dev/null
> 6
> rudder-map: 2 of 5 rows rejected: 2 × no user id: column 'id' has no value (from line 2)
> 5
> rudder-map: 2 of 5 rows were rejected, more than 39% (--max-rejects)
> 5
> rudder-map: 2 of 5 rows were rejected, more than 0% (--max-rejects)
> 6
> rudder-map: 2 of 5 rows rejected: 2 × no user id: column 'id' has no value (from line 2)
! rudder-map: option '--max-rejects': '101%' is not a count or a share like 5%
? 64

# a run id of another form in the begin line
$ rudder-map -t identify -u id
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"../../etc"}}
! rudder-map: line 1: invalid run id "../../etc" in the begin line: a run id is 20 characters of 0-9 and a-v
? 65

# a run id of another form in the environment
$ RUDDER_RUN_ID=nightly rudder-map -t identify -u id
! rudder-map: RUDDER_RUN_ID 'nightly' is not a run id: it must be 20 characters of 0-9 and a-v; unset it to get a new one
? 78
