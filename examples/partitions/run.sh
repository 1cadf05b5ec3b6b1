#!/bin/sh
# One table in eight parts, each with its own state: by xargs, by make, and by the
# commands of the systemd unit and of the Kubernetes job
. "$(dirname "$0")/../begin.sh"
needs sqlite3
warehouse
sqlite3 shop.db "INSERT INTO customers WITH RECURSIVE n(i) AS (SELECT 4 UNION ALL SELECT i + 1 FROM n WHERE i < 400) SELECT i, i || '@example.com', 'n' || i, 'free', 1 FROM n"
mkdir -p state out
# sent: how many events have arrived since the last look
sent() {
	cat out/* | wc -l | tr -d ' '
	rm -f out/*
}

title 'Four at a time by xargs'
seq 0 7 | xargs -P 4 -I I sh part.sh I/8
expect 'events' 400 "$(sent)"

title 'By make: two rows have changed'
sqlite3 shop.db "UPDATE customers SET plan = 'pro' WHERE id IN (7, 8)"
env -u MAKEFLAGS -u MAKELEVEL make -s -j 4 -k
expect 'events' 2 "$(sent)"

title 'By the unit of systemd, for each instance'
sqlite3 shop.db "UPDATE customers SET plan = 'team' WHERE id IN (7, 8, 9)"
for i in 0 1 2 3 4 5 6 7; do
	sed -n "s/^ExecStart=//p" rudder-part@.service | sed "s/%i/$i/g" >command
	sh command
done
expect "events" 3 "$(sent)"

title 'By the job of Kubernetes, for each index'
sqlite3 shop.db "UPDATE customers SET plan = 'pro' WHERE id = 9"
sed -n 's/.*command: \[sh, -c, "\(.*\)"\]/\1/p' job.yaml >command
for i in 0 1 2 3 4 5 6 7; do JOB_COMPLETION_INDEX=$i sh command; done
expect 'events' 1 "$(sent)"

title 'Another number of parts is refused: keys would move to another state'
status 78 sh part.sh 0/9 2>err
cat err
touch out/none
expect 'events' 0 "$(sent)"
