#!/bin/sh
# deb.sh - a Debian package of this tree, in build/deb; the tree needs no git.
set -eu
cd "$(dirname "$0")/../.."
need='build-essential debhelper'
for p in $need; do
	dpkg-query -W -f '${Status}' "$p" 2>/dev/null | grep -q 'ok installed' || {
		echo "deb: needs $p: apt-get install $need" >&2
		exit 1
	}
done
version=$(sed -n 's/^#define RUDDER_VERSION "\(.*\)"$/\1/p' filters/core/base.h)
rm -rf build/deb
src=build/deb/rudder-filters-$version
mkdir -p "$src"
for f in ./*; do
	case ${f#./} in build) ;; *) cp -a "$f" "$src/" ;; esac
done
find "$src/bin" -type f ! -name '*.c' -delete
cp -a tests/package/debian "$src/debian"
who="${DEBFULLNAME:-the rudder authors} <${DEBEMAIL:-rudder@localhost}>"
sed -i "s/^Maintainer: .*/Maintainer: $who/" "$src/debian/control"
cat >"$src/debian/changelog" <<C
rudder-filters ($version) unstable; urgency=medium

  * See NEWS.md.

 -- $who  $(date -R -d "@${SOURCE_DATE_EPOCH:-$(stat -c %Y NEWS.md)}")
C
(cd "$src" && dpkg-buildpackage -us -uc -b >../build.log 2>&1) || {
	tail -n 30 build/deb/build.log >&2
	exit 1
}
ls build/deb/rudder-filters_*.deb
