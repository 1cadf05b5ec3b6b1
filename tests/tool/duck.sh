#!/bin/sh
# duck.sh - the DuckDB library for tests, which Debian does not have.
#
#   eval "$(tests/tool/duck.sh find)"   sets RUDDER_LIBDUCKDB, unless the linker
#                                       finds one; exits 77 if there is none
#   tests/tool/duck.sh list             the files of all versions that are there
#   tests/tool/duck.sh get              fetches DuckDB 2 by Maven, which npm does
#                                       not have, or else DuckDB 1.5 by npm, into
#                                       build/duckdb; says so if it cannot
set -eu
cd "$(dirname "$0")/../.."
case $(uname -m) in
x86_64) arch=x64 jni=linux_amd64 ;;
*) arch=arm64 jni=linux_arm64 ;;
esac
package=@duckdb/node-bindings-linux-$arch
new=$PWD/build/duckdb/libduckdb_java.so_$jni # the C API is in it, and no Java
old=$PWD/build/duckdb/node_modules/$package/libduckdb.so

list() {
	for lib in "${RUDDER_LIBDUCKDB:-}" "$new" "$old"; do
		[ -z "$lib" ] || [ ! -e "$lib" ] || echo "$lib"
	done | awk '!seen[$0]++'
}

by_maven() {
	command -v mvn >/dev/null && cd build/duckdb &&
		timeout 600 mvn -q -B dependency:copy -DoutputDirectory=. -Dartifact=org.duckdb:duckdb_jdbc:2.0.0.1 >log 2>&1 &&
		unzip -q -o duckdb_jdbc-2.0.0.1.jar "libduckdb_java.so_$jni" && rm -f duckdb_jdbc-2.0.0.1.jar
}

case ${1:-} in
find)
	lib=$(list | head -n 1)
	if [ -n "$lib" ]; then
		echo "export RUDDER_LIBDUCKDB='$lib'"
	elif ! /sbin/ldconfig -p | grep -q 'libduckdb\.so '; then
		echo 'echo "skipped: no libduckdb.so (tests/tool/duck.sh get)"; exit 77'
	fi
	;;
list)
	list
	;;
get)
	[ -z "$(list)" ] || exit 0
	mkdir -p build/duckdb
	(by_maven) || timeout 300 npm install --silent --no-audit --no-fund --prefix build/duckdb "$package@1.5.6-r.1" \
		>build/duckdb/log 2>&1 || echo "duck: no DuckDB by Maven or npm, its tests are skipped"
	;;
*)
	echo "usage: duck.sh find | list | get" >&2
	exit 64
	;;
esac
