#include "query/trino/trvalue.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/num.h"
#include "query/value.h"
#include "query/value_time.h"
#include "wire/json/json.h"
#include "wire/json/number.h"
#include "wire/json/span.h"

enum {
	NUMBER_BYTES = 64,
	DOUBLE_DIGITS = 15, /* any such decimal is the same after a conversion
			     * to double and back */
	FLOAT_DIGITS = 6,   /* and to float and back */
};

const char *trvalue_skip(const char *p)
{
	while (*p == ' ' || *p == '\t' || *p == '\r' || *p == '\n')
		p++;
	return p;
}

static int bad(struct trvalue_work *w, const char *why)
{
	snprintf(w->why, sizeof(w->why), "%s", why);
	return -1;
}

/* The text of a string, without quotes and escapes. */
static struct slice text_of(struct slice string, struct trvalue_work *w)
{
	struct slice s = json_inner(string);

	if (!memchr(s.p, '\\', s.n))
		return s;
	w->plain.n = 0;
	json_decode(&w->plain, s);
	return buf_all(&w->plain);
}

/* Writes an integer or a decimal. A decimal arrives as a string. */
static int put_number(struct buf *b, struct slice v, struct trvalue_work *w)
{
	struct slice s = *v.p == '"' ? json_inner(v) : v;

	if (!number_valid(s))
		return bad(w, "not a number");
	buf_slice(b, s);
	return 0;
}

/* Copies a plain number, without trailing zeros, if it has so few digits that
 * no shorter text means the same number. False otherwise.
 */
static bool put_short(struct buf *b, enum trtype_kind kind, struct slice v)
{
	size_t most = kind == TRTYPE_REAL ? FLOAT_DIGITS : DOUBLE_DIGITS;

	if (v.n > most || memchr(v.p, 'E', v.n) || memchr(v.p, 'e', v.n))
		return false;
	if (memchr(v.p, '.', v.n)) {
		while (v.p[v.n - 1] == '0')
			v.n--;
		v.n -= v.p[v.n - 1] == '.';
	}
	buf_slice(b, v);
	return true;
}

/* Java writes 1.0E10, and sometimes one digit more than needed. */
static int put_real(struct buf *b, enum trtype_kind kind, struct slice v,
		    struct trvalue_work *w)
{
	char text[NUMBER_BYTES];

	if (*v.p == '"') {
		buf_slice(b, v); /* NaN, Infinity, -Infinity */
		return 0;
	}
	if (!number_valid(v) || v.n >= sizeof(text))
		return bad(w, "not a number");
	if (put_short(b, kind, v))
		return 0;
	memcpy(text, v.p, v.n);
	text[v.n] = '\0';
	if (kind == TRTYPE_REAL)
		value_float(b, strtof(text, NULL));
	else
		value_double(b, strtod(text, NULL));
	return 0;
}

/* Parses "+02:00", "UTC", "GMT" or "Z" to minutes; false for any other zone. */
static bool zone_minutes(struct slice s, int *minutes)
{
	uint64_t h, m;

	*minutes = 0;
	if (slice_is(s, "UTC") || slice_is(s, "Z") || slice_is(s, "GMT"))
		return true;
	if (s.n != 6 || (*s.p != '+' && *s.p != '-') || s.p[3] != ':' ||
	    num_uint(slice_of(s.p + 1, 2), &h) < 0 ||
	    num_uint(slice_of(s.p + 4, 2), &m) < 0 || h > 14 || m > 59)
		return false;
	*minutes = (int)(h * 60 + m) * (*s.p == '-' ? -1 : 1);
	return true;
}

static int digits(const char *p, size_t n)
{
	uint64_t v;

	return num_uint(slice_of(p, n), &v) == 0 ? (int)v : -1;
}

/* Days since 1970 of a date in the Gregorian calendar. */
static int64_t days_of(int64_t y, int m, int d)
{
	int64_t era, doe;

	y -= m <= 2;
	era = (y >= 0 ? y : y - 399) / 400;
	y -= era * 400;
	doe = y * 365 + y / 4 - y / 100 +
	      (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
	return era * 146097 + doe - 719468;
}

/* Writes "2001-08-22 03:04:05.321 -08:00" in UTC. Only the minutes are shifted,
 * so a fraction of any length is kept. Returns 1 if the text has another form.
 */
static int put_zoned(struct buf *b, struct slice s, struct trvalue_work *w)
{
	const char *blank = memrchr(s.p, ' ', s.n);
	size_t n = blank ? (size_t)(blank - s.p) : 0;
	struct slice zone = slice_of(s.p + n + 1, n > 0 ? s.n - n - 1 : 0);
	struct buf moved = {0};
	int minutes, rc, day[5];
	int64_t t;

	if (n < 19 || s.p[4] != '-' || s.p[10] != ' ')
		return 1;
	if (!zone_minutes(zone, &minutes)) {
		snprintf(w->why, sizeof(w->why),
			 "a time in the zone '%.*s': add AT TIME ZONE 'UTC' to "
			 "it in the model",
			 (int)(zone.n < 40 ? zone.n : 40), zone.p);
		return -1;
	}
	for (size_t i = 0; i < COUNT_OF(day); i++) {
		static const size_t at[] = {0, 5, 8, 11, 14};

		day[i] = digits(s.p + at[i], i == 0 ? 4 : 2);
		if (day[i] < 0)
			return 1;
	}
	t = days_of(day[0], day[1], day[2]) * 1440 + day[3] * 60 + day[4] -
	    minutes;
	value_time_stamp(&moved, t >= 0 ? t / 1440 : -((1439 - t) / 1440),
			 ((t % 1440 + 1440) % 1440) * 60000000);
	moved.n -= strlen(":00Z\"");
	buf_slice(&moved, slice_of(s.p + 16, n - 16));
	rc = value_time_stamp_text(b, slice_of(moved.p + 1, moved.n - 1));
	buf_clear(&moved);
	return rc < 0;
}

/* Writes "03:04:05.321-08:00". Returns 1 if the text has another form. */
static int put_zoned_clock(struct buf *b, struct slice s)
{
	size_t n = s.n > 6 ? s.n - 6 : 0;
	struct slice zone = slice_of(s.p + n, s.n - n);
	int minutes;

	if (n > 0 && s.p[n - 1] == ' ')
		n--;
	if (!zone_minutes(zone, &minutes) ||
	    value_time_clock_text(b, slice_of(s.p, n)) < 0)
		return 1;
	b->n -= strlen("Z\"");
	buf_slice(b, zone);
	buf_char(b, '"');
	return 0;
}

/* Writes one number of an interval with its letter, nothing for zero. */
static void put_part(struct buf *b, bool minus, const char *p, size_t n,
		     char unit)
{
	while (n > 1 && *p == '0' && p[1] >= '0' && p[1] <= '9')
		p++, n--;
	if (memchr(p, '.', n)) {
		while (p[n - 1] == '0')
			n--;
		n -= p[n - 1] == '.';
	}
	if (n == 1 && *p == '0')
		return;
	if (minus)
		buf_char(b, '-');
	buf_add(b, p, n);
	buf_char(b, unit);
}

/* Writes "-2 03:04:05.678" or "3-11" as an ISO 8601 duration. */
static int put_interval(struct buf *b, enum trtype_kind kind, struct slice s,
			struct trvalue_work *w)
{
	bool minus = s.n > 0 && *s.p == '-', days = kind == TRTYPE_DAYS;
	const char *p = s.p + minus, *end = s.p + s.n;
	const char *mid = memchr(p, days ? ' ' : '-', (size_t)(end - p));
	size_t from;

	for (const char *c = p; c < end; c++) {
		if (!strchr("0123456789 :.-", *c))
			mid = NULL;
	}
	if (!mid || mid == p || mid + 1 == end ||
	    (days && (end - mid < 9 || mid[3] != ':' || mid[6] != ':')))
		return bad(w, "an interval of unknown form");
	buf_str(b, "\"P");
	from = b->n;
	put_part(b, minus, p, (size_t)(mid - p), days ? 'D' : 'Y');
	if (!days) {
		put_part(b, minus, mid + 1, (size_t)(end - mid) - 1, 'M');
	} else {
		size_t at = b->n;

		buf_char(b, 'T');
		put_part(b, minus, mid + 1, 2, 'H');
		put_part(b, minus, mid + 4, 2, 'M');
		put_part(b, minus, mid + 7, (size_t)(end - mid) - 7, 'S');
		if (b->n == at + 1)
			b->n = at;
	}
	buf_str(b, b->n == from ? "T0S\"" : "\"");
	return 0;
}

static int put_leaf(struct buf *b, const struct trtype *t, struct slice v,
		    struct trvalue_work *w)
{
	const char *why;
	struct slice s;
	int rc = -1;

	switch (t->kind) {
	case TRTYPE_INT:
	case TRTYPE_DECIMAL:
		return put_number(b, v, w);
	case TRTYPE_REAL:
	case TRTYPE_DOUBLE:
		return put_real(b, t->kind, v, w);
	default:
		break;
	}
	if (*v.p != '"' || t->kind == TRTYPE_TEXT || t->kind == TRTYPE_BYTES) {
		buf_slice(b, v);
		return 0;
	}
	s = text_of(v, w);
	switch (t->kind) {
	case TRTYPE_DAY:
		rc = value_time_date_text(b, s);
		break;
	case TRTYPE_STAMP:
		rc = value_time_stamp_text(b, s);
		break;
	case TRTYPE_CLOCK:
		rc = value_time_clock_text(b, s);
		break;
	case TRTYPE_ZONED_STAMP:
		rc = put_zoned(b, s, w);
		if (rc < 0)
			return -1;
		break;
	case TRTYPE_ZONED_CLOCK:
		rc = put_zoned_clock(b, s);
		break;
	case TRTYPE_DAYS:
	case TRTYPE_MONTHS:
		return put_interval(b, t->kind, s, w);
	case TRTYPE_JSON:
		if (value_json(b, s, w->scan, &w->scratch, &why) == 0)
			return 0;
		return bad(w, why);
	default:
		break;
	}
	if (rc != 0)
		buf_slice(b, v); /* a date outside the calendar stays text */
	return 0;
}

static int put(struct buf *b, const struct trtype *t, const char **p,
	       struct trvalue_work *w, unsigned depth);

/* Writes an array or row, or a map. */
static int put_list(struct buf *b, const struct trtype *t, const char **p,
		    struct trvalue_work *w, unsigned depth)
{
	bool map = t->kind == TRTYPE_MAP;
	bool object = map || (t->kind == TRTYPE_ROW && t->named);

	buf_char(b, object ? '{' : '[');
	*p = trvalue_skip(*p + 1);
	for (size_t i = 0; **p != ']' && **p != '}'; i++) {
		size_t c = t->kind == TRTYPE_ROW ? i : (size_t)map;

		if (c >= t->n)
			return bad(w, "a row with too many fields");
		if (i > 0)
			buf_char(b, ',');
		if (map) {
			const char *end = span_string(*p, w->end);

			buf_add(b, *p, (size_t)(end - *p));
			buf_char(b, ':');
			*p = trvalue_skip(trvalue_skip(end) + 1);
		} else if (object) {
			buf_slice(b, buf_all(&t->name[i]));
		}
		if (put(b, t->child[c], p, w, depth + 1) < 0)
			return -1;
		*p = trvalue_skip(*p);
		if (**p == ',')
			*p = trvalue_skip(*p + 1);
	}
	++*p;
	buf_char(b, object ? '}' : ']');
	return 0;
}

static int put(struct buf *b, const struct trtype *t, const char **p,
	       struct trvalue_work *w, unsigned depth)
{
	const char *from = *p;
	char open = t->kind == TRTYPE_MAP ? '{' : '[';

	if (t->kind >= TRTYPE_LIST && *from == open && depth < TRTYPE_DEPTH)
		return put_list(b, t, p, w, depth);
	*p = span_value(from, w->end);
	if (*from == 'n') {
		buf_add(b, "null", 4);
		return 0;
	}
	if (t->kind == TRTYPE_ANY && (*from == '[' || *from == '{'))
		return value_compact(b, slice_of(from, (size_t)(*p - from))) ==
				       0
			       ? 0
			       : bad(w, "too deep");
	if (t->kind >= TRTYPE_LIST || *from == '[' || *from == '{')
		return bad(w, "not of its type");
	return put_leaf(b, t, slice_of(from, (size_t)(*p - from)), w);
}

int trvalue_put(struct buf *b, const struct trtype *t, const char **p,
		struct trvalue_work *work)
{
	return put(b, t, p, work, 0);
}
