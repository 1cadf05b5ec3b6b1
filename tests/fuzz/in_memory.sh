#!/bin/sh
# in_memory.sh COMMAND ...: runs a fuzz target with a folder in memory for its files,
# which is removed afterwards, also where the target has crashed.
SCRATCH_MEMORY=$(mktemp -d -p /dev/shm rudder-test-XXXXXX 2>/dev/null || mktemp -d)
export SCRATCH_MEMORY
trap 'rm -rf "$SCRATCH_MEMORY"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
"$@"
