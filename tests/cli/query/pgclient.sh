# pgclient.sh - what libpq offers to get at a server: TLS, password file, service
# shellcheck shell=sh
. "$TOP/tests/tool/lib.sh"
command -v openssl >/dev/null || skip 'no openssl'
port=$((20000 + $$ % 10000))
n=0
while ss -Hltn "sport = :$port" 2>/dev/null | grep -q .; do
	port=$((port + 1)) n=$((n + 1))
	[ $n -lt 50 ] || skip 'no free port'
done
eval "$(PG_OPTIONS="-c listen_addresses=127.0.0.1 -c port=$port" PGPORT=$port "$TOP/tests/tool/pg.sh" start)"
trap '"$TOP/tests/tool/pg.sh" stop "$PG_DIR"' EXIT
trap 'exit 1' INT TERM
export PGPORT="$port" HOME="$PWD"
sql() { psql -qAtX -v ON_ERROR_STOP=1 "$@"; }

# a server with TLS, where only TLS or a password gets in by TCP
openssl req -x509 -newkey rsa:2048 -nodes -keyout key -out cert -days 2 -subj /CN=localhost \
	-addext subjectAltName=DNS:localhost 2>/dev/null
openssl req -x509 -newkey rsa:2048 -nodes -keyout otherkey -out othercert -days 2 -subj /CN=other 2>/dev/null
for f in key cert; do install -m 600 $f "$PG_DIR/data/$f"; done
[ "$(id -u)" != 0 ] || chown postgres: "$PG_DIR/data/key" "$PG_DIR/data/cert"
cat >hba <<'HBA'
local all all trust
hostssl all tls 127.0.0.1/32 trust
host all pw 127.0.0.1/32 scram-sha-256
HBA
cat hba >"$PG_DIR/data/pg_hba.conf"
sql -c "CREATE ROLE tls LOGIN" -c "CREATE ROLE pw LOGIN PASSWORD 'p:w\\'"
sql -c "ALTER SYSTEM SET ssl_cert_file = 'cert'" -c "ALTER SYSTEM SET ssl_key_file = 'key'" -c "ALTER SYSTEM SET ssl = on" \
	-c "SELECT pg_reload_conf()" >/dev/null
n=0
until [ "$(sql -c 'SHOW ssl')" = on ] || [ $n -gt 50 ]; do
	n=$((n + 1))
	sleep 0.1
done

# ask WANTED URL: the exit status, and in "out" whether TLS was used
ask() {
	status "$1" rudder-query -d "$2" -e 'SELECT ssl, usename::text AS u FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE pid = pg_backend_pid()' >out
}
row() { is "$1" "$(sed -n 2p out)" "$2"; }

# TLS
ask 0 "postgres://tls@localhost:$port/postgres?hostaddr=127.0.0.1&sslmode=require"
row '{"ssl":true,"u":"tls"}' 'sslmode=require'
ask 0 "postgres://tls@localhost:$port/postgres?hostaddr=127.0.0.1"
row '{"ssl":true,"u":"tls"}' 'sslmode=prefer'
ask 77 "postgres://tls@localhost:$port/postgres?hostaddr=127.0.0.1&sslmode=disable"
says 'pg_hba.conf'
ask 0 "postgres://tls@localhost:$port/postgres?hostaddr=127.0.0.1&sslmode=verify-full&sslrootcert=$PWD/cert"
row '{"ssl":true,"u":"tls"}' 'sslmode=verify-full'
ask 76 "postgres://tls@localhost:$port/postgres?hostaddr=127.0.0.1&sslmode=verify-ca&sslrootcert=$PWD/othercert"
says 'certificate verify failed'
ask 76 "postgres://tls@elsewhere:$port/postgres?hostaddr=127.0.0.1&sslmode=verify-full&sslrootcert=$PWD/cert"
says 'does not match host name'
ask 76 "postgres://tls@localhost:$port/postgres?hostaddr=127.0.0.1&sslmode=verify-full&sslrootcert=$PWD/nosuch"
PGSSLMODE=require ask 0 "postgres://tls@127.0.0.1:$port/postgres"
row '{"ssl":true,"u":"tls"}' 'PGSSLMODE'

# a password: file, its mode, the environment; never asked for
url="postgres://pw@127.0.0.1:$port/postgres"
ask 77 "$url"
says 'no password supplied'
printf '127.0.0.1:*:*:pw:p\\:w\\\\\n' >pass
chmod 600 pass
PGPASSFILE=$PWD/pass ask 0 "$url"
row '{"ssl":true,"u":"pw"}' 'PGPASSFILE'
cp pass .pgpass
ask 0 "$url"
chmod 644 .pgpass
ask 77 "$url"
# shellcheck disable=SC1003
PGPASSWORD='p:w\' ask 0 "$url"
PGPASSWORD=wrong ask 77 "$url"
RUDDER_SOURCE="postgres://pw:p%3Aw%5C@127.0.0.1:$port/postgres" status 0 rudder-query -e 'SELECT 1 AS a' >out
[ ! -s err ] || fail "a password in the environment: $(cat err)"

# a service
printf '[wh]\nhost=127.0.0.1\nport=%s\nuser=pw\ndbname=postgres\npassword=p:w\\\n' "$port" >services
export PGSERVICEFILE="$PWD/services"
unset PGHOST PGPORT PGUSER PGDATABASE
ask 0 'postgres:///?service=wh'
row '{"ssl":true,"u":"pw"}' 'a service'
PGSERVICE=wh ask 0 postgres://
row '{"ssl":true,"u":"pw"}' 'PGSERVICE'
ask 78 'postgres:///?service=nosuch'
says 'nosuch'
