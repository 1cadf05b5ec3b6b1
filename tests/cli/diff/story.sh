#!/bin/sh
# story.sh - a few random stories of a state; make property tells thousands
set -eu
SHIM_SO=$B/tool/shim.so
export SHIM_SO
"$TOP/tests/property/story.sh" 25 1
