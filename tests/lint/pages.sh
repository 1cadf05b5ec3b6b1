#!/bin/sh
# pages.sh - refuses lines of manual pages that are wider than 80 columns on a
# terminal: an example that wraps cannot be copied.
set -eu
cd "$(dirname "$0")/../.."

bs=$(printf '\b')
for page in man/*.[157]; do
	mandoc -T ascii -O width=80 "$page" | sed "s/.$bs//g" |
		awk -v page="$page" 'length($0) > 80 {print page ": " length($0) " columns: " $0}'
done >"${TMPDIR:-/tmp}/pages.$$"
trap 'rm -f "${TMPDIR:-/tmp}/pages.$$"' EXIT
if [ -s "${TMPDIR:-/tmp}/pages.$$" ]; then
	cat "${TMPDIR:-/tmp}/pages.$$"
	echo 'pages: break these lines; an example has 73 columns' >&2
	exit 1
fi
