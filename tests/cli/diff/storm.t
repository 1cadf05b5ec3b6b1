# a change of nearly every row is pointed out, with the columns to blame
$ seq 1 1200 | sed 's/.*/{"id":&,"v":1,"d\\"":1,"x":&,"old":0}/' >old; seq 1 1200 | sed 's/.*/{"id":&,"v":1.0,"d\\"":"1","w":null,"x":&}/; s/"x":1200/"x":0/' >new; rudder-diff --rebase -k id -s st --trust-eof old >/dev/null; rudder-diff -s st --trust-eof new | tail -n 1 | grep -o '"updates":[0-9]*'
> "updates":1200
! rudder-diff: warning: 1200 of 1200 rows have changed; check for a new column, a different time zone or a different value format: in most of 256 sampled rows: d" (256), old (256, gone), w (256, new)

# a column that does not count is not to blame, nor that it counts no more
$ seq 1 1200 | sed 's/.*/{"id":&,"a":1,"b":1,"c":1}/' >old; seq 1 1200 | sed 's/.*/{"id":&,"a":2,"b":2,"c":2}/' >new; for o in a,c c; do rudder-diff --rebase --ignore a,c -k id -s st --trust-eof old >/dev/null; rudder-diff -s st --ignore "$o" --trust-eof new | tail -n 1 | grep -o '"updates":[0-9]*'; done; rudder-diff --rebase -k id -s st --trust-eof old >/dev/null; for i in old new; do rudder-diff -s st --compare id,b --trust-eof $i | grep -c '"update"'; done
> "updates":1200
> "updates":1200
> 0
> 1200
! rudder-diff: warning: 1200 of 1200 rows have changed; check for a new column, a different time zone or a different value format: in most of 256 sampled rows: b (256)
! rudder-diff: warning: 1200 of 1200 rows have changed; check for a new column, a different time zone or a different value format: in most of 256 sampled rows: b (256), a (256, new)
! rudder-diff: warning: 1200 of 1200 rows have changed; check for a new column, a different time zone or a different value format: in most of 256 sampled rows: b (256)

# rows that each changed in another column
$ seq 1 1200 | sed 's/.*/{"id":&}/' >old; seq 1 1200 | sed 's/.*/{"id":&,"c&":1}/' >new; rudder-diff --rebase --keep row -k id -s st --trust-eof old >/dev/null; rudder-diff -s st --trust-eof new | tail -n 1 | grep -o '"updates":[0-9]*'
> "updates":1200
! rudder-diff: warning: 1200 of 1200 rows have changed; check for a new column, a different time zone or a different value format: each in other columns, of 256 sampled rows

# more columns than a message has room for, or than are sampled
$ row() { awk -v n="$1" -v x="$2" 'BEGIN {for (i = 1; i <= 1100; i++) {printf "{\"id\":%d", i; for (c = 1; c <= n; c++) printf ",\"c%d\":%d", c, x; print "}"}}'; }; for n in 20 1024; do row "$n" 1 >old; row "$n" 2 >new; rudder-diff --rebase -k id -s st --trust-eof old >/dev/null; rudder-diff -s st --trust-eof new | tail -n 1 | grep -o '"updates":[0-9]*'; done
> "updates":1100
> "updates":1100
! rudder-diff: warning: 1100 of 1100 rows have changed; check for a new column, a different time zone or a different value format: in most of 256 sampled rows: c1 (256), c2 (256), c3 (256), c4 (256), c5 (256), c6 (256), c7 (256), c8 (256), c9 (256), c10 (256), c11 (256), c12 (256), c13 (256), c14 (256), c15 (256), c16 (256) and 4 more
! rudder-diff: warning: 1100 of 1100 rows have changed; check for a new column, a different time zone or a different value format: the columns are unknown: the state has no sample of earlier rows
