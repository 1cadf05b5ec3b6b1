#!/bin/sh
# --oauth-file: tokens by OAuth 2 client credentials, cached, and renewed once
# after a 401.
. "$TOP/tests/tool/lib.sh"
. "$TOP/tests/tool/fake.sh"

settings() { # LINE ...: the file, for the server at PORT
	printf '%s\n' "token_url=$URL/token" client_id=me 'client_secret=s +/' "$@" >oauth
	chmod 600 oauth
}
token() { # TEXT [SECONDS]: the answer of a token server
	echo "expect POST /token reply 200 body \"{\\\"access_token\\\":\\\"$1\\\",\\\"token_type\\\":\\\"Bearer\\\"${2:+,\\\"expires_in\\\":$2}}\""
}
hook() { # OPTIONS: send in
	rm -f raw.http log
	serve -s script -R raw.http -l log
	settings ${scope:+"scope=$scope"} ${how:+"$how"}
	rc=0
	send -d "webhook:$URL/x" --oauth-file oauth "$@" <in || rc=$?
	halt || fail "the server was asked for something else: $(cat log)"
	! grep -q 'tok-\|s +/' raw err-raw || fail 'a secret is shown'
}
bearers() { tr -d '\r' <raw.http | sed -n 's/^Authorization: Bearer //p' | tr '\n' ' '; }
scope='' how=''
events 3 3 >in

{ token tok-1 3600 && echo 'always reply 200'; } >script
hook -c 1
is '0 3' "$rc $(count accepted)" "one token: $(cat err)"
is 'tok-1 tok-1 tok-1 ' "$(bearers)" 'one token for all'
grep -q 'grant_type=client_credentials' raw.http || fail "the form: $(cat raw.http)"
grep -q "^Authorization: Basic $(printf 'me:s%%20%%2B%%2F' | base64)" raw.http || fail "basic: $(cat raw.http)"

# plain HTTP, which only goes to this machine, needs no proxy
http_proxy=http://127.0.0.1:1
export http_proxy
hook -c 1
unset http_proxy
is '0 3' "$rc $(count accepted)" "past a proxy: $(cat err)"

# in the body, with scope and more
rm -f raw.http log
serve -s script -R raw.http
settings 'scope=a b' auth=body 'param.audience=https://x/' '# a comment' ''
send -c 1 -d "webhook:$URL/x" --oauth-file oauth <in || fail "body: $(cat err)"
halt
grep -q '^grant_type=client_credentials&client_id=me&client_secret=s%20%2B%2F&scope=a%20b&audience=https%3A%2F%2Fx%2F$' raw.http || fail "body: $(cat raw.http)"
scope='' how=''

# one that is refused in the middle is renewed, and nothing is lost
{ token tok-1 3600 && echo 'reply 200' && echo 'reply 401' && token tok-2 && echo 'always reply 200'; } >script
hook -c 1
is '0 3' "$rc $(count accepted)" "renewed: $(cat err)"
is 'tok-1 tok-1 tok-2 tok-2 ' "$(bearers)" 'renewed'
# but not again and again
{ token tok-1 && echo 'reply 401' && token tok-2 && echo 'always reply 401'; } >script
hook -c 1
is '77 3' "$rc $(count failed)" "refused twice: $(cat err)"
is 4 "$(wc -l <log)" 'refused twice: requests'

# one that expires
{ token tok-1 0 && echo 'reply 200' && token tok-2 0 && echo 'reply 200' && token tok-3 3600 && echo 'always reply 200'; } >script
hook -c 1
is '0 tok-1 tok-2 tok-3 ' "$rc $(bearers)" 'expired'

# the same as text, which some servers write; and one that would last for years
{ token tok-1 '\"0\"' && echo 'reply 200' && token tok-2 '\"3600\"' && echo 'always reply 200'; } >script
hook -c 1
is '0 tok-1 tok-2 tok-2 ' "$rc $(bearers)" 'expired, as text'
{ token tok-1 100000000000 && echo 'always reply 200'; } >script
hook -c 1
is '0 tok-1 tok-1 tok-1 ' "$rc $(bearers)" 'a token for years'

# a token server that fails, and one that refuses
{ echo 'expect POST /token reply 503' && token tok-1 && echo 'always reply 200'; } >script
hook -c 1
is '0 3' "$rc $(count accepted)" "the token server is back: $(cat err)"
no_token() { # FATE STATUS TEXT
	echo "always $1" >script
	hook -c 1
	is "$2 3" "$rc $(count failed)" "$1: $(cat err)"
	says "$3"
}
# lines as Windows ends them: the CR belongs to no value
{ echo 'expect POST /token reply 200 body "{\"access_token\":\"tok-1\"}"' && echo 'always reply 200'; } >script
rm -f raw.http log
serve -s script -R raw.http
printf 'token_url=%s/token\r\n\r\nclient_id=me\r\nclient_secret=s\r\nscope=a\r\n' "$URL" >oauth
chmod 600 oauth
send -c 1 -d "webhook:$URL/x" --oauth-file oauth <in || fail "CR LF: $(cat err)"
halt
grep -q "^Authorization: Basic $(printf me:s | base64)" raw.http || fail "CR LF, basic: $(cat raw.http)"
grep -q 'grant_type=client_credentials&scope=a$' raw.http || fail "CR LF, the form: $(cat raw.http)"
# what is not a token goes into no header
for odd in '{\"access_token\":\"tok-a b\"}' '{\"access_token\":\"tok-\\\\u000d\\\\u000aX:1\"}' '{\"access_token\":\"\"}' '{\"access_token\":7}' '[]' ''; do
	no_token "reply 200 body \"$odd\"" 78 'HTTP 200 without an access_token; check token_url'
	! grep -q Bearer raw.http || fail "$odd was sent as a token"
done
echo 'always reply 200' >script
hook -c 1 --deny-private
is '77 3' "$rc $(count failed)" "a private token server: $(cat err)"
says 'it has a private address, which --deny-private does not allow'
no_token 'reply 401 body "{\"error\":\"invalid_client\"}"' 77 'check client_id, client_secret and scope'
no_token 'reply 400' 77 'the token server answers HTTP 400'
no_token 'reply 200 body "{}"' 78 'HTTP 200 without an access_token; check token_url'
no_token 'reply 302' 78 'check token_url'
no_token 'reply 200 body "{\"access_token\":\"a\\r\\nX: y\"}"' 78 'without an access_token'
no_token 'reply 500' 69 'the token server answers HTTP 500'
no_token 'reply 404' 78 'HTTP 404; check token_url'
no_token 'reply 403' 77 'check client_id, client_secret and scope'
for later in 'reply 408' 'reply 429'; do
	no_token "$later" 69 'the token server answers HTTP 4'
	! grep -q 'check client_id' err || fail "$later is taken for a refusal: $(cat err)"
done
no_token 'reply 200 body "{\"access_token\":\"tok-\\\\u00e9\"}"' 78 'without an access_token'
# an answer that does not end, and one that breaks off, do not count
no_token 'flood 2000000' 69 'no token from the token server'
no_token 'close' 69 'no token from the token server'
no_token 'reply 401 body "x" cut 20' 69 'no token from the token server: the header was truncated'
no_token 'reply 200 body "x" cut 20' 69 'no token from the token server: the header was truncated'
! grep -q Bearer raw.http || fail 'something was sent without a token'

# a token server that does not answer holds up no request in flight
cat >script <<END
$(token tok-1 0)
expect POST /x delay 300 reply 200
expect POST /token delay 5000 reply 200
$(token tok-3 3600)
always reply 200
END
rm -f log
serve -s script -l log
settings
mkfifo feed
rudder-send -d "webhook:$URL/x" --oauth-file oauth --retry-wait 5ms --timeout 1s -c 3 <feed >receipts 2>err &
sender=$!
exec 4>feed
head -n 2 in >&4
eventually 'the first request' grep -q /x log
tail -n 3 in >&4
exec 4>&-
wait $sender || fail "a slow token server: $(cat err)"
halt
is 3 "$(count accepted)" 'a slow token server'
is 3 "$(grep -c /x log)" "a slow token server: requests: $(cat log)"
[ "$(jq 'select(.messageId == "m-1").ms' receipts)" -lt 990 ] || fail "a slow token server: the first waited: $(cat receipts)"

# the dry run asks for none, and shows none
printf '%s\n' token_url=https://auth.invalid/token client_id=me client_secret=s >oauth
send -n -d webhook:https://host.invalid/x --oauth-file oauth <in || fail "dry: $(cat err)"
is 3 "$(grep -c '"Authorization: \*\*\*"' raw)" 'dry run'

bad() { # STATUS TEXT LINE ...
	code=$1 text=$2
	shift 2
	printf '%s\n' "$@" >oauth
	status "$code" rudder-send -d webhook:https://host.invalid/x --oauth-file oauth --trust-eof <in
	says "$text"
}
bad 64 'are needed' client_id=x client_secret=y
bad 64 "'oauth' line 2: unknown setting; did you mean 'token_url'?" client_id=x tokenurl=x
bad 64 "'oauth' line 1: expected name=value" token_url
bad 64 'are needed' token_url=https://auth.invalid/token client_secret=y
bad 64 'are needed' token_url=https://auth.invalid/token client_id=x
bad 64 "'oauth' line 2: expected token_url, client_id, client_secret, scope, auth=basic" client_id=x auth=header
bad 64 "'oauth' line 1: expected token_url" aut=basic
printf 'token_url=https://auth.invalid/token\nauth=basic\nclient_id=me\nclient_secret=Az09-._~' >oauth
status 0 rudder-send -n -d webhook:https://host.invalid/x --oauth-file oauth <in >out
# a secret without its name, which ends with a sign that others have behind theirs
bad 64 "'oauth' line 1: expected token_url, client_id" c2VjcmV0==
! grep -q c2VjcmV0 err || fail "a secret is shown: $(cat err)"
bad 64 "'oauth': token_url: destination: http:// sends" token_url=http://auth.invalid/ client_id=x client_secret=y
chmod 644 oauth
status 77 rudder-send -d webhook:https://host.invalid/x --oauth-file oauth --trust-eof <in
