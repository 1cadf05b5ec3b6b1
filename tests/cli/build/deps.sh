#!/bin/sh
# What is missing is named with the command that installs it, and nobody is asked
# without a terminal.
. "$TOP/tests/tool/lib.sh"

rc=0
make -C "$TOP" CC=no-such-compiler B="$PWD/build" OUT="$PWD/bin" >out 2>&1 || rc=$?
[ $rc -ne 0 ] || fail 'no compiler: status 0'
grep -q 'missing: no-such-compiler.*; run: make deps' out || fail "no compiler: $(cat out)"

# a Debian that lacks all packages, seen by a user who is not root
command -v dpkg-query >/dev/null || skip 'no dpkg'
mkdir fakes
printf '#!/bin/sh\nexit 1\n' >fakes/dpkg-query
printf '#!/bin/sh\necho 1000\n' >fakes/id
printf '#!/bin/sh\necho asked >>%s/sudo.log\n' "$PWD" >fakes/sudo
chmod +x fakes/*
rc=0
env -u CI PATH="$PWD/fakes:$PATH" "$TOP/tests/tool/deps.sh" build >out 2>&1 </dev/null || rc=$?
is 1 $rc 'no terminal: status'
grep -q 'run as root: apt-get install gcc make ' out || fail "no terminal: $(cat out)"
[ ! -e sudo.log ] || fail 'sudo was run'

# what is installed by the first target of a command is there for the second
cat >compiler <<EOF
#!/bin/sh
echo "\$*" >>$PWD/calls.log
exit 1
EOF
cat >fakes/sudo <<EOF
#!/bin/sh
[ "\$1 \$2" != 'apt-get install' ] || cp "$PWD/compiler" "$PWD/fakes/installed-later"
EOF
printf '#!/bin/sh\nexit 0\n' >fakes/apt-cache
chmod +x fakes/* compiler
rc=0
CI=1 PATH="$PWD/fakes:$PATH" make -C "$TOP" CC=installed-later B="$PWD/build" OUT="$PWD/bin" \
	DESTDIR="$PWD/root" build-deps install >out 2>&1 || rc=$?
[ $rc -ne 0 ] || fail 'a compiler that fails: status 0'
! grep -q 'make: missing' out || fail "just installed, but: $(cat out)"
grep -q -e '-c bin/' calls.log || fail "the compiler was not run: $(cat out)"
