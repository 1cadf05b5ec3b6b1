#!/bin/sh
# A table that Spark reads, in eight parts: the same changes as by one rudder-diff,
# also with a task that dies and is tried again. RUDDER_TEST_SPARK names a Python
# with pyspark.
. "$(dirname "$0")/../begin.sh"
python=${RUDDER_TEST_SPARK:-python3}
"$python" -c 'import pyspark' 2>/dev/null || {
	echo 'skipped: no pyspark (RUDDER_TEST_SPARK; pip install pyspark, and a Java 17)' >&2
	exit 77
}
needs jq
FOLDER=$PWD PYSPARK_PYTHON=$python PYTHONPATH=$PWD SPARK_LOCAL_IP=127.0.0.1
export FOLDER PYSPARK_PYTHON PYTHONPATH SPARK_LOCAL_IP
mkdir -p state out
spark() { "$python" "$@" >log 2>&1 || { tail -n 40 log >&2; exit 1; }; }
spark_conf() { # TRIES of each task, of which two run at a time
	PYSPARK_SUBMIT_ARGS="--master local[2,$1] --conf spark.ui.enabled=false --conf spark.driver.host=127.0.0.1 pyspark-shell"
	export PYSPARK_SUBMIT_ARGS
}
# events: what has arrived since the last look, without ids and times
events() {
	cat out/* | jq -c '[.action, .identifiers, .fields]' | sort
	rm -f out/*
}
# one: the same by one rudder-diff over the whole table
one() {
	rudder-query -d ndjson:table.json -k id |
		rudder-diff -k id -s state/one --mode mirror |
		rudder-map -t record --identifier id |
		rudder-send -d file:one |
		rudder-diff --commit -s state/one
	jq -c '[.action, .identifiers, .fields]' one | sort
	rm -f one
}
# table FROM PLAN: customers up to 400 whose number is not below FROM
table() { seq "$1" 400 | jq -c --arg plan "$2" '{email: (if . % 9 == 0 then null else "\(.)@example.com" end), id: ., plan: (if . % 10 == 0 then $plan else "free" end)}' >table.json; }

title 'All customers, of a Parquet table'
spark_conf 1
table 1 free
spark story.py write customers.parquet
spark sync.py parquet customers.parquet
one >wanted
events | diff -u wanted -
expect 'events' 400 "$(wc -l <wanted)"

title 'Some have changed, some are missing, and a task dies in the middle'
spark_conf 4
table 31 pro
spark story.py dies -
one >wanted
events | sort -u | diff -u wanted -
expect 'events' 67 "$(wc -l <wanted)"

title 'Nothing has changed'
spark story.py quiet -
one >wanted
expect 'events' '' "$(cat wanted out/*)"

title 'Another number of parts is refused: keys would move to another state'
sed -i 's/PARTS = "id", 8/PARTS = "id", 9/' sync.py
status 1 "$python" story.py quiet - >log 2>&1
grep -o 'ended with status [0-9][0-9]*' log | sort -u
