#!/bin/sh
# picture.sh - a session of real commands, as an SVG of a terminal of 80 columns, on
# standard output. `make picture` writes it for README; tests/cli/man/picture.sh
# runs it again and compares.
set -eu
work=$(mktemp -d "${TMPDIR:-/tmp}/pictureXXXXXX")
trap 'rm -rf "$work"' EXIT
here=$(cd "$(dirname "$0")" && pwd)
cd "$work"
sqlite3 shop.db "CREATE TABLE customers (id INTEGER PRIMARY KEY, email, plan);
	INSERT INTO customers VALUES (1, 'ada@example.com', 'free'), (2, 'bob@example.com', 'free')"
cat >commands <<'C'
rudder init -d sqlite:shop.db -t customers -k id --dest file:events.ndjson
rudder run syncs/customers.yaml
sqlite3 shop.db "UPDATE customers SET plan = 'pro' WHERE id = 2"
rudder plan syncs/customers.yaml
rudder run syncs/customers.yaml
rudder status
C
cat >session <<'S'
stty rows 50 cols 80
n=0
while IFS= read -r line <&3; do
	printf '\033[1m$ %s\033[0m\n' "$line"
	n=$((n + 1))
	RUDDER_RUN_ID=$(printf 'd0000000000000000%03d' $n) sh -c "$line" 3<&- || exit
done 3<commands
S
env -u RUDDER_DEST -u RUDDER_SOURCE LC_ALL=C.UTF-8 TERM=xterm RUDDER_PAGER=cat PAGER=cat \
	script -qec 'sh session' typescript </dev/null >/dev/null
sed '1d; $d' typescript | awk -f "$here/picture.awk"
