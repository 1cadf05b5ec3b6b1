#include "send/dest/dest_webhook.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>

#include "core/file.h"
#include "core/mem.h"
#include "core/reader.h"
#include "send/dest/address.h"
#include "send/dest/body.h"
#include "send/dest/data_plane.h"
#include "send/dest/dest_list.h"
#include "send/dest/http.h"
#include "send/dest/show.h"
#include "wire/json/json.h"
#include "wire/json/scan.h"

enum { HEADERS_MAX = 64 * 1024 };

struct webhook {
	void *http;
	struct buf url;    /* the template; in a dry run masked */
	bool single;       /* one event a request */
	bool templated;    /* url has braces */
	struct buf secret; /* of the signature; empty: none */
	struct scan *scan;
	struct buf event, text;
	struct body *body; /* NULL: as the events are */
	struct buf *made;  /* bodies in flight, one a lane */
	unsigned lanes;
	struct slice original; /* of the job being started */
	struct dest_list done; /* those that cannot be sent */
};

/* ---- the template ------------------------------------------------------ */

/* Percent-encoded but for what a part of a path or query may hold as it is
 * (RFC 3986, 2.3). A part of dots only would climb in the path.
 */
static void encode(struct buf *b, struct slice s)
{
	bool dots = slice_is(s, ".") || slice_is(s, "..");

	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		bool keep = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
			    (c >= 'A' && c <= 'Z') || c == '-' || c == '_' ||
			    c == '~' || (c == '.' && !dots);

		if (keep)
			buf_char(b, (char)c);
		else
			buf_fmt(b, "%%%02X", c);
	}
}

/* The member of that dotted path, as JSON, or the empty slice. */
static struct slice find(struct webhook *w, struct slice event,
			 struct slice path)
{
	struct slice v = event;

	while (path.n > 0) {
		const char *dot = memchr(path.p, '.', path.n);
		size_t n = dot ? (size_t)(dot - path.p) : path.n, count;
		int at;

		if (*v.p != '{' || scan_object(w->scan, v) < 0)
			return slice_of(NULL, 0);
		at = scan_find(w->scan, slice_of(path.p, n));
		if (at < 0)
			return slice_of(NULL, 0);
		v = scan_members(w->scan, &count)[at].value;
		n += dot != NULL;
		path = slice_of(path.p + n, path.n - n);
	}
	return v;
}

/* A scalar's text, decoded, in w->text: false for what has none. */
static bool text_of(struct webhook *w, struct slice v)
{
	w->text.n = 0;
	if (v.n == 0 || *v.p == 'n' || *v.p == '{' || *v.p == '[')
		return false;
	if (*v.p == '"')
		json_decode(&w->text, json_inner(v));
	else
		buf_slice(&w->text, v);
	json_surrogates(&w->text, 0);
	return w->text.n > 0;
}

/* Whether a part of a path means its folder or the one above: nginx and
 * browsers decode %2E first (WHATWG URL, 4.1).
 */
static bool climbs(struct slice part)
{
	size_t dots = 0;

	while (part.n > 0) {
		size_t n = *part.p == '.' ? 1 : 3;

		if (n == 3 && !(part.n >= 3 && (slice_starts(part, "%2E") ||
						slice_starts(part, "%2e"))))
			return false;
		part = slice_of(part.p + n, part.n - n);
		dots++;
	}
	return dots == 1 || dots == 2;
}

/* Whether values made such a part of the path. A value has no / in it, so the
 * parts of the template are those of the URL.
 */
static bool has_climbed(const char *template, const char *url)
{
	while (*url && *url != '?' && *url != '#') {
		size_t n = strcspn(url, "/?#"), m = 0;
		bool value = false;

		for (; template[m] && !strchr("/?#", template[m]); m++) {
			value |= template[m] == '{';
			if (template[m] == '{')
				m += strcspn(template + m, "}") - 1;
		}
		if (value && climbs(slice_of(url, n)))
			return true;
		url += n + (url[n] == '/');
		template += m + (template[m] == '/');
	}
	return false;
}

static const char *fill(struct webhook *w, struct slice event, struct buf *url)
{
	const char *p = buf_cstr(&w->url);

	for (;;) {
		size_t n = strcspn(p, "{");

		buf_add(url, p, n);
		p += n;
		if (*p == '\0')
			return has_climbed(buf_cstr(&w->url), buf_cstr(url))
				       ? "the event's values would make the "
					 "part '.' or '..' of the URL's path"
				       : NULL;
		n = strcspn(++p, "}");
		if (!text_of(w, find(w, event, slice_of(p, n))))
			return "the event lacks a value for the URL";
		encode(url, buf_all(&w->text));
		p += n + 1;
	}
}

/* Braces must come in pairs, and behind the host. */
static int check_template(const char *url, struct err *e)
{
	const char *host = strstr(url, "://");
	const char *path = host ? strchr(host + 3, '/') : NULL;
	const char *open = strchr(url, '{');

	if (open && (!path || open < path))
		return err_set(e, ERR_USAGE,
			       "destination: {...} may only stand behind the "
			       "host");
	for (; open; open = strchr(open, '{')) {
		open += strcspn(open, "}");
		if (*open != '}')
			return err_set(e, ERR_USAGE,
				       "destination: '{' without '}'");
	}
	return 0;
}

/* ---- one request ------------------------------------------------------- */

static bool printable(struct slice s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < ' ' || s.p[i] > '~')
			return false;
	}
	return s.n > 0;
}

static void add_key(struct webhook *w, struct slice event, struct buf *headers)
{
	if (!text_of(w, find(w, event, slice_str("messageId"))) ||
	    !printable(buf_all(&w->text)))
		return;
	buf_str(headers, "Idempotency-Key: ");
	buf_slice(headers, buf_all(&w->text));
	buf_char(headers, '\0');
}

static void add_signature(const struct webhook *w, struct slice body,
			  struct buf *headers)
{
	unsigned char mac[EVP_MAX_MD_SIZE];
	unsigned n = 0;

	HMAC(EVP_sha256(), w->secret.p, (int)w->secret.n,
	     (const unsigned char *)body.p, body.n, mac, &n);
	buf_str(headers, "X-Signature-256: sha256=");
	buf_hex(headers, mac, n);
	buf_char(headers, '\0');
}

static const char *shape(void *ctx, const struct dest_job *job, struct buf *url,
			 struct buf *headers)
{
	struct webhook *w = ctx;
	struct slice event;

	if (w->secret.n > 0)
		add_signature(w, job->body, headers);
	if (!w->single)
		return NULL;
	w->event.n = 0; /* a copy, with the room that the scanner wants */
	buf_slice(&w->event, w->original);
	memset(buf_room(&w->event, READER_PAD), 0, READER_PAD);
	event = buf_all(&w->event);
	add_key(w, event, headers);
	return w->templated ? fill(w, event, url) : NULL;
}

/* ---- opening ----------------------------------------------------------- */

/* Headers that say where a request ends, where it goes or what the connection
 * is for (RFC 9110, 7.6.1): they are libcurl's. Another one would let a part of
 * the body pass for a request, or the request go to another site.
 */
static bool is_framing(struct slice name)
{
	static const char *const own[] = {
		"connection",
		"content-length",
		"expect",
		"host",
		"http2-settings",
		"keep-alive",
		"proxy-authenticate",
		"proxy-authorization",
		"proxy-connection",
		"te",
		"trailer",
		"transfer-encoding",
		"upgrade",
	};

	for (size_t i = 0; i < COUNT_OF(own); i++) {
		size_t n = 0;

		while (n < name.n &&
		       (name.p[n] == '_' ? '-' : name.p[n] | 0x20) ==
			       (own[i][n] | 0x20))
			n++;
		if (n == name.n && own[i][n] == '\0')
			return true;
	}
	return false;
}

/* "Name: value" without a control character (RFC 9110, 5.5). */
static int check_header(const char *line, struct err *e)
{
	size_t name = strspn(line, "abcdefghijklmnopqrstuvwxyz"
				   "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");

	if (name == 0 || line[name] != ':')
		return err_set(e, ERR_USAGE,
			       "a header is 'Name: value'; one is not");
	if (is_framing(slice_of(line, name)))
		return err_set(e, ERR_USAGE,
			       "header '%.*s' belongs to the connection and "
			       "cannot be set",
			       (int)name, line);
	for (const char *p = line; *p; p++) {
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			return err_set(e, ERR_USAGE,
				       "header '%.*s' holds a control "
				       "character",
				       (int)name, line);
	}
	return 0;
}

static int secret_headers(const char *path, struct buf *secret,
			  struct buf *list, struct err *e)
{
	char *line, *end;

	if (file_secret(path, HEADERS_MAX, secret, e) < 0)
		return -1;
	for (line = buf_cstr(secret); *line; line = end) {
		end = line + strcspn(line, "\n");
		if (*end)
			*end++ = '\0';
		if (*line == '\0')
			continue;
		if (check_header(line, e) < 0)
			return err_in(e, "'%s'", path);
		buf_add(list, &line, sizeof(line));
	}
	return 0;
}

/* Pointers to the lines of --header and --header-file, NULL behind them. */
static int collect(const struct dest_options *o, struct buf *secret,
		   struct buf *list, struct err *e)
{
	const char *end = NULL;

	for (size_t i = 0; o->headers && i < o->headers->n; i++) {
		if (check_header(o->headers->v[i], e) < 0)
			return -1;
		buf_add(list, &o->headers->v[i], sizeof(end));
	}
	if (o->header_file &&
	    secret_headers(o->header_file, secret, list, e) < 0)
		return -1;
	buf_add(list, &end, sizeof(end));
	return 0;
}

static int check_method(const char *method, struct err *e)
{
	static const char *const known[] = {"POST", "PUT", "PATCH"};

	for (size_t i = 0; i < COUNT_OF(known); i++) {
		if (!method || strcmp(method, known[i]) == 0)
			return 0;
	}
	return err_set(e, ERR_USAGE,
		       "option '--method': one of POST, PUT, PATCH");
}

static int check(const struct webhook *w, const struct dest_options *o,
		 struct err *e)
{
	if (w->templated && !w->single)
		return err_set(e, ERR_USAGE,
			       "destination: {...} needs one event a request "
			       "(--batch 1)");
	if (data_plane_cert(o, e) < 0)
		return -1;
	if (check_template(o->url, e) < 0)
		return -1;
	return check_method(o->method, e);
}

static int webhook_open(void **d, const struct dest_options *o, struct err *e)
{
	struct webhook *w = mem_zero(sizeof(*w));
	struct buf url = {0}, secret = {0}, list = {0};
	struct http_options h = {
		.dry = o->dry != NULL,
		.key = o->header_file ? "the headers in the file of "
					"--header-file"
				      : "whether a secret header is needed "
					"(--header-file)",
		.connections = o->connections,
		.header_file = o->header_file,
		.method = o->method,
		.http2 = o->http2,
		.deny_private = o->deny_private,
		.ca_file = o->ca_file,
		.cert_file = o->cert_file,
		.cert_key_file = o->cert_key_file,
		.pinned = o->pinned,
		.timeout_ms = o->timeout_ms,
		.connect_ms = o->connect_ms,
		.shape = shape,
		.shape_ctx = w,
	};
	int rc = -1;

	*d = w;
	w->scan = scan_new();
	w->single = o->batch == 1;
	w->templated = strchr(o->url, '{') != NULL;
	if (o->dry)
		show_mask(&w->url, o->url);
	else
		buf_str(&w->url, o->url);
	w->lanes = o->connections;
	w->made = mem_zero(w->lanes * sizeof(*w->made));
	h.by_event = w->templated;
	if (check(w, o, e) < 0 ||
	    (o->body && body_open(&w->body, o->body, e) < 0) ||
	    address_url(&url, o->url, NULL, o->allow_http, e) < 0 ||
	    collect(o, &secret, &list, e) < 0 ||
	    (o->sign_key_file &&
	     data_plane_secret(&w->secret, o->sign_key_file, e) < 0))
		goto out;
	h.url = buf_cstr(&url);
	h.headers = (void *)list.p;
	h.n_in_file = list.n / sizeof(*h.headers) - 1 -
		      (o->headers ? o->headers->n : 0);
	rc = http_open(&w->http, &h, e);
out:
	buf_clear(&url);
	buf_clear(&list);
	buf_wipe(&secret);
	return rc;
}

/* The program's body in place of the events: false when there is none. */
static bool make_body(struct webhook *w, struct dest_job *job)
{
	struct buf *made = &w->made[job->lane];
	struct reply *r = &job->reply;
	int rc;

	*r = (struct reply){0};
	rc = body_make(w->body, job->body, made, &r->err);
	if (rc > 0) {
		job->body = buf_all(made);
		return true;
	}
	r->class = rc == 0 ? REPLY_REFUSED : REPLY_FATAL;
	reply_words(r, rc == 0 ? buf_all(made) : slice_str(r->err.text));
	return false;
}

static void webhook_start(void *d, struct dest_job *job)
{
	struct webhook *w = d;

	w->original = job->body;
	if (!w->body || make_body(w, job))
		http_start(w->http, job);
	else
		dest_list_push(&w->done, job);
}

static void webhook_show(void *d, struct dest_job *job, bool as_curl,
			 struct buf *b)
{
	struct webhook *w = d;
	struct reply was = job->reply;

	w->original = job->body;
	if (w->body && !make_body(w, job))
		return;
	job->reply = was;
	http_show(w->http, job, as_curl, b);
}

static int webhook_wait(void *d, struct pollfd *fds, unsigned n, int timeout_ms,
			struct err *e)
{
	struct webhook *w = d;

	return http_wait(w->http, fds, n, w->done.first ? 0 : timeout_ms, e);
}

static int webhook_check(void *d, uint64_t timeout_ms, struct err *e)
{
	struct webhook *w = d;

	return http_check(w->http, timeout_ms, e);
}

static struct dest_job *webhook_done(void *d)
{
	struct webhook *w = d;

	return w->done.first ? dest_list_pop(&w->done) : http_done(w->http);
}

static void webhook_abort(void *d, struct dest_job *job)
{
	struct webhook *w = d;

	http_abort(w->http, job);
}

static void webhook_close(void *d)
{
	struct webhook *w = d;

	if (!w)
		return;
	http_close(w->http);
	body_close(w->body);
	for (unsigned i = 0; i < w->lanes; i++)
		buf_clear(&w->made[i]);
	free(w->made);
	buf_wipe(&w->secret);
	scan_free(w->scan);
	buf_clear(&w->event);
	buf_clear(&w->text);
	buf_clear(&w->url);
	free(w);
}

const struct dest dest_webhook = {
	.scheme = "webhook",
	.help = "https://host/path",
	.known_by = DEST_BY_TEMPLATE,
	.frame = {"[", ",", "]"},
	.single = {"", "", ""},
	.connections = 8,
	.batch = 1,
	.batch_bytes = 1024 * 1024,
	.max_bytes = 64 * 1024 * 1024,
	.checked = "the address answers, with a right certificate where it is "
		   "https; whether it takes events, only events can tell",
	.open = webhook_open,
	.check = webhook_check,
	.speaks_http = true,
	.shapes_body = true,
	.show = webhook_show,
	.start = webhook_start,
	.wait = webhook_wait,
	.done = webhook_done,
	.abort = webhook_abort,
	.close = webhook_close,
};
