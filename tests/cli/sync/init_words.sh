# init_words.sh - rudder init: names that need quotes, keys that are not there, a
# destination with a write key
# shellcheck disable=SC2016 # names with a $
. "$TOP/tests/tool/lib.sh"
sqlite3 shop.db 'CREATE TABLE users(id, email)' 'CREATE TABLE "a ""b"", $c"("k,1", v)' "INSERT INTO users VALUES (1, 2)"
status 78 rudder init -d sqlite:shop.db -t users -k nothing_like_it --dest file:x </dev/null
says "there is no column 'nothing_like_it'"
status 0 rudder init -d sqlite:shop.db -t users --dest rudder:http://127.0.0.1:1 -o s.yaml </dev/null >out
is 1 "$(grep -c '^  write_key: env:RUDDER_WRITE_KEY$' s.yaml)" 'the write key'
RUDDER_WRITE_KEY=test-key status 0 rudder run --print s.yaml >printed
! grep -q test-key printed || fail 'the key is shown'
status 0 rudder init -d sqlite:shop.db -t '"a ""b"", $c"' -k 'k,1' --dest file:ev -o odd.yaml </dev/null >out
status 0 rudder check odd.yaml >steps
status 0 rudder run odd.yaml
