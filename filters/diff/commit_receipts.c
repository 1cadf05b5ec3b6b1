/* commit_receipts.c - reads the receipts of a commit. */
#include "diff/commit_parts.h"

#include "core/counts.h"
#include "core/tool.h"
#include "diff/commit_glance.h"
#include "wire/json/json.h"
#include "wire/stream/receipt_status.h"

/* When a status counts. That an event arrived is always true. That it did not
 * is true of one attempt only: a later one under the same change id may have
 * been delivered.
 */
enum validity { ALWAYS, OF_ATTEMPT };

/* The meaning of each status of a receipt. */
static const struct {
	size_t count; /* offset of its counter */
	enum validity valid;
	enum apply_answer answer;
} statuses[] = {
	[RECEIPT_ACCEPTED] = {offsetof(struct commit, accepted), ALWAYS,
			      APPLY_ACCEPTED},
	[RECEIPT_DELIVERED] = {offsetof(struct commit, accepted), ALWAYS,
			       APPLY_ACCEPTED},
	[RECEIPT_SKIPPED] = {offsetof(struct commit, skipped), OF_ATTEMPT,
			     APPLY_ACCEPTED},
	[RECEIPT_REJECTED] = {offsetof(struct commit, rejected), OF_ATTEMPT,
			      APPLY_REJECTED},
	[RECEIPT_FAILED] = {offsetof(struct commit, failed), OF_ATTEMPT,
			    APPLY_FAILED},
	[RECEIPT_DRY_RUN] = {offsetof(struct commit, dry_run), OF_ATTEMPT,
			     APPLY_FAILED},
	[RECEIPT_UNKNOWN] = {offsetof(struct commit, unknown), ALWAYS,
			     APPLY_UNKNOWN},
};
_Static_assert(COUNT_OF(statuses) == RECEIPT_STATUSES, "a row for each status");

static uint64_t *counter_of(struct commit *c, enum receipt_status s)
{
	return (uint64_t *)(void *)((char *)c + statuses[s].count);
}

/* Opens the file of receipts at the first line of the input: by then the run of
 * the pipeline has the lock. Taking it earlier could block that run.
 */
static int open_answers(struct commit *c, struct err *e)
{
	enum { RUN_STARTS_MS = 10000 };
	uint64_t wait = c->o->lock_wait_ms;

	if (c->open)
		return 0;
	if (state_lock_shared(c->state, wait ? wait : RUN_STARTS_MS, e) < 0 ||
	    apply_open(&c->answers, c->state, commit_accepts_rejected(c), wait,
		       e) < 0)
		return -1;
	c->open = true;
	commit_report_open(&c->report);
	return 0;
}

static void find_members(struct commit *c)
{
	c->shape = c->in.shape;
	c->status_at = scan_find(c->in.scan, slice_str("status"));
	c->message_at = scan_find(c->in.scan, slice_str("messageId"));
	c->refused_at = scan_find(c->in.scan, slice_str("refused"));
	c->late_at = scan_find(c->in.scan, slice_str("late"));
	c->untried_at = scan_find(c->in.scan, slice_str("untried"));
	c->stage_at = scan_find(c->in.scan, slice_str("stage"));
}

static struct slice text_at(const struct commit *c, int at)
{
	if (at < 0 || c->in.member[at].kind != SCAN_STRING)
		return slice_of(NULL, 0);
	return json_inner(c->in.member[at].value);
}

static bool is_true(const struct commit *c, int at)
{
	return at >= 0 && slice_is(c->in.member[at].value, "true");
}

/* Whether the last attempt of an event in doubt was rejected. */
static bool is_refused(const struct commit *c)
{
	return is_true(c, c->refused_at);
}

/* Before the first receipt that is accepted, or settles a row: records the
 * connection, in case this commit is killed.
 */
static void record_connection(struct commit *c)
{
	struct buf b = {0};

	if (c->told ||
	    (c->accepted == 0 && (c->settled == 0 || c->told_settled)))
		return;
	c->told = c->connection.accepted = c->accepted > 0;
	c->told_settled = true;
	if (!c->ours || c->dry_run > 0 || c->connection.destination.n == 0)
		return;
	state_connection_put(&c->connection, &b);
	apply_connection(&c->answers, buf_all(&b));
	buf_clear(&b);
}

/* Passes the receipt to the reports. */
static void report(struct commit *c, enum apply_answer answer)
{
	bool fine = answer == APPLY_ACCEPTED ||
		    (commit_accepts_rejected(c) &&
		     (answer == APPLY_REJECTED || answer == APPLY_DOUBTED));

	commit_report_receipt(&c->report, &c->in,
			      fine ? COMMIT_REPORT_FINE
				   : COMMIT_REPORT_FAILURE);
}

/* Counts a receipt for which the mapping matters later, although nothing was
 * accepted: the row is not sent again, or the destination may have it. What
 * rudder-diff skips or rejects does not depend on the mapping.
 */
static void count_settled(struct commit *c, enum receipt_status s,
			  enum apply_answer answer)
{
	bool given_up = commit_accepts_rejected(c) && answer == APPLY_REJECTED,
	     in_doubt = answer == APPLY_UNKNOWN || answer == APPLY_DOUBTED;

	if (!(given_up || in_doubt || s == RECEIPT_SKIPPED) ||
	    slice_is(text_at(c, c->stage_at), "diff"))
		return;
	c->settled++;
	record_connection(c);
}

static void receipt(struct commit *c)
{
	enum apply_answer answer;
	enum receipt_status s;
	struct slice message;
	char change[32];
	uint64_t i, n;
	bool untried;

	c->receipts++;
	if (c->in.shape != c->shape)
		find_members(c);
	s = receipt_status_of(text_at(c, c->status_at));
	message = text_at(c, c->message_at);
	if (s == RECEIPT_STATUSES) {
		c->foreign++;
		return;
	}
	untried = s == RECEIPT_FAILED && is_true(c, c->untried_at);
	++*(untried ? &c->untried : counter_of(c, s));
	record_connection(c);
	c->late += is_true(c, c->late_at);
	/* the receipt of an earlier attempt, or settled by an earlier commit */
	if ((statuses[s].valid == OF_ATTEMPT && !c->ours) ||
	    is_true(c, c->late_at))
		return;
	answer = statuses[s].answer;
	if (answer == APPLY_UNKNOWN && c->ours && is_refused(c)) {
		answer = APPLY_DOUBTED;
		c->excused += commit_accepts_rejected(c);
	}
	count_settled(c, s, answer);
	if (c->dry_run == 0 && !untried)
		report(c, answer);
	if (control_change_of(message, change, &i, &n))
		apply_add(&c->answers, change, i, n, answer);
}

/* Takes the next line if it is the usual receipt and no report needs it. */
static bool try_usual(struct commit *c)
{
	struct hash change;
	size_t n;

	if (!c->told || !commit_report_ignores_fine(&c->report) ||
	    !commit_glance(input_rest(&c->in), &change, &n) ||
	    !input_pass(&c->in, n))
		return false;
	c->receipts++;
	c->accepted++;
	apply_add_one(&c->answers, change, APPLY_ACCEPTED);
	return true;
}

static void keep_text(struct buf *b, const struct control_reader *r,
		      const char *name)
{
	struct slice v = control_member(r, name);

	b->n = 0;
	if (v.n >= 2 && *v.p == '"')
		buf_slice(b, json_inner(v));
}

/* Refuses receipts for another state: they would change nothing here, and would
 * look like success.
 */
static int take_begin(struct commit *c, struct err *e)
{
	struct slice state = c->in.control.state;
	struct buf dir = {0};
	int rc = 0;

	commit_report_begin(&c->report, &c->in);
	c->told = c->told_settled = false;
	c->ours = state_is_attempt(c->state, c->in.control.attempt);
	c->reads.n = 0;
	input_text(&c->in, "reads", &c->reads);
	if (c->reads.n == 0) /* rudder 0.1 */
		buf_slice(&c->reads, c->in.control.model);
	keep_text(&c->sender, c->in.controls, "sender");
	keep_text(&c->refused, c->in.controls, "failed_by");
	if (c->ours) {
		memcpy(c->attempt, c->in.control.attempt.p, 32);
		state_connection_read(&c->connection, c->in.controls,
				      c->attempt);
	}
	if (c->ours || state.n == 0)
		return 0;
	json_decode(&dir, json_inner(state));
	if (!slice_is(buf_all(&dir), c->state->dir))
		rc = err_names(
			e, ERR_CONFIG,
			"the receipts are of the state '%s', not of '%s'",
			buf_cstr(&dir), c->state->dir);
	buf_clear(&dir);
	return rc;
}

static void take_end(struct commit *c)
{
	const struct control_reader *r = c->in.controls;

	commit_report_end(&c->report, &c->in);
	(void)(control_count(r, "blocked", &c->blocked) ||
	       control_count(r, "held", &c->blocked)); /* rudder 0.1 */
	control_count(r, "postponed", &c->postponed);
	control_count(r, "deferred", &c->deferred);
	control_count(r, "overtaken", &c->overtaken);
	control_count(r, "resend_blocked", &c->resend_blocked);
	control_count(r, "base_rejects", &c->base_rejects);
	c->reread = slice_is(control_member(r, "reread"), "true");
	c->more = slice_is(control_member(r, "more"), "true");
	c->base.n = c->blocked_reason.n = 0;
	input_text(&c->in, "base", &c->base);
	input_text(&c->in, "blocked_reason", &c->blocked_reason);
}

/* Each line that is not JSON gives a warning, up to this number. */
enum { SHOWN = 5 };

static int line(struct commit *c, struct err *e)
{
	switch (c->in.kind) {
	case INPUT_BEGIN:
		return take_begin(c, e);
	case INPUT_DATA:
		receipt(c);
		return 0;
	case INPUT_BAD:
		c->receipts++;
		c->foreign++;
		if (++c->unread <= SHOWN)
			tool_warn("line %ju: %s",
				  (uintmax_t)input_lineno(&c->in), c->in.why);
		return 0;
	case INPUT_END:
		take_end(c);
		return 0;
	default:
		return 0;
	}
}

/* Writes the receipts to disk before the commit waits for more. */
int commit_receipts_down(void *ctx, struct err *e)
{
	struct commit *c = ctx;

	commit_report_flush(&c->report);
	return c->open ? journal_flush(&c->answers.file, false, e) : 0;
}

int commit_receipts_read(struct commit *c, struct progress *p, struct err *e)
{
	enum { FRAME_FULL = 64 * 1024 };
	int rc;

	while ((rc = input_next(&c->in, e)) > 0) {
		if (c->in.kind == INPUT_ABORT)
			continue; /* it may be of a run without the lock */
		if (open_answers(c, e) < 0 || line(c, e) < 0)
			return -1;
		while (journal_frame(&c->answers.file)->n <= FRAME_FULL &&
		       try_usual(c))
			progress_tick(p);
		if (journal_frame(&c->answers.file)->n > FRAME_FULL &&
		    commit_receipts_down(c, e) < 0)
			return -1;
		progress_tick(p);
	}
	if (c->unread > SHOWN)
		tool_warn("%ju more line%s not valid",
			  (uintmax_t)(c->unread - SHOWN),
			  counts_word(c->unread - SHOWN, " is", "s are"));
	return rc;
}
