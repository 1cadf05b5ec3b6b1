#!/bin/sh
# Two senders with one file for --failed do not disturb each other, and a
# private key is checked wherever it is given.
. "$TOP/tests/tool/lib.sh"
. "$TOP/tests/tool/fake.sh"
events 4 >in

mkfifo feed
rudder-send -d null: --failed again <feed >first 2>err1 &
pid=$!
exec 3>feed
head -n 2 in >&3
eventually 'the first sender' test -e again.tmp
status 0 rudder-send -d null: --failed again <in >second
tail -n +3 in >&3
exec 3>&-
wait $pid || fail "the first sender ends with $?: $(cat err1)"
[ -s again ] || fail 'no file of --failed'
[ -z "$(ls -- *.tmp 2>/dev/null)" ] || fail "left: $(ls -- *.tmp)"

# a key in the file of the certificate
openssl req -x509 -newkey rsa:2048 -nodes -keyout k.pem -out c.pem -days 2 -subj /CN=t 2>/dev/null
cat c.pem k.pem >both.pem
chmod 644 c.pem both.pem
for to in rudder webhook; do
	RUDDER_WRITE_KEY=k status 77 rudder-send -d $to:https://127.0.0.1:1/ --cert both.pem --retry-max-time 0s <in
	says "'both.pem' holds a secret but other users can read it"
done
chmod 600 both.pem
RUDDER_WRITE_KEY=k status 69 rudder-send -d rudder:https://127.0.0.1:1/ --cert both.pem --retry-max-time 0s <in
