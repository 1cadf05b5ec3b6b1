#!/bin/sh
# The service as systemd runs it: its command, its credential in a folder that
# only it can read, and what happens when it fails.
. "$(dirname "$0")/../begin.sh"
needs sqlite3
needs_rudder run
warehouse
if command -v systemd-analyze >/dev/null; then
	title 'systemd checks the units'
	mkdir units
	cp ./*.service ./*.timer units
	sed -i "s|=rudder |=$(command -v rudder) |" units/*.service
	systemd-analyze verify --man=no units/rudder@customers.timer units/rudder@customers.service 2>verify || :
	if grep -E 'Unknown|Invalid|Failed to parse' verify; then exit 1; fi
fi
setting() { sed -n "s/^$1=//p" "$2"; }
start() { # NAME of the sync: the service, and OnFailure= after it
	command=$(setting ExecStart rudder@.service | sed "s/%i/$1/g")
	got=0
	env -i PATH="$PATH" WAREHOUSE="$WAREHOUSE" DATA_PLANE="$DATA_PLANE" CREDENTIALS_DIRECTORY="$dir/credentials" sh -c "$command" || got=$?
	case " 0 $(setting SuccessExitStatus rudder@.service) " in *" $got "*) return ;; esac
	sh -c "$(setting ExecStart rudder-failed@.service | sed "s/%i/$1/g")"
}
mkdir -m 700 credentials
echo secret >credentials/write-key
chmod 600 credentials/write-key
receiver -o events -k credentials/write-key
DATA_PLANE=$URL

title 'The timer starts the service'
start customers
expect 'exit status' 0 "$got"
expect 'events' 3 "$(wc -l <events)"

title 'The data plane is down: OnFailure= tells it'
DATA_PLANE=http://127.0.0.1:1
sqlite3 shop.db "UPDATE customers SET plan = 'pro' WHERE id = 2"
start customers 2>messages
expect 'exit status' 69 "$got"
cat failed-customers.txt
grep -q 'source or destination unavailable' failed-customers.txt
