#include "send/outcome.h"

#include <stdio.h>

#include "core/clock.h"
#include "core/tool.h"
#include "send/intake.h"

enum { NONSENSE_MAX = 3 }; /* replies in a row that are no HTTP */

void outcome_stop(struct run *r, const struct err *why)
{
	if (r->stopping)
		return;
	r->stopping = true;
	r->stop = *why;
	r->eof = true;
	r->deadline_ms = r->now_ms + r->o->grace_ms;
}

/* ---- receipts ---------------------------------------------------------- */

static struct slice event_of(const struct lane *l, size_t i)
{
	return batch_text(l->first, l->first->item[i].event);
}

static bool is_refusal(const struct reply *reply)
{
	return reply->class == REPLY_REFUSED || reply->class == REPLY_TOO_LARGE;
}

/* Receipts for events of the top part. */
static int write_receipts(struct run *r, struct lane *l, size_t from, size_t to,
			  enum receipt_status status, const struct reply *reply,
			  struct err *e)
{
	const struct lane_part *p = lane_next(l);
	bool doubted = r->attempt.doubted &&
		       (status == RECEIPT_REJECTED || status == RECEIPT_FAILED);
	struct writer *out = status == RECEIPT_ACCEPTED && r->confirm.spool
				     ? r->confirm.spool
				     : r->out;
	struct receipt receipt = {
		.status = doubted ? RECEIPT_UNKNOWN : status,
		.code = reply->status,
		.attempts = p->attempts,
		.ms = p->started_ms ? r->now_ms - p->started_ms : 0,
		.refused = status == RECEIPT_UNKNOWN
				   ? is_refusal(reply)
				   : doubted && status == RECEIPT_REJECTED,
		.reason = reply->reason,
	};
	bool lost = status == RECEIPT_REJECTED || status == RECEIPT_FAILED ||
		    status == RECEIPT_UNKNOWN;

	bool keep = out == r->confirm.spool && r->failed_file.out;

	r->tail.n = 0;
	receipt_tail(&r->tail, &receipt);
	for (size_t i = from; i < to; i++) {
		receipt_event(writer_buf(out), l->first, &l->first->item[i],
			      buf_all(&r->tail));
		if (writer_line(out, e) < 0)
			return -1;
		if (keep && confirm_keep(&r->confirm, event_of(l, i), e) < 0)
			return -1;
		if (lost &&
		    failed_file_add(&r->failed_file, event_of(l, i), e) < 0)
			return -1;
	}
	r->outcome[receipt.status] += to - from;
	r->receipts += to - from;
	return 0;
}

/* The top part is dealt with. */
static void drop(struct run *r, struct lane *l, bool taken)
{
	struct batch *done = lane_drop(l, taken);

	if (done)
		intake_recycle(r, done);
}

/* Receipts for the top part, which is dealt with. */
static int settle(struct run *r, struct lane *l, enum receipt_status status,
		  const struct reply *reply, struct err *e)
{
	const struct lane_part *p = lane_next(l);

	if (write_receipts(r, l, p->from, p->to, status, reply, e) < 0)
		return -1;
	drop(r, l, reply->class == REPLY_TAKEN);
	return 0;
}

static enum receipt_status status_of(enum reply_class class)
{
	switch (class) {
	case REPLY_TAKEN:
		return RECEIPT_DELIVERED;
	case REPLY_REFUSED:
		return RECEIPT_REJECTED;
	case REPLY_LATER:
		return RECEIPT_FAILED;
	default:
		return RECEIPT_UNKNOWN;
	}
}

/* The same where each event has its own outcome, which is final. */
static int settle_each(struct run *r, struct lane *l, struct dest_job *job,
		       struct err *e)
{
	const struct dest_item *item = job->item;
	size_t n = job->to - job->from, taken = 0, lost = 0, to;
	struct reply reply = job->reply;
	struct err why;

	for (size_t i = 0; i < n; i = to) {
		for (to = i + 1; to < n && item[to].class == item[i].class &&
				 item[to].why == item[i].why;)
			to++;
		if (item[i].why)
			snprintf(reply.reason, sizeof(reply.reason), "%s",
				 item[i].why);
		else if (item[i].class == REPLY_TAKEN)
			reply.reason[0] = '\0';
		else
			snprintf(reply.reason, sizeof(reply.reason), "%s",
				 job->reply.reason);
		if (write_receipts(r, l, job->from + i, job->from + to,
				   status_of(item[i].class), &reply, e) < 0)
			return -1;
		if (item[i].class == REPLY_TAKEN)
			taken += to - i;
		else if (item[i].class != REPLY_REFUSED)
			lost += to - i;
	}
	drop(r, l, taken == n);
	if (taken > 0)
		r->taken_ms = r->now_ms;
	if (reply.err.kind)
		outcome_stop(r, &reply.err);
	if (lost == 0 || taken > 0)
		return 0;
	err_set(&why, ERR_REFUSED, "gave up: %s", reply.reason);
	outcome_stop(r, &why);
	return 0;
}

/* Failed or, where an attempt may have been taken, unknown: for ever. */
static int lose(struct run *r, struct lane *l, const struct reply *reply,
		struct err *e)
{
	const struct lane_part *p = lane_next(l);
	bool alone = p->to - p->from == 1;

	if (p->doubt)
		return settle(r, l, RECEIPT_UNKNOWN, reply, e);
	return settle(r, l,
		      reply->conflict && alone ? RECEIPT_REJECTED
					       : RECEIPT_FAILED,
		      reply, e);
}

/* A request was made, or at least tried: not one for which there was no body
 * or no address.
 */
static void count_request(struct run *r, const struct lane *l)
{
	const struct reply *reply = &l->job.reply;

	if (reply->class == REPLY_REFUSED && reply->sent == 0)
		return;
	r->requests++;
	r->bytes += l->job.body.n;
	latency_add(&r->latency, r->now_ms - l->flew_ms);
}

/* ---- the end of the run ------------------------------------------------ */

static int abandon_lane(struct run *r, struct lane *l, struct err *e)
{
	const struct reply unsent = {.class = REPLY_LATER,
				     .reason = "the run was stopped before "
					       "this was sent"};
	struct batch *b = lane_open(l);

	if (l->flying) {
		r->ops->abort(r->d, &l->job);
		count_request(r, l);
		l->flying = false;
		r->flying--;
		lane_next(l)->doubt |= l->job.reply.sent > 0;
		lane_next(l)->attempts += l->job.reply.sent > 0;
		if (l->job.reply.class == REPLY_EACH
			    ? settle_each(r, l, &l->job, e) < 0
			    : lose(r, l, &l->job.reply, e) < 0)
			return -1;
	}
	if (b) {
		batch_close(b, &r->frame);
		r->held += strlen(r->frame.suffix);
	}
	while (lane_next(l)) {
		if (lose(r, l, &unsent, e) < 0)
			return -1;
	}
	return 0;
}

int outcome_abandon(struct run *r, struct err *e)
{
	for (unsigned i = 0; i < r->lanes; i++) {
		if (abandon_lane(r, &r->lane[i], e) < 0)
			return -1;
	}
	return 0;
}

/* ---- one job ----------------------------------------------------------- */

void outcome_start(struct run *r, struct lane *l)
{
	struct lane_part *p = l->flying ? NULL : lane_next(l);

	if (!p || r->stopping || r->now_ms < l->due_ms ||
	    !rate_allows(&r->rate, r->flying, r->now_ms))
		return;
	while (p->guilty && p->to - p->from > 1) {
		lane_halve(l, true);
		p = lane_next(l);
	}
	if (p->started_ms == 0)
		p->started_ms = r->now_ms;
	l->job = (struct dest_job){
		.lane = (unsigned)(l - r->lane),
		.batch = l->first,
		.from = p->from,
		.to = p->to,
		.body = batch_range(l->first, &r->frame, p->from, p->to,
				    &l->scratch),
	};
	rate_start(&r->rate, p->to - p->from);
	l->flew_ms = r->now_ms;
	l->flying = true;
	r->flying++;
	r->ops->start(r->d, &l->job);
}

static int give_up(struct run *r, struct lane *l, const struct reply *reply,
		   struct err *e)
{
	const struct lane_part *p = lane_next(l);
	bool alone = r->taken_ms >= p->failing_ms && r->taken_ms > 0;
	unsigned attempts = p->failures; /* also those that got nowhere */
	struct err why;

	if (lose(r, l, reply, e) < 0)
		return -1;
	if (alone) /* others come through: only these events are lost */
		return 0;
	err_set(&why, reply->status == 429 ? ERR_TEMP : ERR_REFUSED,
		"gave up after %u %s: %s", attempts,
		attempts == 1 ? "attempt" : "attempts", reply->reason);
	outcome_stop(r, &why);
	return 0;
}

static int again(struct run *r, struct lane *l, const struct reply *reply,
		 struct err *e)
{
	struct lane_part *p = lane_next(l);
	uint64_t chance, wait_ms;
	bool pressed = reply->status == 429 || reply->status == 503 ||
		       (reply->sent > 0 && reply->class == REPLY_UNKNOWN &&
			reply->status < 500);

	if (p->failures++ == 0)
		p->failing_ms = r->now_ms;
	clock_random(&chance, sizeof(chance));
	wait_ms = retry_delay(&r->retry, p->failures,
			      reply->status == 429 || reply->conflict,
			      reply->wish_ms, chance);
	snprintf(r->trouble, sizeof(r->trouble), "%.120s", reply->reason);
	rate_failure(&r->rate, pressed, reply->wish_ms, wait_ms, r->now_ms);
	if (r->stopping)
		return lose(r, l, reply, e);
	if (r->now_ms + wait_ms > p->failing_ms + r->retry.total_ms)
		return give_up(r, l, reply, e);
	tool_debug("attempt %u of %zu events: %s; again in %ju ms", p->attempts,
		   p->to - p->from, reply->reason, (uintmax_t)wait_ms);
	l->due_ms = r->now_ms + wait_ms;
	r->retries++;
	return 0;
}

static int refused(struct run *r, struct lane *l, const struct reply *reply,
		   struct err *e)
{
	struct lane_part *p = lane_next(l);

	if (p->to - p->from == 1) /* refused, or there since an earlier try */
		return settle(r, l,
			      p->doubt ? RECEIPT_UNKNOWN : RECEIPT_REJECTED,
			      reply, e);
	if (r->stopping)
		return lose(r, l, reply, e);
	lane_halve(l, reply->class == REPLY_REFUSED);
	return 0;
}

static int nonsense(struct run *r, struct lane *l, const struct reply *reply,
		    struct err *e)
{
	struct err why;

	if (++r->nonsense < NONSENSE_MAX || r->stopping)
		return again(r, l, reply, e);
	err_set(&why, ERR_PROTOCOL, "the destination does not speak HTTP: %s",
		reply->reason);
	outcome_stop(r, &why);
	return lose(r, l, reply, e);
}

/* What a dry run would have sent: a command as it is, all else a control line
 * before the receipts.
 */
static int show(struct run *r, const struct dest_job *job, struct err *e)
{
	struct writer *to = r->shown ? r->shown : r->out;
	struct buf *b = writer_buf(to);

	if (job->shown.n == 0)
		return 0;
	if (!r->o->as_curl)
		buf_fmt(b, "{\"_rudder\":{\"type\":\"request\",\"events\":%zu,",
			job->to - job->from);
	buf_slice(b, job->shown);
	if (!r->o->as_curl)
		buf_str(b, "}}");
	return writer_line(to, e);
}

static int taken(struct run *r, struct lane *l, const struct reply *reply,
		 struct err *e)
{
	enum receipt_status status = RECEIPT_ACCEPTED;

	if (r->o->dry_run)
		status = RECEIPT_DRY_RUN;
	else if (reply->delivered)
		status = RECEIPT_DELIVERED;
	if (reply->reason[0] && !r->warned)
		tool_warn("accepted by a whole header, though the reply broke "
			  "off: %s",
			  reply->reason);
	r->warned |= reply->reason[0] != '\0';
	r->taken_ms = r->now_ms;
	rate_success(&r->rate, r->now_ms - l->flew_ms, r->now_ms);
	return settle(r, l, status, reply, e);
}

/* Whether the events may be there though nobody said so. */
static bool in_doubt(const struct run *r, const struct lane_part *p,
		     const struct reply *reply)
{
	bool several = p->to - p->from > 1;

	if (reply->doubt || reply->sent > 1)
		return true; /* the earlier ones had no answer */
	if (reply->verdict && several && !r->dest->takes_whole)
		return true;
	return reply->conflict && p->attempts > 0;
}

int outcome_job(struct run *r, struct dest_job *job, struct err *e)
{
	struct lane *l = &r->lane[job->lane];
	struct lane_part *p = lane_next(l);
	const struct reply *reply = &job->reply;

	l->flying = false;
	r->flying--;
	count_request(r, l);
	p->doubt |= in_doubt(r, p, reply);
	p->attempts += reply->sent > 0 || job->shown.n > 0 ? 1 : 0;
	if (reply->status > 0 || (reply->class == REPLY_TAKEN))
		r->nonsense = 0;
	switch (reply->class) {
	case REPLY_TAKEN:
		if (show(r, job, e) < 0)
			return -1;
		return taken(r, l, reply, e);
	case REPLY_EACH:
		return settle_each(r, l, job, e);
	case REPLY_REFUSED:
	case REPLY_TOO_LARGE:
		return refused(r, l, reply, e);
	case REPLY_LATER:
	case REPLY_UNKNOWN:
		return again(r, l, reply, e);
	case REPLY_NONSENSE:
		return nonsense(r, l, reply, e);
	default:
		outcome_stop(r, &reply->err);
		return lose(r, l, reply, e);
	}
}
