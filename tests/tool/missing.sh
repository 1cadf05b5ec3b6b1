#!/bin/sh
# missing.sh - what is not installed, so that its tests are skipped, and how
# to get it. Says nothing when all is there; installs nothing.
cd "$(dirname "$0")/../.." || exit 0
tests/tool/deps.sh list
eval "$(tests/tool/duck.sh find)" 2>/dev/null | sed 's/^skipped: /missing: DuckDB: /; s/(tests/(make deps, or tests/'
