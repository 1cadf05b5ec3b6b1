/* fuzz_value.c - values as text, JSON or bits: what is written is JSON, and
 * says the same as what was read
 */
#include "fuzz.h"

#include <math.h>

#include "query/time_text.h"
#include "query/timestamp.h"
#include "query/value.h"
#include "query/value_time.h"
#include "wire/json/json.h"
#include "wire/json/number.h"

static struct scan *scan; /* for as long as the process */

static enum scan_kind json(const struct buf *b)
{
	char *line = fuzz_line(b->p, b->n);
	enum scan_kind kind;

	HOLDS(scan_value(scan, slice_of(line, b->n), &kind) == 0);
	free(line);
	return kind;
}

static void check_text(struct slice s)
{
	struct buf b = {0}, back = {0};

	if (value_text(&b, s) == 0) {
		REACHED("a text");
		HOLDS(json_utf8(s) == s.n && json(&b) == SCAN_STRING);
		json_decode(&back, json_inner(buf_all(&b)));
		HOLDS(slice_eq(buf_all(&back), s));
	} else {
		REACHED("a text that is not UTF-8");
		HOLDS(json_utf8(s) < s.n);
	}
	buf_clear(&b);
	buf_clear(&back);
}

static void check_times(struct slice s)
{
	static int (*const puts[])(struct buf * b, struct slice s) = {
		value_time_date_text, value_time_stamp_text,
		value_time_clock_text, timestamp_blank};
	struct buf b = {0};

	for (size_t i = 0; i < COUNT_OF(puts); i++) {
		b.n = 0;
		if (puts[i](&b, s) < 0)
			HOLDS(b.n == 0);
		else
			HOLDS(i == 3 || json(&b) == SCAN_STRING);
		if (i == 0 && b.n > 0)
			REACHED("a day of a database");
		if (i == 1 && b.n > 0)
			REACHED("a moment of a database");
		if (i == 2 && b.n > 0)
			REACHED("a time of a database");
	}
	b.n = 0;
	if (timestamp_earlier(&b, s, 1234567) == 0) {
		int64_t was, is;

		REACHED("an earlier time");
		HOLDS(timestamp_read(s, &was) == 0);
		HOLDS(timestamp_read(buf_all(&b), &is) == 0);
		/* there is nothing before the first day */
		HOLDS(is <= was - 1234567000 ||
		      slice_starts(buf_all(&b), "0001-01-01"));
	}
	buf_clear(&b);
}

/* What is written is read as the same again. */
static void check_file_times(struct slice s)
{
	static int (*const puts[])(struct buf * b, struct slice s) = {
		time_text_date, time_text_datetime, time_text_time};
	struct buf b = {0}, again = {0};

	for (size_t i = 0; i < COUNT_OF(puts); i++) {
		b.n = again.n = 0;
		if (puts[i](&b, s) < 0) {
			HOLDS(b.n == 0);
			continue;
		}
		HOLDS(json(&b) == SCAN_STRING);
		if (i == 0)
			REACHED("a day of a file");
		if (i == 1)
			REACHED("a moment of a file");
		if (i == 2)
			REACHED("a time of a file");
		if (puts[i](&again, json_inner(buf_all(&b))) == 0)
			HOLDS(slice_eq(buf_all(&b), buf_all(&again)));
		else /* of a year with too many digits, or a leap second that an
		      * offset has moved into a year with a sign */
			HOLDS(b.n > strlen("\"+999999-12-31T00:00:00Z\"") ||
			      (i == 1 && strchr("+-", b.p[1]) &&
			       memmem(b.p, b.n, ":60", 3)));
	}
	buf_clear(&b);
	buf_clear(&again);
}

static void check_json(struct slice s)
{
	struct buf b = {0}, scratch = {0};
	const char *why = NULL;
	size_t n;

	if (value_json(&b, s, scan, &scratch, &why) == 0) {
		REACHED("JSON");
		(void)json(&b);
		n = b.n;
		buf_slice(&scratch, buf_all(&b));
		b.n = 0;
		HOLDS(value_compact(
			      &b, slice_of(scratch.p + scratch.n - n, n)) == 0);
		HOLDS(b.n == n); /* once is enough */
	} else {
		REACHED("a value that is not JSON");
		HOLDS(why && *why);
	}
	buf_clear(&b);
	buf_clear(&scratch);
}

static void check_numbers(struct slice s)
{
	struct buf b = {0};
	double v;
	float f;
	int64_t i;

	buf_slice(&b, s);
	if (number_valid(s)) {
		REACHED("a number");
		HOLDS(json(&b) == SCAN_NUMBER);
	}
	if (s.n < sizeof(v)) {
		buf_clear(&b);
		return;
	}
	memcpy(&v, s.p, sizeof(v));
	memcpy(&f, s.p, sizeof(f));
	memcpy(&i, s.p, sizeof(i));
	b.n = 0;
	value_double(&b, v);
	HOLDS(json(&b) == (isfinite(v) ? SCAN_NUMBER : SCAN_STRING));
	if (isfinite(v)) {
		double back = strtod(buf_cstr(&b), NULL);

		REACHED("a number of 8 bytes");
		HOLDS(back == v && !signbit(back) == !signbit(v));
	}
	b.n = 0;
	value_float(&b, f);
	HOLDS(json(&b) == (isfinite(f) ? SCAN_NUMBER : SCAN_STRING));
	if (isfinite(f)) {
		float back = strtof(buf_cstr(&b), NULL);

		HOLDS(back == f && !signbit(back) == !signbit(f));
	}
	b.n = 0;
	value_int(&b, i);
	HOLDS(strtoll(buf_cstr(&b), NULL, 10) == i);
	b.n = 0;
	value_time_date(&b, i % 2000000000);
	HOLDS(json(&b) == SCAN_STRING);
	buf_clear(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice s = slice_of((const char *)data, size);

	if (size > 16384)
		return 0;
	if (!scan)
		scan = scan_new();
	check_text(s);
	check_file_times(s);
	check_times(s);
	check_json(s);
	check_numbers(s);
	return 0;
}
