#!/bin/sh
# What the compiler and linker can do against attacks is in the release binaries.
. "$TOP/tests/tool/lib.sh"
case ${B##*/} in release) ;; *) skip 'not a release build' ;; esac
command -v readelf >/dev/null || skip 'no readelf'

# has PATTERN WHAT: the dump says so
has() { grep -q -e "$1" dump || fail "$tool: $2"; }

for tool in rudder-query rudder-diff rudder-map rudder-send; do
	path=$(command -v $tool)
	readelf -W -h -l -d "$path" >dump
	has 'Type: *DYN' 'not position independent'
	has 'FLAGS_1.*NOW.*PIE' 'symbols are bound late'
	has 'GNU_RELRO' 'no RELRO'
	has 'GNU_STACK .* RW *0x' 'the stack can be executed'
	! grep -q 'LOAD .* RWE ' dump || fail "$tool: memory both written and executed"
	! grep 'NEEDED.*lib\(pq\|curl\|sqlite3\|mariadb\|rdkafka\|odbc\)\.' dump || fail "$tool: starts with a driver's library"
	! grep -q -e RPATH -e RUNPATH dump || fail "$tool: looks for libraries in a folder of its own"
	readelf -W --dyn-syms "$path" >dump
	has '__stack_chk_fail' 'no stack protector'
	has '__[a-z]*_chk@' 'no FORTIFY_SOURCE'
	! grep -q 'RUDDER_TEST' "$path" || fail "$tool: a switch for tests"
done

# the processor's own protection is a note in each object, but not in Debian's
# start files, so the linker leaves it out of the binary
case $(uname -m) in x86_64) ;; *) exit 0 ;; esac
tool=object
readelf -n "$B/filters/core/file.o" >dump 2>/dev/null
has 'IBT, SHSTK' 'no control flow protection'
