#!/bin/sh
# tarball.sh FOLDER - packs what was installed in FOLDER as
# build/rudder-filters-VERSION-ARCH.tar.gz: unpack it anywhere and put its bin/ on
# PATH. Refuses a command that would need a newer glibc than 2.35, or a library
# that it does not load by itself.
set -eu
cd "$(dirname "$0")/../.."
newest=$(objdump -T "$1"/bin/* | grep -o 'GLIBC_2\.[0-9]*' | sort -u -t. -k2n | tail -n 1)
[ "${newest#GLIBC_2.}" -le 35 ] || {
	echo "tarball: the commands need $newest; build on an older system" >&2
	exit 1
}
mkdir -p "$1/lib"
for l in libjq.so.1 libonig.so.5 libxxhash.so.0; do
	from=$(ldd "$1/bin/rudder-map" | awk -v l="$l" '$1 == l {print $3}')
	[ ! -e "$from" ] || install -m 644 "$(realpath "$from")" "$1/lib/$l"
	install -D -m 644 "/usr/share/doc/$(dpkg -S "$(realpath "$from")" | cut -d: -f1)/copyright" "$1/share/doc/rudder/${l%.so.*}.copyright"
done
if objdump -p "$1"/bin/* | awk '$1 == "NEEDED" {print $2}' | sort -u |
	grep -v -e '^libc\.' -e '^libm\.' -e '^ld-linux' -e '^libjq\.' -e '^libxxhash\.' >&2; then
	echo "tarball: the commands need the libraries above" >&2
	exit 1
fi
version=$(sed -n 's/^#define RUDDER_VERSION "\(.*\)"$/\1/p' filters/core/base.h)
name=rudder-filters-$version-$(uname -m)
rm -rf "build/$name" && mv "$1" "build/$name"
strip "build/$name"/bin/*
cp README.md NEWS.md LICENSE "build/$name/"
tar -C build --sort=name --owner=0 --group=0 --numeric-owner -czf "build/$name.tar.gz" "$name"
rm -rf "build/${name:?}"
echo "build/$name.tar.gz"
