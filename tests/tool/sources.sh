# sources.sh - what the tests of real databases share; read by
# . "$TOP/tests/tool/sources.sh"
#
# A failure is noted in the file "failed", and the test goes on: it ends with
# test ! -e failed. The output of the last command is in "out", its messages
# are in "err".

fail() {
	echo "FAIL: $*"
	: >failed # a file, since this may run in a subshell
}

# same TITLE: the rows in "out" are those of standard input
same() {
	grep -v '^{"_rudder"' out >rows || :
	diff -u --label wanted --label got - rows >differ || {
		head -n 20 differ | cut -c 1-600
		fail "$1"
	}
}

# status WANTED TITLE COMMAND...
status() {
	want=$1 title=$2 got=0
	shift 2
	"$@" >out 2>err || got=$?
	[ "$got" = "$want" ] || { cat err; fail "$title: status $got, wanted $want"; }
}

no_end() { ! grep -q '"type":"end"' out || fail "$1: has an end line"; }
says() { grep -q -- "$1" err || { cat err; fail "stderr does not say: $1"; }; }
