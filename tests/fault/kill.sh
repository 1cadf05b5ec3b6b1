#!/bin/sh
# kill.sh - SIGKILL for a random stage at a random moment of a whole sync, many
# times, while the source changes between the runs.
#
#   kill.sh [KILLS] [SEED] [users | audience]     (200, 1, users)
#
# The runs that are disturbed have --max-changes and --delete-after-runs at
# random, and now and then --tag changes. After every tenth kill one run is left alone; then the receiver must hold
# what the table holds. At no time may a row be deleted that is in the table,
# one messageId stand for two contents, or one content come under two ids. An
# audience is of emails (--identity), which rows change, swap, share and lose:
# in the end it must have those of the table, and never lose one of them.
# The judge is SQL over what the receiver took down; it shares no code with
# the filters. Needs sqlite3, and the build in $B and $BIN (tests/run.sh).
set -eu
kills=${1:-200} seed=${2:-1} world=${3:-users}
dir=$(mktemp -d)
cd "$dir"
fake=
trap '[ -z "$fake" ] || kill $fake 2>/dev/null || :; rm -rf "$dir"' EXIT
echo "kill.sh: $kills kills, seed $seed, $world"

fail() {
	echo "kill.sh: seed $seed, run $run: $*" >&2
	cp -r "$dir" "${TMPDIR:-/tmp}/rudder-kill-$$"
	echo "kill.sh: kept in ${TMPDIR:-/tmp}/rudder-kill-$$" >&2
	exit 1
}

rows=${ROWS:-2000}
sqlite3 shop.db "CREATE TABLE users(id INTEGER PRIMARY KEY, v TEXT, email TEXT);
WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n WHERE i < $rows)
INSERT INTO users SELECT i, 'a', 'e' || i FROM n"
# who has to be there, by what the receiver knows them by
case $world in
users) who=id identity='' member="SELECT id AS who, v FROM users" ;;
*) who=email identity='--identity email' member="SELECT email AS who, NULL AS v FROM users WHERE email IS NOT NULL GROUP BY 1" ;;
esac
sqlite3 shop.db "CREATE VIEW member AS $member"
tag=t0
RUDDER_WRITE_KEY='test'
export RUDDER_WRITE_KEY
: >events
echo 'always delay 5 accept' >slowly
fake -p port -o events -s slowly -t 3000 &
fake=$!
i=0
until [ -s port ]; do
	i=$((i + 1))
	[ $i -lt 100 ] || fail 'the receiver does not start'
	sleep 0.05
done

# stage N COMMAND ...: its pid in pidN, its status in statusN
stage() {
	n=$1 got=0
	shift
	sh -c 'echo $$ >"$0.new" && mv "$0.new" "$0" && exec "$@"' "pid$n" "$@" 2>"err$n" || got=$?
	echo $got >"status$n"
}

# one run: five processes, of which stage $1 is killed after $2 seconds (0: none),
# with options $3
# shellcheck disable=SC2086 # options
sync_run() {
	rm -f pid? status?
	{
		stage 1 rudder-query -d sqlite:shop.db -t users |
			stage 2 rudder-diff -k id $identity -s state --mode mirror --max-deletes 100% --tag $tag $3 |
			stage 3 rudder-map -t identify -u $who -C tag=$tag --delete-event deleted |
			stage 4 rudder-send -d "rudder:http://127.0.0.1:$(cat port)" --batch 20 --connections 2 |
			stage 5 rudder-diff --commit -s state
	} >/dev/null &
	pipeline=$!
	if [ "$1" != 0 ]; then
		sleep "$2"
		kill -9 "$(cat "pid$1" 2>/dev/null || echo 0x)" 2>/dev/null || :
	fi
	wait $pipeline || :
	status=" $(cat status1 status2 status3 status4 status5 | tr '\n' ' ')"
	case $1$status in 0* | *137*) ;; *) missed=$((missed + 1)) ;; esac
}

# some rows change, some come, some go: a value that was never there before, or
# "a" again, so that rows also return to what they were
mutate() {
	sqlite3 shop.db "
	UPDATE users SET v = CASE abs(random()) % 3 WHEN 0 THEN 'a' ELSE 'n' || ($run * 100000 + id) END
	WHERE id IN (SELECT id FROM users ORDER BY random() LIMIT abs(random()) % 300);
	DELETE FROM users WHERE id IN (SELECT id FROM users ORDER BY random() LIMIT abs(random()) % 100);
	INSERT OR IGNORE INTO users SELECT abs(random()) % ($rows + 500) + 1, 'n' || ($run * 100000 + 99000 + id), 'e' || id
	FROM users ORDER BY random() LIMIT abs(random()) % 200"
	[ $world = users ] || sqlite3 shop.db "
	CREATE TEMP TABLE was AS SELECT id, email FROM users;
	UPDATE users SET email = (SELECT email FROM was WHERE was.id > users.id LIMIT 1) WHERE id % 40 = $run % 40 OR id % 40 = $run % 40 + 1;
	UPDATE users SET email = CASE abs(random()) % 3 WHEN 0 THEN 'e' || abs(random()) % $rows WHEN 1 THEN 'n' || ($run * 100000 + id) END
	WHERE id IN (SELECT id FROM users ORDER BY random() LIMIT abs(random()) % 100)"
}

seen=0
# what came in the last run: no delete of a row that is there
judge_run() {
	now=$(wc -l <events)
	tail -n +$((seen + 1)) events | sed -n 's/.*"event":"deleted".*"userId":"\([a-z0-9]*\)".*/\1/p' >deleted
	seen=$now
	wrong=$(sqlite3 shop.db 'CREATE TEMP TABLE d(who TEXT)' '.import deleted d' 'SELECT who FROM d WHERE who IN (SELECT CAST(who AS TEXT) FROM member)')
	[ -z "$wrong" ] || fail "rows deleted that are in the table: $wrong"
}

# after a quiet run: the receiver holds the table, and ids mean one thing
judge_all() {
	sqlite3 :memory: >verdict <<'SQL'
.separator "\001"
CREATE TABLE line(j TEXT);
.import events line
CREATE TABLE e AS SELECT rowid AS n, j ->> '$.userId' AS id, j ->> '$.event' AS event,
	j ->> '$.traits.v' AS v, j ->> '$.traits.tag' AS tag, j ->> '$.messageId' AS m, j ->> '$.context.sources.job_run_id' AS run FROM line;
ATTACH 'shop.db' AS shop;
CREATE TABLE last AS SELECT id, event, v, tag, max(n) FROM e GROUP BY id;
CREATE INDEX last_id ON last(id);
SELECT 'lost or stale: ' || u.who FROM shop.member u LEFT JOIN last l ON l.id = u.who
	WHERE l.id IS NULL OR l.event IS NOT NULL OR (u.v IS NOT NULL AND (l.v IS NOT u.v OR l.tag IS NOT (SELECT max(name) FROM shop.tag)));
SELECT 'orphan: ' || l.id FROM last l WHERE l.event IS NULL AND l.id NOT IN (SELECT CAST(who AS TEXT) FROM shop.member);
SELECT 'one id, two contents: ' || m FROM e GROUP BY m HAVING count(DISTINCT id || ifnull(event, '') || ifnull(v, '') || ifnull(tag, '')) > 1;
SELECT 'one content, two ids: ' || id || ' ' || v FROM e WHERE v LIKE 'n%' AND (SELECT v FROM shop.member LIMIT 1) NOT NULL
	GROUP BY id, v, tag HAVING count(DISTINCT m) > 1;
SELECT 'one id, two runs: ' || m FROM e GROUP BY m HAVING count(DISTINCT run) > 1;
SQL
	[ ! -s verdict ] || fail "$(head -n 5 verdict)"
}

# another mapping: all are to have it
retag() {
	tag=$1
	sqlite3 shop.db "CREATE TABLE IF NOT EXISTS tag(name TEXT); DELETE FROM tag; INSERT INTO tag VALUES ('$tag')"
}

run=0 missed=0 hits=0 quiet=0
retag t0
sync_run 0 0 ''
[ "$status" = ' 0 0 0 0 0 ' ] || fail "the first run ended with$status: $(cat err?)"
judge_all
# a run with some changes takes so many milliseconds; a kill comes in one of them
mutate
from=$(date +%s%N)
sync_run 0 0 ''
takes=$((($(date +%s%N) - from) / 1000000))
judge_run
while [ $hits -lt "$kills" ]; do
	run=$((run + 1))
	[ $run -lt $((kills * 5 + 50)) ] || fail "only $hits of $run kills found their process alive"
	mutate
	plan=$(awk -v t=$takes -v s=$((seed * 100003 + run)) \
		'BEGIN {
			srand(s); rand()
			printf "%d %.4f", 1 + int(rand() * 5), rand() * rand() * t / 1000
			if (rand() < 0.3) printf " --max-changes %d", 1 + rand() * 200
			if (rand() < 0.3) printf " --delete-after-runs 2"
		}')
	[ $((run % 12)) != 5 ] || retag t$run
	# shellcheck disable=SC2086 # words
	set -- $plan
	stage=$1 after=$2
	shift 2
	sync_run "$stage" "$after" "$*"
	judge_run
	hits=$((run - missed))
	if [ $((run % 10)) = 0 ]; then
		sync_run 0 0 ''
		[ "$status" = ' 0 0 0 0 0 ' ] || fail "a quiet run ended with$status: $(cat err?)"
		judge_run
		judge_all
		quiet=$((quiet + 1))
	fi
done
sync_run 0 0 ''
judge_run
judge_all
total=$(wc -l <events)
again=$(sqlite3 :memory: '.separator "\001"' 'CREATE TABLE line(j TEXT)' '.import events line' \
	"SELECT count(*) - count(DISTINCT j ->> '\$.messageId') FROM line")
echo "kill.sh: $hits kills ($missed more came too late), $quiet quiet runs between them; $total events received, $again of them again, under their first id; nothing lost, nothing wrongly deleted"
