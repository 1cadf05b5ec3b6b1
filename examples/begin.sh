# shellcheck shell=sh
# begin.sh - what the run.sh of each example begins with: the folder of the
# example is copied to a temporary one, and everything happens there, on this
# machine. Servers are on the loopback and end with it.
set -eu
LC_ALL=C TZ=UTC
export LC_ALL TZ
here=$(cd "$(dirname "$0")" && pwd)
TOP=$(cd "$here/../.." && pwd)
case ${B:=build/release} in /*) ;; *) B=$TOP/$B ;; esac
case ${BIN:=bin} in /*) ;; *) BIN=$TOP/$BIN ;; esac
PATH=$BIN:$B/tool:$PATH
export TOP B PATH
dir=$(mktemp -d)
server=
finish() {
	[ -z "$server" ] || kill "$server" 2>/dev/null || :
	rm -rf "$dir"
}
trap finish EXIT
cp -r "$here/." "$dir"
cd "$dir"

# needs COMMAND: the example is left out where it is not there
needs() {
	command -v "$1" >/dev/null || {
		echo "skipped: $1 is not installed" >&2
		exit 77
	}
}
# needs_rudder COMMAND: the same for one of rudder's own
needs_rudder() {
	command -v rudder >/dev/null || {
		echo "skipped: rudder is not in PATH" >&2
		exit 77
	}
	rudder "$1" --help=json 2>/dev/null | grep -qF "\"name\":\"rudder $1\"" || {
		echo "skipped: this build has no 'rudder $1'" >&2
		exit 77
	}
}
title() { printf '\n== %s\n' "$*"; }
# expect WHAT WANTED GOT
expect() {
	[ "$2" = "$3" ] || {
		echo "$1: wanted '$2', got '$3'" >&2
		exit 1
	}
}
# status WANTED COMMAND ...: it must end so
status() {
	want=$1
	shift
	got=0
	"$@" || got=$?
	expect "exit status of $*" "$want" "$got"
}
# receiver OPTIONS: a server that takes events as a data plane does; its address
# is $URL
receiver() {
	command -v fake >/dev/null || {
		echo "skipped: the receiver is part of the source tree: run make tools there" >&2
		exit 77
	}
	rm -f port
	fake -p port -t 300 "$@" &
	server=$!
	i=0
	until [ -s port ]; do
		i=$((i + 1))
		[ $i -lt 200 ] || {
			echo 'the receiver does not start' >&2
			exit 1
		}
		sleep 0.05
	done
	URL=http://127.0.0.1:$(cat port)
	export URL
}
# the warehouse of all examples: a SQLite file with customers
warehouse() {
	sqlite3 shop.db "CREATE TABLE customers(id INTEGER PRIMARY KEY, email TEXT, name TEXT, plan TEXT, consent INTEGER);
		INSERT INTO customers VALUES(1,'ada@example.com','Ada','pro',1),(2,'alan@example.com','Alan','free',1),
		(3,'grace@example.com','Grace','pro',0)"
	WAREHOUSE=sqlite:$dir/shop.db
	export WAREHOUSE
}
