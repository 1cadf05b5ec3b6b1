#!/bin/sh
# part.sh I/N - part I, from 0, of the table, with a state of its own
set -eu
i=${1%/*}
rudder-query -d "$WAREHOUSE" -t customers -k id --partition "$1" |
	rudder-diff -s "state/customers.$i" --mode mirror |
	rudder-map -t record --identifier id |
	rudder-send -d "${DEST:-file:out/customers.$i}" |
	rudder-diff --commit -s "state/customers.$i"
