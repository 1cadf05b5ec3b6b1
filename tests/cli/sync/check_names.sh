# check_names.sh - rudder check: keys that are null or there twice, one or many, in tables
# and columns whose names need quotes; settings as pairs; files that are something else
. "$TOP/tests/tool/lib.sh"
sqlite3 shop.db 'CREATE TABLE "o""dd"(k, j, v)' 'INSERT INTO "o""dd" VALUES (1, 1, 1), (1, 1, 2), (2, 1, 3), (2, 1, 4), (NULL, 1, 5), (NULL, 2, 6)' \
	'CREATE TABLE one(k, j, v)' 'INSERT INTO one VALUES (1, 1, 1), (1, 1, 2), (NULL, 1, 3)' \
	'CREATE TABLE fine("a""b", v)' 'INSERT INTO fine VALUES (1, 2), (1, 3)'
sync() { # TABLE KEY [LINE...]
	printf 'version: 1\nsource: sqlite:shop.db\n%s\nkey: %s\n' "$1" "$2"
	shift 2
	for line; do echo "$line"; done
	echo 'mapping: {type: identify, user_id: v}'
	echo 'destination: file:ev'
}

sync "table: '\"o\"\"dd\"'" k >s.yaml
rudder check s.yaml >out 2>err || :
grep -q '2 rows have no key (k is null); 2 keys are in more than one row; list them by: SELECT "k", count(\*) FROM "o""dd" WHERE "k" IS NOT NULL GROUP BY "k" HAVING count(\*) > 1' out || fail "many: $(cat out)"
sync 'table: one' k >s.yaml
rudder check s.yaml >out 2>err || :
grep -q '1 row has no key (k is null); 1 key is in more than one row; list it by: SELECT' out || fail "one: $(cat out)"
# the model is a statement, the key has two columns
printf 'SELECT * FROM one; \n\n' >m.sql
sync 'model: m.sql' '[k, j]' >s.yaml
rudder check s.yaml >out 2>err || :
grep -q '1 row has no key (k,j is null); 1 key is in more than one row; list it by: SELECT "k", "j", count(\*) FROM (the model) m WHERE "k" IS NOT NULL AND "j" IS NOT NULL GROUP BY "k", "j"' out || fail "a model: $(cat out)"
# a key with a quote is not counted
sync 'table: fine' "['a\"b']" >s.yaml
rudder check s.yaml >out 2>err || :
! grep -q '^key.*more than one' out || fail "a key with a quote: $(cat out)"
status 1 rudder run s.yaml
says '1 of 2 rows rejected'

# names with commas and quotes are compared as they are
printf '%s\n' 'version: 1' 'source: ndjson:odd' 'key: id' 'compare: ["a,b", "c\"d", "d,\"e"]' 'mapping: {type: identify, user_id: id}' 'destination: file:ev2' >odd.yaml
odd() { printf '{"id":1,"a,b":%d,"c\\"d":%d,"d,\\"e":%d,"x":%d}\n' "$@" >odd; rudder run odd.yaml || fail "odd names: $?"; wc -l <ev2; }
is 1 "$(odd 1 1 1 1)" 'odd names'
is 1 "$(odd 1 1 1 2)" 'a column that is not compared'
is 2 "$(odd 2 1 1 2)" 'a changed column with a comma'
is 3 "$(odd 2 2 1 2)" 'a changed column with a quote'
is 4 "$(odd 2 2 2 2)" 'a changed column with both'
sed -i 's/^compare/ignore/; s/ev2/ev3/' odd.yaml
rm -r state/odd
ignored() { printf '{"id":1,"a,b":%d,"c\\"d":%d,"d,\\"e":%d,"x":%d}\n' "$@" >odd; rudder run odd.yaml || fail "odd names: $?"; wc -l <ev3; }
is 1 "$(ignored 1 1 1 1)" 'odd names that are ignored'
is 1 "$(ignored 2 2 2 1)" 'changes of ignored columns'
is 2 "$(ignored 2 2 2 2)" 'a change beside them'

# pairs and lists as the options have them
printf 'id,price,"a,b","c""d",on\n1,9.50,x,y,true\n' >u.csv
cat >s.yaml <<'END'
version: 1
source: csv:u.csv
types: {price: decimal, on: boolean, id: int}
key: id
compare: [price, 'a,b', 'c"d']
mapping: {type: identify, user_id: id, columns: [price, on]}
destination: {dest: 'webhook:http://127.0.0.1:1/x', header: 'x-on: y'}
END
status 0 rudder run --print s.yaml >out
grep -q 'price=decimal,on=boolean,id=int' out || fail "types: $(cat out)"
grep -qF "'price,\"a,b\",\"c\"\"d\"'" out || fail "columns: $(cat out)"
sed 's/^types/params: {p-on: true, p-off: false, p-n: 1}\ntypes/' s.yaml >p.yaml
status 0 rudder run --print p.yaml >out
for param in p-on=true p-off=false p-n=1; do
	grep -q "$param" out || fail "$param: $(cat out)"
done

# a name is of letters, digits and .-_, at most 100
good=$(printf '%0100d' 1)
for name in "$good" a.b-c_d; do
	sed "1a name: '$name'" s.yaml >n.yaml
	status 0 rudder run --print n.yaml >out
done
for name in "0$good" .a -a a/b 'a b' é; do
	sed "1a name: '$name'" s.yaml >n.yaml
	status 78 rudder run --print n.yaml >out
done
{ cat s.yaml; echo ---; cat s.yaml; } >two.yaml
status 78 rudder run --print two.yaml >out
says 'a sync file has one document'
: >none.yaml
status 78 rudder run --print none.yaml >out
says 'the file is empty'
sed '1a kind: x' s.yaml >kind.yaml
status 78 rudder run --print kind.yaml >out
! grep -q 'rudder-cli project' err || fail "only a kind: $(cat err)"
sed -i '1a spec: {}' kind.yaml
status 78 rudder run --print kind.yaml >out
says "this is a resource of a rudder-cli project: run the project by 'rudder run FOLDER/'"

# a folder is one with a slash behind it
sed 's/^destination.*/destination: file:ev/; s/, on: boolean//; s/^compare.*//' s.yaml >ok.yaml
status 0 rudder run ok.yaml
rudder status state/ok >with
rudder status state/ok// >without
cmp with without || fail "slashes behind a state: $(cat without)"
