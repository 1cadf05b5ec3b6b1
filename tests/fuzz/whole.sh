#!/bin/sh
# shellcheck disable=SC2086 # lists of options
# whole.sh SECONDS SEED FOUND [CASES] - the commands, built with sanitizers and first in
# PATH, on damaged input: rows, changes, events, receipts, states, mappings,
# projects, tables, and whole syncs
#
# Makes valid input for each command with the commands themselves; mutate.c, of
# which one runs for each processor, damages and judges. What it finds stays in
# FOUND: the files, and the command in cases/NAME/run. CASES is how the names of
# the cases begin that are wanted: map, diff-commit.
set -eu
seconds=$1 seed=$2 wanted=${4:-}
mkdir -p "$3"
found=$(cd "$3" && pwd)
dir=$(mktemp -d)
pids=
trap '[ -z "$pids" ] || kill $pids 2>/dev/null || :; rm -rf "$dir"' EXIT
cd "$dir"
mkdir cases
export RUDDER_WRITE_KEY=fuzz RUDDER_RUN_ID=r1000000000000000000 WHO=me
export UBSAN_OPTIONS=print_stacktrace=1

# case_of NAME FILE[=NAME] ... -- ARGUMENT ...: a command, and copies of its input
case_of() {
	case_to=cases/$1
	shift
	mkdir "$case_to"
	while [ "$1" != -- ]; do
		cp -r "${1%%=*}" "$case_to/${1##*=}"
		shift
	done
	shift
	printf '%s\n' "$@" >"$case_to/run"
}

# ---- what all begin with
cat >rows <<'X'
{"_rudder":{"type":"begin","v":1,"stream":"rows","columns":[{"name":"id","type":"integer"},{"name":"email","type":"string"},{"name":"n","type":"number"},{"name":"at","type":"string"},{"name":"x","type":"json"}]}}
{"id":1,"email":"a@example.com","n":1.5,"at":"2024-01-02 03:04","x":null}
{"id":2,"email":" B@example.com","n":12345678901234567890,"at":"2024-01-02T03:04:05Z","x":{"a":[1,{"b":"c"}]}}
{"id":3,"email":null,"n":-0.0,"at":null,"x":"\ud83d\ude00 \"q\" \\ \u0001"}
{"id":"four","email":"é\n","n":1e300,"at":"","x":[true,false]}
{"_rudder":{"type":"end","stream":"rows","rows":4}}
X
sed -e 's/a@example/new@example/' -e '/^{"id":3/d' -e 's/"rows":4/"rows":3/' rows >later
sed '1d;$d' rows | sort >old
sed '1d;$d' later | sort >new
mkdir st
keys='-k id --identity email -s st --mode mirror --keep row --max-deletes 50%'
receipts_of() {
	rudder-map -t record --identifier email --identifier id <"$1" 2>/dev/null |
		rudder-send -d file:sent --any-counts 2>/dev/null || :
}
rudder-diff $keys <rows >first
receipts_of first >receipts1
rudder-diff --commit -s st <receipts1 2>/dev/null || :
cp -r st known
rudder-diff $keys --accept-connection <later >second # by mappings that are not those of the state
cp -r st waiting
receipts_of second >receipts2
rudder-map -t record --identifier email --identifier id <second >events 2>/dev/null || :
rudder-map -t identify -u id --deletes skip <first >identify 2>/dev/null || :
# what names the state, which knows where it was sent, is left out
for f in first second events identify; do
	sed 's/"state":"[^"]*",//' "$f" >named && mv named "$f"
done
cp -r waiting settled
rudder-diff --commit --history 3 -s settled <receipts2 2>/dev/null || :

# ---- rudder-diff
case_of diff-first rows=in -- rudder-diff -k id -s st --mode upsert
case_of diff-next later=in known=st -- rudder-diff $keys
case_of diff-again later=in waiting=st -- rudder-diff $keys
case_of diff-settled rows=in settled=st -- rudder-diff $keys
case_of diff-commit receipts2=in waiting=st -- rudder-diff --commit -s st
case_of diff-dump waiting=st -- rudder-diff --dump -s st
case_of diff-status waiting=st -- rudder-diff --status -s st
case_of diff-rebase later=in known=st -- rudder-diff -k id -s st --rebase
case_of diff-files old new -- rudder-diff -k id --trust-eof old new
printf '{"id":"%s","n":1}\n' a b c d >sorted
printf '{"id":"%s","n":2}\n' b c d e >sorted2
case_of diff-sorted sorted=old sorted2=new -- rudder-diff -k id --sorted --trust-eof old new
case_of diff-invert second=in -- rudder-diff --invert
case_of diff-debezium second=in -- rudder-diff --format debezium
case_of diff-record second=in -- rudder-diff --format record

# ---- rudder-map
cat >full.yaml <<'X'
type: identify
user_id: id
deletes: skip
columns: [email, "n*", {from: x, to: "profile.x[1]"}, {from: at, to: .context.at}]
constants: {source: warehouse, m: 1.50, list: [1, ~, "2"]}
constants_env: {who: WHO}
fields:
  email: {mask: trim+lower+sha256, default: "none"}
  n: {cast: string, null: omit}
X
cat >two.json <<'X'
[{"type":"track","user_id":"id","event":{"insert":"New","update":"Changed","delete":"Gone"},"timestamp":"at","null":"omit"},
 {"type":"record","identifiers":{"email":"Email"},"object":"SALESFORCE-contact","where":".id != 2","columns":["email","n"]}]
X
cat >jq.json <<'X'
{"type":"track","user_id":"id","deletes":"skip","jq":"{event: \"E\\(.id)\", properties: (del(.x) + {k: [.x, (.n | tostring)]})}, (select(.n != null) | {event: \"two\"})","jq_numbers":"string"}
X
cat >values.json <<'X'
{"type":"identify","user_id":"id","deletes":"skip","where":".email != null and (.n // 0) < 1e301","computed":{"full":".email + \"!\"","size":"[.x | .. ] | length"},"jq_numbers":"string"}
X
cat >plain.json <<'X'
{"type":"record","jq":"{identifiers: {email: .email}, fields: {n, at: .at, deep: {x: .x, l: [.id, \"v\"]}}}","jq_numbers":"string"}
X
case_of map-yaml first=in full.yaml=m.yaml -- rudder-map -m m.yaml
case_of map-two second=in two.json=m.json -- rudder-map -m m.json
case_of map-jq first=in jq.json=m.json -- rudder-map -m m.json
case_of map-values first=in values.json=m.json -- rudder-map -m m.json --jq-engine libjq --jobs 2
case_of map-plain second=in plain.json=m.json -- rudder-map -m m.json
case_of map-rows rows=in plain.json=m.json -- rudder-map -m m.json --preview 3
case_of map-print two.json=m.json -- rudder-map -m m.json --print-mapping
case_of map-check rows=in full.yaml=m.yaml -- rudder-map -m m.yaml --check

# ---- rudder-query
if rudder-query -d nosuch: -e x 2>&1 | grep -q sqlite:; then
	if command -v sqlite3 >/dev/null; then
		sqlite3 db 'CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT, n DECIMAL(10,2), b BLOB)' \
			"INSERT INTO users VALUES (7, 'a@b.c', 1.5, x'00ff'), (8, NULL, 2e300, 'text'), (9, 'é', -1, NULL)"
		printf 'SELECT id, email, n FROM users -- :no\nWHERE id > :from\n' >m.sql
		case_of query-sqlite db m.sql -- rudder-query -d sqlite:db -P from=7 m.sql
		case_of query-table db -- rudder-query -d sqlite:db -t users --cursor id
	fi
fi
printf 'id,email,n\r\n1,"a ""q""",1.5\n2,,\n3,"l1\nl2",x\n' >t.csv
case_of query-csv t.csv -- rudder-query -d csv:t.csv --types id=int --max-rejects 9
case_of query-ndjson new=t.ndjson -- rudder-query -d ndjson:t.ndjson

# ---- rudder-send
fake -p port -t $((seconds + 600)) 2>/dev/null &
pids=$!
until [ -s port ]; do sleep 0.05; done
to=rudder:http://127.0.0.1:$(cat port)
# the state that begin lines name is not the copy
short='--no-lock --retry-max-time 100ms --timeout 5s'
printf 'X-Api-Key: abc\nX-Two: d e\n' >headers && chmod 600 headers
rudder-send -d rudder:http://127.0.0.1:1 $short --failed failed <events >/dev/null 2>&1 || :
case_of send-file events=in -- rudder-send -d file:sent --no-lock
case_of send-http identify=in -- rudder-send -d "$to" $short -b 2
case_of send-failed events=in failed -- rudder-send -d "$to" $short --failed failed
case_of send-again failed=in -- rudder-send -d "$to" $short --trust-eof
case_of send-dry events=in -- rudder-send -d "$to" --dry-run --as-curl --no-lock
case_of send-webhook events=in headers -- rudder-send -d "webhook:http://127.0.0.1:$(cat port)/v1/batch" \
	$short --header-file headers --body '{to: .identifiers, list: [.fields[]?], action}'

# ---- whole syncs; a stage that dies, or finds a bug of its own, fails them
# shellcheck disable=SC2016 # for another shell
stage='s() { "$@"; case $? in 70 | 98 | 99 | 12[6-9] | 13* | 140 | 14[2-9] | 1[5-9]?) : >died ;; esac; }'
sync="$stage; s rudder-diff $keys <in | s rudder-map -m m.json | s rudder-send -d file:sent --failed failed | s rudder-diff --commit -s st; [ ! -e died ] || exit 100"
case_of sync later=in known=st two.json=m.json -- sh -c "$sync"
case_of sync-jq later=in waiting=st plain.json=m.json -- sh -c "$sync"

# ---- and now
for name in cases/*; do
	case $name in "cases/$wanted"*) ;; *) rm -r "$name" ;; esac
done
for i in $(seq "$(nproc)"); do
	mutate "$seconds" $((seed * 1000 + i)) cases "$found" &
	pids="$pids $!"
done
rc=0
for pid in ${pids#* }; do
	wait "$pid" || rc=1
done
[ $rc = 0 ] || cp -r cases "$found/"
exit $rc
