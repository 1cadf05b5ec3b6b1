#!/bin/sh
# An audience of an ad platform, kept equal to a model: hashed emails, additions
# and removals by the platform's API, a changed email replaces the old one.
. "$(dirname "$0")/../begin.sh"
needs sqlite3
needs jq
needs curl
needs_rudder run
warehouse
sqlite3 shop.db "INSERT INTO customers VALUES(4,' Bob@Example.com ','Bob','pro',1),(5,'eve@example.com','Eve','pro',1);
	WITH RECURSIVE n(i) AS (SELECT 6 UNION ALL SELECT i + 1 FROM n WHERE i < 30)
	INSERT INTO customers SELECT i, 'member' || i || '@example.com', 'Member', 'pro', 1 FROM n"
printf 'always reply 200\n' >script
receiver -R requests -s script
AUDIENCE_URL=$URL
export AUDIENCE_URL
hash() { printf %s "$1" | sha256sum | cut -d ' ' -f 1; }

title 'The first run adds the members'
rudder run
expect 'members' 28 "$(grep -a '^{"schema"' requests | jq -s 'map(.data[]) | length')"
grep -aq "$(hash bob@example.com)" requests
if grep -aqi '@example.com' requests; then exit 1; fi
grep -aq '^POST /audiences/42/users' requests

title 'One changes the email, one leaves: both hashes are removed, one is added'
: >requests
sqlite3 shop.db "UPDATE customers SET email = 'ada@example.org' WHERE id = 1; UPDATE customers SET plan = 'free' WHERE id = 5"
rudder run
grep -a '^POST\|^DELETE\|^{"schema"' requests
expect 'added' "$(hash ada@example.org)" "$(sed -n '/^POST/,/^{/{s/.*"data":\["\([0-9a-f]*\)"\].*/\1/p}' requests | head -n 1)"
grep -a '^{"schema"' requests | grep -q "$(hash eve@example.com)"
grep -a '^{"schema"' requests | grep -q "$(hash ada@example.com)"
