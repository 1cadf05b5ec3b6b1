#!/bin/sh
# story.sh - a few random stories of a state; make property tells thousands
set -eu
SHIM_SO=$B/tool/shim.so
# a sanitiser wants to be loaded first: then without kills
LD_PRELOAD=$SHIM_SO rudder-diff --help >/dev/null 2>&1 || SHIM_SO=
export SHIM_SO
"$TOP/tests/property/story.sh" 10 1
# and as large states are: incremental snapshots, looked up without an index
RUDDER_SMALL_STATE=0 "$TOP/tests/property/story.sh" 8 2
