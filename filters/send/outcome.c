#include "send/outcome.h"

#include <stdio.h>

#include "core/tool.h"
#include "send/blame.h"
#include "send/stop.h"
#include "send/verdict.h"

enum { NONSENSE_MAX = 3 }; /* replies in a row that are not HTTP */

/* Counts a request that was made, or at least tried. Not counted is a job that
 * had no request at all, because its body or its URL could not be made.
 */
static void count_request(const struct run_known *known,
			  struct run_leaving *leaving, const struct lane *l)
{
	const struct reply *reply = &l->job.reply;

	if (reply->class == REPLY_REFUSED && reply->sent == 0)
		return;
	leaving->requests++;
	leaving->bytes += l->job.body.n;
	latency_add(&leaving->latency, known->now_ms - l->flew_ms);
}

/* ---- the end of the run ------------------------------------------------ */

static int abandon_lane(struct run *r, struct lane *l, struct err *e)
{
	struct reply unsent = {.class = REPLY_LATER};
	struct batch *b = lane_open(l);
	const struct lane_part *p;
	struct reply later;

	if (l->flying) {
		r->asked.ops->abort(r->asked.d, &l->job);
		count_request(&r->known, &r->leaving, l);
		l->flying = false;
		r->lanes.flying--;
		if (l->job.reply.sent > 0)
			lane_doubt(l, l->job.batch, l->job.from);
		lane_next(l)->attempts += l->job.reply.sent > 0;
		if (l->job.reply.class == REPLY_EACH
			    ? verdict_each(r, l, &l->job, &later, e) < 0
			    : verdict_lose(r, l, &l->job.reply, e) < 0)
			return -1;
	}
	if (b)
		lanes_close(&r->lanes, b);
	while ((p = lane_next(l)) != NULL) {
		bool again =
			p->attempts > 0 || p->doubt || r->known.attempt.doubted;

		snprintf(unsent.reason, sizeof(unsent.reason),
			 "the run was stopped before this event was sent%s",
			 again ? " again" : "");
		unsent.untried = p->attempts == 0 && p->failures == 0;
		if (unsent.untried)
			r->leaving.untried += p->to - p->from;
		if (verdict_lose(r, l, &unsent, e) < 0)
			return -1;
	}
	return 0;
}

int outcome_abandon(struct run *r, struct err *e)
{
	for (unsigned i = 0; i < r->lanes.n; i++) {
		if (abandon_lane(r, &r->lanes.lane[i], e) < 0)
			return -1;
	}
	return verdict_release(&r->leaving, false, e);
}

int outcome_end(struct run *r, struct err *e)
{
	blame_end(r);
	return verdict_release(&r->leaving, !r->stop.begun, e);
}

/* ---- one job ----------------------------------------------------------- */

void outcome_start(struct run *r, struct lane *l)
{
	struct run_known *known = &r->known;
	struct run_lanes *lanes = &r->lanes;
	struct lane_part *p = l->flying ? NULL : lane_next(l);
	const struct batch *b = l->first;
	size_t from, to;

	if (!p || r->stop.begun || known->now_ms < l->due_ms ||
	    !rate_allows(&known->rate, lanes->flying, known->now_ms))
		return;
	while (!l->walking && p->guilty && p->to - p->from > 1) {
		lane_halve(l, true);
		p = lane_next(l);
	}
	from = p->from;
	to = p->to;
	if (l->walking) {
		b = lane_at(l, l->walked, &from);
		to = from + 1;
	}
	if (p->started_ms == 0)
		p->started_ms = known->now_ms;
	l->job = (struct dest_job){
		.lane = (unsigned)(l - lanes->lane),
		.batch = b,
		.from = from,
		.to = to,
		.body = batch_range(b, &lanes->frame, from, to, &l->scratch),
	};
	rate_start(&known->rate, to - from);
	l->flew_ms = known->now_ms;
	l->flying = true;
	lanes->flying++;
	r->asked.ops->start(r->asked.d, &l->job);
}

static int nonsense(struct run *r, struct lane *l, const struct reply *reply,
		    struct err *e)
{
	struct err why;

	if (++r->known.nonsense < NONSENSE_MAX || r->stop.begun)
		return blame_failure(r, l, reply, e);
	err_set(&why, ERR_PROTOCOL, "the destination's reply is not HTTP: %s",
		reply->reason);
	stop_by_reply(r, reply, &why);
	return verdict_lose(r, l, reply, e);
}

/* Prints what a dry run would have sent: a curl command as it is, anything else
 * as a control line before the receipts.
 */
static int print_request(const struct run_asked *asked,
			 struct run_leaving *leaving,
			 const struct dest_job *job, struct err *e)
{
	struct writer *to = leaving->shown ? leaving->shown : leaving->out;
	struct buf *b = writer_buf(to);

	if (job->shown.n == 0)
		return 0;
	if (!asked->o->as_curl)
		buf_fmt(b, "{\"_rudder\":{\"type\":\"request\",\"events\":%zu,",
			job->to - job->from);
	buf_slice(b, job->shown);
	if (!asked->o->as_curl)
		buf_str(b, "}}");
	return writer_line(to, e);
}

/* Pauses if the API allows no more requests for now, instead of sending one
 * that gets a 429. Ignores a wait longer than the time for retries.
 */
static void adjust_rate(const struct run_asked *asked, struct run_known *known,
			const struct lane *l, const struct reply *reply)
{
	rate_success(&known->rate, known->now_ms - l->flew_ms, known->now_ms);
	if (reply->wish_ms > 0 && reply->wish_ms <= asked->retry.total_ms)
		rate_pause(&known->rate, reply->wish_ms, known->now_ms);
}

static int handle_acceptance(struct run *r, struct lane *l,
			     const struct reply *reply, struct err *e)
{
	struct run_known *known = &r->known;
	enum receipt_status status = RECEIPT_ACCEPTED;

	if (r->asked.o->dry_run)
		status = RECEIPT_DRY_RUN;
	else if (reply->delivered)
		status = RECEIPT_DELIVERED;
	if (reply->reason[0] && !known->warned)
		tool_warn("accepted: the reply's header was complete, but its "
			  "body was not: %s",
			  reply->reason);
	known->warned |= reply->reason[0] != '\0';
	known->taken_ms = known->now_ms;
	adjust_rate(&r->asked, known, l, reply);
	if (blame_acceptance(r, l, e) < 0)
		return -1;
	return verdict_settle(r, l, status, reply, e);
}

static int handle_each(struct run *r, struct lane *l, struct dest_job *job,
		       struct err *e)
{
	struct reply later;
	bool any = false;

	for (size_t i = 0; i < job->to - job->from; i++)
		any = any || job->item[i].class == REPLY_TAKEN;
	if (any && r->asked.dest->speaks_http) {
		adjust_rate(&r->asked, &r->known, l, &job->reply);
		if (blame_acceptance(r, l, e) < 0)
			return -1;
	}
	if (verdict_each(r, l, job, &later, e) < 0)
		return -1;
	if (any && later.class == REPLY_LATER)
		lane_next(l)->failures = 0;
	return later.class == REPLY_LATER ? blame_failure(r, l, &later, e) : 0;
}

/* Whether the destination may have accepted some of the events although the
 * reply does not say so.
 */
static bool in_doubt(const struct run_asked *asked, struct lane *l,
		     const struct dest_job *job)
{
	bool several = job->to - job->from > 1;
	const struct reply *reply = &job->reply;

	if (reply->doubt || reply->sent > 1)
		return true; /* libcurl sent it several times; the earlier
			      * requests got no reply
			      */
	if (reply->verdict && several && !asked->dest->takes_whole)
		return true;
	return reply->conflict && (l->walking || lane_next(l)->attempts > 0);
}

int outcome_job(struct run *r, struct dest_job *job, struct err *e)
{
	struct lane *l = &r->lanes.lane[job->lane];
	struct lane_part *p = lane_next(l);
	const struct reply *reply = &job->reply;

	l->flying = false;
	r->lanes.flying--;
	count_request(&r->known, &r->leaving, l);
	if (in_doubt(&r->asked, l, job))
		lane_doubt(l, job->batch, job->from);
	if (!l->walking)
		p->attempts += reply->sent > 0 || job->shown.n > 0 ? 1 : 0;
	if (reply->status > 0 || (reply->class == REPLY_TAKEN))
		r->known.nonsense = 0;
	switch (reply->class) {
	case REPLY_TAKEN:
		if (print_request(&r->asked, &r->leaving, job, e) < 0)
			return -1;
		return handle_acceptance(r, l, reply, e);
	case REPLY_EACH:
		if (print_request(&r->asked, &r->leaving, job, e) < 0)
			return -1;
		return handle_each(r, l, job, e);
	case REPLY_REFUSED:
	case REPLY_TOO_LARGE:
	case REPLY_FORBIDDEN:
		return blame_refusal(r, l, reply, e);
	case REPLY_LATER:
	case REPLY_UNKNOWN:
		return blame_failure(r, l, reply, e);
	case REPLY_NONSENSE:
		return nonsense(r, l, reply, e);
	default:
		stop_by_reply(r, reply, &reply->err);
		return verdict_lose(r, l, reply, e);
	}
}
