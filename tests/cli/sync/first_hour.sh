# first_hour.sh - what a newcomer stumbles over: each message names the way out
. "$TOP/tests/tool/lib.sh"
printf 'id,email,created\n1,a@example.com,x\n' >u.csv
mkdir syncs
file() { # DEST [COLUMNS]
	printf 'version: 1\nsource: "csv:u.csv"\nkey: id\nmapping: {type: identify, user_id: id, columns: [%s]}\ndestination: "%s"\n' "${2:-email}" "$1" >syncs/u.yaml
}

# the folder of a file that is not there
file file:out/ev
status 73 rudder run
says "cannot open 'out/ev': No such file or directory; run mkdir -p 'out'"
status 73 rudder check u >out.txt
grep -q "run mkdir -p 'out'" out.txt || fail "check: $(cat out.txt)"
mkdir out
status 0 rudder run

# the folder of the sync files, named
status 78 rudder run syncs/
says "'syncs' is a folder of sync files: name one of them, or run the command without a name in the folder above"

# a name of few letters is near to none
file file:out/ev at
status 78 rudder run
! grep -q 'did you mean' err || fail "near: $(cat err)"
file file:out/ev emial
status 78 rudder run
says "did you mean 'email'?"
file file:out/ev
status 0 rudder run

# the format by the name of the file
status 0 rudder status -o page.html
grep -q '^<!DOCTYPE html>' page.html || fail "page: $(head -n 1 page.html)"
status 0 rudder status -o status.json
jq -e '.sync == "u"' status.json >/dev/null || fail "json: $(cat status.json)"
status 0 rudder status -o rudder.prom
grep -q '^# HELP' rudder.prom || fail "prometheus: $(head -n 1 rudder.prom)"
status 0 rudder status -o page.html --format text
grep -q '^ *SYNC' page.html || fail "text: $(head -n 1 page.html)"

# a state that may not be read is not one that never ran
chmod 755 .
chmod 0 state
if [ "$(id -u)" = 0 ]; then
	as() { setpriv --reuid 65534 --regid 65534 --clear-groups "$@"; }
else
	as() { "$@"; }
fi
if as test -r syncs/u.yaml && command -v setpriv >/dev/null; then
	rc=0
	as rudder status >out.txt 2>err || rc=$?
	chmod 700 state
	[ $rc -gt 0 ] || fail "status $rc: $(cat out.txt)"
	! grep -q 'never ran' out.txt || fail "never ran: $(cat out.txt)"
	grep -q 'unreadable' out.txt || fail "$(cat out.txt err)"
	says 'Permission denied'
fi
chmod 700 state

# a table as the model of a pipeline or file
status 66 rudder-query -d sqlite:shop.db users
says "cannot open 'users': No such file or directory; for a table use -t 'users'"
sed -i -e 's/^source.*/source: sqlite:shop.db/' -e '$a model: users' syncs/u.yaml
status 66 rudder run
says "for a table use 'table: \"users\"'"

# a file that another run writes to
file file:out/ev
command -v flock >/dev/null || exit 0
status 75 flock out/ev rudder run
rudder-diff --runs -s state/u | tail -n 1 | jq -r .reason >reason
is "'out/ev': another run is writing to it" "$(cat reason)" 'the reason'
