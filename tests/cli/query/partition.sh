# --partition I/N: disjoint parts that are the whole model together, and the same
# on every database
# shellcheck shell=sh disable=SC2034,SC2154
set -eu
. "$TOP/tests/tool/sources.sh"
every_database

# keys that databases compare or write in ways of their own, and nulls
awk 'BEGIN {
	n = split("a,A,ä,Ä,ß,x:y,x,:y,, a,a ,😀,0,-0,00", word, ",")
	for (i = 1; i <= 60; i++) printf("%s%s AS id, %s AS k", (i > 1 ? " UNION ALL SELECT " : "SELECT "), (i % 20 == 0 ? "NULL" : i % 29 == 0 ? "9223372036854775807" : i % 31 == 0 ? "-9223372036854775807" : (i % 7 - 3) * 123456789), (i % 13 == 0 ? "NULL" : "\047" word[i % n + 1] "\047"))
}' >model
sed 's/SELECT \([^ ]*\) AS id/SELECT toNullable(toInt64(\1)) AS id/g' model >model_ch
wanted_by=
for kind in sqlite pg my ch duck; do
	eval "at=\$at_$kind"
	[ -n "$at" ] || continue
	case $(rudder-query -d "$at" -t t 2>&1) in *'has no source'*) continue ;; esac
	file=model
	[ ! -e "model_$kind" ] || file=model_$kind
	status 0 "$kind: all" rudder-query -d "$at" "$file"
	grep -v '^{"_rudder"' out | sort >all
	for key in id k k,id number; do
		: >union
		by=md5 k="-k $key"
		[ $key != number ] || by=number k='-k id --partition-by number'
		for i in 0 1 2; do
			# shellcheck disable=SC2086
			status 0 "$kind: $key $i" rudder-query -d "$at" $k --partition $i/3 "$file"
			grep -v '^{"_rudder"' out | sort >part.$i
			cat part.$i >>union
			grep -q '"part":{"i":'$i',"n":3,"by":"'$by'"}' out || fail "$kind: the begin line: $(head -n 1 out)"
			if [ -z "$wanted_by" ]; then
				cp part.$i "wanted.$key.$i"
			else
				cmp -s part.$i "wanted.$key.$i" || fail "$kind, key $key: another part $i than that of $wanted_by"
			fi
		done
		sort union | diff - all >differ || fail "$kind: the parts by $key are not the whole: $(head -n 3 differ)"
		[ "$key" = k ] || [ "$(cat part.1 part.2 | grep -c '"id":null')" = 0 ] || fail "$kind: null is not in part 0"
	done
	[ -n "$wanted_by" ] || wanted_by=$kind
done

# beside parameters, a cursor, a limit and an error that names its line
q() { rudder-query -d sqlite:db "$@"; }
sqlite3 db 'DELETE FROM t; INSERT INTO t WITH RECURSIVE n(a) AS (SELECT 1 UNION ALL SELECT a + 1 FROM n WHERE a < 100) SELECT a FROM n'
status 0 parameter q -k a --partition 1/2 -P n=50 -e 'SELECT a FROM t WHERE a > :n'
n=$(grep -c '^{"a"' out)
status 0 parameter q -k a --partition 0/2 -P n=50 -e 'SELECT a FROM t WHERE a > :n'
[ $((n + $(grep -c '^{"a"' out))) = 50 ] || fail "parameter: $n and $(grep -c '^{"a"' out) rows"
status 0 cursor q -k a --partition 0/2 --cursor a --since 91 -t t
n=$(grep -c '^{"a"' out)
status 0 cursor q -k a --partition 1/2 --cursor a --since 91 -t t
[ $((n + $(grep -c '^{"a"' out))) = 10 ] || fail "cursor: $n and $(grep -c '^{"a"' out) rows"
printf 'SELECT a\nFROM t\nWHERE nope' >bad
status 78 line q -k a --partition 0/2 bad
says "model 'bad' line 3"
# what cannot be
while IFS='|' read -r want words options; do
	# shellcheck disable=SC2086
	status "$want" "$options" q $options
	says "$words"
done <<'EOF'
64|is not a part of several|-t t -k a --partition 4
64|is not a part of several|-t t -k a --partition 0/0
64|parts are counted from 0, the last of 4 is 3/4|-t t -k a --partition 4/4
64|needs the key of the rows|-t t --partition 0/4
64|for a key of one column|-t t -k a,b --partition 0/4 --partition-by number
64|needs '--partition'|-t t -k a --partition-by number
64|neither text nor number|-t t -k a --partition 0/4 --partition-by md4
78|no such column: b|-t t -k b --partition 0/4
78|no key column 'b'|-t t -k b
64|has no model for --partition|-d csv:x -k a --partition 0/4
78|was not tried on the database|-d odbc:DSN=x -t t -k a --partition 0/4
78|was not tried on the database|-d redshift://h/d -t t -k a --partition 0/4
EOF
sqlite3 db 'CREATE TABLE f (x REAL, d DATE)'
status 78 'a float' q -k x --partition 0/2 -t f
says "the key column 'x' is float"
sqlite3 db "CREATE TABLE n (x); INSERT INTO n VALUES (7), (7.0), (7.5)"
status 0 '7 and 7.0' q -k x --partition 0/1 --partition-by number -e 'SELECT x FROM n WHERE x <> 7.5'
status 65 'a float by number' q -k x --partition 0/1 --partition-by number -t n
says 'a key is not a whole number'
status 0 'only a key' q -k x -t f
grep -q '"key":\["x"\]' out || fail "the key: $(cat out)"
test ! -e failed

# a whole number of a column without a type is the key that it is without its point
sqlite3 untyped.db 'CREATE TABLE t (k)' "INSERT INTO t VALUES (1.0), (2), ('a'), (-3.0)"
sqlite3 whole.db 'CREATE TABLE t (k)' "INSERT INTO t VALUES (1), (2), ('a'), (-3)"
for i in 0 1 2; do
	for db in untyped whole; do
		rudder-query -d sqlite:$db.db -k k -t t --partition $i/3 | grep -v _rudder >$db.$i || :
	done
	cmp whole.$i untyped.$i || fail "part $i of whole numbers with a point"
done
