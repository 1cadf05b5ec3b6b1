#include "query/clickhouse/chselect.h"

#include <inttypes.h>
#include <string.h>

#include "core/clock.h"
#include "query/timestamp.h"
#include "wire/json/number.h"

#define SINCE_1900_US INT64_C(2208988800000000) /* first time of DateTime64 */

/* Appends s in quotes, with escapes that every version knows. */
static void put_quoted(struct buf *b, char quote, struct slice s)
{
	buf_char(b, quote);
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == quote || s.p[i] == '\\')
			buf_char(b, '\\');
		buf_char(b, s.p[i]);
	}
	buf_char(b, quote);
}

static void put_cast(struct buf *b, const struct chrows_column *k, char quote,
		     struct slice value)
{
	struct buf type = {0};

	chtype_cast(&type, k->t);
	buf_str(b, "CAST(");
	if (quote)
		put_quoted(b, quote, value);
	else
		buf_slice(b, value);
	buf_str(b, ", ");
	put_quoted(b, '\'', buf_all(&type));
	buf_char(b, ')');
	buf_clear(&type);
}

/* Appends --since in the type of the cursor's column. A timestamp is written as
 * seconds since 1970, which do not depend on a time zone. It is rounded down to
 * what the column can hold, which may only read some more rows.
 */
static void put_since(struct buf *b, const struct chrows_column *k,
		      const char *since)
{
	struct slice s = slice_str(since);
	const char *word = chtype_word(k->t);
	struct buf text = {0};
	int64_t us, earliest;
	bool when = timestamp_read(s, &us) == 0, is_64;
	char quote = '\'';

	if (when && strcmp(word, "date") == 0) {
		buf_add(&text, since, 10);
	} else if (when && strcmp(word, "datetime") == 0) {
		quote = '\0';
		is_64 = slice_starts(k->t->text, "DateTime64");
		earliest = is_64 ? -SINCE_1900_US : 0;
		us = us < earliest ? earliest : us;
		if (!is_64)
			buf_fmt(&text, "%jd", (intmax_t)(us / 1000000));
		else
			buf_fmt(&text, "CAST('%s%jd.%06jd', 'Decimal(18, 6)')",
				us < 0 ? "-" : "", imaxabs(us / 1000000),
				imaxabs(us % 1000000));
	} else {
		buf_slice(&text, s);
	}
	put_cast(b, k, quote, buf_all(&text));
	buf_clear(&text);
}

static void put_cursor(struct buf *b, const struct chrows *got,
		       const struct model *m)
{
	struct slice name = slice_str(m->cursor);

	for (size_t i = 0; m->since && i < got->n; i++) {
		if (!slice_eq(buf_all(&got->column[i].name), name))
			continue;
		buf_str(b, " WHERE ");
		put_quoted(b, '`', name);
		buf_str(b, " >= ");
		put_since(b, &got->column[i], m->since);
		buf_str(b, " OR ");
		put_quoted(b, '`', name);
		buf_str(b, " IS NULL");
		if (strcmp(chtype_word(got->column[i].t), "float") == 0) {
			buf_str(b,
				" OR isNaN("); /* NaN compares with nothing */
			put_quoted(b, '`', name);
			buf_char(b, ')');
		}
	}
	buf_str(b, " ORDER BY ");
	put_quoted(b, '`', name);
}

/* Whether the value is a number of seconds since 1970; fourteen digits are a
 * local time.
 */
static bool is_seconds(struct slice s)
{
	return number_valid(s) && s.n != 14;
}

int chselect_check(const struct chrows *got, const struct model *m,
		   struct err *e)
{
	for (size_t i = 0; m->since && i < got->n; i++) {
		const struct chrows_column *k = &got->column[i];

		if (slice_is(buf_all(&k->name), m->cursor) &&
		    strcmp(chtype_word(k->t), "datetime") == 0 &&
		    !is_seconds(slice_str(m->since)))
			return timestamp_check(slice_str(m->since), false, e);
	}
	return 0;
}

void chselect_put(struct buf *b, struct chrows *got, const struct model *m)
{
	unsigned char word[12];

	clock_random(word, sizeof(word));
	buf_hex(&got->token, word, sizeof(word));
	b->n = 0;
	buf_str(b, "SELECT ");
	for (size_t i = 0; i < got->n; i++) {
		const struct chrows_column *k = &got->column[i];

		if (chtype_zoned(k->t)) {
			put_cast(b, k, '`', buf_all(&k->name));
			buf_str(b, " AS ");
		}
		put_quoted(b, '`', buf_all(&k->name));
		buf_str(b, ", ");
	}
	buf_fmt(b, "'%.*s' AS ", SLICE_FMT(got->token));
	buf_fmt(b, "rudder_%.*s FROM (\n", SLICE_FMT(got->token));
	buf_slice(b, buf_all(&m->base));
	buf_str(b, "\n) AS rudder_model");
	if (m->cursor)
		put_cursor(b, got, m);
	if (got->rows->limit < INT64_MAX)
		buf_fmt(b, " LIMIT %ju", (uintmax_t)got->rows->limit + 1);
	buf_str(b, " FORMAT TabSeparatedWithNamesAndTypes");
}
