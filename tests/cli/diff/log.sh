# log.sh - receipts that are kept (--keep-log), and what --log shows of them
. "$TOP/tests/tool/lib.sh"
D='rudder-diff -k id -s st --mode mirror'
# deliver STATUS [OPTION ...] <ROWS: a run whose changes all get this status
deliver() {
	ack=$1
	shift
	rows | $D >changes 2>/dev/null || :
	ack "$ack" <changes | awk 'NR == FNR {if (match($0, /"id":"[^"]*","change":"/)) id[++n] = substr($0, RSTART + 5, RLENGTH - 16); next}
		/"messageId"/ {sub(/^{/, "{\"recordId\":" id[++m] ",")}
		{print}' changes - >receipts
	rudder-diff --commit -s st "$@" <receipts
}
of() { # KEY: operation and status of each receipt
	rudder-diff --log "$1" -s st | jq -r '"\(.operation) \(.status)"' | paste -sd, -
}

# many changes, of each kind
seq 1 3000 | sed 's/.*/{"id":&,"v":1}/' | deliver accepted --keep-log 30d
{
	seq 2 2999 | sed 's/.*/{"id":&,"v":2}/'
	echo '{"id":3001,"v":2}'
} | deliver accepted --keep-log 30d
is 'insert succeeded,update succeeded' "$(of 7)" 'a row that changed'
is 'insert succeeded,delete succeeded' "$(of 3000)" 'a row that was deleted'
is 'insert succeeded' "$(of 3001)" 'a new row'
is 2 "$(find st/log -type f | wc -l)" 'files'
is 6001 "$(cat st/log/* | grep -c '"id"')" 'receipts'
is 600 "$(stat -c %a st/log/* | sort -u)" 'their mode'

# a run without the option keeps nothing, and removes nothing
seq 2 2999 | sed 's/.*/{"id":&,"v":2}/' | deliver accepted || :
is 'insert succeeded' "$(of 3001)" 'a run without the option'

# a number is known in whatever way it is written
is "$(of 7)" "$(of 7.0)" 'one key'
status 66 rudder-diff --log 8.5 -s st

# what the log does not have is settled, and no run is named for it: the version
# of a row is not the generation of a run
of_run() { # KEY: status and run of each receipt
	rudder-diff --log "$1" -s st | jq -r '"\(.status) \(.sync_run_id // "-")"' | paste -sd, -
}
mv st kept
for v in 1 2 3; do
	printf '{"id":1,"v":%s}\n{"id":2,"v":%s}\n{"id":3,"v":1}\n' $((v > 1 ? 2 : 1)) $((v > 2 ? 2 : 1)) | deliver accepted
done
is '1 2 3' "$(rudder-diff --runs -s st | jq .generation | paste -sd' ')" 'three runs'
for id in 1 2 3; do is 'settled -' "$(of_run $id)" "row $id without a log"; done
is '"2"' "$(rudder-diff --log 2 -s st | jq -c .primary_key)" 'its key'
rudder-diff --log 2 -s st | jq -er '.error_reason | contains("is not known; commit with --keep-log")' >/dev/null || fail 'the reason'
# an omitted row was not sent, and nobody says that it was
printf '{"id":1,"v":2}\n{"id":2,"v":2}\n{"id":3,"v":1}\n{"id":50,"v":1}\n' | deliver skipped
is 'settled -' "$(of_run 50)" 'an omitted row without a log'
printf '{"id":1,"v":2}\n{"id":2,"v":2}\n{"id":3,"v":3}\n{"id":50,"v":2}\n' | deliver skipped --keep-log 30d
is "skipped $(rudder-diff --runs -s st | tail -n 1 | jq -r .run)" "$(of_run 50)" 'an omitted row with one'
is 'settled -' "$(of_run 2)" 'a row before the log began'
rudder-diff --log 2 -s st | jq -er '.error_reason | endswith("because no receipt of it is kept")' >/dev/null || fail 'the reason with a log'
printf '{"id":1,"v":2}\n{"id":2,"v":4}\n{"id":3,"v":3}\n{"id":50,"v":2}\n' | rows | $D >/dev/null
is 'settled,pending' "$(rudder-diff --log 2 -s st | jq -r .status | paste -sd, -)" 'a row before the log began, and a change'
rudder-diff --log 2 -s st | head -n 1 | jq -er '.error_reason | endswith("because no receipt of it is kept")' >/dev/null || fail 'the reason before a change'
# first what has no time, then the log, then what is open
printf '{"id":1,"v":2}\n{"id":2,"v":4}\n{"id":3,"v":3}\n{"id":50,"v":2}\n' | deliver rejected --keep-log 30d 2>/dev/null || :
printf '{"id":1,"v":2}\n{"id":2,"v":5}\n{"id":3,"v":3}\n{"id":50,"v":2}\n' | rows | $D >/dev/null
is 'settled,failed,pending' "$(rudder-diff --log 2 -s st | jq -r .status | paste -sd, -)" 'the order'
# a failure of the log that is over
printf '{"id":1,"v":2}\n{"id":2,"v":5}\n{"id":3,"v":3}\n{"id":50,"v":2}\n' | deliver accepted
is 'failed,settled' "$(rudder-diff --log 2 -s st | jq -r .status | paste -sd, -)" 'a failure that is over'
# a key that the log has deleted, and that is there again
rm -rf st
printf '{"id":1}\n{"id":2}\n' | deliver accepted --keep-log 30d
printf '{"id":1}\n' | deliver accepted --keep-log 30d
printf '{"id":1}\n{"id":2}\n' | deliver accepted
is 'insert succeeded,delete succeeded,null settled' "$(of 2)" 'a key that is there again'
# one that is not there
status 66 rudder-diff --log 9 -s st
says 'has no such key: it was not in the last result, nothing of it was sent yet, or it was deleted'
! grep -q keep-log err || fail 'a log is kept already'
rm -r st/log
status 66 rudder-diff --log 9 -s st
says 'or it was deleted; commit with --keep-log 30d (keep: {log: 30d}) to record'
rm -rf st
mv kept st

# files that are too old go, others in the folder stay; a clock that is ahead makes
# all of them look old, and then only those go that were so at the last run before
age() { # STAMP: the newest file of the log is of that time
	mv "$(find st/log -type f -name '20*' | sort | tail -n 1)" "st/log/$1-r0000000000000000001"
}
v=100
again() {
	v=$((v + 1))
	echo "{\"id\":2,\"v\":$v}" | deliver accepted --keep-log 30d 2>/dev/null || :
}
touch st/log/notes
n=$(find st/log -name '20*' | wc -l)
for stamp in 2020-03-01T00:00:00.000Z 2020-01-31T00:00:00.000Z 2020-01-30T23:59:59.999Z; do
	again
	age $stamp
done
again
again
is $((n + 4)) "$(find st/log -name '20*' | wc -l)" 'files after a clock was ahead'
[ ! -e st/log/2020-01-30T23:59:59.999Z-r0000000000000000001 ] || fail 'a file that was too old'
again
age "$(date -u -d '25 hours ago' +%Y-%m-%dT%H:%M:%S.000Z)"
again
[ -e st/log/notes ] || fail 'a foreign file was removed'
is '' "$(find st/log -name '2020*')" 'files that are too old'

# what a killed commit has read is there, and the next one goes on behind it
rm -rf st
printf 'id\n1\n2\n' | rudder-query -d csv:- | $D >changes
ack accepted <changes | sed 's/^{"messageId"/{"recordId":"1","messageId"/' >receipts
mkfifo p
rudder-diff --commit -s st --keep-log 30d p 2>/dev/null &
commit=$!
exec 3>p
head -n 2 receipts >&3
eventually 'a receipt in the log' sh -c 'grep -q "\"id\":\"1\"" st/log/*'
kill -9 $commit
wait $commit 2>/dev/null || :
exec 3>&-
is '"1" null' "$(rudder-diff --log 1 -s st | jq -r '"\(.primary_key | tojson) \(.sync_finished_at)"' | head -n 1)" 'a killed commit'
printf '{"id":"1","status":"acc' >>"$(find st/log -type f)"
status 0 rudder-diff --commit -s st --keep-log 30d <receipts
is 1 "$(find st/log -type f | wc -l)" 'files of one run'
rudder-diff --log 1 -s st | jq -es 'length >= 2 and (last | .sync_finished_at != null)' >/dev/null || fail 'the second commit'

# of two tries, committed in any order: what was accepted does not fail
rm -rf st
printf '%s\n' '{"id":1}' '{"id":2}' | rows | $D >changes
ids() { awk '/"messageId"/ {sub(/^{/, "{\"recordId\":\"" ++n "\",")} {print}'; }
ack accepted <changes | ids >second
ack rejected <changes | ids >first
status 0 rudder-diff --commit -s st <second
status 1 rudder-diff --commit -s st <first
is '' "$(rudder-diff --failing -s st)" 'failing after both tries'

# a look is not a run
echo '{"id":3}' | rows | $D -n | rudder-map -t identify -u id --deletes skip | rudder-send -n -d null: 2>/dev/null |
	rudder-diff --commit -s st 2>/dev/null || :
is 2 "$(rudder-diff --runs -s st | wc -l)" 'records after a look'

# a log that cannot be written is a warning: what was delivered is delivered
rm -rf st
echo '{"id":1}' | rows | $D >changes
mkdir st/log
chmod 500 st/log
if [ "$(id -u)" != 0 ]; then
	ack accepted <changes >receipts
	status 0 rudder-diff --commit -s st --keep-log 30d receipts
	says 'cannot keep the receipts of this run'
fi
chmod 700 st/log
rmdir st/log
echo >st/log
ack accepted <changes | sed 's/^{"messageId"/{"recordId":"1","messageId"/' >receipts
status 0 rudder-diff --commit -s st --keep-log 30d receipts
says 'cannot keep the receipts of this run'
is 1 "$(rudder-diff --status -s st | jq .keys)" 'delivered'

# how old the last good run is: of a state without one, and with an old one
rm -rf aged
state=aged
echo '{"id":1}' | sync_all -k id -s aged >/dev/null
for ended in 2020-01-01T00:00:00.000Z 1970-01-01T00:00:00.001Z; do
	sed -i "s/\"ended\":\"[^\"]*\"/\"ended\":\"$ended\"/" aged/runs
	status 4 rudder-diff --status -s aged --max-age 1h >out
	says "no run has succeeded since $ended"
	status 0 rudder-diff --status -s aged --max-age 36500d >out
done
: >aged/runs
status 4 rudder-diff --status -s aged --max-age 1h >out
says 'no run of this state has succeeded'
is null "$(jq .last_ok out)" 'without a record of runs'
for word in json text; do
	status 66 rudder-diff -s aged --log $word
	says 'has no such key; the form of messages is --log-format'
done
