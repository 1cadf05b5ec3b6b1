#!/bin/sh
# faults.sh - a sample of the points of tests/fault: a disk that fails, and power
# cuts where a file system may be mounted; make fault-diff tries all of them
set -eu
SHIM_SO=$B/tool/shim.so
export SHIM_SO
"$TOP/tests/fault/shim.sh" 61
got=0
"$TOP/tests/fault/power.sh" 89 || got=$?
case $got in 0 | 77) ;; *) exit 1 ;; esac
