# a change of nearly every row is pointed out
$ seq 1 1200 | sed 's/.*/{"id":&,"v":1}/' >old; seq 1 1200 | sed 's/.*/{"id":&,"v":1,"w":null}/' >new; rudder-diff --rebase -k id -s st --trust-eof old >/dev/null; rudder-diff -s st --trust-eof new | tail -n 1 | grep -o '"updates":[0-9]*'
> "updates":1200
! rudder-diff: warning: 1200 of 1200 rows have changed: a new column, or another way to write values? --keep lets a run say in which columns

# with the columns that most rows changed in, where values are kept
$ seq 1 1200 | sed 's/.*/{"id":&,"v":1,"d\\"":1,"x":&}/' >old; seq 1 1200 | sed 's/.*/{"id":&,"v":1.0,"d\\"":"1","w":null,"x":&}/; s/"x":1200/"x":0/' >new; rudder-diff --rebase --keep row -k id -s st --trust-eof old >/dev/null; rudder-diff -s st --trust-eof new | tail -n 1 | grep -o '"updates":[0-9]*'
> "updates":1200
! rudder-diff: warning: 1200 of 1200 rows have changed: a new column, or another way to write values? in most of them: d", w

# rows that each changed in another column
$ seq 1 1200 | sed 's/.*/{"id":&}/' >old; seq 1 1200 | sed 's/.*/{"id":&,"c&":1}/' >new; rudder-diff --rebase --keep row -k id -s st --trust-eof old >/dev/null; rudder-diff -s st --trust-eof new | tail -n 1 | grep -o '"updates":[0-9]*'
> "updates":1200
! rudder-diff: warning: 1200 of 1200 rows have changed: a new column, or another way to write values? each in other columns
