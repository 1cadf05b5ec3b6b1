#include "diff/show_runs.h"

#include <stdlib.h>

#include "core/clock.h"
#include "core/mem.h"
#include "core/tool.h"
#include "core/writer.h"
#include "diff/state/erase.h"
#include "diff/state/receipt_log.h"
#include "diff/state/runs.h"
#include "diff/state/started.h"
#include "wire/json/json.h"

enum { OUTPUT = 256 * 1024 };

/* ---- status ------------------------------------------------------------ */

struct last_runs {
	struct run_record last, good;
	bool any, any_good;
	char now[RUNS_STAMP + 1];
	char after[RUNS_STAMP + 1]; /* time of a run after the good one */
};

static bool take_run(void *ctx, const struct run_record *r, struct slice line)
{
	struct last_runs *l = ctx;
	const char *at = r->ended[0] ? r->ended : r->started;

	(void)line;
	l->last = *r;
	l->any = true;
	if (r->status == 0) {
		l->good = *r;
		l->any_good = true;
		l->after[0] = '\0';
	} else if (at[0] && strcmp(at, l->now) <= 0 &&
		   (!l->after[0] || strcmp(at, l->after) < 0)) {
		memcpy(l->after, at, sizeof(l->after));
	}
	return true;
}

/* A good run whose clock was ahead must not look recent for years: it ended
 * before a run that was recorded after it, so that time is used.
 */
static void clamp(struct last_runs *l)
{
	if (l->any_good && l->after[0] && strcmp(l->good.ended, l->now) > 0)
		memcpy(l->good.ended, l->after, sizeof(l->good.ended));
}

static void too_old(const struct last_runs *l, uint64_t max_age_ms,
		    struct err *old)
{
	uint64_t now = clock_wall_ms();
	char oldest[RUNS_STAMP + 1], newest[RUNS_STAMP + 1];

	if (max_age_ms == 0)
		return;
	runs_stamp(oldest, now > max_age_ms ? now - max_age_ms : 0);
	runs_stamp(newest, now + STARTED_TOLERANCE_MS);
	if (!l->any_good)
		err_set(old, ERR_EXPECT,
			"no run of this state has succeeded%s%s",
			l->last.reason[0] ? ": " : "", l->last.reason);
	else if (strcmp(l->good.ended, newest) > 0)
		err_set(old, ERR_EXPECT,
			"the last run that succeeded ended in the future, at "
			"%s: check the clocks, and run again",
			l->good.ended);
	else if (strcmp(l->good.ended, oldest) < 0)
		err_set(old, ERR_EXPECT, "no run has succeeded since %s%s%s",
			l->good.ended, l->last.reason[0] ? ": " : "",
			l->last.reason);
}

static void add_time(struct buf *b, const char *name, bool any,
		     const char *stamp)
{
	if (any && stamp[0])
		control_add_text(b, name, slice_str(stamp));
	else
		buf_fmt(b, ",\"%s\":null", name);
}

int show_runs_status(const struct state *s, struct buf *b, uint64_t max_age_ms,
		     struct err *old, struct err *e)
{
	struct last_runs *l = mem_zero(sizeof(*l));
	const struct run_record *r = &l->last;
	struct state_token token;
	struct run_record missing;
	int rc;

	runs_stamp(l->now, clock_wall_ms());
	rc = runs_each(s, take_run, l, e);
	clamp(l);
	state_last(s, &token);
	if (rc == 0 && !token.held && runs_unrecorded(s, &token, &missing))
		take_run(l, &missing, slice_of(NULL, 0));
	add_time(b, "last_run", l->any, r->ended[0] ? r->ended : r->started);
	add_time(b, "last_ok", l->any_good, l->good.ended);
	if (l->any && r->status >= 0)
		control_add_count(b, "last_status", (uint64_t)r->status);
	else
		buf_str(b, ",\"last_status\":null");
	if (l->any)
		control_add_text(b, "last_reason", slice_str(r->reason));
	control_add_count(b, "failing", failing_count(s));
	if (token.held && !token.other) {
		runs_stamp(missing.started, token.taken_ms);
		control_add_text(b, "running_since",
				 slice_str(missing.started));
	}
	too_old(l, max_age_ms, old);
	free(l);
	return rc;
}

/* ---- lists ------------------------------------------------------------- */

struct listing {
	struct state s;
	struct writer *out;
	struct err *e;
	bool failed;
};

static int start(struct listing *x, const char *dir, int out, struct err *e)
{
	*x = (struct listing){.out = writer_new(out, OUTPUT), .e = e};
	return state_open(&x->s, dir, false, e);
}

static int finish(struct listing *x, int rc, struct err *e)
{
	if (rc == 0)
		rc = writer_close(x->out, e);
	writer_free(x->out);
	state_close(&x->s);
	return rc;
}

static bool put_run(void *ctx, const struct run_record *r, struct slice line)
{
	struct listing *x = ctx;

	(void)r;
	buf_slice(writer_buf(x->out), line);
	x->failed = writer_line(x->out, x->e) < 0;
	return !x->failed;
}

int show_runs_all(const char *dir, int out, struct err *e)
{
	struct state_token token;
	struct run_record missing;
	struct listing x;
	int rc = start(&x, dir, out, e);

	if (rc == 0)
		rc = runs_each(&x.s, put_run, &x, e);
	if (x.failed)
		rc = -1;
	if (rc == 0)
		rc = state_load_head(&x.s, e);
	if (rc == 0) {
		state_last(&x.s, &token);
		if (!token.held && runs_unrecorded(&x.s, &token, &missing)) {
			runs_show(writer_buf(x.out), &missing);
			rc = writer_line(x.out, e);
		}
	}
	return finish(&x, rc, e);
}

int show_runs_failing(const char *dir, int out, struct err *e)
{
	bool whole = tool_logs(TOOL_INFO);
	struct failing f = {.n = 0};
	struct listing x;
	int rc = start(&x, dir, out, e);

	if (rc == 0)
		failing_load(&f, &x.s);
	for (size_t i = 0; i < f.n && rc == 0; i++) {
		failing_show(&f, i, whole, writer_buf(x.out));
		rc = writer_line(x.out, e);
	}
	failing_clear(&f);
	return finish(&x, rc, e);
}

/* ---- one key ----------------------------------------------------------- */

/* Reasons of keys that are settled without a logged receipt, as JSON. */
static const char settled_no_log[] =
	"\"sent, omitted (by a condition, for example) or recorded by "
	"--rebase: "
	"which and when is not known; commit with --keep-log 30d (keep: {log: "
	"30d}) to record each change from now on\"";
static const char settled_unlogged[] =
	"\"sent, omitted (by a condition, for example) or recorded by "
	"--rebase: "
	"which and when is not known, because no receipt of it is kept\"";

static void put_id(struct buf *b, const struct key *k, struct slice text)
{
	b->n = 0;
	key_id(k, b, text);
}

/* Whether the log has a receipt of that run. */
static bool is_logged(struct slice log, const char *run)
{
	return run[0] != '\0' && log.n > 0 &&
	       memmem(log.p, log.n, run, strlen(run)) != NULL;
}

/* Shows what the snapshot has of the key. The version says neither in which run
 * it was set, nor whether an event was sent.
 */
static void show_settled(const struct state *s, const struct key *k,
			 const char *id, bool logs, struct buf *b, size_t *n)
{
	const struct snapshot *x = &s->snapshot;
	struct receipt_log_row row = {
		.status = "settled",
		.reason = slice_str(logs ? settled_unlogged : settled_no_log),
	};
	struct buf text = {0};

	for (size_t i = snapshot_live(x, 0); i < x->places;
	     i = snapshot_live(x, i + 1)) {
		if (!erase_has_id(k, snapshot_text(x, i), id))
			continue;
		put_id(&text, k, snapshot_text(x, i));
		row.id = buf_all(&text);
		receipt_log_row(b, s, &row);
		++*n;
	}
	buf_clear(&text);
}

/* Shows changes that left and are unacknowledged. */
static int show_pending(const struct state *s, const struct key *k,
			const char *id, struct buf *b, size_t *n, struct err *e)
{
	struct receipt_log_row row = {
		.status = "pending",
		.reason =
			slice_str("\"unacknowledged: it may have been sent\""),
	};
	struct buf text = {0}, action = {0}, run = {0};
	struct unacked_walk w;
	struct intent t;
	int rc;

	buf_slice(&run, s->pending.run);
	row.run = buf_cstr(&run);
	state_walk(s, &w);
	while ((rc = state_next(s, &w, &t, e)) > 0) {
		if (t.action == PENDING_SAME ||
		    !erase_has_id(k, slice_of(t.text, t.text_n), id))
			continue;
		put_id(&text, k, slice_of(t.text, t.text_n));
		action.n = 0;
		json_string(&action, slice_str(pending_word(t.action)));
		row.id = buf_all(&text);
		row.operation = buf_all(&action);
		receipt_log_row(b, s, &row);
		++*n;
	}
	buf_clear(&text);
	buf_clear(&action);
	buf_clear(&run);
	return rc;
}

/* Shows a failure that the log does not have. *more: the key may fail without
 * being listed.
 */
static void show_failing(const struct state *s, const struct key *k,
			 const char *id, struct slice log, struct buf *b,
			 size_t *n, bool *more)
{
	struct receipt_log_row row = {.status = "failed"};
	struct failing_receipt r;
	struct buf reason = {0};
	struct failing f;

	failing_load(&f, s);
	*more = f.more > 0;
	for (size_t i = 0; i < f.n; i++) {
		failing_values(&f, i, tool_logs(TOOL_INFO), &r, &reason);
		if (!erase_has_value(k, r.id, id))
			continue;
		*more = true;
		if (is_logged(log, f.key[i].run))
			continue;
		row.id = r.id;
		row.operation = r.action;
		row.reason = r.reason;
		row.run = f.key[i].run;
		row.ended = f.key[i].last;
		receipt_log_row(b, s, &row);
		++*n;
	}
	buf_clear(&reason);
	failing_clear(&f);
}

/* Whether the last logged receipt explains why the snapshot has the key. The
 * delete of an identity may follow the insert of another key with it.
 */
static bool explains(const struct receipt_log_seen *seen, const struct key *k)
{
	return seen->settled_last && (!seen->deleted || key_identifies(k));
}

/* Shows everything about the key, oldest first. An entry that is settled
 * without a receipt comes before failures and pending changes, and after the
 * log.
 */
static int show_key(const struct state *s, const struct key *k, const char *id,
		    struct buf *b, struct receipt_log_seen *seen, size_t *n,
		    struct err *e)
{
	struct buf log = {0}, open = {0};
	size_t n_open = 0;
	bool fails = false;
	int rc =
		receipt_log_show(s, k, id, tool_logs(TOOL_INFO), &log, seen, e);

	if (rc == 0) {
		show_failing(s, k, id, buf_all(&log), &open, &n_open, &fails);
		rc = show_pending(s, k, id, &open, &n_open, e);
	}
	fails = fails || n_open > 0;
	*n = seen->n + n_open;
	if (fails && !seen->settled)
		show_settled(s, k, id, seen->files > 0, b, n);
	buf_slice(b, buf_all(&log));
	if (!fails && !explains(seen, k))
		show_settled(s, k, id, seen->files > 0, b, n);
	buf_slice(b, buf_all(&open));
	buf_clear(&log);
	buf_clear(&open);
	return rc;
}

static int no_such_key(const struct state *s, const char *id,
		       const struct receipt_log_seen *seen, struct err *e)
{
	if (strcmp(id, "json") == 0 || strcmp(id, "text") == 0)
		return err_set(e, ERR_INPUT,
			       "the state '%s' has no such key; the form of "
			       "messages is --log-format",
			       s->dir);
	return err_set(e, ERR_INPUT,
		       "the state '%s' has no such key: it was not in the last "
		       "result, nothing of it was sent yet, or it was "
		       "deleted%s",
		       s->dir,
		       seen->files > 0
			       ? ""
			       : "; commit with --keep-log 30d (keep: {log: "
				 "30d}) to record each change from now on");
}

int show_runs_log(const char *dir, const char *id, int out, struct err *e)
{
	struct receipt_log_seen seen = {.n = 0};
	struct key key = {0};
	struct buf b = {0};
	struct listing x;
	int rc = start(&x, dir, out, e);
	size_t n = 0;

	if (rc == 0)
		rc = state_load(&x.s, e);
	if (rc == 0)
		rc = snapshot_whole(&x.s.snapshot, e);
	if (rc == 0 && x.s.columns.n > 0)
		rc = key_from_json(&key, x.s.columns, e);
	if (rc == 0)
		rc = show_key(&x.s, &key, id, &b, &seen, &n, e);
	if (rc == 0 && n == 0)
		rc = no_such_key(&x.s, id, &seen, e);
	if (rc == 0) {
		buf_add(writer_buf(x.out), b.p, b.n - 1); /* it adds LF */
		rc = writer_line(x.out, e);
	}
	buf_clear(&b);
	key_clear(&key);
	return finish(&x, rc, e);
}
