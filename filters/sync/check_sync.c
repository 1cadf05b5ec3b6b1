#include "sync/check_sync.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/counts.h"
#include "core/file.h"
#include "core/mem.h"
#include "core/num.h"
#include "sync/check_changes.h"
#include "sync/check_command.h"
#include "sync/chosen_states.h"
#include "sync/new_state.h"
#include "sync/report/worst_status.h"
#include "sync/shared_states.h"
#include "sync/sql_end.h"
#include "sync/sync_files.h"
#include "sync/sync_parts.h"
#include "wire/json/json.h"
#include "wire/settings/doc.h"

#define MODEL_MAX ((size_t)1024 * 1024)

/* ---- source and model ------------------------------------------------- */

/* Runs rudder-query --check and shows its steps, with the message at the step
 * that failed.
 */
static bool check_source(struct check_steps *steps, const struct sync_file *f)
{
	static const char *const words[] = {"--check", NULL};
	struct stages s = {0};
	struct buf b = {0};
	const char *why;
	char *line, *rest;
	int status;

	stages_of_rows(&s, f);
	stages_add(&s, words);
	status = check_command(f, &s, &b);
	stages_clear(&s);
	why = status != 0 ? check_command_message(&b) : "";
	rest = buf_cstr(&b);
	while ((line = rest) && *line) {
		char *lf = strchr(line, '\n'), *tab = strchr(line, '\t');
		char *second = tab ? strchr(tab + 1, '\t') : NULL;

		rest = lf ? lf + 1 : NULL;
		if (lf)
			*lf = '\0';
		if (!tab || (lf && tab > lf) || strncmp(tab, "\tok", 3) != 0)
			continue;
		*tab = '\0';
		check_steps_ok(steps, line,
			       second && (!lf || second < lf) ? second + 1
							      : "");
	}
	if (status != 0)
		check_steps_failed(steps, "source", worst_status_kind(status),
				   why);
	buf_clear(&b);
	return status == 0;
}

/* ---- the key ---------------------------------------------------------- */

/* The quote around names in the SQL of a source; '\0': no SQL. */
static char quote_of(const struct sync_file *f)
{
	static const struct {
		const char *scheme;
		char quote;
	} schemes[] = {
		{"postgres", '"'}, {"redshift", '"'},   {"sqlite", '"'},
		{"duckdb", '"'},   {"trino", '"'},      {"mysql", '`'},
		{"mariadb", '`'},  {"clickhouse", '`'},
	};
	const char *url = f->source_env ? getenv(f->source_env) : f->source;

	for (size_t i = 0; url && i < COUNT_OF(schemes); i++) {
		if (strncmp(url, schemes[i].scheme,
			    strlen(schemes[i].scheme)) == 0)
			return schemes[i].quote;
	}
	return '\0';
}

static void add_quoted(struct buf *b, const char *name, size_t n, char quote)
{
	buf_char(b, quote);
	for (size_t i = 0; i < n; i++) {
		if (name[i] == quote)
			buf_char(b, quote);
		buf_char(b, name[i]);
	}
	buf_char(b, quote);
}

/* Appends the model in a form to select from. */
static int add_rows(struct buf *b, const struct sync_file *f, char quote,
		    struct err *e)
{
	struct buf path = {0};
	size_t from;
	int rc = 0;

	if (f->model_kind == SYNC_MODEL_TABLE && strchr(f->model, '"')) {
		buf_str(b, f->model); /* the sync file already has quotes */
		return 0;
	}
	if (f->model_kind == SYNC_MODEL_TABLE) {
		for (const char *p = f->model; p; p = p[0] ? p + 1 : NULL) {
			size_t n = strcspn(p, ".");

			add_quoted(b, p, n, quote);
			p += n;
			if (!*p)
				return 0;
			buf_char(b, '.');
		}
		return 0;
	}
	buf_str(b, "(\n");
	from = b->n;
	if (f->model_kind == SYNC_MODEL_FILE) {
		sync_file_path(f, f->model, &path);
		rc = file_read(buf_cstr(&path), MODEL_MAX, b, e);
		buf_clear(&path);
	} else {
		buf_str(b, f->model);
	}
	b->n = from + sql_end(slice_of(b->p + from, b->n - from), quote == '`');
	buf_str(b, "\n) m");
	return rc;
}

/* Appends the columns of the key, each quoted and followed by the text behind,
 * with the text between in between.
 */
static void add_key(struct buf *b, const char *key, char quote,
		    const char *behind, const char *between)
{
	for (const char *p = key; *p;) {
		size_t n = strcspn(p, ",");

		add_quoted(b, p, n, quote);
		buf_str(b, behind);
		p += n;
		if (*p++ != ',')
			return;
		buf_str(b, between);
	}
}

/* Runs a SELECT that returns one number. Returns -1 with the error in b. */
static int ask(const struct sync_file *f, const char *sql, struct buf *b,
	       uint64_t *n)
{
	const char *const words[] = {"--sql", sql, NULL};
	struct sync_file plain = *f;
	struct stages s = {0};
	const char *at;
	size_t digits;
	int status;

	plain.model_kind = SYNC_MODEL_SOURCE;
	stages_of_rows(&s, &plain);
	stages_add(&s, words);
	status = check_command(f, &s, b);
	stages_clear(&s);
	at = strstr(buf_cstr(b), "{\"n\":");
	if (status != 0 || !at)
		return -1;
	at += strlen("{\"n\":");
	at += *at == '"';
	digits = strspn(at, "0123456789");
	return num_uint(slice_of(at, digits), n);
}

/* Counts rows without a key, and duplicate keys. Appends what is wrong to b. */
static int count_keys(const struct sync_file *f, const char *key, char quote,
		      struct buf *b, struct err *e)
{
	struct buf null = {0}, twice = {0}, text = {0};
	uint64_t n_null = 0, n_twice = 0;
	int rc;

	buf_str(&null, "SELECT count(*) AS n FROM ");
	buf_str(&twice, "SELECT count(*) AS n FROM (SELECT ");
	add_key(&twice, key, quote, "", ", ");
	buf_str(&twice, " FROM ");
	rc = add_rows(&null, f, quote, e) < 0 ||
			     add_rows(&twice, f, quote, e) < 0
		     ? -1
		     : 0;
	buf_str(&null, " WHERE ");
	add_key(&null, key, quote, " IS NULL", " OR ");
	buf_str(&twice, " WHERE ");
	add_key(&twice, key, quote, " IS NOT NULL", " AND ");
	buf_str(&twice, " GROUP BY ");
	add_key(&twice, key, quote, "", ", ");
	buf_str(&twice, " HAVING count(*) > 1) d");
	if (rc == 0 && (ask(f, buf_cstr(&null), &text, &n_null) < 0 ||
			ask(f, buf_cstr(&twice), &text, &n_twice) < 0))
		rc = err_set(e, ERR_CONFIG, "%s", check_command_message(&text));
	if (rc == 0 && n_null > 0) {
		counts_add(b, n_null, "row");
		buf_fmt(b, " %s no key (%s is null)",
			n_null == 1 ? "has" : "have", key);
	}
	if (rc == 0 && n_twice > 0) {
		buf_str(b, b->n > 0 ? "; " : "");
		counts_add(b, n_twice, "key");
		buf_fmt(b, " %s in more than one row; list %s by: SELECT ",
			n_twice == 1 ? "is" : "are",
			n_twice == 1 ? "it" : "them");
		add_key(b, key, quote, "", ", ");
		buf_str(b, ", count(*) FROM ");
		if (f->model_kind == SYNC_MODEL_TABLE)
			rc = add_rows(b, f, quote, e);
		else
			buf_str(b, "(the model) m");
		if (n_null > 0) {
			buf_str(b, " WHERE ");
			add_key(b, key, quote, " IS NOT NULL", " AND ");
		}
		buf_str(b, " GROUP BY ");
		add_key(b, key, quote, "", ", ");
		buf_str(b, " HAVING count(*) > 1");
	}
	buf_clear(&null);
	buf_clear(&twice);
	buf_clear(&text);
	return rc;
}

static void check_key(struct check_steps *steps, const struct sync_file *f)
{
	const struct sync_setting *key =
		sync_file_setting(f, &f->destination[0], SYNC_DIFF, "key");
	char quote = quote_of(f);
	struct buf wrong = {0};
	struct err e;

	if (!key || strchr(key->value.v[0], '"'))
		check_steps_left_out(steps, "key",
				     "the sync file does not name a key that "
				     "SQL can check");
	else if (quote == '\0' || f->model_kind >= SYNC_MODEL_DBT)
		check_steps_left_out(steps, "key",
				     "not a SQL model: the run rejects rows "
				     "with a missing or duplicate key");
	else if (count_keys(f, key->value.v[0], quote, &wrong, &e) < 0)
		check_steps_failed(steps, "key", e.kind, e.text);
	else if (wrong.n > 0)
		check_steps_failed(steps, "key", ERR_DATA, buf_cstr(&wrong));
	else
		check_steps_ok(steps, "key", "unique, and in every row");
	buf_clear(&wrong);
}

/* ---- destinations ----------------------------------------------------- */

/* The name of a step, with the name of the destination if there are several. */
static const char *name_of(struct buf *b, const char *step,
			   const struct sync_destination *d)
{
	b->n = 0;
	buf_fmt(b, "%s%s%s", step, *d->name ? " " : "", d->name);
	return buf_cstr(b);
}

/* The same without the part: all parts of a destination are checked at once. */
static const char *whole_name_of(struct buf *b, const char *step,
				 const struct sync_file *f, size_t i)
{
	name_of(b, step, &f->destination[i]);
	if (f->parts > 0) {
		while (b->n > 0 && b->p[b->n - 1] != '/' &&
		       b->p[b->n - 1] != ' ')
			b->n--;
		b->p[b->n - 1] = '\0';
	}
	return b->p;
}

/* begin is the begin line of the changes that a run would send. */
static void check_send(struct check_steps *steps, const struct sync_file *f,
		       size_t i, const char *step, struct slice begin)
{
	static const char *const check[] = {"--check", NULL};
	struct stages s = {0};
	struct buf b = {0}, why = {0};
	int status;

	stages_of_send(&s, f, i);
	stages_add(&s, check);
	status = check_command(f, &s, &b);
	if (status == 0 && strncmp(f->destination[i].dest, "stdout:", 7) == 0)
		check_steps_failed(steps, step, ERR_USAGE,
				   "stdout: writes events where the receipts "
				   "of a sync go: use file:PATH");
	else if (status == 0 && !check_changes_destination(&why, f, i, begin))
		check_steps_failed(steps, step, ERR_CONFIG, buf_cstr(&why));
	else if (status == 0)
		check_steps_ok(steps, step, f->destination[i].dest);
	else
		check_steps_failed(steps, step, worst_status_kind(status),
				   check_command_message(&b));
	stages_clear(&s);
	buf_clear(&b);
	buf_clear(&why);
}

static void add_number(struct buf *b, const struct doc *d, const char *name,
		       const char *what)
{
	const struct doc *m = doc_get(d, name);

	if (m)
		buf_fmt(b, "%s%.*s %s%s", b->n > 0 ? ", " : "",
			SLICE_FMT(m->raw), what,
			strcmp(what, "key") == 0 && !slice_is(m->raw, "1")
				? "s"
				: "");
}

static void check_state(struct check_steps *steps, const struct sync_file *f,
			size_t i, const char *step)
{
	const char *const words[] = {"rudder-diff", "--status", "--state",
				     f->destination[i].state, NULL};
	struct stages s = {0};
	struct buf b = {0}, text = {0};
	struct doc *d = NULL;
	struct err e;
	int status;

	stages_command(&s, SYNC_DIFF, words);
	status = check_command(f, &s, &b);
	if (status == err_status(ERR_INPUT) &&
	    new_state_check(f, f->destination[i].state, &e) == 0) {
		buf_str(&text, "new: the first run makes it and sends every "
			       "row");
		new_state_renamed(&text, "; ", f, i);
		check_steps_ok(steps, step, buf_cstr(&text));
	} else if (status == err_status(ERR_INPUT)) {
		check_steps_failed(steps, step, e.kind, e.text);
	} else if (status != 0 || doc_parse(&d, buf_all(&b), &e) < 0) {
		check_steps_failed(steps, step, worst_status_kind(status),
				   check_command_message(&b));
	} else if (new_state_writable(f, f->destination[i].state, &e) < 0) {
		check_steps_failed(steps, step, e.kind, e.text);
	} else {
		add_number(&text, d, "keys", "key");
		add_number(&text, d, "pending", "pending");
		add_number(&text, d, "failing", "failing");
		check_steps_ok(steps, step, buf_cstr(&text));
	}
	doc_free(d);
	stages_clear(&s);
	buf_clear(&b);
	buf_clear(&text);
}

/* Checks that the states belong to these parts, and that the source supports
 * partitions.
 */
static void check_partitions(struct check_steps *steps,
			     const struct sync_file *f)
{
	static const char *const one[] = {"--limit", "1", NULL};
	struct stages s = {0};
	struct buf b = {0};
	struct err e;
	int status;

	if (sync_parts_check(f, &e) < 0) {
		check_steps_failed(steps, "partitions", e.kind, e.text);
		return;
	}
	if (f->parts == 0)
		return;
	stages_of_rows(&s, f);
	stages_partition(&s, f, 0);
	stages_add(&s, one);
	status = check_command(f, &s, &b);
	if (status == 0)
		check_steps_ok(steps, "partitions", "each row is in one");
	else
		check_steps_failed(steps, "partitions",
				   worst_status_kind(status),
				   check_command_message(&b));
	stages_clear(&s);
	buf_clear(&b);
}

static void check_one(struct check_steps *steps, const struct sync_file *f)
{
	size_t width = sync_file_width(f);
	struct buf name = {0}, *begin = mem_zero((width + 1) * sizeof(*begin));

	check_steps_ok(steps, "file", f->name);
	if (check_source(steps, f)) {
		bool fits = true, *one = mem_zero(width + 1);

		check_changes_cursor(steps, f);
		for (size_t i = 0; i < width; i++) {
			one[i] = check_changes(
				steps, f, i,
				whole_name_of(&name, "changes", f, i),
				&begin[i]);
			fits = fits && one[i];
		}
		if (fits)
			check_key(steps, f);
		else
			check_steps_left_out(steps, "key",
					     "it needs its columns");
		check_partitions(steps, f);
		for (size_t i = 0; i < width; i++) {
			if (!check_changes_mapping(
				    steps, f, i,
				    whole_name_of(&name, "mapping", f, i),
				    buf_all(&begin[i])) ||
			    !one[i])
				begin[i].n = 0;
		}
		free(one);
	}
	for (size_t i = 0; i < width; i++)
		check_send(steps, f, i,
			   whole_name_of(&name, "destination", f, i),
			   buf_all(&begin[i]));
	for (size_t i = 0; i < f->n_destinations; i++)
		check_state(steps, f, i,
			    name_of(&name, "state", &f->destination[i]));
	for (size_t i = 0; i < width; i++)
		buf_clear(&begin[i]);
	free(begin);
	buf_clear(&name);
}

static void check_file(struct check_steps *steps, char *path)
{
	char *const paths[] = {path, NULL};
	struct sync_files all;
	struct err e;

	if (sync_files_read(&all, paths, &e) < 0)
		check_steps_failed(steps, "file", e.kind, e.text);
	else
		for (size_t i = 0; i < all.n; i++)
			check_one(steps, &all.v[i]);
	sync_files_clear(&all);
}

void check_sync(struct check_steps *steps, char *const *paths)
{
	struct sync_files all;
	struct err e;

	for (char *const *path = paths; *path; path++)
		check_file(steps, *path);
	if (!paths[0] || !paths[1])
		return;
	if (sync_files_read(&all, paths, &e) == 0)
		shared_states_warn(&all);
	sync_files_clear(&all);
}
