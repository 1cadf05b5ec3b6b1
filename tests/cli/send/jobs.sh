#!/bin/sh
# --confirm against a data plane that counts and lists as rudder-server does.
. "$TOP/tests/tool/lib.sh"
. "$TOP/tests/tool/fake.sh"

counts() { echo "$(count delivered) $(count accepted) $(count failed) $(count unknown)"; }

# N events, of which those matching the awk condition get this text
marked() { # N CONDITION TEXT [CONDITION TEXT]
	events "$1" 50 | awk "
	match(\$0, /\"recordId\":\"[0-9]+\"/) {
		i = substr(\$0, RSTART + 12, RLENGTH - 13) + 0
		if ($2) sub(/\"type\"/, \"\\\"x\\\":\\\"$3\\\",\\\"type\\\"\")
		else if (${4:-0}) sub(/\"type\"/, \"\\\"x\\\":\\\"${5:-}\\\",\\\"type\\\"\")
	}
	{print}"
}

row() { # STATUS COUNTS OPTIONS, what is in the file in
	want=$1 receipts=$2
	shift 2
	rm -f log
	serve -J 1 -l log
	rc=0
	send --confirm "$@" <in || rc=$?
	halt
	is "$want" $rc "$what: status: $(cat err)"
	is "$receipts" "$(counts)" "$what: receipts"
}

what='all arrived'
events 300 50 >in
row 0 '300 0 0 0'
# a source none of whose events reached a destination
what='all dropped'
marked 300 1 DROPPED >in
row 1 '0 300 0 0'
says 'in 300, out 0, failed 300, but 0 failed records are listed'
tail -n 1 receipts | grep -q '"type":"end"' || fail "$what: no end line"
what='one dropped'
marked 300 'i == 7' DROPPED >in
row 1 '0 300 0 0'
what='three refused'
marked 300 'i % 100 == 7' ABORTED422 >in
row 1 '297 0 3 0'
grep -q '"recordId":"107",.*"status":"failed","code":422' receipts || fail "$what: record 107"
what='three refused by 500'
marked 300 'i % 100 == 7' ABORTED500 >in
row 1 '297 0 0 3'
what='one refused, one dropped'
marked 300 'i == 7' ABORTED400 'i == 9' DROPPED >in
row 1 '0 300 0 0'
says 'failed 2, but 1 failed records are listed, 1 of them of this run'
# two events of one record: which of them failed is not known, nor how many
what='one record twice'
events 300 50 | sed '/"m-8"/s/"recordId":"8"/"recordId":"7"/; /"m-7"/s/"type"/"x":"ABORTED400","type"/' >in
row 1 '298 0 0 2'
# ids that are numbers in the event
what='ids as numbers'
marked 300 'i % 100 == 7' ABORTED422 | sed 's/"recordId":"\([0-9]*\)"/"recordId":\1/' >in
row 1 '297 0 3 0'
# more than one page
what='pages'
marked 10600 'i <= 10300' ABORTED400 >in
row 1 '300 0 10300 0' -b 5000 --retry-max-time 60s
is 2 "$(grep -c failed-records log)" "$what: asked for"
what='a page exactly full'
marked 10600 'i <= 10000' ABORTED400 >in
row 1 '600 0 10000 0' -b 5000 --retry-max-time 60s

# nothing was sent: nothing is asked
what='nothing sent'
events 0 >in
row 0 '0 0 0 0' --confirm-time 60s
[ ! -s log ] || fail "$what: asked"
what='all rejected'
events 3 >in
printf 'always reply 400\n' >script
serve -s script -l log
rc=0
send --confirm --confirm-time 60s <in || rc=$?
halt
is 1 $rc "$what: status"
! grep -q GET log || fail "$what: asked"
