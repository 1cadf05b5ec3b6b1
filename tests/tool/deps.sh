#!/bin/sh
# deps.sh - install what is missing to build and test rudder on Debian or Ubuntu.
#
#   deps.sh build    compiler, libraries, sqlite3 and jq: enough for `make demo`
#   deps.sh test     those, and the servers and checkers that tests use
#   deps.sh list     installs nothing: says what of those is missing
#
# Asks before it uses sudo, unless CI is set; without sudo or a terminal it says
# what to run. Says nothing when all is there.
set -eu
build='gcc make pkg-config libc6-dev libjq-dev libcsv-dev libxxhash-dev
libssl-dev libpq-dev libsqlite3-dev libmariadb-dev
libcurl4-openssl-dev libdeflate-dev zlib1g-dev libzstd-dev librdkafka-dev libyaml-dev unixodbc-dev
sqlite3 jq'
test="$build libcmocka-dev postgresql mariadb-server clickhouse-server clang clang-format clang-tidy
libclang-rt-*-dev shellcheck mandoc valgrind strace lcov procps openssl curl zstd nginx-light nghttp2-server
odbc-postgresql odbc-mariadb libsqliteodbc"

case ${1:-test} in
build) want=$build ;;
*) want=$test ;;
esac
command -v dpkg-query >/dev/null || {
	echo "deps: this is not Debian; install the like of: $want" >&2
	exit 0
}
missing=
set -f # a name may be a pattern
for p in $want; do
	dpkg-query -W -f '${Status}\n' "$p" 2>/dev/null | grep -q 'ok installed' ||
		missing="$missing $p"
done
[ -n "$missing" ] || exit 0
if [ "${1:-}" = list ]; then
	echo "missing:$missing; install by: make deps"
	exit 0
fi
echo "deps: missing:$missing"
root=
leave() {
	echo "deps: run as root: apt-get install$missing" >&2
	exit 1
}
if [ "$(id -u)" != 0 ]; then
	command -v sudo >/dev/null || leave
	if [ -z "${CI:-}" ]; then
		[ -t 0 ] || leave
		printf 'deps: install them with sudo apt-get? [y/N] '
		read -r answer
		case $answer in y* | Y*) ;; *) leave ;; esac
	fi
	root=sudo
fi
# servers are started by the tests that need them, never by their package
policy=/usr/sbin/policy-rc.d
made=
if [ ! -e $policy ]; then
	printf '#!/bin/sh\nexit 101\n' | $root tee $policy >/dev/null
	$root chmod 755 $policy
	made=1
fi
trap '[ -z "$made" ] || $root rm -f $policy' EXIT
$root apt-get update -qq
# what this system has not is left out, and the tests that need it are skipped
wanted=$missing
missing=
for p in $wanted; do
	case $p in
	'libclang-rt-*-dev') # of the compiler that clang stands for here
		p=$(apt-cache depends clang | sed -n 's/.*Depends: clang-\([0-9]*\)$/libclang-rt-\1-dev/p')
		;;
	esac
	if apt-cache show "$p" >/dev/null 2>&1; then
		missing="$missing $p"
	else
		echo "deps: not in this system: $p"
	fi
done
# shellcheck disable=SC2086 # a list of words
DEBIAN_FRONTEND=noninteractive $root apt-get install -y -qq --no-install-recommends $missing >/dev/null
echo "deps: installed"
