# unknown option
$ rudder-send --conections 2
! rudder-send: unknown option '--conections'; did you mean '--connections'?
? 64

# no destination
$ rudder-send
! rudder-send: no destination: use -d URL
? 64

# a destination of another kind
$ rudder-send -d ruder:https://x
! rudder-send: destination 'ruder': did you mean 'rudder:'?
? 64

# an address without its kind
$ rudder-send -d https://x.example/hook
! rudder-send: destination 'https:...' needs a type: rudder:https://..., segment:https://... or webhook:https://...
? 64

# a file without its kind
$ rudder-send -d out/events.ndjson
! rudder-send: destination 'out/events.ndjson': write 'file:out/events.ndjson' for a file
? 64

# a secret in the URL
$ rudder-send -d rudder:https://key@host.example
! rudder-send: destination: do not put a secret into the URL, where other users can see it; use --write-key-file FILE, or --header-file FILE for webhook:
? 64

# a password alone in the URL
$ rudder-send -d rudder:https://:key@host.example
! rudder-send: destination: do not put a secret into the URL, where other users can see it; use --write-key-file FILE, or --header-file FILE for webhook:
? 64

# http to another machine
$ rudder-send -d rudder:http://host.example
! rudder-send: destination: http:// sends key and events unencrypted; use https://, or --allow-http to permit it
? 64

# http to a machine whose name begins as an address of this one
$ rudder-send -d rudder:http://127.0.0.1.host.example
! rudder-send: destination: http:// sends key and events unencrypted; use https://, or --allow-http to permit it
? 64

# http to a machine whose name begins as that of this one
$ rudder-send -d rudder:http://localhost.host.example
! rudder-send: destination: http:// sends key and events unencrypted; use https://, or --allow-http to permit it
? 64

# only http and https
$ rudder-send -d rudder:ftp://127.0.0.1
! rudder-send: destination: only http:// and https:// are supported
? 64

# no write key
$ unset RUDDER_WRITE_KEY; rudder-send -d rudder:http://127.0.0.1:1
! rudder-send: no write key: use --write-key-file FILE or set RUDDER_WRITE_KEY
? 78

# a write key that would end its header
$ printf 'abc\nX-Evil: 1\n' >key; chmod 600 key; rudder-send -d rudder:http://127.0.0.1:1 --write-key-file key
! rudder-send: the write key in 'key' is empty or has invalid characters
? 78

# a write key from the environment with a byte that no key has
$ RUDDER_WRITE_KEY="$(printf 'a\177b')" rudder-send -d rudder:http://127.0.0.1:1
! rudder-send: the write key in RUDDER_WRITE_KEY is empty or has invalid characters
? 78

# a write key with a colon, which would end it in Basic
$ RUDDER_WRITE_KEY=a:b rudder-send -d rudder:http://127.0.0.1:1
! rudder-send: the write key in RUDDER_WRITE_KEY is empty or has invalid characters
? 78

# a write key in a file of line ends
$ printf '\r\n\r\n' >key; chmod 600 key; rudder-send -d rudder:http://127.0.0.1:1 --write-key-file key
! rudder-send: the write key in 'key' is empty or has invalid characters
? 78

# a write key with the line end of Windows is one
$ printf 'abc\r\n' >key; chmod 600 key; rudder-send -d rudder:http://127.0.0.1:1 --write-key-file key --trust-eof </dev/null
> {"_rudder":{"type":"end","stream":"receipts","receipts":0,"rejects":0,"skips":0}}

# a write key that others may read
$ echo abc >key; chmod 644 key; rudder-send -d rudder:http://127.0.0.1:1 --write-key-file key
! rudder-send: 'key' holds a secret but other users can read it; run: chmod 600 'key'
? 77

# help names the tool
$ rudder-send --help | head -1
> rudder-send - deliver events and print a receipt for each

# a dry run sends nothing, needs no key, and says so
$ unset RUDDER_WRITE_KEY; rudder-send -d rudder:https://host.invalid -n --no-gzip | sed -e 's/rudder-send.[0-9.]*/rudder-send/' -e 's/"ms":[0-9]*/"ms":0/'
< {"_rudder":{"type":"begin","v":1,"stream":"events","run":"r1000000000000000000","extra":[1]}}
< {"messageId":"m1","recordId":"7","type":"identify","userId":"u"}
< {"_rudder":{"type":"end","stream":"events","events":1,"rejects":0,"skips":0,"held":2}}
> {"_rudder":{"type":"begin","stream":"receipts","v":1,"run":"r1000000000000000000","extra":[1]}}
> {"_rudder":{"type":"request","events":1,"method":"POST","url":"https://host.invalid/v1/batch","headers":["Host: host.invalid","User-Agent: rudder-send","Accept: */*","Content-Type: application/json","Authorization: Basic ***","Content-Length: 76"],"body":{"batch":[{"messageId":"m1","recordId":"7","type":"identify","userId":"u"}]}}}
> {"recordId":"7","messageId":"m1","status":"dry-run","code":0,"attempts":1,"ms":0}
> {"_rudder":{"type":"end","stream":"receipts","held":2,"receipts":1,"rejects":0,"skips":0}}
! rudder-send: dry run: 1 event in 1 request, 76 bytes; nothing was sent

# rejects and skips of earlier stages become receipts; those stages have printed them
$ cat | rudder-send -d file:out
< {"_rudder":{"type":"begin","v":1,"stream":"events","run":"r1000000000000000000"}}
< {"_rudder":{"type":"reject","stage":"map","id":"7","action":"update","change":"0123456789abcdef0123456789abcdef","line":3,"reason":"no user id"}}
< {"_rudder":{"type":"skip","stage":"map","id":"8","action":"delete","change":"1123456789abcdef0123456789abcdef","reason":"identify has no delete"}}
< {"_rudder":{"type":"reject","stage":"query","line":1,"reason":"byte 1: invalid"}}
< {"_rudder":{"type":"end","stream":"events","events":0,"rejects":2,"skips":1}}
> {"_rudder":{"type":"begin","stream":"receipts","v":1,"run":"r1000000000000000000"}}
> {"recordId":"7","messageId":"01234567-89ab-8def-8123-456789abcdef","action":"update","status":"rejected","code":0,"attempts":0,"ms":0,"reason":"no user id","stage":"map"}
> {"recordId":"8","messageId":"11234567-89ab-8def-8123-456789abcdef","action":"delete","status":"skipped","code":0,"attempts":0,"ms":0,"reason":"identify has no delete","stage":"map"}
> {"status":"rejected","code":0,"attempts":0,"ms":0,"reason":"byte 1: invalid","stage":"query"}
> {"_rudder":{"type":"end","stream":"receipts","receipts":3,"rejects":0,"skips":0}}
? 1

# of a file, nobody has
$ cat >in; rudder-send -d file:out <in | wc -l
< {"_rudder":{"type":"begin","v":1,"stream":"events","run":"r1000000000000000000"}}
< {"_rudder":{"type":"reject","stage":"map","id":"7","action":"update","change":"0123456789abcdef0123456789abcdef","line":3,"reason":"no user id"}}
< {"_rudder":{"type":"skip","stage":"map","id":"8","action":"delete","change":"1123456789abcdef0123456789abcdef","reason":"identify has no delete"}}
< {"_rudder":{"type":"reject","stage":"query","line":1,"reason":"byte 1: invalid"}}
< {"_rudder":{"type":"end","stream":"events","events":0,"rejects":2,"skips":1}}
> 5
! rudder-send: 2 rows rejected by earlier stages: 1 × map: no user id, 1 × query: byte … invalid

# they are not among the events that are counted
$ cat | rudder-send -d file:out --max-event 70 | grep -c '"rejected"'
< {"_rudder":{"type":"begin","v":1,"stream":"events","run":"r1000000000000000000"}}
< {"_rudder":{"type":"reject","stage":"map","id":"7","action":"update","change":"0123456789abcdef0123456789abcdef","line":3,"reason":"no user id"}}
< {"recordId":"8","messageId":"m8","userId":"0123456789"}
< {"recordId":"9","messageId":"m9","userId":"01234567890123456789012345678901234567890123456789"}
< {"_rudder":{"type":"end","stream":"events","events":2,"rejects":1,"skips":0}}
> 2
! rudder-send: 2 events, 1 rejected: 1 × event of 95 bytes, longer than 70 (line 4)

# empty input was truncated
$ rudder-send -d file:out
! rudder-send: input ended without its end line after 0 lines: the command that writes it was killed or failed
? 65

# without an end line all is sent, but there is no end line either
$ rudder-send -d file:out | sed 's/"ms":[0-9]*/"ms":0/'; cat out
< {"_rudder":{"type":"begin","v":1,"stream":"events","run":"r1000000000000000000"}}
< {"messageId":"m1","userId":"u"}
> {"_rudder":{"type":"begin","stream":"receipts","v":1,"run":"r1000000000000000000"}}
> {"messageId":"m1","status":"delivered","code":0,"attempts":1,"ms":0}
> {"messageId":"m1","userId":"u"}
! rudder-send: input ended without its end line after 1 event: the command that writes it was killed or failed

# a last line without its end is never sent
$ printf '%s\n%s' '{"userId":"a"}' '{"userId":"b"}' | rudder-send -d file:out --trust-eof | wc -l; cat out
> 2
> {"userId":"a"}
! rudder-send: input truncated inside line 2: the command that writes it was killed or failed

# what is not JSON is rejected by line, and the run goes on
$ rudder-send -d file:out --trust-eof | sed 's/"ms":[0-9]*/"ms":0/'; cat out
< {"userId":"a"
< []
< {"userId":"b"}
> {"status":"rejected","code":0,"attempts":0,"ms":0,"reason":"byte 14: unexpected end of line","stage":"send","line":1}
> {"status":"rejected","code":0,"attempts":0,"ms":0,"reason":"byte 1: not an object","stage":"send","line":2}
> {"status":"delivered","code":0,"attempts":1,"ms":0}
> {"_rudder":{"type":"end","stream":"receipts","receipts":3,"rejects":0,"skips":0}}
> {"userId":"b"}
! rudder-send: 3 events, 2 rejected: 1 × unexpected end of line (line 1), 1 × not an object (line 2)

# bad UTF-8 is rejected
$ printf '{"userId":"\377"}\n' | rudder-send -d file:out --trust-eof | sed 's/"reason":"byte [0-9]*: /"reason":"/;s/"ms":[0-9]*/"ms":0/' | head -1
> {"status":"rejected","code":0,"attempts":0,"ms":0,"reason":"invalid UTF-8","stage":"send","line":1}
! rudder-send: 1 event, 1 rejected: 1 × invalid UTF-8 (line 1)

# a line too long is rejected, the next one is sent
$ rudder-send -d file:out --trust-eof --max-line 20 | sed 's/"ms":[0-9]*/"ms":0/'
< {"userId":"0123456789012345678901234567890123456789"}
< {"userId":"b"}
> {"status":"rejected","code":0,"attempts":0,"ms":0,"reason":"line longer than 20 bytes","stage":"send","line":1}
> {"status":"delivered","code":0,"attempts":1,"ms":0}
> {"_rudder":{"type":"end","stream":"receipts","receipts":2,"rejects":0,"skips":0}}
! rudder-send: 2 events, 1 rejected: 1 × line longer than 20 bytes (line 1)

# an event too long is rejected by its ids
$ rudder-send -d file:out --trust-eof --max-event 30 | sed 's/"ms":[0-9]*/"ms":0/' | head -1
< {"recordId":"7","messageId":"m7","userId":"0123456789"}
> {"recordId":"7","messageId":"m7","status":"rejected","code":0,"attempts":0,"ms":0,"reason":"event of 55 bytes, longer than 30","stage":"send","line":1}
! rudder-send: 1 event, 1 rejected: 1 × event of 55 bytes, longer than 30 (line 1)

# rows are not events
$ rudder-send -d file:out
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000"}}
< {"id":1}
! rudder-send: the input is rows, not events: use rudder-map to make events
? 65

# neither are changes
$ rudder-send -d file:out
< {"_rudder":{"type":"begin","v":1,"stream":"changes","run":"r1000000000000000000"}}
! rudder-send: the input is changes, not events: use rudder-map to make events
? 65

# receipts are of events that have left
$ rudder-send -d file:out; ls out 2>&1 | wc -l; wc -c <out
< {"_rudder":{"type":"begin","v":1,"stream":"receipts","run":"r1000000000000000000"}}
< {"recordId":"1","status":"accepted"}
> 1
> 0
! rudder-send: the input is receipts: these events were already sent

# a sealed file that ends behind its begin line, or within it
$ cat >plan; rudder-send -d null: <plan; head -c -1 plan >cut; rudder-send -d null: <cut
< {"_rudder":{"type":"begin","v":1,"stream":"events","sealed":true}}
! rudder-send: the seal of these events is broken: the end line is missing; create the plan again
! rudder-send: input truncated inside line 1: the command that writes it was killed or failed
? 65

# two streams joined: what came before is delivered, the rest is not
$ rudder-send -d file:out | sed 's/"ms":[0-9]*/"ms":0/'
< {"_rudder":{"type":"begin","v":1,"stream":"events","run":"r1000000000000000000"}}
< {"recordId":"1","userId":"a"}
< {"_rudder":{"type":"begin","v":1,"stream":"events","run":"r2000000000000000000"}}
< {"recordId":"2","userId":"a"}
> {"_rudder":{"type":"begin","stream":"receipts","v":1,"run":"r1000000000000000000"}}
> {"recordId":"1","status":"delivered","code":0,"attempts":1,"ms":0}
! rudder-send: line 3: a second begin line: two streams were concatenated; give each to a command of its own

# counts that do not fit
$ rudder-send -d file:out >receipts; tail -1 receipts | grep -c '"type":"end"'
< {"_rudder":{"type":"begin","v":1,"stream":"events","run":"r1000000000000000000"}}
< {"recordId":"1","userId":"a"}
< {"_rudder":{"type":"end","stream":"events","events":2,"rejects":0,"skips":0}}
> 0
! rudder-send: the end line counts 2 events, but 1 arrived: a command in between dropped or added lines (if intended, use 'rudder filter -- CMD' or --any-counts)
? 1

# receipts to a full disk
$ rudder-send -d file:out --trust-eof >/dev/full
< {"userId":"a"}
! rudder-send: cannot write output: No space left on device
? 74

# standard output closed
$ rudder-send -d file:out --trust-eof >&-
< {"userId":"a"}
! rudder-send: cannot write output: Bad file descriptor
? 74

# standard input closed
$ rudder-send -d file:out <&-
! rudder-send: cannot read input: Bad file descriptor
? 74

# an incomplete last line of a killed run is removed
$ printf '{"a":1}\n{"b"' >out; rudder-send -d file:out --trust-eof 2>&1 >/dev/null; cat out
< {"userId":"a"}
> rudder-send: warning: 'out': removed an incomplete last line of 4 bytes left by a killed run
> {"a":1}
> {"userId":"a"}

# but a file of somebody else is left alone
$ printf 'notes\nmore' >out; rudder-send -d file:out --trust-eof; rc=$?; cat out; echo; exit $rc
< {"userId":"a"}
> notes
> more
! rudder-send: 'out': the file ends inside a line that is not an event: rudder-send did not write it
? 78

# a full disk at the destination: nothing half, all failed
$ rudder-send -d file:/dev/full --trust-eof | sed 's/"ms":[0-9]*/"ms":0/'
< {"recordId":"1","userId":"a"}
> {"recordId":"1","status":"unknown","code":0,"attempts":1,"ms":0,"reason":"cannot write output: No space left on device"}
! rudder-send: cannot write output: No space left on device

# the lock of the state: taken by a newer run
$ mkdir s; echo newer >s/lock; sed "s|STATE|$PWD/s|" | rudder-send -d file:out 2>&1 | sed "s|$PWD/||g"; ls
< {"_rudder":{"type":"begin","v":1,"stream":"events","run":"r1000000000000000000","state":"STATE","attempt":"abc123abc123abc123abc123abc123ab"}}
< {"recordId":"1","userId":"a"}
> rudder-send: 's/lock': a newer run has taken over; nothing was sent
> out
> s

# the lock of the state: held by somebody
$ mkdir s; echo abc123abc123abc123abc123abc123ab >s/lock; sed "s|STATE|$PWD/s|" | flock s/lock rudder-send -d file:out 2>&1 | sed "s|$PWD/||g"
< {"_rudder":{"type":"begin","v":1,"stream":"events","run":"r1000000000000000000","state":"STATE","attempt":"abc123abc123abc123abc123abc123ab"}}
< {"recordId":"1","userId":"a"}
> rudder-send: 's/lock' is locked: a newer run has taken over; nothing was sent

# the lock of the state: ours
$ mkdir s; echo abc123abc123abc123abc123abc123ab >s/lock; : >s/pending; sed "s|STATE|$PWD/s|" | flock -s s/lock rudder-send -d file:out | grep -c delivered
< {"_rudder":{"type":"begin","v":1,"stream":"events","run":"r1000000000000000000","state":"STATE","attempt":"abc123abc123abc123abc123abc123ab"}}
< {"recordId":"1","userId":"a"}
< {"_rudder":{"type":"end","stream":"events","events":1,"rejects":0,"skips":0}}
> 1

# the lock of the state: only the beginning of its token
$ mkdir s; echo abc123abc123abc123abc123abc123ab >s/lock; : >s/pending; sed "s|STATE|$PWD/s|" | rudder-send -d file:out 2>&1 | sed "s|$PWD/||g"
< {"_rudder":{"type":"begin","v":1,"stream":"events","run":"r1000000000000000000","state":"STATE","attempt":"abc123"}}
< {"recordId":"1","userId":"a"}
> rudder-send: 's/lock': a newer run has taken over; nothing was sent

# events that did not get through can be sent again as they are
$ rudder-send -d file:/dev/full --failed later >receipts 2>err; rudder-send -d file:out <later | grep -c delivered; cat later
< {"_rudder":{"type":"begin","v":1,"stream":"events","run":"r1000000000000000000"}}
< {"recordId":"1","userId":"a"}
< {"recordId":"2",  "userId":"b"}
< {"_rudder":{"type":"end","stream":"events","events":2,"rejects":0,"skips":0}}
> 2
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000"}}
> {"recordId":"1","userId":"a"}
> {"recordId":"2",  "userId":"b"}
> {"_rudder":{"type":"end","stream":"events","events":2,"rejects":0,"skips":0}}

# nothing failed: the file holds no event
$ rudder-send -d file:out --failed later >receipts; cat later
< {"_rudder":{"type":"begin","v":1,"stream":"events","run":"r1000000000000000000"}}
< {"recordId":"1","userId":"a"}
< {"_rudder":{"type":"end","stream":"events","events":1,"rejects":0,"skips":0}}
> {"_rudder":{"type":"begin","stream":"events","v":1,"run":"r1000000000000000000"}}
> {"_rudder":{"type":"end","stream":"events","events":0,"rejects":0,"skips":0}}

# a file that cannot be made
$ rudder-send -d file:out --failed no/later
! rudder-send: cannot create 'no/later.tmp': No such file or directory
? 73

# at most N events
$ rudder-send -d file:out --max-events 2 >receipts; cat out; grep -c end receipts
< {"recordId":"1","userId":"a"}
< {"recordId":"2","userId":"a"}
< {"recordId":"3","userId":"a"}
> {"recordId":"1","userId":"a"}
> {"recordId":"2","userId":"a"}
> 1

# nowhere
$ rudder-send -d null: | grep -c delivered
< {"_rudder":{"type":"begin","v":1,"stream":"events","run":"r1000000000000000000"}}
< {"recordId":"1","userId":"a"}
< {"_rudder":{"type":"end","stream":"events","events":1,"rejects":0,"skips":0}}
> 1

# no wait without a bound
$ rudder-send -d file:out --timeout 0
! rudder-send: option '--timeout' must be more than 0
? 64

# the same of connecting
$ rudder-send -d rudder:https://host.example --connect-timeout 0 --check
! rudder-send: option '--connect-timeout' must be more than 0
? 64

# events for another program, receipts beside them
$ rudder-send -d stdout: --trust-eof --receipts r; grep -c '"status":"accepted","code":0,"attempts":1' r; tail -n 1 r
< {"recordId":"1","userId":"u","x": 1.0}
< {"recordId":"2","userId":"u"}
> {"recordId":"1","userId":"u","x": 1.0}
> {"recordId":"2","userId":"u"}
> 2
> {"_rudder":{"type":"end","stream":"receipts","receipts":2,"rejects":0,"skips":0}}

# they cannot share standard output
$ rudder-send -d stdout: --trust-eof
! rudder-send: destination 'stdout:' writes events to standard output: use --receipts FILE for the receipts
? 64

# receipts into a descriptor of the shell
$ rudder-send -d null: --trust-eof --receipts /dev/fd/3 3>&1 >/dev/null | grep -c delivered
< {"recordId":"1","userId":"u"}
> 1

# nobody takes the events: their receipts say so, nothing more is sent
$ { until [ -e gone ]; do sleep 0.01; done; rudder-send -d stdout: --trust-eof --receipts r -b 1; echo $? >&2; } | { exec <&-; : >gone; }; grep -c '"status":"unknown"' r
< {"recordId":"1","userId":"u"}
! rudder-send: cannot write output: Broken pipe
! 74
> 1

# receipts on a full disk
$ rudder-send -d null: --trust-eof --receipts /dev/full
< {"recordId":"1","userId":"u"}
! rudder-send: cannot write output: No space left on device
? 74

# a run id of another form in the begin line
$ rudder-send -d null:
< {"_rudder":{"type":"begin","v":1,"stream":"events","run":7}}
! rudder-send: line 1: invalid run id 7 in the begin line: a run id is 20 characters of 0-9 and a-v
? 65


# a plan that is not approved: nothing is sent, and nothing else stops the run
$ rudder-send -d declined: -b 1 2>err | sed 's/"ms":[0-9]*/"ms":0/'; sed 's/ events.*/ events/' err
< {"_rudder":{"type":"begin","v":1,"stream":"events","run":"r1000000000000000000"}}
< {"recordId":"1","userId":"u"}
< {"recordId":"2","userId":"u"}
< {"_rudder":{"type":"end","stream":"events","events":2}}
> {"_rudder":{"type":"begin","stream":"receipts","v":1,"run":"r1000000000000000000"}}
> {"recordId":"1","status":"failed","code":0,"attempts":0,"ms":0,"reason":"not approved"}
> {"recordId":"2","status":"failed","code":0,"attempts":0,"ms":0,"reason":"not approved"}
> {"_rudder":{"type":"end","stream":"receipts","receipts":2,"rejects":0,"skips":0}}
> rudder-send: 2 events

# nothing follows its name
$ rudder-send -d declined:x
! rudder-send: destination: 'declined:' takes no argument
? 64
