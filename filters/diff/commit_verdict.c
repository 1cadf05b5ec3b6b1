#include "diff/commit_verdict.h"

#include <string.h>

#include "core/counts.h"
#include "core/tool.h"
#include "diff/pass/parked.h"
#include "diff/pass/quota.h"
#include "diff/state/runs.h"

static void summary(const struct commit *c, const struct apply_counts *n)
{
	struct buf line = {0};

	counts_add(&line, c->receipts, "receipt");
	counts_as(&line, c->accepted, "accepted");
	counts_as(&line, c->skipped, "skipped");
	counts_as(&line, c->rejected, "rejected");
	counts_as(&line, c->failed + c->dry_run, "failed");
	counts_as(&line, c->untried, "not tried");
	counts_as(&line, c->unknown, "unknown");
	buf_str(&line, "; ");
	counts_add(&line, n->applied, "row");
	buf_str(&line, " recorded as delivered");
	counts_as(&line, n->open, "still pending");
	tool_summary("%s", buf_cstr(&line));
	buf_clear(&line);
}

struct undelivered_before {
	const struct commit *c;
	uint64_t n; /* changes that earlier commits settled as not delivered */
	bool recorded; /* an earlier commit of the attempt has a record */
};

static bool count_undelivered(void *ctx, const struct run_record *r,
			      struct slice line)
{
	struct undelivered_before *b = ctx;
	/* those that may have arrived are sent again instead */
	uint64_t other = r->count[RUNS_UNKNOWN];

	(void)line;
	if (strcmp(r->attempt, b->c->attempt) != 0)
		return true;
	b->recorded = b->recorded || r->has[RUNS_RECEIPTS];
	if (commit_accepts_rejected(b->c))
		other += r->count[RUNS_REJECTED];
	if (r->count[RUNS_FAILED] > other)
		b->n += r->count[RUNS_FAILED] - other;
	b->n += r->count[RUNS_UNTRIED];
	return true;
}

/* The verdict if earlier commits of this attempt have settled changes that
 * were not delivered. A sender that repeats the attempt, as a second rudder
 * apply, skips them.
 */
static int verdict_before(const struct commit *c, struct err *e)
{
	struct undelivered_before b = {.c = c};

	if (c->late == 0 || !c->ours)
		return 0;
	if (runs_each(c->state, count_undelivered, &b, e) < 0)
		return -1;
	if (!b.recorded)
		return err_set(
			e, ERR_PARTIAL,
			"an earlier commit of this run was killed before "
			"it recorded what was delivered: the next run "
			"sends the other rows");
	if (b.n == 0)
		return 0;
	return err_set(e, ERR_PARTIAL,
		       "%ju change%s of an earlier commit of this run %s not "
		       "delivered: the next run sends %s",
		       (uintmax_t)b.n, COUNTS_S(b.n),
		       counts_word(b.n, "was", "were"),
		       counts_word(b.n, "its row", "their rows"));
}

/* The verdict if every change that was sent is settled. */
static int lesser_verdict(const struct commit *c, const struct apply_counts *n,
			  struct err *e)
{
	/* receipts that a killed commit left count too */
	uint64_t all = n->unknown > c->receipts ? n->unknown : c->receipts;

	if (n->unknown > 0)
		return err_set(e, ERR_PARTIAL,
			       "%ju of %ju receipts %s for changes that are "
			       "not pending",
			       (uintmax_t)n->unknown, (uintmax_t)all,
			       counts_word(n->unknown, "is", "are"));
	if (verdict_before(c, e) < 0 ||
	    parked_verdict(c->overtaken, true, e) < 0 ||
	    quota_verdict(c->postponed, e) < 0)
		return -1;
	if (c->reread)
		return err_set(e, ERR_PARTIAL,
			       "rows before the cursor may be due: the next "
			       "run reads all rows");
	return 0;
}

/* The verdict if every event that was sent arrived, but there are more. */
static int partly(struct commit *c, uint64_t open, struct err *e)
{
	const char *are = counts_word(open, " is", "s are");

	if (!c->more)
		return err_set(
			e, ERR_PARTIAL, "%ju change%s unacknowledged and %s",
			(uintmax_t)open, are,
			counts_word(open, "is sent again while its row exists",
				    "are sent again while their rows "
				    "exist"));
	c->stopped = true;
	return err_names(e, ERR_PARTIAL,
			 "%ju change%s pending: rudder-send stopped before the "
			 "end, as asked (--max-events)",
			 (uintmax_t)open, are);
}

/* The verdict if some changes were not delivered, with what the next run does.
 */
static int undelivered(struct commit *c, uint64_t open, struct err *e)
{
	uint64_t n = commit_due(c);

	if (n == 0)
		return partly(c, open, e);
	(void)err_set(e, ERR_PARTIAL, "%ju of %ju receipt%s %s a failure",
		      (uintmax_t)n, (uintmax_t)c->receipts,
		      COUNTS_S(c->receipts),
		      counts_word(n, "reports", "report"));
	if (open == 0)
		return err_more(e, "; the next run tries %s again",
				counts_word(n, "this row", "these rows"));
	return err_more(e, "; %ju change%s unacknowledged and %s",
			(uintmax_t)open, counts_word(open, " is", "s are"),
			counts_word(open, "is sent again while its row exists",
				    "are sent again while their rows exist"));
}

/* The reason goes into the record of the run. It is not printed: the stage that
 * blocked has printed it (see verdict).
 */
static int blocked_verdict(const struct commit *c, struct err *e)
{
	struct slice why = buf_all(&c->blocked_reason);

	if (why.n > 0)
		return err_names(e, ERR_BLOCKED, "%.*s", SLICE_FMT(why));
	return err_set(e, ERR_BLOCKED,
		       "%ju delete%s blocked by a delete guard: rudder-diff or "
		       "rudder-map printed why, and how to allow %s",
		       (uintmax_t)c->blocked,
		       c->blocked > 1 ? "s were" : " was",
		       c->blocked > 1 ? "them" : "it");
}

static int receipts_verdict(struct commit *c, const struct apply_counts *n,
			    struct err *e)
{
	summary(c, n);
	if (n->unknown > 0)
		tool_warn("%ju receipt%s for changes that are not pending: "
			  "these were committed before, or their events were "
			  "sent after the commit; in the second case run once "
			  "with --full",
			  (uintmax_t)n->unknown,
			  counts_word(n->unknown, " is", "s are"));
	if (c->receipts > 0 && c->foreign == c->receipts &&
	    c->in.abort.status == 0)
		return err_names(e, ERR_DATA,
				 "none of the %ju %s is a receipt: --commit "
				 "reads the output of rudder-send",
				 (uintmax_t)c->receipts,
				 c->in.stream[0] ? c->in.stream : "lines");
	if (input_complete(&c->in, e) < 0 ||
	    (!c->more && commit_report_expect(&c->report, e) < 0))
		return -1;
	if (c->blocked > 0)
		return blocked_verdict(c, e);
	if (c->resend_blocked > 0)
		return err_names(
			e, ERR_BLOCKED,
			"the mapping has changed, but the resend of %ju row%s "
			"was blocked: to allow it, run once with "
			"--allow-resend %ju",
			(uintmax_t)c->resend_blocked,
			COUNTS_S(c->resend_blocked),
			(uintmax_t)c->resend_blocked);
	if (commit_due(c) > 0 || n->open > 0)
		return undelivered(c, n->open, e);
	return lesser_verdict(c, n, e);
}

int commit_verdict(struct commit *c, const struct apply_counts *n,
		   struct err *e)
{
	int rc = receipts_verdict(c, n, e);
	struct err connection;

	if (state_connection_verdict(&c->connection, &connection) == 0)
		return rc;
	if (rc < 0 && !c->connection.conflict) {
		if (c->resend_blocked ==
		    0) /* else the next run resends nothing */
			tool_warn("%s", connection.text);
		return -1;
	}
	*e = connection;
	return -1;
}
