# any program on the data lines: control lines go around it, and end counts
$ cat >in; for f in 'jq -c select(.id>1)' 'sort -r' 'tail -n 1' 'sed p' true; do cat in | rudder filter -- $f | sed 1d; done
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r0000000000000000001","more":1}}
< {"id":1}
< {"_rudder":{"type":"reject","stage":"query","line":2,"reason":"no"}}
< {"id":2}
< {"_rudder":{"type":"end","stream":"rows","rows":2,"rejects":1,"skips":0,"partial":true}}
> {"_rudder":{"type":"reject","stage":"query","line":2,"reason":"no"}}
> {"id":2}
> {"_rudder":{"type":"end","stream":"rows","partial":true,"rows":1,"rejects":1,"skips":0,"dropped":1}}
> {"_rudder":{"type":"reject","stage":"query","line":2,"reason":"no"}}
> {"id":2}
> {"id":1}
> {"_rudder":{"type":"end","stream":"rows","partial":true,"rows":2,"rejects":1,"skips":0}}
> {"_rudder":{"type":"reject","stage":"query","line":2,"reason":"no"}}
> {"id":2}
> {"_rudder":{"type":"end","stream":"rows","partial":true,"rows":1,"rejects":1,"skips":0,"dropped":1}}
> {"_rudder":{"type":"reject","stage":"query","line":2,"reason":"no"}}
> {"id":1}
> {"id":1}
> {"id":2}
> {"id":2}
> {"_rudder":{"type":"end","stream":"rows","partial":true,"rows":4,"rejects":1,"skips":0,"added":2}}
> {"_rudder":{"type":"reject","stage":"query","line":2,"reason":"no"}}
> {"_rudder":{"type":"end","stream":"rows","partial":true,"rows":0,"rejects":1,"skips":0,"dropped":2}}

# two of them: the numbers add up
$ rudder filter -- tail -n 1 | rudder filter -- true
< {"id":1}
< {"id":2}
< {"_rudder":{"type":"end","stream":"rows","rows":2}}
> {"_rudder":{"type":"end","stream":"rows","rows":0,"rejects":0,"skips":0,"dropped":2}}

# a program that fails, is killed, does not exist, or writes something else
$ cat >in; for f in 'exit 5' 'cat; exit 1' 'exit 77' 'kill -9 $$' 'cat; echo hi' 'printf {' 'echo "{\"_rudder\":{\"type\":\"end\"}}"'; do cat in | rudder filter -- sh -c "$f" | tail -n 1; done; cat in | rudder filter -- ./none | tail -n 1
< {"id":1}
< {"_rudder":{"type":"end","stream":"rows","rows":1}}
> {"_rudder":{"type":"abort","stage":"filter","status":65,"reason":"'sh' failed with status 5: its output is incomplete"}}
> {"_rudder":{"type":"abort","stage":"filter","status":65,"reason":"'sh' failed with status 1: its output is incomplete"}}
> {"_rudder":{"type":"abort","stage":"filter","status":77,"reason":"'sh' failed with status 77: its output is incomplete"}}
> {"_rudder":{"type":"abort","stage":"filter","status":65,"reason":"'sh' was killed by signal 9: its output is incomplete"}}
> {"_rudder":{"type":"abort","stage":"filter","status":65,"reason":"'sh' printed what is not a JSON object in line 2"}}
> {"_rudder":{"type":"abort","stage":"filter","status":65,"reason":"'sh' printed no end of a line in line 0"}}
> {"_rudder":{"type":"abort","stage":"filter","status":65,"reason":"'sh' printed a member '_rudder' that is not of a change in line 1"}}
> {"_rudder":{"type":"abort","stage":"filter","status":78,"reason":"cannot run './none': No such file or directory"}}
! rudder filter: 'sh' failed with status 5: its output is incomplete
! rudder filter: 'sh' failed with status 1: its output is incomplete
! rudder filter: 'sh' failed with status 77: its output is incomplete
! rudder filter: 'sh' was killed by signal 9: its output is incomplete
! rudder filter: 'sh' printed what is not a JSON object in line 2
! rudder filter: 'sh' printed no end of a line in line 0
! rudder filter: 'sh' printed a member '_rudder' that is not of a change in line 1
! rudder filter: cannot run './none': No such file or directory

# the program does not see what is for rudder's own tools
$ RUDDER_WRITE_KEY=1 RUDDER_ODBC_PASSWORD=1 RUDDER_SOURCE=1 SEGMENT_WRITE_KEY=1 OTHER=1 rudder filter -- sh -c 'env | grep -E "^(RUDDER|SEGMENT|OTHER)" >seen; cat'; cat seen
< {"id":1}
< {"_rudder":{"type":"end","stream":"rows","rows":1}}
> {"id":1}
> {"_rudder":{"type":"end","stream":"rows","rows":1,"rejects":0,"skips":0}}
> OTHER=1

# a change keeps its member _rudder
$ cat >in; cat in | rudder filter -- cat; cat in | rudder filter -- jq -c 'del(._rudder)' | tail -n 1
< {"_rudder":{"type":"begin","v":1,"stream":"changes","run":"r0000000000000000001"}}
< {"_rudder":{"type":"change","action":"insert","id":"1","change":"0123456789abcdef0123456789abcdef"},"id":1}
< {"_rudder":{"type":"end","stream":"changes","changes":1,"rejects":0,"skips":0}}
> {"_rudder":{"type":"begin","v":1,"stream":"changes","run":"r0000000000000000001"}}
> {"_rudder":{"type":"change","action":"insert","id":"1","change":"0123456789abcdef0123456789abcdef"},"id":1}
> {"_rudder":{"type":"end","stream":"changes","changes":1,"rejects":0,"skips":0}}
> {"_rudder":{"type":"abort","stage":"filter","status":65,"reason":"'jq' printed a change without its member '_rudder', which it must keep in line 1","run":"r0000000000000000001"}}
! rudder filter: 'jq' printed a change without its member '_rudder', which it must keep in line 1

# input that is truncated or aborted stays so
$ echo '{"id":1}' | rudder filter -- cat; printf '%s\n' '{"id":1}' '{"_rudder":{"type":"abort","stage":"query","status":69,"reason":"down"}}' | rudder filter -- cat; echo $?
> {"id":1}
> {"_rudder":{"type":"abort","stage":"filter","status":65,"reason":"input of 1 line has neither a begin nor an end line and may be truncated: use --trust-eof if the end of file is its end, or run commands between two tools as 'rudder filter -- CMD'"}}
> {"id":1}
> {"_rudder":{"type":"abort","stage":"query","status":69,"reason":"down"}}
> 69
! rudder filter: input of 1 line has neither a begin nor an end line and may be truncated: use --trust-eof if the end of file is its end, or run commands between two tools as 'rudder filter -- CMD'

# two streams, one behind the other
$ rudder filter -- cat | tail -n 1
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r0000000000000000001"}}
< {"id":1}
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r0000000000000000002"}}
< {"id":2}
< {"_rudder":{"type":"end","stream":"rows","rows":2}}
> {"_rudder":{"type":"abort","stage":"filter","status":65,"reason":"line 3: a second begin line: two streams were concatenated; give each to a command of its own","run":"r0000000000000000001"}}
! rudder filter: line 3: a second begin line: two streams were concatenated; give each to a command of its own

# a line that is not JSON is a reject and does not reach the program
$ rudder filter --trust-eof -- jq -c .
< {"id":1}
< nonsense
> {"_rudder":{"type":"reject","stage":"filter","line":2,"reason":"byte 1: not an object","record":"nonsense"}}
> {"id":1}
> {"_rudder":{"type":"end","stream":"rows","rows":1,"rejects":1,"skips":0}}
! rudder filter: 1 of 2 lines rejected: 1 × not an object (line 2)
? 1

# programs that would hang a plain pair of pipes, with more than pipes hold
$ seq 200000 | sed 's/.*/{"id":&}/' >rows; for f in sort 'sed p;p;p;p;p;p' 'head -n 2' 'tail -n 1' true; do timeout 600 rudder filter --trust-eof -- $f <rows | tail -n 1; done
> {"_rudder":{"type":"end","stream":"rows","rows":200000,"rejects":0,"skips":0}}
> {"_rudder":{"type":"end","stream":"rows","rows":1400000,"rejects":0,"skips":0,"added":1200000}}
> {"_rudder":{"type":"end","stream":"rows","rows":2,"rejects":0,"skips":0,"dropped":199998}}
> {"_rudder":{"type":"end","stream":"rows","rows":1,"rejects":0,"skips":0,"dropped":199999}}
> {"_rudder":{"type":"end","stream":"rows","rows":0,"rejects":0,"skips":0,"dropped":200000}}

# a line does not wait for the next
$ mkfifo f; rudder filter --trust-eof -- cat <f >out & exec 9>f; echo '{"id":1}' >&9; i=0; until [ -s out ] || [ $i = 300 ]; do sleep 0.1; i=$((i + 1)); done; cat out; exec 9>&-; wait
> {"id":1}

# commands and options
$ rudder nonsense; rudder; rudder filter 2>&1 >/dev/null; rudder --version | sed 's/ [0-9].*//'; rudder filter --help | head -n 1
> rudder filter: no program: write it after --, as in rudder filter -- jq -c 'select(.id > 3)'
> rudder (rudder)
> rudder filter - run any program on the data lines of a stream
! rudder: unknown command 'nonsense'; see 'rudder --help'
! rudder: no command; see 'rudder --help'

# jq goes on after an error and ends with 0: the line is not mistaken for one that was dropped
$ rudder filter --trust-eof -- jq -c '{id, b: .a.b}' 2>err; echo $?; grep -c '^jq: error' err; tail -n 1 err
< {"id":1,"a":{"b":1}}
< {"id":2,"a":"x"}
< {"id":3,"a":{"b":3}}
> {"id":1,"b":1}
> {"id":3,"b":3}
> 65
> 1
> rudder filter: 'jq' reported an error, left out a line and went on: its output is incomplete; catch it in the program, as in 'try A catch B'

# what is caught is not an error, and other messages are passed on
$ rudder filter --trust-eof -- jq -c '("not jq: error" | debug) as $x | {id, b: (try .a.b catch null)}' 2>err; echo $?; grep -c 'not jq: error' err
< {"id":2,"a":"x"}
> {"id":2,"b":null}
> {"_rudder":{"type":"end","stream":"rows","rows":1,"rejects":0,"skips":0}}
> 0
> 1

# a jq that rounds gets no number that it would change, which may be an id; the
# others pass, and so do texts
$ cat >in; printf '#!/bin/sh\n[ "$1" = --version ] && echo jq-$V && exit\nexec cat\n' >jq; chmod +x jq; for V in 1.6 1.5rc1 1.7 1.8.1 1.10 2.0; do export V; rudder filter -- ./jq . <in | tail -n 1; done; V=1.6 rudder filter -- ./jq . <in
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r0000000000000000001"}}
< {"id":9007199254740993}
< {"id":2,"p":49.90,"s":"9007199254740993"}
< {"id":4,"s":{"a":[0.1234567890123456789]}}
< {"_rudder":{"type":"end","stream":"rows","rows":3}}
> {"_rudder":{"type":"end","stream":"rows","rows":1,"rejects":2,"skips":0}}
> {"_rudder":{"type":"end","stream":"rows","rows":1,"rejects":2,"skips":0}}
> {"_rudder":{"type":"end","stream":"rows","rows":3,"rejects":0,"skips":0}}
> {"_rudder":{"type":"end","stream":"rows","rows":3,"rejects":0,"skips":0}}
> {"_rudder":{"type":"end","stream":"rows","rows":3,"rejects":0,"skips":0}}
> {"_rudder":{"type":"end","stream":"rows","rows":3,"rejects":0,"skips":0}}
> {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r0000000000000000001"}}
> {"_rudder":{"type":"reject","stage":"filter","line":2,"reason":"jq before 1.7 would round a number of this length: cast it to text in the model, or update jq","record":"{\"id\":9007199254740993}"}}
> {"_rudder":{"type":"reject","stage":"filter","line":4,"reason":"jq before 1.7 would round a number of this length: cast it to text in the model, or update jq","record":"{\"id\":4,\"s\":{\"a\":[0.1234567890123456789]}}"}}
> {"id":2,"p":49.90,"s":"9007199254740993"}
> {"_rudder":{"type":"end","stream":"rows","rows":1,"rejects":2,"skips":0}}
! rudder filter: 2 of 3 lines rejected: 2 × jq before 1.7 would round a number of this length: cast it to text in the model, or update jq (from line 2)
! rudder filter: 2 of 3 lines rejected: 2 × jq before 1.7 would round a number of this length: cast it to text in the model, or update jq (from line 2)
! rudder filter: 2 of 3 lines rejected: 2 × jq before 1.7 would round a number of this length: cast it to text in the model, or update jq (from line 2)
? 1

# what it prints has the same limit
$ rudder filter --max-line 64 -- sh -c 'cat >/dev/null; printf "{\"a\":\"%0100d\"}\n" 1'
< {"id":1}
< {"_rudder":{"type":"end","stream":"rows","rows":1}}
! rudder filter: 'sh' printed a line that is too long (--max-line) in line 1
? 65
