#!/bin/sh
# say.sh - a line for each phase of `make check`: say.sh NAME
printf '== %s  %s\n' "$(date +%H:%M:%S)" "$*"
