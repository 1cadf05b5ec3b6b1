# a file of rows, every value a string
$ printf 'id,name,note\r\n007,"a ""q"" b",\r\n2, x ,""\r\n3,"two\nlines",z' >a.csv; RUDDER_RUN_ID=r0000000000000000000 rudder-query -d csv:a.csv | sed 's/"model":"[0-9a-f]*".*"clock":"[^"]*"/"model":"M"/'
> {"_rudder":{"type":"begin","v":1,"stream":"rows","run":"r0000000000000000000","model":"M","columns":[{"name":"id","type":"string"},{"name":"name","type":"string"},{"name":"note","type":"string"}]}}
> {"id":"007","name":"a \"q\" b","note":null}
> {"id":"2","name":" x ","note":""}
> {"id":"3","name":"two\nlines","note":"z"}
> {"_rudder":{"type":"end","stream":"rows","rows":3,"rejects":0,"skips":0}}

# standard input
$ rudder-query -d csv:- | tail -n +2
< a,b
< 1,é🚀
> {"a":"1","b":"é🚀"}
> {"_rudder":{"type":"end","stream":"rows","rows":1,"rejects":0,"skips":0}}

# a byte order mark is not a part of the first name
$ printf '\357\273\277a\n1\n' | rudder-query -d csv:- | sed -n 2p
> {"a":"1"}

# a name that needs escapes
$ printf '"a""b\\"\n1\n' | rudder-query -d csv:- | sed -n 2p
> {"a\"b\\":"1"}

# the header alone is not a row
$ rudder-query -d csv:- | tail -n +2
< a,b
> {"_rudder":{"type":"end","stream":"rows","rows":0,"rejects":0,"skips":0}}

# empty lines are not records
$ rudder-query -d csv:- | tail -n +2
< a,b
< 
< 1,2
< 
> {"a":"1","b":"2"}
> {"_rudder":{"type":"end","stream":"rows","rows":1,"rejects":0,"skips":0}}

# an empty input has no header
$ rudder-query -d csv:- </dev/null
! rudder-query: 'standard input': no header line
? 65

# a ragged line ends the run, with what came before and no end line
$ rudder-query -d csv:- | tail -n +2; rudder-query -d csv:a.csv
< a,b
< 1,2
< 3
< 4,5
> {"a":"1","b":"2"}
> {"_rudder":{"type":"reject","stage":"query","line":3,"reason":"1 fields, the header has 2","record":"3"}}
! rudder-query: 'standard input': line 3: 1 fields, the header has 2; 1 rejected, more than --max-rejects 0
! rudder-query: cannot open 'a.csv': No such file or directory
? 66

# rejects by line and as they were written; the rows behind them are right
$ printf 'a,b\n1,2,3\n4,"x\ny",z\n5,"q"r\n\376,6\n"7","8"\n' | rudder-query -d csv:- --max-rejects 4 | tail -n +2
> {"_rudder":{"type":"reject","stage":"query","line":2,"reason":"3 fields, the header has 2","record":"1,2,3"}}
> {"_rudder":{"type":"reject","stage":"query","line":3,"reason":"3 fields, the header has 2","record":"4,\"x\ny\",z"}}
> {"_rudder":{"type":"reject","stage":"query","line":5,"reason":"text after a quoted field","record":"5,\"q\"r"}}
> {"_rudder":{"type":"reject","stage":"query","line":6,"reason":"column 'a': invalid UTF-8","record":"�,6"}}
> {"a":"7","b":"8"}
> {"_rudder":{"type":"end","stream":"rows","rows":1,"rejects":4,"skips":0}}
! rudder-query: 4 of 5 rows rejected: 2 × 3 fields, the header has 2 (from line 2), 1 × text after a quoted field (line 5), 1 × column 'a': invalid UTF-8 (line 6)

# a quote inside a bare field is a sign like others
$ printf 'a,b\n5"x,"6"\n' | rudder-query -d csv:- | sed -n 2p
> {"a":"5\"x","b":"6"}

# a share of rejects
$ printf 'a\n1\n2\n3,x\n4\n' >a.csv; for p in 24 25; do rudder-query -d csv:a.csv --max-rejects $p% | tail -n 1; done
> {"_rudder":{"type":"abort","stage":"query","status":65,"reason":"1 of 4 rows rejected, more than --max-rejects 24%"}}
> {"_rudder":{"type":"end","stream":"rows","rows":3,"rejects":1,"skips":0}}
! rudder-query: 1 of 4 rows rejected, more than --max-rejects 24%
! rudder-query: 1 of 4 rows rejected: 1 × 2 fields, the header has 1 (line 4)

# a quote that is never closed is a truncated file
$ printf 'a,b\n1,2\n3,"4\n5,6\n' >a.csv; rudder-query -d csv:a.csv | tail -n +2
> {"a":"1","b":"2"}
! rudder-query: 'a.csv': line 3: unterminated quoted field

# names: twice, none, reserved
$ for h in a,b,a a,,b _rudder; do printf '%s\n' $h | rudder-query -d csv:-; done
! rudder-query: 'standard input': columns 1 and 3 are both named 'a': select columns with -c, or name all of them with --names
! rudder-query: 'standard input': column 2 has no name: select columns with -c, or name all of them with --names
! rudder-query: 'standard input': column 1: the name '_rudder' is reserved: select columns with -c, or name all of them with --names
? 78

# UTF-16 is named
$ printf '\377\376a\0\n\0' | rudder-query -d csv:-
! rudder-query: 'standard input': the file is UTF-16; convert it with iconv -f UTF-16 -t UTF-8
? 65

# a limit is marked only when there was more
$ printf 'a\n1\n2\n' >a.csv; for n in 1 2; do rudder-query -d csv:a.csv --limit $n | tail -n 1; done
> {"_rudder":{"type":"end","stream":"rows","rows":1,"rejects":0,"skips":0,"partial":true}}
> {"_rudder":{"type":"end","stream":"rows","rows":2,"rejects":0,"skips":0}}

# columns
$ printf 'a,"b\tc"\n' | rudder-query -d csv:- --columns
> a	-	string
> b\tc	-	string

# counts and the end line in files
$ printf 'a\n1\n' | rudder-query -d csv:- --stats s --end-file e >/dev/null; sed 's/"ms":[0-9]*/"ms":N/' s; cat e
> {"rows":1,"rejects":0,"skips":0,"ms":N}
> {"_rudder":{"type":"end","stream":"rows","rows":1,"rejects":0,"skips":0}}

# no end file of a run that failed
$ printf 'a\n1,2\n' | rudder-query -d csv:- --end-file e >/dev/null; echo $?; ls
> 65
! rudder-query: 'standard input': line 2: 2 fields, the header has 1; 1 rejected, more than --max-rejects 0

# a model has no place
$ rudder-query -d csv:a.csv -t a
! rudder-query: source 'csv:' takes no model: it reads all rows
? 64

# /dev/full
$ printf 'a\n1\n' | rudder-query -d csv:- >/dev/full
! rudder-query: cannot write output: No space left on device
? 74

# and in the middle of the rows, where the input is not to blame
$ seq 100000 | rudder-query -d csv:- >/dev/full; echo $?; seq 100000 | sed 's/.*/{"a":&}/' >a.ndjson; rudder-query -d ndjson:a.ndjson >/dev/full; echo $?; (echo '{"type":"SCHEMA","stream":"s","schema":{"properties":{"a":{"type":"integer"}}},"key_properties":["a"]}'; sed 's/.*/{"type":"RECORD","stream":"s","record":&}/' a.ndjson) | rudder-query -d singer:- >/dev/full; echo $?
> 74
> 74
> 74
! rudder-query: cannot write output: No space left on device
! rudder-query: cannot write output: No space left on device
! rudder-query: cannot write output: No space left on device

# a closed pipe is a quiet stop
$ (i=0; echo a; while [ $i -lt 60000 ]; do echo 1234567890123456789012345678901234567890; i=$((i + 1)); done) >a.csv; rudder-query -d csv:a.csv | head -n 1 | wc -l
> 1

# closed descriptors
$ printf 'a\n1\n' >a.csv; rudder-query -d csv:a.csv >&-; echo $?; rudder-query -d csv:- <&-
> 74
! rudder-query: cannot write output: Bad file descriptor
! rudder-query: 'standard input': cannot read input: Bad file descriptor
? 74

# source: unknown, mistyped, none
$ rudder-query -d oracle:x; rudder-query -d cvs:x; rudder-query -d users.csv; rudder-query -d csv; rudder-query -d 'host=h password=secret'; rudder-query -d u:secret@h; rudder-query
! rudder-query: unknown source 'oracle:'; reach it by ODBC: odbc:DSN=name, see WAREHOUSES in rudder-query(1)
! rudder-query: unknown source 'cvs:'; did you mean 'csv:'?
! rudder-query: unknown source 'users.csv'; write it like 'postgres://host/db', 'sqlite:FILE' or 'csv:FILE'
! rudder-query: source 'csv' lacks a ':'; write it like 'postgres://host/db' or 'sqlite:FILE'
! rudder-query: unknown source 'host'; write it like 'postgres://host/db', 'sqlite:FILE' or 'csv:FILE'
! rudder-query: unknown source 'u'; write it like 'postgres://host/db', 'sqlite:FILE' or 'csv:FILE'
! rudder-query: no source: use -d URL or set RUDDER_SOURCE
? 64

# options
$ rudder-query --lmit 3; rudder-query --max-rejects x -d csv:-; rudder-query -d csv:- a b; rudder-query --help | head -n 3
> rudder-query - read the rows of a model as lines of JSON
> 
> usage: rudder-query -d <source> [<file> | -e <SQL> | -t <table>]
! rudder-query: unknown option '--lmit'; did you mean '--limit'?
! rudder-query: option '--max-rejects': 'x' is not a count or a share like 5%
! rudder-query: more than one model file: 'b'

# tabs, other delimiters and quotes
$ printf 'a\tb\n1\t"x\ty"\n' | rudder-query -d tsv:- | sed -n 2p; printf 'a;b\n1;'"'x;''y'"'\n' | rudder-query -d csv:- --delimiter ';' --quote "'" | sed -n 2p; printf 'a\tb\n1\t\n' | rudder-query -d csv:- --delimiter '\t' | sed -n 2p
> {"a":"1","b":"x\ty"}
> {"a":"1","b":"x;'y"}
> {"a":"1","b":null}

# a word for null: then an empty field is the empty string
$ printf 'a,b,c\n\\N,,"\\N"\n' | rudder-query -d csv:- --null '\N' | sed -n 2p
> {"a":null,"b":"","c":null}

# no header
$ printf '1,,""\n"a\nb",2,3\n' | rudder-query -d csv:- --no-header | sed 's/.*"columns"/"columns"/'; printf '1\n' | rudder-query -d csv:- --no-header --types c1=int | sed -n 2p; printf '' | rudder-query -d csv:- --no-header
> "columns":[{"name":"c1","type":"string"},{"name":"c2","type":"string"},{"name":"c3","type":"string"}]}}
> {"c1":"1","c2":null,"c3":""}
> {"c1":"a\nb","c2":"2","c3":"3"}
> {"_rudder":{"type":"end","stream":"rows","rows":2,"rejects":0,"skips":0}}
> {"c1":1}
! rudder-query: 'standard input': no header line
? 65

# types from --types, exact; what does not fit is a reject
$ printf 'i,d,f,b,day,at,t,j,s\n12345678901234567890,1.10,1e5,t,2024-02-29,2024-02-29 10:00:00.50,10:00,"{""a"": 1}",007\n,,,,,,,,\n' >a.csv; rudder-query -d csv:a.csv --types i=int,d=decimal,f=float,b=boolean,day=date,at=datetime,t=time,j=json | sed 's/.*"columns"/"columns"/'; for v in 007 1.0 +1 x '""' 1e5; do printf 'i\n%s\n' "$v" | rudder-query -d csv:- --types i=int 2>&1 >/dev/null; done
> "columns":[{"name":"i","type":"int"},{"name":"d","type":"decimal"},{"name":"f","type":"float"},{"name":"b","type":"boolean"},{"name":"day","type":"date"},{"name":"at","type":"datetime"},{"name":"t","type":"time"},{"name":"j","type":"json"},{"name":"s","type":"string"}]}}
> {"i":12345678901234567890,"d":1.10,"f":1e5,"b":true,"day":"2024-02-29T00:00:00Z","at":"2024-02-29T10:00:00.5Z","t":"0000-01-01T10:00:00Z","j":{"a":1},"s":"007"}
> {"i":null,"d":null,"f":null,"b":null,"day":null,"at":null,"t":null,"j":null,"s":null}
> {"_rudder":{"type":"end","stream":"rows","rows":2,"rejects":0,"skips":0}}
> rudder-query: 'standard input': line 2: column 'i': not an integer; 1 rejected, more than --max-rejects 0
> rudder-query: 'standard input': line 2: column 'i': not an integer; 1 rejected, more than --max-rejects 0
> rudder-query: 'standard input': line 2: column 'i': not an integer; 1 rejected, more than --max-rejects 0
> rudder-query: 'standard input': line 2: column 'i': not an integer; 1 rejected, more than --max-rejects 0
> rudder-query: 'standard input': line 2: column 'i': not an integer; 1 rejected, more than --max-rejects 0
> rudder-query: 'standard input': line 2: column 'i': not an integer; 1 rejected, more than --max-rejects 0
? 65

# invalid days and times
$ for v in 2024-02-30 2023-02-29 2024-13-01 2024-00-01 2024-01-00; do printf 'd\n%s\n' $v | rudder-query -d csv:- --types d=date 2>&1 >/dev/null | grep -c 'not a date'; done; for v in '2024-01-01 24:01' '2024-01-01 10:60:00' '2024-01-01 25:00:00'; do printf 'd\n%s\n' "$v" | rudder-query -d csv:- --types d=datetime 2>&1 >/dev/null | grep -c 'not a datetime'; done
> 1
> 1
> 1
> 1
> 1
> 1
> 1
> 1

# wrong options
$ printf 'a\n1\n' >a.csv; q() { rudder-query -d csv:a.csv "$@"; }; q --delimiter ab; q --delimiter ''; q --quote ,; q --types b=int; q --types a=number; q --types a; rudder-query -d ndjson:- --no-header
! rudder-query: option '--delimiter': 'ab' is not one ASCII character
! rudder-query: option '--delimiter': '' is not one ASCII character
! rudder-query: the delimiter and the quote are the same character
! rudder-query: 'a.csv': --types: there is no column 'b'
! rudder-query: 'a.csv': --types: unknown type 'number'; use string, int, decimal, float, boolean, date, datetime, time or json
! rudder-query: 'a.csv': --types: 'a' is not name=type
! rudder-query: option '--no-header' is only for csv: and tsv:
? 64

# options of another source
$ sqlite3 o.db 'CREATE TABLE t (a)'; for o in '--delimiter ;' '--quote x' '--null x' --no-header '--names a' '--types a=int'; do rudder-query -d sqlite:o.db -t t $o; echo $?; done; rudder-query --help | sed -n '/^only for/,/^$/p' | head -n 2; rudder-query --help=json | jq -r '[.options[] | select(.group) | .name] | join(" ")'
> 64
> 64
> 64
> 64
> 64
> 64
> only for csv: and tsv:
>      --delimiter <char>      field delimiter (comma; \t is a tab)
> delimiter quote null no-header names types
! rudder-query: option '--delimiter' is only for csv: and tsv:
! rudder-query: option '--quote' is only for csv: and tsv:
! rudder-query: option '--null' is only for csv: and tsv:
! rudder-query: option '--no-header' is only for csv: and tsv:
! rudder-query: option '--names' is only for csv: and tsv:
! rudder-query: option '--types' is only for csv: and tsv:

# a CR alone ends a record too, also before a record of several lines
$ printf 'a,b\n1,2\r"x\n3,4\n",5\n6,7\n' | rudder-query -d csv:- | tail -n +2
> {"a":"1","b":"2"}
> {"a":"x\n3,4\n","b":"5"}
> {"a":"6","b":"7"}
> {"_rudder":{"type":"end","stream":"rows","rows":3,"rejects":0,"skips":0}}

# doubled quotes, with and without other text, at either end
$ printf 'a,b,c\n"""x","y""","""z"""\n"""","""""",""\n' | rudder-query -d csv:- | sed '1d;$d'
> {"a":"\"x","b":"y\"","c":"\"z\""}
> {"a":"\"","b":"\"\"","c":""}

# times, dates and booleans as others write them: psql, pandas, RFC 3339, rudder-query itself
$ printf 'at,d,b,f\n2004-10-19 10:23:54-04,2004-10-19T00:00:00Z,True,Infinity\n2004-10-19T10:23:54.5+05:30,0044-03-15 BC,F,-inf\ninfinity,-infinity,no,NaN\n2004-10-19 10:23:54 UTC,2004-10-19 00:00:00,1,1e5\n' | rudder-query -d csv:- --types at=datetime,d=date,b=boolean,f=float | grep -v _rudder
> {"at":"2004-10-19T14:23:54Z","d":"2004-10-19T00:00:00Z","b":true,"f":"Infinity"}
> {"at":"2004-10-19T04:53:54.5Z","d":"-0043-03-15T00:00:00Z","b":false,"f":"-Infinity"}
> {"at":"infinity","d":"-infinity","b":false,"f":"NaN"}
> {"at":"2004-10-19T10:23:54Z","d":"2004-10-19T00:00:00Z","b":true,"f":1e5}

# a name twice, and a column without one: other names, or the columns that are wanted
$ printf 'a,,a,id\n1,2,3,4\n\376,5,6,7\n' >n.csv; q() { rudder-query -d csv:n.csv "$@" | grep -v _rudder; }; q -c id; q -c ' id , "" ' ; q -c a; q -c nosuch; q --names 'x, "y z" ,w,id' --max-rejects 1; q --names w,x,y,id -c 'id,x' --types 'x=int , id=int'; q --names a,b; q --names a,b,,c; printf '1,2\n' | rudder-query -d csv:- --no-header --names a,b | sed -n 2p
> {"id":"4"}
> {"id":"7"}
> {"x":"1","y z":"2","w":"3","id":"4"}
> {"x":2,"id":4}
> {"x":5,"id":7}
> {"a":"1","b":"2"}
! rudder-query: 'n.csv': -c: ' id , "" ' is not a list of names
! rudder-query: 'n.csv': -c: two columns are named 'a'; name all columns with --names
! rudder-query: 'n.csv': -c: there is no column 'nosuch'
! rudder-query: 1 of 2 rows rejected: 1 × column 'x': invalid UTF-8 (line 3)
! rudder-query: 'n.csv': --names has 2 names, the file has 4 columns
! rudder-query: 'n.csv': --names: 'a,b,,c' is not a list of names

# -c is for tables and CSV
$ rudder-query -d ndjson:- -c a
! rudder-query: -c needs -t TABLE, csv: or tsv:
? 64

# a delimiter that is not said
$ for h in 'a;b' 'a\tb' 'a|b'; do printf "$h\n1\n" | rudder-query -d csv:-; done >/dev/null; printf 'a,b\n1\n' | rudder-query -d tsv:- >/dev/null; printf 'a;b\n1\n' | rudder-query -d csv:- --delimiter , | sed -n 2p; printf 'a;b\n1;2\n' | rudder-query -d csv:- --delimiter ';' | sed -n 2p
> {"a;b":"1"}
> {"a":"1","b":"2"}
! rudder-query: 'standard input': the first line is a single column that contains ';': use --delimiter ';', or --delimiter ',' if it is one column
! rudder-query: 'standard input': the first line is a single column that contains '\t': use --delimiter '\t', or --delimiter ',' if it is one column
! rudder-query: 'standard input': the first line is a single column that contains '|': use --delimiter '|', or --delimiter ',' if it is one column
! rudder-query: 'standard input': the first line is a single column that contains ',': use --delimiter ',', or --delimiter '\t' if it is one column

# sep=; of Excel, behind a byte order mark too
$ printf '\357\273\277sep=;\r\na;b\r\n1,5;2\r\nx\r\n' | rudder-query -d csv:- --max-rejects 1 | tail -n +2; printf 'SEP=\t\na\tb\n1\t2\n' | rudder-query -d csv:- | sed -n 2p; printf 'sep=;\na;b,c\n1,2\n' | rudder-query -d csv:- --delimiter , | sed -n 2p
> {"a":"1,5","b":"2"}
> {"_rudder":{"type":"reject","stage":"query","line":4,"reason":"1 fields, the header has 2","record":"x"}}
> {"_rudder":{"type":"end","stream":"rows","rows":1,"rejects":1,"skips":0}}
> {"a":"1","b":"2"}
> {"a;b":"1","c":"2"}
! rudder-query: 1 of 2 rows rejected: 1 × 1 fields, the header has 2 (line 4)

# gzip: several members, zeros behind them, by byte; JSON lines and taps too
$ printf 'a,b\n1,2\n' | gzip >z.gz; printf '3,"4\n5"\n' | gzip >>z.gz; head -c 700 /dev/zero >>z.gz; rudder-query -d csv:z.gz | grep -v _rudder; printf '{"a":1}\n' | gzip >j.gz; rudder-query -d ndjson:j.gz | grep -v _rudder; printf '{"type":"SCHEMA","stream":"s","schema":{"properties":{"a":{"type":"integer"}}},"key_properties":[]}\n{"type":"RECORD","stream":"s","record":{"a":1}}\n' | gzip | rudder-query -d singer:- | grep -v _rudder
> {"a":"1","b":"2"}
> {"a":"3","b":"4\n5"}
> {"a":1}
> {"a":1}

# gzip that is truncated, damaged, or followed by others; empty gzip
$ seq 100000 | gzip >z.gz; head -c 5000 z.gz >t.gz; rudder-query -d csv:t.gz --no-header | tail -n 1; (cat z.gz; echo x) >t.gz; rudder-query -d csv:t.gz --no-header | tail -n 1; (head -c 4000 z.gz; head -c 4000 /dev/zero; tail -c +8001 z.gz) >t.gz; rudder-query -d csv:t.gz --no-header 2>&1 | grep -c 'gzip data'; head -c 8 z.gz >t.gz; rudder-query -d csv:t.gz >/dev/null; gzip </dev/null >t.gz; rudder-query -d csv:t.gz >/dev/null; seq 100000 | gzip | rudder-query -d csv:- --no-header --limit 2 | grep -v _rudder
> {"_rudder":{"type":"abort","stage":"query","status":65,"reason":"'t.gz': the gzip data is truncated"}}
> {"_rudder":{"type":"abort","stage":"query","status":65,"reason":"'t.gz': damaged gzip data: extra bytes after its end"}}
> 2
> {"c1":"1"}
> {"c1":"2"}
! rudder-query: 't.gz': the gzip data is truncated
! rudder-query: 't.gz': damaged gzip data: extra bytes after its end
! rudder-query: 't.gz': the gzip data is truncated
! rudder-query: 't.gz': no header line

# files of other kinds say what they are
$ for m in 'PK\003\004' '\050\265\057\375' 'BZh91AY&' '\3757zXZ' 'PAR1\025' 'SQLite format 3'; do printf "$m\0more" | rudder-query -d csv:-; done >/dev/null; printf 'B' | rudder-query -d csv:- | tail -n 1; printf 'PAR1,BZh\n1,2\n' | rudder-query -d csv:- | sed -n 2p; printf 'PAR1\025' | rudder-query -d ndjson:- >/dev/null
> {"_rudder":{"type":"end","stream":"rows","rows":0,"rejects":0,"skips":0}}
> {"PAR1":"1","BZh":"2"}
! rudder-query: 'standard input': the file is a ZIP or Excel file; extract it, or save it as CSV
! rudder-query: 'standard input': the file is zstd; decompress it with zstd -dc
! rudder-query: 'standard input': the file is bzip2; decompress it with bzip2 -dc
! rudder-query: 'standard input': the file is xz; decompress it with xz -dc
! rudder-query: 'standard input': the file is Parquet; use the source parquet:
! rudder-query: 'standard input': the file is a SQLite database; use the source sqlite:
! rudder-query: 'standard input': the file is Parquet; use the source parquet:
? 65
