# lists.sh - what is a row of a table in the code is in every list of it: --help
# is made from the table, the others are compared with that. A new source,
# destination, event type or status that is forgotten somewhere fails here.
. "$TOP/tests/tool/lib.sh"
man=$TOP/man
same() { diff -u "$1" "$2" || fail "$3"; }

# sources: --help, rudder-query(1)
rudder-query --help | sed -n '/^sources:/,/^$/p' | sed -n 's/^  //p' >sources
sed 's/:.*//' sources | sort >table
grep '^\.It Sy [a-z]*:' "$man/rudder-query.1" | sed 's/^\.It Sy //; s/:.*//' | grep -vx redshift | sort >page
same table page 'rudder-query(1) lists other sources than the table'
while read -r s; do
	grep -q "$s:" "$TOP/README.md" || fail "README.md does not name $s:"
	grep -rqE "\\b$s:" "$TOP"/tests/cli/query || fail "no command test of $s:"
done <table
# the other names of one as well
tr , '\n' <sources | sed 's/^ *//; s/:.*//' | while read -r s; do
	grep -qE "\\b$s:" "$man/rudder-query.1" || fail "rudder-query(1) does not name $s:"
done

# destinations: --help, rudder-send(1), README.md
rudder-send --help | sed -n '/^destinations:/,/^$/p' | sed -n 's/^  \([a-z]*\):.*/\1/p' | sort >table
grep -E '^\.It Cm [a-z]+( :|://)' "$man/rudder-send.1" | sed -E 's/^\.It Cm ([a-z]+).*/\1/' | sort >page
same table page 'rudder-send(1) lists other destinations than the table'
[ "$(wc -l <table)" -ge 8 ] || fail "destinations: $(cat table)"
while read -r d; do
	grep -rqE "\b$d:" "$TOP"/tests/cli/send || fail "no command test of $d:"
	[ "$d" = null ] || grep -q "\`$d:" "$TOP/README.md" || fail "README.md does not name $d:"
done <table

# event types: --help, the schema, rudder-map(1), and what rudder-sync(7) says of
# their deletes
rudder-map --help | sed -n 's/^  -t --type <type> *//p' | sed 's/ or /, /; s/, /\n/g' >table
[ "$(wc -l <table)" -ge 7 ] || fail "types: $(cat table)"
sed -n 's/.*"type": {"enum": \[\(.*\)\]}.*/\1/p' "$man/rudder-mapping.schema.json" | tr -d ' "' | tr , '\n' >list
same table list 'rudder-mapping.schema.json has other event types than the table'
words() { sed -n "$1" "$2" | sed 's/^\.It Cm//; s/^\.Cm//' | tr -d ' .' | tr , '\n' | grep -v '^or$' | sort; }
sort table >sorted
words '/^\.It Fl t , Fl -type/,/^\.It Fl u/{/^\.Cm/p}' "$man/rudder-map.1" >list
same sorted list 'rudder-map(1) has other event types than the table'
words '/^\.Sh DELETES/,/^\.El/{/^\.It Cm/p}' "$man/rudder-sync.7" >list
same sorted list 'rudder-sync(7) says of other event types how they delete'
while read -r t; do
	grep -qw "$t" "$man/rudder-mapping.5" || fail "rudder-mapping(5) does not name the type $t"
	grep -rq "\"type\":\"$t\"" "$TOP"/tests/cli/map || fail "no command test of the type $t"
done <table

# statuses of receipts: rudder-stream(5)
grep -o '\[RECEIPT_[A-Z_]*\] = "[a-z-]*"' "$TOP/filters/wire/stream/receipt_status.c" | sed 's/.*= "//; s/"//' | sort >table
[ "$(wc -l <table)" -ge 7 ] || fail "statuses: $(cat table)"
sed -n '/^\.Bl -tag -width delivered/,/^\.El/s/^\.It Cm //p' "$man/rudder-stream.5" | sort >list
same table list 'rudder-stream(5) has other statuses than the table'
