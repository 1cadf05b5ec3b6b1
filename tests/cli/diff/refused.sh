# refused.sh - states that must not be used, and locks
. "$TOP/tests/tool/lib.sh"
D="rudder-diff -k id -s st --mode mirror"

printf '{"id":1,"v":"a"}\n{"id":2,"v":"b"}\n{"id":"three","v":"c"}\n' >A
sync_all -k id -s st --mode mirror <A >/dev/null
printf '{"id":1,"v":"x"}\n{"id":2,"v":"b"}\n{"id":4,"v":"d"}\n' | rows >B
$D B >changes.B

# another key than the state's
status 78 rudder-diff -k v -s st B
says "has the key 'id', and this run the key 'v':"
status 78 rudder-diff -k 'v,"a,b"' -s st B
says "and this run the key 'v,\"a,b\"':"
# a slip in it is said first
sed '1s/"run":/"columns":[{"name":"id"},{"name":"v"}],&/' B >listed
status 78 rudder-diff -k idd -s st --mode mirror listed
says "the rows have no key column 'idd'; did you mean 'id'?"
status 78 rudder-diff -k idd -s st listed
says "the rows have no key column 'idd'; did you mean 'id'?"
status 78 rudder-diff -k v -s st listed
says "has the key 'id', and this run the key 'v':"

# others may write
chmod 777 st
status 77 $D B
says "run: chmod 700"
chmod 700 st

# a new state needs a key, and its folder a place
status 64 rudder-diff -s fresh B
says 'a new state needs its key'
status 73 rudder-diff -k id -s A/where B

# a commit into a mistyped state makes none, and names the one that is meant; in a pipe too,
# and beside a run that has failed before it made one
mkdir states
cp -r st states/users
for name in states/usres states/none/users states/else; do
	status 66 rudder-diff --commit -s $name B
	says "cannot open the state '$name': No such file or directory"
	[ $name != states/usres ] || says "; did you mean 'states/users'?"
done
status 66 rudder-diff --status -s states/user
says "; did you mean 'states/users'?"
rows <A >rows
sh -c "rudder-diff -k id -s fresh rows | rudder-diff --commit -s frsh" 2>err && fail 'a mistyped state in a pipe'
says "'frsh': No such file or directory; did you mean 'fresh'?"
status 0 sh -c "rudder-diff -n -k id -s dry rows | rudder-diff --commit -s dry"
says 'dry run: 3 rows'
got=0
rudder-query -d csv:none.csv 2>err | rudder-map -t identify -u id 2>>err | rudder-diff --commit -s dry 2>>err || got=$?
is '66 1' "$got $(wc -l <err)" "a stage that failed: $(cat err)"
is 'users' "$(ls states)" 'states'
if [ -e frsh ] || [ -e dry ]; then fail 'a state was made'; fi
rm -r states fresh

# every STEPth byte of snapshot and pending flipped, and truncations: refused
# with 78, or nothing that was known is lost. A delete of a present row never.
cp -r st good
flips() { # FILE
	size=$(wc -c <"good/$1")
	i=0
	while [ $i -lt "$size" ]; do
		cp good/"$1" st/"$1"
		old=$(od -An -tu1 -j$i -N1 good/"$1")
		# shellcheck disable=SC2059 # the byte is made here
		printf "\\$(printf %03o $((old ^ 255)))" | dd of=st/"$1" bs=1 seek=$i conv=notrunc 2>/dev/null
		judge "$1 flipped at $i"
		i=$((i + step))
	done
}
cuts() { # FILE
	size=$(wc -c <"good/$1")
	i=0
	while [ $i -lt "$size" ]; do
		head -c $i good/"$1" >st/"$1"
		judge "$1 cut at $i"
		i=$((i + step))
	done
}
judge() {
	got=0
	$D -n B >out 2>err || got=$?
	case $got in
	78) grep -q "damaged\|not a\|has format\|two different" err || fail "$1: $(cat err)" ;;
	0)
		changes <out >seen
		grep -q 'delete [124]' seen && fail "$1: deleted a present row"
		is 'delete three insert 4 update 1' "$(tr '\n' ' ' <seen | sed 's/ $//')" "$1"
		;;
	*) fail "$1: status $got: $(cat err)" ;;
	esac
	runs=$((runs + 1))
}
runs=0 step=${STEP:-7} # make fault has each
flips snapshot
cuts snapshot
cp good/snapshot st/snapshot
flips pending
cuts pending
cp good/pending st/pending
[ $runs -gt 130 ] || fail "only $runs cases"

# two states mixed up
rudder-diff -k id -s other A --trust-eof >/dev/null
cp other/pending st/pending
status 78 $D B
says 'files of two different states'
cp good/pending st/pending

# one run at a time: the second ends with 75 and the holder's pid
mkfifo p
$D p >/dev/null &
holder=$!
exec 3>p
eventually 'a run that has the lock' grep -q "pid $holder" st/lock
status 75 $D B
says "had pid $holder"
exec 3>&-
wait $holder || :
status 0 $D B
