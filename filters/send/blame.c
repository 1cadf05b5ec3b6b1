#include "send/blame.h"

#include <stdio.h>
#include <string.h>

#include "core/clock.h"
#include "core/tool.h"
#include "send/stop.h"
#include "send/trouble.h"
#include "send/verdict.h"

enum {
	TRIES = 3,          /* failures of a batch before it is halved */
	TRIES_ALONE = 5,    /* failures of a single event before it is given up
			     */
	ALONE_MAX = 10,     /* single events that fail in a row */
	FORBIDDEN_MAX = 10, /* single events in a row that get a 403 */
	REFUSED_MAX = 100,  /* single events that are refused while none is
			     * accepted
			     */
	WALKS = 9,          /* walks that get longer: 2, 4, ... 512 events */
};

/* Whether enough single events were refused, and none accepted, to expect that
 * all will be.
 */
static bool is_hopeless(const struct run_known *known)
{
	return known->acceptances == 0 && known->alone >= REFUSED_MAX;
}

/* ---- an acceptance ----------------------------------------------------- */

/* Splits the first event off the top part, if there are others, and returns the
 * part with that event.
 */
static struct lane_part *split_first(struct lane *l)
{
	struct lane_part *p = lane_next(l);

	if (p->to - p->from > 1)
		lane_head(l);
	return lane_next(l);
}

/* The walk found an event that is accepted: gives up the events before it,
 * which failed alone, and makes the accepted one the top part.
 */
static int end_walk(struct run *r, struct lane *l, struct err *e)
{
	size_t n = l->walked;

	l->walking = false;
	l->walked = 0;
	lane_next(l)->narrowing = true;
	for (size_t i = 0; i < n; i++) {
		split_first(l)->attempts++;
		if (verdict_lose(r, l, &l->failure, e) < 0)
			return -1;
	}
	split_first(l)->attempts++;
	return 0;
}

int blame_acceptance(struct run *r, struct lane *l, struct err *e)
{
	struct run_known *known = &r->known;

	known->acceptances++;
	known->alone = known->forbidden = 0;
	known->failing_ms = 0;
	l->walks = 0;
	if (verdict_release(&r->leaving, true, e) < 0)
		return -1;
	return l->walking ? end_walk(r, l, e) : 0;
}

/* ---- a failure --------------------------------------------------------- */

static int give_up(struct run *r, struct lane *l, const struct reply *reply,
		   struct err *e)
{
	const struct lane_part *p = lane_next(l);
	bool alone =
		r->known.taken_ms >= p->failing_ms && r->known.taken_ms > 0;
	unsigned attempts = p->failures; /* also attempts that did not reach the
					  * destination
					  */
	struct err why;

	l->walks = 0;
	if (verdict_lose(r, l, reply, e) < 0)
		return -1;
	if (alone) /* other events are accepted, so the run goes on without
		    * these
		    */
		return 0;
	(void)err_names(&why, reply->status == 429 ? ERR_TEMP : ERR_REFUSED,
			"gave up after %u %s: ", attempts,
			attempts == 1 ? "attempt" : "attempts");
	(void)err_more(&why, "%s", reply->reason);
	if (reply->named)
		(void)err_all_names(&why);
	stop_by_reply(r, reply, &why);
	return 0;
}

/* Sends the same request again after a wait, or gives up. */
static int again(struct run *r, struct lane *l, const struct reply *reply,
		 struct err *e)
{
	struct run_known *known = &r->known;
	struct lane_part *p = lane_next(l);
	uint64_t chance, wait_ms;
	bool busy = reply->status == 429 || reply->again;
	bool pressed = busy || reply->status == 503 ||
		       (reply->sent > 0 && reply->class == REPLY_UNKNOWN &&
			reply->status < 500);

	clock_random(&chance, sizeof(chance));
	wait_ms = retry_delay(&r->asked.retry, p->failures,
			      busy || reply->conflict, reply->wish_ms, chance);
	rate_failure(&known->rate, pressed, reply->wish_ms, wait_ms,
		     known->now_ms);
	if (known->now_ms + wait_ms > p->failing_ms + r->asked.retry.total_ms)
		return give_up(r, l, reply, e);
	tool_debug("attempt %u of %zu events: %s; retrying in %ju ms",
		   p->attempts, p->to - p->from, reply->reason,
		   (uintmax_t)wait_ms);
	l->due_ms = known->now_ms + wait_ms;
	r->leaving.retries++;
	return 0;
}

/* Sends the same request, or a part of it, without a back-off. */
static int send_at_once(const struct run_known *known, struct lane *l,
			const struct reply *reply)
{
	l->due_ms = known->now_ms + reply->wish_ms;
	return 0;
}

/* Whether the content of an event may cause this failure. */
static bool may_be_content(const struct run_asked *asked,
			   const struct reply *reply)
{
	bool each_alone = asked->dest->speaks_http || asked->dest->hold;

	return each_alone && (reply->class == REPLY_UNKNOWN || reply->conflict);
}

/* Starts a walk: sends the first events alone, one after the other, until one
 * is accepted. A single event that just failed counts as its first.
 */
static bool begin_walk(struct run_lanes *lanes, struct lane *l)
{
	const struct lane_part *p = lane_next(l);
	size_t at;

	for (unsigned i = 0; i < lanes->n; i++) {
		if (lanes->lane[i].walking) /* one walk is enough: it shows
					     * whether the destination accepts
					     * anything
					     */
			return false;
	}

	l->walked = p->to - p->from == 1;
	l->walking = lanes_reach(lanes, l, l->walked, &at) != NULL;
	l->tries = 0;
	l->walks += l->walking && l->walks < WALKS;
	return l->walking;
}

/* The current event of the walk failed alone. refused: it will always fail. */
static int walk_on(struct run *r, struct lane *l, const struct reply *reply,
		   bool refused, struct err *e)
{
	size_t most = (size_t)1 << l->walks, at;
	bool suspicious = may_be_content(&r->asked, reply);

	if (suspicious && ++l->tries < TRIES_ALONE)
		return send_at_once(&r->known, l, reply);
	l->tries = 0;
	if (refused || suspicious) {
		l->failure = *reply;
		if (++l->walked < most &&
		    lanes_reach(&r->lanes, l, l->walked, &at))
			return 0;
	}
	l->walking = false;
	return again(r, l, reply, e);
}

/* The destination accepts other requests, so the top part has a bad event:
 * halves the part, or gives up a single event.
 */
static int narrow(struct run *r, struct lane *l, const struct reply *reply,
		  struct err *e)
{
	struct run_known *known = &r->known;
	struct lane_part *p = lane_next(l);
	bool one = p->to - p->from == 1;

	if (one && p->narrowing && p->suspicious < TRIES_ALONE)
		return send_at_once(known, l, reply);
	if (one) {
		known->alone++;
		return verdict_lose(r, l, reply, e);
	}
	p->narrowing = true;
	lane_halve(l, false);
	return send_at_once(known, l, reply);
}

static int blame_one(struct run *r, struct lane *l, const struct reply *reply,
		     struct err *e)
{
	struct run_known *known = &r->known;
	struct lane_part *p = lane_next(l);
	bool one = p->to - p->from == 1;

	l->failure = *reply;
	if (p->suspicious++ == 0 && !p->narrowing)
		p->acceptances_then = known->acceptances;
	if (p->suspicious < (one ? TRIES_ALONE : TRIES) && !p->narrowing)
		return again(r, l, reply, e);
	if (known->acceptances > p->acceptances_then &&
	    known->alone < ALONE_MAX)
		return narrow(r, l, reply, e);
	if (p->narrowing)
		p->acceptances_then = known->acceptances;
	p->narrowing = false;
	if (p->suspicious % TRIES == 0 && begin_walk(&r->lanes, l))
		return send_at_once(known, l, reply);
	return again(r, l, reply, e);
}

int blame_failure(struct run *r, struct lane *l, const struct reply *reply,
		  struct err *e)
{
	struct lane_part *p = lane_next(l);

	trouble_note(&r->known, reply->reason, reply->of_host && !reply->named);
	if (l->walking && !r->stop.begun)
		return walk_on(r, l, reply, reply->final, e);
	if (r->stop.begun || reply->final)
		return verdict_lose(r, l, reply, e);
	if (p->failures++ == 0)
		p->failing_ms = r->known.now_ms;
	if (may_be_content(&r->asked, reply))
		return blame_one(r, l, reply, e);
	p->suspicious = 0;
	return again(r, l, reply, e);
}

/* ---- a refusal --------------------------------------------------------- */

static int stop_forbidden(struct run *r, struct lane *l,
			  const struct reply *reply, struct err *e)
{
	stop_by_reply(r, reply, &reply->err);
	return verdict_lose(r, l, reply, e);
}

/* One event was tried for its whole batch: gives up all of the batch. */
static int lose_rest(struct run *r, struct lane *l, const struct reply *reply,
		     struct err *e)
{
	const struct lane_part *p;

	if (verdict_lose(r, l, reply, e) < 0)
		return -1;
	p = l->parts > 0 ? lane_next(l) : NULL;
	if (p && p->rest && verdict_lose(r, l, reply, e) < 0)
		return -1;
	return 0;
}

static int refused_alone(struct run *r, struct lane *l,
			 const struct reply *reply, struct err *e)
{
	struct run_known *known = &r->known;
	const struct lane_part *p = lane_next(l);
	bool forbidden = reply->class == REPLY_FORBIDDEN;

	if (reply->sent > 0) {
		known->alone++;
		known->forbidden += forbidden;
		known->refusal = *reply;
	}
	if (known->forbidden >= FORBIDDEN_MAX)
		return stop_forbidden(r, l, reply, e);
	if (reply->sent > 0 && known->acceptances == 0 &&
	    known->alone > REFUSED_MAX)
		return lose_rest(r, l, reply, e);
	if (reply->sent > 0 && (forbidden || known->acceptances == 0))
		return verdict_hold(r, l, reply, e);
	/* in doubt: an earlier attempt may have been accepted */
	return verdict_settle(
		r, l, p->doubt ? RECEIPT_UNKNOWN : RECEIPT_REJECTED, reply, e);
}

int blame_refusal(struct run *r, struct lane *l, const struct reply *reply,
		  struct err *e)
{
	struct lane_part *p = lane_next(l);

	if (l->walking && !r->stop.begun)
		return walk_on(r, l, reply, true, e);
	if (p->to - p->from == 1 && !l->walking)
		return refused_alone(r, l, reply, e);
	if (r->stop.begun)
		return verdict_lose(r, l, reply, e);
	if (is_hopeless(&r->known)) {
		p->rest = true;
		lane_head(l);
	} else if (reply->class == REPLY_FORBIDDEN &&
		   r->known.acceptances == 0) {
		lane_head(l);
	} else {
		lane_halve(l, reply->class != REPLY_TOO_LARGE);
	}
	return 0;
}

void blame_end(struct run *r)
{
	struct run_known *known = &r->known;
	struct err why;

	if (known->acceptances > 0 || r->stop.begun)
		return;
	if (known->refusal.class == REPLY_FORBIDDEN)
		stop_by_reply(r, &known->refusal, &known->refusal.err);
	if (!is_hopeless(known))
		return;
	err_set(&why, ERR_CONFIG,
		"no event was accepted, and each of %u events sent alone was "
		"refused: %s",
		known->alone, known->refusal.reason);
	(void)err_more_names(&why, "; check the destination and the mapping");
	stop_by_reply(r, &known->refusal, &why);
}
