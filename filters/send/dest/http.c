#include "send/dest/http.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/clock.h"
#include "core/mem.h"
#include "core/tool.h"
#include "send/dest/data_plane.h"
#include "send/dest/dest_list.h"
#include "send/dest/gzip.h"
#include "send/dest/head.h"
#include "send/dest/reset.h"
#include "send/dest/show.h"
#include "send/dest/sockets.h"
#include "send/dest/transfer.h"

#ifdef WITH_CURL
#include <curl/curl.h>

struct http {
	void *show; /* used instead if nothing is to be sent */
	CURLM *multi;
	struct sockets sockets;
	struct curl_slist *headers, *packed; /* packed: for gzip bodies */
	bool shared; /* a connection carries several requests at a time */
	bool takes_no_gzip; /* the server has replied 415 to gzip */
	struct transfer *slot;
	unsigned slots;
	struct gzip *pack; /* NULL: no gzip */
	struct dest_list done;
	http_shape_fn *shape;
	void *shape_ctx;
	struct http_request request; /* the current request */
	struct http_peer peer;
};

static void add_header(struct curl_slist **list, const char *line)
{
	struct curl_slist *l = curl_slist_append(*list, line);

	if (l)
		*list = l;
}

static struct curl_slist *header_list(const struct http_options *o, bool gzip)
{
	struct curl_slist *list = NULL;
	struct buf lines = {0};

	head_lines(&lines, o, gzip);
	for (const char *l = NULL; (l = head_next(&lines, l)) != NULL;)
		add_header(&list, l);
	buf_wipe(&lines);
	if (o->secret_header)
		add_header(&list, o->secret_header);
	return list;
}

static void wipe_headers(struct curl_slist *list)
{
	for (struct curl_slist *l = list; l; l = l->next)
		explicit_bzero(l->data, strlen(l->data));
	curl_slist_free_all(list);
}

int http_open(void **d, const struct http_options *o, struct err *e)
{
	struct http *h;

	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return err_set(e, ERR_OS, "cannot start libcurl");
	h = mem_zero(sizeof(*h));
	*d = h;
	if (o->dry)
		return show_open(&h->show, o, e);
	h->peer.key = o->key ? mem_copy(o->key, strlen(o->key)) : NULL;
	h->multi = curl_multi_init();
	h->shape = o->shape;
	h->shape_ctx = o->shape_ctx;
	h->peer.success = o->success;
	h->peer.success_ctx = o->shape_ctx;
	h->peer.by_event = o->by_event;
	h->peer.data_plane = o->data_plane;
	h->slots = o->connections;
	h->shared = o->net.http2;
	h->slot = mem_zero(h->slots * sizeof(*h->slot));
	if (o->gzip)
		h->pack = gzip_new();
	h->headers = header_list(o, false);
	if (h->pack)
		h->packed = header_list(o, true);
	if (!h->multi)
		return err_set(e, ERR_OS, "cannot start libcurl");
	curl_multi_setopt(h->multi, CURLMOPT_MAXCONNECTS, (long)h->slots);
	if (sockets_open(&h->sockets, h->multi, e) < 0)
		return -1;
	for (unsigned i = 0; i < h->slots; i++) {
		struct transfer *s = &h->slot[i];

		s->http = h;
		s->easy = curl_easy_init();
		if (!s->easy)
			return err_set(e, ERR_OS, "cannot start libcurl");
		if (transfer_set_up(s, o, h->headers, e) < 0)
			return -1;
		sockets_watch(&h->sockets, s->easy);
	}
	return 0;
}

/* Whether a header describes the body. */
static bool is_of_body(const char *line)
{
	return strncasecmp(line, "Content-", strlen("Content-")) == 0;
}

/* Sets URL and method only if they change, because libcurl copies them. False
 * if libcurl refuses the URL.
 */
static bool set_address(struct transfer *s, const struct http_request *r)
{
	if (r->url.n > 0 && !slice_eq(buf_all(&r->url), buf_all(&s->url))) {
		s->url.n = 0;
		buf_slice(&s->url, buf_all(&r->url));
		if (!transfer_address(s, buf_cstr(&s->url))) {
			s->url.n = 0;
			return false;
		}
	}
	if (r->method != s->method)
		curl_easy_setopt(s->easy, CURLOPT_CUSTOMREQUEST, r->method);
	s->method = r->method;
	return true;
}

static void add_node(struct transfer *s, size_t *n, char *line)
{
	if (*n == s->n_headers) {
		s->n_headers = 2 * *n + 8;
		s->header = mem_resize(s->header,
				       s->n_headers * sizeof(*s->header));
	}
	s->header[(*n)++].data = line;
}

/* Sets the headers as a list that libcurl does not copy: two allocations per
 * line took a tenth of the time of a small request.
 */
static void set_headers(struct http *h, struct transfer *s,
			const struct http_request *r)
{
	size_t n = 0;

	s->lines.n = 0;
	buf_slice(&s->lines, buf_all(&r->headers));
	for (struct curl_slist *l = h->headers; l; l = l->next) {
		if (!head_is_replaced(r, l->data) &&
		    (!r->bodiless || !is_of_body(l->data)))
			add_node(s, &n, l->data);
	}
	for (size_t at = 0; at < s->lines.n;) {
		char *line = s->lines.p + at;

		add_node(s, &n, line);
		at += strlen(line) + 1;
	}
	for (size_t i = 0; i < n; i++)
		s->header[i].next = i + 1 < n ? &s->header[i + 1] : NULL;
	curl_easy_setopt(s->easy, CURLOPT_HTTPHEADER, n > 0 ? s->header : NULL);
}

/* Sets what is specific to this job. Returns NULL, or why it cannot be sent. */
static const char *shape(struct http *h, struct transfer *s,
			 struct dest_job *job)
{
	struct http_request *r = &h->request;
	const char *why;

	r->url.n = r->headers.n = r->n_given = 0;
	r->method = NULL;
	r->bodiless = false;
	why = h->shape(h->shape_ctx, job, r);
	if (why)
		return why;
	if (!set_address(s, r))
		return "the URL is too long";
	set_headers(h, s, r);
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
	struct transfer *s = &h->slot[job->lane];
	struct slice body = job->body;

	why = h->shape ? shape(h, s, job) : NULL;
	if (why) {
		refuse(h, job, why);
		return;
	}
	s->packed = h->pack && !h->takes_no_gzip && !h->request.bodiless;
	if (s->packed) {
		gzip_pack(h->pack, body, &s->zipped);
		body = buf_all(&s->zipped);
	}
	if (!h->shape)
		curl_easy_setopt(s->easy, CURLOPT_HTTPHEADER,
				 s->packed ? h->packed : h->headers);
	s->job = job;
	s->sent = s->status = 0;
	s->complete_ms = s->seen_bytes = 0;
	s->complete = s->ended = s->flooded = s->guard.refused = false;
	s->header_bytes = s->body_bytes = 0;
	s->body.n = s->location.n = s->wish.n = s->date.n = s->type.n = 0;
	quota_headers_reset(&s->quota);
	s->why[0] = '\0';
	if (h->request.bodiless) {
		curl_easy_setopt(s->easy, CURLOPT_HTTPGET, 1L);
	} else {
		curl_easy_setopt(s->easy, CURLOPT_POSTFIELDSIZE_LARGE,
				 (curl_off_t)body.n);
		curl_easy_setopt(s->easy, CURLOPT_POSTFIELDS, body.p);
	}
	curl_multi_add_handle(h->multi, s->easy);
}

static void finish(struct transfer *s, CURLcode code)
{
	transfer_judge(s, (int)code, &s->http->peer, &s->job->reply);
	s->ended = s->complete && code == CURLE_OK;
	s->http->peer.replied |= s->complete;
	curl_multi_remove_handle(s->http->multi, s->easy);
}

/* After status 415 for a compressed body, sends it again without compression,
 * and all later bodies too.
 */
static bool send_plain(struct http *h, struct transfer *s)
{
	if (!s->packed || !s->complete || s->status != 415)
		return false;
	if (!h->takes_no_gzip)
		tool_info("the destination does not accept gzip (HTTP 415): "
			  "sending uncompressed bodies; use --no-gzip to avoid "
			  "this message");
	h->takes_no_gzip = true;
	curl_multi_remove_handle(h->multi, s->easy);
	http_start(h, s->job);
	return true;
}

static void collect(struct http *h)
{
	CURLMsg *m;
	int left;

	while ((m = curl_multi_info_read(h->multi, &left)) != NULL) {
		char *at = NULL;
		struct transfer *s;

		if (m->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &at);
		s = (void *)at;
		if (send_plain(h, s))
			continue;
		finish(s, m->data.result);
		dest_list_push(&h->done, s->job);
		s->job = NULL;
	}
}

/* Ends requests whose stream was reset. libcurl 7.88 does not notice that an
 * HTTP/2 server resets a stream after the header of its reply, as nginx does if
 * it has not read the body, and would wait until the timeout. The header
 * decides, or a body that is already complete.
 */
static void end_resets(struct http *h)
{
	uint64_t now = h->shared ? clock_mono_ms() : 0;

	for (unsigned i = 0; h->shared && i < h->slots; i++) {
		struct transfer *s = &h->slot[i];

		if (!s->job || !s->complete || !reset_has_reply(s, now))
			continue;
		finish(s, reset_wants_body(s) ? CURLE_OK : CURLE_WRITE_ERROR);
		dest_list_push(&h->done, s->job);
		s->job = NULL;
	}
}

int http_wait(void *d, struct pollfd *fds, unsigned n, int timeout_ms,
	      struct err *e)
{
	struct http *h = d;

	if (sockets_run_timer(&h->sockets, e) < 0)
		return -1;
	collect(h);
	if (sockets_wait(&h->sockets, fds, n, h->done.first ? 0 : timeout_ms,
			 e) < 0)
		return -1;
	collect(h);
	end_resets(h);
	return 0;
}

int http_check(void *d, uint64_t timeout_ms, struct err *e)
{
	struct http *h = d;
	struct transfer *s = &h->slot[0];
	struct reply r;
	CURLcode code;

	curl_easy_setopt(s->easy, CURLOPT_CONNECT_ONLY, 1L);
	curl_easy_setopt(s->easy, CURLOPT_TIMEOUT_MS, (long)timeout_ms);
	code = curl_easy_perform(s->easy);
	if (code == CURLE_OK)
		return 0;
	transfer_judge(s, (int)code, &h->peer, &r);
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

struct slice http_answer(void *d, unsigned lane, bool *whole)
{
	const struct http *h = d;
	const struct transfer *s = &h->slot[lane];

	*whole = s->ended;
	return buf_all(&s->body);
}

void http_show(void *d, struct dest_job *job, bool as_curl, struct buf *b)
{
	struct http *h = d;

	show_request(h->show, job, as_curl, b);
}

void http_abort(void *d, struct dest_job *job)
{
	struct http *h = d;
	struct transfer *s = &h->slot[job->lane];

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
		struct transfer *s = &h->slot[i];

		if (s->job)
			curl_multi_remove_handle(h->multi, s->easy);
		curl_easy_cleanup(s->easy);
		curl_url_cleanup(s->address);
		free(s->header);
		buf_wipe(&s->lines);
		buf_clear(&s->url);
		buf_clear(&s->zipped);
		buf_clear(&s->body);
		buf_clear(&s->location);
		buf_clear(&s->wish);
		buf_clear(&s->date);
		buf_clear(&s->type);
		quota_headers_clear(&s->quota);
	}
	show_close(h->show);
	if (h->multi)
		curl_multi_cleanup(h->multi);
	sockets_close(&h->sockets);
	wipe_headers(h->headers);
	wipe_headers(h->packed);
	gzip_free(h->pack);
	buf_clear(&h->request.url);
	buf_clear(&h->request.headers);
	free(h->slot);
	free(h->peer.key);
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

struct slice http_answer(void *d, unsigned lane, bool *whole)
{
	(void)d;
	(void)lane;
	*whole = false;
	return slice_of(NULL, 0);
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
