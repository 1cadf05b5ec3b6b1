#!/bin/sh
# What is installed runs from there, and make uninstall leaves nothing of it.
. "$TOP/tests/tool/lib.sh"
case ${B##*/} in release) ;; *) skip 'not a release build' ;; esac

mkdir -p root/usr/bin root/usr/share/man/man1
touch root/usr/bin/other root/usr/share/man/man1/other.1
make -s -C "$TOP" install DESTDIR="$PWD/root" PREFIX=/usr >out 2>&1 || fail "install: $(cat out)"
for tool in rudder rudder-query rudder-diff rudder-map rudder-send; do
	root/usr/bin/$tool --version >/dev/null || fail "$tool: not installed"
done
for page in "$TOP"/man/*.[157]; do
	[ -e root/usr/share/man/man"${page##*.}/${page##*/}" ] || fail "${page##*/}: not installed"
done
make -s -C "$TOP" uninstall DESTDIR="$PWD/root" PREFIX=/usr >out 2>&1 || fail "uninstall: $(cat out)"
is 'root/usr/bin/other root/usr/share/man/man1/other.1' "$(find root -type f | LC_ALL=C sort | paste -sd' ' -)" 'what is left'
is '' "$(find root -name 'rudder*')" 'folders left'
