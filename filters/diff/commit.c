#include "diff/commit.h"

#include <signal.h>
#include <unistd.h>

#include "core/progress.h"
#include "core/tool.h"
#include "diff/commit_report.h"
#include "diff/expect.h"
#include "diff/reach.h"
#include "diff/state/apply.h"
#include "diff/state/cursor_file.h"
#include "diff/state/hold.h"
#include "diff/state/started.h"
#include "diff/state/state_connection.h"
#include "wire/json/json.h"
#include "wire/state/sent.h"
#include "wire/stream/receipt_status.h"

struct commit {
	const struct commit_options *o;
	struct state *state;
	struct input in;
	struct journal answers;
	bool open; /* answers is */
	bool ours; /* the receipts are of the last attempt of the state */
	char attempt[33];           /* and this is it */
	struct buf reads;           /* of begin: what a cursor is of */
	struct buf sender, refused; /* of it, see wire/sent.h */
	struct commit_report report;
	uint64_t shape;
	int status_at, message_at, refused_at, late_at;
	uint64_t excused; /* unknown, and accepted by --rejected */
	struct state_connection connection;
	uint64_t blocked, postponed, deferred, resend_blocked;
	bool reread; /* rows before the cursor may be due */
	bool more;   /* there are events beyond these receipts: --max-events */
	uint64_t receipts, accepted, rejected, failed, unknown, skipped,
		foreign, dry_run;
};

/* When a status is an answer: what arrived has arrived, but that something did
 * not is true of one attempt only. A later one under the same change id may
 * have been luckier.
 */
enum validity { ALWAYS, OF_ATTEMPT };

/* What each status of a receipt means here. */
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

/* The pipeline's run has the lock by the time its first line comes here;
 * taking it earlier would be in the run's way.
 */
static int open_answers(struct commit *c, struct err *e)
{
	enum { RUN_STARTS_MS = 10000 };
	uint64_t wait = c->o->lock_wait_ms;

	if (c->open)
		return 0;
	if (state_lock_shared(c->state, wait ? wait : RUN_STARTS_MS, e) < 0 ||
	    apply_open(&c->answers, c->state, wait, e) < 0)
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
}

static struct slice text_at(const struct commit *c, int at)
{
	if (at < 0 || c->in.member[at].kind != SCAN_STRING)
		return slice_of(NULL, 0);
	return json_inner(c->in.member[at].value);
}

static bool accepts_rejected(const struct commit *c)
{
	return strcmp(c->o->rejected, "accept") == 0;
}

static bool is_true(const struct commit *c, int at)
{
	return at >= 0 && slice_is(c->in.member[at].value, "true");
}

/* The last answer for an event in doubt was a refusal. */
static bool is_refused(const struct commit *c)
{
	return is_true(c, c->refused_at);
}

/* What messages say about the receipt. */
static void report(struct commit *c, enum apply_answer answer)
{
	bool fine = answer == APPLY_ACCEPTED ||
		    (accepts_rejected(c) &&
		     (answer == APPLY_REJECTED || answer == APPLY_DOUBTED));

	commit_report_receipt(&c->report, &c->in,
			      fine ? COMMIT_REPORT_FINE
				   : COMMIT_REPORT_FAILURE);
}

static void receipt(struct commit *c)
{
	enum apply_answer answer;
	enum receipt_status s;
	struct slice message;
	char change[32];
	uint64_t i, n;

	c->receipts++;
	if (c->in.shape != c->shape)
		find_members(c);
	s = receipt_status_of(text_at(c, c->status_at));
	message = text_at(c, c->message_at);
	if (s == RECEIPT_STATUSES) {
		c->foreign++;
		return;
	}
	++*(uint64_t *)(void *)((char *)c + statuses[s].count);
	/* of an earlier attempt, or settled by an earlier commit */
	if ((statuses[s].valid == OF_ATTEMPT && !c->ours) ||
	    is_true(c, c->late_at))
		return;
	answer = statuses[s].answer;
	if (answer == APPLY_UNKNOWN && c->ours && is_refused(c)) {
		answer = APPLY_DOUBTED;
		c->excused += accepts_rejected(c);
	}
	if (c->dry_run == 0)
		report(c, answer);
	if (control_change_of(message, change, &i, &n))
		apply_add(&c->answers, change, i, n, answer);
}

static void keep_text(struct buf *b, const struct control_reader *r,
		      const char *name)
{
	struct slice v = control_member(r, name);

	b->n = 0;
	if (v.n >= 2 && *v.p == '"')
		buf_slice(b, json_inner(v));
}

/* Receipts for another folder would move nothing here, and all be fine. */
static int take_begin(struct commit *c, struct err *e)
{
	struct slice state = c->in.control.state;
	struct buf dir = {0};
	int rc = 0;

	commit_report_begin(&c->report, &c->in);
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
		rc = err_set(e, ERR_CONFIG,
			     "the receipts are of the state '%s', not of '%s'",
			     buf_cstr(&dir), c->state->dir);
	buf_clear(&dir);
	return rc;
}

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
		tool_warn("line %ju: %s", (uintmax_t)input_lineno(&c->in),
			  c->in.why);
		return 0;
	case INPUT_END:
		commit_report_end(&c->report, &c->in);
		(void)(control_count(c->in.controls, "blocked", &c->blocked) ||
		       control_count(c->in.controls, "held", &c->blocked));
		control_count(c->in.controls, "postponed", &c->postponed);
		control_count(c->in.controls, "deferred", &c->deferred);
		control_count(c->in.controls, "resend_blocked",
			      &c->resend_blocked);
		c->reread = slice_is(control_member(c->in.controls, "reread"),
				     "true");
		c->more = slice_is(control_member(c->in.controls, "more"),
				   "true");
		return 0;
	default:
		(void)e;
		return 0;
	}
}

/* What was read is on disk before we wait for more. */
static int take_down(void *ctx, struct err *e)
{
	struct commit *c = ctx;

	commit_report_flush(&c->report);
	return c->open ? journal_flush(&c->answers, false, e) : 0;
}

static int read_receipts(struct commit *c, struct progress *p, struct err *e)
{
	enum { FRAME_FULL = 64 * 1024 };
	int rc;

	while ((rc = input_next(&c->in, e)) > 0) {
		if (c->in.kind == INPUT_ABORT)
			continue; /* of a run that may have no lock */
		if (open_answers(c, e) < 0 || line(c, e) < 0)
			return -1;
		if (journal_frame(&c->answers)->n > FRAME_FULL &&
		    take_down(c, e) < 0)
			return -1;
		progress_tick(p);
	}
	return rc;
}

/* Receipts that leave their row due. */
static uint64_t due(const struct commit *c)
{
	return c->failed + c->dry_run + c->unknown - c->excused + c->foreign +
	       (accepts_rejected(c) ? 0 : c->rejected);
}

/* What the next run has to do though nothing changes in the source. */
static bool still_due(const struct commit *c)
{
	return c->blocked + c->deferred + c->resend_blocked > 0 ||
	       c->connection.resend;
}

/* How far the source was read, when each row on the way there is settled. */
static int keep_cursor(const struct commit *c, const struct apply_counts *n,
		       struct err *e)
{
	struct slice cursor = buf_all(&c->in.cursor);
	bool probe = cursor_file_is_probe(cursor);
	struct err ignored;

	if (c->connection.resend) /* of all rows */
		return cursor_file_forget(c->state, e);
	if (cursor.n == 0)
		return 0;
	if (!c->ours || due(c) > 0 || c->postponed > 0 || c->in.rejects > 0 ||
	    n->open > 0 || n->unknown > 0 || (probe && still_due(c)) ||
	    input_complete(&c->in, &ignored) < 0) {
		tool_info("not all rows are settled: the cursor stays, and the "
			  "next run reads them again");
		return probe ? cursor_file_forget(c->state, e) : 0;
	}
	return cursor_file_store(c->state, cursor, buf_all(&c->reads),
				 n->generation, e);
}

/* All receipts of the last attempt of the state came, and were meant. */
static bool saw_all(const struct commit *c)
{
	struct err ignored;

	return c->open && c->ours && c->in.ended && !c->more &&
	       c->dry_run == 0 && input_complete(&c->in, &ignored) == 0;
}

/* And the run had nothing more to send. */
static bool saw_whole(const struct commit *c)
{
	return saw_all(c) && !c->in.partial && c->blocked == 0 &&
	       c->postponed == 0;
}

/* What the sender of these receipts could not know: who sends, or has sent, the
 * same events besides.
 */
static int find_others(struct commit *c, struct err *e)
{
	struct slice attempt = slice_str(c->attempt);
	struct sent sent;

	if (!c->ours)
		return 0;
	if (sent_read(&sent, c->state->dir, attempt, e) < 0)
		return -1;
	c->state->unproven = sent_by_others(&sent, buf_cstr(&c->sender),
					    buf_all(&c->refused));
	if (sent.n == 0 && !sent.damaged) /* of 0.1, or without the state */
		c->sender.n = 0;
	sent_clear(&sent);
	return sent_settled(c->state->dir, c->attempt, NULL, e);
}

/* All that this sender has to say is known now. */
static int forget_sender(struct commit *c, const struct apply_counts *n,
			 struct err *e)
{
	if (n->open == 0 || c->sender.n != SENT_ID || !saw_all(c))
		return 0;
	return sent_settled(c->state->dir, c->attempt, buf_cstr(&c->sender), e);
}

/* How many rows the next run sends again. */
static int count_keys(struct commit *c, struct err *e)
{
	if (!c->connection.resend)
		return 0;
	if (state_load_head(c->state, e) < 0)
		return -1;
	c->connection.keys = c->state->snapshot.n;
	state_unload(c->state);
	return 0;
}

/* A plan is done when all of it was answered, whatever the answers were. */
static int lift_hold(const struct commit *c, const struct apply_counts *n,
		     struct err *e)
{
	if (n->open > 0 && !saw_all(c))
		return 0;
	return hold_lift(c->state->dir, e);
}

static int work_in(struct commit *c, bool whole, struct apply_counts *counts,
		   struct err *e)
{
	enum { RUN_ENDS_MS = 600 * 1000 };
	if (!c->open)
		return 0;
	if (saw_all(c))
		apply_complete(&c->answers, c->attempt);
	if (journal_flush(&c->answers, true, e) < 0 ||
	    state_lock_writing(c->state, RUN_ENDS_MS, e) < 0 ||
	    (c->ours && c->dry_run == 0 &&
	     started_store(c->state, buf_all(&c->in.clock), e) < 0) ||
	    find_others(c, e) < 0)
		return -1;
	c->connection.accepted = c->accepted > 0;
	if (c->ours && c->dry_run == 0)
		c->state->connection = &c->connection;
	if (apply(c->state, accepts_rejected(c), counts, e) < 0 ||
	    lift_hold(c, counts, e) < 0 || count_keys(c, e) < 0 ||
	    forget_sender(c, counts, e) < 0)
		return -1;
	commit_report_applied(&c->report, counts, saw_whole(c));
	return whole || c->connection.resend ? keep_cursor(c, counts, e) : 0;
}

/* The counts of the record of the run. */
static void count(struct commit *c)
{
	struct commit_report *t = &c->report;

	if (!c->open)
		return;
	commit_report_count(t, RUNS_RECEIPTS, c->receipts);
	commit_report_count(t, RUNS_SUCCEEDED, c->accepted);
	commit_report_count(t, RUNS_SKIPPED, c->skipped);
	commit_report_count(t, RUNS_FAILED,
			    c->rejected + c->failed + c->unknown + c->foreign);
	commit_report_count(t, RUNS_REJECTED, c->rejected);
	commit_report_count(t, RUNS_UNKNOWN, c->unknown);
}

static int receipts_verdict(struct commit *c, const struct apply_counts *n,
			    struct err *e)
{
	tool_summary("%ju receipts: %ju accepted, %ju skipped, %ju rejected, "
		     "%ju failed, %ju unknown; %ju keys moved, %ju still due",
		     (uintmax_t)c->receipts, (uintmax_t)c->accepted,
		     (uintmax_t)c->skipped, (uintmax_t)c->rejected,
		     (uintmax_t)(c->failed + c->dry_run), (uintmax_t)c->unknown,
		     (uintmax_t)n->applied, (uintmax_t)n->open);
	if (n->unknown > 0)
		tool_warn("%ju receipts are for changes that are not pending: "
			  "they were committed before, or their events were "
			  "sent after the commit; in the second case run once "
			  "with --full",
			  (uintmax_t)n->unknown);
	if (c->receipts > 0 && c->foreign == c->receipts &&
	    c->in.abort.status == 0)
		return err_set(
			e, ERR_DATA,
			"none of %ju %s is a receipt: --commit reads what "
			"rudder-send prints",
			(uintmax_t)c->receipts,
			c->in.stream[0] ? c->in.stream : "lines");
	if (input_complete(&c->in, e) < 0 ||
	    (!c->more && commit_report_expect(&c->report, e) < 0))
		return -1;
	if (c->blocked > 0)
		return err_set(e, ERR_BLOCKED,
			       "%ju deletes were blocked by a delete guard: "
			       "rudder-diff or rudder-map printed why, and how "
			       "to allow them",
			       (uintmax_t)c->blocked);
	if (c->resend_blocked > 0)
		return err_set(
			e, ERR_BLOCKED,
			"the resend of %ju rows was blocked: rudder-diff "
			"printed why, and how to allow it",
			(uintmax_t)c->resend_blocked);
	if (due(c) > 0 || n->open > 0)
		return err_set(e, ERR_PARTIAL,
			       "%ju of %ju receipts report a failure; %ju "
			       "changes are unacknowledged%s",
			       (uintmax_t)due(c), (uintmax_t)c->receipts,
			       (uintmax_t)n->open,
			       n->open > 0 ? " and sent again while their rows "
					     "are there"
					   : "");
	if (n->unknown > 0)
		return err_set(e, ERR_PARTIAL,
			       "%ju of %ju receipts are for changes that are "
			       "not pending",
			       (uintmax_t)n->unknown, (uintmax_t)c->receipts);
	if (c->postponed > 0)
		return err_set(e, ERR_PARTIAL,
			       "%ju changes wait for the next run, beyond "
			       "--max-changes",
			       (uintmax_t)c->postponed);
	if (c->reread)
		return err_set(e, ERR_PARTIAL,
			       "rows before the cursor may be due: the next "
			       "run reads all rows");
	return 0;
}

/* One error is printed; what else the commit has noticed becomes a warning. */
static int verdict(struct commit *c, const struct apply_counts *n,
		   struct err *e)
{
	int rc = receipts_verdict(c, n, e);
	struct err connection;

	if (state_connection_verdict(&c->connection, &connection) == 0)
		return rc;
	if (rc < 0 && !c->connection.conflict) {
		tool_warn("%s", connection.text);
		return -1;
	}
	*e = connection;
	return -1;
}

static int work(struct commit *c, struct err *e)
{
	const struct progress_count names[] = {
		{"receipts", &c->receipts},
		{"accepted", &c->accepted},
		{"rejected", &c->rejected},
		{"failed", &c->failed},
		{"unknown", &c->unknown},
		{"skipped", &c->skipped},
		{NULL, NULL},
	};
	/* in a pipe rudder-send shows them first */
	const struct progress_count *live = &names[1];
	struct apply_counts counts = {0};
	struct err read_error = {0};
	struct progress p;
	int rc;

	progress_init(&p, names);
	p.live = live;
	/* broken input ends the reading, not the commit of what was read */
	rc = read_receipts(c, &p, &read_error);
	progress_end(&p);
	count(c);
	if (rc < 0 && read_error.kind != ERR_DATA &&
	    read_error.kind != ERR_ABORT) {
		*e = read_error;
		return -1;
	}
	if (work_in(c, rc == 0, &counts, e) < 0 ||
	    progress_stats(&p, c->o->stats, e) < 0)
		return -1;
	if (rc < 0) {
		*e = read_error;
		return -1;
	}
	return verdict(c, &counts, e);
}

int commit_run(const struct commit_options *o, int in, struct err *e)
{
	struct commit c = {.o = o, .answers = {.fd = -1}};
	struct state s = {.dir_fd = -1, .lock_fd = -1};
	int rc;

	if (strcmp(o->rejected, "retry") != 0 &&
	    strcmp(o->rejected, "accept") != 0)
		return err_set(e, ERR_USAGE,
			       "option '--rejected': '%s' is not retry or "
			       "accept",
			       o->rejected);
	if (o->expect && expect_valid(o->expect, e) < 0)
		return -1;
	/* Ctrl-C reaches the whole pipeline: what the sender still says must
	 * be heard; the commit ends when its input does
	 */
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	/* its rudder-diff may not have made the folder yet */
	rc = state_open(&s, o->state, true, e);
	if (rc == 0) {
		c.state = &s;
		s.memory = o->memory;
		s.history = o->history;
		if (o->confine)
			reach_state(&(struct reach){.state = s.dir,
						    .state_fd = s.dir_fd,
						    .stats = o->stats});
		commit_report_init(&c.report, &s);
		c.report.keep_log_ms = o->keep_log_ms;
		c.report.expect = o->expect;
		input_init(&c.in, in, &o->input, take_down, &c);
		rc = work(&c, e);
		commit_report_close(&c.report, &c.in, rc, e);
		input_clear(&c.in);
		buf_clear(&c.reads);
		buf_clear(&c.sender);
		buf_clear(&c.refused);
		state_connection_clear(&c.connection);
	}
	if (c.open)
		journal_close(&c.answers);
	state_close(&s);
	return rc;
}
