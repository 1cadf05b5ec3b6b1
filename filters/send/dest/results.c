#include "send/dest/results.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/mem.h"
#include "core/num.h"
#include "send/dest/body.h"
#include "wire/json/json.h"
#include "wire/json/span.h"

/* The outcomes of one request. */
struct results_lane {
	struct dest_item *item;
	bool *said;      /* whether the program gave a result for this event */
	size_t size;     /* number of elements of item and said */
	struct buf text; /* reasons, each ended by a NUL */
};

struct results {
	struct body *program;
	struct results_lane *lane;
	unsigned lanes;
	struct buf in, out, word;
};

int results_open(struct results **x, const char *program, unsigned lanes,
		 struct err *e)
{
	*x = mem_zero(sizeof(**x));
	(*x)->lanes = lanes;
	(*x)->lane = mem_zero(lanes * sizeof(*(*x)->lane));
	return body_open(&(*x)->program, "--results", program, false, e);
}

void results_close(struct results *x)
{
	if (!x)
		return;
	for (unsigned i = 0; i < x->lanes; i++) {
		free(x->lane[i].item);
		free(x->lane[i].said);
		buf_clear(&x->lane[i].text);
	}
	body_close(x->program);
	free(x->lane);
	buf_clear(&x->in);
	buf_clear(&x->out);
	buf_clear(&x->word);
	free(x);
}

/* ---- input of the program --------------------------------------------- */

static void add_member(struct buf *b, const char *name, const struct batch *of,
		       struct batch_text value)
{
	if (value.n == 0)
		return;
	if (b->p[b->n - 1] != '{')
		buf_char(b, ',');
	buf_fmt(b, "\"%s\":", name);
	buf_slice(b, batch_text(of, value));
}

static void put_input(struct buf *b, const struct dest_job *job,
		      struct slice answer)
{
	const char *end = answer.p + answer.n;
	const char *p = answer.n > 0 ? span_blank(answer.p, end) : end;

	b->n = 0;
	buf_fmt(b, "{\"status\":%u,\"answer\":", job->reply.status);
	if (p < end && (*p == '{' || *p == '['))
		buf_slice(b, answer);
	else
		json_lossy(b, answer, SIZE_MAX);
	buf_str(b, ",\"events\":[");
	for (size_t i = job->from; i < job->to; i++) {
		const struct batch_item *x = &job->batch->item[i];

		buf_str(b, i == job->from ? "{" : ",{");
		add_member(b, "recordId", job->batch, x->record);
		add_member(b, "messageId", job->batch, x->message);
		add_member(b, "action", job->batch, x->action);
		buf_char(b, '}');
	}
	buf_str(b, "]}");
}

/* ---- output of the program -------------------------------------------- */

struct result {
	/* JSON; empty: missing */
	struct slice status, reason, index, id, record, message;
};

static struct result read_result(struct slice v)
{
	struct result r = {.status = v};
	struct slice key, value;
	struct span s;

	if (v.n == 0 || *v.p != '{')
		return r;
	r.status = slice_of(NULL, 0);
	for (s = span_open(v); span_member(&s, &key, &value);) {
		if (slice_is(key, "status"))
			r.status = value;
		else if (slice_is(key, "reason"))
			r.reason = value;
		else if (slice_is(key, "index"))
			r.index = value;
		else if (slice_is(key, "id"))
			r.id = value;
		else if (slice_is(key, "recordId"))
			r.record = value;
		else if (slice_is(key, "messageId"))
			r.message = value;
	}
	return r;
}

/* Sets *class. False if the word or number is not a status. */
static bool class_of_status(struct slice v, const struct by_action_statuses *ok,
			    enum by_action_which which, enum reply_class *class)
{
	static const struct {
		const char *word;
		enum reply_class class;
	} words[] = {
		{"\"accepted\"", REPLY_TAKEN},
		{"\"rejected\"", REPLY_REFUSED},
		{"\"retry\"", REPLY_LATER},
		{"\"unknown\"", REPLY_UNKNOWN},
	};
	uint64_t n;

	for (size_t i = 0; i < COUNT_OF(words); i++) {
		if (slice_is(v, words[i].word)) {
			*class = words[i].class;
			return true;
		}
	}
	if (num_uint(v, &n) < 0 || n < 200 || n > 599)
		return false;
	if (n < 300 || by_action_has_status(ok, which, (unsigned)n))
		*class = REPLY_TAKEN;
	else if (n == 409 || n == 423 || n == 425 || n == 429)
		*class = REPLY_LATER;
	else if (n < 400 || n == 408 || n >= 500)
		*class = REPLY_UNKNOWN;
	else
		*class = REPLY_REFUSED;
	return true;
}

/* Whether an id that the program gave is that of an event; the number 7 equals
 * "7".
 */
static bool is_id(struct slice id, struct slice own)
{
	if (id.n > 1 && *id.p == '"')
		id = json_inner(id);
	if (own.n > 1 && *own.p == '"')
		own = json_inner(own);
	return id.n > 0 && slice_eq(id, own);
}

/* Whether the result says which event it is about. */
static bool is_named(const struct result *r)
{
	return r->index.n > 0 || r->id.n > 0 || r->record.n > 0 ||
	       r->message.n > 0;
}

/* Whether the id, recordId and messageId of the result, where it has them, are
 * those of the event.
 */
static bool is_about(const struct result *r, const struct batch *b,
		     const struct batch_item *x)
{
	struct slice record = batch_text(b, x->record);
	struct slice message = batch_text(b, x->message);

	return (r->id.n == 0 || is_id(r->id, record) ||
		is_id(r->id, message)) &&
	       (r->record.n == 0 || is_id(r->record, record)) &&
	       (r->message.n == 0 || is_id(r->message, message));
}

/* Position in the job of the event that the result is about; the number of
 * events if there is no such event. An index goes before the ids.
 */
static size_t place_of(const struct result *r, const struct dest_job *job)
{
	const struct batch_item *item = &job->batch->item[job->from];
	size_t n = job->to - job->from, i = 0;
	uint64_t index;

	if (r->index.n > 0)
		return num_uint(r->index, &index) == 0 && index < n
			       ? (size_t)index
			       : n;
	while (i < n && !is_about(r, job->batch, &item[i]))
		i++;
	return i;
}

/* Appends the reason to l->text. Returns its offset + 1, or 0 without a reason.
 */
static size_t keep_reason(struct results *x, struct results_lane *l,
			  const struct result *r)
{
	struct reply clean = {0};
	size_t at = l->text.n;

	if (r->reason.n == 0 && !(r->status.n > 0 && *r->status.p != '"'))
		return 0;
	x->word.n = 0;
	if (r->status.n > 0 && *r->status.p != '"')
		buf_fmt(&x->word, "status %.*s%s", SLICE_FMT(r->status),
			r->reason.n > 0 ? ": " : "");
	if (r->reason.n > 1 && *r->reason.p == '"')
		json_decode(&x->word, json_inner(r->reason));
	else
		buf_slice(&x->word, r->reason);
	reply_words(&clean, buf_all(&x->word));
	buf_add(&l->text, clean.reason, strlen(clean.reason) + 1);
	return at + 1;
}

/* Takes element nth of the array. Returns NULL, or what is wrong with it. */
static const char *take(struct results *x, struct results_lane *l,
			const struct dest_job *job, struct slice v, size_t nth,
			bool *placed, const struct by_action_statuses *ok)
{
	struct result r = read_result(v);
	bool named = is_named(&r);
	size_t at = named ? place_of(&r, job) : nth;
	enum by_action_which which;

	if (nth > 0 && named != *placed)
		return "some of its results have an index or id, and others "
		       "not";
	*placed = named;
	if (at >= job->to - job->from)
		return "a result is of no event of the request";
	if (l->said[at])
		return "two results are of one event";
	which = by_action_of(batch_text(
		job->batch, job->batch->item[job->from + at].action));
	if (!class_of_status(r.status, ok, which, &l->item[at].class))
		return "a result's status is not accepted, rejected, retry, "
		       "unknown or one of HTTP";
	l->said[at] = true;
	if (l->item[at].class != REPLY_TAKEN) {
		size_t reason = keep_reason(x, l, &r);

		/* an offset for now, because the text may still move */
		l->item[at].why = (const char *)reason;
	}
	return NULL;
}

static const char *take_all(struct results *x, struct results_lane *l,
			    const struct dest_job *job,
			    const struct by_action_statuses *ok)
{
	size_t n = job->to - job->from, count = 0;
	bool placed = false;
	struct slice v;
	struct span s;

	if (x->out.n == 0 || *x->out.p != '[')
		return "it gives no array";
	for (s = span_open(buf_all(&x->out)); span_element(&s, &v); count++) {
		const char *why = take(x, l, job, v, count, &placed, ok);

		if (why)
			return why;
	}
	if (count < n && !placed && count > 0)
		return "it gives fewer results than events";
	if (count == 0 && !slice_is(buf_all(&x->out), "[]"))
		return "it gives no array";
	for (size_t i = 0; i < n; i++) {
		if (l->item[i].why)
			l->item[i].why = l->text.p + (size_t)l->item[i].why - 1;
	}
	return NULL;
}

/* ---- the verdict -------------------------------------------------------- */

static void room(struct results_lane *l, size_t n)
{
	if (n > l->size) {
		l->item = mem_resize(l->item, n * sizeof(*l->item));
		l->said = mem_resize(l->said, n * sizeof(*l->said));
		l->size = n;
	}
	for (size_t i = 0; i < n; i++) {
		l->item[i] = (struct dest_item){.class = REPLY_TAKEN};
		l->said[i] = false;
	}
	l->text.n = 0;
}

static void unknown(struct reply *r, const char *what, const char *why)
{
	r->class = REPLY_UNKNOWN;
	r->doubt = r->final = true;
	snprintf(r->reason, sizeof(r->reason), "HTTP %u, and %s%s", r->status,
		 what, why);
}

/* If all events have the same outcome, makes it the outcome of the request, so
 * that a failed request is repeated. Not for several refused events, which keep
 * their reasons.
 */
static bool is_whole(const struct results_lane *l, size_t n,
		     struct reply *reply)
{
	enum reply_class class = l->item[0].class;

	for (size_t i = 0; i < n; i++) {
		if (l->item[i].class != class)
			return false;
	}
	if (class == REPLY_REFUSED && n > 1)
		return false;
	reply->class = class;
	reply->doubt = class == REPLY_UNKNOWN;
	reply->again = class == REPLY_LATER;
	reply->reason[0] = '\0';
	if (class == REPLY_TAKEN)
		return true;
	snprintf(reply->reason, sizeof(reply->reason), "HTTP %u: %s",
		 reply->status,
		 l->item[0].why ? l->item[0].why : "none is accepted");
	return true;
}

void results_judge(struct results *x, struct dest_job *job, struct slice answer,
		   bool whole, const struct by_action_statuses *ok)
{
	struct results_lane *l = &x->lane[job->lane];
	struct reply *reply = &job->reply;
	size_t n = job->to - job->from;
	const char *why;
	int rc;

	reply->doubt = reply->final = reply->verdict = false;
	if (!whole) {
		unknown(reply,
			"the answer did not come to its end, or is too "
			"long",
			"");
		return;
	}
	put_input(&x->in, job, answer);
	rc = body_make(x->program, buf_all(&x->in), &x->out, &reply->err);
	if (rc < 0) {
		reply->class = REPLY_FATAL;
		reply->doubt = true;
		return;
	}
	if (rc == 0) {
		unknown(reply, "", buf_cstr(&x->out));
		return;
	}
	room(l, n);
	why = take_all(x, l, job, ok);
	if (why) {
		unknown(reply, "the program of --results: ", why);
		return;
	}
	if (is_whole(l, n, reply))
		return;
	reply->class = REPLY_EACH;
	reply->again = true;
	reply->reason[0] = '\0';
	job->item = l->item;
}
