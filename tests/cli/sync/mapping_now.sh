# mapping_now.sh - a changed mapping that is known before the run: every row is
# sent again by the run itself, not by the next one
. "$TOP/tests/tool/lib.sh"
record() {
	rudder-diff --compare-mapping "$(rudder-map -t identify -u id "$@" --print-record)" -s st | jq -c '[.changed, .resend, .rows]'
}
# sync STATUS EVENTS DIFF-OPTIONS MAP-OPTIONS
sync() {
	wanted=$1 many=$2 options=$3 got=0
	shift 3
	: >ev
	# shellcheck disable=SC2086 # words
	rudder-query -d csv:users.csv | rudder-diff -k id -s st $options 2>>err | rudder-map -t identify -u id "$@" 2>>err |
		rudder-send -d file:ev 2>>err | rudder-diff --commit -s st 2>>err || got=$?
	is "$wanted $many" "$got $(wc -l <ev)" "status and events with '$options' '$*' ($(cat err))"
}
printf 'id,plan,email\n1,a,x\n2,b,y\n3,c,z\n' >users.csv
is '[false,false,0]' "$(record -c plan)" 'no state yet'
sync 0 3 '' -c plan
is '[false,false,3]' "$(record -c plan)" 'the same'
is '[true,false,3]' "$(record -c plan,email)" 'a new column'

# one run, and no more is due
sync 0 3 '--on-mapping-change now' -c plan,email
is '[false,false,3]' "$(record -c plan,email)" 'after it'
sync 0 0 '' -c plan,email
# with the same mapping there is nothing to be done but to send all
is 'null' "$(rudder-diff --status -s st | jq .resend)" 'nothing is due'

# a run that is truncated leaves the rest to the next one: rows that it delivered
# are not sent a third time
sed '$d' users.csv >fewer
got=0
: >ev
{ rudder-query -d csv:fewer | sed '$d'; } | rudder-diff -k id -s st --on-mapping-change now 2>err | rudder-map -t identify -u id -c plan,email=m 2>>err |
	rudder-send -d file:ev 2>>err | rudder-diff --commit -s st 2>>err || got=$?
is '65 2' "$got $(wc -l <ev)" 'truncated'
is true "$(record -c plan,email=m | jq -c '.[0] or .[1]')" 'a truncated run has not done it'
sync 0 1 '' -c plan,email=m
is '[false,false,3]' "$(record -c plan,email=m)" 'the rest'
sync 0 0 '' -c plan,email=m

# more rows than --max-resend: blocked, and still due
sync 3 0 '--on-mapping-change now --max-resend 2' -c plan,email=n
is '[false,true,3]' "$(record -c plan,email=n)" 'blocked'
sync 3 0 '--on-mapping-change now --max-resend 2' -c plan,email=n
sync 0 3 '--on-mapping-change now --max-resend 2 --allow-resend 3' -c plan,email=n
is '[false,false,3]' "$(record -c plan,email=n)" 'allowed'

# new rows and a limit: each row leaves once
echo 4,d,w >>users.csv
sync 1 2 '--on-mapping-change now --max-changes 2' -c plan,email=o
sync 0 2 '' -c plan,email=o
sync 0 0 '' -c plan,email=o

status 64 rudder-diff -k id -s st --on-mapping-change later <users.csv
says 'now, changed or none'
status 78 rudder-diff --compare-mapping '{}' -s st
says '--print-record'

# a mapping with a slip, and back: nothing was delivered with it
sed -i 's/^2,b/2,bb/' users.csv
sync 78 0 '' -c plan,emal
is '[false,false,4]' "$(record -c plan,email=o)" 'after a mapping with a slip'
sync 0 1 '' -c plan,email=o
sync 0 0 '' -c plan,email=o
# corrected, it is noticed as any
sed -i 's/^2,bb/2,b/' users.csv
sync 78 0 '' -c plan,emal
sync 1 1 '' -c plan,email
sync 0 4 '' -c plan,email
