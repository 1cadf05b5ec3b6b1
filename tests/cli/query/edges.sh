# edges.sh - models and options at their edges, that no other test has a reason to try
set -eu
. "$TOP/tests/tool/lib.sh"
command -v sqlite3 >/dev/null || skip 'no sqlite3'
sqlite3 db 'CREATE TABLE t (id INT, a TEXT)' "INSERT INTO t VALUES (1, 'x')"
q() { rudder-query -d sqlite:db "$@"; }

# a byte order mark is not a part of the model; UTF-16 and NUL bytes are refused
printf '\357\273\277SELECT id FROM t' >bom.sql
is '{"id":1}' "$(q bom.sql | sed -n 2p)" 'a byte order mark'
printf 'SELECT id\000 FROM t' >nul.sql
status 78 q nul.sql >out
says "model 'nul.sql' contains a NUL byte"
printf '\377\376S\000E\000' >utf16.sql
status 78 q utf16.sql >out
says 'is UTF-16; convert it'

# the line of an error is shown around it, by whole characters
for before in '' a; do
	letters=$(awk -v b="$before" 'BEGIN {printf "%s", b; for (i = 0; i < 100; i++) printf "é"}')
	printf "SELECT '%s' AS a, nosuch, '%s' AS b FROM t" "$letters" "$letters" >wide.sql
	status 78 q wide.sql >out
	says 'no such column: nosuch'
	iconv -f UTF-8 -t UTF-16 err >/dev/null || fail "half a character: $(cat err)"
	[ "$(wc -c <err)" -lt 800 ] || fail "a whole line: $(cat err)"
done

# templates of other tools are named, braces of a database are not
for template in '{{ ref("users") }}' '{%- if x %}' '{{ var.name }}' '{{- x | y }}'; do
	status 78 q -e "SELECT * FROM $template" >out
	says 'template'
done

# names of columns up to and past 32 bytes with what stands around them
for n in 1 27 28 29 30 31 60; do
	name=$(printf "%${n}s" '' | tr ' ' n)
	is "{\"$name\":1,\"${name}2\":\"x\",\"z\":null}" \
		"$(q -e "SELECT id AS $name, a AS ${name}2, NULL AS z FROM t" | sed -n 2p)" "a name of $n bytes"
done

# options
status 64 q -t t --cursor id --full >out
says '--full needs --cursor-state <folder>'
status 64 q -t t --cursor id --since "$(printf '\377')" >out
says "option '--since': the value is not UTF-8"
mkdir end
status 73 q -t t --end-file end >out
says "cannot remove 'end'"
key=$(seq 17 | sed 's/^/k/' | paste -sd,)
status 64 rudder-query -d postgres://127.0.0.1:1/x -t t -k "$key" --delta s --cursor-state st >out
says '--delta takes a key of at most 16 columns'
# what makes its rows itself has no columns to show before
status 64 rudder-query -d 'exec:echo {}' --columns >out
says 'this source does not report its columns'
is 'rows of any columns' "$(rudder-query -d 'exec:echo {}' --check | sed -n 's/^model	ok	//p')" '--check of any columns'
