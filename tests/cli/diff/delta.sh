# delta.sh - rows of rudder-query --delta: missing keys are reported, and the
# base moves before the first change leaves
. "$TOP/tests/tool/lib.sh"

# delta RUN TOTAL [MEMBER-OF-END...] <LINES: a stream of --delta; lines "-7" are
# missing keys. RUN all... begins a new base. FILE=sum overrides the checksum.
delta() {
	run=$1 total=$2 all=false
	shift 2
	case $run in all*) all=true ;; esac
	run=$(printf '%s00000000000000000000' "$run" | tr -cd '0-9a-v' | cut -c1-20)
	file=${FILE-$(sed -n 's/.*"sum":"\(.*\)"}$/\1/p' st/base 2>/dev/null)}
	printf '{"_rudder":{"type":"begin","v":1,"stream":"rows","key":["id"],"delta":{"id":"00112233445566aa","schema":"rudder","run":"%s","of":"%s"%s,"all":%s,"total":%s,"keys":0}}}\n' \
		"$run" "${OF-abc}" "${file:+,\"file\":\"$file\"}" $all "$total"
	awk -v all=$all -v more="${*:-\"unread\":0}" '
	/^-/ {printf "{\"_rudder\":{\"type\":\"missing\"},\"id\":%s}\n", substr($0, 2); m++; next}
	{print; n++}
	END {printf "{\"_rudder\":{\"type\":\"end\",\"stream\":\"rows\",\"rows\":%d,\"rejects\":0,\"skips\":0,\"missing\":%d%s,%s}}\n", n, m, all == "true" ? "" : ",\"partial\":true", more}'
}
open() { sed -n 's/.*"open":"\([a-z]*\)".*/\1/p' st/base; }
sync() { rudder-diff -k id --mode mirror -s st "$@" >out; }
commit() { ack "${1:-accepted}" <out | rudder-diff --commit -s st; }
seq_rows() { seq "$1" "$2" | sed 's/.*/{"id":&,"v":"a"}/'; }

# the first run reads all, and settles
seq_rows 1 100 | delta all1 100 | sync
is all "$(open)" 'the base before the commit'
is 100 "$(changes <out | wc -l)" 'first changes'
! grep -q '"delta"' out || fail 'the begin line of changes has a delta'
commit
is none "$(open)" 'the base after the commit'
is '{"schema":"rudder","tables":"rudder_00112233445566aa_*","run":"all10000000000000000","rows":100,"is":"settled"}' \
	"$(rudder-diff --status -s st | jq -c .base)" '--status'

# a part: an update, an insert, a delete; the others are not missing
printf '%s\n' '{"id":7,"v":"b"}' '{"id":101,"v":"a"}' -9 | delta b 100 | sync
is 'delete 9,insert 101,update 7' "$(changes <out | paste -sd,)" 'a part'
is keys "$(open)" 'the base while changes are open'
jq -e 'select(._rudder.type == "end")._rudder | .base == "b0000000000000000000" and .base_rejects == 0' out >/dev/null ||
	fail "the end line: $(tail -n 1 out)"
commit
is none "$(open)" 'the base when all is settled'

# nothing changed
delta c 100 </dev/null | sync
is '' "$(changes <out)" 'no change'
commit
is none "$(open)" 'the base after a run without changes'

# a missing key whose row arrives as well is not deleted; one that the state
# does not have is nothing
printf '%s\n' '{"id":7,"v":"c"}' -7 -4711 | delta d 100 | sync
is 'update 7' "$(changes <out)" 'a key that is both'
commit
is none "$(open)" 'the base'

# rejected: the keys stay open until they are settled
echo '{"id":8,"v":"b"}' | delta e 100 | sync
is keys "$(open)" 'the base before the commit of a reject'
status 1 commit rejected
is list "$(open)" 'the base after a reject'
is '[8]' "$(sed -n 's/.*"list":\(\[[^]]*\]\).*/\1/p' st/base)" 'its list'
# a run whose commit never came
printf '%s\n' '{"id":8,"v":"b"}' '{"id":10,"v":"b"}' -11 | delta f 99 | sync
is keys "$(open)" 'the base of a lost run'
printf '%s\n' '{"id":8,"v":"b"}' '{"id":10,"v":"b"}' -11 | delta g 99 | sync
is 'delete 11,update 10,update 8' "$(changes <out | paste -sd,)" 'all of it again'
commit
is none "$(open)" 'the base'

# an insert that nobody acknowledged, and that is missing in the next run; one
# that is not reported is not missing
printf '%s\n' '{"id":200,"v":"a"}' '{"id":201,"v":"a"}' | delta h 101 | sync
echo -200 | delta i 100 | sync
is 'delete 200' "$(changes <out)" 'an open insert that is missing'
printf '%s\n' -200 '{"id":201,"v":"a"}' | delta j 100 | sync
is 'delete 200,insert 201' "$(changes <out | paste -sd,)" 'the other one'
is '[201,200]' "$(sed -n 's/.*"list":\(\[[^]]*\]\).*/\1/p' st/base)" 'what may be open'
commit

# another run has moved the base since it was read: nothing leaves
old=$(sed -n 's/.*"sum":"\(.*\)"}$/\1/p' st/base)
delta k 100 </dev/null | sync
commit
cp st/base kept
FILE=$old
echo '{"id":7,"v":"x"}' | delta l 100 | status 75 sync
says 'another run has used the state'
is '' "$(changes <out)" 'changes of a run that came too late'
cmp kept st/base
unset FILE

# a dry run writes nothing
echo '{"id":7,"v":"x"}' | delta l 100 | sync -n
is 'update 7' "$(changes <out)" 'a dry run'
cmp kept st/base

# rows that were not read are to be read again, by all keys that are open
echo '{"id":7,"v":"x"}' | delta m 100 '"unread":1' | sync
commit
is keys "$(open)" 'the base with unread rows'
delta n 100 </dev/null | sync
commit
is none "$(open)" 'the base'

# guards: as with all rows, by the keys of the state
seq 20 60 | sed 's/^/-/' | delta o 59 | status 3 sync
says '41 of 100 keys (41.0 %) would be deleted; blocked by delete guard count'
is '' "$(changes <out)" 'blocked deletes'
status 3 commit
is keys "$(open)" 'the base with blocked deletes'
seq 20 60 | sed 's/^/-/' | delta p 59 | sync --allow-deletes=41
is 41 "$(changes <out | grep -c delete)" 'allowed deletes'
commit
is none "$(open)" 'the base'
# an empty source: what it says is missing is all there is
{ seq 1 19; seq 61 101; echo 201; } | sed 's/^/-/' | delta q 0 | status 3 sync --max-deletes 100%
says 'the input has no rows'
# a key that must be there, and did not change
delta r 59 </dev/null | sync --require-key 7
echo -61 | delta s 58 | sync --require-key 7
is 'delete 61' "$(changes <out)" 'with --require-key'
commit
echo -7 | delta t 58 | status 3 sync --require-key 7
says 'a key of --require-key is missing'
commit >/dev/null 2>&1 || :

# deletes that wait for another run, and changes that wait for their turn
echo -62 | delta t1 57 | sync --delete-after-runs 2
is '' "$(changes <out)" 'a delete that waits'
commit
is keys "$(open)" 'the base with a delete that waits'
echo -62 | delta t2 57 | sync --delete-after-runs 2
is 'delete 62' "$(changes <out)" 'the delete in the second run'
commit
is none "$(open)" 'the base'
printf '%s\n' '{"id":1,"v":"q"}' '{"id":2,"v":"q"}' | delta t3 57 | status 1 sync --max-changes 1
commit || :
is keys "$(open)" 'the base with a change that waits'
printf '%s\n' '{"id":1,"v":"q"}' '{"id":2,"v":"q"}' | delta t4 57 | sync
commit

# duplicates and null keys come in each run, and keep nothing open
printf '%s\n' '{"id":7,"v":"x"}' '{"id":7,"v":"y"}' | delta u 60 | status 1 sync
commit || :
is none "$(open)" 'the base with duplicates'

# what makes the base void: rows without --delta, other comparing, --forget,
# --rebase, a snapshot of another time
void() { # WHAT
	is void "$(open)" "$1"
	seq_rows 1 60 | delta all3 60 | sync --max-deletes 100%
	commit
	is none "$(open)" "the base after $1"
}
seq_rows 1 60 | rows | sync 2>/dev/null || :
void 'rows without --delta'
echo '{"id":7,"v":"z"}' | delta va 60 | status 1 sync --ignore w
says 'the rows that did not change were compared in another way: the next run reads all rows'
is 'update 7' "$(changes <out)" 'changes in a run that compares otherwise'
commit 2>/dev/null || :
void 'other comparing'
rudder-diff --forget 7 -s st
void --forget
seq_rows 1 60 | rows | rudder-diff -k id --rebase -s st >/dev/null
void --rebase
cp -r st backup
echo '{"id":7,"v":"z"}' | delta vb 60 | sync
commit
cp backup/snapshot st/snapshot
delta vc 60 </dev/null | status 1 sync
says 'does not belong to the snapshot'
commit 2>/dev/null || :
void 'an older snapshot'
# a whole backup is as it was: its base goes with its snapshot
cp -r st backup2
echo '{"id":7,"v":"z"}' | delta vd 60 | sync
commit
rm -r st
cp -r backup2 st
delta ve 60 </dev/null | sync
commit
is none "$(open)" 'the base of a backup'
# a tag resends every row, and only those that changed were read
echo '{"id":7,"v":"z"}' | delta vf 60 | status 1 sync --tag new
says 'every row is due'
commit 2>/dev/null || :
void 'a new tag'

# so does another mapping: at once, or when it is allowed
rm -r st
seq_rows 1 60 | delta all4 60 | sync
mapped() { # MAPPING: delivers `out`
	got=0
	# shellcheck disable=SC2086 # words
	rudder-map -t identify -u id --delete-event gone $1 <out 2>err | rudder-send -d file:ev 2>>err | rudder-diff --commit -s st 2>>err || got=$?
}
mapped '-c v'
is 0 $got "the first mapping: $(cat err)"
echo '{"id":7,"v":"y"}' | delta vg 60 | sync
mapped '-c v=w'
is 1 $got 'another mapping'
is 60 "$(rudder-diff --status -s st | jq .resend)" 'a resend is due'
for allowed in '' --allow-resend=1 --allow-resend=60; do
	cp -r st before
	# shellcheck disable=SC2086 # no word, or one
	echo '{"id":7,"v":"x"}' | delta vh 60 | status 1 sync $allowed
	says 'every row is due'
	rm -r st
	mv before st
done
rm -r st

# a damaged base is ignored
seq_rows 1 60 | delta all4 60 | sync
commit
sed -i 's/"rows":60/"rows":61/' st/base
FILE=
delta wa 60 </dev/null | status 65 sync
says 'have no base to begin at'
seq_rows 1 60 | delta all5 60 | sync
commit
unset FILE
is none "$(open)" 'the base after a damaged one'
sed -i 's/rudder_base":1/rudder_base":2/' st/base
delta wb 60 </dev/null | status 78 sync
says 'newer rudder'
rm st/base

# what does not go together
seq_rows 1 60 | delta all6 60 | sync
commit
for o in --any-counts --trust-eof '--end-from x' --full '--mode full'; do
	# shellcheck disable=SC2086
	delta xa 60 </dev/null | status 64 sync $o
done
says 'use rudder-query --delta-all'
delta xb 60 </dev/null | sed 's/"key":\["id"\]/"key":["ID"]/' | status 78 sync
says 'give both the same -k'
printf '%s\n' -1 | delta all7 60 | status 65 sync
says 'a missing key, but the begin line does not name a base'
delta xc 60 '"unread":0,"dropped":1' </dev/null | status 65 sync
says 'put its condition into the model'
delta xd 60 '"x":0' </dev/null | status 65 sync
echo -1 | delta xe 60 | sed 's/"missing":1/"missing":2/' | status 65 sync
echo -1 | delta xf 60 | sed 's/,"id":1/,"other":1/' | status 65 sync
says 'a missing key: '
echo '{"_rudder":{"type":"begin","v":1,"stream":"rows","delta":{}}}' | status 65 sync
seq_rows 1 3 | delta all8 3 >new
seq_rows 1 3 | rows >old
status 64 rudder-diff -k id old new
says 'need a state'

# a large state is not read whole
RUDDER_SMALL_STATE=0
export RUDDER_SMALL_STATE
rm -r st
seq_rows 1 1000 | delta all9 1000 | sync
commit
printf '%s\n' '{"id":7,"v":"b"}' -9 -1000 | delta y 998 | sync
is 'delete 1000,delete 9,update 7' "$(changes <out | paste -sd,)" 'a part of a large state'
commit
is none "$(open)" 'the base of a large state'

# upsert deletes nothing
rm -r st
seq_rows 1 9 | delta alla 9 | rudder-diff -k id -s st >out
commit
printf '%s\n' -9 '{"id":10,"v":"a"}' | delta z 9 | rudder-diff -k id -s st >out
is 'insert 10' "$(changes <out)" 'upsert'
commit
is none "$(open)" 'the base with upsert'
