#!/bin/sh
# A DAG with one task for each sync file, run here without Airflow: stub/ has
# the little of it that the DAG needs.
. "$(dirname "$0")/../begin.sh"
needs sqlite3
needs python3
needs_rudder run
warehouse
tasks() { PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=stub python3 task.py 2>messages; }

title 'A run'
got=$(tasks)
echo "$got"
expect 'the task' 'sync_customers success' "$got"
expect 'events' 3 "$(wc -l <customers.ndjson)"

title 'Another run of the sync is active: the task is skipped'
mkfifo rows
rudder-diff -s state/customers rows >/dev/null 2>&1 &
other=$!
exec 3>rows
i=0
until grep -q "pid $other" state/customers/lock || [ $i -gt 200 ]; do
	i=$((i + 1))
	sleep 0.05
done
got=$(tasks)
exec 3>&-
wait $other || :
echo "$got"
expect 'the task' 'sync_customers skipped' "$got"

title 'The warehouse is missing: the task fails, and Airflow tries again'
WAREHOUSE=sqlite:$dir/none.db
got=$(tasks)
echo "$got"
expect 'the task' 'sync_customers failed' "$got"
cat messages
