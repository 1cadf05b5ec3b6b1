/* source_sqlite.c - a SQLite file, read only.
 *
 * In SQLite each value has its own type, and is written as that type. The
 * declared type of the column is used only where nothing is lost: for 0 and 1
 * of a BOOLEAN, dates as text, decimals as text and JSON.
 */
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "core/mem.h"
#include "query/model_blame.h"
#include "query/part.h"
#include "query/source.h"
#include "query/sqlite/sqliteconn.h"
#include "query/timestamp.h"
#include "query/value.h"
#include "query/value_time.h"
#include "wire/json/json.h"
#include "wire/json/number.h"

/* quoted with `: SQLite takes "name" as a string if there is no such column */
static const struct part_sql parting = {
	.before = SQLITECONN_PART "(",
	.cast = "",
	.as = "",
	.between = ", ",
	.behind = ") % ",
	.wide = SQLITECONN_WHOLE "(",
	.too = ")",
};

static const struct model_sql sql = {
	.quote = '`',
	.part = &parting,
	.brackets = true,
	.param = '?',
	.numbered = true,
	.marks = "?$@",
	.only_params = true,
	.nulls_first = true,
};

#ifdef WITH_SQLITE
#include <errno.h>

/* What the declared type of a column means for its values. */
enum meaning { PLAIN, BOOLEAN, DECIMAL, DATE, STAMP, TIME, JSON };

/* By a part of the declared type, the first match wins, similar to how SQLite
 * finds the affinity (www.sqlite.org/datatype3.html, 3.1).
 */
static const struct {
	const char *part, *word;
	enum meaning meaning;
} kinds[] = {
	{"BOOL", "boolean", BOOLEAN},     {"JSON", "json", JSON},
	{"TIMESTAMP", "datetime", STAMP}, {"DATETIME", "datetime", STAMP},
	{"DATE", "date", DATE},           {"TIME", "time", TIME},
	{"DEC", "decimal", DECIMAL},      {"NUMERIC", "decimal", DECIMAL},
	{"MONEY", "decimal", DECIMAL},    {"INT", "int", PLAIN},
	{"CHAR", "string", PLAIN},        {"CLOB", "string", PLAIN},
	{"TEXT", "string", PLAIN},        {"UUID", "string", PLAIN},
	{"BLOB", "binary", PLAIN},        {"BINARY", "binary", PLAIN},
	{"REAL", "float", PLAIN},         {"FLOA", "float", PLAIN},
	{"DOUB", "float", PLAIN},
};

struct lite {
	struct sqliteconn c;
	sqlite3_stmt *stmt;
	const struct source_job *job;
	struct rows *rows;
	enum meaning *meaning; /* per column */
	struct rows_column *head;
	size_t n;
	struct scan *scan;
	struct buf scratch;
	const char *why; /* reason why a value was refused */
};

static int failed(const struct lite *l, const char *what, struct err *e)
{
	return sqliteconn_failed(&l->c, l->stmt != NULL, what, e);
}

static const char tables[] =
	"SELECT CASE WHEN name GLOB '*[.\"]*' THEN '\"' || replace(name, '\"', "
	"'\"\"')"
	" || '\"' ELSE name END AS name, type AS kind, NULL AS rows"
	" FROM sqlite_master WHERE type IN ('table', 'view')"
	" AND name NOT LIKE 'sqlite^_%' ESCAPE '^' ORDER BY 1";

/* SQLite orders every number before every text, so a parameter that is compared
 * with numbers is bound as a number.
 */
static int bind_one(const struct lite *l, int at, const struct model_param *p)
{
	char *end;
	long long v;

	if (!p->number)
		return sqlite3_bind_text(l->stmt, at, p->value, -1,
					 SQLITE_STATIC);
	errno = 0;
	v = strtoll(p->value, &end, 10);
	if (errno == 0 && *end == '\0')
		return sqlite3_bind_int64(l->stmt, at, v);
	return sqlite3_bind_double(l->stmt, at, strtod(p->value, NULL));
}

static int bind(const struct lite *l, struct err *e)
{
	const struct model *m = l->job->model;

	for (size_t i = 0; i < m->n; i++) {
		if (bind_one(l, (int)i + 1, &m->param[i]) != SQLITE_OK)
			return failed(l, "SQLite", e);
	}
	if ((size_t)sqlite3_bind_parameter_count(l->stmt) > m->n)
		return err_names(e, ERR_CONFIG,
				 "model '%s' has a parameter without a value: "
				 "use -P NAME=VALUE",
				 m->name);
	return 0;
}

static int prepare(struct lite *l, struct err *e)
{
	struct slice text = buf_all(&l->job->model->text);
	const char *name = l->job->model->name;

	if (sqlite3_prepare_v2(l->c.db, text.p, (int)text.n, &l->stmt, NULL) !=
	    SQLITE_OK) {
		int at = sqlite3_error_offset(l->c.db);

		(void)failed(l, "SQLite", e);
		return at < 0 ? model_blame(l->job->model, e)
			      : model_blame_at(l->job->model, (size_t)at, e);
	}
	if (!sqlite3_stmt_readonly(l->stmt))
		return err_names(e, ERR_CONFIG,
				 "model '%s' would write to the database",
				 name);
	return bind(l, e);
}

static bool holds(const char *text, const char *part)
{
	size_t n = strlen(part);

	for (; *text; text++) {
		if (strncasecmp(text, part, n) == 0)
			return true;
	}
	return false;
}

static void find_columns(struct lite *l)
{
	l->n = (size_t)sqlite3_column_count(l->stmt);
	l->head = mem_zero((l->n + 1) * sizeof(*l->head));
	l->meaning = mem_zero((l->n + 1) * sizeof(*l->meaning));
	for (size_t i = 0; i < l->n; i++) {
		const char *declared = sqlite3_column_decltype(l->stmt, (int)i);

		l->head[i] = (struct rows_column){
			.name = sqlite3_column_name(l->stmt, (int)i),
			.type = "any",
			.native = declared,
		};
		for (size_t k = 0; declared && k < COUNT_OF(kinds); k++) {
			if (!holds(declared, kinds[k].part))
				continue;
			l->head[i].type = kinds[k].word;
			l->meaning[i] = kinds[k].meaning;
			break;
		}
	}
}

static int put_by_meaning(struct buf *b, enum meaning meaning, struct slice v)
{
	switch (meaning) {
	case DATE:
		if (value_time_date_text(b, v) == 0)
			return 0;
		return value_time_stamp_text(b, v);
	case STAMP:
		if (value_time_stamp_text(b, v) == 0)
			return 0;
		return value_time_date_text(b, v);
	case TIME:
		return value_time_clock_text(b, v);
	case DECIMAL:
		if (!number_valid(v))
			return -1;
		buf_slice(b, v);
		return 0;
	default:
		return -1;
	}
}

static int put_text(struct lite *l, struct buf *b, int i)
{
	const void *p = sqlite3_column_text(l->stmt, i);
	struct slice v = slice_of(p, (size_t)sqlite3_column_bytes(l->stmt, i));
	size_t from = b->n;

	if (l->meaning[i] != PLAIN) {
		/* SQLite compares the stored text, not the form that is written
		 */
		if (l->rows->cursor &&
		    strcmp(l->head[i].name, l->rows->cursor) == 0)
			rows_cursor(l->rows, v);
		if (l->meaning[i] == JSON)
			return value_json_text(b, v, l->scan, &l->scratch,
					       &l->why);
		if (put_by_meaning(b, l->meaning[i], v) == 0)
			return 0;
		b->n = from;
	}
	l->why = "invalid UTF-8";
	return value_text(b, v);
}

static void put_int(const struct lite *l, struct buf *b, int i)
{
	int64_t v = sqlite3_column_int64(l->stmt, i);

	if (l->meaning[i] == BOOLEAN && (v == 0 || v == 1))
		buf_str(b, v ? "true" : "false");
	else
		value_int(b, v);
}

static int put_value(struct lite *l, struct buf *b, int i)
{
	const void *p;

	switch (sqlite3_column_type(l->stmt, i)) {
	case SQLITE_INTEGER:
		put_int(l, b, i);
		return 0;
	case SQLITE_FLOAT:
		value_double(b, sqlite3_column_double(l->stmt, i));
		return 0;
	case SQLITE_TEXT:
		return put_text(l, b, i);
	case SQLITE_BLOB:
		p = sqlite3_column_blob(l->stmt, i);
		value_binary(b, slice_of(p, (size_t)sqlite3_column_bytes(
						    l->stmt, i)));
		return 0;
	default:
		buf_add(b, "null", 4);
		return 0;
	}
}

static int put_row(struct lite *l, struct err *e)
{
	struct buf *b = rows_buf(l->rows);

	for (size_t i = 0; i < l->n; i++) {
		rows_name(l->rows, b, i);
		if (put_value(l, b, (int)i) < 0)
			return rows_reject(l->rows, (int)i, 0, l->why,
					   slice_of(NULL, 0), e);
	}
	return rows_put(l->rows, e);
}

static int step_all(struct lite *l, struct err *e)
{
	for (;;) {
		int rc = sqlite3_step(l->stmt);

		if (rc == SQLITE_DONE)
			return 0;
		if (rc != SQLITE_ROW)
			return failed(l, "SQLite", e);
		if (rows_full(l->rows)) {
			l->rows->partial = true;
			return 0;
		}
		if (put_row(l, e) < 0)
			return -1;
	}
}

/* For --check: the file was opened, and its tables are listed. */
static int say_steps(struct lite *l, struct err *e)
{
	char text[80];
	sqlite3_stmt *s = NULL;
	int rc, n;

	if (!l->rows->check)
		return 0;
	snprintf(text, sizeof(text), "SQLite %s", sqlite3_libversion());
	if (rows_step(l->rows, ROWS_CONNECTION, text, e) < 0)
		return -1;
	if (sqlite3_prepare_v2(l->c.db,
			       "SELECT count(*) FROM sqlite_schema"
			       " WHERE type IN ('table', 'view')",
			       -1, &s, NULL) != SQLITE_OK ||
	    sqlite3_step(s) != SQLITE_ROW) {
		rc = failed(l, l->c.path.p, e);
	} else {
		n = sqlite3_column_int(s, 0);
		snprintf(text, sizeof(text), "%d table%s", n,
			 n == 1 ? "" : "s");
		rc = rows_step(l->rows, ROWS_LISTING, text, e);
	}
	sqlite3_finalize(s);
	return rc;
}

static void clear_columns(struct lite *l)
{
	sqlite3_finalize(l->stmt);
	free(l->head);
	free(l->meaning);
	l->stmt = NULL;
	l->head = NULL;
	l->meaning = NULL;
}

/* Whether the cursor may hold times, by its declared type. */
static bool has_times(const struct lite *l)
{
	const char *cursor = l->job->model->cursor;

	for (size_t i = 0; cursor && i < l->n; i++) {
		if (strcmp(l->head[i].name, cursor) == 0)
			return l->meaning[i] == DATE ||
			       l->meaning[i] == STAMP || !l->head[i].native;
	}
	return false;
}

/* Refuses a --since that is not a time: it would be compared as text, which is
 * after all times. A value from a state is always a time (rows.c).
 */
static int check_since(const struct lite *l, struct err *e)
{
	const struct model *m = l->job->model;
	struct slice since = m->since ? slice_str(m->since) : slice_of("0", 1);
	int64_t us;

	if (number_valid(since) || timestamp_read(since, &us) == 0)
		return 0;
	for (size_t i = 0; i < l->n; i++) {
		if (strcmp(l->head[i].name, m->cursor) == 0 &&
		    (l->meaning[i] == DATE || l->meaning[i] == STAMP))
			return err_names(e, ERR_USAGE,
					 "--since '%s' is not a time; write it "
					 "as 2024-01-03T10:00:00Z",
					 m->since);
	}
	return 0;
}

/* Binds the cursor of a float column as a float. The digits of a float of 2^53
 * or more are those of a whole number, which may be above the float.
 */
static int take_float(struct lite *l, struct err *e)
{
	const struct model *m = l->job->model;

	for (size_t i = 0; m->since && i < l->n; i++) {
		if (strcmp(l->head[i].name, m->cursor) == 0 &&
		    strcmp(l->head[i].type, "float") == 0 &&
		    m->param[m->n - 1].number &&
		    sqlite3_bind_double(l->stmt, (int)m->n,
					strtod(m->since, NULL)) != SQLITE_OK)
			return failed(l, "SQLite", e);
	}
	return 0;
}

/* Compares the cursor's times as numbers, because SQLite compares them as text,
 * and they have several forms. Any other cursor is compared unchanged, which
 * can use an index.
 */
static int take_times(struct lite *l, struct err *e)
{
	struct model *m = l->job->model;

	if (!has_times(l))
		return take_float(l, e);
	if (check_since(l, e) < 0)
		return -1;
	m->compare = SQLITECONN_TIME;
	model_since(m, &sql, m->cursor, m->since, m->nulls_last);
	clear_columns(l);
	if (prepare(l, e) < 0)
		return -1;
	find_columns(l);
	return 0;
}

/* Begins a transaction that has read the schema, so that it cannot change
 * before the first row: SQLite would prepare the statement again, with other
 * columns.
 */
static int hold_schema(const struct lite *l, struct err *e)
{
	if (sqlite3_exec(l->c.db,
			 "BEGIN; SELECT count(*) FROM sqlite_master LIMIT 1",
			 NULL, NULL, NULL) == SQLITE_OK)
		return 0;
	(void)failed(l, "SQLite", e);
	return model_blame(l->job->model, e);
}

static int run_model(struct lite *l, struct err *e)
{
	int rc;

	if (sqliteconn_open(&l->c, l->job->where, l->job->timeout_ms, e) < 0 ||
	    say_steps(l, e) < 0 || hold_schema(l, e) < 0 || prepare(l, e) < 0)
		return -1;
	find_columns(l);
	if (take_times(l, e) < 0)
		return -1;
	rc = rows_begin(l->rows, l->head, l->n, e);
	return rc <= 0 ? rc : step_all(l, e);
}

static int sqlite_run(const struct source_job *job, struct rows *rows,
		      struct err *e)
{
	struct lite l = {.job = job, .rows = rows, .scan = scan_new()};
	int rc = run_model(&l, e);

	clear_columns(&l);
	sqliteconn_close(&l.c);
	scan_free(l.scan);
	buf_clear(&l.scratch);
	return rc;
}

#define RUN   sqlite_run
#define LACKS NULL
#else
#define RUN   NULL
#define LACKS "libsqlite3-dev"
#endif

static const char *const tuning[] = {"immutable=", NULL};

extern const struct source source_sqlite;
const struct source source_sqlite = {
	.scheme = {"sqlite"},
	.help = "file",
	.tables = tables,
	.sql = &sql,
	.tuning = tuning,
	.lacks = LACKS,
	.library = "sqlite3",
	.run = RUN,
};
