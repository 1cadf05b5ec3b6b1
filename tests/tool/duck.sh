#!/bin/sh
# duck.sh - the DuckDB library for tests, which Debian does not have.
#
#   eval "$(tests/tool/duck.sh find)"   sets RUDDER_LIBDUCKDB, unless the linker
#                                       finds one; exits 77 where there is none
#   tests/tool/duck.sh get              fetches it by npm into build/duckdb,
#                                       where it is kept; says so if it cannot
set -eu
cd "$(dirname "$0")/../.."
case $(uname -m) in
x86_64) arch=x64 ;;
*) arch=arm64 ;;
esac
package=@duckdb/node-bindings-linux-$arch
lib=$PWD/build/duckdb/node_modules/$package/libduckdb.so

case ${1:-} in
find)
	if [ -n "${RUDDER_LIBDUCKDB:-}" ]; then
		exit 0
	elif [ -e "$lib" ]; then
		echo "export RUDDER_LIBDUCKDB='$lib'"
	elif ! /sbin/ldconfig -p | grep -q 'libduckdb\.so '; then
		echo 'echo "skipped: no libduckdb.so (tests/tool/duck.sh get)"; exit 77'
	fi
	;;
get)
	[ -z "${RUDDER_LIBDUCKDB:-}" ] && [ ! -e "$lib" ] || exit 0
	mkdir -p build/duckdb
	timeout 300 npm install --silent --no-audit --no-fund --prefix build/duckdb "$package@1.5.6-r.1" \
		>build/duckdb/log 2>&1 || echo "duck: no DuckDB by npm, its tests are skipped"
	;;
*)
	echo "usage: duck.sh find | get" >&2
	exit 64
	;;
esac
