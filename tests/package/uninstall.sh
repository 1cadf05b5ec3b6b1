#!/bin/sh
# uninstall.sh ROOT - removes below ROOT what `make install` puts there, and the
# folders named rudder that are empty then. PREFIX as given to make.
set -eu
root=$1
cd "$(dirname "$0")/../.."
list=$(mktemp -d)
trap 'rm -rf "$list"' EXIT
make -s install DESTDIR="$list"
(cd "$list" && find . -type f) | while read -r f; do rm -f "$root$f"; done
(cd "$list" && find . -depth -type d -path '*/rudder*') | while read -r d; do
	[ ! -d "$root$d" ] || rmdir "$root$d" 2>/dev/null || :
done
