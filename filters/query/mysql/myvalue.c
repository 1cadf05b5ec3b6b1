#include "query/mysql/myvalue.h"

#ifdef WITH_MYSQL
#include <mysql.h>
#include <stdio.h>
#include <string.h>

#include "core/num.h"
#include "query/value.h"
#include "query/value_time.h"
#include "wire/json/number.h"

enum { DAY_HOURS = 24, DAY_S = 86400 };

enum { TIME_TEXT = 80 };

/* Writes "2024-05-07 10:23:54.250000". printf takes ten times as long, and is
 * used only for invalid values of a broken server.
 */
static void time_text(char text[TIME_TEXT], const MYSQL_TIME *t)
{
	const unsigned two[] = {t->month, t->day, t->hour, t->minute,
				t->second};
	bool usual = t->year < 10000 && t->second_part < 1000000;
	char *to;

	for (size_t i = 0; i < COUNT_OF(two); i++)
		usual = usual && two[i] < 100;
	if (!usual) {
		snprintf(text, TIME_TEXT, "%04u-%02u-%02u %02u:%02u:%02u.%06lu",
			 t->year, t->month, t->day, t->hour, t->minute,
			 t->second, t->second_part);
		return;
	}
	to = num_two(text, t->year / 100);
	to = num_two(to, t->year % 100);
	for (size_t i = 0; i < COUNT_OF(two); i++) {
		*to++ = "-- ::"[i];
		to = num_two(to, two[i]);
	}
	*to++ = '.';
	to = num_two(to, (unsigned)(t->second_part / 10000));
	to = num_two(to, (unsigned)(t->second_part / 100 % 100));
	to = num_two(to, (unsigned)(t->second_part % 100));
	*to = '\0';
}

static int put_time(struct buf *b, enum myvalue kind, struct slice v)
{
	MYSQL_TIME t;
	char text[TIME_TEXT];

	memcpy(&t, v.p, sizeof(t));
	if (kind == MYVALUE_CLOCK) {
		/* values outside the range of a time of day become a string */
		if (!t.neg && t.day == 0 && t.hour < DAY_HOURS &&
		    t.minute < 60 && t.second < 60 && t.second_part < 1000000) {
			value_time_clock(
				b,
				(int64_t)((t.hour * 60ULL + t.minute) * 60 +
					  t.second) *
						1000000 +
					(int64_t)t.second_part,
				true, 0);
			return 0;
		}
		snprintf(text, sizeof(text), "%s%02u:%02u:%02u.%06lu",
			 t.neg ? "-" : "", t.day * DAY_HOURS + t.hour, t.minute,
			 t.second, t.second_part);
		if (t.second_part == 0)
			*strchr(text, '.') = '\0';
		return value_text(b, slice_str(text));
	}
	time_text(text, &t);
	if (t.second_part < 1000000 &&
	    value_time_stamp_text(b, slice_str(text)) == 0)
		return 0;
	/* an invalid date becomes a string */
	if (kind == MYVALUE_DAY || t.second_part == 0)
		*strchr(text, kind == MYVALUE_DAY ? ' ' : '.') = '\0';
	return value_text(b, slice_str(text));
}

static int put_moment(struct buf *b, struct slice v)
{
	uint64_t s, us = 0;
	size_t n = 0, unit = 100000;

	while (n < v.n && v.p[n] != '.')
		n++;
	if (num_uint(slice_of(v.p, n), &s) < 0 || s > INT64_MAX / 1000000)
		return value_text(b, v);
	for (size_t i = n + 1; i < v.n && v.p[i] >= '0' && v.p[i] <= '9';
	     i++, unit /= 10)
		us += (uint64_t)(v.p[i] - '0') * unit;
	if (s == 0 && us == 0)
		return value_text(b, slice_str("0000-00-00 00:00:00"));
	value_time_stamp(b, (int64_t)(s / DAY_S),
			 (int64_t)(s % DAY_S * 1000000 + us));
	return 0;
}

/* Removes the leading zeros of ZEROFILL, which JSON does not allow. Writes a
 * text that is not a number as a string.
 */
static int put_decimal(struct buf *b, struct slice v)
{
	bool minus = v.n > 0 && *v.p == '-';
	struct slice digits = minus ? slice_of(v.p + 1, v.n - 1) : v;

	while (digits.n > 1 && digits.p[0] == '0' && digits.p[1] != '.')
		digits = slice_of(digits.p + 1, digits.n - 1);
	if (!number_valid(digits) || *digits.p == '-')
		return value_text(b, v);
	if (minus)
		buf_char(b, '-');
	buf_slice(b, digits);
	return 0;
}

static void put_bits(struct buf *b, struct slice v)
{
	uint64_t bits = 0;

	for (size_t i = 0; i < v.n; i++)
		bits = bits << 8 | (unsigned char)v.p[i];
	buf_uint(b, bits);
}

/* The value is an array of 4-byte floats, little endian. */
static void put_vector(struct buf *b, struct slice v)
{
	buf_char(b, '[');
	for (size_t i = 0; i + 4 <= v.n; i += 4) {
		const unsigned char *p = (const unsigned char *)v.p + i;
		uint32_t bits = (uint32_t)p[0] | (uint32_t)p[1] << 8 |
				(uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
		float f;

		memcpy(&f, &bits, sizeof(f));
		if (i > 0)
			buf_char(b, ',');
		value_float(b, f);
	}
	buf_char(b, ']');
}

int myvalue_put(struct buf *b, enum myvalue kind, struct slice v,
		struct myvalue_work *w)
{
	int64_t i;
	double d;
	float f;

	switch (kind) {
	case MYVALUE_INT:
		memcpy(&i, v.p, sizeof(i));
		value_int(b, i);
		return 0;
	case MYVALUE_UINT:
		memcpy(&i, v.p, sizeof(i));
		buf_uint(b, (uint64_t)i);
		return 0;
	case MYVALUE_YEAR:
		memcpy(&i, v.p, sizeof(i));
		buf_fmt(b, "\"%04d-01-01T00:00:00Z\"", (int)i);
		return 0;
	case MYVALUE_FLOAT:
		memcpy(&f, v.p, sizeof(f));
		value_float(b, f);
		return 0;
	case MYVALUE_DOUBLE:
		memcpy(&d, v.p, sizeof(d));
		value_double(b, d);
		return 0;
	case MYVALUE_DECIMAL:
		return put_decimal(b, v);
	case MYVALUE_BYTES:
		value_binary(b, v);
		return 0;
	case MYVALUE_BITS:
		put_bits(b, v);
		return 0;
	case MYVALUE_VECTOR:
		put_vector(b, v);
		return 0;
	case MYVALUE_DAY:
	case MYVALUE_STAMP:
	case MYVALUE_CLOCK:
		return put_time(b, kind, v);
	case MYVALUE_MOMENT:
		return put_moment(b, v);
	case MYVALUE_JSON:
		return value_json_text(b, v, w->scan, &w->scratch, &w->why);
	case MYVALUE_TEXT:
		break;
	}
	w->why = "invalid UTF-8";
	return value_text(b, v);
}
#endif
