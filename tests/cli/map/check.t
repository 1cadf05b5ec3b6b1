# a mapping that fits the columns of the begin line: nothing is written
$ rudder-map --check -t identify -u id -c 'email,name=profile.full' --jq-numbers string
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","columns":[{"name":"id","type":"int"},{"name":"email"},{"name":"name"}]}}

# a column that is not there
$ rudder-map --check -t identify -u id -c 'email,plann'
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","columns":[{"name":"id"},{"name":"email"},{"name":"plan"}]}}
! rudder-map: option '--columns': the rows have no column 'plann'; did you mean 'plan'?
? 78

# two values for one place, seen by the columns
$ rudder-map --check -t identify -u id -C email=x
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","columns":[{"name":"id"},{"name":"email"}]}}
! rudder-map: two values for one target: 'email' is in use, or overlaps a different target
? 78

# by the first row that is not a delete
$ rudder-map --check -t identify -u id -c emial
< {"_rudder":{"type":"begin","v":1,"stream":"changes","run":"r1000000000000000000"}}
< {"_rudder":{"type":"change","action":"delete","id":"1","change":"0123456789abcdef0123456789abcdef"},"id":1}
< {"id":1,"email":"x"}
! rudder-map: option '--columns': the rows have no column 'emial'; did you mean 'email'?
? 78

# by a sample without a begin line; a program is compiled
$ rudder-map --check -u id -t identify -j '{traits: .}'; echo $?; echo '{"id":1}' | rudder-map --check -u idd -j '{'
< {"id":1,"email":"x"}
> 0
! rudder-map:   {
! rudder-map:    ^
! rudder-map: jq program, line 1, column 2: syntax error, unexpected end of program
? 78

# nothing to judge by
$ rudder-map --check -t identify -u id
! rudder-map: nothing to check the mapping against: the input has neither a row nor a begin line with columns
? 65

# an invalid row
$ rudder-map --check -t identify -u id
< {"id":01}
! rudder-map: line 1: byte 8: number with a leading zero
? 65
