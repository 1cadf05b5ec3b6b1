# shellcheck shell=sh
# shop.sh - a table that changes, a receiver, whole syncs between them, and a
# judge. For kill.sh and doubt.sh, which say what is disturbed.
#
# The judge is SQL over what the receiver took down; it shares no code with the
# filters. Whoever sources this has set seed, world (users | audience) and run.

: "${seed:?}" "${run:?}" "${world:?}"
NAME=${0##*/}
dir=$(mktemp -d)
cd "$dir" || exit 1
fake=
trap 'end_fake; rm -rf "$dir"' EXIT

fail() {
	echo "$NAME: seed $seed, run $run: $*" >&2
	cp -r "$dir" "${TMPDIR:-/tmp}/rudder-kill-$$"
	echo "$NAME: kept in ${TMPDIR:-/tmp}/rudder-kill-$$" >&2
	exit 1
}

end_fake() {
	[ -z "$fake" ] || kill $fake 2>/dev/null || :
	[ -z "$fake" ] || wait $fake 2>/dev/null || :
	fake=
}

# start_fake SCRIPT: a receiver that appends what it takes to events; its port
# goes to port
start_fake() {
	end_fake
	rm -f port
	fake -p port -o events -s "$1" -t 3000 2>>fake-errors &
	fake=$!
	i=0
	until [ -s port ]; do
		i=$((i + 1))
		[ $i -lt 200 ] || fail 'the receiver does not start'
		sleep 0.02
	done
}

rows=${ROWS:-2000}
make_world() {
	sqlite3 shop.db "CREATE TABLE users(id INTEGER PRIMARY KEY, v TEXT, email TEXT);
WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n WHERE i < $rows)
INSERT INTO users SELECT i, 'a', 'e' || i FROM n"
	# who has to be there, by what the receiver knows them by
	# shellcheck disable=SC2034 # for whoever sources this
	case $world in
	audience) who=email identity='--identity email' member="SELECT email AS who, NULL AS v FROM users WHERE email IS NOT NULL GROUP BY 1" ;;
	*) who=id identity='' member="SELECT id AS who, v FROM users" ;;
	esac
	sqlite3 shop.db "CREATE VIEW member AS $member; CREATE TABLE was_member(who TEXT);
CREATE TABLE hidden(id, v, email);
CREATE TABLE epoch(first INTEGER); INSERT INTO epoch VALUES (0);
CREATE TABLE orphan(how TEXT, id TEXT, last INTEGER)"
	: >events
}

# stage N COMMAND ...: its pid in pidN, its status in statusN
stage() {
	n=$1 got=0
	shift
	sh -c 'echo $$ >"$0.new" && mv "$0.new" "$0" && exec "$@"' "pid$n" "$@" 2>"err$n" || got=$?
	echo $got >"status$n"
}

# kill_stage N: the process of that stage, if it lives
kill_stage() {
	kill -9 "$(cat "pid$1" 2>/dev/null || echo 0x)" 2>/dev/null || :
}

# some rows change, some arrive, some leave: a value that was never there before,
# or "a" again, so that rows also return to what they were
mutate() {
	sqlite3 shop.db "
	UPDATE users SET v = CASE abs(random()) % 3 WHEN 0 THEN 'a' ELSE 'n' || ($run * 100000 + id) END
	WHERE id IN (SELECT id FROM users ORDER BY random() LIMIT abs(random()) % 300);
	DELETE FROM users WHERE id IN (SELECT id FROM users ORDER BY random() LIMIT abs(random()) % 100);
	INSERT OR IGNORE INTO users SELECT abs(random()) % ($rows + 500) + 1, 'n' || ($run * 100000 + 99000 + id), 'e' || id
	FROM users ORDER BY random() LIMIT abs(random()) % 200"
	[ "${HIDE:-0}" = 0 ] || sqlite3 shop.db '
	INSERT OR IGNORE INTO users SELECT * FROM hidden;
	DELETE FROM hidden;
	INSERT INTO hidden SELECT * FROM users ORDER BY random() LIMIT abs(random()) % 100;
	DELETE FROM users WHERE id IN (SELECT id FROM hidden)'
	[ $world != audience ] || sqlite3 shop.db "
	CREATE TEMP TABLE was AS SELECT id, email FROM users;
	UPDATE users SET email = (SELECT email FROM was WHERE was.id > users.id LIMIT 1) WHERE id % 40 = $run % 40 OR id % 40 = $run % 40 + 1;
	UPDATE users SET email = CASE abs(random()) % 3 WHEN 0 THEN 'e' || abs(random()) % $rows WHEN 1 THEN 'n' || ($run * 100000 + id) END
	WHERE id IN (SELECT id FROM users ORDER BY random() LIMIT abs(random()) % 100)"
}

# What a killed sender has sent is in events once the receiver has closed its
# connections: those of its port that neither listen nor wait for their end.
drain() {
	at=$(printf ':%04X' "$(cat port)") i=0
	while [ $i -lt 300 ] && awk -v at="$at" '
		$2 ~ at "$" && $4 != "0A" && $4 != "06" {open = 1}
		END {exit !open}' /proc/net/tcp /proc/net/tcp6; do
		i=$((i + 1))
		sleep 0.01
	done
}

seen=0
# what arrived in the last run: no delete of a row that is there, now and, as a
# command that outlived its sender may deliver late, in the run before
judge_run() {
	[ -z "$fake" ] || drain
	now=$(wc -l <events)
	tail -n +$((seen + 1)) events | sed -n 's/.*"event":"deleted".*"userId":"\([a-z0-9]*\)".*/\1/p' >deleted
	seen=$now
	wrong=$(sqlite3 shop.db 'CREATE TEMP TABLE d(who TEXT)' '.import deleted d' \
		"SELECT who FROM d WHERE who IN (SELECT CAST(who AS TEXT) FROM member)
		AND (${LATE:-0} = 0 OR who IN (SELECT CAST(who AS TEXT) FROM was_member))")
	[ -z "$wrong" ] || fail "rows deleted that are in the table: $wrong"
	[ "${LATE:-0}" = 0 ] || sqlite3 shop.db 'DELETE FROM was_member; INSERT INTO was_member SELECT who FROM member'
}

# A state was put back from a backup: what arrives from now on may have another
# id than what the state has forgotten.
new_epoch() {
	sqlite3 shop.db "INSERT INTO epoch VALUES ($(wc -l <events))"
}

# judge_all [forgotten]: after a quiet run the receiver holds the table, whether
# it counts every event, drops those of a messageId that it knows, or of a
# messageId and run id; and one id means one content, one content one id.
# forgotten: rows that left the table and that a restored state does not know are
# noted; from then on they may be there, until another event of theirs arrives.
judge_all() {
	sqlite3 :memory: >verdict <<SQL
.separator "\001"
CREATE TABLE line(j TEXT);
.import events line
ATTACH 'shop.db' AS shop;
CREATE TABLE e AS SELECT rowid AS n, j ->> '\$.userId' AS id, j ->> '\$.event' AS event,
	j ->> '\$.traits.v' AS v, j ->> '\$.traits.tag' AS tag, j ->> '\$.messageId' AS m, j ->> '\$.context.sources.job_run_id' AS run,
	(SELECT max(first) FROM shop.epoch WHERE first < line.rowid) AS epoch FROM line;
CREATE TABLE kept AS SELECT 'every event' AS how, n, id, event, v, tag FROM e
	UNION ALL SELECT 'first of a messageId', min(n), id, event, v, tag FROM e GROUP BY m
	UNION ALL SELECT 'first of a messageId in a run', min(n), id, event, v, tag FROM e GROUP BY m, run;
CREATE TABLE last AS SELECT how, id, event, v, tag, max(n) AS n FROM kept GROUP BY how, id;
CREATE INDEX last_id ON last(how, id);
SELECT 'lost or stale (' || h.how || '): ' || u.who FROM shop.member u JOIN (SELECT DISTINCT how FROM kept) h
	LEFT JOIN last l ON l.how = h.how AND l.id = u.who
	WHERE l.id IS NULL OR l.event IS NOT NULL OR (u.v IS NOT NULL AND (l.v IS NOT u.v OR l.tag IS NOT (SELECT max(name) FROM shop.tag)));
CREATE TABLE left_over AS SELECT * FROM last l WHERE event IS NULL AND id NOT IN (SELECT CAST(who AS TEXT) FROM shop.member)
	AND (how, id, n) NOT IN (SELECT how, id, last FROM shop.orphan);
SELECT 'not deleted (' || how || '): ' || id FROM left_over WHERE '${1:-}' <> 'forgotten' AND '$world' <> 'upsert';
INSERT INTO shop.orphan SELECT how, id, n FROM left_over WHERE '${1:-}' = 'forgotten';
SELECT 'one id, two contents: ' || m FROM e GROUP BY m HAVING count(DISTINCT id || ifnull(event, '') || ifnull(v, '') || ifnull(tag, '')) > 1;
SELECT 'one content, two ids: ' || id || ' ' || v FROM e WHERE '${IDS:-}' <> 'may' AND v LIKE 'n%' AND (SELECT v FROM shop.member LIMIT 1) NOT NULL
	GROUP BY id, v, tag, epoch HAVING count(DISTINCT m) > 1;
SELECT 'one id, two runs: ' || m FROM e WHERE '${IDS:-}' <> 'may' GROUP BY m HAVING count(DISTINCT run) > 1;
SQL
	[ ! -s verdict ] || fail "$(head -n 5 verdict)"
}

# --tag sends the rows of another mapping again, in the same run; releases before
# 0.2 do not know of mappings themselves
# shellcheck disable=SC2034 # read by those that include this
if rudder-diff --help | grep -q -- --on-mapping-change; then
	mapped='--on-mapping-change changed'
else
	mapped=''
fi

# another mapping: all are to have it
retag() {
	# shellcheck disable=SC2034 # the same
	tag=$1
	sqlite3 shop.db "CREATE TABLE IF NOT EXISTS tag(name TEXT); DELETE FROM tag; INSERT INTO tag VALUES ('$tag')"
}

# events of which one arrived again
again() {
	sqlite3 :memory: '.separator "\001"' 'CREATE TABLE line(j TEXT)' '.import events line' \
		"SELECT count(*) - count(DISTINCT j ->> '\$.messageId') FROM line"
}
