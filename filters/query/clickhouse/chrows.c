#include "query/clickhouse/chrows.h"

#include <inttypes.h>
#include <stdlib.h>

#include "core/mem.h"
#include "query/clickhouse/cherror.h"
#include "wire/stream/input.h"

/* Removes the next field from a line. */
static struct slice next_field(struct slice *line)
{
	const char *tab = memchr(line->p, '\t', line->n);
	struct slice f =
		slice_of(line->p, tab ? (size_t)(tab - line->p) : line->n);

	*line = tab ? slice_of(tab + 1, line->n - f.n - 1)
		    : slice_of(line->p + line->n, 0);
	return f;
}

static void add_column(struct chrows *c, struct slice name, struct slice type)
{
	struct chrows_column *k;

	c->column = mem_resize(c->column, (c->n + 1) * sizeof(*c->column));
	k = &c->column[c->n++];
	*k = (struct chrows_column){0};
	chvalue_unescape(&k->name, name);
	chvalue_unescape(&k->type, type);
	(void)buf_cstr(&k->type);
	k->t = chtype_parse(buf_all(&k->type));
}

void chrows_describe(struct chrows *c, struct slice all)
{
	while (all.n > 0) {
		const char *lf = memchr(all.p, '\n', all.n);
		struct slice line =
			slice_of(all.p, lf ? (size_t)(lf - all.p) : all.n);
		struct slice name;

		if (line.n == 0) /* the extremes follow */
			return;
		name = next_field(&line);
		add_column(c, name, next_field(&line));
		if (!lf)
			break;
		all = slice_of(lf + 1, all.n - (size_t)(lf + 1 - all.p));
	}
}

/* Whether the line is a complete row: its last field is the token. */
static bool is_row(const struct chrows *c, struct slice line)
{
	size_t n = c->token.n;

	return line.n > n && line.p[line.n - n - 1] == '\t' &&
	       memcmp(line.p + line.n - n, c->token.p, n) == 0;
}

static int not_a_row(struct chrows *c, struct slice rest, struct err *e)
{
	struct slice said;
	unsigned code = cherror_find(rest, &said);

	if (code > 0)
		return cherror_set(code, said, e);
	return err_names(e, ERR_PROTOCOL,
			 "ClickHouse sent an invalid row after row %ju",
			 (uintmax_t)c->rows->rows);
}

static int put_row(struct chrows *c, struct slice line, struct err *e)
{
	struct rows *r = c->rows;
	struct buf *b = rows_buf(r);
	struct slice all = line;

	for (size_t i = 0; i < c->n; i++) {
		rows_name(r, b, i);
		if (chvalue_put(b, c->column[i].t, next_field(&line),
				&c->work) < 0)
			return rows_reject(r, (int)i, 0, c->work.why,
					   slice_of(NULL, 0), e);
	}
	if (!slice_eq(line, buf_all(&c->token)))
		return not_a_row(c, all, e);
	return rows_put(r, e);
}

/* Takes one line of the reply. Returns 1 to go on, 0 when no more rows are
 * wanted, or -1.
 */
static int put_line(struct chrows *c, struct slice line, struct slice rest,
		    struct err *e)
{
	switch (c->part) {
	case CHROWS_NAMES:
	case CHROWS_TYPES:
		c->part++;
		return 1;
	case CHROWS_ROWS:
		if (line.n == 0) {
			c->part = CHROWS_TAIL;
			return 1;
		}
		if (!is_row(c, line))
			return not_a_row(c, rest, e);
		if (rows_full(c->rows)) {
			c->rows->partial = true;
			return 0;
		}
		return put_row(c, line, e) < 0 ? -1 : 1;
	case CHROWS_TAIL:
		break;
	}
	if (line.n == 0)
		c->tail = 0; /* those before were totals; the extremes follow */
	else if (!is_row(c, line) && cherror_find(line, &(struct slice){0}) > 0)
		return not_a_row(c, rest, e);
	else if (++c->tail <= 2 && !is_row(c, line))
		c->tail += 2; /* a line of totals: tail must not become 2 */
	return 1;
}

/* Takes the end of a line whose start was dropped. */
static int end_long(struct chrows *c, struct slice end, struct err *e)
{
	c->dropping = false;
	if (!is_row(c, end))
		return not_a_row(c, end, e);
	if (c->part == CHROWS_TAIL) {
		c->tail++;
		return 0;
	}
	return rows_reject(c->rows, -1, 0, "row is " INPUT_TOO_LONG,
			   slice_of(NULL, 0), e);
}

/* Drops a line that is too long for a row as it arrives, except its last field.
 */
static int drop_long(struct chrows *c, struct slice s, size_t *taken,
		     struct err *e)
{
	const char *lf = memchr(s.p, '\n', s.n);
	size_t keep = c->token.n + 1;

	c->dropping = true;
	if (!lf) {
		*taken += s.n > keep ? s.n - keep : 0;
		return 0;
	}
	*taken += (size_t)(lf + 1 - s.p);
	return end_long(c, slice_of(s.p, (size_t)(lf - s.p)), e);
}

int chrows_put(struct chrows *c, struct slice data, size_t *taken,
	       struct err *e)
{
	int rc = 1;

	*taken = 0;
	if (data.n == 0)
		return 1;
	if (c->dropping && drop_long(c, data, taken, e) < 0)
		return -1;
	while (rc > 0 && !c->dropping) {
		struct slice s = slice_of(data.p + *taken, data.n - *taken);
		const char *lf = memchr(s.p, '\n', s.n);

		if (!lf && s.n > 2 * (size_t)INPUT_MAX_LINE)
			return drop_long(c, s, taken, e) < 0 ? -1 : 1;
		if (!lf)
			return 1;
		rc = put_line(c, slice_of(s.p, (size_t)(lf - s.p)), s, e);
		if (rc > 0)
			*taken += (size_t)(lf + 1 - s.p);
	}
	return rc;
}

int chrows_end(struct chrows *c, struct slice rest, struct err *e)
{
	bool some = c->rows->rows + c->rows->rejects > 0;

	if (rest.n > 0)
		return not_a_row(c, rest, e);
	if (some ? c->part == CHROWS_TAIL && c->tail == 2
		 : c->part >= CHROWS_ROWS)
		return 0;
	return err_names(e, ERR_REFUSED,
			 "ClickHouse ended the reply after row %ju without its "
			 "end marker, so rows may be missing",
			 (uintmax_t)c->rows->rows);
}

void chrows_clear(struct chrows *c)
{
	for (size_t i = 0; i < c->n; i++) {
		chtype_free(c->column[i].t);
		buf_clear(&c->column[i].name);
		buf_clear(&c->column[i].type);
	}
	free(c->column);
	buf_clear(&c->token);
	buf_clear(&c->work.plain);
	buf_clear(&c->work.scratch);
	scan_free(c->work.scan);
	*c = (struct chrows){0};
}
