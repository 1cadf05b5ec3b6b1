#include "diff/commit.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/tool.h"
#include "diff/commit_open.h"
#include "diff/commit_verdict.h"
#include "diff/expect.h"
#include "diff/reach.h"
#include "diff/state/base_file.h"
#include "diff/state/cursor_file.h"
#include "diff/state/hold.h"
#include "diff/state/runs.h"
#include "diff/state/started.h"
#include "wire/state/sent.h"

/* Whether the next run has something to do even if the source does not change.
 */
static bool still_due(const struct commit *c)
{
	return c->blocked + c->deferred + c->overtaken + c->resend_blocked >
		       0 ||
	       c->connection.resend;
}

/* Whether each row that was read is settled: then no row has to be read again
 * before it changes.
 */
static bool settled(const struct commit *c, const struct apply_counts *n,
		    uint64_t rejects)
{
	struct err ignored;

	return c->ours && commit_due(c) == 0 && c->postponed == 0 &&
	       c->in.rejects <= rejects && n->open == 0 && n->unknown == 0 &&
	       input_complete(&c->in, &ignored) == 0;
}

/* Stores how far the source was read, if each row up to there is settled. */
static int keep_cursor(const struct commit *c, const struct apply_counts *n,
		       struct err *e)
{
	struct slice cursor = buf_all(&c->in.cursor);
	bool probe = cursor_file_is_probe(cursor);

	if (c->connection.resend) /* every row must be read for the resend */
		return cursor_file_forget(c->state, e);
	if (cursor.n == 0)
		return 0;
	if (!settled(c, n, 0) || (probe && still_due(c))) {
		tool_info("some rows are not settled, so the cursor stays; the "
			  "next run reads them again");
		return probe ? cursor_file_forget(c->state, e) : 0;
	}
	return cursor_file_store(c->state, cursor, buf_all(&c->reads),
				 n->generation, e);
}

/* Whether all receipts of the last attempt of the state have arrived, from a
 * real run.
 */
static bool saw_all(const struct commit *c)
{
	struct err ignored;

	return c->open && c->ours && c->in.ended && !c->more &&
	       c->dry_run == 0 && input_complete(&c->in, &ignored) == 0;
}

/* Whether, in addition, the run had nothing more to send. */
static bool saw_whole(const struct commit *c)
{
	return saw_all(c) && !c->in.partial && c->blocked == 0 &&
	       c->postponed == 0;
}

/* Finds out what the sender of these receipts could not know: whether another
 * sender is sending, or has sent, the same events.
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

/* Drops the attempts of this sender: all its receipts have arrived. */
static int forget_sender(struct commit *c, const struct apply_counts *n,
			 struct err *e)
{
	if (n->open == 0 || c->sender.n != SENT_ID || !saw_all(c))
		return 0;
	return sent_settled(c->state->dir, c->attempt, buf_cstr(&c->sender), e);
}

/* Counts the rows that the next run resends. */
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

/* Lifts the hold of a plan when all its receipts have arrived, whatever they
 * report.
 */
static int lift_hold(const struct commit *c, const struct apply_counts *n,
		     struct err *e)
{
	if (n->open > 0 && !saw_all(c))
		return 0;
	return hold_lift(c->state->dir, e);
}

/* Settles the base of --delta. A permanently rejected row would keep all keys
 * of the run open, so in that case only the keys that the run noted stay open.
 */
static int keep_base(const struct commit *c, const struct apply_counts *n,
		     struct err *e)
{
	if (c->connection.resend)
		return base_file_void(c->state, e);
	if (c->base.n == 0 || still_due(c) || c->postponed > 0 || !saw_all(c))
		return 0;
	if (settled(c, n, c->base_rejects))
		return base_file_settle(c->state, buf_all(&c->base),
					n->generation, e);
	return base_file_narrow(c->state, buf_all(&c->base), n->generation, e);
}

static int apply_all(struct commit *c, bool whole, struct apply_counts *counts,
		     struct err *e)
{
	enum { RUN_ENDS_MS = 600 * 1000 };
	if (!c->open)
		return 0;
	if (saw_all(c))
		apply_complete(&c->answers, c->attempt);
	if (journal_flush(&c->answers.file, true, e) < 0 ||
	    state_lock_writing(c->state, RUN_ENDS_MS, e) < 0 ||
	    runs_check_snapshot(c->state, e) < 0 ||
	    (c->ours && c->dry_run == 0 &&
	     started_store(c->state, buf_all(&c->in.clock), e) < 0) ||
	    find_others(c, e) < 0)
		return -1;
	c->connection.accepted =
		c->accepted > 0 ||
		(c->connection.agreed && saw_all(c) && c->receipts == 0);
	c->connection.settled = c->settled > 0;
	c->connection.aborted = c->in.abort.status > 0;
	c->state->partly = c->more;
	c->state->dry_run = c->ours && c->dry_run > 0 && c->accepted == 0 &&
			    c->unknown == 0;
	if (c->ours && c->dry_run == 0)
		c->state->connection = &c->connection;
	if (apply(c->state, &c->answers, commit_accepts_rejected(c), counts,
		  e) < 0 ||
	    lift_hold(c, counts, e) < 0 || count_keys(c, e) < 0 ||
	    forget_sender(c, counts, e) < 0)
		return -1;
	commit_report_applied(&c->report, counts, saw_whole(c));
	if (!whole && !c->connection.resend)
		return 0;
	return keep_base(c, counts, e) < 0 ? -1 : keep_cursor(c, counts, e);
}

/* Fills in the counts of the record of the run. */
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
	if (c->untried > 0)
		commit_report_count(t, RUNS_UNTRIED, c->untried);
}

static int work(struct commit *c, struct err *e)
{
	const struct progress_count names[] = {
		{"receipts", &c->receipts}, {"accepted", &c->accepted},
		{"rejected", &c->rejected}, {"failed", &c->failed},
		{"untried", &c->untried},   {"unknown", &c->unknown},
		{"skipped", &c->skipped},   {NULL, NULL},
	};
	/* in a pipe rudder-send shows the receipts first */
	const struct progress_count *live = &names[1];
	struct apply_counts counts = {0};
	struct err read_error = {0};
	struct progress p;
	int rc;

	progress_init(&p, names);
	p.live = live;
	/* broken input ends the reading, but what was read is applied */
	rc = commit_receipts_read(c, &p, &read_error);
	progress_end(&p);
	count(c);
	if (rc < 0 && read_error.kind != ERR_DATA &&
	    read_error.kind != ERR_ABORT) {
		*e = read_error;
		return -1;
	}
	if (apply_all(c, rc == 0, &counts, e) < 0 ||
	    progress_stats(&p, c->o->stats, e) < 0)
		return -1;
	if (rc < 0) {
		*e = read_error;
		return -1;
	}
	return commit_verdict(c, &counts, e);
}

static int check_options(const struct commit_options *o, struct err *e)
{
	if (strcmp(o->rejected, "retry") != 0 &&
	    strcmp(o->rejected, "accept") != 0)
		return err_names(e, ERR_USAGE,
				 "option '--rejected': '%s' is not retry or "
				 "accept",
				 o->rejected);
	return o->expect ? expect_valid(o->expect, e) : 0;
}

/* Whether rudder-diff reports the same failure: the state cannot be written to,
 * and the abort line of rudder-diff is about to arrive.
 */
static bool is_reported_by_diff(struct commit *c, const struct err *e)
{
	enum { WAIT_MS = 1000 };
	struct pollfd p = {.fd = c->report.fd, .events = POLLIN};
	const struct abort_line *a = &c->in.abort;
	struct err ignored;

	if (c->open || (e->kind != ERR_CREATE && e->kind != ERR_DENIED))
		return false;
	while (a->status == 0 && c->in.kind == INPUT_BEGIN &&
	       (input_at_hand(&c->in, &ignored) > 0 ||
		(poll(&p, 1, WAIT_MS) > 0 && input_next(&c->in, &ignored) > 0)))
		;
	return strcmp(a->stage, "diff") == 0 &&
	       (a->status == err_status(ERR_CREATE) ||
		a->status == err_status(ERR_DENIED));
}

/* Commits into an open state, and records the run however it ends. */
static int commit_into(struct commit *c, int in, struct err *e)
{
	const struct commit_options *o = c->o;
	int rc;

	c->state->memory = o->memory;
	c->state->history = o->history;
	if (o->confine)
		reach_state(&(struct reach){.state = c->state->dir,
					    .state_fd = c->state->dir_fd,
					    .stats = o->stats});
	commit_report_init(&c->report, c->state);
	c->report.fd = in;
	c->report.keep_log_ms = o->keep_log_ms;
	c->report.keep_runs =
		o->keep_runs > 0 ? (size_t)o->keep_runs : RUNS_KEPT;
	c->report.expect = o->expect;
	input_init(&c->in, in, &o->input, commit_receipts_down, c);
	rc = work(c, e);
	commit_report_close(&c->report, &c->in, rc, e);
	if (rc < 0 && e->kind == ERR_BLOCKED && c->blocked_reason.n > 0 &&
	    !c->in.in_file)
		e->text[0] = '\0'; /* the stage that blocked has printed it */
	if (rc < 0 && e->kind == ERR_PARTIAL && c->stopped && tool_is_stage())
		e->text[0] = '\0'; /* rudder run --canary goes on */
	if (rc < 0 && is_reported_by_diff(c, e))
		e->text[0] = '\0';
	input_clear(&c->in);
	buf_clear(&c->blocked_reason);
	buf_clear(&c->reads);
	buf_clear(&c->base);
	buf_clear(&c->sender);
	buf_clear(&c->refused);
	state_connection_clear(&c->connection);
	if (c->open)
		apply_close(&c->answers);
	return rc;
}

int commit_run(const struct commit_options *o, int in, struct err *e)
{
	struct state s = {.dir_fd = -1, .lock_fd = -1};
	struct commit c = {.o = o, .state = &s, .answers.file.fd = -1};
	int rc;

	if (check_options(o, e) < 0)
		return -1;
	/* Ctrl-C reaches the whole pipeline. Receipts that the sender still
	 * writes must be read, so the commit ends when its input does.
	 */
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	rc = commit_open(&s, o, in, e);
	if (rc == 0)
		rc = commit_into(&c, in, e);
	state_close(&s);
	return rc < 0 ? -1 : 0;
}
