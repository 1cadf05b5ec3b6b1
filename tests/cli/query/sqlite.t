# declared types where they lose nothing, values by their own types
$ sqlite3 a.db "CREATE TABLE t (i INTEGER, b BOOLEAN, d DECIMAL(10,2), day DATE, at TIMESTAMP, clock TIME, f REAL, s TEXT, j JSON, x BLOB, u)" "INSERT INTO t VALUES (9223372036854775807, 1, 1.5, '2004-10-19', '2004-10-19 10:23:54.250', '10:23', 0.1, 'Zoë \"q\"', '{\"a\": [1, 2]}', x'00ff10', 'free'), (-9223372036854775808, 0, 12, '2004-10-19 00:00:01', '2004-10-19T10:23Z', '10:23:54.5', 1e300, '', 'no json', '', 2.5), (NULL, 2, 'x', 'soon', 1098181434, 'noon', 9e999, NULL, NULL, NULL, x'00')"; rudder-query -d sqlite:a.db -t t | sed 's/"run":"[^"]*","model":"[^"]*"/"run":"R","model":"M"/'
> {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"R","model":"M","columns":[{"name":"i","type":"int"},{"name":"b","type":"boolean"},{"name":"d","type":"decimal"},{"name":"day","type":"date"},{"name":"at","type":"datetime"},{"name":"clock","type":"time"},{"name":"f","type":"float"},{"name":"s","type":"string"},{"name":"j","type":"json"},{"name":"x","type":"binary"},{"name":"u","type":"any"}]}}
> {"i":9223372036854775807,"b":true,"d":1.5,"day":"2004-10-19T00:00:00Z","at":"2004-10-19T10:23:54.25Z","clock":"0000-01-01T10:23:00Z","f":0.1,"s":"Zoë \"q\"","j":{"a":[1,2]},"x":"AP8Q","u":"free"}
> {"i":-9223372036854775808,"b":false,"d":12,"day":"2004-10-19T00:00:01Z","at":"2004-10-19T10:23:00Z","clock":"0000-01-01T10:23:54.5Z","f":1e+300,"s":"","j":"no json","x":"","u":2.5}
> {"i":null,"b":2,"d":"x","day":"soon","at":1098181434,"clock":"noon","f":"Infinity","s":null,"j":null,"x":null,"u":"AA=="}
> {"_rudder":{"type":"end","stream":"rows","rows":3,"rejects":0,"skips":0}}

# a model file with comments and a semicolon, and its columns
$ sqlite3 a.db 'CREATE TABLE "o""x" (id INT, "na me" VARCHAR(9))' "INSERT INTO [o\"x] VALUES (1, 'a'), (2, 'b')"; printf -- '-- a; b\nSELECT "na me" AS n, id, id + 1 AS [c;] FROM "o""x" /* ; */\nORDER BY id DESC; -- end' >m.sql; rudder-query -d sqlite:a.db m.sql | tail -n +2; rudder-query -d sqlite:a.db m.sql --columns; rudder-query -d sqlite:a.db - --limit 1 <m.sql | tail -n +2; rudder-query -d sqlite:a.db -t '"o""x"' | sed -n 2p
> {"n":"b","id":2,"c;":3}
> {"n":"a","id":1,"c;":2}
> {"_rudder":{"type":"end","stream":"rows","rows":2,"rejects":0,"skips":0}}
> n	VARCHAR(9)	string
> id	INT	int
> c;	-	any
> {"n":"b","id":2,"c;":3}
> {"_rudder":{"type":"end","stream":"rows","rows":1,"rejects":0,"skips":0,"partial":true}}
> {"id":1,"na me":"a"}

# wrong models, each with the reason
$ sqlite3 a.db 'CREATE TABLE t (a)'; q() { rudder-query -d sqlite:a.db -e "$1"; }; q 'SELECT 1 AS a, 2 AS a'; q 'SELECT 1 AS _rudder'; q 'SELECT 1; SELECT 2'; q '-- nothing'; q 'DELETE FROM t'; q 'SELECT a)'; q "SELECT 'x"; q 'SELECT (1'; q "SELECT nosuch FROM t"; q 'SELECT ?'; rudder-query -d sqlite:a.db -t u
! rudder-query: column 'a' is there twice; rename one with AS
! rudder-query: column '_rudder': this name is reserved; rename it with AS
! rudder-query: model '-e' line 1: more than one statement
! rudder-query: model '-e' is empty
! rudder-query: model '-e' line 1: not a SELECT
! rudder-query: model '-e' line 1: a ')' without its '('
! rudder-query: model '-e' line 1: a string without its end
! rudder-query: model '-e': a '(' without its ')'
! rudder-query: model '-e' line 1: SQLite: no such column: nosuch
! rudder-query: model '-e' has a parameter without value
! rudder-query: model 'u' line 1: SQLite: no such table: u
? 78

# nothing is written, no file is made
$ rudder-query -d sqlite:no.db -t t; echo $?; ls; echo 'not a database, but long enough to be read as one' >b.db; rudder-query -d sqlite:b.db -t t
> 66
! rudder-query: cannot open 'no.db': No such file or directory
! rudder-query: model 't' line 1: SQLite: file is not a database
? 65

# bytes that are no text
$ sqlite3 a.db 'CREATE TABLE t (id INT, s TEXT)' "INSERT INTO t VALUES (1, 'a'), (2, CAST(x'e974e9' AS TEXT)), (3, 'c')"; rudder-query -d sqlite:a.db -t t --max-rejects 1 | tail -n +2
> {"id":1,"s":"a"}
> {"_rudder":{"type":"reject","stage":"query","line":2,"reason":"column 's': invalid UTF-8"}}
> {"id":3,"s":"c"}
> {"_rudder":{"type":"end","stream":"rows","rows":2,"rejects":1,"skips":0}}
! rudder-query: 1 of 3 rows refused

# a time limit
$ sqlite3 a.db 'CREATE TABLE t (a)'; rudder-query -d sqlite:a.db --timeout 50ms -e 'WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r) SELECT max(i) AS m FROM r' >out; s=$?; wc -l <out; exit $s
> 1
! rudder-query: SQLite: longer than --timeout
? 75

# the source from the environment, an operand too many
$ sqlite3 a.db 'CREATE TABLE t (a)'; export RUDDER_SOURCE=sqlite:a.db; rudder-query -t t | tail -n 1; rudder-query; rudder-query -t t -e 'SELECT 1'
> {"_rudder":{"type":"end","stream":"rows","rows":0,"rejects":0,"skips":0}}
! rudder-query: no model: give a file, -e <SQL> or -t <table>
! rudder-query: more than one model: give a file, -e <SQL> or -t <table>
? 64

# parameters
$ sqlite3 a.db 'CREATE TABLE t (id INT, s TEXT)' "INSERT INTO t VALUES (1, 'a'), (2, 'b'), (3, 'c')"; rudder-query -d sqlite:a.db -e "SELECT id, ':s' AS x FROM t WHERE id > :id AND s <> :s" -P id=1 -P 's=c' | sed -n '2,$p'; q() { rudder-query -d sqlite:a.db "$@"; }; q -t t -P a=1; q -e 'SELECT :a AS a' -P 1=1; q -e 'SELECT :a AS a' -P a=1 -P a=2; q -e 'SELECT :a AS a' -P a
> {"id":2,"x":":s"}
> {"_rudder":{"type":"end","stream":"rows","rows":1,"rejects":0,"skips":0}}
! rudder-query: model 't' does not use the parameter :a
! rudder-query: option '--param': '1=1' is not name=value
! rudder-query: parameter 'a' is there twice
! rudder-query: option '--param': 'a' is not name=value
? 64

# check
$ sqlite3 a.db 'CREATE TABLE t (id INT)'; rudder-query -d sqlite:a.db --check -t t | sed 's/SQLite .*/SQLite/'; rudder-query -d sqlite:a.db --check -t u | sed 's/SQLite .*/SQLite/'; rudder-query -d sqlite:b.db --check -t u; printf 'a,b\n1,2\n' | rudder-query -d csv:- --check
> connection	ok	SQLite
> listing	ok	1 tables
> model	ok	1 columns
> connection	ok	SQLite
> listing	ok	1 tables
> model	failed
> connection	failed
> connection	ok	the file is open
> model	ok	2 columns
! rudder-query: model 'u' line 1: SQLite: no such table: u
! rudder-query: cannot open 'b.db': No such file or directory

# a cursor: what is new, and how far it came; as SQLite compares it
$ sqlite3 a.db 'CREATE TABLE t (id INT, at TIMESTAMP)' "INSERT INTO t VALUES (3, '2024-01-03 00:00:00'), (1, '2024-01-01 00:00:00'), (2, '2024-01-02 00:00:00'), (4, NULL)"; q() { rudder-query -d sqlite:a.db -t t "$@" | tail -n +2; }; q --cursor id; q --cursor at --since '2024-01-02 00:00:00'; q --cursor id --since 4; q --cursor at | tail -n 1; rudder-query -d sqlite:a.db -t t --cursor no; rudder-query -d sqlite:a.db -t t --since 3
> {"id":1,"at":"2024-01-01T00:00:00Z"}
> {"id":2,"at":"2024-01-02T00:00:00Z"}
> {"id":3,"at":"2024-01-03T00:00:00Z"}
> {"id":4,"at":null}
> {"_rudder":{"type":"end","stream":"rows","rows":4,"rejects":0,"skips":0,"cursor":{"column":"id","value":4}}}
> {"id":3,"at":"2024-01-03T00:00:00Z"}
> {"_rudder":{"type":"end","stream":"rows","rows":1,"rejects":0,"skips":0,"partial":true,"cursor":{"column":"at","value":"2024-01-03 00:00:00"}}}
> {"_rudder":{"type":"end","stream":"rows","rows":0,"rejects":0,"skips":0,"partial":true,"cursor":{"column":"id","value":"4"}}}
> {"_rudder":{"type":"end","stream":"rows","rows":4,"rejects":0,"skips":0,"cursor":{"column":"at","value":"2024-01-03 00:00:00"}}}
! rudder-query: the model has no column 'no'
! rudder-query: --since needs --cursor
? 64
