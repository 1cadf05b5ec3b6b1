#!/bin/sh
# format.sh - the house format of C files: format.sh check|write FILE...
#
# Versions of clang-format lay out some lines differently, so one decides: that of
# Debian 12. Under any other, this script only names itself and does no check.
set -eu
decides=14
have=$(clang-format --version | sed 's/.*version \([0-9]*\).*/\1/')
how=$1
shift
if [ "$have" != "$decides" ]; then
	echo "format: clang-format $have is here, $decides decides: nothing done" >&2
	[ "$how" = check ]
	exit
fi
case $how in
check) clang-format --dry-run -Werror "$@" ;;
write) clang-format -i "$@" ;;
esac
