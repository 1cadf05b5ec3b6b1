#!/bin/sh
# rudder-query and a MySQL server that lies: no password, no file of ours and no
# line of the stream for whoever only says to be the server.
. "$TOP/tests/tool/lib.sh"
case $(rudder-query -d mysql:// -t t 2>&1) in
*"this build has no source"*) skip 'built without libmariadb' ;;
esac
unset MYSQL_PWD
HOME=$PWD
export HOME
liar=
trap '[ -z "$liar" ] || kill $liar' EXIT
canary='c4nary pw'
model='SELECT 1 AS a'

# lie STATUS(ES) OPTIONS-OF-THE-URL LIE ...: what rudder-query makes of it; what the
# server got is in got. Standard input has an answer for whoever asks for one.
lie() {
	want=$1
	query=$2
	shift 2
	rm -f port
	: >got
	myliar -p port -o got "$@" &
	liar=$!
	eventually port test -s port
	echo from-standard-input >answer
	got=0
	MYSQL_PWD=$canary timeout 300 rudder-query -d "mysql://u@$host:$(cat port)/d$query" \
		-e "$model" $more <answer >out 2>err || got=$?
	kill $liar
	wait $liar || :
	liar=
	case " $want " in *" $got "*) ;; *) false ;; esac || fail "$query $*: status $got, wanted $want: $(cat err)"
	[ -n "$rows" ] || ! grep -v '"type":"abort"' out || fail "$query $*: on standard output: $(cat out)"
	! grep -q -a from-standard-input got || fail "$query $*: standard input was sent"
}
more='' rows='' host=127.0.0.1
secret() { ! grep -q -a "$canary" got || fail "the password was sent: $*"; }
nothing() { [ ! -s got ] || fail "sent: $(od -c got | head -n 4)"; }

# the server is one that a login is possible with
lie 78 '' honest
says 'MySQL: bad (1064)'
lie 78 '' -n honest

# MySQL has another name for the limit of a statement than MariaDB, and takes ms
more='--timeout 5s'
lie 78 '' honest
grep -q -a 'SET max_execution_time = 5000' got || fail "no limit: $(tr -c '[:print:]' ' ' <got)"
more=
lie 78 '' honest
grep -q -a 'SET max_execution_time = IF(' got || fail 'the limit of the server stays'
lie 78 '?timezone=Europe/Paris' honest
grep -q -a "SET time_zone = 'Europe/Paris'" got || fail 'no time zone'
lie 78 "?timezone=x'y" honest
grep -q -a "SET time_zone = 'x\\\\'y'" got || fail "a quote in a time zone: $(grep -a time_zone got)"
lie 64 "?timezone=$(printf '%065d' 0)" honest
says 'is not a time zone'
status 64 rudder-query -d 'mysql://127.0.0.1:1/d?tls=maybe' -t t >out
says 'source: tls=maybe is not off, require or verify'

# the password itself
for how in ask first; do
	lie 76 '' $how mysql_clear_password
	says 'would reveal it without TLS'
	secret $how mysql_clear_password
	rows <<'EOT' >forged
{"forged":1}
EOT
	lie 76 '' -f forged $how dialog
	secret $how dialog
	lie 76 '' $how no_such_plugin
	lie 76 '' $how ../../../tmp/evil
done
# nothing is sent either where /dev/null cannot take the place of a descriptor, as of
# the connection without TLS, which is shut down then
LD_PRELOAD=$B/tool/lack.so
ASAN_OPTIONS=${ASAN_OPTIONS:-}:verify_asan_link_order=0
export LD_PRELOAD ASAN_OPTIONS
for n in 1 2 3; do
	LACK="rudder-query dup2:$n:EIO" LACK_LOG=$PWD/lacked
	export LACK LACK_LOG
	rm -f lacked
	# without /dev/null as standard input or output there is no login at all
	case $n in 3) lie 76 '?tls=require' honest ;; *) lie 71 '' honest ;; esac
	[ -s lacked ] || fail "never made: dup2 $n"
	nothing
done
unset LD_PRELOAD LACK LACK_LOG
lie 76 '' old
lie 76 '' -n old

# the password encrypted by a key that anybody may have made
lie 76 '' key
secret key
lie 78 '?tls=off' key # as the user says, who trusts this machine
grep -q -a "$canary" got || fail 'the lie with a key is missing'

# no TLS: not a byte is sent, not even the name of the user
echo 'no certificate' >ca.pem
for tls in 'tls=require' 'tls=verify' 'tls-ca=ca.pem' 'tls=require&tls-ca=ca.pem'; do
	lie 76 "?$tls" honest
	says 'does not offer TLS'
	nothing
	lie 76 "?$tls" -n honest
	nothing
done
# whatever the file of options says
printf '[client]\nssl=0\nskip-ssl\nssl-verify-server-cert=0\n' >.my.cnf
lie 76 '?tls=require' honest
nothing
rm .my.cnf

# a file of this machine
echo 'the file' >file
printf '%s' "$PWD/file" >name
lie 69 '' -f name infile
! grep -q 'the file' got || fail 'a file was sent'
printf '[client]\nlocal-infile=1\n' >.my.cnf
lie 69 '' -f name infile
! grep -q 'the file' got || fail 'a file was sent, by an option file'
rm .my.cnf

# an invalid packet, one without end, or no reply
lie 76 '' garbage
says 'is not MySQL'
lie 76 '' flood
lie 76 '' sized
lie 76 '' flood-query
says 'more than 1024 KiB'
lie '69 76' '' flood-login # the library's limit or ours, by its version
lie 69 '' short
lie 76 '' garble
more='--timeout 300ms'
lie 75 '' hang
lie 75 '' hang-login
more=

# the same by TLS
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=127.0.0.1 \
	-addext 'subjectAltName=IP:127.0.0.1,DNS:127.0.0.1' -keyout key.pem -out cert.pem 2>log || fail "$(cat log)"
cat cert.pem key.pem >both.pem
for tls in '' '?tls=require' '?tls=verify&tls-ca=cert.pem' '?tls-ca=cert.pem'; do
	lie 78 "$tls" -c both.pem honest
	says 'MySQL: bad (1064)'
done
# libmariadb 3.4 trusts a certificate of unknown issuer on the loopback
case $(pkg-config --modversion libmariadb) in
3.[0-3].*) lie 76 '?tls=verify' -c both.pem honest ;;
*) lie 78 '?tls=verify' -c both.pem honest ;;
esac
secret 'a certificate of nobody known'
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=127.0.0.1 \
	-keyout /dev/null -out other.pem 2>log || fail "$(cat log)"
lie 76 '?tls-ca=other.pem' -c both.pem honest
for tls in '' '?tls=require'; do
	lie 76 "$tls" -c both.pem ask mysql_clear_password
	says 'use tls=verify'
	secret "$tls"
	lie 76 "$tls" -c both.pem -f forged ask dialog
	secret "$tls"
done
# an account that needs it gets it, from the server that it is meant for
lie 78 '?tls-ca=cert.pem' -c both.pem ask mysql_clear_password
grep -q -a "$canary" got || fail 'no password for a server that is verified'
lie 78 '?tls-ca=cert.pem' -c both.pem -f forged ask dialog

# what only MySQL has: vectors, also one that is longer than the first room, and its own JSON
rows=yes
lie 0 '' rows
{
	echo '{"i":1,"v":[1.5,-2],"j":{"a":1}}'
	printf '{"i":2,"v":[1%s],"j":null}\n' "$(printf ',%.0s1' $(seq 2 70))"
	echo '{"i":3,"v":null,"j":null}'
} >want
grep -v _rudder out | diff want - || fail 'rows of MySQL 9'
# the reply ends in the middle of a row, or has no columns
lie 69 '' cut
is '{"i":1,"v":[1.5,-2],"j":{"a":1}}' "$(grep -v _rudder out)" 'rows before the cut'
! grep -q '"type":"end"' out || fail 'an end line behind half a row'
lie 69 '' mute
says 'MySQL: Commands out of sync'
! grep -q '"type":"end"' out || fail 'an end line behind no rows'
# OK in place of rows that are asked for beside the model
more=--check
lie 76 '' rows
says 'MySQL: the server returned no result'
! grep -q 'listing	ok' out || fail 'a listing that never was'
more='' rows=''
for model in "SELECT 'it\\'s' AS a" 'SELECT :p AS a'; do
	more='-P p=1'
	case $model in *:p*) ;; *) more='' ;; esac
	lie 76 '' mute
	says 'MySQL: the server returned no result'
done
more='' model='SELECT 1 AS a'
# a server without room for a further client is asked again later
lie 75 '' full
says 'MySQL: Too many connections (1040)'
# the loopback of IPv6 is this machine as well
if grep -q '^0*1 ' /proc/net/if_inet6 2>/dev/null; then
	host='[::1]'
	lie 78 '?tls=off' -6 key
	grep -q -a "$canary" got || fail 'no password on ::1'
	lie 76 '' -6 key
	secret 'on ::1'
fi
exit 0
