# nospace.sh - "No space left" names the file or folder: output, state, TMPDIR,
# destination, each on a file system of 1 MiB of its own
. "$TOP/tests/tool/lib.sh"

if [ -z "${SMALL:-}" ]; then
	how=-m
	[ "$(id -u)" = 0 ] || how=-rm
	unshare $how true 2>/dev/null || skip 'no mount namespaces'
	SMALL=$PWD/small
	export SMALL
	mkdir "$SMALL"
	unshare $how sh "$TOP/tests/cli/sync/nospace.sh"
	exit
fi
mount -t tmpfs -o size=1m none "$SMALL" 2>/dev/null || skip 'no tmpfs'
small() { umount "$SMALL" && mount -t tmpfs -o size=1m none "$SMALL"; }
# full WORDS: the last command said that, and why
full() {
	grep -F -- "$1" err | grep -q 'No space left on device' || fail "not said: $1: $(cat err)"
}
# long N: rows of 2,000 bytes
long() { awk -v n="$1" 'BEGIN {s = sprintf("%2000s", "x"); for (i = 1; i <= n; i++) print "{\"id\":" i ",\"s\":\"" s "\"}"}'; }
keys() { awk -v n="$1" 'BEGIN {s = sprintf("%200d", 7); for (i = 1; i <= n; i++) print "{\"id\":\"" s i "\"}"}'; }
long 1000 >ids
rows <ids >in

status 74 rudder-query -d ndjson:ids >"$SMALL/out"
full "cannot write output '$SMALL/out'"
small
status 74 rudder-diff -k id /dev/null in --trust-eof >"$SMALL/out"
full "rudder-diff: cannot write output '$SMALL/out'"
small
status 74 rudder-map -t identify --user-id id <in >"$SMALL/out"
full "rudder-map: cannot write output '$SMALL/out'"
small
rudder-map -t identify --user-id id <in >events
status 74 rudder-send -d "file:$SMALL/sent" <events >receipts
full "cannot write output '$SMALL/sent'"
small
small

# the state: intents, snapshot, receipts
keys 8000 | rows >many
status 74 rudder-diff -k id -s "$SMALL/st" <many >out
full "cannot write the state '$SMALL/st/pending'"
small
keys 1200 | rows | rudder-diff -k id -s "$SMALL/st" >out
ack accepted <out >receipts
dd if=/dev/zero of="$SMALL/filler" bs=1k 2>/dev/null || :
status 74 rudder-diff --commit -s "$SMALL/st" <receipts
full "$SMALL/st/"
rm "$SMALL/filler"
status 0 rudder-diff --commit -s "$SMALL/st" <receipts
small

# of a run one line says it: not what writes to the command that failed, too,
# nor where SIGPIPE is ignored, as below systemd
keys 1200 >rows.ndjson
cat >fill.sh <<EOS
cat >/dev/null
[ -e "$SMALL/filler" ] || dd if=/dev/zero of="$SMALL/filler" bs=1k 2>/dev/null || :
EOS
cat >users.yaml <<EOS
version: 1
source: ndjson:rows.ndjson
key: id
state: $SMALL/st
mapping: {type: identify, user_id: id}
destination: {dest: "exec:sh fill.sh", batch: 100, connections: 1}
EOS
status 74 rudder run users.yaml
full "$SMALL/st/"
is 1 "$(wc -l <err)" "lines of a full disk: $(cat err)"
small
(
	trap '' PIPE
	status 74 rudder run users.yaml
	is 1 "$(wc -l <err)" "lines of a full disk, SIGPIPE ignored: $(cat err)"
) || exit
small

# where the changes do not fit the run has failed, once: it was not killed as well
keys 1 >rows.ndjson
sed -i 's/^destination.*/destination: "null:"/' users.yaml
status 0 rudder run users.yaml
keys 8000 >rows.ndjson
status 74 rudder run users.yaml
full "cannot write the state '$SMALL/st/pending'"
is '0 74' "$(rudder-diff --runs -s "$SMALL/st" | jq .status | paste -sd ' ')" "records: $(rudder-diff --runs -s "$SMALL/st")"
small

# temporary files
dd if=/dev/zero of="$SMALL/filler" bs=1k 2>/dev/null || :
TMPDIR=$SMALL status 74 rudder-diff -k id -s st --memory 64K <many >out
full "in '$SMALL'"
small
awk 'BEGIN {print "CREATE TABLE t (s TEXT); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) INSERT INTO t SELECT hex(randomblob(400)) FROM n;"}' | sqlite3 a.db
SQLITE_TMPDIR=$SMALL status 74 rudder-query -d sqlite:a.db -e 'SELECT s FROM t ORDER BY s' >out
says "no space left for temporary files in '$SMALL'"
umount "$SMALL"
