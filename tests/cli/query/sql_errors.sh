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
# an output that is full ends each database with 74, wherever that is noticed: at the
# first line, or in the middle of more rows than fit into a buffer
ten='(SELECT 0 AS n UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6)'
word=$(printf '%0200d' 0)
for kind in sqlite pg my duck; do
	eval "at=\$at_$kind"
	case $at in '') continue ;; esac
	case $(rudder-query -d "$at" -t t 2>&1) in *'has no source'*) continue ;; esac
	for how in --check --columns '--limit 3' '-P x=9' '--cursor id' ''; do
		model="SELECT a.n * 100 + b.n * 10 + c.n AS id, '$word' AS w FROM $ten a, $ten b, $ten c"
		[ "$how" != '-P x=9' ] || model="$model WHERE a.n <> :x"
		got=0
		# shellcheck disable=SC2086 # words
		rudder-query -d "$at" $how -e "$model" >/dev/full 2>err || got=$?
		[ "$got" = 74 ] || fail "$kind $how: status $got: $(cat err)"
		says 'cannot write output'
		# closed by who reads it
		# shellcheck disable=SC2086 # words
		rudder-query -d "$at" $how -e "$model" 2>err | true
	done
done
test ! -e failed
