/* dest_webhook.c - any HTTP address: one event a request, or arrays of them.
 *
 * With one event a request (the default) the URL is a
 * template: {userId} or {traits.plan} behind the host is replaced by the
 * event's value, percent-encoded, so that data can never change scheme, host
 * or port; and the messageId goes along as Idempotency-Key. With
 * --sign-key-file the body's HMAC-SHA256 goes along as X-Signature-256.
 */
#include <stdlib.h>

#include "core/clock.h"
#include "core/mem.h"
#include "send/dest/address.h"
#include "send/dest/body.h"
#include "send/dest/by_action.h"
#include "send/dest/data_plane.h"
#include "send/dest/dest.h"
#include "send/dest/dest_list.h"
#include "send/dest/head.h"
#include "send/dest/header_lines.h"
#include "send/dest/http.h"
#include "send/dest/oauth.h"
#include "send/dest/results.h"
#include "send/dest/show.h"
#include "send/dest/signature.h"
#include "send/dest/url_template.h"

struct webhook {
	void *http;
	bool single; /* one event per request */
	struct by_action method, program;
	struct by_action_statuses success;
	struct buf url[BY_ACTIONS];    /* templates; in a dry run masked */
	bool templated[BY_ACTIONS];    /* url has braces */
	struct buf header[BY_ACTIONS]; /* lines for it alone, NUL between */
	struct body *body[BY_ACTIONS]; /* NULL: as the events are */
	struct oauth *oauth;           /* NULL: none */
	unsigned *token;               /* of a lane's job, its number */
	struct results *results;       /* NULL: an answer is of all events */
	struct signature *signature;   /* NULL: none */
	struct url_template values;    /* of the event in hand */
	struct buf *made;              /* bodies in flight, one a lane */
	unsigned lanes;
	struct slice original; /* of the job being started */
	struct dest_list done; /* those that cannot be sent */
};

static enum by_action_which action_of(const struct dest_job *job)
{
	const struct batch *b = job->batch;

	return by_action_of(batch_text(b, b->item[job->from].action));
}

/* GET and DELETE have a body only where one is asked for. */
static bool is_bodiless(const struct webhook *w, enum by_action_which which)
{
	const char *m = w->method.v[which];

	return m && !w->program.own[which] &&
	       (strcmp(m, "GET") == 0 || strcmp(m, "DELETE") == 0);
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

/* Returns the id, which lives until the next value is looked up, or nothing. */
static struct slice add_key(struct webhook *w, struct buf *headers)
{
	if (!url_template_value(&w->values, slice_str("messageId")) ||
	    !printable(buf_all(&w->values.text)))
		return slice_str("");
	buf_str(headers, "Idempotency-Key: ");
	buf_slice(headers, buf_all(&w->values.text));
	buf_char(headers, '\0');
	return buf_all(&w->values.text);
}

/* Those for the events of one action, and for all. */
static void add_given(const struct webhook *w, enum by_action_which which,
		      struct http_request *r)
{
	const struct buf *lines = &w->header[which];

	buf_slice(&r->headers, buf_all(lines));
	for (const char *l = NULL; (l = head_next(lines, l)) != NULL;)
		r->n_given++;
}

static const char *shape(void *ctx, const struct dest_job *job,
			 struct http_request *r)
{
	struct webhook *w = ctx;
	enum by_action_which which = action_of(job);
	const char *url = buf_cstr(&w->url[which]);
	struct slice id = slice_str("");

	r->method = w->method.v[which];
	r->bodiless = is_bodiless(w, which);
	add_given(w, which, r);
	if (w->oauth) {
		oauth_header(w->oauth, &r->headers);
		r->n_given++;
	}
	if (w->single) {
		url_template_event(&w->values, w->original);
		id = add_key(w, &r->headers);
	}
	if (w->signature)
		signature_headers(w->signature, id,
				  r->bodiless ? slice_str("") : job->body,
				  clock_wall_ms(), &r->headers);
	if (w->templated[which])
		return url_template_fill(&w->values, url, &r->url);
	buf_str(&r->url, url);
	return NULL;
}

static bool is_success(void *ctx, const struct dest_job *job, unsigned status)
{
	const struct webhook *w = ctx;

	/* of a request of several events it would say nothing */
	return !(w->results && job->to - job->from > 1) &&
	       by_action_has_status(&w->success, action_of(job), status);
}

/* ---- opening ----------------------------------------------------------- */

/* Pointers to the lines of --header that are for all, and of --header-file,
 * NULL behind them; how many of the first to *n. Others stay with their action.
 */
static int collect(struct webhook *w, const struct dest_options *o,
		   struct buf *secret, struct buf *list, size_t *n,
		   struct err *e)
{
	const char *end = NULL;

	*n = 0;
	for (size_t i = 0; o->headers && i < o->headers->n; i++) {
		enum by_action_which which;
		const char *line = by_action_text(o->headers->v[i], &which);

		if (header_lines_check(line, e) < 0)
			return -1;
		if (which != BY_OTHERS) {
			buf_add(&w->header[which], line, strlen(line) + 1);
			continue;
		}
		buf_add(list, &line, sizeof(line));
		(*n)++;
	}
	if (o->header_file &&
	    header_lines_secret(o->header_file, secret, list, e) < 0)
		return -1;
	buf_add(list, &end, sizeof(end));
	return 0;
}

static int check_methods(const struct webhook *w, struct err *e)
{
	static const char *const known[] = {"GET", "POST", "PUT", "PATCH",
					    "DELETE"};

	for (size_t k = 0; k < BY_ACTIONS; k++) {
		const char *m = w->method.v[k];
		size_t i = 0;

		while (m && i < COUNT_OF(known) && strcmp(m, known[i]) != 0)
			i++;
		if (i == COUNT_OF(known))
			return err_set(e, ERR_USAGE,
				       "option '--method': '%s' is not GET, "
				       "POST, PUT, PATCH or DELETE, nor is "
				       "there such an action",
				       m);
		if (is_bodiless(w, (enum by_action_which)k) && !w->single)
			return err_set(
				e, ERR_USAGE,
				"option '--method': %s has no body, so "
				"it needs one event per request (--batch "
				"1), or a --body of its action",
				m);
	}
	return 0;
}

/* A URL of one action: a path at the host of all, or a whole one there. */
static int own_url(struct buf *b, const char *all, const char *own,
		   struct err *e)
{
	const char *host = strstr(all, "://");
	size_t n = host ? (size_t)(host - all) + 3 : 0;

	n += strcspn(all + n, "/?#");
	if (*own == '/')
		buf_add(b, all, n);
	else if (strncmp(own, all, n) != 0 || !strchr("/?", own[n]) || !own[n])
		return err_set(e, ERR_USAGE,
			       "option '--url': a path (/...), or a URL at the "
			       "host of the destination");
	buf_str(b, own);
	return 0;
}

static int take_url(struct webhook *w, enum by_action_which which,
		    const char *url, const struct dest_options *o,
		    struct err *e)
{
	struct buf checked = {0};
	int rc;

	w->templated[which] = strchr(url, '{') != NULL;
	if (w->templated[which] && !w->single)
		return err_set(e, ERR_USAGE,
			       "destination: {...} needs one event per "
			       "request: use --batch 1");
	if (o->dry)
		show_mask(&w->url[which], url);
	else
		buf_str(&w->url[which], url);
	rc = url_template_check(url, e);
	if (rc == 0)
		rc = address_url(&checked, url, NULL, o->allow_http, e);
	buf_clear(&checked);
	return rc;
}

static int take_urls(struct webhook *w, const struct dest_options *o,
		     struct err *e)
{
	struct by_action own;

	if (by_action_read(&own, "url", o->urls, false, e) < 0)
		return -1;
	if (own.own[BY_OTHERS])
		return err_set(e, ERR_USAGE,
			       "option '--url': say of which action, as in "
			       "delete=/users/{userId}; -d has that of all");
	for (size_t k = 0; k < BY_ACTIONS; k++) {
		struct buf url = {0};
		int rc = 0;

		if (own.own[k])
			rc = own_url(&url, o->url, own.v[k], e);
		else
			buf_str(&url, o->url);
		if (rc == 0)
			rc = take_url(w, (enum by_action_which)k,
				      buf_cstr(&url), o, e);
		buf_clear(&url);
		if (rc < 0)
			return -1;
	}
	return 0;
}

/* One process for each program. */
static int open_body(struct webhook *w, size_t k, const char *program,
		     bool lines, struct err *e)
{
	return program ? body_open(&w->body[k], "--body", program, lines, e)
		       : 0;
}

static int open_bodies(struct webhook *w, const struct dest_options *o,
		       struct err *e)
{
	const char *all = w->program.v[BY_OTHERS];

	if (o->lines && !all && o->bodies && o->bodies->n > 0)
		all = w->single ? "." : ".[]"; /* as without a program */
	if (open_body(w, BY_OTHERS, all, o->lines, e) < 0)
		return -1;
	for (size_t k = 0; k < BY_OTHERS; k++) {
		if (!w->program.own[k])
			w->body[k] = w->body[BY_OTHERS];
		else if (open_body(w, k, w->program.v[k], o->lines, e) < 0)
			return -1;
	}
	return o->results ? results_open(&w->results, o->results, w->lanes, e)
			  : 0;
}

static bool is_any(const bool of[BY_ACTIONS])
{
	return of[BY_INSERT] || of[BY_UPDATE] || of[BY_DELETE] || of[BY_OTHERS];
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
		.keeps_answers = o->results != NULL,
		.lines = o->lines,
		.header_file = o->header_file,
		.http2 = o->http2,
		.deny_private = o->deny_private,
		.ca_file = o->ca_file,
		.cert_file = o->cert_file,
		.cert_key_file = o->cert_key_file,
		.pinned = o->pinned,
		.timeout_ms = o->timeout_ms,
		.connect_ms = o->connect_ms,
		.shape = shape,
		.success = is_success,
		.shape_ctx = w,
	};
	size_t n_given = 0;
	int rc = -1;

	*d = w;
	url_template_init(&w->values);
	w->single = o->batch == 1;
	w->lanes = o->connections;
	w->made = mem_zero(w->lanes * sizeof(*w->made));
	w->token = mem_zero(w->lanes * sizeof(*w->token));
	if (by_action_read(&w->method, "method", o->methods, true, e) < 0 ||
	    by_action_read(&w->program, "body", o->bodies, false, e) < 0 ||
	    by_action_read_statuses(&w->success, "success-status", o->successes,
				    e) < 0 ||
	    take_urls(w, o, e) < 0 || data_plane_cert(o, e) < 0 ||
	    check_methods(w, e) < 0 || open_bodies(w, o, e) < 0 ||
	    address_url(&url, o->url, NULL, o->allow_http, e) < 0 ||
	    collect(w, o, &secret, &list, &n_given, e) < 0 ||
	    (o->oauth_file && oauth_open(&w->oauth, o, e) < 0) ||
	    (o->sign_key_files && o->sign_key_files->n > 0 &&
	     signature_open(&w->signature, o, e) < 0))
		goto out;
	h.url = buf_cstr(&url);
	h.by_event = is_any(w->templated);
	h.headers = (void *)list.p;
	h.n_in_file = list.n / sizeof(*h.headers) - 1 - n_given;
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
	struct body *body = w->body[action_of(job)];
	struct buf *made = &w->made[job->lane];
	struct reply *r = &job->reply;
	int rc;

	w->original = job->body;
	if (is_bodiless(w, action_of(job))) {
		job->body = slice_str("");
		return true;
	}
	if (!body)
		return true;
	*r = (struct reply){0};
	rc = body_make(body, job->body, made, &r->err);
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

	if (make_body(w, job) &&
	    (!w->oauth ||
	     oauth_ready(w->oauth, &w->token[job->lane], &job->reply)))
		http_start(w->http, job);
	else
		dest_list_push(&w->done, job);
}

static void webhook_show(void *d, struct dest_job *job, bool as_curl,
			 struct buf *b)
{
	struct webhook *w = d;
	struct reply was = job->reply;

	if (!make_body(w, job))
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

/* A token that is refused is replaced once. Nothing was taken by then. */
static void judge_token(struct webhook *w, struct dest_job *job)
{
	unsigned number = w->token[job->lane];

	if (job->reply.class == REPLY_TAKEN)
		oauth_taken(w->oauth, number);
	else if (job->reply.status == 401 && oauth_refused(w->oauth, number)) {
		job->reply.class = REPLY_LATER;
		job->reply.verdict = job->reply.doubt = false;
		job->reply.err = (struct err){0};
	}
}

static struct dest_job *webhook_done(void *d)
{
	struct webhook *w = d;
	struct dest_job *job;
	struct slice answer;
	bool whole;

	if (w->done.first)
		return dest_list_pop(&w->done);
	job = http_done(w->http);
	if (job && w->oauth)
		judge_token(w, job);
	if (!job || !w->results || job->reply.status < 200 ||
	    job->reply.status > 299)
		return job;
	answer = http_answer(w->http, job->lane, &whole);
	results_judge(w->results, job, answer, whole, &w->success);
	return job;
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
	for (size_t k = 0; k < BY_ACTIONS; k++) {
		if (k == BY_OTHERS || w->body[k] != w->body[BY_OTHERS])
			body_close(w->body[k]);
		buf_clear(&w->url[k]);
		buf_wipe(&w->header[k]);
	}
	results_close(w->results);
	oauth_close(w->oauth);
	free(w->token);
	by_action_clear(&w->method);
	by_action_clear(&w->program);
	for (unsigned i = 0; i < w->lanes; i++)
		buf_clear(&w->made[i]);
	free(w->made);
	signature_close(w->signature);
	url_template_clear(&w->values);
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
	.checked =
		"the server replied, with a valid certificate if it is https; "
		"whether it accepts events is checked only when they are sent",
	.open = webhook_open,
	.check = webhook_check,
	.speaks_http = true,
	.by_action = true,
	.show = webhook_show,
	.start = webhook_start,
	.wait = webhook_wait,
	.done = webhook_done,
	.abort = webhook_abort,
	.close = webhook_close,
};
