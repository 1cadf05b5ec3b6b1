# the command's rows, and its status as the word that they are all
$ rudder-query -d "exec:echo '{\"a\":1}'; echo '{\"a\":2}'" | tail -n +2
> {"a":1}
> {"a":2}
> {"_rudder":{"type":"end","stream":"rows","rows":2,"rejects":0,"skips":0}}

# a command that fails: no end line
$ rudder-query -d "exec:echo '{\"a\":1}'; exit 3" >out; s=$?; tail -n +2 out; exit $s
> {"a":1}
! rudder-query: the command failed with status 3
? 65

# a command that is killed: no end line
$ rudder-query -d "exec:echo '{\"a\":1}'; kill -KILL \$\$" >out; s=$?; tail -n +2 out; exit $s
> {"a":1}
! rudder-query: the command was killed by signal 9
? 65

# a command that is not there
$ rudder-query -d "exec:nosuch-command 2>/dev/null" >out; s=$?; tail -n +2 out; exit $s
! rudder-query: the command failed with status 127
? 65

# it reads our standard input
$ rudder-query -d 'exec:cat' | sed -n 2p
< {"a":1}
> {"a":1}

# a limit stops it
$ rudder-query -d "exec:while :; do echo '{\"a\":1}'; done" --limit 2 | tail -n +2
> {"a":1}
> {"a":1}
> {"_rudder":{"type":"end","stream":"rows","rows":2,"rejects":0,"skips":0,"partial":true}}

# a reject stops it
$ rudder-query -d "exec:while :; do echo no; done" | tail -n +2
> {"_rudder":{"type":"reject","stage":"query","line":1,"reason":"byte 1: not an object","record":"no"}}
! rudder-query: line 1: byte 1: not an object; 1 rejected, more than --max-rejects 0

# no command
$ rudder-query -d exec:
! rudder-query: source: no command in 'exec:'
? 64

# --timeout ends the command and all that it has started, whatever they do with SIGTERM or their output
$ for c in 'sleep 61' 'sleep 62 & wait' 'exec >&-; trap "" TERM; sleep 63' 'while :; do echo "{\"a\":1}"; done' '(trap "" TERM; sleep 64) & sleep 65'; do timeout 30 rudder-query -d "exec:$c" --timeout 300ms >out; echo $?; done; for p in /proc/[0-9]*; do { tr '\0' ' ' <$p/cmdline | grep -x 'sleep 6[1-5] '; } 2>/dev/null; done; true
> 75
> 75
> 75
> 75
> 75
! rudder-query: timed out (--timeout)
! rudder-query: timed out (--timeout)
! rudder-query: timed out (--timeout)
! rudder-query: timed out (--timeout)
! rudder-query: timed out (--timeout)

# and the wait for a producer that stalls
$ mkfifo p; for s in csv ndjson singer; do sleep 20 >p & timeout 15 rudder-query -d $s:p --timeout 300ms >out; echo $?; kill $!; done
> 75
> 75
> 75
! rudder-query: 'p': timed out (--timeout)
! rudder-query: 'p': timed out (--timeout)
! rudder-query: 'p': timed out (--timeout)
