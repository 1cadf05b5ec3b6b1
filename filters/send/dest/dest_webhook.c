/* dest_webhook.c - any HTTP address: one event per request, or arrays of
 * events.
 *
 * With one event per request (the default) the URL is a template: {userId} or
 * {traits.plan} after the host is replaced by the event's value,
 * percent-encoded, so that data can never change scheme, host or port. The
 * messageId is sent as Idempotency-Key. With --sign-key-file the body's
 * HMAC-SHA256 is sent as X-Signature-256.
 */
#include <stdlib.h>

#include "core/clock.h"
#include "core/mem.h"
#include "send/dest/address.h"
#include "send/dest/body.h"
#include "send/dest/data_plane.h"
#include "send/dest/dest_list.h"
#include "send/dest/head.h"
#include "send/dest/http.h"
#include "send/dest/oauth.h"
#include "send/dest/results.h"
#include "send/dest/url_template.h"
#include "send/dest/webhook_form.h"

enum { TOKEN_MS = 5 };

struct webhook {
	void *http;
	struct webhook_form form;
	struct body *body[BY_ACTIONS]; /* NULL: the events unchanged */
	struct oauth *oauth;           /* NULL: none */
	unsigned *token;         /* number of the token of each lane's job */
	struct results *results; /* NULL: a reply is for all events */
	struct signature *signature; /* NULL: none */
	struct url_template values;  /* of the current event */
	struct buf *made;            /* bodies in flight, one per lane */
	unsigned lanes;
	struct slice original; /* body before the program, of the job being
				* started */
	struct dest_list done; /* jobs that cannot be sent */
	struct dest_list held; /* jobs that wait for a token */
};

static enum by_action_which action_of(const struct dest_job *job)
{
	const struct batch *b = job->batch;

	return by_action_of(batch_text(b, b->item[job->from].action));
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

/* Adds the header with the messageId, and returns the id, which is valid until
 * the next value is looked up; empty if it cannot be in a header.
 */
static struct slice add_key(struct webhook *w, const struct dest_job *job,
			    struct buf *headers)
{
	const struct batch *b = job->batch;
	struct slice id = batch_text(b, b->item[job->from].message);

	if (!url_template_text(&w->values, id) ||
	    !printable(buf_all(&w->values.text)))
		return slice_str("");
	buf_str(headers, "Idempotency-Key: ");
	buf_slice(headers, buf_all(&w->values.text));
	buf_char(headers, '\0');
	return buf_all(&w->values.text);
}

/* Adds the headers for the events of one action, and those for all. */
static void add_given(const struct webhook *w, enum by_action_which which,
		      struct http_request *r)
{
	const struct buf *lines = &w->form.header[which];

	buf_slice(&r->headers, buf_all(lines));
	for (const char *l = NULL; (l = head_next(lines, l)) != NULL;)
		r->n_given++;
}

static const char *shape(void *ctx, const struct dest_job *job,
			 struct http_request *r)
{
	struct webhook *w = ctx;
	enum by_action_which which = action_of(job);
	const char *url = buf_cstr(&w->form.url[which]);
	struct slice id = slice_str("");

	r->method = w->form.method.v[which];
	r->bodiless = webhook_form_is_bodiless(&w->form, which);
	add_given(w, which, r);
	if (w->oauth) {
		oauth_header(w->oauth, &r->headers);
		r->n_given++;
	}
	if (w->form.single)
		id = add_key(w, job, &r->headers);
	if (w->signature)
		signature_headers(w->signature, id,
				  r->bodiless ? slice_str("") : job->body,
				  clock_wall_ms(), &r->headers);
	if (w->form.templated[which]) {
		url_template_event(&w->values, w->original);
		return url_template_fill(&w->values, url, &r->url);
	}
	buf_str(&r->url, url);
	return NULL;
}

static bool is_success(void *ctx, const struct dest_job *job, unsigned status)
{
	const struct webhook *w = ctx;

	/* for several events the status of the request says nothing */
	return !(w->results && job->to - job->from > 1) &&
	       by_action_has_status(&w->form.success, action_of(job), status);
}

/* ---- opening ----------------------------------------------------------- */

/* Starts the process of a program; NULL: no program. */
static int open_body(struct webhook *w, size_t k, const char *program,
		     bool lines, struct err *e)
{
	return program ? body_open(&w->body[k], "--body", program, lines, e)
		       : 0;
}

static int open_bodies(struct webhook *w, const struct webhook_settings *s,
		       struct err *e)
{
	const struct by_action *program = &w->form.program;
	bool lines = webhook_form_is_lines(s);
	const char *all = program->v[BY_OTHERS];

	if (lines && !all && s->bodies.n > 0)
		all = w->form.single ? "." : ".[]"; /* the default program */
	if (open_body(w, BY_OTHERS, all, lines, e) < 0)
		return -1;
	for (size_t k = 0; k < BY_OTHERS; k++) {
		if (!program->own[k])
			w->body[k] = w->body[BY_OTHERS];
		else if (open_body(w, k, program->v[k], lines, e) < 0)
			return -1;
	}
	return s->results ? results_open(&w->results, s->results, w->lanes, e)
			  : 0;
}

static struct http_options http_of(struct webhook *w,
				   const struct dest_options *o)
{
	const struct webhook_settings *s = webhook_form_of(o);

	return (struct http_options){
		.dry = o->dry != NULL,
		.key = s->header_file ? "the headers in the file of "
					"--header-file"
				      : "whether a secret header is needed "
					"(--header-file)",
		.connections = o->connections,
		.keeps_answers = s->results != NULL,
		.lines = webhook_form_is_lines(s),
		.header_file = s->header_file,
		.net = *network_http_of(o),
		.timeout_ms = o->timeout_ms,
		.connect_ms = network_of(o)->connect_ms,
		.shape = shape,
		.success = is_success,
		.shape_ctx = w,
	};
}

static int webhook_open(void **d, const struct dest_options *o, struct err *e)
{
	const struct webhook_settings *s = webhook_form_of(o);
	struct webhook *w = mem_zero(sizeof(*w));
	struct buf url = {0}, secret = {0}, list = {0};
	struct http_options h = http_of(w, o);
	size_t n_given = 0;
	int rc = -1;

	*d = w;
	url_template_init(&w->values);
	w->lanes = o->connections;
	w->made = mem_zero(w->lanes * sizeof(*w->made));
	w->token = mem_zero(w->lanes * sizeof(*w->token));
	if (webhook_form_open(&w->form, o, e) < 0 ||
	    data_plane_cert(&h.net, e) < 0 || open_bodies(w, s, e) < 0 ||
	    address_url(&url, o->url, NULL, h.net.allow_http, e) < 0 ||
	    webhook_form_headers(&w->form, s, &secret, &list, &n_given, e) <
		    0 ||
	    (s->oauth_file && oauth_open(&w->oauth, s->oauth_file, o, e) < 0) ||
	    (s->sign.key_files.n > 0 &&
	     signature_open(&w->signature, &s->sign, e) < 0))
		goto out;
	h.url = buf_cstr(&url);
	h.by_event = webhook_form_has_template(&w->form);
	h.headers = (void *)list.p;
	h.n_in_file = list.n / sizeof(*h.headers) - 1 - n_given;
	rc = http_open(&w->http, &h, e);
out:
	buf_clear(&url);
	buf_clear(&list);
	buf_wipe(&secret);
	return rc;
}

/* Replaces the events by the body that the program makes. False if it makes
 * none.
 */
static bool make_body(struct webhook *w, struct dest_job *job)
{
	struct body *body = w->body[action_of(job)];
	struct buf *made = &w->made[job->lane];
	struct reply *r = &job->reply;
	int rc;

	w->original = job->body;
	if (webhook_form_is_bodiless(&w->form, action_of(job))) {
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

/* Starts the jobs that wait for a token, if it is available. Requests in flight
 * continue in the meantime.
 */
static void start_held(struct webhook *w)
{
	struct reply why = {0};
	enum oauth_state state;
	struct dest_job *job;
	unsigned number;

	if (!w->held.first)
		return;
	state = oauth_ready(w->oauth, &number, &why);
	while (state != OAUTH_WAITS && (job = dest_list_pop(&w->held))) {
		w->token[job->lane] = number;
		if (state == OAUTH_READY) {
			http_start(w->http, job);
		} else {
			job->reply = why;
			dest_list_push(&w->done, job);
		}
	}
}

static void webhook_start(void *d, struct dest_job *job)
{
	struct webhook *w = d;

	if (!make_body(w, job)) {
		dest_list_push(&w->done, job);
	} else if (!w->oauth) {
		http_start(w->http, job);
	} else {
		dest_list_push(&w->held, job);
		start_held(w);
	}
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

	/* http_wait does not watch the token server's socket: wake up often */
	if (w->held.first && (timeout_ms < 0 || timeout_ms > TOKEN_MS))
		timeout_ms = TOKEN_MS;
	if (http_wait(w->http, fds, n, w->done.first ? 0 : timeout_ms, e) < 0)
		return -1;
	start_held(w);
	return 0;
}

static int webhook_check(void *d, uint64_t timeout_ms, struct err *e)
{
	struct webhook *w = d;

	return http_check(w->http, timeout_ms, e);
}

/* Replaces a refused token once; the job is tried again, because nothing was
 * taken.
 */
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
	results_judge(w->results, job, answer, whole, &w->form.success);
	return job;
}

/* Removes the job from those that wait for a token. Returns whether it was one
 * of them.
 */
static bool forget_held(struct webhook *w, const struct dest_job *job)
{
	struct dest_list others = {0};
	struct dest_job *one;
	bool found = false;

	while ((one = dest_list_pop(&w->held)) != NULL) {
		if (one == job)
			found = true;
		else
			dest_list_push(&others, one);
	}
	w->held = others;
	return found;
}

static void webhook_abort(void *d, struct dest_job *job)
{
	struct webhook *w = d;

	if (forget_held(w, job))
		job->reply = (struct reply){
			.class = REPLY_LATER,
			.reason = "the run was stopped before there was a "
				  "token"};
	else
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
	}
	webhook_form_clear(&w->form);
	results_close(w->results);
	oauth_close(w->oauth);
	free(w->token);
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
	.groups = {&network_group, &network_http_group, &webhook_form_group},
	.adapt = webhook_form_adapt,
	.reach = network_http_reach,
	.open = webhook_open,
	.check = webhook_check,
	.speaks_http = true,
	.show = webhook_show,
	.start = webhook_start,
	.wait = webhook_wait,
	.done = webhook_done,
	.abort = webhook_abort,
	.close = webhook_close,
};
