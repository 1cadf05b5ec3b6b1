#!/bin/sh
# odbc_liar.sh - rudder-query and an ODBC driver that does not keep to the rules: no
# row is lost or made up without a message
. "$TOP/tests/tool/lib.sh"
case $(rudder-query -d odbc: -t t 2>&1) in
*'this build has no source'*) skip 'built without unixODBC' ;;
esac
# lie WANTED LIE OPTION ...: the rows in out
lie() {
	want=$1
	at="odbc:Driver=$B/tool/odbcliar.so;LIE=$2"
	shift 2
	status "$want" rudder-query -d "$at" "$@" >out
	[ "$want" = 0 ] || ! grep -q '"type":"end"' out || fail "$at: has an end line"
}
# all LIE: five rows, each with its long value
all() {
	grep -v _rudder out | awk -v n="${2:-20000}" '{x = sprintf("%" n "s", ""); gsub(" ", "x", x); if ($0 != "{\"id\":\"" NR "\",\"t\":\"" x "\"}") exit 1}
		END {exit NR != 5}' || fail "$1: $(cut -c1-100 out)"
}

lie 0 honest -t t
all honest
lie 0 noquote -t t
all noquote
lie 0 noblock -t t # one row at a time
all noblock
lie 0 single -t t
all single
lie 0 pieces -t t # 65,535 bytes and the NUL, twice
all pieces 131070

lie 0 snowflake -t t # ROWS_PER_RESULTSET of an account
all snowflake
lie 0 sqlserver -t t # "text size" of FreeTDS
all sqlserver

lie 78 silent -t t
says 'ODBC: no reason given'
lie 69 nostatement -t t
says 'ODBC: it lies (SQLSTATE HY000)'
for what in nodescribe nopointer nobind; do
	lie 78 $what -t t
	says 'ODBC: it lies (SQLSTATE HY000)'
done
lie 78 noparam -e 'SELECT * FROM t WHERE id > :x' -P x=1
says 'ODBC: it lies'
for what in nocount toomany; do
	lie 76 $what -t t
	says 'ODBC: the driver does not report the number of rows it returned'
done
lie 65 badrow -t t # its reason is lost by what is asked of the rows before
says 'ODBC: no reason given'
is 2 "$(grep -vc _rudder out)" 'rows before the one that cannot be had'
for what in nopos noget; do
	lie 65 $what -t t
	says 'ODBC: it lies'
	is 0 "$(grep -vc _rudder out)" "rows of $what"
done
lie 76 lost -t t
says 'ODBC: the driver lost a value'
lie 76 nolength -t t
says 'ODBC: the driver does not report the length of a value'
lie 0 honest -t t --check
grep -q '1 table' out || fail "tables: $(cat out)"
for what in notables fetchtables; do
	lie 69 $what -t t --check
	says 'ODBC: it lies'
	! grep -q '[01] table' out || fail "$what: $(cat out)"
done
