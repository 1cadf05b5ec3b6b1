#include "query/trino/trrows.h"

#ifdef WITH_CURL
#include <stdlib.h>

#include "core/mem.h"
#include "query/rows_columns.h"
#include "query/trino/trdelta.h"
#include "wire/json/span.h"

void trrows_init(struct trrows *t, struct rows *rows)
{
	*t = (struct trrows){.rows = rows, .work = {.scan = scan_new()}};
}

/* ---- columns ----------------------------------------------------------- */

void trrows_forget(struct trrows *t)
{
	for (size_t i = 0; i < t->n; i++) {
		trtype_free(t->type[i]);
		buf_clear(&t->name[i]);
	}
	free(t->type);
	free(t->name);
	free(t->head);
	t->type = NULL;
	t->name = NULL;
	t->head = NULL;
	t->n = 0;
}

/* Reads a column. t->name gets its name, a NUL, Trino's name of its type, a
 * NUL.
 */
static int read_column(struct trrows *t, struct trpage *page, struct slice part,
		       struct err *e)
{
	struct buf type = {0}, *name;
	int rc;

	t->name = mem_resize(t->name, (t->n + 1) * sizeof(*t->name));
	t->type = mem_resize(t->type, (t->n + 1) * sizeof(struct trtype *));
	name = &t->name[t->n];
	*name = (struct buf){0};
	rc = trpage_column(page, part, name, &type, e);
	t->type[t->n++] = trtype_parse(buf_all(&type));
	if (rc == 0 && memchr(name->p, '\0', name->n))
		rc = err_names(e, ERR_CONFIG,
			       "the name of column %zu has a NUL byte", t->n);
	buf_char(name, '\0');
	buf_slice(name, buf_all(&type));
	buf_char(name, '\0');
	buf_clear(&type);
	return rc;
}

/* Types whose values are not ordered like their text. */
static bool is_unordered(const char *native)
{
	return strcmp(native, "uuid") == 0 || strcmp(native, "ipaddress") == 0;
}

int trrows_columns(struct trrows *t, struct trpage *page, struct err *e)
{
	const char *p = page->columns.p;
	const char *end = p ? p + page->columns.n : NULL;

	for (bool more = trpage_first(&p); more; more = trpage_next(&p)) {
		const char *from = p;

		p = span_value(p, end);
		if (read_column(t, page, slice_of(from, (size_t)(p - from)),
				e) < 0)
			return -1;
	}
	t->head = mem_zero((t->n + 1) * sizeof(*t->head));
	for (size_t i = 0; i < t->n; i++) {
		const char *name = t->name[i].p;
		const char *native = name + strlen(name) + 1;

		t->head[i] = (struct rows_column){
			.name = name,
			.native = native,
			.type = trtype_word(t->type[i]),
			.unordered = is_unordered(native),
		};
	}
	return 0;
}

/* ---- rows -------------------------------------------------------------- */

/* Reads the hash and group before the values of a row with --delta. */
static int take_hash(struct trrows *t, const char **p, bool *more,
		     struct err *e)
{
	struct slice value[2] = {{0}};

	for (size_t i = 0; *more && i < COUNT_OF(value); i++) {
		const char *from = *p;

		*p = span_value(from, t->work.end);
		value[i] = slice_of(from, (size_t)(*p - from));
		*more = trpage_next(p);
	}
	return trdelta_came(t->delta, value[0], value[1], e);
}

/* Writes the row at *p, and moves *p after it. */
static int put_row(struct trrows *t, const char **p, struct err *e)
{
	struct rows *r = t->rows;
	struct buf *b = rows_buf(r);
	const char *at = *p;
	bool more;

	if (*at != '[')
		return err_set(e, ERR_PROTOCOL, "Trino sent an invalid row");
	more = trpage_first(&at);
	if (t->delta && take_hash(t, &at, &more, e) < 0)
		return -1;
	for (size_t i = 0; i < t->n; i++, more = trpage_next(&at)) {
		if (!more)
			return err_set(e, ERR_PROTOCOL,
				       "Trino sent a row with too few values");
		rows_name(r, b, i);
		if (trvalue_put(b, t->type[i], &at, &t->work) < 0) {
			*p = span_value(*p, t->work.end);
			return rows_reject(r, (int)i, 0, t->work.why,
					   slice_of(NULL, 0), e);
		}
	}
	if (more)
		return err_set(e, ERR_PROTOCOL,
			       "Trino sent a row with too many values");
	*p = at + 1;
	return rows_put(r, e);
}

int trrows_put(struct trrows *t, struct trpage *page, struct err *e)
{
	const char *p = page->data.p;

	if (!p)
		return 1;
	t->work.end = p + page->data.n;
	for (bool more = trpage_first(&p); more; more = trpage_next(&p)) {
		if (rows_full(t->rows)) {
			t->rows->partial = true;
			return 0;
		}
		if (put_row(t, &p, e) < 0)
			return -1;
	}
	return 1;
}

void trrows_clear(struct trrows *t)
{
	trrows_forget(t);
	scan_free(t->work.scan);
	buf_clear(&t->work.plain);
	buf_clear(&t->work.scratch);
}

#endif
