# shellcheck shell=sh disable=SC2154
# singer.sh - a Singer pipe that sends the table users_few as sync.bench does: sourced by it
#
# Meltano's tap-postgres, which takes no Unix socket, and by_singer.py.
singer=$work/singer/bin
mkdir -p "$D/singer"
cat >"$D/singer/tap.json" <<E
{"host": "127.0.0.1", "port": $PGPORT, "user": "$PGUSER", "password": "-", "database": "$PGDATABASE", "filter_schemas": ["public"]}
E
"$singer/tap-postgres" --config "$D/singer/tap.json" --discover 2>/dev/null |
	jq '.streams |= map(select(.table_name == "users_few") | .replication_method = "FULL_TABLE" | .metadata |= map(
		.metadata.selected = (.breadcrumb == [] or (.breadcrumb[1] | IN("user_id", "email", "name", "plan")))))' >"$D/singer/catalog.json"
cat >"$D/singer/run" <<E
set -o pipefail
$singer/tap-postgres --config $D/singer/tap.json --catalog $D/singer/catalog.json |
	$singer/python tests/bench/by_singer.py >$D/singer/state
E
