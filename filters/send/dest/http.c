#include "send/dest/http.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/clock.h"
#include "core/mem.h"
#include "core/num.h"
#include "core/tool.h"
#include "send/dest/data_plane.h"
#include "send/dest/dest_list.h"
#include "send/dest/gzip.h"
#include "send/dest/head.h"
#include "send/dest/private_address.h"
#include "send/dest/retry.h"
#include "send/dest/show.h"
#include "send/dest/sockets.h"

#ifdef WITH_CURL
#include <curl/curl.h>

enum {
	KEEP_BYTES = 4 * 1024,     /* of a reply's body, for its reason */
	REPLY_BYTES = 64 * 1024,   /* of it that are read at all */
	HEADER_BYTES = 128 * 1024, /* more is an attack */
	UPLOAD_BYTES = 64 * 1024,  /* measured best with many connections */
};

/* One easy handle and the request it is at. */
struct slot {
	struct http *http;
	CURL *easy;
	struct dest_job *job; /* NULL: idle */
	struct buf zipped;
	unsigned sent; /* requests that left for this job */
	/* the reply */
	unsigned status;
	bool complete, flooded;
	struct private_address guard;
	size_t header_bytes, body_bytes;
	struct curl_slist *headers; /* of this job alone */
	struct buf body, location, wish, date;
	char why[CURL_ERROR_SIZE];
};

struct http {
	void *show; /* in its place when nothing is to be sent */
	CURLM *multi;
	struct sockets sockets;
	struct curl_slist *headers;
	struct slot *slot;
	unsigned slots;
	struct gzip *pack; /* NULL: no gzip */
	struct dest_list done;
	http_shape_fn *shape;
	void *shape_ctx;
	struct buf url, lines; /* of the request in work */
	char *key;             /* by what we are known there */
	bool by_event;
	bool replied; /* once in this run */
};

/* ---- what libcurl tells us --------------------------------------------- */

/* Called before each request, also when libcurl sends it again because a kept
 * connection had died.
 */
static int on_request(void *ctx, char *ip, char *my_ip, int port, int my_port)
{
	struct slot *s = ctx;

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

static void status_line(struct slot *s, struct slice line)
{
	const char *p = memchr(line.p, ' ', line.n);
	uint64_t status = 0;

	s->complete = false;
	s->status = 0;
	s->location.n = s->wish.n = s->date.n = 0;
	if (p && (size_t)(line.p + line.n - p) >= 4 &&
	    num_uint(slice_of(p + 1, 3), &status) == 0)
		s->status = (unsigned)status;
}

static size_t on_header(char *p, size_t size, size_t n, void *ctx)
{
	static const struct {
		const char *name;
		size_t at;
	} wanted[] = {
		{"location:", offsetof(struct slot, location)},
		{"retry-after:", offsetof(struct slot, wish)},
		{"date:", offsetof(struct slot, date)},
	};
	struct slot *s = ctx;
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
	for (size_t i = 0; i < COUNT_OF(wanted); i++) {
		size_t len = strlen(wanted[i].name);
		struct buf *b = (void *)((char *)s + wanted[i].at);

		if (line.n > len && strncasecmp(p, wanted[i].name, len) == 0)
			keep(b, slice_of(p + len, line.n - len));
	}
	return line.n;
}

static size_t on_body(char *p, size_t size, size_t n, void *ctx)
{
	struct slot *s = ctx;
	size_t got = size * n, room = KEEP_BYTES - s->body.n;

	s->body_bytes += got;
	buf_add(&s->body, p, got < room ? got : room);
	return s->body_bytes > REPLY_BYTES ? 0 : got;
}

/* ---- handles ----------------------------------------------------------- */

static void set_up(struct slot *s, const struct http_options *o)
{
	CURL *c = s->easy;
	bool plain = strncmp(o->url, "http:", 5) == 0;

	curl_easy_setopt(c, CURLOPT_PRIVATE, s);
	curl_easy_setopt(c, CURLOPT_URL, o->url);
	curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, plain ? "http" : "https");
	curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_ERRORBUFFER, s->why);
	curl_easy_setopt(c, CURLOPT_USERAGENT, "rudder-send/" RUDDER_VERSION);
	curl_easy_setopt(c, CURLOPT_HTTPHEADER, s->http->headers);
	curl_easy_setopt(c, CURLOPT_HTTP_VERSION,
			 (long)(o->http2 ? CURL_HTTP_VERSION_2TLS
					 : CURL_HTTP_VERSION_1_1));
	curl_easy_setopt(c, CURLOPT_PIPEWAIT, o->http2 ? 1L : 0L);
	curl_easy_setopt(c, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	curl_easy_setopt(c, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (o->ca_file)
		curl_easy_setopt(c, CURLOPT_CAINFO, o->ca_file);
	if (o->cert_file)
		curl_easy_setopt(c, CURLOPT_SSLCERT, o->cert_file);
	if (o->cert_key_file)
		curl_easy_setopt(c, CURLOPT_SSLKEY, o->cert_key_file);
	if (o->pinned)
		curl_easy_setopt(c, CURLOPT_PINNEDPUBLICKEY, o->pinned);
	if (o->method)
		curl_easy_setopt(c, CURLOPT_CUSTOMREQUEST, o->method);
	curl_easy_setopt(c, CURLOPT_PATH_AS_IS, 1L);
	if (plain) /* a proxy would get the key in the clear */
		curl_easy_setopt(c, CURLOPT_NOPROXY, "*");
	if (o->deny_private)
		private_address_watch(&s->guard, c);
	curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)o->timeout_ms);
	curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, (long)o->connect_ms);
	curl_easy_setopt(c, CURLOPT_UPLOAD_BUFFERSIZE, (long)UPLOAD_BYTES);
	curl_easy_setopt(c, CURLOPT_PREREQFUNCTION, on_request);
	curl_easy_setopt(c, CURLOPT_PREREQDATA, s);
	curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(c, CURLOPT_HEADERDATA, s);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(c, CURLOPT_WRITEDATA, s);
}

static void add_header(struct http *h, const char *line)
{
	struct curl_slist *l = curl_slist_append(h->headers, line);

	if (l)
		h->headers = l;
}

int http_open(void **d, const struct http_options *o, struct err *e)
{
	struct http *h;
	struct buf lines = {0};

	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return err_set(e, ERR_OS, "cannot start libcurl");
	h = mem_zero(sizeof(*h));
	*d = h;
	if (o->dry)
		return show_open(&h->show, o, e);
	h->key = o->key ? mem_copy(o->key, strlen(o->key)) : NULL;
	h->multi = curl_multi_init();
	h->shape = o->shape;
	h->shape_ctx = o->shape_ctx;
	h->by_event = o->by_event;
	h->slots = o->connections;
	h->slot = mem_zero(h->slots * sizeof(*h->slot));
	if (o->gzip)
		h->pack = gzip_new();
	head_lines(&lines, o, h->pack != NULL);
	for (const char *l = NULL; (l = head_next(&lines, l)) != NULL;)
		add_header(h, l);
	buf_wipe(&lines);
	if (o->secret_header)
		add_header(h, o->secret_header);
	if (!h->multi)
		return err_set(e, ERR_OS, "cannot start libcurl");
	curl_multi_setopt(h->multi, CURLMOPT_MAXCONNECTS, (long)h->slots);
	if (sockets_open(&h->sockets, h->multi, e) < 0)
		return -1;
	for (unsigned i = 0; i < h->slots; i++) {
		struct slot *s = &h->slot[i];

		s->http = h;
		s->easy = curl_easy_init();
		if (!s->easy)
			return err_set(e, ERR_OS, "cannot start libcurl");
		set_up(s, o);
	}
	return 0;
}

/* What this job alone has: NULL, or why it cannot be sent. */
static const char *shape(struct http *h, struct slot *s, struct dest_job *job)
{
	const char *why;

	h->url.n = h->lines.n = 0;
	why = h->shape(h->shape_ctx, job, &h->url, &h->lines);
	if (why)
		return why;
	if (h->url.n > 0)
		curl_easy_setopt(s->easy, CURLOPT_URL, buf_cstr(&h->url));
	curl_slist_free_all(s->headers);
	s->headers = NULL;
	for (struct curl_slist *l = h->headers; l; l = l->next)
		s->headers = curl_slist_append(s->headers, l->data);
	for (size_t i = 0; i < h->lines.n; i += strlen(h->lines.p + i) + 1)
		s->headers = curl_slist_append(s->headers, h->lines.p + i);
	curl_easy_setopt(s->easy, CURLOPT_HTTPHEADER, s->headers);
	return NULL;
}

static void refuse(struct http *h, struct dest_job *job, const char *why)
{
	job->reply = (struct reply){.class = REPLY_REFUSED};
	snprintf(job->reply.reason, sizeof(job->reply.reason), "%s", why);
	dest_list_push(&h->done, job);
}

void http_start(void *d, struct dest_job *job)
{
	struct http *h = d;
	const char *why;
	struct slot *s = &h->slot[job->lane];
	struct slice body = job->body;

	why = h->shape ? shape(h, s, job) : NULL;
	if (why) {
		refuse(h, job, why);
		return;
	}
	if (h->pack) {
		gzip_pack(h->pack, body, &s->zipped);
		body = buf_all(&s->zipped);
	}
	s->job = job;
	s->sent = s->status = 0;
	s->complete = s->flooded = s->guard.refused = false;
	s->header_bytes = s->body_bytes = 0;
	s->body.n = s->location.n = s->wish.n = s->date.n = 0;
	s->why[0] = '\0';
	curl_easy_setopt(s->easy, CURLOPT_POSTFIELDSIZE_LARGE,
			 (curl_off_t)body.n);
	curl_easy_setopt(s->easy, CURLOPT_POSTFIELDS, body.p);
	curl_multi_add_handle(h->multi, s->easy);
}

/* Why there is no reply. libcurl's text may have all of a proxy's URL, with a
 * password.
 */
static const char *why_none(const struct slot *s, CURLcode code)
{
	if (code == CURLE_COULDNT_RESOLVE_PROXY ||
	    strstr(s->why, "Unsupported proxy"))
		return "the proxy that https_proxy or all_proxy names is not "
		       "known, or is not a URL";
	return s->why[0] ? s->why : curl_easy_strerror(code);
}

static void judge(const struct slot *s, CURLcode code, struct reply *r)
{
	struct reply_facts f = {
		.curl = (int)code,
		.why = why_none(s, code),
		.status = s->status,
		.complete = s->complete,
		/* by libcurl's words for a line of more than 100 KB */
		.flooded = s->flooded || (code == CURLE_OUT_OF_MEMORY &&
					  s->sent > 0 && !s->complete),
		.key = s->http->key,
		.guarded = s->guard.refused && s->sent == 0,
		.replied_before = s->http->replied,
		.by_event = s->http->by_event,
		.sent = s->sent,
		.wish_ms = retry_after(buf_all(&s->wish), buf_all(&s->date),
				       clock_wall_ms()),
		.body = buf_all(&s->body),
		.location = buf_all(&s->location),
	};

	reply_judge(r, &f);
}

static void finish(struct slot *s, CURLcode code)
{
	judge(s, code, &s->job->reply);
	s->http->replied |= s->complete;
	curl_multi_remove_handle(s->http->multi, s->easy);
}

static void collect(struct http *h)
{
	CURLMsg *m;
	int left;

	while ((m = curl_multi_info_read(h->multi, &left)) != NULL) {
		char *at = NULL;
		struct slot *s;

		if (m->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &at);
		s = (void *)at;
		finish(s, m->data.result);
		dest_list_push(&h->done, s->job);
		s->job = NULL;
	}
}

int http_wait(void *d, struct pollfd *fds, unsigned n, int timeout_ms,
	      struct err *e)
{
	struct http *h = d;

	if (sockets_wait(&h->sockets, fds, n, h->done.first ? 0 : timeout_ms,
			 e) < 0)
		return -1;
	collect(h);
	return 0;
}

int http_check(void *d, uint64_t timeout_ms, struct err *e)
{
	struct http *h = d;
	struct slot *s = &h->slot[0];
	struct reply r;
	CURLcode code;

	curl_easy_setopt(s->easy, CURLOPT_CONNECT_ONLY, 1L);
	curl_easy_setopt(s->easy, CURLOPT_TIMEOUT_MS, (long)timeout_ms);
	code = curl_easy_perform(s->easy);
	if (code == CURLE_OK)
		return 0;
	judge(s, code, &r);
	if (r.class == REPLY_FATAL) {
		*e = r.err;
		return -1;
	}
	return err_set(e, ERR_REFUSED, "%s", r.reason);
}

struct dest_job *http_done(void *d)
{
	struct http *h = d;

	return dest_list_pop(&h->done);
}

void http_show(void *d, struct dest_job *job, bool as_curl, struct buf *b)
{
	struct http *h = d;

	show_request(h->show, job, as_curl, b);
}

void http_abort(void *d, struct dest_job *job)
{
	struct http *h = d;
	struct slot *s = &h->slot[job->lane];

	if (s->job != job)
		return;
	finish(s, CURLE_ABORTED_BY_CALLBACK);
	s->job = NULL;
}

void http_close(void *d)
{
	struct http *h = d;

	if (!h)
		return;
	for (unsigned i = 0; i < h->slots; i++) {
		struct slot *s = &h->slot[i];

		if (s->job)
			curl_multi_remove_handle(h->multi, s->easy);
		curl_easy_cleanup(s->easy);
		curl_slist_free_all(s->headers);
		buf_clear(&s->zipped);
		buf_clear(&s->body);
		buf_clear(&s->location);
		buf_clear(&s->wish);
		buf_clear(&s->date);
	}
	show_close(h->show);
	if (h->multi)
		curl_multi_cleanup(h->multi);
	sockets_close(&h->sockets);
	for (struct curl_slist *l = h->headers; l; l = l->next)
		explicit_bzero(l->data, strlen(l->data));
	curl_slist_free_all(h->headers);
	gzip_free(h->pack);
	buf_clear(&h->url);
	buf_clear(&h->lines);
	free(h->slot);
	free(h->key);
	free(h);
	curl_global_cleanup();
}

#else

int http_open(void **d, const struct http_options *o, struct err *e)
{
	(void)d;
	(void)o;
	return err_set(e, ERR_CONFIG, "built without libcurl");
}

void http_start(void *d, struct dest_job *job)
{
	(void)d;
	(void)job;
}

int http_wait(void *d, struct pollfd *fds, unsigned n, int timeout_ms,
	      struct err *e)
{
	(void)d;
	return dest_list_poll(fds, n, timeout_ms, e);
}

int http_check(void *d, uint64_t timeout_ms, struct err *e)
{
	(void)d;
	(void)timeout_ms;
	return err_set(e, ERR_CONFIG, "built without libcurl");
}

struct dest_job *http_done(void *d)
{
	(void)d;
	return NULL;
}

void http_abort(void *d, struct dest_job *job)
{
	(void)d;
	(void)job;
}

void http_show(void *d, struct dest_job *job, bool as_curl, struct buf *b)
{
	(void)d;
	(void)job;
	(void)as_curl;
	(void)b;
}

void http_close(void *d)
{
	(void)d;
}

#endif
