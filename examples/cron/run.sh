#!/bin/sh
# The lines of the crontab, run as cron runs them: by sh, with a small
# environment, their output kept as a mail.
. "$(dirname "$0")/../begin.sh"
needs sqlite3
needs_rudder run
warehouse
mkdir out metrics
sed -i "s|^PATH=.*|PATH=$PATH|; s|^WAREHOUSE=.*|WAREHOUSE=$WAREHOUSE|" crontab
cron() { # PATTERN: the command of that line; what it prints is the mail
	grep -E '^[0-9*]' crontab | grep -- "$1" | sed -E 's/^([^ ]+ +){5}//; s/%/\n/; s|/srv/shop|.|' >command
	got=0
	grep -E '^[A-Z]+=' crontab | sed 's/=\(.*\)/="\1"/; s/^/export /' >environment
	env -i HOME="$HOME" LOGNAME=rudder sh -c '. ./environment && . ./command' >mail 2>&1 </dev/null || got=$?
}
title 'All is well: cron has nothing to send'
cron 'rudder run'
expect 'the run' '0 ' "$got $(cat mail)"
expect 'events' 3 "$(wc -l <out/customers.ndjson)"
cron prometheus
expect 'the metrics' '0 ' "$got $(cat mail)"
grep '^rudder_last_run_rows' metrics/rudder.prom
cron max-age
expect 'the check' '0 ' "$got $(cat mail)"

title 'The warehouse is down: one mail, with the reason'
sed -i "s|^WAREHOUSE=.*|WAREHOUSE=sqlite:$dir/none.db|" crontab
cron 'rudder run'
cat mail
expect 'the run' 66 "$got"
grep -q 'none.db' mail

title 'Nothing has succeeded for too long: status 4 and one line'
sed -i 's/26h/1ms/' crontab
cron max-age
cat mail
expect 'the check' 4 "$got"
