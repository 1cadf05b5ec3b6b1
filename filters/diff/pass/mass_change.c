#include "diff/pass/mass_change.h"

#include "core/tool.h"
#include "wire/json/json.h"

enum { NAMED = 16 }; /* columns in the message */

/* Such as "plan (256, new)". */
static void add_column(struct buf *b, const struct sample *s, size_t column,
		       const struct sample_change *c)
{
	json_decode(b, json_inner(sample_name(s, column)));
	buf_fmt(b, " (%u", c->differs);
	if (c->new == c->differs)
		buf_str(b, ", new");
	else if (c->gone == c->differs)
		buf_str(b, ", gone");
	buf_char(b, ')');
}

/* Adds the columns in which most rows differ, or why no column can be named. */
static void add_culprits(struct buf *b, const struct sample *s)
{
	struct sample_change change[SAMPLE_COLUMNS];
	size_t rows = sample_compare(s, change), named = 0, any = 0;

	for (size_t c = 0; c < s->columns; c++) {
		if (!s->counts[c]) /* not compared */
			continue;
		any += change[c].differs > 0;
		if (change[c].differs <= rows / 2 || ++named > NAMED)
			continue;
		if (named > 1)
			buf_str(b, ", ");
		else
			buf_fmt(b, "in most of %zu sampled rows: ", rows);
		add_column(b, s, c, &change[c]);
	}
	if (named > NAMED)
		buf_fmt(b, " and %zu more", named - NAMED);
	else if (rows == 0)
		buf_str(b, "the columns are unknown: the state has no sample "
			   "of earlier rows");
	else if (named == 0)
		buf_fmt(b, "%s of %zu sampled rows",
			any ? "each in other columns," : "in no known column",
			rows);
}

void mass_change_warn(const struct sample *s, uint64_t updates, uint64_t keys)
{
	struct buf b = {0};

	if (updates <= MASS_CHANGE_FEW || updates <= keys / 10 * 9)
		return;
	add_culprits(&b, s);
	tool_warn("%ju of %ju rows have changed; check for a new column, a "
		  "different time zone or a different value format: %s",
		  (uintmax_t)updates, (uintmax_t)keys, buf_cstr(&b));
	buf_clear(&b);
}
