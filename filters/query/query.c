#include "query/query.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/counts.h"
#include "core/mem.h"
#include "core/moment.h"
#include "core/num.h"
#include "core/tool.h"
#include "query/cursor_range.h"
#include "query/dbt.h"
#include "query/delta.h"
#include "query/end_line.h"
#include "query/fingerprints.h"
#include "query/if_changed.h"
#include "query/listing.h"
#include "query/part.h"
#include "query/rudder_cli.h"
#include "query/source.h"
#include "wire/json/json.h"

enum { FLUSH_BYTES = 256 * 1024, SERVER_MS = 5000 };

static int parse_most(const char *text, struct num_share *most, struct err *e)
{
	*most = (struct num_share){0};
	if (text && num_share(slice_str(text), most) < 0)
		return err_set(e, ERR_USAGE,
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

static bool is_name(struct slice s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		      c == '_' || (unsigned char)c >= 0x80 ||
		      (i > 0 && c >= '0' && c <= '9')))
			return false;
	}
	return s.n > 0;
}

static int parse_params(const struct opt_list *list, struct model_param *p,
			struct err *e)
{
	for (size_t i = 0; i < list->n; i++) {
		const char *eq = strchr(list->v[i], '=');
		struct slice name = slice_of(
			list->v[i], eq ? (size_t)(eq - list->v[i]) : 0);

		if (!is_name(name))
			return err_set(e, ERR_USAGE,
				       "option '--param': '%s' is not "
				       "name=value",
				       list->v[i]);
		for (size_t k = 0; k < i; k++) {
			if (slice_eq(name, p[k].name))
				return err_set(e, ERR_USAGE,
					       "duplicate parameter '%.*s'",
					       SLICE_FMT(name));
		}
		p[i] = (struct model_param){.name = name, .value = eq + 1};
	}
	return 0;
}

/* What comes with a model, for rudder-diff: see rows.h. */
struct sync_hints {
	struct buf key, mode, cursor;
};

/* SQL of another database may mean something else here. */
static void compare_definition(const char *definition, const struct source *s,
			       const struct query_options *o)
{
	if (!*definition || source_is(s, definition))
		return;
	tool_warn("the model of '%s' is written for %s, but the source is %s:, "
		  "where its SQL may mean something else",
		  o->project, definition, s->scheme[0]);
}

static int read_project(const struct query_options *o, const struct source *s,
			struct rudder_cli *retl, struct sync_hints *k,
			struct err *e)
{
	if (rudder_cli_model(retl, o->project, o->model, e) < 0)
		return -1;
	compare_definition(buf_cstr(&retl->definition), s, o);
	if (retl->key.n > 0) {
		buf_char(&k->key, '[');
		json_string(&k->key, buf_all(&retl->key));
		buf_char(&k->key, ']');
	}
	buf_slice(&k->mode, buf_all(&retl->mode));
	buf_slice(&k->cursor, buf_all(&retl->cursor));
	return 0;
}

/* -k over what the model says of its key, which --partition needs. */
static int take_key(const struct query_options *o, const struct source *s,
		    const struct model_part *part, struct model *m,
		    struct buf *key, struct err *e)
{
	if (o->key) {
		key->n = 0;
		if (part_key(key, o->key, e) < 0)
			return -1;
	}
	if (part->n == 0)
		return 0;
	if (!s->sql)
		return err_set(e, ERR_USAGE,
			       "source '%s:' has no model for --partition",
			       s->scheme[0]);
	if (!s->sql->part || slice_starts(slice_str(o->source), "redshift:"))
		return err_set(e, ERR_CONFIG,
			       "--partition was not tried on the database of "
			       "this source; it knows PostgreSQL, MySQL, "
			       "ClickHouse, Trino, SQLite, DuckDB and Parquet");
	if (key->n == 0)
		return err_set(e, ERR_USAGE,
			       "--partition needs the key of the rows: -k "
			       "COLUMN");
	part_wrap(part, buf_all(key), m, s->sql);
	return 0;
}

/* Exactly one model where the source takes one, else none. */
static int read_model(struct query_options *o, const struct source *s,
		      struct model_param *params, const struct model_part *part,
		      struct model *m, struct sync_hints *k, struct err *e)
{
	struct model_from from = {
		.file = o->file,
		.sql = o->sql,
		.table = o->table,
		.param = params,
		.columns = o->table_columns,
		.n = o->params.n,
	};
	struct rudder_cli retl = {0};
	struct buf dbt = {0};
	int n = (o->file != NULL) + (o->sql != NULL) + (o->table != NULL) +
		(o->dbt != NULL) + (o->project != NULL);
	int rc = 0;

	if (o->dbt && !o->model)
		return err_set(e, ERR_USAGE, "--dbt needs --model");
	if (o->model && !o->dbt && !o->project)
		return err_set(e, ERR_USAGE,
			       "--model needs --dbt or --project");
	if (!s->sql && (o->params.n > 0 || o->cursor))
		return err_set(e, ERR_USAGE,
			       "source '%s:' does not support --%s",
			       s->scheme[0], o->cursor ? "cursor" : "param");
	if ((!o->project && cursor_range_check(o, e) < 0) ||
	    if_changed_check(o, s, e) < 0 || delta_check(o, s, e) < 0)
		return -1;
	if (o->table_columns && !o->table && !s->fields)
		return err_set(e, ERR_USAGE, "-c needs -t TABLE, csv: or tsv:");
	if (o->tables && (n > 0 || o->cursor || !s->tables))
		return s->tables ? err_set(e, ERR_USAGE,
					   "--tables excludes a model and "
					   "--cursor")
				 : err_set(e, ERR_USAGE,
					   "source '%s:' cannot list tables",
					   s->scheme[0]);
	if (o->tables)
		from.sql = s->tables;
	n += o->tables;
	if (!s->sql && n > 0)
		return err_set(e, ERR_USAGE,
			       "source '%s:' takes no model: it reads all rows",
			       s->scheme[0]);
	if (!s->sql)
		return take_key(o, s, part, m, &k->key, e);
	if (n == 0)
		from.table = s->whole;
	if (n == 0 && !s->whole)
		return err_set(e, ERR_USAGE,
			       "no model: use a file, -e SQL or -t TABLE");
	if (n > 1)
		return err_set(e, ERR_USAGE,
			       "more than one model: use only one of a file, "
			       "-e SQL and -t TABLE");
	if (o->dbt) {
		rc = dbt_model(&dbt, &k->key, o->dbt, o->model, e);
		from.sql = buf_cstr(&dbt);
	}
	if (o->project) {
		rc = read_project(o, s, &retl, k, e);
		if (!o->cursor && !o->if_changed &&
		    (o->cursor_state || o->since) && k->cursor.n > 0)
			o->cursor = buf_cstr(&k->cursor);
		if (rc == 0)
			rc = cursor_range_check(o, e);
		from.sql = retl.sql.p;
		from.table = retl.table.p;
	}
	if (rc == 0)
		rc = model_read(m, &from, s->sql, e);
	if (rc == 0)
		rc = take_key(o, s, part, m, &k->key, e);
	if (o->tables)
		m->name = "--tables";
	if (o->dbt || o->project)
		m->name = o->model ? o->model : o->project;
	rudder_cli_clear(&retl);
	buf_clear(&dbt);
	return rc;
}

/* When the run began, for people, and for rudder-diff to tell which of two runs
 * read later.
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

/* Finished rows are written before the error is reported; the stream then has
 * no end line.
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

/* The rows from the cursor on, or all where its column has another type now,
 * for which the value means nothing.
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

/* The model has been read; nobody else reads standard input from here on. */
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

/* The models of a project or manifest instead of a source: its URL is that of
 * listing.h, in b.
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
	struct cursor_range since = {0};
	struct buf run_text = {0}, stamp = {0}, clock = {0};
	struct fingerprints prints = {0};
	struct sync_hints known = {0};
	struct model_param *params =
		mem_zero((o->params.n + 2) * sizeof(*params));
	struct model m = {0};
	struct model_part part = {0};
	struct delta delta = {0};
	struct buf part_text = {0};
	struct source_job job = {.url = url, .in = in, .model = &m};
	int rc = -1;

	own.source = url;
	if (end_line_forget_file(o, e) < 0 || !s ||
	    parse_most(o->max_rejects, &r.most, e) < 0 ||
	    source_take(s, &o->given, job.option, e) < 0 ||
	    parse_params(&o->params, params, e) < 0 ||
	    part_parse(&part, o->partition, e) < 0 ||
	    read_model(o, s, params, &part, &m, &known, e) < 0 ||
	    clock_given_run_id(&run_text, e) < 0 || set_input_aside(s, e) < 0)
		goto out;
	r.cursor = o->cursor;
	r.key = buf_all(&known.key);
	r.key_asked = o->key || o->delta;
	if (part.n > 0) {
		part_show(&part, &part_text);
		r.part = buf_cstr(&part_text);
	}
	r.mode = buf_all(&known.mode);
	r.cursor_column = buf_all(&known.cursor);
	job.where = strchr(url, ':') + 1;
	job.timeout_ms = o->timeout_ms;
	if (o->timeout_ms > 0) /* a server ends its statement itself */
		r.until_ms = clock_mono_ms() + o->timeout_ms +
			     (s->server ? SERVER_MS : 0);
	job.columns = o->table_columns;
	fingerprints_take(&prints, o, s, url, &m);
	start_time(&stamp, &clock);
	r.run = buf_cstr(&run_text);
	if (!o->check && !o->columns)
		tool_set_owner(slice_str(o->cursor_state), slice_str(r.run));
	r.model = buf_cstr(&prints.model);
	r.params = buf_cstr(&prints.params);
	r.source = buf_cstr(&prints.source);
	r.reads = buf_cstr(&prints.reads);
	r.started = buf_cstr(&stamp);
	r.clock = buf_cstr(&clock);
	if (o->cursor && start_at(&since, o, s, &m, &r, e) < 0)
		goto out;
	if (o->delta) {
		if (delta_init(&delta, o, r.key, e) < 0)
			goto out;
		job.delta = &delta;
		r.steps_delta = true;
	}
	r.w = writer_new(out, FLUSH_BYTES);
	rc = run_source(o, s, &job, &r, &since, e);
	writer_free(r.w);
out:
	rows_clear(&r);
	cursor_range_clear(&since);
	delta_clear(&delta);
	model_clear(&m);
	free(params);
	buf_clear(&models);
	buf_clear(&part_text);
	buf_clear(&run_text);
	buf_clear(&stamp);
	buf_clear(&clock);
	fingerprints_clear(&prints);
	buf_clear(&known.key);
	buf_clear(&known.mode);
	buf_clear(&known.cursor);
	return rc;
}
