#include "query/mysql/mymoment.h"

#ifdef WITH_MYSQL
#include <stdlib.h>
#include <strings.h>

#include "core/mem.h"
#include "query/mysql/myending.h"
#include "query/timestamp.h"

#define SECOND_US INT64_C(1000000)

/* More than the offset of any time zone from UTC. */
#define ZONE_MS ((uint64_t)16 * 3600 * 1000)

static const char ask_zone[] =
	"SELECT IF(@@session.time_zone = 'SYSTEM', @@system_time_zone,"
	" @@session.time_zone)";

int mymoment_zoned(MYSQL *conn)
{
	/* names that always mean UTC; GMT may be London's time */
	static const char *const utc[] = {"UTC", "Etc/UTC", "+00:00"};
	MYSQL_RES *r;
	MYSQL_ROW row;
	int rc;

	if (mysql_query(conn, ask_zone) != 0)
		return -1;
	r = mysql_store_result(conn);
	row = r ? mysql_fetch_row(r) : NULL;
	rc = row ? 1 : -1;
	for (size_t i = 0; row && row[0] && i < COUNT_OF(utc); i++) {
		if (strcasecmp(row[0], utc[i]) == 0)
			rc = 0;
	}
	mysql_free_result(r);
	return rc;
}

bool mymoment_find(struct mymoment *w, MYSQL_RES *meta)
{
	const MYSQL_FIELD *f = mysql_fetch_fields(meta);
	size_t n = mysql_num_fields(meta);
	bool any = false;

	for (size_t i = 0; i < n; i++)
		any |= f[i].type == MYSQL_TYPE_TIMESTAMP;
	if (!any)
		return false;
	w->column = mem_zero(n);
	for (size_t i = 0; i < n; i++)
		w->column[i] = f[i].type == MYSQL_TYPE_TIMESTAMP;
	return true;
}

/* Selects t.`name`, or its seconds since 1970. Of the zero date they would be
 * NULL, so it becomes 0.
 */
static void put_column(struct buf *b, const struct model_sql *sql,
		       const char *name, bool moment)
{
	buf_str(b, moment ? "IF(t." : "t.");
	model_quote(b, sql, slice_str(name));
	if (!moment)
		return;
	buf_str(b, " = 0, 0, UNIX_TIMESTAMP(t.");
	model_quote(b, sql, slice_str(name));
	buf_str(b, "))");
}

/* The model's own condition compares with a time in the session's time zone,
 * which may occur twice. So the model gets a value that is early enough, and
 * the exact condition is added here.
 */
static int put_since(struct mymoment *w, struct model *m,
		     const struct model_sql *sql, struct err *e)
{
	struct slice since = slice_str(m->since);
	int64_t us;

	if (timestamp_check(since, false, e) < 0)
		return -1;
	if (timestamp_read(since, &us) < 0 ||
	    timestamp_earlier(&w->since, since, ZONE_MS) < 0)
		return 0;
	m->param[m->n - 1].value = buf_cstr(&w->since);
	buf_str(&w->text, " WHERE UNIX_TIMESTAMP(t.");
	model_quote(&w->text, sql, slice_str(m->cursor));
	buf_fmt(&w->text, ") >= %jd.%06jd OR t.", (intmax_t)(us / SECOND_US),
		(intmax_t)(us >= 0 ? us % SECOND_US : 0));
	model_quote(&w->text, sql, slice_str(m->cursor));
	buf_str(&w->text, " IS NULL");
	return 0;
}

static void put_order(struct mymoment *w, const struct model *m,
		      const struct model_sql *sql)
{
	buf_str(&w->text, " ORDER BY ");
	if (m->nulls_last) {
		buf_str(&w->text, "t.");
		model_quote(&w->text, sql, slice_str(m->cursor));
		buf_str(&w->text, " IS NULL, ");
	}
	buf_str(&w->text, "t.");
	model_quote(&w->text, sql, slice_str(m->cursor));
}

int mymoment_wrap(struct mymoment *w, MYSQL_RES *meta, struct model *m,
		  const struct model_sql *sql, struct err *e)
{
	const MYSQL_FIELD *f = mysql_fetch_fields(meta);
	size_t n = mysql_num_fields(meta), cursor = n;
	struct slice text = buf_all(&m->text);

	buf_str(&w->text, "SELECT ");
	for (size_t i = 0; i < n; i++) {
		buf_str(&w->text, i > 0 ? "," : "");
		put_column(&w->text, sql, f[i].name, w->column[i]);
		buf_str(&w->text, " AS ");
		model_quote(&w->text, sql, slice_str(f[i].name));
		if (m->cursor && strcmp(f[i].name, m->cursor) == 0)
			cursor = i;
	}
	buf_str(&w->text, " FROM (\n");
	/* without a cursor, a LIMIT keeps the model's own order */
	if (m->cursor)
		buf_slice(&w->text, text);
	else
		myending_put(&w->text, text, sql);
	buf_str(&w->text, "\n) t");
	if (cursor < n && m->since && w->column[cursor] &&
	    put_since(w, m, sql, e) < 0)
		return -1;
	if (cursor < n)
		put_order(w, m, sql);
	return 0;
}

void mymoment_clear(struct mymoment *w)
{
	free(w->column);
	w->column = NULL;
	buf_clear(&w->text);
	buf_clear(&w->since);
}
#endif
