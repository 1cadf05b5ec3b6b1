#!/bin/sh
# part.sh I - what a task of Spark runs: the rows of part I come by standard input
set -eu
cd "$FOLDER"
rudder-diff -k id -s "state/customers.$1" --mode mirror --lock-wait 60s |
	rudder-map -t record --identifier id |
	rudder-send -d "${DEST:-file:out/customers.$1}" |
	rudder-diff --commit -s "state/customers.$1"
