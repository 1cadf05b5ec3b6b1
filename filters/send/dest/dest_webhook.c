#include "send/dest/dest_webhook.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>

#include "core/mem.h"
#include "send/dest/address.h"
#include "send/dest/body.h"
#include "send/dest/data_plane.h"
#include "send/dest/dest_list.h"
#include "send/dest/header_lines.h"
#include "send/dest/http.h"
#include "send/dest/show.h"
#include "send/dest/url_template.h"

struct webhook {
	void *http;
	struct buf url;             /* the template; in a dry run masked */
	bool single;                /* one event a request */
	bool templated;             /* url has braces */
	struct buf secret;          /* of the signature; empty: none */
	struct url_template values; /* of the event in hand */
	struct body *body;          /* NULL: as the events are */
	struct buf *made;           /* bodies in flight, one a lane */
	unsigned lanes;
	struct slice original; /* of the job being started */
	struct dest_list done; /* those that cannot be sent */
};

/* ---- one request ------------------------------------------------------- */

static bool printable(struct slice s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < ' ' || s.p[i] > '~')
			return false;
	}
	return s.n > 0;
}

static void add_key(struct webhook *w, struct buf *headers)
{
	if (!url_template_value(&w->values, slice_str("messageId")) ||
	    !printable(buf_all(&w->values.text)))
		return;
	buf_str(headers, "Idempotency-Key: ");
	buf_slice(headers, buf_all(&w->values.text));
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

	if (w->secret.n > 0)
		add_signature(w, job->body, headers);
	if (!w->single)
		return NULL;
	url_template_event(&w->values, w->original);
	add_key(w, headers);
	return w->templated
		       ? url_template_fill(&w->values, buf_cstr(&w->url), url)
		       : NULL;
}

/* ---- opening ----------------------------------------------------------- */

/* Pointers to the lines of --header and --header-file, NULL behind them. */
static int collect(const struct dest_options *o, struct buf *secret,
		   struct buf *list, struct err *e)
{
	const char *end = NULL;

	for (size_t i = 0; o->headers && i < o->headers->n; i++) {
		if (header_lines_check(o->headers->v[i], e) < 0)
			return -1;
		buf_add(list, &o->headers->v[i], sizeof(end));
	}
	if (o->header_file &&
	    header_lines_secret(o->header_file, secret, list, e) < 0)
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
	if (url_template_check(o->url, e) < 0)
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
	url_template_init(&w->values);
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
	url_template_clear(&w->values);
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
