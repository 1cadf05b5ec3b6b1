#!/bin/sh
# lack.sh - rudder-query where the system has no process, thread or memory left, or a
# database file cannot be read: the message, the status, and no end line
. "$TOP/tests/tool/lib.sh"
. "$TOP/tests/tool/failures.sh"
no_end() { ! grep -q '"type":"end"' out || fail "$1: has an end line"; }
same() {
	grep -v _rudder out >rows || :
	diff - rows >differs || fail "$1: $(head -n 5 differs)"
}
# fails STATUS RULES WORDS OPTION ...
fails() {
	want=$1
	how=$2
	words=$3
	shift 3
	status "$want" lack "rudder-query $how" rudder-query "$@" >out
	says "$words"
	no_end "$how"
}

# exec: the command is not run
fails 71 pipe2:1:EMFILE 'cannot make a pipe: Too many open files' -d "exec:: >ran; echo '{}'"
fails 71 posix_spawn:1:EAGAIN 'Resource temporarily unavailable' -d "exec:: >ran; echo '{}'"
[ ! -e ran ] || fail 'the command was run'
fails 74 read:1:EIO:pipe: 'Input/output error' -d "exec:echo '{}'"
for what in read:1:EINTR:pipe: waitpid:1:EINTR read:1:short:pipe:; do
	status 0 lack "rudder-query $what" rudder-query -d "exec:echo '{\"id\":1}'" >out
	is '{"id":1}' "$(grep -v _rudder out)" "rows after $what"
done

# files of rows
printf 'id,v\n1,a\n2,b\n' >a.csv
printf '{"id":1}\n{"id":2}\n' >a.ndjson
for source in csv:a.csv ndjson:a.ndjson; do
	file=$PWD/${source#*:}
	fails 74 "read:1:EIO:$file" 'Input/output error' -d $source
	status 0 lack "rudder-query read:1:short:$file" rudder-query -d $source >out
	is 2 "$(grep -vc _rudder out)" "rows of $source by short reads"
	status 0 lack "rudder-query read:1:EINTR:$file" rudder-query -d $source >out
	is 2 "$(grep -vc _rudder out)" "rows of $source by an interrupted read"
done
gzip -k a.csv
fails 74 "read:1:EIO:$PWD/a.csv.gz" 'Input/output error' -d csv:a.csv.gz

# SQLite: any page that cannot be read
case $(rudder-query -d sqlite:none -t t 2>&1) in
*'this build has no source'*) exit 0 ;;
esac
command -v sqlite3 >/dev/null || exit 0
sqlite3 db 'CREATE TABLE "many" (id INT, d DATETIME, t TEXT)' \
	"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
	 INSERT INTO many SELECT i, '2026-01-01', printf('%080d', i) FROM n"
broken SQLite pread EIO rudder-query -d sqlite:db -t many --cursor d
broken SQLite pread EIO rudder-query -d sqlite:db -t many --check
fails 66 open:1+:EACCES:/db 'unable to open database file' -d sqlite:db -t many
fails 71 memfd_create:1:EMFILE 'cannot make a file in memory: Too many open files' -d sqlite:db -t many \
	--if-changed 'SELECT max(id) FROM many' --cursor-state st
# a table that is not found: without memory for the list of tables, no guess
status 78 lack 'rudder-query memfd_create:1:EMFILE' rudder-query -d sqlite:db -t manx >out
says 'no such table: manx'
! grep -q 'did you mean' err || fail "guessed: $(cat err)"

# the time for a login needs a thread
for at in postgres:///none mysql://root@127.0.0.1:1/d; do
	case $(rudder-query -d $at -t t 2>&1) in
	*'this build has no source'*) continue ;;
	esac
	fails 71 eventfd:1:EMFILE 'cannot start a timer: Too many open files' -d $at --timeout 5s -t t
	fails 71 pthread_create:1:EAGAIN 'cannot start a timer: Resource temporarily unavailable' -d $at --timeout 5s -t t
done
