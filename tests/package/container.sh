#!/bin/sh
# container.sh [TAG] - an image of rudder, built by buildah from tests/package/Containerfile.
# BASE is the image to build on (debian:trixie-slim); BASE=debootstrap makes one
# with debootstrap, as root and without a registry.
set -eu
cd "$(dirname "$0")/../.."
. tests/package/chroot.sh
tag=${1:-rudder}
base=${BASE:-debian:trixie-slim}
command -v buildah >/dev/null || {
	echo "container: needs buildah: apt-get install buildah" >&2
	exit 1
}
rm -rf build/container
mkdir -p build/container/src
for f in ./*; do
	case ${f#./} in build) ;; *) cp -a "$f" build/container/src/ ;; esac
done
find build/container/src/bin -type f ! -name '*.c' -delete
if [ "$base" = debootstrap ]; then
	root=$PWD/build/container/base
	new_system "${SUITE:-bookworm}" "$root"
	rm -rf "${root:?}/dev"/* "$root"/var/cache/apt/archives/*.deb
	made=$(buildah from scratch)
	buildah add -q "$made" "$root" / >/dev/null
	buildah config --env PATH=/usr/sbin:/usr/bin:/sbin:/bin "$made"
	base=localhost/rudder-base
	buildah commit -q --rm "$made" "$base" >/dev/null
	drop_system "$root"
fi
buildah build -q ${ISOLATION:+--isolation "$ISOLATION"} --build-arg "BASE=$base" -t "$tag" \
	-f tests/package/Containerfile build/container/src
rm -rf build/container
