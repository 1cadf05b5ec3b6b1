# plan.sh - a plan: made, reviewed, then applied in two parts or declined, while
# nothing else can send; and its seal
. "$TOP/tests/tool/lib.sh"
diff_rows() { rudder-query -d csv:users.csv | rudder-diff -k id -s st --mode mirror "$@"; }
map_events() { rudder-map -t identify -u id --deletes skip "$@"; }
apply() { rudder-send -d file:events "$@" | rudder-diff --commit -s st; }
cron() { diff_rows "$@" | map_events | apply; }
status_of() { rudder-diff --status -s st | jq -r "$1"; }

seq 1 250 | sed '1i id' >users.csv
diff_rows --hold | map_events --seal >plan || fail "the plan: $?"
is 250 "$(grep -c '"messageId"' plan)" 'events of the plan'
jq -e '._rudder.type == "end" and (._rudder.seal | length == 32)' <<END >/dev/null || fail 'no seal'
$(tail -n 1 plan)
END
is true "$(status_of '.hold_since != null')" 'a plan in --status'

# nobody else gets the state, with or without --hold, and the plan stays good
cp -r st kept
for option in '' --hold --full; do
	# shellcheck disable=SC2086
	status 75 cron $option
	says 'is waiting for review'
done
[ ! -s events ] || fail 'sent unreviewed'
cmp kept/pending st/pending || fail 'the plan has changed'
cmp kept/lock st/lock || fail 'the plan cannot be sent any more'
# to look is allowed
status 0 diff_rows -n >look

# the first 100, then the rest: nothing twice, nobody is warned
status 1 apply --max-events 100 <plan
is 100 "$(wc -l <events)" 'the first part'
is '1 0' "$(wc -l <err) $(grep -c warning err)" 'messages of the first part'
says '150'
status 75 cron
status 0 apply <plan
is '' "$(cat err)" 'warnings of the rest'
is 250 "$(wc -l <events)" 'all of it'
is 0 "$(jq -r .messageId events | sort | uniq -d | wc -l)" 'events sent twice'
is 'null 0' "$(status_of '"\(.hold_since) \(.pending)"')" 'after the plan'
status 0 cron

# a plan that is declined leaves nothing pending; the next run offers it again
echo new >>users.csv
diff_rows --hold | map_events --seal >plan
status 75 cron
rudder-send -d declined: <plan >receipts 2>err && fail 'a declined plan is not all done'
is '"failed" "not approved"' "$(jq -c 'select(.status) | .status, .reason' receipts | paste -sd' ')" 'receipts'
status 1 rudder-diff --commit -s st receipts
is 'null 0' "$(status_of '"\(.hold_since) \(.pending)"')" 'after declining'
# sent by mistake, it does nothing
status 64 rudder-send -d file:events <plan >/dev/null
status 0 cron
is 251 "$(wc -l <events)" 'after all'

# a plan with nothing in it holds nobody up
diff_rows --hold | map_events --seal >plan
is null "$(status_of .hold_since)" 'an empty plan'
status 0 cron

# the seal: any change of the file is seen before anything is sent
echo newer >>users.csv
echo newest >>users.csv
diff_rows --hold | map_events --seal >plan
bad() { # what was done to the plan
	status 65 rudder-send -d file:other <changed >/dev/null
	says 'the seal of these events is broken'
	[ ! -s other ] || fail "sent: $1"
}
sed 's/"userId":"newer"/"userId":"never"/' plan >changed
bad 'another user'
sed 2d plan >changed
bad 'an event less'
sed '2{p}' plan >changed
bad 'an event twice'
sed '$d' plan >changed
bad 'no end'
head -c -1 plan >changed
bad 'no LF'
sed 's/,"seal":"[0-9a-f]*"//' plan >changed
bad 'no seal'
sed '1s/"mode"/"Mode"/' plan >changed
bad 'another begin line'
# in a pipe it is seen at the end: no end line leaves
sed 's/"userId":"newer"/"userId":"never"/' plan | {
	got=0
	rudder-send -d null: >receipts 2>err || got=$?
	is 65 $got 'a broken seal in a pipe'
}
says 'the seal'
! grep -q '"type":"end"' receipts || fail 'an end behind a broken seal'
# what failed can be sent again, without the seal
status 1 rudder-send -d declined: --failed again <plan >/dev/null
grep -q seal again && fail 'the seal of other events'
status 0 rudder-send -n -d null: <again >/dev/null
status 0 apply <plan || :

# a plan that is lost: the file that the message names is removed
echo last >>users.csv
diff_rows --hold | map_events >/dev/null
status 75 cron
says "remove '$PWD/st/hold'"
rm st/hold
status 0 cron

status 64 rudder-diff -n --hold -k id -s st users.csv
says "option '--hold'"
