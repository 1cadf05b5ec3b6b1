#include "map/value/cast.h"

#include "core/clock.h"
#include "core/num.h"
#include "core/text.h"
#include "wire/json/json.h"

/* What the value says as text: strings decoded, all else as written. */
static void plain_text(const struct scan_member *m, struct buf *b)
{
	if (m->kind == SCAN_STRING)
		json_decode(b, json_inner(m->value));
	else
		buf_slice(b, m->value);
}

static bool digits_only(struct slice s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	}
	return s.n > 0;
}

/* An integer in JSON's form: no plus, no leading zeros; a fraction of zeros
 * goes.
 */
static int to_integer(struct slice s, struct buf *b)
{
	const char *dot;
	bool minus;

	s = text_trim(s);
	minus = s.n > 0 && *s.p == '-';
	if (s.n > 0 && (*s.p == '-' || *s.p == '+'))
		s = slice_of(s.p + 1, s.n - 1);
	dot = s.n > 0 ? memchr(s.p, '.', s.n) : NULL;
	if (dot) {
		for (const char *p = dot + 1; p < s.p + s.n; p++) {
			if (*p != '0')
				return -1;
		}
		s.n = (size_t)(dot - s.p);
	}
	if (!digits_only(s))
		return -1;
	while (s.n > 1 && *s.p == '0')
		s = slice_of(s.p + 1, s.n - 1);
	if (minus && !slice_is(s, "0"))
		buf_char(b, '-');
	buf_slice(b, s);
	return 0;
}

static int to_number(struct slice s, struct buf *b)
{
	struct scan *scan = scan_new();
	struct buf copy = {0};
	enum scan_kind kind;
	int rc;

	s = text_trim(s);
	buf_slice(&copy, s);
	memset(buf_room(&copy, 80), 0, 80); /* scan wants a pad */
	rc = scan_value(scan, buf_all(&copy), &kind);
	if (rc == 0 && kind == SCAN_NUMBER)
		buf_slice(b, s);
	else
		rc = -1;
	buf_clear(&copy);
	scan_free(scan);
	return rc;
}

static int to_boolean(struct slice s, struct buf *b)
{
	static const char *const yes[] = {"true", "t", "yes", "y", "on", "1"};
	static const char *const no[] = {"false", "f", "no", "n", "off", "0"};

	s = text_trim(s);
	for (size_t i = 0; i < COUNT_OF(yes); i++) {
		if (s.n == strlen(yes[i]) &&
		    strncasecmp(s.p, yes[i], s.n) == 0) {
			buf_str(b, "true");
			return 0;
		}
		if (s.n == strlen(no[i]) && strncasecmp(s.p, no[i], s.n) == 0) {
			buf_str(b, "false");
			return 0;
		}
	}
	return -1;
}

/* Two digits up to max, or -1. */
static int two(const char *p, int max)
{
	int v;

	if (p[0] < '0' || p[0] > '9' || p[1] < '0' || p[1] > '9')
		return -1;
	v = (p[0] - '0') * 10 + p[1] - '0';
	return v <= max ? v : -1;
}

static bool is_date(struct slice s)
{
	return s.n >= 10 && digits_only(slice_of(s.p, 4)) && s.p[4] == '-' &&
	       two(s.p + 5, 12) > 0 && s.p[7] == '-' && two(s.p + 8, 31) > 0;
}

/* "Z", "+00", "+0530", "+05:30", or nothing, which is UTC. */
static int put_zone(struct slice s, struct buf *b)
{
	int hours, minutes = 0;

	if (s.n == 0 || slice_is(s, "Z") || slice_is(s, "z") ||
	    slice_is(s, " UTC")) {
		buf_char(b, 'Z');
		return 0;
	}
	if ((*s.p != '+' && *s.p != '-') || s.n < 3)
		return -1;
	hours = two(s.p + 1, 23);
	if (s.n == 5)
		minutes = two(s.p + 3, 59);
	else if (s.n == 6 && s.p[3] == ':')
		minutes = two(s.p + 4, 59);
	else if (s.n != 3)
		return -1;
	if (hours < 0 || minutes < 0)
		return -1;
	if (hours == 0 && minutes == 0)
		buf_char(b, 'Z');
	else
		buf_fmt(b, "%c%02d:%02d", *s.p, hours, minutes);
	return 0;
}

/* "2024-05-07", or with a time behind a T or blank, a fraction, a zone. */
static int put_time(struct slice s, struct buf *b)
{
	size_t n = 19;

	if (!is_date(s))
		return -1;
	buf_add(b, s.p, 10);
	if (s.n == 10) {
		buf_str(b, "T00:00:00Z");
		return 0;
	}
	if (s.n < 19 || (s.p[10] != 'T' && s.p[10] != ' ' && s.p[10] != 't') ||
	    two(s.p + 11, 23) < 0 || s.p[13] != ':' || two(s.p + 14, 59) < 0 ||
	    s.p[16] != ':' || two(s.p + 17, 60) < 0)
		return -1;
	buf_char(b, 'T');
	buf_add(b, s.p + 11, 8);
	if (s.n > 20 && s.p[19] == '.') {
		while (++n < s.n && s.p[n] >= '0' && s.p[n] <= '9')
			;
		if (n == 20)
			return -1;
		buf_add(b, s.p + 19, n - 19);
	}
	return put_zone(slice_of(s.p + n, s.n - n), b);
}

/* Seconds since 1970, or milliseconds where that would be beyond year 5138. */
static int put_epoch(struct slice s, struct buf *b)
{
	struct buf digits = {0};
	uint64_t v;
	int rc = to_integer(s, &digits);

	if (rc == 0)
		rc = num_uint(buf_all(&digits), &v);
	buf_clear(&digits);
	if (rc < 0 || v > UINT64_C(100000000000000))
		return -1;
	clock_stamp(b, v < UINT64_C(100000000000) ? v * 1000 : v);
	return 0;
}

static int to_timestamp(const struct scan_member *m, struct slice s,
			struct buf *b)
{
	int rc;

	buf_char(b, '"');
	rc = m->kind == SCAN_NUMBER ? put_epoch(s, b)
				    : put_time(text_trim(s), b);
	buf_char(b, '"');
	return rc;
}

int cast_value(const struct field *f, const struct scan_member *m,
	       struct buf *b, const char **why)
{
	struct buf text = {0};
	struct slice s;
	int rc = 0;

	plain_text(m, &text);
	buf_room(&text, 1);
	s = buf_all(&text);
	*why = "half a surrogate pair is no text";
	if (json_utf8(s) < s.n && (f->cast != FIELD_AS_IS || f->n_steps > 0)) {
		buf_clear(&text);
		return -1;
	}
	switch (f->cast) {
	case FIELD_AS_IS:
		buf_slice(b, m->value);
		break;
	case FIELD_STRING:
		json_string(b, s);
		break;
	case FIELD_INTEGER:
		*why = "not an integer";
		rc = to_integer(s, b);
		break;
	case FIELD_NUMBER:
		*why = "not a number";
		rc = to_number(s, b);
		break;
	case FIELD_BOOLEAN:
		*why = "not a boolean";
		rc = to_boolean(s, b);
		break;
	case FIELD_TIMESTAMP:
		*why = "not a timestamp";
		rc = to_timestamp(m, s, b);
		break;
	}
	buf_clear(&text);
	return rc;
}
