#include "query/postgres/pgtext.h"

#include <stdlib.h>

#include "query/timestamp.h"
#include "query/value.h"
#include "query/value_time.h"
#include "wire/json/number.h"

#define DAY_US INT64_C(86400000000)

typedef int put_fn(struct buf *b, struct slice v, struct pgtype_work *w);

static int bad(struct pgtype_work *w, const char *why)
{
	w->why = why;
	return -1;
}

static int put_text(struct buf *b, struct slice v, struct pgtype_work *w)
{
	return value_text(b, v) < 0 ? bad(w, "invalid UTF-8") : 0;
}

static int put_bool(struct buf *b, struct slice v, struct pgtype_work *w)
{
	if (!slice_is(v, "t") && !slice_is(v, "f"))
		return bad(w, "not a boolean");
	buf_str(b, *v.p == 't' ? "true" : "false");
	return 0;
}

/* Copies integers and decimals unchanged; NaN and Infinity become strings. */
static int put_number(struct buf *b, struct slice v, struct pgtype_work *w)
{
	if (!number_valid(v))
		return put_text(b, v, w);
	buf_slice(b, v);
	return 0;
}

static int read_double(struct slice v, double *d)
{
	char text[64], *end;

	if (v.n == 0 || v.n >= sizeof(text))
		return -1;
	memcpy(text, v.p, v.n);
	text[v.n] = '\0';
	*d = strtod(text, &end); /* takes NaN and Infinity as well */
	return *end == '\0' ? 0 : -1;
}

static int put_double(struct buf *b, struct slice v, struct pgtype_work *w)
{
	double d;

	if (read_double(v, &d) < 0)
		return bad(w, "not a number");
	value_double(b, d);
	return 0;
}

static int put_float(struct buf *b, struct slice v, struct pgtype_work *w)
{
	double d;

	if (read_double(v, &d) < 0)
		return bad(w, "not a number");
	value_float(b, (float)d);
	return 0;
}

static int digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Hexadecimal after \x, or, for varbyte, without it. */
static int put_hex(struct buf *b, struct slice v, struct pgtype_work *w)
{
	if (slice_starts(v, "\\x"))
		v = slice_of(v.p + 2, v.n - 2);
	if (v.n % 2 != 0)
		return bad(w, "not hexadecimal");
	w->scratch.n = 0;
	for (size_t i = 0; i < v.n; i += 2) {
		int high = digit_of(v.p[i]), low = digit_of(v.p[i + 1]);

		if (high < 0 || low < 0)
			return bad(w, "not hexadecimal");
		buf_char(&w->scratch, (char)(high << 4 | low));
	}
	value_binary(b, buf_all(&w->scratch));
	return 0;
}

/* Reads at least `least` digits at *p, and moves *p after them. */
static int read_digits(const char **p, const char *end, int least, int64_t *v)
{
	int n = 0;

	for (*v = 0; *p < end && **p >= '0' && **p <= '9' && n < 9; n++)
		*v = *v * 10 + (*(*p)++ - '0');
	return n < least ? -1 : 0;
}

static int read_sign(const char **p, const char *end, char c)
{
	if (*p == end || **p != c)
		return -1;
	++*p;
	return 0;
}

/* Reads two digits, a number up to most. */
static int read_two(const char **p, const char *end, int64_t most, int64_t *v)
{
	const char *from = *p;

	if (read_digits(p, end, 2, v) < 0 || *p - from != 2 || *v > most)
		return -1;
	return 0;
}

/* Reads "2004-10-19"; the year may have more digits. */
static int read_day(const char **p, const char *end, int64_t ymd[3])
{
	if (read_digits(p, end, 4, &ymd[0]) < 0 || read_sign(p, end, '-') < 0 ||
	    read_two(p, end, 12, &ymd[1]) < 0 || read_sign(p, end, '-') < 0 ||
	    read_two(p, end, 31, &ymd[2]) < 0)
		return -1;
	return ymd[1] > 0 && ymd[2] > 0 ? 0 : -1;
}

/* "10:23:54.25" in microseconds. */
static int read_clock(const char **p, const char *end, int64_t *us)
{
	int64_t h, m, s, digit, unit = 1000000;

	if (read_two(p, end, 24, &h) < 0 || read_sign(p, end, ':') < 0 ||
	    read_two(p, end, 59, &m) < 0 || read_sign(p, end, ':') < 0 ||
	    read_two(p, end, 60, &s) < 0)
		return -1;
	*us = ((h * 60 + m) * 60 + s) * unit;
	if (read_sign(p, end, '.') < 0)
		return 0;
	for (; *p < end && **p >= '0' && **p <= '9'; ++*p) {
		digit = **p - '0';
		unit /= 10;
		*us += digit * unit;
	}
	return 0;
}

/* "+02", "-03:30", "+00:00:01" in seconds; 0 if there is no text. */
static int read_zone(const char **p, const char *end, int *east)
{
	int64_t h, m = 0, s = 0;
	bool west;

	*east = 0;
	if (*p == end || (**p != '+' && **p != '-'))
		return 0;
	west = *(*p)++ == '-';
	if (read_two(p, end, 15, &h) < 0 ||
	    (read_sign(p, end, ':') == 0 && read_two(p, end, 59, &m) < 0) ||
	    (read_sign(p, end, ':') == 0 && read_two(p, end, 59, &s) < 0))
		return -1;
	*east = (int)((h * 60 + m) * 60 + s) * (west ? -1 : 1);
	return 0;
}

static bool is_infinity(struct slice v)
{
	return slice_is(v, "infinity") || slice_is(v, "-infinity");
}

/* Reads the end of a date: " BC" or nothing. */
static int read_era(const char *p, const char *end, int64_t ymd[3])
{
	if (slice_is(slice_of(p, (size_t)(end - p)), " BC")) {
		ymd[0] = 1 - ymd[0];
		return 0;
	}
	return p == end ? 0 : -1;
}

static int put_date(struct buf *b, struct slice v, struct pgtype_work *w)
{
	const char *p = v.p, *end = v.p + v.n;
	int64_t ymd[3];

	if (is_infinity(v))
		return put_text(b, v, w);
	if (read_day(&p, end, ymd) < 0 || read_era(p, end, ymd) < 0)
		return bad(w, "not a date");
	value_time_date(b, timestamp_days(ymd[0], ymd[1], ymd[2]));
	return 0;
}

static int put_stamp(struct buf *b, struct slice v, struct pgtype_work *w)
{
	const char *p = v.p, *end = v.p + v.n;
	int64_t ymd[3], us, days;
	int east;

	if (is_infinity(v))
		return put_text(b, v, w);
	/* a timestamptz has the offset of the session's zone */
	if (read_day(&p, end, ymd) < 0 || read_sign(&p, end, ' ') < 0 ||
	    read_clock(&p, end, &us) < 0 || read_zone(&p, end, &east) < 0 ||
	    read_era(p, end, ymd) < 0)
		return bad(w, "not a time");
	days = timestamp_days(ymd[0], ymd[1], ymd[2]);
	us -= east * INT64_C(1000000);
	if (us < 0)
		days--, us += DAY_US;
	else if (us >= DAY_US)
		days++, us -= DAY_US;
	value_time_stamp(b, days, us);
	return 0;
}

static int put_time(struct buf *b, struct slice v, struct pgtype_work *w)
{
	const char *p = v.p, *end = v.p + v.n;
	int64_t us;

	if (read_clock(&p, end, &us) < 0 || p != end)
		return bad(w, "not a time");
	value_time_clock(b, us, true, 0);
	return 0;
}

static int put_timetz(struct buf *b, struct slice v, struct pgtype_work *w)
{
	const char *p = v.p, *end = v.p + v.n;
	int64_t us;
	int east;

	if (read_clock(&p, end, &us) < 0 || read_zone(&p, end, &east) < 0 ||
	    p != end)
		return bad(w, "not a time");
	value_time_clock(b, us, false, east);
	return 0;
}

static int put_json(struct buf *b, struct slice v, struct pgtype_work *w)
{
	return value_json(b, v, w->scan, &w->scratch, &w->why);
}

/* By oid; other types are text. */
static const struct {
	uint32_t oid;
	put_fn *put;
} types[] = {
	{16, put_bool},    {17, put_hex},      {20, put_number},
	{21, put_number},  {23, put_number},   {26, put_number},
	{114, put_json},   {700, put_float},   {701, put_double},
	{1082, put_date},  {1083, put_time},   {1114, put_stamp},
	{1184, put_stamp}, {1266, put_timetz}, {1700, put_number},
	{3802, put_json},  {4000, put_json},   {6551, put_hex},
};

static put_fn *find(uint32_t oid)
{
	for (size_t i = 0; i < COUNT_OF(types); i++) {
		if (types[i].oid == oid)
			return types[i].put;
	}
	return put_text;
}

/* Reads the next element at *p, without its quotes, and moves *p after it. */
static int read_element(const char **p, const char *end, struct buf *text,
			bool *quoted)
{
	text->n = 0;
	*quoted = *p < end && **p == '"';
	if (!*quoted) {
		while (*p < end && **p != ',' && **p != '}')
			buf_char(text, *(*p)++);
		return 0;
	}
	for (++*p; *p < end && **p != '"'; ++*p) {
		if (**p == '\\' && *p + 1 < end)
			++*p;
		buf_char(text, **p);
	}
	return *p == end ? -1 : (++*p, 0);
}

/* What may come next in an array. */
enum array_place {
	FIRST, /* a value, or the end of an empty array */
	VALUE, /* after a comma: a value */
	AFTER, /* after a value: a comma, or the end */
};

/* Writes the JSON of a brace or comma. Returns 0, or -1 if it is not allowed
 * here.
 */
static int read_mark(char c, enum array_place *place, int *depth, struct buf *b)
{
	bool allowed = c == '{'   ? *place != AFTER
		       : c == '}' ? *depth > 0 && *place != VALUE
				  : *depth > 0 && *place == AFTER;

	if (!allowed)
		return -1;
	buf_char(b, c == '{' ? '[' : c == '}' ? ']' : ',');
	*depth += c == '{' ? 1 : c == '}' ? -1 : 0;
	*place = c == '{' ? FIRST : c == ',' ? VALUE : AFTER;
	return 0;
}

/* Reads a value at *p, writes it, and moves *p after it. Returns 0, or -1, with
 * w->why set if put failed.
 */
static int read_value(put_fn *put, const char **p, const char *end,
		      struct buf *text, struct buf *b, struct pgtype_work *w)
{
	bool quoted;

	if (read_element(p, end, text, &quoted) < 0)
		return -1;
	if (quoted || !slice_is(buf_all(text), "NULL"))
		return put(b, buf_all(text), w);
	buf_str(b, "null");
	return 0;
}

/* {1,NULL,"a b"}, {{1,2},{3,4}}, [0:1]={1,2} */
static int put_array(put_fn *put, struct buf *b, struct slice v,
		     struct pgtype_work *w)
{
	const char *p = v.p, *end = v.p + v.n;
	struct buf text = {0};
	enum array_place place = FIRST;
	int rc = 0, depth = 0;

	if (p < end && *p == '[') {
		p = memchr(p, '=', v.n);
		p = p ? p + 1 : end;
	}
	if (p == end || *p != '{')
		return bad(w, "not an array");
	(void)buf_cstr(
		&text); /* makes text.p not NULL, also for an empty element */
	w->why = NULL;
	while (rc == 0 && p < end) {
		if (*p == '{' || *p == '}' || *p == ',') {
			rc = read_mark(*p++, &place, &depth, b);
			continue;
		}
		rc = place == AFTER ? -1
				    : read_value(put, &p, end, &text, b, w);
		place = AFTER;
	}
	buf_clear(&text);
	if (rc == 0 && depth == 0)
		return 0;
	return bad(w, w->why ? w->why : "not an array");
}

int pgtext_put(const struct pgtype_column *c, struct buf *b, struct slice v,
	       struct pgtype_work *w)
{
	put_fn *put = find(pgtype_oid(c));

	return c->array ? put_array(put, b, v, w) : put(b, v, w);
}
