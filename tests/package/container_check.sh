#!/bin/sh
# container_check.sh [TAG] - the image of `make container`, run twice by a uid that
# it does not know, on a folder of the host.
set -eu
tag=${1:-rudder}
data=$(mktemp -d "${TMPDIR:-/tmp}/containerXXXXXX")
box=$(buildah from "$tag")
trap 'buildah rm "$box" >/dev/null; rm -rf "$data"' EXIT
mkdir "$data/syncs" "$data/state"
printf 'id,plan\n1,a\n2,b\n' >"$data/users.csv"
chown -R 12345:12345 "$data"
inside() { buildah run --user 12345:12345 -v "$data:/data" "$box" -- "$@"; }
inside rudder init -q -d csv:users.csv -k id --dest file:events -o syncs/users.yaml
inside rudder run
inside rudder run
[ "$(wc -l <"$data/events")" = 2 ]
[ "$(stat -c %u "$data/events")" = 12345 ]
echo "container_check: synced twice by uid 12345"
