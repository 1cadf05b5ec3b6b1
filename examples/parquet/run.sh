#!/bin/sh
# Files of a data lake as source: a glob of Parquet files, with SQL over them.
. "$(dirname "$0")/../begin.sh"
needs ducksql
needs_rudder run
eval "$("$TOP/tests/tool/duck.sh" find)"
mkdir lake
make() { # DAY ROWS: a file of the lake
	ducksql '' "COPY (SELECT * FROM (VALUES $2) t(id, customer, amount)) TO 'lake/orders-$1.parquet' (FORMAT parquet)" >/dev/null
}
make 1 "(1, 7, 10.5::DECIMAL(9,2)), (2, 8, 99::DECIMAL(9,2))"
title 'The first day'
rudder run
jq -c '[.event, .userId, .properties.amount]' events.ndjson
expect 'events' 2 "$(wc -l <events.ndjson)"

title 'Another file arrives: only what is new leaves'
make 2 "(3, 7, 5::DECIMAL(9,2))"
rudder run
tail -n 1 events.ndjson | jq -c '[.event, .userId, .properties.amount]'
expect 'events' 3 "$(wc -l <events.ndjson)"
