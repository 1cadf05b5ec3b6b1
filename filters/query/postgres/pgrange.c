#include "query/postgres/pgrange.h"

#include "core/clock.h"
#include "query/postgres/pgbytes.h"

#define DAY_US INT64_C(86400000000)

enum {
	EPOCH_DAY = 10957, /* 2000-01-01, in days since 1970 */
	RANGE_EMPTY = 1,   /* rangetypes.h */
	RANGE_FROM_IN = 2,
	RANGE_TO_IN = 4,
	RANGE_FROM_NONE = 8,
	RANGE_TO_NONE = 16,
};

/* Writes "2004-10-19 10:23:54.25+00" with escaped quotes, like the server in
 * UTC.
 */
static void put_timestamp(struct buf *b, int64_t us)
{
	int64_t days = us / DAY_US, year;
	int month, day, h, m, s;

	us %= DAY_US;
	if (us < 0)
		us += DAY_US, days--;
	clock_civil(days + EPOCH_DAY, &year, &month, &day);
	s = (int)(us / 1000000);
	h = s / 3600;
	m = s / 60 % 60;
	buf_fmt(b, "\\\"%04jd-%02d-%02d %02d:%02d:%02d",
		(intmax_t)(year > 0 ? year : 1 - year), month, day, h, m,
		s % 60);
	us %= 1000000;
	if (us > 0) {
		buf_fmt(b, ".%06jd", (intmax_t)us);
		while (b->p[b->n - 1] == '0')
			b->n--;
	}
	buf_str(b, year > 0 ? "+00\\\"" : "+00 BC\\\"");
}

/* Writes the bound at the start of *v (its length, then the timestamp), and
 * moves *v after it.
 */
static int put_bound(struct buf *b, struct slice *v, struct pgtype_work *w)
{
	int64_t us;

	if (v->n < 12 || pgbytes_32(v->p) != 8)
		return pgtype_bad_length(w);
	us = (int64_t)pgbytes_64(v->p + 4);
	*v = slice_of(v->p + 12, v->n - 12);
	if (us == INT64_MAX)
		buf_str(b, "infinity");
	else if (us == INT64_MIN)
		buf_str(b, "-infinity");
	else
		put_timestamp(b, us);
	return 0;
}

/* Writes a range, without quotes around it. */
static int put_range(struct buf *b, struct slice v, struct pgtype_work *w)
{
	unsigned flags = v.n > 0 ? (unsigned char)*v.p : 0;

	if (v.n == 0)
		return pgtype_bad_length(w);
	v = slice_of(v.p + 1, v.n - 1);
	if (flags & RANGE_EMPTY) {
		buf_str(b, "empty");
		return v.n == 0 ? 0 : pgtype_bad_length(w);
	}
	buf_char(b, flags & RANGE_FROM_IN ? '[' : '(');
	if (!(flags & RANGE_FROM_NONE) && put_bound(b, &v, w) < 0)
		return -1;
	buf_char(b, ',');
	if (!(flags & RANGE_TO_NONE) && put_bound(b, &v, w) < 0)
		return -1;
	buf_char(b, flags & RANGE_TO_IN ? ']' : ')');
	return v.n == 0 ? 0 : pgtype_bad_length(w);
}

int pgrange_put(struct buf *b, struct slice v, struct pgtype_work *w)
{
	buf_char(b, '"');
	if (put_range(b, v, w) < 0)
		return -1;
	buf_char(b, '"');
	return 0;
}

/* The value is the number of ranges, then each with its length. */
int pgrange_put_many(struct buf *b, struct slice v, struct pgtype_work *w)
{
	uint32_t n = v.n >= 4 ? pgbytes_32(v.p) : 0, bytes;

	if (v.n < 4)
		return pgtype_bad_length(w);
	v = slice_of(v.p + 4, v.n - 4);
	buf_str(b, "\"{");
	for (uint32_t i = 0; i < n; i++) {
		bytes = v.n >= 4 ? pgbytes_32(v.p) : 0;
		if (v.n < 4 || bytes > v.n - 4)
			return pgtype_bad_length(w);
		if (i > 0)
			buf_char(b, ',');
		if (put_range(b, slice_of(v.p + 4, bytes), w) < 0)
			return -1;
		v = slice_of(v.p + 4 + bytes, v.n - 4 - bytes);
	}
	buf_str(b, "}\"");
	return v.n == 0 ? 0 : pgtype_bad_length(w);
}
