#!/bin/sh
# Requests per action against nginx: a store by its WebDAV methods, what its log
# has of each request, rate limits and a 207, by HTTP/1.1 and HTTP/2.
. "$TOP/tests/tool/lib.sh"
. "$TOP/tests/tool/fake.sh"
PATH=$PATH:/usr/sbin
command -v nginx >/dev/null || skip 'no nginx (nginx-light)'
nginx -V 2>&1 | grep -q http_dav_module || skip 'nginx has no WebDAV'
nginx -V 2>&1 | grep -q http_v2_module || skip 'nginx has no HTTP/2'
command -v openssl >/dev/null || skip 'no openssl'

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key \
	-out crt -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost 2>/dev/null
mkdir store tmp
: >limited # a POST to a file is 405
here=$(pwd)
nginx_at() { # PORT: with the one behind it for TLS
	cat >conf <<-END
		daemon off;
		user root; # as the test, where that is root
		worker_processes 1;
		pid $here/pid;
		error_log $here/error.log;
		events { worker_connections 64; }
		http {
			log_format asked '\$server_protocol \$request_method \$uri \$status \$http_content_type \$http_idempotency_key \$http_x_action';
			access_log $here/access.log asked;
			client_body_temp_path $here/tmp;
			fastcgi_temp_path $here/tmp; uwsgi_temp_path $here/tmp; scgi_temp_path $here/tmp; proxy_temp_path $here/tmp;
			limit_req_zone \$server_name zone=few:1m rate=50r/s;
			server {
				listen 127.0.0.1:$1;
				listen 127.0.0.1:$(($1 + 1)) ssl http2;
				server_name localhost;
				ssl_certificate $here/crt;
				ssl_certificate_key $here/key;
				location /store/ { root $here; dav_methods PUT DELETE; }
				location = /made { return 201; }
				location = /there { return 409; }
				location = /limited { root $here; limit_req zone=few burst=2 nodelay; limit_req_status 429; error_page 405 =200 /ok; }
				location = /ok { return 200 ok; }
				location = /bulk { default_type application/json; return 207 '[{"id":"1","status":200},{"id":"2","status":422,"reason":"no"},{"id":"3","status":200}]'; }
			}
		}
	END
	nginx -p "$here" -c "$here/conf" -e "$here/error.log" &
	FAKE=$!
	trap 'halt' EXIT
}
serve
halt # its port is free again
n=0
until
	nginx_at "$PORT"
	sleep 0.3
	[ -s pid ]
do
	halt || :
	n=$((n + 1))
	[ $n -lt 5 ] || fail "nginx does not start: $(cat error.log)"
	PORT=$((20000 + ($$ * 7 + n * 131) % 20000))
done

# N insert, then some updates and deletes of the same
changes() {
	awk -v n="$1" 'BEGIN {
		print "{\"_rudder\":{\"type\":\"begin\",\"v\":1,\"stream\":\"events\",\"run\":\"r1000000000000000000\"}}"
		for (i = 1; i <= n; i++) put(i, "insert", i)
		for (i = 1; i <= n; i += 2) put(i, "update", i + 1000)
		for (i = 1; i <= n; i += 3) put(i, "delete", 0)
		for (i = 1; i <= n; i += 9) put(i, "delete", 0)
		printf "{\"_rudder\":{\"type\":\"end\",\"stream\":\"events\",\"events\":%d,\"rejects\":0,\"skips\":0}}\n", sent
	}
	function put(id, action, value) {
		sent++
		printf "{\"messageId\":\"m-%d\",\"recordId\":\"%d\",\"type\":\"record\",\"action\":\"%s\",\"fields\":{\"n\":%d}}\n", sent, id, action, value
	}'
}
changes 90 >in
sent=$(grep -c messageId in)
for how in HTTP/1.1 HTTP/2.0; do
	rm -f store/* access.log
	kill -USR1 $FAKE # reopen the log
	url=http://127.0.0.1:$PORT
	http2=''
	[ $how = HTTP/1.1 ] || url=https://localhost:$((PORT + 1)) http2=--http2
	to() { # OPTIONS: send in
		rc=0
		# shellcheck disable=SC2086 # nothing, or an option
		rudder-send --retry-wait 5ms --retry-max-wait 50ms --retry-max-time 20s --cacert crt \
			$http2 "$@" <in >receipts 2>err || rc=$?
	}
	to -d "webhook:$url/store/{recordId}" -c 8 --method PUT,delete=DELETE --success-status delete=404 \
		--body .fields --header 'insert=X-Action: put' --header 'update=X-Action: put' --header 'delete=X-Action: gone'
	is 0 $rc "$how: $(cat err)"
	is "$sent" "$(count accepted)" "$how: accepted"
	jq -r '"\(input_filename | sub("store/"; "")) \(.n)"' store/* | sort -n >got
	awk 'BEGIN {for (i = 1; i <= 90; i++) if (i % 3 != 1) print i, i % 2 ? i + 1000 : i}' >want
	cmp want got || fail "$how: the store is not as the table"
	is "$sent" "$(grep -c "^$how " access.log)" "$how: requests"
	is 30 "$(grep -c "^$how DELETE /store/[0-9]* 204 .* gone$" access.log)" "$how: deletes"
	is 10 "$(grep -c "^$how DELETE /store/[0-9]* 404 - m-[0-9]* gone$" access.log)" "$how: deletes of what is not there"
	is 135 "$(grep -c "^$how PUT /store/[0-9]* 20[14] application/json m-[0-9]* put$" access.log)" "$how: puts"
	is "$sent" "$(awk '{print $6}' access.log | sort -u | wc -l)" "$how: keys"

	# an API of its own: other URLs, 409 to an insert is success
	to -d "webhook:$url/made" -c 4 --url "insert=$url/there" --url "delete=$url/store/{recordId}" --method POST,delete=DELETE \
		--success-status insert=409 --success-status delete=404
	is "0 $sent" "$rc $(count accepted)" "$how, urls: $(cat err)"
	# by HTTP/2 nginx resets a request whose body it has not read: some are repeated
	is 90 "$(grep "^$how POST /there 409" access.log | cut -d' ' -f 6 | sort -u | wc -l)" "$how, urls: inserts"
	is 45 "$(grep "^$how POST /made 201" access.log | cut -d' ' -f 6 | sort -u | wc -l)" "$how, urls: updates"
	# such a reset ends the request, long before its time is over
	[ "$(jq -r 'select(.ms).ms' receipts | sort -n | tail -n 1)" -lt 20000 ] || fail "$how, urls: a request waited for its time limit"

	# 429 until the server has time again: nothing is lost
	head -n 41 in >some
	mv in all
	mv some in
	to -d "webhook:$url/limited" -c 8 --trust-eof
	is "0 40" "$rc $(count accepted)" "$how, limited: $(cat err)"
	grep -q "^$how POST /limited 429" access.log || fail "$how, limited: no 429"

	# 207: a result for each
	head -n 4 all >in
	to -d "webhook:$url/bulk" -c 1 -b 3 --results .answer --trust-eof
	is '1 accepted rejected accepted ' "$rc $(jq -r 'select(.status).status' receipts | tr '\n' ' ')" "$how, 207: $(cat err)"
	to -d "webhook:$url/bulk" -c 1 -b 3 --trust-eof --retry-max-time 0
	is 3 "$(count unknown)" "$how, 207 without --results: $(cat receipts)"
	mv all in
done
