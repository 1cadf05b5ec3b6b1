# check_machine.sh - rudder check without a sync: this machine, and what is wrong with one
. "$TOP/tests/tool/lib.sh"
detail() { sed -n "s/^$1	$2	//p" out; } # STEP WORD

status 0 rudder check >out
for tool in rudder rudder-query rudder-diff rudder-map rudder-send; do
	is "$(rudder --version | sed 's/.* //')" "$(detail $tool ok)" "$tool"
done
detail temporary ok | grep -q "^'.*' can be written, [0-9]* MiB are free" || fail "temporary: $(cat out)"
RUDDER_LIBDUCKDB=$B/tool/shim.so rudder check >out
detail library ok | grep -q '^libduckdb.so: DuckDB, Parquet$' || fail "a named library: $(cat out)"
RUDDER_LIBDUCKDB=$PWD/none.so rudder check >out
detail library warning | grep -q '^libduckdb.so: DuckDB, Parquet; not found' || fail "a missing library: $(cat out)"

# few descriptors
# shellcheck disable=SC3045 # of every sh that tests run with
(ulimit -n 100 && rudder check >out)
is '100 descriptors' "$(detail limits warning)" 'limits'

# a folder for temporary files that is not there
TMPDIR=$PWD/none status 77 rudder check >out
is "'$PWD/none': No such file or directory" "$(detail temporary failed)" 'temporary files'
says '1 of '

# an installation of which a part is missing, or is older
mkdir part
cp "$(command -v rudder)" "$(command -v rudder-query)" "$(command -v rudder-map)" part/
printf '#!/bin/sh\necho "rudder-map (rudder) 0.0.1"\n' >part/rudder-map
chmod +x part/rudder-map
PATH=$PWD/part:/usr/bin:/bin status 78 part/rudder check >out
is 'of another version than rudder' "$(detail rudder-map failed)" 'an older tool'
is 'cannot be run; install all of rudder' "$(detail rudder-send failed)" 'a missing tool'
says '3 of '
