# what differs between two files
$ printf '{"id":1,"a":"x"}\n{"id":2,"a":"y"}\n{"id":3,"a":"z"}\n' >old; rudder-diff -k id old /dev/stdin | sed 's/"run":"[^"]*"/"run":"R"/'
< {"id":3,"a":"z"}
< {"id":2,"a":"Y"}
< {"id":4,"a":"w"}
> {"_rudder":{"type":"begin","stream":"changes","v":1,"run":"R","key":["id"],"mode":"mirror"}}
> {"_rudder":{"type":"change","action":"update","id":"2","change":"8c71ac89a87e8ce0a13610c2a87dd0c7"},"id":2,"a":"Y"}
> {"_rudder":{"type":"change","action":"insert","id":"4","change":"079bdfe7335a8e44aae18d078f9b68c7"},"id":4,"a":"w"}
> {"_rudder":{"type":"change","action":"delete","id":"1","change":"dd0049599d1e8c8395309c9ed83f936f"},"id":1}
> {"_rudder":{"type":"end","stream":"changes","changes":3,"rejects":0,"skips":0,"rows":3,"inserts":1,"updates":1,"deletes":1,"unchanged":1,"ignored":0,"blocked":0}}

# order of members, white space, escapes and number forms do not count
$ printf '{"id":1,"a":"\\u00e9/","n":1.50,"o":{"x":[1,{"p":1,"q":2}],"y":null}}\n' >old; rudder-diff -k id old /dev/stdin | tail -n 1
< { "o" : {"y": null, "x":[ 1.0, {"q":2e0,"p":1}]}, "n":15e-1, "a":"é\/", "id":1.0 }
> {"_rudder":{"type":"end","stream":"changes","changes":0,"rejects":0,"skips":0,"rows":1,"inserts":0,"updates":0,"deletes":0,"unchanged":1,"ignored":0,"blocked":0}}

# null, missing, empty, 0 and "0" are five things
$ printf '{"id":1,"a":null}\n{"id":2}\n{"id":3,"a":""}\n{"id":4,"a":0}\n{"id":5,"a":"0"}\n' >old; rudder-diff -k id old /dev/stdin | sed -n 's/.*"action":"\([a-z]*\)","id":"\([0-9]\)".*/\1 \2/p'
< {"id":1}
< {"id":2,"a":null}
< {"id":3,"a":null}
< {"id":4,"a":"0"}
< {"id":5,"a":0}
> update 1
> update 2
> update 3
> update 4
> update 5

# the digits of a number beyond 2^53 count
$ printf '{"id":9007199254740993}\n' >old; rudder-diff -k id old /dev/stdin | sed -n 's/.*"action":"\([a-z]*\)","id":"\([0-9]*\)".*/\1 \2/p'
< {"id":9007199254740992}
> insert 9007199254740992
> delete 9007199254740993

# a key of two columns
$ printf '{"c":"de","n":1,"v":1}\n{"c":"at","n":1,"v":1}\n' >old; rudder-diff -k c,n old /dev/stdin | grep '"change"' | sed 's/"change":"[0-9a-f]*"/"change":"C"/'
< {"v":2,"n":1,"c":"de"}
> {"_rudder":{"type":"change","action":"update","id":"[\"de\",1]","change":"C"},"v":2,"n":1,"c":"de"}
> {"_rudder":{"type":"change","action":"delete","id":"[\"at\",1]","change":"C"},"c":"at","n":1}

# rows without a key, or with one twice, are rejects
$ printf '{"id":1}\n' >old; rudder-diff -k id old /dev/stdin | grep reject
< {"id":1}
< {"id":null,"a":1}
< {"a":1}
< {"id":[1]}
< {"id":1,"a":2}
> {"_rudder":{"type":"reject","stage":"diff","line":2,"reason":"key column 'id' is null","record":"{\"id\":null,\"a\":1}"}}
> {"_rudder":{"type":"reject","stage":"diff","line":3,"reason":"key column 'id' is missing","record":"{\"a\":1}"}}
> {"_rudder":{"type":"reject","stage":"diff","line":4,"reason":"key column 'id' is not a scalar","record":"{\"id\":[1]}"}}
> {"_rudder":{"type":"reject","stage":"diff","id":"1","line":5,"reason":"duplicate key in column 'id'","record":"{\"id\":1,\"a\":2}"}}
> {"_rudder":{"type":"end","stream":"changes","changes":0,"rejects":4,"skips":0,"rows":5,"inserts":0,"updates":0,"deletes":0,"unchanged":1,"ignored":0,"blocked":0}}
! rudder-diff: 4 of 5 rows rejected: 1 × key column 'id' is null (line 2), 1 × key column 'id' is missing (line 3), 1 × key column 'id' is not a scalar (line 4), 1 × duplicate key in column 'id' (line 5)

# lines that are not rows are rejects
$ printf '{"id":1}\n' >old; rudder-diff -k id old /dev/stdin | grep '"reject"'
< {"id":1}
< {"id":2
< 
< {"id":2,"_rudder":{"type":"change"}}
> {"_rudder":{"type":"reject","stage":"diff","line":2,"reason":"byte 8: unexpected end of line","record":"{\"id\":2"}}
> {"_rudder":{"type":"reject","stage":"diff","line":3,"reason":"byte 1: unexpected end of line","record":""}}
> {"_rudder":{"type":"reject","stage":"diff","line":4,"reason":"the row has a member '_rudder'; this name is reserved","record":"{\"id\":2,\"_rudder\":{\"type\":\"change\"}}"}}
! rudder-diff: 3 of 4 rows rejected: 2 × unexpected end of line (from line 2), 1 × the row has a member '_rudder'; this name is reserved (line 4)

# a file that is cut inside its last line is not compared to its end
$ printf '{"id":1}\n{"id":2}\n' >old; printf '{"id":1}\n{"id":2' >new; rudder-diff -k id old new | grep -c _rudder
> 2
! rudder-diff: input truncated inside line 2: the command that writes it was killed or failed

# an old file that cannot be trusted is refused
$ printf '{"id":1}\n{"id":1}\n' >old; rudder-diff -k id old /dev/stdin
< {"id":1}
! rudder-diff: 'old': line 2: duplicate key
? 65

# a missing file
$ rudder-diff -k id nowhere /dev/stdin
! rudder-diff: cannot open 'nowhere': No such file or directory
? 66

# a key column that the rows do not have, where the begin line lists them
$ rudder-diff -k ID -s st >/dev/null
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","columns":[{"name":"id"},{"name":"email"}]}}
< {"id":1,"email":2}
! rudder-diff: the rows have no key column 'ID'; did you mean 'id'?
? 78

$ rudder-diff -k user_key -s st -n >/dev/null
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","columns":[{"name":"id"},{"name":"email"}]}}
< {"id":1,"email":2}
! rudder-diff: the rows have no key column 'user_key'; the columns are: id, email
? 78

$ rudder-diff -k id --identity emial -s st --mode mirror >/dev/null
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","columns":[{"name":"id"},{"name":"email"}]}}
< {"id":1,"email":2}
! rudder-diff: the rows have no identity column 'emial'; did you mean 'email'?
? 78

$ rudder-diff -k idd -s st --rebase
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","columns":[{"name":"id"},{"name":"email"}]}}
< {"id":1,"email":2}
< {"_rudder":{"type":"end","stream":"rows","rows":1}}
! rudder-diff: the rows have no key column 'idd'; did you mean 'id'?
? 78

# else no row may have it
$ printf '' >old; rudder-diff -k ID old /dev/stdin | grep -c '"change"'
< {"id":1,"a":2}
< {"id":2}
> 0
! rudder-diff: the rows have no key column 'ID'; did you mean 'id'?
? 1

# or those at the start have none, and the rest is not read
$ { seq -f '{"id":%g}' 100; echo '{"ID":1}'; } | rudder-diff -k ID -s st --trust-eof | grep -c '"change"'
> 0
! rudder-diff: the rows have no key column 'ID'; did you mean 'id'?
? 1

# one row with it is enough
$ { seq -f '{"id":%g}' 99; echo '{"ID":1}'; seq -f '{"id":%g}' 100; } | rudder-diff -k ID -s st --trust-eof | grep -c '"change"'
> 1
! rudder-diff: 199 of 200 rows rejected: 199 × key column 'ID' is missing (from line 1)

# a column of several, or of the identity
$ printf '{"id":1,"b":null}\n{"b":2}\n' | rudder-diff -k b,email -s st --trust-eof | grep -c '"change"'
> 0
! rudder-diff: the rows have no key column 'email'; the columns are: b
? 1

# a column of the identity
$ printf '{"id":1,"mail":"a"}\n' | rudder-diff -k id --identity email --mode mirror -s st --trust-eof | grep -c '"change"'
> 0
! rudder-diff: the rows have no identity column 'email'; did you mean 'mail'?
? 1

# files sorted by it
$ printf '{"id":1}\n' >old; rudder-diff -k ID --sorted old old
! rudder-diff: 'old': the rows have no key column 'ID'; did you mean 'id'?
? 78

# a column that a program between the two added
$ rudder-diff -k id,n -s st | grep -c insert
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000","columns":[{"name":"id"},{"name":"email"}]}}
< {"id":1,"email":2,"n":3}
< {"_rudder":{"type":"end","stream":"rows","rows":1}}
> 2

# two files need a key
$ rudder-diff old new
! rudder-diff: two files need a key: -k COLUMN
? 64

# one that the rows bring is taken: of the old file, or else of the new one
$ b() { printf '{"_rudder":{"type":"begin","v":1,"stream":"rows","key":%s}}\n' "$1"; }; e() { printf '{"_rudder":{"type":"end","stream":"rows","rows":%s}}\n' "$1"; }; { b '["n"]'; echo '{"id":1,"n":5}'; e 1; } >old; { b '["id"]'; echo '{"id":2,"n":5}'; e 1; } >new; printf '{"id":1,"n":5}\n' >plain; for f in 'old new' 'plain new' '--sorted old new' '-k id old new'; do rudder-diff $f | sed -n '1s/.*"key":\([^]]*\]\).*/\1/p; s/.*"action":"\([a-z]*\)".*/\1/p' | tr '\n' ' '; echo; done
> ["n"] update 
> ["id"] insert delete 
> ["n"] update 
> ["id"] insert delete 

# what is not one is not taken
$ printf '{"_rudder":{"type":"begin","v":1,"stream":"rows","key":"id"}}\n' >old; rudder-diff old old
! rudder-diff: 'old': the key "id" of the begin line is not an array of columns: use -k COLUMN
? 65

# an unknown option is reported, with a similar one
$ rudder-diff --allow-delete=3
! rudder-diff: unknown option '--allow-delete'; did you mean '--allow-deletes'?
? 64

# no input is reported
$ rudder-diff -k id </dev/null
! rudder-diff: no state: use -s FOLDER with rows on standard input, or name two files to compare; see 'rudder-diff --help'
? 64

# a full disk is never success
$ printf '{"id":1}\n' >old; rudder-diff -k id old /dev/stdin >/dev/full
< {"id":2}
! rudder-diff: cannot write output: No space left on device
? 74

# names with commas, quotes and backslashes
$ rudder-diff -k '"a,b","c\"\\d",e' -s st | jq -c '._rudder | .key // .id // empty'
< {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r1000000000000000000"}}
< {"a,b":1,"c\"\\d":2,"e":3}
< {"_rudder":{"type":"end","stream":"rows","rows":1}}
> ["a,b","c\"\\d","e"]
> "[1,2,3]"

$ rudder-diff -k '"a,b' -s st </dev/null
! rudder-diff: columns '"a,b': a name in quotes ends with a quote and a comma
? 64

$ rudder-diff -k 'a,"b"c' -s st </dev/null
! rudder-diff: columns '"b"c': a name in quotes ends with a quote and a comma
? 64

$ rudder-diff -k 'a,,b' -s st </dev/null
! rudder-diff: a key column without a name
? 64

# sizes in small letters
$ rudder-diff -k id --memory 64k -s st -n --trust-eof | grep -c '"insert"'
< {"id":1}
> 1
! rudder-diff: dry run: 1 row, 1 insert
