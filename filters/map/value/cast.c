#include "map/value/cast.h"

#include "core/text.h"
#include "map/value/cast_time.h"
#include "wire/json/decimal.h"
#include "wire/json/json.h"
#include "wire/json/number.h"

/* Appends the value as text: a string decoded, anything else as written. */
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

static int to_number(struct slice s, struct buf *b)
{
	s = text_trim(s);
	if (!number_valid(s))
		return -1;
	buf_slice(b, s);
	return 0;
}

/* Appends a JSON number that is integral in plain form, without an exponent. -1
 * if it is not integral or has more than DECIMAL_ID digits.
 */
static int whole(struct slice s, struct buf *b)
{
	struct buf number = {0};
	size_t from = b->n, sign;
	int rc = to_number(s, &number);

	if (rc == 0)
		rc = decimal_id(b, buf_all(&number));
	sign = rc == 0 && b->p[from] == '-';
	if (rc == 0 &&
	    !digits_only(slice_of(b->p + from + sign, b->n - from - sign)))
		rc = -1;
	buf_clear(&number);
	return rc;
}

/* Appends an integer as JSON: without plus, leading zeros, or a fraction that
 * is all zeros.
 */
static int to_integer(struct slice s, struct buf *b)
{
	const char *dot;
	bool minus;

	s = text_trim(s);
	if (memchr(s.p, 'e', s.n) || memchr(s.p, 'E', s.n))
		return whole(s, b);
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

static int boolean_word(struct slice s, struct buf *b)
{
	static const char *const yes[] = {"true", "t", "yes", "y", "on", "1"};
	static const char *const no[] = {"false", "f", "no", "n", "off", "0"};

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

/* A number counts by its value: 1.0 is true like 1. */
static int to_boolean(struct slice s, struct buf *b)
{
	struct buf number = {0};
	int rc;

	s = text_trim(s);
	rc = boolean_word(s, b);
	if (rc < 0 && whole(s, &number) == 0)
		rc = boolean_word(buf_all(&number), b);
	buf_clear(&number);
	return rc;
}

static int to_timestamp(const struct scan_member *m, struct slice s,
			struct buf *b)
{
	int rc;

	buf_char(b, '"');
	rc = m->kind == SCAN_NUMBER ? cast_time_number(s, b)
				    : cast_time_text(text_trim(s), b);
	buf_char(b, '"');
	return rc;
}

int cast_value(const struct field *f, const struct scan_member *m,
	       struct buf *text, struct buf *b, const char **why)
{
	struct slice s;
	int rc = 0;

	text->n = 0;
	plain_text(m, text);
	buf_room(text, 1);
	s = buf_all(text);
	*why = "half a surrogate pair is not text";
	if (json_utf8(s) < s.n && (f->cast != FIELD_AS_IS || f->n_steps > 0))
		return -1;
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
	return rc;
}
