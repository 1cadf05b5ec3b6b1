#!/bin/sh
# changed.sh - the C files that differ from BASE, one a line.
#
#   changed.sh [BASE]    BASE: where this branch left origin's; on that branch
#                        itself, or without an origin, the last commit
set -eu
cd "$(dirname "$0")/../.."
git rev-parse -q --verify HEAD >/dev/null 2>&1 || exit 0
base=${1:-$(git merge-base HEAD origin/HEAD 2>/dev/null || :)}
if [ -z "$base" ] || [ "$base" = "$(git rev-parse HEAD)" ]; then
	base=$(git rev-parse -q --verify HEAD~1) || exit 0
fi
{
	git diff --name-only --diff-filter=d "$base" -- 'filters/*.c' 'bin/*.c' 'tests/unit/*.c' 'tests/tool/*.c' 'tests/fuzz/*.c'
	git ls-files -o --exclude-standard -- 'filters/*.c' 'bin/*.c' 'tests/unit/*.c' 'tests/tool/*.c' 'tests/fuzz/*.c'
} | grep -v '^tests/tool/\(shim\|lack\|odbcliar\)\.c$' | sort -u
