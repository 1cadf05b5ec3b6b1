# older.sh - rows that were read before those of the last commit are refused
. "$TOP/tests/tool/lib.sh"
D='rudder-diff -s st --mode mirror'

query() { rudder-query -d csv:users.csv; }
commit() { ack accepted <out | rudder-diff --commit -s st; }
clock() { sed -n 's/.*"clock":"\([^"]*\)".*/\1/p' "${1:-st/started}"; }
# at CLOCK <ROWS: the rows as if read at that moment
at() { sed "1s/\"clock\":\"[^\"]*\"/\"clock\":\"$1\"/"; }
other=0123456789abcdef0123456789abcdef

# saved on Monday; 2 is deleted and 3 changed on Tuesday
printf 'id,v\n1,a\n2,a\n3,a\n4,a\n' >users.csv
query | rudder-diff -k id -s st >out
commit
query >monday
printf 'id,v\n1,a\n3,b\n4,a\n' >users.csv
query >tuesday
status 0 $D tuesday >out
is 'delete 2 update 3' "$(changes <out | paste -sd' ' -)" 'tuesday'
commit
cp -r st kept
for options in '' -n '--mode upsert' --full; do
	# shellcheck disable=SC2086
	status 78 $D $options monday >out
	says 'before those of the last commit'
	says 'use --allow-older'
	is '' "$(changes <out)" 'changes of older rows'
done
diff -r -x lock st kept || fail 'refused, and the state has changed'
# the same rows again are not older, nor are newer ones
status 0 $D tuesday >out
query | $D >out || fail 'newer rows'
commit
status 78 $D tuesday >out
# unless allowed; the state then still knows how new it was
status 0 $D -n --allow-older monday >out
is 'insert 2 update 3' "$(changes <out | paste -sd' ' -)" 'as allowed'
was=$(clock)
status 0 $D --allow-older monday >out
commit
is "$was" "$(clock)" 'the newest'
rudder-diff --status -s st | jq -e '.started | startswith("20")' >/dev/null || fail 'no time in --status'

# a run that changes nothing counts as well
rm -rf st
query | rudder-diff -k id -s st >out
commit
query >monday
query | $D >out
is '' "$(changes <out)" 'nothing to do'
commit
status 78 $D monday >out
# one whose receipts were cut has delivered newer rows
query >tuesday
query >wednesday
sed 's/"v":"a"/"v":"c"/' wednesday | $D >out
ack accepted <out | sed '$d' >receipts
status 65 rudder-diff --commit -s st receipts
status 78 $D tuesday >out
# one that is not committed does not count, nor does a dry run of the sender
query >thursday
query | $D >out
status 0 $D thursday >out
query | $D --full >out
ack dry-run <out | rudder-diff --commit -s st 2>err && fail 'a dry run is fine'
status 0 $D thursday >out
commit

# the run id says nothing: it may be anybody's
RUDDER_RUN_ID=d5abcdefghijklmnopqr query >mine
RUDDER_RUN_ID=00000000000000000000 query | $D >out || fail 'an own run id'
commit
status 78 $D mine >out
RUDDER_RUN_ID=00000000000000000000 query | $D >out || fail 'the same run id again'
commit

# on one boot the order is exact, whatever the wall clock says
# shellcheck disable=SC2046
set -- $(clock)
query | at "$(($1 - 86400000)) $2 $(($3 + 1))" >rows
status 0 $D rows >out
query | at "$(($1 + 86400000)) $2 $(($3 - 1))" >rows
status 78 $D rows >out
# clocks of two machines may differ by five minutes
query | at "$(($1 - 290000)) $other 1" >rows
status 0 $D rows >out
query | at "$(($1 - 310000)) $other 1" >rows
status 78 $D rows >out
query | at "$(($1 - 310000))" >rows
status 78 $D rows >out
# one that was a year ahead is no reason to refuse all for a year
query | at "$(($1 + 31536000000)) $other 1" >rows
status 0 $D rows >out
commit
is "$(clock rows)" "$(clock)" 'a year ahead'
query | $D >out || fail 'behind a clock that was ahead'
commit
[ "$(clock rows)" != "$(clock)" ] || fail 'still a year ahead'

# producers that do not say when they read, or say it in another way
for clock in '' x '1 2 3'; do
	query | at "$clock" >rows
	status 0 $D rows >out
done
printf '{"id":"1","v":"a"}\n' | rows >rows
status 0 rudder-diff -s st rows >out

# taken as delivered: the state is as new as those rows
query >older
query >rows
query | $D >out
commit
status 0 rudder-diff --rebase -s st rows >out
is "$(clock rows)" "$(clock)" 'rebased'
status 78 $D older >out
printf '{"id":"1","v":"a"}\n' >rows
status 0 rudder-diff --rebase --trust-eof -s st rows >out
[ ! -e st/started ] || fail 'nobody knows how old they are'
status 0 $D --max-deletes 100% older >out

# a damaged file does not count as absent
commit
[ -e st/started ] || fail 'no file'
sed 's/"clock":"1/"clock":"2/' st/started >damaged
cp damaged st/started
status 78 $D older >out
says 'is damaged'
rm st/started
status 0 $D older >out
