# what a stage writes when it fails: one line, with its status
$ rudder-query -d csv:none.csv | cat
> {"_rudder":{"type":"abort","stage":"query","status":66,"reason":"cannot open 'none.csv': No such file or directory"}}
! rudder-query: cannot open 'none.csv': No such file or directory

# also where the command line is wrong
$ for t in query map diff send; do rudder-$t --nonsense 2>/dev/null | sed 's/,"reason".*//'; done
> {"_rudder":{"type":"abort","stage":"query","status":64
> {"_rudder":{"type":"abort","stage":"map","status":64
> {"_rudder":{"type":"abort","stage":"diff","status":64
> {"_rudder":{"type":"abort","stage":"send","status":64

# not where no stream was asked for, or the format has no control lines
$ rudder-query -d csv:none.csv --check 2>&1 | grep -c '"abort"'; rudder-query -d csv:none.csv --columns 2>&1 | grep -c '"abort"'; rudder-diff -s none --status 2>&1 | grep -c '"abort"'; rudder-diff -s none --dump 2>&1 | grep -c '"abort"'; rudder-map -u id -t nothing --check 2>&1 </dev/null | grep -c '"abort"'; rudder-map -u id -t nothing --print-mapping 2>&1 | grep -c '"abort"'; printf 'x\n' | rudder-diff --format debezium 2>&1 | grep -c '"abort"'; printf 'x\n' | rudder-send -d rudder:http://127.0.0.1:1 -n --as-curl 2>&1 | grep -c '"abort"'; printf '{"type":"identify"}\n' | rudder-send -d stdout: --receipts receipts 2>/dev/null; grep -c '"abort"' receipts
> 0
> 0
> 0
> 0
> 0
> 0
> 0
> 0
> {"type":"identify"}
> 1

# nor where the output is what failed
$ seq 100000 | sed 's/.*/{"id":&}/' | rudder-map -t identify -u id >/dev/full
? 74
! rudder-map: cannot write output: No space left on device

# a stage passes on the line that it read, says nothing, and ends with its status
$ cat | rudder-map -t identify -u id --trust-eof | sed 1d
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r0000000000000000001"}}
< {"_rudder":{"type":"reject","stage":"query","line":1,"reason":"no"}}
< {"_rudder":{"type":"abort","stage":"query","status":69,"reason":"gone \u001b[2J \"away\"","more":1}}
< {"_rudder":{"type":"reject","stage":"query","line":2,"reason":"no"}}
< {"_rudder":{"type":"abort","stage":"other","status":75,"reason":"second"}}
< {"_rudder":{"type":"end","stream":"rows","rows":0,"rejects":2}}
> {"_rudder":{"type":"reject","stage":"query","line":1,"reason":"no"}}
> {"_rudder":{"type":"reject","stage":"query","line":2,"reason":"no"}}
> {"_rudder":{"type":"abort","stage":"query","status":69,"reason":"gone  [2J \"away\""}}

# the status of each stage is that of the line
$ cat >in; cat in | rudder-map -t identify -u id >/dev/null; echo $?; cat in | rudder-diff -k id -s st >/dev/null; echo $?; cat in | rudder-send -d null: >/dev/null; echo $?; cat in | rudder-diff --commit -s st; echo $?
< {"_rudder":{"type":"abort","stage":"query","status":71,"reason":"no memory"}}
> 71
> 71
> 71
> 71

# a status or reason without sense
$ cat | rudder-map -t identify -u id
< {"_rudder":{"type":"abort","stage":["x"],"status":1000,"reason":7}}
> {"_rudder":{"type":"abort","stage":"previous","status":65,"reason":""}}
? 65

# -v reports it
$ cat | rudder-map -v -t identify -u id 2>err >/dev/null; rc=$?; sed '/Landlock/d' err >&2; exit $rc
< {"_rudder":{"type":"abort","stage":"query","status":69,"reason":"no route"}}
! rudder-map: stopped: the query stage failed with status 69: no route
? 69

# one in a file is reported: nobody else has
$ cat >in; rudder-map -t identify -u id <in
< {"_rudder":{"type":"abort","stage":"query","status":69,"reason":"no route"}}
> {"_rudder":{"type":"abort","stage":"query","status":69,"reason":"no route"}}
! rudder-map: the input is incomplete: the query stage failed with status 69: no route
? 69

# also in one of two files, of which nothing is deleted
$ cat >new; printf '{"id":1}\n{"id":2}\n' >old; rudder-diff -k id old new | grep -v begin; rudder-diff -k id --sorted old new | grep -v begin; rudder-diff -k id new old
< {"id":2}
< {"_rudder":{"type":"abort","stage":"query","status":69,"reason":"no route"}}
> {"_rudder":{"type":"abort","stage":"query","status":69,"reason":"no route"}}
> {"_rudder":{"type":"abort","stage":"query","status":69,"reason":"no route"}}
> {"_rudder":{"type":"abort","stage":"query","status":69,"reason":"no route"}}
! rudder-diff: the input is incomplete: the query stage failed with status 69: no route
! rudder-diff: the input is incomplete: the query stage failed with status 69: no route
! rudder-diff: the input is incomplete: the query stage failed with status 69: no route
? 69

# no deletes and no end behind it, whatever the options and the counts say
$ cat >in; printf '{"id":1}\n{"id":2}\n{"id":3}\n' >old; rudder-diff -k id -s st --rebase --trust-eof <old >/dev/null; cat in | rudder-diff -k id -s st --mode mirror --trust-eof --any-counts --max-deletes 100% | grep -v begin
< {"_rudder":{"type":"begin","v":1,"stream":"rows"}}
< {"id":1}
< {"_rudder":{"type":"abort","stage":"query","status":69,"reason":"no route"}}
< {"_rudder":{"type":"end","stream":"rows","rows":1}}
> {"_rudder":{"type":"abort","stage":"query","status":69,"reason":"no route"}}

# a stage without an end or an abort in its input says so, and aborts
$ cat | rudder-map -t identify -u id | sed 1d
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r0000000000000000001"}}
> {"_rudder":{"type":"abort","stage":"map","status":65,"reason":"input ended without its end line after 0 rows: the command that writes it was killed or failed","run":"r0000000000000000001"}}
! rudder-map: input ended without its end line after 0 rows: the command that writes it was killed or failed

# a failure of its own before it is the one that goes on
$ cat | rudder-map -t identify -u id --max-rejects 0 2>/dev/null | tail -n 1 | sed 's/,"reason".*//'
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r0000000000000000001"}}
< {"id":1}
< no JSON
< {"_rudder":{"type":"abort","stage":"query","status":69,"reason":"no route"}}
> {"_rudder":{"type":"abort","stage":"map","status":65

# the commit applies all receipts, then ends with the status
$ cat >in; printf '{"id":1}\n{"id":2}\n' >rows; cat rows | rudder-diff -k id -s st --trust-eof | tee ch | sed -n 's/.*"change":"\(........\)\(....\)\(....\)\(....\)\(............\)".*/{"messageId":"\1-\2-\3-\4-\5","status":"accepted"}/p' >receipts; sed 1q ch >r; sed 1q receipts >>r; cat in >>r; sed 1d receipts >>r; cat r | rudder-diff --commit -s st; echo $?; cat rows | rudder-diff -k id -s st --trust-eof | grep -c '"change"'
< {"_rudder":{"type":"abort","stage":"send","status":77,"reason":"wrong key"}}
> 77
> 0
? 1
