# declared types where they lose nothing, values by their own types
$ sqlite3 a.db "CREATE TABLE t (i INTEGER, b BOOLEAN, d DECIMAL(10,2), day DATE, at TIMESTAMP, clock TIME, f REAL, s TEXT, j JSON, x BLOB, u)" "INSERT INTO t VALUES (9223372036854775807, 1, 1.5, '2004-10-19', '2004-10-19 10:23:54.250', '10:23', 0.1, 'Zoë \"q\"', '{\"a\": [1, 2]}', x'00ff10', 'free'), (-9223372036854775808, 0, 12, '2004-10-19 00:00:01', '2004-10-19T10:23Z', '10:23:54.5', 1e300, '', 'no json', '', 2.5), (NULL, 2, 'x', 'soon', 1098181434, 'noon', 9e999, NULL, NULL, NULL, x'00')"; rudder-query -d sqlite:a.db -t t | sed 's/"run":"[^"]*","model":.*"clock":"[^"]*"/"run":"R","model":"M"/'
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
! rudder-query: duplicate column 'a'; rename one with AS
! rudder-query: column '_rudder': this name is reserved; rename it with AS
! rudder-query: model '--sql' line 1: more than one statement
! rudder-query: model '--sql' is empty
! rudder-query: model '--sql' line 1: not a SELECT
! rudder-query: model '--sql' line 1: a ')' without a '('
! rudder-query: model '--sql' line 1: an unterminated string
! rudder-query: model '--sql': a '(' without a ')'
! rudder-query: model '--sql' line 1: SQLite: no such column: nosuch
! rudder-query: model '--sql' line 1: this parameter has no name; write :name and use -P NAME=VALUE
! rudder-query: model 'u': SQLite: no such table: u
? 78

# a parameter without a name would have the value of :a or of the cursor
$ for m in 'SELECT ? AS x, :a AS y' 'SELECT :a AS y, ?1 AS x' 'SELECT $x AS x, :a AS y' 'SELECT @x AS x, :a AS y' 'SELECT:b AS x, :a AS y'; do rudder-query -d sqlite:a.db -P a=7 -e "$m"; echo $?; done; rudder-query -d sqlite:a.db --cursor x --since 5 -e 'SELECT 6 AS x, ? AS y'; sqlite3 a.db 'CREATE TABLE t (a)'; rudder-query -d sqlite:a.db -P a=7 -e "SELECT:a AS x, '?\$1' AS [?]" | sed -n 2p
> 78
> 78
> 78
> 78
> 78
> {"x":"7","?":"?$1"}
! rudder-query: model '--sql' line 1: this parameter has no name; write :name and use -P NAME=VALUE
! rudder-query: model '--sql' line 1: this parameter has no name; write :name and use -P NAME=VALUE
! rudder-query: model '--sql' line 1: this parameter has no name; write :name and use -P NAME=VALUE
! rudder-query: model '--sql' line 1: this parameter has no name; write :name and use -P NAME=VALUE
! rudder-query: model '--sql' line 1: ':b': this parameter has no value; use -P NAME=VALUE
! rudder-query: model '--sql' line 1: this parameter has no name; write :name and use -P NAME=VALUE

# a condition behind a comment that ends in CR alone is not read as part of it
$ sqlite3 a.db 'CREATE TABLE t (a)' 'INSERT INTO t VALUES (1), (2)'; printf 'SELECT a -- the column\rFROM t\rWHERE a > 1' >m.sql; rudder-query -d sqlite:a.db m.sql; echo $?; printf 'SELECT a -- the column\r\nFROM t\rWHERE a > 1\r\n' >m.sql; rudder-query -d sqlite:a.db m.sql | sed -n 2p
> 78
> {"a":2}
! rudder-query: model 'm.sql' line 1: a carriage return in a comment; save the model with line feeds

# a mistyped table, in a model, by -t and with its schema
$ sqlite3 a.db 'CREATE TABLE Customers (a)' 'CREATE VIEW "two words" AS SELECT 1'; q() { rudder-query -d sqlite:a.db "$@"; }; q -e 'SELECT * FROM Custommers'; q -t customer; q --sql 'SELECT 1 FROM main.kustomers'; q -t 'two_words'; q -t nothing
! rudder-query: model '--sql': SQLite: no such table: Custommers; did you mean 'Customers'?
! rudder-query: model 'customer': SQLite: no such table: customer; did you mean 'Customers'?
! rudder-query: model '--sql': SQLite: no such table: main.kustomers; did you mean 'Customers'?
! rudder-query: model 'two_words': SQLite: no such table: two_words; did you mean 'two words'?
! rudder-query: model 'nothing': SQLite: no such table: nothing
? 78

# nothing is written, no file is made
$ rudder-query -d sqlite:no.db -t t; echo $?; ls; echo 'not a database, but long enough to be read as one' >b.db; rudder-query -d sqlite:b.db -t t
> 66
! rudder-query: cannot open 'no.db': No such file or directory
! rudder-query: model 't': SQLite: file is not a database
? 65

# the same for --check
$ echo 'not a database, but long enough to be read as one' >b.db; rudder-query -d sqlite:b.db -t t --check | sed 's/SQLite .*/SQLite/'
> connection	ok	SQLite
> listing	failed
! rudder-query: b.db: file is not a database

# bytes that are not text
$ sqlite3 a.db 'CREATE TABLE t (id INT, s TEXT)' "INSERT INTO t VALUES (1, 'a'), (2, CAST(x'e974e9' AS TEXT)), (3, 'c')"; rudder-query -d sqlite:a.db -t t --max-rejects 1 | tail -n +2
> {"id":1,"s":"a"}
> {"_rudder":{"type":"reject","stage":"query","line":2,"reason":"column 's': invalid UTF-8"}}
> {"id":3,"s":"c"}
> {"_rudder":{"type":"end","stream":"rows","rows":2,"rejects":1,"skips":0}}
! rudder-query: 1 of 3 rows rejected: 1 × column 's': invalid UTF-8 (row 2)

# a time limit
$ sqlite3 a.db 'CREATE TABLE t (a)'; rudder-query -d sqlite:a.db --timeout 50ms -e 'WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r) SELECT max(i) AS m FROM r' >out; s=$?; wc -l <out; exit $s
> 2
! rudder-query: SQLite: timed out (--timeout)
? 75

# the source from the environment, an operand too many
$ sqlite3 a.db 'CREATE TABLE t (a)'; export RUDDER_SOURCE=sqlite:a.db; rudder-query -t t | tail -n 1; rudder-query; rudder-query -t t -e 'SELECT 1'
> {"_rudder":{"type":"end","stream":"rows","rows":0,"rejects":0,"skips":0}}
! rudder-query: no model: use a file, -e SQL or -t TABLE
! rudder-query: more than one model: use only one of a file, -e SQL and -t TABLE
? 64

# parameters
$ sqlite3 a.db 'CREATE TABLE t (id INT, s TEXT)' "INSERT INTO t VALUES (1, 'a'), (2, 'b'), (3, 'c')"; rudder-query -d sqlite:a.db -e "SELECT id, ':s' AS x FROM t WHERE id > :id AND s <> :s" -P id=1 -P 's=c' | sed -n '2,$p'; q() { rudder-query -d sqlite:a.db "$@"; }; q -t t -P a=1; q -e 'SELECT :a AS a' -P 1=1; q -e 'SELECT :a AS a' -P a=1 -P a=2; q -e 'SELECT :a AS a' -P a
> {"id":2,"x":":s"}
> {"_rudder":{"type":"end","stream":"rows","rows":1,"rejects":0,"skips":0}}
! rudder-query: model 't' does not use the parameter :a
! rudder-query: option '--param': '1=1' is not name=value
! rudder-query: duplicate parameter 'a'
! rudder-query: option '--param': 'a' is not name=value
? 64

# check
$ sqlite3 a.db 'CREATE TABLE t (id INT)'; rudder-query -d sqlite:a.db --check -t t | sed 's/SQLite .*/SQLite/'; rudder-query -d sqlite:a.db --check -t u | sed 's/SQLite .*/SQLite/'; rudder-query -d sqlite:b.db --check -t u; printf 'a,b\n1,2\n' | rudder-query -d csv:- --check
> connection	ok	SQLite
> listing	ok	1 table
> model	ok	1 column
> connection	ok	SQLite
> listing	ok	1 table
> model	failed
> connection	failed
> connection	ok	the file is open
> model	ok	2 columns
! rudder-query: model 'u': SQLite: no such table: u
! rudder-query: cannot open 'b.db': No such file or directory

# a cursor: what is new, and how far it came; as SQLite compares it
$ sqlite3 a.db 'CREATE TABLE t (id INT, at TIMESTAMP)' "INSERT INTO t VALUES (3, '2024-01-03 00:00:00'), (1, '2024-01-01 00:00:00'), (2, '2024-01-02 00:00:00'), (4, NULL)"; q() { rudder-query -d sqlite:a.db -t t "$@" | tail -n +2; }; q --cursor id; q --cursor at --since '2024-01-02 00:00:00'; q --cursor id --since 5; q --cursor at | tail -n 1; rudder-query -d sqlite:a.db -t t --cursor no; rudder-query -d sqlite:a.db -t t --since 3
> {"id":1,"at":"2024-01-01T00:00:00Z"}
> {"id":2,"at":"2024-01-02T00:00:00Z"}
> {"id":3,"at":"2024-01-03T00:00:00Z"}
> {"id":4,"at":null}
> {"_rudder":{"type":"end","stream":"rows","rows":4,"rejects":0,"skips":0,"cursor":{"column":"id","type":"int","value":"4"}}}
> {"id":4,"at":null}
> {"id":2,"at":"2024-01-02T00:00:00Z"}
> {"id":3,"at":"2024-01-03T00:00:00Z"}
> {"_rudder":{"type":"end","stream":"rows","rows":3,"rejects":0,"skips":0,"partial":true,"cursor":{"column":"at","type":"datetime","since":"2024-01-02 00:00:00","value":"2024-01-03 00:00:00"}}}
> {"_rudder":{"type":"end","stream":"rows","rows":0,"rejects":0,"skips":0,"partial":true,"cursor":{"column":"id","type":"int","since":"5","value":"5"}}}
> {"_rudder":{"type":"end","stream":"rows","rows":4,"rejects":0,"skips":0,"cursor":{"column":"at","type":"datetime","value":"2024-01-03 00:00:00"}}}
! rudder-query: model 't': --cursor 'no': SQLite: no such column: no
! rudder-query: --since needs --cursor
? 64

# a time that nobody can read would be above all times
$ sqlite3 a.db 'CREATE TABLE t (id INT, at TIMESTAMP, day DATE, s TEXT)' "INSERT INTO t VALUES (1, '2024-01-01 00:00:00', '2024-01-01', '2024-1-1')"; q() { rudder-query -d sqlite:a.db -t t -c id,$1 --cursor $1 --since "$2"; }; q at 2024-1-1; q day yesterday; for v in 's 2024-1-1' 'at 2023' 'at 2024-01-01T02:00+02:00'; do q ${v% *} "${v#* }" | sed -n 2p; done; rudder-query -d sqlite:a.db -e 'SELECT id, upper(s) AS u FROM t' --cursor u --since 2024-1-1 | sed -n 2p
> {"id":1,"s":"2024-1-1"}
> {"id":1,"at":"2024-01-01T00:00:00Z"}
> {"id":1,"at":"2024-01-01T00:00:00Z"}
> {"id":1,"u":"2024-1-1"}
! rudder-query: --since '2024-1-1' is not a time; write it as 2024-01-03T10:00:00Z
! rudder-query: --since 'yesterday' is not a time; write it as 2024-01-03T10:00:00Z

# a number beyond those of 64 bits
$ sqlite3 a.db 'CREATE TABLE t (v REAL)' 'INSERT INTO t VALUES (1e19), (1e22)'; rudder-query -d sqlite:a.db -t t --cursor v --since 9300000000000000000000 | sed -n 2,3p | cut -c 1-20
> {"v":1e+22}
> {"_rudder":{"type":"

# floats whose digits are those of a whole number that is above them
$ sqlite3 a.db 'CREATE TABLE t (id INT, v REAL)' 'INSERT INTO t VALUES (1, 1152921504606846976), (2, 1152921504606846976), (3, 1700000000123456789)'; for m in v 'v * 1'; do rudder-query -d sqlite:a.db -e "SELECT id, $m AS v FROM t" --cursor v --since 1152921504606847000; done | grep -v begin; rudder-query -d sqlite:a.db -e 'SELECT id, -v AS v FROM t' --cursor v --since -1152921504606847000 | grep '^{"id'
> {"id":1,"v":1152921504606847000}
> {"id":2,"v":1152921504606847000}
> {"id":3,"v":1700000000123456800}
> {"_rudder":{"type":"end","stream":"rows","rows":3,"rejects":0,"skips":0,"partial":true,"cursor":{"column":"v","type":"float","since":"1152921504606847000","value":"1700000000123456800"}}}
> {"id":1,"v":1152921504606847000}
> {"id":2,"v":1152921504606847000}
> {"id":3,"v":1700000000123456800}
> {"_rudder":{"type":"end","stream":"rows","rows":3,"rejects":0,"skips":0,"partial":true,"cursor":{"column":"v","type":"any","since":"1152921504606847000","value":"1700000000123456800"}}}
> {"id":1,"v":-1152921504606847000}
> {"id":2,"v":-1152921504606847000}

# options of a cursor that do not fit together
$ sqlite3 a.db 'CREATE TABLE t (id INT, at TIMESTAMP, b BOOLEAN, s TEXT)' "INSERT INTO t VALUES (1, '2024-01-01 00:00:00', 1, 'x')"; q() { rudder-query -d sqlite:a.db -t t "$@" >out || echo $?; }; q --cursor id --since 1 --cursor-state st; q --overlap 1; q --cursor id --overlap 1; q --cursor id --since 1 --overlap 1 --limit 5; q --cursor id --since 1 --overlap 10m; q --cursor at --since '2024-01-01 00:00:00' --overlap 10; q --cursor id --cursor-state st --overlap 10m; q --cursor at --cursor-state st --overlap 10; q --cursor id --since 1 --overlap soon; q --cursor id --since 1 --overlap -1; q --cursor s --since x --overlap 1; q --cursor b; rudder-query -d csv:a --cursor id
> 64
> 64
> 64
> 64
> 64
> 64
> 64
> 64
> 64
> 64
> 64
> 78
! rudder-query: --since and --cursor-state exclude each other
! rudder-query: --overlap needs --cursor
! rudder-query: --overlap needs --cursor-state or --since
! rudder-query: --overlap and --limit exclude each other: a run might never get past the overlap
! rudder-query: --overlap 10m: the cursor is a number, so use a number
! rudder-query: --overlap 10: the cursor is a time, so use a time like 10m
! rudder-query: --overlap 10m: column 'id' is int, so use a number
! rudder-query: --overlap 10: column 'at' is datetime, so use a time like 10m
! rudder-query: option '--overlap': 'soon' is not a number or a time such as 10m
! rudder-query: option '--overlap': '-1' is not a number or a time such as 10m
! rudder-query: --overlap needs a cursor that is a number or a time
! rudder-query: column 'b' (BOOLEAN) cannot be a cursor: its values do not sort like their text
! rudder-query: source 'csv:' does not support --cursor
? 64

# a cursor over values that have no type of their own, numbers beside text
$ sqlite3 a.db 'CREATE TABLE t (id INT, u)' "INSERT INTO t VALUES (1, 5), (2, 9223372036854775807), (3, 10), (4, 'x'), (5, 2.5), (6, '7')"; q() { rudder-query -d sqlite:a.db "$@" | grep -v '"begin"'; }; q -e 'SELECT id + 0 AS n FROM t' --cursor n --since 5; q -t t -c u --cursor u --since 9223372036854775806; q -t t --cursor id --since 4 --overlap 2.5 -c id | sed -n '1p;$p'
> {"n":5}
> {"n":6}
> {"_rudder":{"type":"end","stream":"rows","rows":2,"rejects":0,"skips":0,"partial":true,"cursor":{"column":"n","type":"any","since":"5","value":"6"}}}
> {"u":9223372036854775807}
> {"u":"7"}
> {"u":"x"}
> {"_rudder":{"type":"end","stream":"rows","rows":3,"rejects":0,"skips":0,"partial":true,"cursor":{"column":"u","type":"any","since":"9223372036854775806","value":"x"}}}
> {"id":2}
> {"_rudder":{"type":"end","stream":"rows","rows":5,"rejects":0,"skips":0,"partial":true,"cursor":{"column":"id","type":"int","since":"4","value":"6"}}}

# the overlap keeps the form of the time
$ sqlite3 a.db 'CREATE TABLE t (at TIMESTAMP)' "INSERT INTO t VALUES ('2024-02-29 23:59:59.999'), ('2024-03-01 00:00:00.000'), ('2024-03-01 00:10:00.000')"; q() { rudder-query -d sqlite:a.db -t t --cursor at "$@" | grep '^{"at'; }; q --since '2024-03-01 00:10:00.000' --overlap 10m; echo; q --since '2024-03-01 00:10:00.000' --overlap 600001ms; echo; q --since 2024-03-01 --overlap 1ms
> {"at":"2024-03-01T00:00:00Z"}
> {"at":"2024-03-01T00:10:00Z"}
> 
> {"at":"2024-02-29T23:59:59.999Z"}
> {"at":"2024-03-01T00:00:00Z"}
> {"at":"2024-03-01T00:10:00Z"}
> 
> {"at":"2024-02-29T23:59:59.999Z"}
> {"at":"2024-03-01T00:00:00Z"}
> {"at":"2024-03-01T00:10:00Z"}

# chosen columns of a table
$ sqlite3 a.db 'CREATE TABLE t (id INT, "a,b" TEXT, "q""r" TEXT, z)' "INSERT INTO t VALUES (1, 'x', 'y', 'z')"; q() { rudder-query -d sqlite:a.db "$@" | sed -n '2p'; }; q -t main.t -c 'z,id'; q -t t -c '"a,b","q""r"'; q -t t -c 'id, z'; q -t t -c nosuch; rudder-query -d sqlite:a.db -t t -c 'id,'; rudder-query -d sqlite:a.db -e 'SELECT 1' -c id
> {"z":"z","id":1}
> {"a,b":"x","q\"r":"y"}
> {"id":1,"z":"z"}
! rudder-query: model 't' line 1: SQLite: no such column: nosuch
! rudder-query: 'id,' is not a list of columns
! rudder-query: -c needs -t TABLE, csv: or tsv:
? 64

# decimals as strings
$ sqlite3 a.db 'CREATE TABLE t (id INT, d DECIMAL(10,2), j JSON, d2 DECIMAL, n)' "INSERT INTO t VALUES (1, '1.10', '[1.10]', NULL, 1.5), (2, 'x', '1.10', 99999999999999999999, '1.10')"; q() { rudder-query -d sqlite:a.db -t t --legacy-types "$@"; }; q | sed 's/"run.*"columns"/"columns"/'; q --columns | cut -f 1,3; q --cursor d2 --limit 2 | tail -n 1; m() { "$@" | sed -n 's/.*"params":"\([^"]*\)".*/\1/p'; }; [ "$(m q)" != "$(m rudder-query -d sqlite:a.db -t t)" ]
> {"_rudder":{"type":"begin","v":1,"stream":"rows","columns":[{"name":"id","type":"int"},{"name":"d","type":"string"},{"name":"j","type":"json"},{"name":"d2","type":"string"},{"name":"n","type":"any"}]}}
> {"id":1,"d":"1.1","j":[1.10],"d2":null,"n":1.5}
> {"id":2,"d":"x","j":1.1,"d2":"100000000000000000000","n":"1.10"}
> {"_rudder":{"type":"end","stream":"rows","rows":2,"rejects":0,"skips":0}}
> id	int
> d	string
> j	json
> d2	string
> n	any
> {"_rudder":{"type":"end","stream":"rows","rows":2,"rejects":0,"skips":0,"cursor":{"column":"d2","type":"decimal","value":"100000000000000000000"}}}

# extremes, text that is odd, types as SQLite finds them in a declaration
$ sqlite3 a.db "CREATE TABLE t (a UNSIGNED BIG INT, b VARCHAR(9), c DOUBLE PRECISION, d NUMERIC(38,10), e BLOB, f DATETIME, g JSONB, h BOOLEAN, i TIME, j)" "INSERT INTO t VALUES (18446744073709551615, x'f09f9a80', 1.7976931348623157e308, '12345678901234567890.5', zeroblob(3), '9999-12-31T23:59:59.999999Z', '{\"a\":[12345678901234567890]}', 1, '23:59:59.5', 9223372036854775807), (-9223372036854775808, char(0, 31, 127, 128640), 5e-324, -0.5, 'text', '0001-01-01', 'null', 0, '24:00', -1.5e-300), (0, '', -0.0, '1e3', '', '0000-00-00', '', 2, '', 1e15), (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)"; rudder-query -d sqlite:a.db -t t | sed '1d;$d'; rudder-query -d sqlite:a.db -e "SELECT length(x) AS n, x FROM (SELECT replace(hex(zeroblob(524288)), '0', 'é') AS x)" | sed -n 2p | wc -c
> {"a":18446744073709552000,"b":"8J+agA==","c":1.7976931348623157e+308,"d":12345678901234567000,"e":"AAAA","f":"9999-12-31T23:59:59.999999Z","g":{"a":[12345678901234567890]},"h":true,"i":"0000-01-01T23:59:59.5Z","j":9223372036854775807}
> {"a":-9223372036854775808,"b":"\u0000\u001f🚀","c":5e-324,"d":-0.5,"e":"text","f":"0001-01-01T00:00:00Z","g":null,"h":false,"i":"24:00","j":-1.5e-300}
> {"a":0,"b":"","c":0,"d":1000,"e":"","f":"0000-00-00","g":"","h":2,"i":"","j":1000000000000000}
> {"a":null,"b":null,"c":null,"d":null,"e":null,"f":null,"g":null,"h":null,"i":null,"j":null}
> 2097173

# what is wrong in the model is shown by its line, also below a cursor
$ sqlite3 a.db 'CREATE TABLE t (id INT)'; printf 'SELECT id,\n b FROM t\n' >m.sql; rudder-query -d sqlite:a.db --cursor id --since 1 m.sql
! rudder-query: model 'm.sql' line 2: SQLite: no such column: b
? 78

# times with an offset, as Go, Sequelize and Python write them, are in UTC; a cursor compares them as times, in whatever form
$ sqlite3 a.db "CREATE TABLE t(id INTEGER, at DATETIME); INSERT INTO t VALUES (1, '2024-01-02 03:04:05+02:00'), (2, '2024-01-02 04:04:05'), (3, '2024-01-02 03:04:05.000 +00:00'), (4, '2024-01-02T01:04:06Z'), (5, '2024-01-01 23:04:05.5 -0330 NST'), (6, '2024-01-02 04:04:06.123456789+00:00'), (7, NULL)"; q() { rudder-query -d sqlite:a.db -t t "$@" | tail -n +2; }; q; q --cursor at --since 2024-01-02T04:04:05Z; q --cursor at --since '2024-01-02 06:04:05.5+02:00' --overlap 1s | tail -n +2; q --cursor at --since '2024-01-02 04:04:06' -c at
> {"id":1,"at":"2024-01-02T01:04:05Z"}
> {"id":2,"at":"2024-01-02T04:04:05Z"}
> {"id":3,"at":"2024-01-02T03:04:05Z"}
> {"id":4,"at":"2024-01-02T01:04:06Z"}
> {"id":5,"at":"2024-01-02T02:34:05.5Z"}
> {"id":6,"at":"2024-01-02T04:04:06.123456789Z"}
> {"id":7,"at":null}
> {"_rudder":{"type":"end","stream":"rows","rows":7,"rejects":0,"skips":0}}
> {"id":7,"at":null}
> {"id":2,"at":"2024-01-02T04:04:05Z"}
> {"id":6,"at":"2024-01-02T04:04:06.123456789Z"}
> {"_rudder":{"type":"end","stream":"rows","rows":3,"rejects":0,"skips":0,"partial":true,"cursor":{"column":"at","type":"datetime","since":"2024-01-02T04:04:05Z","value":"2024-01-02 04:04:06.123456789+00:00"}}}
> {"id":2,"at":"2024-01-02T04:04:05Z"}
> {"id":6,"at":"2024-01-02T04:04:06.123456789Z"}
> {"_rudder":{"type":"end","stream":"rows","rows":3,"rejects":0,"skips":0,"partial":true,"cursor":{"column":"at","type":"datetime","since":"2024-01-02 06:04:05.5+02:00","value":"2024-01-02 04:04:06.123456789+00:00"}}}
> {"at":null}
> {"at":"2024-01-02T04:04:06.123456789Z"}
> {"_rudder":{"type":"end","stream":"rows","rows":2,"rejects":0,"skips":0,"partial":true,"cursor":{"column":"at","type":"datetime","since":"2024-01-02 04:04:06","value":"2024-01-02 04:04:06.123456789+00:00"}}}

# a cursor that is not a time is compared as it is, by its index
$ sqlite3 a.db "CREATE TABLE t(id INTEGER PRIMARY KEY, s TEXT); INSERT INTO t VALUES (1, 'b'), (2, 'a'), (3, '2024-01-02 00:00:00')"; rudder-query -d sqlite:a.db -t t --cursor id --since 3 | sed -n 2p; rudder-query -d sqlite:a.db -t t --cursor s --since 2024-01-02T00:00:00Z | grep -c '^{"id"'
> {"id":3,"s":"2024-01-02 00:00:00"}
> 2

# JSON with a name twice is not a string among objects
$ rm -f a.db; sqlite3 a.db 'CREATE TABLE t (id INT, j JSON)' "INSERT INTO t VALUES (1, '{\"a\":1,\"a\":2}'), (2, '{\"a\": 1}'), (3, 'text')"; rudder-query -d sqlite:a.db -t t --max-rejects 1 | tail -n +2
> {"_rudder":{"type":"reject","stage":"query","line":1,"reason":"column 'j': a name twice in one object"}}
> {"id":2,"j":{"a":1}}
> {"id":3,"j":"text"}
> {"_rudder":{"type":"end","stream":"rows","rows":2,"rejects":1,"skips":0}}
! rudder-query: 1 of 3 rows rejected: 1 × column 'j': a name twice in one object (row 1)

# for a URL with // the message shows how to name a file
$ for s in sqlite csv parquet singer; do rudder-query -d $s://a.db 2>&1 >out; echo $?; done; sqlite3 a.db 'CREATE TABLE t (id INT)'; rudder-query -d sqlite://$PWD/a.db -t t | tail -n 1
> rudder-query: source 'sqlite://': write the file after the colon, as in 'sqlite:FILE' or 'sqlite:/folder/FILE'
> 64
> rudder-query: source 'csv://': write the file after the colon, as in 'csv:FILE' or 'csv:/folder/FILE'
> 64
> rudder-query: source 'parquet://': write the file after the colon, as in 'parquet:FILE' or 'parquet:/folder/FILE'
> 64
> rudder-query: source 'singer://': write the file after the colon, as in 'singer:FILE' or 'singer:/folder/FILE'
> 64
> {"_rudder":{"type":"end","stream":"rows","rows":0,"rejects":0,"skips":0}}

# the tables and views; blanks in -c
$ rm -f a.db; sqlite3 a.db 'CREATE TABLE t (id INT PRIMARY KEY, d INT) WITHOUT ROWID' 'CREATE TABLE "a.""b" (id INTEGER PRIMARY KEY AUTOINCREMENT)' 'CREATE VIEW v AS SELECT 1 AS a' 'INSERT INTO t VALUES (1, 2)'; rudder-query -d sqlite:a.db --tables | grep -v _rudder; rudder-query -d sqlite:a.db -t '"a.""b"' --columns; rudder-query -d sqlite:a.db -t t -c ' d , id ' | sed -n 2p; rudder-query -d csv:a.csv --tables; rudder-query -d sqlite:a.db --tables -t t
> {"name":"\"a.\"\"b\"","kind":"table","rows":null}
> {"name":"t","kind":"table","rows":null}
> {"name":"v","kind":"view","rows":null}
> id	INTEGER	int
> {"d":2,"id":1}
! rudder-query: source 'csv:' cannot list tables
! rudder-query: --tables excludes a model and --cursor
? 64

# decimals that SQLite keeps as text are numbers, digit by digit; other texts stay
$ sqlite3 a.db "CREATE TABLE t (id INT, d DECIMAL_TEXT, b BOOLEAN); INSERT INTO t VALUES (1, '12345678901234567890.10', 1), (2, 'none', 'maybe')" && rudder-query -d sqlite:a.db -t t | sed '1d;$d'
> {"id":1,"d":12345678901234567890.10,"b":true}
> {"id":2,"d":"none","b":"maybe"}
