#include "query/near_table.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/linux.h"
#include "core/mem.h"
#include "core/reader.h"
#include "wire/json/json.h"

enum { FLUSH = 64 * 1024, MOST = 20000, WAIT_MS = 5000, SHORTEST = 4 };

/* ---- the name ---------------------------------------------------------- */

/* Texts before and after the name in the databases' messages. */
static const struct {
	const char *before, *after;
} messages[] = {
	{"relation \"", "\" does not exist"},    /* PostgreSQL, Redshift */
	{"Table '", "' doesn't exist"},          /* MySQL, MariaDB */
	{"Table '", "' does not exist"},         /* Trino */
	{"no such table: ", ""},                 /* SQLite */
	{"Table with name ", " does not exist"}, /* DuckDB */
	{"Unknown table expression identifier '", "'"}, /* ClickHouse */
	{"Table ", " doesn't exist"}, /* ClickHouse up to version 23 */
	{"Table ", " does not exist"},
};

/* The last part of a name, without quotes. */
static struct slice last_part(struct slice name)
{
	for (size_t i = name.n; i > 0; i--) {
		if (name.p[i - 1] != '.')
			continue;
		name = slice_of(name.p + i, name.n - i);
		break;
	}
	if (name.n >= 2 && *name.p == '"' && name.p[name.n - 1] == '"')
		name = slice_of(name.p + 1, name.n - 2);
	return name;
}

void near_table_missing(struct buf *name, const char *message)
{
	if (strstr(message, "id you mean") || strstr(message, "aybe you meant"))
		return;
	for (size_t i = 0; i < COUNT_OF(messages); i++) {
		const char *at = strstr(message, messages[i].before), *end;

		if (!at)
			continue;
		at += strlen(messages[i].before);
		end = *messages[i].after ? strstr(at, messages[i].after)
					 : at + strcspn(at, " ;,");
		if (end && (size_t)(end - at) < 1000 &&
		    !memchr(at, ' ', (size_t)(end - at))) {
			buf_slice(name,
				  last_part(slice_of(at, (size_t)(end - at))));
			return;
		}
	}
}

/* ---- the tables -------------------------------------------------------- */

/* Reads the list of tables, as lines of JSON. */
static int read_tables(struct buf *b, const struct source *s,
		       const struct source_job *failed, struct err *e)
{
	const struct progress_count none[] = {{0}};
	struct model_param room[1] = {{.value = NULL}};
	const struct model_from from = {.sql = s->tables, .param = room};
	struct source_job job = *failed;
	struct progress progress;
	struct model m = {0};
	struct rows r = {.fd = linux_memory_file("tables"),
			 .limit = MOST,
			 .until_ms = clock_mono_ms() + WAIT_MS,
			 .cursor_type = "any",
			 .run = "",
			 .model = "",
			 .params = "",
			 .source = "",
			 .started = "",
			 .clock = "",
			 .reads = ""};
	int rc;

	if (r.fd < 0)
		return err_sys(e, ERR_OS, "cannot make a file in memory");
	progress_init(&progress, none);
	r.progress = &progress;
	r.w = writer_new(r.fd, FLUSH);
	job.model = &m;
	job.delta = NULL;
	job.timeout_ms = WAIT_MS;
	rc = model_read(&m, &from, s->sql, e);
	if (rc == 0)
		rc = s->run(&job, &r, e);
	if (rc == 0)
		rc = writer_flush(r.w, e);
	if (rc == 0) {
		ssize_t n;

		(void)lseek(r.fd, 0, SEEK_SET);
		while ((n = read(r.fd, buf_room(b, FLUSH), FLUSH)) > 0)
			b->n += (size_t)n;
	}
	progress_end(&progress);
	rows_clear(&r);
	writer_free(r.w);
	close(r.fd);
	model_clear(&m);
	return rc;
}

struct table_names {
	char **whole, **part; /* owned, ended by NULL: the names as -t takes
			       * them, and their last parts */
	size_t n;
};

static void take_name(struct table_names *t, const struct scan *s)
{
	const struct scan_member *m = scan_get(s, "name");
	struct buf b = {0};
	struct slice part;

	if (!m || m->kind != SCAN_STRING)
		return;
	json_decode(&b, json_inner(m->value));
	part = last_part(buf_all(&b));
	t->whole = mem_resize(t->whole, (t->n + 2) * sizeof(*t->whole));
	t->part = mem_resize(t->part, (t->n + 2) * sizeof(*t->part));
	t->part[t->n] = mem_copy(part.p, part.n);
	t->whole[t->n++] = buf_cstr(&b);
	t->whole[t->n] = t->part[t->n] = NULL;
}

static void take_names(struct table_names *t, struct buf *text)
{
	struct scan *s = scan_new();

	memset(buf_room(text, READER_PAD), 0, READER_PAD);
	for (size_t at = 0, n; at < text->n; at += n + 1) {
		const char *lf = memchr(text->p + at, '\n', text->n - at);

		n = lf ? (size_t)(lf - text->p) - at : text->n - at;
		if (n > 0 && scan_object(s, slice_of(text->p + at, n)) == 0)
			take_name(t, s);
	}
	scan_free(s);
}

/* The most similar table, perhaps in another schema, or NULL. */
static const char *nearest(const struct table_names *t, const char *name)
{
	const char *near = NULL;

	if (t->n > 0)
		near = opt_nearest(name, (const char *const *)t->part);
	for (size_t i = 0; near && i < t->n; i++) {
		if (t->part[i] == near)
			return t->whole[i];
	}
	return NULL;
}

static void clear_names(struct table_names *t)
{
	for (size_t i = 0; i < t->n; i++) {
		free(t->whole[i]);
		free(t->part[i]);
	}
	free(t->whole);
	free(t->part);
}

void near_table_explain(const struct source *s, const struct source_job *job,
			struct err *e)
{
	struct buf name = {0}, text = {0};
	struct table_names t = {0};
	struct err ignored;
	const char *near;

	if (e->kind == ERR_CONFIG && s->tables && job->model)
		near_table_missing(&name, e->text);
	if (name.n > 0) { /* the message contains no row values, only names */
		struct err was = *e;

		(void)err_names(e, was.kind, "%s", was.text);
	}
	/* short names are all similar */
	if (name.n >= SHORTEST && read_tables(&text, s, job, &ignored) == 0) {
		take_names(&t, &text);
		near = nearest(&t, buf_cstr(&name));
		if (near) {
			struct err was = *e;

			(void)err_names(e, was.kind, "%s; did you mean '%s'?",
					was.text, near);
		}
	}
	clear_names(&t);
	buf_clear(&text);
	buf_clear(&name);
}
