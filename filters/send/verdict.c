#include "send/verdict.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/mem.h"
#include "send/stop.h"

static struct slice event_of(const struct lane *l, size_t i)
{
	return batch_text(l->first, l->first->item[i].event);
}

static bool is_refusal(const struct reply *reply)
{
	return reply->class == REPLY_REFUSED || reply->class == REPLY_TOO_LARGE;
}

static struct receipt receipt_of(const struct run_known *known,
				 const struct lane_part *p,
				 const struct reply *reply)
{
	return (struct receipt){
		.code = reply->status,
		.attempts = p->attempts,
		.ms = p->started_ms ? known->now_ms - p->started_ms : 0,
		.reason = reply->reason,
	};
}

/* Writes receipts for the events [from, to) of the batch, all in the top part.
 */
static int write_receipts(const struct run_known *known,
			  struct run_leaving *leaving, struct lane *l,
			  size_t from, size_t to, enum receipt_status status,
			  const struct reply *reply, struct err *e)
{
	const struct lane_part *p = lane_next(l);
	bool doubted = known->attempt.doubted &&
		       (status == RECEIPT_REJECTED || status == RECEIPT_FAILED);
	struct writer *out =
		status == RECEIPT_ACCEPTED && leaving->confirm.spool
			? leaving->confirm.spool
			: leaving->out;
	struct receipt receipt = receipt_of(known, p, reply);
	bool lost = status == RECEIPT_REJECTED || status == RECEIPT_FAILED ||
		    status == RECEIPT_UNKNOWN;
	bool keep = out == leaving->confirm.spool && leaving->failed_file.out;

	receipt.status = doubted ? RECEIPT_UNKNOWN : status;
	receipt.untried = receipt.status == RECEIPT_FAILED && reply->untried;
	receipt.refused = status == RECEIPT_UNKNOWN
				  ? is_refusal(reply)
				  : doubted && status == RECEIPT_REJECTED;
	leaving->tail.n = 0;
	receipt_tail(&leaving->tail, &receipt);
	if (lost)
		reasons_add_foreign(&leaving->reasons, reply->reason, to - from,
				    0);
	for (size_t i = from; i < to; i++) {
		receipt_event(writer_buf(out), l->first, &l->first->item[i],
			      buf_all(&leaving->tail));
		if (writer_line(out, e) < 0)
			return -1;
		if (keep &&
		    confirm_keep(&leaving->confirm, event_of(l, i), e) < 0)
			return -1;
		if (lost && failed_file_add(&leaving->failed_file,
					    event_of(l, i), e) < 0)
			return -1;
	}
	leaving->outcome[receipt.status] += to - from;
	leaving->receipts += to - from;
	return 0;
}

int verdict_settle(struct run *r, struct lane *l, enum receipt_status status,
		   const struct reply *reply, struct err *e)
{
	const struct lane_part *p = lane_next(l);

	if (write_receipts(&r->known, &r->leaving, l, p->from, p->to, status,
			   reply, e) < 0)
		return -1;
	lanes_drop(&r->lanes, l, reply->class == REPLY_TAKEN);
	return 0;
}

static enum receipt_status status_of(const struct run_asked *asked,
				     const struct lane_part *p,
				     enum reply_class class)
{
	if (class == REPLY_TAKEN && asked->o->dry_run)
		return RECEIPT_DRY_RUN;
	if (class == REPLY_TAKEN) /* a 2xx of an HTTP API only means that it has
				   * accepted the event
				   */
		return asked->dest->speaks_http ? RECEIPT_ACCEPTED
						: RECEIPT_DELIVERED;
	if (p->doubt)
		return RECEIPT_UNKNOWN;
	switch (class) {
	case REPLY_REFUSED:
		return RECEIPT_REJECTED;
	case REPLY_LATER:
		return RECEIPT_FAILED;
	default:
		return RECEIPT_UNKNOWN;
	}
}

/* Writes receipts for events [from, to) of a job, which have the same outcome.
 */
static int settle_some(struct run *r, struct lane *l,
		       const struct dest_job *job, size_t from, size_t to,
		       struct err *e)
{
	const struct dest_item *item = &job->item[from];
	struct reply reply = job->reply;

	reply.class = item->class;
	if (item->why)
		snprintf(reply.reason, sizeof(reply.reason), "%s", item->why);
	else if (item->class == REPLY_TAKEN)
		reply.reason[0] = '\0';
	return write_receipts(
		&r->known, &r->leaving, l, job->from + from, job->from + to,
		status_of(&r->asked, lane_next(l), item->class), &reply, e);
}

/* Finds the events that are sent again: those with REPLY_LATER. Not sent again
 * is an event followed by an accepted one of the same user: it would overwrite
 * newer data with older.
 */
static bool *find_again(const struct lane *l, const struct dest_job *job)
{
	size_t n = job->to - job->from, size = 2;
	bool *again = mem_zero(n);
	uint32_t *seen;

	if (!job->reply.again)
		return again;
	while (size < 2 * n)
		size *= 2;
	seen = mem_zero(size * sizeof(*seen)); /* hash table of users, made odd;
						* 0: free
						*/
	for (size_t i = n; i-- > 0;) {
		uint32_t user = l->first->item[job->from + i].user | 1;
		size_t at = user / 2 % size;

		while (seen[at] && seen[at] != user)
			at = (at + 1) % size;
		if (job->item[i].class == REPLY_LATER)
			again[i] = !seen[at];
		else if (job->item[i].class != REPLY_REFUSED)
			seen[at] = user;
	}
	free(seen);
	return again;
}

/* Moves the events that are sent again to the end of the top part, and makes
 * them the whole part.
 */
static void keep_again(struct lane *l, const struct dest_job *job,
		       const bool *again, size_t left, struct reply *later)
{
	struct lane_part *p = lane_next(l);
	size_t first = 0;

	while (!again[first])
		first++;
	*later = job->reply;
	later->class = REPLY_LATER;
	snprintf(later->reason, sizeof(later->reason), "%s",
		 job->item[first].why ? job->item[first].why : "not accepted");
	batch_put_last(l->first, job->from, job->to, again);
	p->from = p->to - left;
}

int verdict_each(struct run *r, struct lane *l, struct dest_job *job,
		 struct reply *later, struct err *e)
{
	struct run_known *known = &r->known;
	const struct dest_item *item = job->item;
	size_t n = job->to - job->from, taken = 0, lost = 0, left = 0, to;
	bool *again = find_again(l, job);
	struct err why;
	int rc = 0;

	*later = (struct reply){.class = REPLY_TAKEN};
	for (size_t i = 0; i < n && rc == 0; i = to) {
		to = i + 1;
		left += again[i];
		if (again[i])
			continue;
		while (to < n && !again[to] &&
		       item[to].class == item[i].class &&
		       item[to].why == item[i].why)
			to++;
		rc = settle_some(r, l, job, i, to, e);
		if (item[i].class == REPLY_TAKEN)
			taken += to - i;
		else if (item[i].class != REPLY_REFUSED)
			lost += to - i;
	}
	if (taken > 0) {
		known->taken_ms = known->now_ms;
		known->failing_ms = 0;
	}
	if (rc == 0 && left > 0)
		keep_again(l, job, again, left, later);
	else if (rc == 0)
		lanes_drop(&r->lanes, l, taken == n);
	free(again);
	if (job->reply.err.kind)
		stop_by_reply(r, &job->reply, &job->reply.err);
	if (rc < 0 || lost == 0 || taken > 0 || left > 0 ||
	    r->asked.dest->declines)
		return rc;
	err_set(&why, ERR_REFUSED, "gave up: %s",
		item[n - 1].why ? item[n - 1].why : job->reply.reason);
	stop_by_reply(r, &job->reply, &why);
	return 0;
}

int verdict_lose(struct run *r, struct lane *l, const struct reply *reply,
		 struct err *e)
{
	const struct lane_part *p = lane_next(l);
	bool alone = p->to - p->from == 1;

	if (p->doubt)
		return verdict_settle(r, l, RECEIPT_UNKNOWN, reply, e);
	return verdict_settle(r, l,
			      reply->conflict && alone ? RECEIPT_REJECTED
						       : RECEIPT_FAILED,
			      reply, e);
}

int verdict_hold(struct run *r, struct lane *l, const struct reply *reply,
		 struct err *e)
{
	struct run_leaving *leaving = &r->leaving;
	const struct lane_part *p = lane_next(l);
	struct receipt receipt = receipt_of(&r->known, p, reply);

	reasons_add_foreign(&leaving->reasons, reply->reason, 1, 0);
	held_add(&leaving->refused, l->first, &l->first->item[p->from],
		 &receipt, p->doubt || r->known.attempt.doubted);
	if (failed_file_add(&leaving->failed_file, event_of(l, p->from), e) < 0)
		return -1;
	lanes_drop(&r->lanes, l, false);
	return 0;
}

int verdict_release(struct run_leaving *leaving, bool guilty, struct err *e)
{
	size_t n = leaving->refused.n, doubtful = leaving->refused.doubtful;

	if (n == 0)
		return 0;
	if (held_release(&leaving->refused, guilty, leaving->out, e) < 0)
		return -1;
	leaving->outcome[RECEIPT_UNKNOWN] += doubtful;
	leaving->outcome[guilty ? RECEIPT_REJECTED : RECEIPT_FAILED] +=
		n - doubtful;
	leaving->receipts += n;
	return 0;
}
