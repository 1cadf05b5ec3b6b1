# guards.sh - delete guards: what is blocked, deferred, and allowed once
. "$TOP/tests/tool/lib.sh"

# numbers A B: rows with these ids
numbers() { seq "$1" "$2" | sed 's/.*/{"id":&}/'; }
# run STATUS WANT OPTIONS <ROWS: a run, and how many deletes leave
run() {
	code=$1 left=$2
	shift 2
	rows >in
	# shellcheck disable=SC2086
	status "$code" rudder-diff ${key--k id} -s st --mode mirror "$@" in >out
	is "$left" "$(changes <out | grep -c delete)" "deletes with '$*' of $(wc -l <in) lines"
}
commit() { ack "${1:-accepted}" <out | rudder-diff --commit -s st 2>said; }
start() {
	rm -rf st
	numbers 1 "$1" | run 0 0
	commit
}
blocked() { sed -n 's/.*"blocked":\([0-9]*\).*/\1/p' out; }

# WHERE id = 1 by mistake, and another table on the same state
start 100
numbers 1 1 | run 3 0
says '99 of 100 keys (99.0 %) would be deleted; blocked by delete guard count'
is 99 "$(blocked)" 'blocked'
commit && fail 'blocked, and the commit is fine'
numbers 91 190 | run 3 0
says '90 of 100 keys'
is 90 "$(changes <out | grep -c insert)" 'inserts leave'
is 90 "$(grep -c '"type":"blocked"' out)" 'blocked deletes are listed'
grep -q '{"_rudder":{"type":"blocked","stage":"diff","action":"delete","id":"90"}}' out || fail 'not 90'
# the default is 10 %, or 10; at most half
start 100
numbers 1 90 | run 0 10
start 100
numbers 1 89 | run 3 0
numbers 1 89 | run 0 11 --allow-deletes 11
commit
numbers 1 89 | run 0 0
# once
numbers 1 70 | run 3 0 --allow-deletes 11
start 20
numbers 1 10 | run 0 10
start 19
numbers 1 9 | run 3 0
start 2
numbers 1 1 | run 0 1
# what is given counts literally
start 5
numbers 1 4 | run 3 0 --max-deletes 10%
numbers 1 1 | run 0 4 --max-deletes 4
# no more than a hundred are listed
start 150
numbers 1 10 | run 3 0
is 100 "$(grep -c '"type":"blocked"' out)" 'listed'
# a look has the same verdict
numbers 1 10 | run 3 0 -n
numbers 1 10 >plain
status 3 rudder-diff -n -s st --mode mirror --trust-eof --max-deletes 100% plain >out
says 'guard truncated'

# unacknowledged inserts may be at the destination: they count as keys
rm -rf st
numbers 1 30 | run 0 0
numbers 1 24 | run 0 6
numbers 1 30 | run 0 0
numbers 1 19 | run 3 0
says '11 of 30 keys (36.7 %)'
rm -rf st
numbers 1 10 | run 0 0
commit
numbers 1 30 | run 0 0
numbers 1 19 | run 3 0
says '11 of 30 keys'

# an input in doubt needs the name of the guard
start 20
: | run 3 0 --allow-deletes 20
says 'run again with --allow-deletes=20,empty'
: | run 3 0 --allow-deletes 20,unreadable
: | run 0 20 --allow-deletes 20,empty
start 20
{ numbers 1 17; echo '{"id":"18'; } >bad
run 3 0 --allow-deletes 3 <bad
says '--allow-deletes=3,unreadable'
run 1 3 --allow-deletes 3,unreadable <bad
start 20
numbers 2 17 | run 3 0 --require-key 1 --allow-deletes 4
says '--allow-deletes=4,require-key'
run 3 0 --require-key 18 --allow-deletes 3,unreadable <bad
says '--allow-deletes=3,unreadable,require-key'
run 1 3 --require-key 18 --allow-deletes 3,unreadable,require-key <bad
start 20
numbers 1 18 | rows | sed '$s/}}$/,"partial":true}}/' >in
status 3 rudder-diff -s st --mode mirror --allow-deletes 2 in >out
says '--allow-deletes=2,partial'
status 64 rudder-diff -s st --mode mirror --allow-deletes 2,part in
says "no delete guard is named 'part'; they are truncated, partial, empty, unreadable, require-key, model, count"

# --delete-after-runs silences no guard: each run of an emptied table says so
start 20
for _ in 1 2 3 4; do
	: | run 3 0 --delete-after-runs 3
	says '20 of 20 keys'
	is 20 "$(blocked)" 'blocked, not deferred'
	commit && fail 'blocked, and the commit is fine'
	numbers 2 20 | run 3 0 --delete-after-runs 3 --require-key 1
	says '--allow-deletes=1,require-key'
	commit && fail 'blocked, and the commit is fine'
	run 3 0 --delete-after-runs 3 <bad
	commit && fail 'blocked, and the commit is fine'
done
# what is allowed leaves at once
: | run 3 0 --delete-after-runs 3 --allow-deletes 20
: | run 0 20 --delete-after-runs 3 --allow-deletes 20,empty
commit
is 0 "$(rudder-diff --status -s st | jq .keys)" 'keys'
# the count guard looks at what is due
start 20
for _ in 1 2; do
	numbers 1 5 | run 0 0 --delete-after-runs 3
	grep -q '"deferred":15' out || fail 'not deferred'
	commit
done
for _ in 1 2; do
	numbers 1 5 | run 3 0 --delete-after-runs 3
	commit && fail 'blocked, and the commit is fine'
done
numbers 1 5 | run 0 15 --delete-after-runs 3 --allow-deletes 15

# deletes that were allowed once are sent until they are acknowledged
start 40
numbers 1 5 | run 0 35 --allow-deletes 35
for status in failed unknown; do
	numbers 1 5 | run 0 35
	commit $status && fail 'not acknowledged, and fine'
	[ -e st/pending ] || numbers 1 5 | run 0 35 --allow-deletes 35
done
# others beside them are not
numbers 1 3 | run 0 37
start 40
numbers 1 5 | run 0 35 --allow-deletes 35
: | run 3 0
says '--allow-deletes=40,empty'
numbers 1 2 | run 0 38
start 60
numbers 1 40 | run 0 20 --allow-deletes 20
numbers 1 20 | run 3 20
says '20 of 60 keys'
# a key that reappears needs no delete
numbers 1 60 | run 0 0
commit
numbers 1 60 | run 0 0

# with --max-changes the deletes that are left are counted again
start 40
numbers 1 5 | run 1 10 --max-changes 10 --allow-deletes 35
commit
numbers 1 5 | run 3 0 --max-changes 10
says '--allow-deletes=25'
numbers 1 5 | run 1 10 --max-changes 10 --allow-deletes 25

# blocked, and the key is back: nothing to do
start 40
numbers 1 5 | run 3 0
commit && fail 'blocked, and the commit is fine'
numbers 1 40 | run 0 0
[ ! -e st/pending ] || fail 'an intent is left'

# the other modes delete nothing, so no guard speaks
for mode in upsert insert-only update-only full; do
	rows </dev/null >in
	status 0 rudder-diff -s st --mode $mode in >out
done

# identities are guarded as keys are
rm -rf st
key='-k id --identity email'
who() { seq "$1" "$2" | sed 's/.*/{"id":&,"email":"u&"}/'; }
who 1 40 | run 0 0
commit
who 1 5 | run 3 0
says '35 of 40 keys'
{ who 1 20; seq 21 40 | sed 's/.*/{"id":&,"email":"x&"}/'; } | run 3 0
says '20 of 40 keys'
{ who 1 20; seq 21 40 | sed 's/.*/{"id":&,"email":"x&"}/'; } | run 0 20 --allow-deletes 20
commit
who 1 1 | run 3 0 --delete-after-runs 2 --require-key 40
says '--allow-deletes=39,require-key'
who 1 1 | run 0 39 --delete-after-runs 2 --require-key 40 --allow-deletes 39,require-key

# what is allowed goes along for the events that rudder-map removes, and else nothing does
seq 1 9 | sed 's/.*/{"id":&}/' >nine
state=along
sync_all -k id -s along <nine >/dev/null
sed 5,9d nine | rows >four
rudder-diff -q -k id -s along --mode mirror --allow-deletes=5 -n <four | jq -c 'select(._rudder.type == "begin")._rudder.delete_guard' >guard
is '{"keys":9,"limit":4,"allowed":5}' "$(cat guard)" 'the guard of a run with --allow-deletes'
rudder-diff -q -k id -s along --mode mirror -n <four | jq -c 'select(._rudder.type == "begin")._rudder.delete_guard' >guard
is '{"keys":9,"limit":4}' "$(cat guard)" 'the guard of a run without'
