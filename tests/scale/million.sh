#!/bin/sh
# million.sh - a table of N rows (1,000,000) in PostgreSQL through all five
# stages to a receiver: every row arrives exactly once; a second run sends
# nothing; then updates, inserts and deletes arrive exactly. The judge is a
# full join of the two versions in PostgreSQL.
set -eu
TOP=$(cd "$(dirname "$0")/../.." && pwd)
N=${1:-1000000}
D=$(mktemp -d)
fake='' PG_DIR=''
finish() {
	[ -z "$fake" ] || kill "$fake" 2>/dev/null || :
	[ -z "$PG_DIR" ] || "$TOP/tests/tool/pg.sh" stop "$PG_DIR"
	rm -rf "$D"
}
trap finish EXIT
cd "$D"
fail() { echo "million.sh: $*" >&2; exit 1; }
is() { [ "$1" = "$2" ] || fail "$3: wanted $1, got $2"; }

eval "$(PG_BUFFERS=512MB "$TOP/tests/tool/pg.sh" start)"
for v in 1 2; do
	psql -qX -c "CREATE UNLOGGED TABLE v$v(user_id bigint PRIMARY KEY, email text, name text, plan text, mrr numeric(12,2),
		signup_ts timestamptz, country text, is_active bool, last_seen timestamptz, settings jsonb, scores jsonb)"
	users -n "$N" -f csv -v $v 2>/dev/null | psql -qX -c "COPY v$v FROM STDIN (FORMAT csv, HEADER true)"
done
rows=$(psql -qXAt -c 'SELECT count(*) FROM v1')

fake -p port -o events -t 1200 &
fake=$!
i=0
until [ -s port ]; do
	i=$((i + 1))
	[ $i -lt 100 ] || fail 'the receiver does not start'
	sleep 0.05
done
RUDDER_WRITE_KEY='test'
export RUDDER_WRITE_KEY
sync() { # TABLE
	had=$(wc -l <events) from=$(date +%s%N)
	rudder-query -d postgres:// -t "$1" | rudder-diff -k user_id -s state --mode mirror |
		rudder-map -t identify -u user_id --delete-event deleted |
		rudder-send -d "rudder:http://127.0.0.1:$(cat port)" | rudder-diff --commit -s state || fail "status $?"
	tail -n +$((had + 1)) events >got
	echo "sync of $1: $(wc -l <got) events in $((($(date +%s%N) - from) / 1000000)) ms"
}
: >events
sync v1
is "$rows" "$(wc -l <got)" 'events of the first sync'
is "$rows" "$(sed 's/.*"userId":"\([^"]*\)".*/\1/' got | sort -u | wc -l)" 'users in them'
sync v1
is 0 "$(wc -l <got)" 'events of the second sync'
sync v2
# the same change sets, by SQL
psql -qXAt -F ' ' >want <<'SQL'
SELECT CASE WHEN b.user_id IS NULL THEN 'delete' ELSE 'upsert' END, coalesce(b.user_id, a.user_id)
FROM v1 a FULL JOIN v2 b USING (user_id)
WHERE a.user_id IS NULL OR b.user_id IS NULL OR (a.*) IS DISTINCT FROM (b.*)
SQL
sed -n 's/.*"event":"deleted".*"userId":"\([^"]*\)".*/delete \1/p; s/.*"type":"identify","userId":"\([^"]*\)".*/upsert \1/p' got |
	sort >events.sets
sort want | cmp -s - events.sets || fail "the sets differ: $(sort want | diff - events.sets | head -n 5)"
# and the traits that came are those of the table
jq -r 'select(.type == "identify") | [.userId, .traits.email, .traits.name, .traits.plan] | @tsv' got | sort >values
psql -qXAt -c "COPY (SELECT b.user_id, b.email, b.name, b.plan FROM v1 a RIGHT JOIN v2 b USING (user_id)
	WHERE a.user_id IS NULL OR (a.*) IS DISTINCT FROM (b.*)) TO STDOUT" | sort | cmp -s - values ||
	fail 'the values differ'
sync v2
is 0 "$(wc -l <got)" 'events of the last sync'
echo "million.sh: $rows rows once, then nothing, then $(grep -c upsert want) inserts and updates and $(grep -c delete want) deletes exactly, then nothing"
