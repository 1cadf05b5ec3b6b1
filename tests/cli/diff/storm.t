# a change of nearly every row is pointed out
$ seq 1 1200 | sed 's/.*/{"id":&,"v":1}/' >old; seq 1 1200 | sed 's/.*/{"id":&,"v":1,"w":null}/' >new; rudder-diff --rebase -k id -s st --trust-eof old >/dev/null; rudder-diff -s st --trust-eof new | tail -n 1 | grep -o '"updates":[0-9]*'
> "updates":1200
! rudder-diff: warning: 1200 of 1200 rows have changed: a new column, or another way to write values?
