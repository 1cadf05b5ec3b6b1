# a wrong model is status 78 and a value that cannot be computed 65, whatever
# the database calls it
# shellcheck shell=sh disable=SC2154,SC2034
set -eu
. "$TOP/tests/tool/sources.sh"
every_database
# STATUS KINDS SQL
while IFS='|' read -r want kinds sql; do
	for kind in $kinds; do
		eval "at=\$at_$kind"
		case $at in '') continue ;; esac
		case $(rudder-query -d "$at" -t t 2>&1) in *'has no source'*) continue ;; esac
		status "$want" "$kind: $sql" rudder-query -d "$at" -e "$sql"
		no_end "$kind: $sql"
	done
done <<'EOF'
78|sqlite pg my ch duck|SELECT nope
78|sqlite pg my ch duck|SELECT nope FROM (SELECT 1 AS a) x
78|sqlite pg my ch duck|SELECT * FROM nope
78|sqlite pg my ch duck|SELECT nofunc(1) AS a
78|sqlite pg my ch duck|SELECT (1 AS a
78|sqlite pg my ch duck|SELECT sum(count(*)) AS n FROM (SELECT 1 AS a) x
78|sqlite pg my ch duck|SELECT 1 AS a UNION ALL SELECT 1, 2
78|sqlite pg my duck|SELECT a FROM (SELECT 1 AS a) x JOIN (SELECT 1 AS a) y ON 1 = 1
78|pg my ch duck|SELECT CAST(1 AS nope) AS a
78|my|SELECT _latin1'a' COLLATE latin1_bin = _latin1'b' COLLATE latin1_german1_ci AS a
65|pg my ch duck|SELECT (SELECT a FROM (SELECT 1 AS a UNION ALL SELECT 2) y) AS b
65|pg my duck|SELECT 9223372036854775807 + 1 AS a
65|sqlite|SELECT abs(-9223372036854775807 - 1) AS a
65|pg duck|SELECT CAST('x' AS integer) AS a
65|ch|SELECT CAST('x' AS Int32) AS a
EOF
test ! -e failed
