#include "query/query.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/counts.h"
#include "core/moment.h"
#include "core/num.h"
#include "core/tool.h"
#include "query/chosen_model.h"
#include "query/cursor_range.h"
#include "query/delta.h"
#include "query/end_line.h"
#include "query/fingerprints.h"
#include "query/if_changed.h"
#include "query/listing.h"
#include "query/near_table.h"

enum { FLUSH_BYTES = 256 * 1024, SERVER_MS = 5000 };

static int parse_most(const char *text, struct num_share *most, struct err *e)
{
	*most = (struct num_share){0};
	if (text && num_share(slice_str(text), most) < 0)
		return err_names(
			e, ERR_USAGE,
			"option '--max-rejects': '%s' is not a count or "
			"a share like 5%%",
			text);
	return 0;
}

static const char *source_url(const struct query_options *o, struct err *e)
{
	const char *url = o->source ? o->source : getenv("RUDDER_SOURCE");

	if (!url || !*url)
		(void)err_set(e, ERR_USAGE,
			      "no source: use -d URL or set RUDDER_SOURCE");
	else if (o->source && source_has_password(url))
		tool_warn("other users can see a password on the command line; "
			  "use RUDDER_SOURCE, or the way that rudder-query(1) "
			  "shows for this source");
	return url && *url ? url : NULL;
}

/* Sets the time at which the run began, for people, and the clock by which
 * rudder-diff orders two runs.
 */
static void start_time(struct buf *stamp, struct buf *clock)
{
	clock_stamp(stamp, clock_wall_ms());
	moment_now(clock);
}

static int finish(struct rows *r, const struct query_options *o,
		  const struct cursor_range *since,
		  const struct if_changed *probe, struct err *e)
{
	if (o->columns || o->check)
		return writer_close(r->w, e);
	if (writer_flush(r->w, e) < 0 ||
	    cursor_range_came_on(since, o, r, e) < 0 ||
	    end_line_write_file(r, o, since, probe, e) < 0)
		return -1;
	end_line_put(r, since, probe, writer_buf(r->w));
	if (writer_line(r->w, e) < 0 || writer_close(r->w, e) < 0)
		return -1;
	return progress_stats(r->progress, o->stats, e);
}

/* Writes the finished rows before the error is reported; the stream then has no
 * end line.
 */
static void give_up(struct rows *r, const struct query_options *o)
{
	struct err ignored = {0};

	writer_undo(r->w);
	(void)!rows_step_failed(r, &ignored);
	if (writer_flush(r->w, &ignored) == 0)
		(void)!progress_stats(r->progress, o->stats, &ignored);
}

static void summary(const struct rows *r)
{
	struct buf b = {0};

	counts_add(&b, r->rows, "row");
	counts_as(&b, r->rejects, "rejected");
	counts_as(&b, r->skips, "skipped");
	if (r->partial)
		buf_str(&b, ", more rows exist");
	tool_summary("%s", buf_cstr(&b));
	buf_clear(&b);
}

/* Reads the rows from the cursor on. If the type of the cursor's column has
 * changed, its value means nothing, and all rows are read.
 */
static int read_rows(const struct query_options *o, const struct source *s,
		     const struct source_job *job, struct rows *r,
		     struct cursor_range *since, struct err *e)
{
	int rc = s->run(job, r, e);

	if (rc == 0 || !r->cursor_retyped)
		return rc;
	tool_warn("%s: reading all rows", e->text);
	*e = (struct err){0};
	cursor_range_forget(since);
	rows_clear(r);
	r->cursor_retyped = false;
	r->cursor_was = NULL;
	r->since = slice_of(NULL, 0);
	model_since(job->model, s->sql, o->cursor, NULL,
		    o->limit != UINT64_MAX);
	return s->run(job, r, e);
}

static int run_source(const struct query_options *o, const struct source *s,
		      const struct source_job *job, struct rows *r,
		      struct cursor_range *since, struct err *e)
{
	const struct progress_count counts[] = {{"rows", &r->rows},
						{"rejects", &r->rejects},
						{"skips", &r->skips},
						{0}};
	const struct progress_count live[] = {{"rows read", &r->rows}, {0}};
	struct progress progress;
	struct if_changed probe = {0};
	char why[REASONS_TEXT];
	int rc;

	r->probed = o->if_changed && !o->check && !o->columns;
	if (r->probed && if_changed_ask(&probe, o, s, job, r, e) < 0) {
		buf_clear(&probe.value);
		return -1;
	}
	progress_init(&progress, counts);
	progress.live = live;
	progress_beside(&progress);
	r->progress = &progress;
	r->partial = probe.same;
	if (probe.same)
		rc = rows_begin_any(r, e) < 0 ? -1 : 0;
	else
		rc = read_rows(o, s, job, r, since, e);
	if (rc == 0)
		rc = rows_complete(r, e);
	if (rc < 0)
		give_up(r, o);
	else
		rc = finish(r, o, since, &probe, e);
	progress_end(&progress);
	buf_clear(&probe.value);
	if (rc < 0 || o->columns || o->check)
		return rc;
	if (probe.same)
		tool_summary(
			"nothing to do: --if-changed returned the same value");
	else if (job->delta)
		delta_summary(job->delta, r);
	else
		summary(r);
	if (r->rejects == 0)
		return 0;
	reasons_say(&r->reasons, why);
	return err_set(e, ERR_PARTIAL, "%ju of %ju rows rejected: %s",
		       (uintmax_t)r->rejects, (uintmax_t)(r->rejects + r->rows),
		       why);
}

/* Hides standard input from a library, once the model was read from it. */
static int set_input_aside(const struct source *s, struct err *e)
{
	int aside = s->server ? tool_set_aside(STDIN_FILENO, e) : 0;

	if (aside > 0)
		close(aside);
	return aside < 0 ? -1 : 0;
}

static int start_at(struct cursor_range *since, const struct query_options *o,
		    const struct source *s, struct model *m, struct rows *r,
		    struct err *e)
{
	if (cursor_range_load(since, o, r->reads, s->sql, e) < 0)
		return -1;
	model_since(m, s->sql, o->cursor,
		    since->on ? buf_cstr(&since->from) : NULL,
		    o->limit != UINT64_MAX);
	if (since->type.n > 0 && !o->check && !o->columns)
		r->cursor_was = buf_cstr(&since->type);
	if (since->on)
		r->since = buf_all(&since->value);
	return 0;
}

/* With --tables for a project or manifest, uses the source of listing.h
 * instead, whose URL goes to b. NULL otherwise.
 */
static const struct source *find_listing(struct query_options *o, struct buf *b)
{
	const struct source *s = o->dbt ? &listing_dbt : &listing_project;

	if (!o->tables || o->model || (!o->dbt && !o->project) ||
	    (o->dbt && o->project))
		return NULL;
	buf_fmt(b, "%s:%s", s->scheme[0], o->dbt ? o->dbt : o->project);
	o->dbt = o->project = NULL;
	o->tables = false;
	return s;
}

/* Texts of the begin line. */
struct run_texts {
	struct buf run, stamp, clock;
	struct fingerprints prints;
};

static void describe_run(struct rows *r, struct run_texts *t,
			 const struct query_options *o, struct chosen_model *p)
{
	start_time(&t->stamp, &t->clock);
	r->cursor = o->cursor;
	r->key = buf_all(&p->key);
	r->key_asked = o->key || o->delta;
	r->part = p->part.n > 0 ? buf_cstr(&p->part_text) : NULL;
	r->part_of = p->part.n > 0 ? &p->part : NULL;
	r->mode = buf_all(&p->mode);
	r->cursor_column = buf_all(&p->cursor);
	r->run = buf_cstr(&t->run);
	r->model = buf_cstr(&t->prints.model);
	r->params = buf_cstr(&t->prints.params);
	r->source = buf_cstr(&t->prints.source);
	r->reads = buf_cstr(&t->prints.reads);
	r->started = buf_cstr(&t->stamp);
	r->clock = buf_cstr(&t->clock);
}

static void clear_texts(struct run_texts *t)
{
	buf_clear(&t->run);
	buf_clear(&t->stamp);
	buf_clear(&t->clock);
	fingerprints_clear(&t->prints);
}

/* Reads the rows of the model. */
static int run_model(const struct query_options *o, const struct source *s,
		     struct source_job *job, struct rows *r, struct err *e)
{
	struct cursor_range since = {0};
	struct delta delta = {0};
	int rc = 0;

	if (o->timeout_ms > 0) /* a server ends the statement itself, so wait a
				* little longer */
		r->until_ms = clock_mono_ms() + o->timeout_ms +
			      (s->server ? SERVER_MS : 0);
	if (o->cursor)
		rc = start_at(&since, o, s, job->model, r, e);
	if (rc == 0 && o->delta) {
		rc = delta_init(&delta, o, r->key, e);
		job->delta = &delta;
		r->steps_delta = true;
	}
	if (rc == 0) {
		r->w = writer_new(r->fd, FLUSH_BYTES);
		rc = run_source(o, s, job, r, &since, e);
		if (rc < 0 && !o->tables)
			near_table_explain(s, job, e);
		writer_free(r->w);
	}
	rows_clear(r);
	cursor_range_clear(&since);
	delta_clear(&delta);
	return rc;
}

int query_run(const struct query_options *asked, int in, int out, struct err *e)
{
	struct query_options own = *asked, *o = &own;
	struct buf models = {0};
	const struct source *listing = find_listing(o, &models);
	const char *url = listing ? buf_cstr(&models) : source_url(o, e);
	const struct source *s = listing ? listing
				 : url   ? source_find(url, e)
					 : NULL;
	struct rows r = {.fd = out,
			 .limit = o->limit,
			 .list = o->columns,
			 .check = o->check,
			 .cursor_type = "any",
			 .overlap = o->overlap,
			 .legacy = o->legacy};
	struct chosen_model p = {.param = NULL};
	struct run_texts texts = {.run = {0}};
	struct source_job job = {.url = url,
				 .in = in,
				 .model = &p.model,
				 .columns = o->table_columns,
				 .timeout_ms = o->timeout_ms};
	int rc = -1;

	own.source = url;
	if (end_line_forget_file(o, e) < 0 || !s ||
	    parse_most(o->max_rejects, &r.most, e) < 0 ||
	    source_take(s, &o->given, job.option, e) < 0 ||
	    chosen_model_take(&p, o, s, e) < 0 ||
	    clock_given_run_id(&texts.run, e) < 0 || set_input_aside(s, e) < 0)
		goto out;
	job.where = strchr(url, ':') + 1;
	fingerprints_take(&texts.prints, o, s, url, &p.model);
	describe_run(&r, &texts, o, &p);
	if (!o->check && !o->columns)
		tool_set_owner(slice_str(o->cursor_state), slice_str(r.run));
	rc = run_model(o, s, &job, &r, e);
out:
	chosen_model_clear(&p);
	buf_clear(&models);
	clear_texts(&texts);
	return rc;
}
