#!/bin/sh
# TLS: sent only where it should be, and nothing before the check.
. "$TOP/tests/tool/lib.sh"
. "$TOP/tests/tool/fake.sh"
command -v openssl >/dev/null || skip 'no openssl'

# ca NAME: a certificate authority
ca() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-keyout "$1.key" -out "$1.pem" -days 2 -subj "/CN=$1" \
		-addext basicConstraints=critical,CA:TRUE 2>/dev/null
}

# cert NAME SAN KEYTYPE [OPTIONS OF openssl ca's x509]: NAME.crt with its key
cert() {
	name=$1 san=$2 type=$3
	shift 3
	# shellcheck disable=SC2086 # the type is two words
	openssl req -new -newkey $type -nodes -keyout key -out csr \
		-subj "/CN=${san#*:}" 2>/dev/null
	printf 'subjectAltName=%s\n' "$san" >ext
	openssl x509 -req -in csr -CA ca.pem -CAkey ca.key -CAcreateserial \
		-extfile ext -out crt "$@" 2>/dev/null
	cat crt key >"$name.crt"
}

ec='ec -pkeyopt ec_paramgen_curve:P-256'
ca ca
ca other
cert good DNS:localhost "$ec" -days 2
cert wrong DNS:elsewhere.example "$ec" -days 2
cert expired DNS:localhost "$ec" -days -1
# OpenSSL 3.5 makes none that ends before it begins
grep -q BEGIN.CERTIFICATE expired.crt ||
	cert expired DNS:localhost "$ec" -not_before 20200101000000Z -not_after 20200102000000Z
cert weak DNS:localhost rsa:1024 -days 2
cert sha1 DNS:localhost rsa:2048 -days 2 -sha1
cert client DNS:client "$ec" -days 2
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key \
	-out crt -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost 2>/dev/null
cat crt key >self.crt
events 3 >in

# tls CERT STATUS MESSAGE [OPTIONS OF rudder-send] [-- OPTIONS OF fake]
tls() {
	crt=$1 want=$2 message=$3
	shift 3
	options=
	while [ $# -gt 0 ] && [ "$1" != -- ]; do
		options="$options $1"
		shift
	done
	[ $# = 0 ] || shift
	rm -f log got
	serve -c "$crt.crt" -l log -o got "$@"
	rc=0
	# shellcheck disable=SC2086 # options are words
	send -c 1 -d "rudder:https://localhost:$PORT" --cacert ca.pem $options <in || rc=$?
	halt
	is "$want" "$rc" "$crt $*: status"
	if [ "$want" = 0 ]; then
		is 3 "$(wc -l <got)" "$crt: events there"
		return
	fi
	grep -q -- "$message" err || fail "$crt $*: no '$message' in: $(cat err)"
	[ ! -s got ] || fail "$crt: events were sent"
	[ ! -s log ] || fail "$crt: a request was sent"
	is 3 "$(count failed)" "$crt: failed, never unknown"
	is 0 "$(sed -n 's/.*"attempts":\([0-9]*\).*/\1/p' receipts | sort -u)" "$crt: attempts"
}

tls good 0 ''
tls wrong 76 'no alternative certificate subject name'
tls expired 76 'certificate has expired'
tls self 76 'self-signed certificate'
tls weak 76 'key too weak'
tls sha1 76 'nothing was sent'
tls good 76 'self-signed certificate in chain\|unable to get local issuer' --cacert other.pem
tls good 76 'nothing was sent' -- -V 1.0
tls good 76 'nothing was sent' -- -V 1.1
tls good 0 '' -- -V 1.2
tls good 78 'missing.pem' --cacert missing.pem

# the public key
pin=$(openssl x509 -in good.crt -pubkey -noout | openssl pkey -pubin -outform der |
	openssl dgst -sha256 -binary | base64)
tls good 0 '' --pinned-key "sha256//$pin"
tls good 76 'public key' --pinned-key "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="

# a certificate of the client
sed -n '/BEGIN CERT/,/END CERT/p' client.crt >client.pem
sed -n '/BEGIN PRIVATE/,/END PRIVATE/p' client.crt >client.key
chmod 600 client.key
tls good 0 '' --cert client.pem --cert-key client.key -- -C ca.pem
tls good 0 '' --cert client.pem --cert-key client.key -- -C ca.pem -V 1.2
tls good 76 '' -- -C ca.pem -V 1.2

rm -f got
# TLS 1.3: the server asks for the certificate after the request has left
serve -c good.crt -C ca.pem -o got
rc=0
send -c 1 -d "rudder:https://localhost:$PORT" --cacert ca.pem <in || rc=$?
is 76 $rc 'no client certificate: status'
grep -q 'use --cert' err || fail "no client certificate: $(cat err)"
[ ! -s got ] || fail 'no client certificate: events arrived'
halt

# plain HTTP where TLS is expected: said so, and never sent
rm -f log
serve -l log
rc=0
send -c 1 -d "rudder:https://localhost:$PORT" --cacert ca.pem --connect-timeout 300ms --retry-max-time 500ms <in || rc=$?
is 76 $rc 'plain HTTP: status'
is 3 "$(count failed)" 'plain HTTP: failed'
[ ! -s log ] || fail 'plain HTTP: a request was sent'
halt

# whom to trust by the environment, as for curl
serve -c good.crt -o got
rc=0
send -c 1 -d "rudder:https://localhost:$PORT" <in || rc=$?
is 76 $rc 'SSL_CERT_FILE not set: status'
SSL_CERT_FILE=$PWD/ca.pem send -c 1 -d "rudder:https://localhost:$PORT" <in || fail "SSL_CERT_FILE: $(cat err)"
mkdir trusted
cp ca.pem "trusted/$(openssl x509 -hash -noout -in ca.pem).0"
SSL_CERT_FILE='' SSL_CERT_DIR=$PWD/trusted send -c 1 -d "rudder:https://localhost:$PORT" <in || fail "SSL_CERT_DIR: $(cat err)"
halt

# no library writes the keys of the connection into a file
SSLKEYLOGFILE=$PWD/keylog tls good 0 ''
[ ! -e keylog ] || fail 'the keys of a connection were written to SSLKEYLOGFILE'
