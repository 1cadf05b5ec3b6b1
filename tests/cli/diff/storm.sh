#!/bin/sh
# storm.sh - the sample of a state stays that of what was delivered
set -eu
# shellcheck source=tests/tool/lib.sh
. "$TOP/tests/tool/lib.sh"

table() { seq 1 "${3:-1500}" | sed "s/.*/{\"id\":&,\"v\":$1,\"w\":$2}/" | rows; }
# deliver STATUS: its receipts into the state
deliver() { ack "$1" <out >receipts && { rudder-diff --commit -s st receipts 2>/dev/null || :; }; }
# storm TEXT OPTIONS <ROWS: a run that must say so of the columns
storm() {
	text=$1
	shift
	status 0 rudder-diff -s st "$@" >out
	says "have changed; check for a new column, a different time zone or a different value format: $text"
}
size() { wc -c <st/snapshot; }

# too few keys for a storm have no sample
table 1 1 1000 | rudder-diff -k id -s st >out && deliver accepted
[ "$(size)" -lt 49000 ] || fail "$(size) bytes for 1000 keys"

# more keys; nothing is written where nothing has changed
table 1 1 | rudder-diff -s st >out && deliver accepted
table 1 1 | rudder-diff -s st >out
is '' "$(changes <out)" changes
is 'lock runs snapshot' "$(cd st && echo *)" 'files of the state'

# a look; a run whose answers are lost, and the one that goes on after it
table 2 1 | storm 'in most of 256 sampled rows: v (256)' -n
table 2 1 | storm 'in most of 256 sampled rows: v (256)'
table 2 1 | storm 'in most of 256 sampled rows: v (256)'
# what was refused is not mistaken for what is there
deliver failed
before=$(size)
table 2 1 | storm 'in most of 256 sampled rows: v (256)'
is "$before" "$(size)" 'bytes of the snapshot'
# nor what was refused in part
ack accepted <out | awk '/messageId/ && n++ % 2 {sub(/accepted/, "failed")} {print}' >receipts
status 1 rudder-diff --commit -s st receipts
table 3 1 | storm 'in most of 1' # a hundred and some
sed -n 's/.*in most of \([0-9]*\) sampled rows: v (\([0-9]*\))$/\1 \2/p' err >counts
read -r n v <counts || fail "$(cat err)"
is "$n" "$v" 'sampled rows and those that differ'
case $n in 9[1-9] | 1[0-6]?) ;; *) fail "$n of 256, half of which were delivered" ;; esac
deliver accepted
# with fewer places than changes, those that left are reported; the rest is as it was
table 3 2 | status 1 rudder-diff -s st --max-changes 1400 >out
says 'w ('
deliver accepted
# in other orders, with other spellings of the same
table 3 2 | sed '2,$ s/"v":3,"w":2/"w":2.0,"\\u0076":3e0/' | rudder-diff -s st >out
is 100 "$(changes <out | wc -l)" 'changes left by --max-changes'
deliver accepted
table 3 3 | sed '2,$ s/"v"/"\\u0076"/' | storm 'in most of 256 sampled rows: w (256)'
deliver accepted

# a tag is of no column, and does not end the sample
table 3 3 | status 0 rudder-diff -s st --tag t >out
is '' "$(cat err)" 'a storm that was asked for'
deliver accepted
table 4 3 | storm 'in most of 256 sampled rows: v (256)'
deliver accepted

# missing keys and new ones: a quarter of the sample follows
{ seq 400 1500 && seq 2001 2400; } | sed 's/.*/{"id":&,"v":4,"w":3}/' | rows >in
status 0 rudder-diff -s st --mode mirror --max-deletes 100% in >out
deliver accepted
sed 's/"w":3/"w":9/' in | storm 'in most of '
grep -Eq 'in most of (1[5-9]|2)[0-9]+ sampled rows: w \([0-9]*\)$' err || fail "$(cat err)"
deliver accepted

# one that is forgotten leaves the sample
rudder-diff --forget "$(rudder-diff --dump -s st | head -n 1 | jq -r .id)" -s st
sed 's/"w":3/"w":7/' in | storm 'in most of 255 sampled rows: w (255)'
