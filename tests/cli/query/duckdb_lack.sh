# duckdb_lack.sh - DuckDB's library is missing, or a different one: what to do is said
set -eu
. "$TOP/tests/tool/lib.sh"
unset RUDDER_LIBDUCKDB
if ! /sbin/ldconfig -p | grep -q 'libduckdb\.so '; then
	status 78 rudder-query -d duckdb:a.db -t t >out
	says 'no DuckDB: cannot find libduckdb.so; run make duckdb'
	status 78 rudder-query -d parquet:a.parquet >out
	says 'no DuckDB'
	RUDDER_LIBDUCKDB='' status 78 rudder-query -d duckdb:a.db -t t >out
	says 'no DuckDB'
fi
RUDDER_LIBDUCKDB=$B/tool/shim.so status 78 rudder-query -d duckdb:a.db -t t >out
says "this libduckdb.so lacks 'duckdb_"
RUDDER_LIBDUCKDB=$PWD/none.so status 78 rudder-query -d duckdb:a.db -t t >out
says "RUDDER_LIBDUCKDB: $PWD/none.so: cannot open"
[ ! -e a.db ] || fail 'a file was made'
