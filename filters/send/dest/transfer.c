#include "send/dest/transfer.h"

#include <stdlib.h>

#include "core/clock.h"
#include "core/num.h"
#include "send/dest/address.h"
#include "send/dest/retry.h"

#ifdef WITH_CURL
#include <curl/curl.h>

enum {
	KEEP_BYTES = 4 * 1024,     /* bytes of a reply's body kept for its
				    * reason */
	REPLY_BYTES = 64 * 1024,   /* bytes of it that are read */
	HEADER_BYTES = 128 * 1024, /* more is an attack */
	UPLOAD_BYTES = 64 * 1024,  /* measured best with many connections */
};

/* Called by libcurl before each request, and when it repeats one because a kept
 * connection was closed.
 */
static int on_request(void *ctx, char *ip, char *my_ip, int port, int my_port)
{
	struct transfer *s = ctx;

	(void)ip;
	(void)my_ip;
	(void)port;
	(void)my_port;
	s->sent++;
	return CURL_PREREQFUNC_OK;
}

static void keep(struct buf *b, struct slice value)
{
	b->n = 0;
	while (value.n > 0 && (*value.p == ' ' || *value.p == '\t'))
		value = slice_of(value.p + 1, value.n - 1);
	while (value.n > 0 && (unsigned char)value.p[value.n - 1] <= ' ')
		value.n--;
	if (value.n <= KEEP_BYTES)
		buf_slice(b, value);
}

static void status_line(struct transfer *s, struct slice line)
{
	const char *p = memchr(line.p, ' ', line.n);
	uint64_t status = 0;

	s->complete = false;
	s->status = 0;
	s->location.n = s->wish.n = s->date.n = s->type.n = 0;
	quota_headers_reset(&s->quota);
	if (p && (size_t)(line.p + line.n - p) >= 4 &&
	    num_uint(slice_of(p + 1, 3), &status) == 0)
		s->status = (unsigned)status;
}

/* Copies the value to b if the line begins with the name and a colon. */
static void keep_value(struct buf *b, struct slice line, const char *name)
{
	size_t n = strlen(name);

	if (line.n > n && strncasecmp(line.p, name, n) == 0)
		keep(b, slice_of(line.p + n, line.n - n));
}

/* Stores the values of the headers that we need. Checks the first letter first,
 * because most lines are others.
 */
static void header_line(struct transfer *s, struct slice line)
{
	switch (*line.p | ' ') {
	case 'c':
		keep_value(&s->type, line, "content-type:");
		break;
	case 'd':
		keep_value(&s->date, line, "date:");
		break;
	case 'l':
		keep_value(&s->location, line, "location:");
		break;
	case 'r':
		keep_value(&s->wish, line, "retry-after:");
		quota_headers_take(&s->quota, line);
		break;
	case 'x':
		quota_headers_take(&s->quota, line);
		break;
	default:
		break;
	}
}

static size_t on_header(char *p, size_t size, size_t n, void *ctx)
{
	struct transfer *s = ctx;
	struct slice line = slice_of(p, size * n);

	s->header_bytes += line.n;
	if (s->header_bytes > HEADER_BYTES) {
		s->flooded = true;
		return 0;
	}
	if (slice_starts(line, "HTTP/"))
		status_line(s, line);
	else if (line.n <= 2 && s->status >= 200)
		s->complete = true;
	else if (line.n > 2)
		header_line(s, line);
	return line.n;
}

static size_t on_body(char *p, size_t size, size_t n, void *ctx)
{
	struct transfer *s = ctx;
	size_t keep = s->keeps_answers ? HTTP_ANSWER_MAX : KEEP_BYTES;
	size_t most = s->keeps_answers ? HTTP_ANSWER_MAX : REPLY_BYTES;
	size_t got = size * n, room = keep - s->body.n;

	s->body_bytes += got;
	buf_add(&s->body, p, got < room ? got : room);
	return s->body_bytes > most ? 0 : got;
}

/* ---- the handle -----------------------------------------------------------
 */

/* Reports a setting that libcurl refuses, which must not be ignored. */
static int took(CURLcode code, const char *what, struct err *e)
{
	if (code == CURLE_OK)
		return 0;
	return err_names(e, ERR_CONFIG, "libcurl does not accept %s: %s", what,
			 curl_easy_strerror(code));
}

static int trust(CURL *c, const char *ca_file, struct err *e)
{
	const char *file = getenv("SSL_CERT_FILE");
	const char *dir = getenv("SSL_CERT_DIR");

	if (ca_file)
		return took(curl_easy_setopt(c, CURLOPT_CAINFO, ca_file),
			    "the file of option '--cacert'", e);
	if (file && *file &&
	    took(curl_easy_setopt(c, CURLOPT_CAINFO, file),
		 "the file in SSL_CERT_FILE", e) < 0)
		return -1;
	return dir && *dir ? took(curl_easy_setopt(c, CURLOPT_CAPATH, dir),
				  "the folder in SSL_CERT_DIR", e)
			   : 0;
}

/* Sets our certificate, and the certificates and key that the server must have.
 */
static int set_keys(CURL *c, const struct network_http *net, struct err *e)
{
	if (net->cert_file &&
	    took(curl_easy_setopt(c, CURLOPT_SSLCERT, net->cert_file),
		 "the file of option '--cert'", e) < 0)
		return -1;
	if (net->cert_key_file &&
	    took(curl_easy_setopt(c, CURLOPT_SSLKEY, net->cert_key_file),
		 "the file of option '--cert-key'", e) < 0)
		return -1;
	return net->pinned ? took(curl_easy_setopt(c, CURLOPT_PINNEDPUBLICKEY,
						   net->pinned),
				  "the value of option '--pinned-key'", e)
			   : 0;
}

int transfer_secure(void *easy, const struct network_http *net, bool plain,
		    struct private_address *guard, struct err *e)
{
	CURL *c = easy;

	if (took(curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR,
				  plain ? "http" : "https"),
		 "a limit of protocols", e) < 0 ||
	    took(curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L),
		 "a limit of redirects", e) < 0 ||
	    took(curl_easy_setopt(c, CURLOPT_SSLVERSION,
				  (long)CURL_SSLVERSION_TLSv1_2),
		 "TLS 1.2 as the lowest version", e) < 0)
		return -1;
	if ((plain || net->deny_private) &&
	    took(curl_easy_setopt(c, CURLOPT_NOPROXY, "*"),
		 "a limit of proxies", e) < 0)
		return -1;
	if (net->deny_private)
		private_address_watch(guard, c);
	return trust(c, net->ca_file, e) < 0 ? -1 : set_keys(c, net, e);
}

/* Sets the URL, parsed once: libcurl would parse it for each request, which
 * took a seventh of the instructions of a small request. Also sets the text,
 * from which some versions of libcurl take the URL when they repeat a request.
 * False if libcurl refuses it.
 */
bool transfer_address(struct transfer *s, const char *url)
{
	CURLU *u = s->address ? s->address : curl_url();
	bool parsed = u && curl_url_set(u, CURLUPART_URL, url,
					CURLU_PATH_AS_IS) == CURLUE_OK;

	s->address = u;
	/* libcurl refuses more than 8 MB and keeps the previous URL */
	if (curl_easy_setopt(s->easy, CURLOPT_URL, url) != CURLE_OK)
		return false;
	curl_easy_setopt(s->easy, CURLOPT_CURLU, parsed ? u : NULL);
	return true;
}

int transfer_set_up(struct transfer *s, const struct http_options *o,
		    struct curl_slist *headers, struct err *e)
{
	CURL *c = s->easy;
	bool plain = address_is_plain(o->url);

	s->keeps_answers = o->keeps_answers;
	curl_easy_setopt(c, CURLOPT_PRIVATE, s);
	if (!transfer_address(s, o->url))
		return err_set(e, ERR_CONFIG, "the URL is too long");
	if (transfer_secure(c, &o->net, plain, &s->guard, e) < 0)
		return -1;
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_ERRORBUFFER, s->why);
	curl_easy_setopt(c, CURLOPT_USERAGENT, "rudder-send/" RUDDER_VERSION);
	curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(c, CURLOPT_HTTP_VERSION,
			 (long)(o->net.http2 ? CURL_HTTP_VERSION_2TLS
					     : CURL_HTTP_VERSION_1_1));
	curl_easy_setopt(c, CURLOPT_PIPEWAIT, o->net.http2 ? 1L : 0L);
	curl_easy_setopt(c, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	curl_easy_setopt(c, CURLOPT_PATH_AS_IS, 1L);
	curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)o->timeout_ms);
	curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, (long)o->connect_ms);
	curl_easy_setopt(c, CURLOPT_UPLOAD_BUFFERSIZE, (long)UPLOAD_BYTES);
	curl_easy_setopt(c, CURLOPT_PREREQFUNCTION, on_request);
	curl_easy_setopt(c, CURLOPT_PREREQDATA, s);
	curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(c, CURLOPT_HEADERDATA, s);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(c, CURLOPT_WRITEDATA, s);
	return 0;
}

/* ---- the outcome ------------------------------------------------------- */

/* Why there is no reply. libcurl's own text may contain the URL of a proxy,
 * with its password.
 */
static const char *why_none(const struct transfer *s, CURLcode code)
{
	if (code == CURLE_COULDNT_RESOLVE_PROXY ||
	    strstr(s->why, "Unsupported proxy"))
		return "the proxy in https_proxy or all_proxy is not a "
		       "supported URL";
	return s->why[0] ? s->why : curl_easy_strerror(code);
}

/* Whether this is libcurl's error for a header line of more than 100 KB or,
 * since 8.6, for more than 5,000 lines.
 */
static bool is_over_limit(int code)
{
	enum { TOO_LARGE = 100 }; /* CURLE_TOO_LARGE, since 8.6 */

	return code == CURLE_OUT_OF_MEMORY || code == TOO_LARGE;
}

void transfer_judge(const struct transfer *s, int code,
		    const struct http_peer *peer, struct reply *r)
{
	long proxy_status = 0;
	struct reply_facts f;
	bool empty;
	uint64_t quota_ms =
		quota_headers_wait(&s->quota, clock_wall_ms(), &empty);

	curl_easy_getinfo(s->easy, CURLINFO_HTTP_CONNECTCODE, &proxy_status);
	f = (struct reply_facts){
		.curl = code,
		.why = why_none(s, (CURLcode)code),
		.status = s->status,
		.complete = s->complete,
		.flooded = s->flooded ||
			   (is_over_limit(code) && s->sent > 0 && !s->complete),
		.key = peer->key,
		.guarded = s->guard.refused && s->sent == 0,
		.replied_before = peer->replied,
		.by_event = peer->by_event,
		.success = s->complete && s->job && peer->success &&
			   peer->success(peer->success_ctx, s->job, s->status),
		.data_plane = peer->data_plane,
		.proxy_status = (unsigned)proxy_status,
		.sent = s->sent,
		.wish_ms = retry_after(buf_all(&s->wish), buf_all(&s->date),
				       clock_wall_ms()),
		.quota_ms = quota_ms,
		.quota_empty = empty,
		.body = slice_of(s->body.p, s->body.n < KEEP_BYTES
						    ? s->body.n
						    : KEEP_BYTES),
		.type = buf_all(&s->type),
		.location = buf_all(&s->location),
	};

	reply_judge(r, &f);
}

#endif
