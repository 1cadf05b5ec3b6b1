#include "query/clickhouse/chvalue.h"

#include <stdlib.h>

#include "core/num.h"
#include "core/reader.h"
#include "query/value.h"
#include "query/value_time.h"
#include "wire/json/number.h"

enum { DEPTH = 2 * CHTYPE_DEPTH };

static struct slice behind(struct slice s, size_t n)
{
	return slice_of(s.p + n, s.n - n);
}

static struct slice trim(struct slice s)
{
	while (s.n > 0 && *s.p == ' ')
		s = slice_of(s.p + 1, s.n - 1);
	while (s.n > 0 && s.p[s.n - 1] == ' ')
		s.n--;
	return s;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

void chvalue_unescape(struct buf *b, struct slice s)
{
	static const char from[] = "abefnrtv0", to[] = "\a\b\033\f\n\r\t\v";
	const char *p = s.p, *end = s.n > 0 ? s.p + s.n : s.p;

	while (p < end) {
		const char *slash = memchr(p, '\\', (size_t)(end - p)), *at;

		if (!slash || slash + 1 == end) {
			buf_add(b, p, (size_t)(end - p));
			return;
		}
		buf_add(b, p, (size_t)(slash - p));
		p = slash + 2;
		at = p[-1] ? strchr(from, p[-1]) : NULL;
		if (p[-1] == 'x' && end - p >= 2 && hex_digit(p[0]) >= 0 &&
		    hex_digit(p[1]) >= 0) {
			buf_char(b, (char)(hex_digit(p[0]) << 4 |
					   hex_digit(p[1])));
			p += 2;
		} else {
			buf_char(b, at ? to[at - from] : p[-1]);
		}
	}
}

static int bad(struct chvalue_work *w, const char *why)
{
	w->why = why;
	return -1;
}

static int put_text(struct buf *b, struct slice s, struct chvalue_work *w)
{
	return value_text(b, s) == 0 ? 0 : bad(w, "invalid UTF-8");
}

static int put_decimal(struct buf *b, const struct chtype *t, struct slice s,
		       struct chvalue_work *w)
{
	const char *dot = s.n > 0 ? memchr(s.p, '.', s.n) : NULL;
	size_t have = dot ? (size_t)(s.p + s.n - dot) - 1 : 0;

	if (!number_valid(s))
		return bad(w, "not a number");
	buf_slice(b, s);
	if (memchr(s.p, 'e', s.n) || memchr(s.p, 'E', s.n))
		return 0;
	if (!dot && t->scale > 0)
		buf_char(b, '.');
	for (; have < t->scale; have++)
		buf_char(b, '0');
	return 0;
}

static int put_real(struct buf *b, const struct chtype *t, struct slice s,
		    struct chvalue_work *w)
{
	static const struct {
		const char *from, *to;
	} odd[] = {
		{"nan", "\"NaN\""},
		{"-nan", "\"NaN\""},
		{"inf", "\"Infinity\""},
		{"-inf", "\"-Infinity\""},
	};
	char text[64];

	for (size_t i = 0; i < COUNT_OF(odd); i++) {
		if (slice_is(s, odd[i].from)) {
			buf_str(b, odd[i].to);
			return 0;
		}
	}
	if (!number_valid(s) || s.n >= sizeof(text))
		return bad(w, "not a number");
	if (!memchr(s.p, 'e', s.n)) {
		buf_slice(b, s);
		return 0;
	}
	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	if (t->kind == CHTYPE_FLOAT)
		value_float(b, strtof(text, NULL));
	else
		value_double(b, strtod(text, NULL));
	return 0;
}

/* Writes a number of units as ISO 8601: "P3D", "PT-0.005S". */
static int put_interval(struct buf *b, const struct chtype_unit *u,
			struct slice s, struct chvalue_work *w)
{
	bool minus = s.n > 0 && *s.p == '-';
	uint64_t v, part = 1;

	if (num_uint(behind(s, minus), &v) < 0 || v > INT64_MAX)
		return bad(w, "not a number");
	for (unsigned i = 0; i < u->digits; i++)
		part *= 10;
	buf_fmt(b, "\"%s%s%ju", u->from, minus ? "-" : "",
		(uintmax_t)(v / part * u->times));
	if (v % part > 0) {
		buf_fmt(b, ".%0*ju", (int)u->digits, (uintmax_t)(v % part));
		while (b->p[b->n - 1] == '0')
			b->n--;
	}
	buf_fmt(b, "%s\"", u->to);
	return 0;
}

static int put_json(struct buf *b, struct slice s, struct chvalue_work *w)
{
	return value_json(b, s, w->scan, &w->scratch, &w->why);
}

/* Writes a value that is not nested and has no escapes any more. */
static int put_leaf(struct buf *b, const struct chtype *t, struct slice s,
		    struct chvalue_work *w)
{
	int rc = -1;

	switch (t->kind) {
	case CHTYPE_INT:
		if (!number_valid(s))
			return bad(w, "not a number");
		buf_slice(b, s);
		return 0;
	case CHTYPE_DECIMAL:
		return put_decimal(b, t, s, w);
	case CHTYPE_FLOAT:
	case CHTYPE_DOUBLE:
		return put_real(b, t, s, w);
	case CHTYPE_BOOL:
		if (slice_is(s, "true") || slice_is(s, "false")) {
			buf_slice(b, s);
			return 0;
		}
		break;
	case CHTYPE_DAY:
		rc = value_time_date_text(b, s);
		break;
	case CHTYPE_STAMP:
		rc = value_time_stamp_text(b, s);
		break;
	case CHTYPE_CLOCK:
		rc = value_time_clock_text(b, s);
		break;
	case CHTYPE_INTERVAL:
		return put_interval(b, &t->unit, s, w);
	case CHTYPE_JSON:
		return put_json(b, s, w);
	case CHTYPE_BYTES:
		value_binary(b, s);
		return 0;
	case CHTYPE_GUESS:
		if (number_valid(s)) {
			buf_slice(b, s);
			return 0;
		}
		break;
	default:
		break;
	}
	return rc == 0 ? 0 : put_text(b, s, w);
}

struct nest {
	const char *p, *end; /* the unread rest */
	struct chvalue_work *work;
};

static bool takes(struct nest *x, char c)
{
	if (x->p == x->end || *x->p != c)
		return false;
	x->p++;
	while (x->p < x->end && *x->p == ' ')
		x->p++;
	return true;
}

static int put_nested(struct buf *b, const struct chtype *t, struct nest *x,
		      unsigned depth);

/* Writes a quoted text, or a bare word up to a comma or a closing bracket. */
static int put_word(struct buf *b, const struct chtype *t, struct nest *x)
{
	const char *from = x->p;
	struct slice s;

	if (from < x->end && *from == '\'') {
		size_t n =
			chtype_quoted(slice_of(from, (size_t)(x->end - from)));

		if (n < 2 || from[n - 1] != '\'')
			return bad(x->work, "an unterminated text");
		x->p += n;
		s = slice_of(from + 1, n - 2);
		if (memchr(s.p, '\\', s.n)) {
			x->work->plain.n = 0;
			chvalue_unescape(&x->work->plain, s);
			s = buf_all(&x->work->plain);
		}
		return t->kind == CHTYPE_GUESS ? put_text(b, s, x->work)
					       : put_leaf(b, t, s, x->work);
	}
	while (x->p < x->end && !memchr(",])}:", *x->p, 5))
		x->p++;
	s = trim(slice_of(from, (size_t)(x->p - from)));
	if (slice_is(s, "NULL")) {
		buf_add(b, "null", 4);
		return 0;
	}
	return put_leaf(b, t, s, x->work);
}

/* Writes the key of a map, always as a string. */
static int put_key(struct buf *b, const struct chtype *t, struct nest *x)
{
	size_t from = b->n;

	if (put_word(b, t, x) < 0)
		return -1;
	if (b->n > from && b->p[from] != '"') {
		buf_char(b, '"');
		memmove(b->p + from + 1, b->p + from, b->n - from - 1);
		b->p[from] = '"';
		buf_char(b, '"');
	}
	buf_char(b, ':');
	return takes(x, ':') ? 0 : bad(x->work, "not a map");
}

static int put_name(struct buf *b, const struct chtype *t, size_t i,
		    struct nest *x)
{
	struct slice name = t->name[i];

	x->work->plain.n = 0;
	chvalue_unescape(&x->work->plain, name);
	if (put_text(b, buf_all(&x->work->plain), x->work) < 0)
		return -1;
	buf_char(b, ':');
	return 0;
}

/* Writes the elements up to the closing bracket. */
static int put_list(struct buf *b, const struct chtype *t, struct nest *x,
		    char close, unsigned depth)
{
	bool object = t->named || t->kind == CHTYPE_MAP;

	buf_char(b, object ? '{' : '[');
	for (size_t i = 0; !takes(x, close); i++) {
		const struct chtype *c = t->kind == CHTYPE_GUESS  ? t
					 : t->kind == CHTYPE_MAP  ? t->child[1]
					 : t->kind == CHTYPE_LIST ? t->child[0]
					 : i < t->n               ? t->child[i]
								  : NULL;

		if (i > 0 && !takes(x, ','))
			return bad(x->work, "an unterminated list");
		if (i > 0 && t->kind == CHTYPE_TUPLE && takes(x, close))
			break; /* a tuple may be (1,) */
		if (!c)
			return bad(x->work, "a tuple that is too long");
		if (i > 0)
			buf_char(b, ',');
		if (t->kind == CHTYPE_MAP && put_key(b, t->child[0], x) < 0)
			return -1;
		if (t->named && put_name(b, t, i, x) < 0)
			return -1;
		if (put_nested(b, c, x, depth + 1) < 0)
			return -1;
	}
	buf_char(b, object ? '}' : ']');
	return 0;
}

static int put_nested(struct buf *b, const struct chtype *t, struct nest *x,
		      unsigned depth)
{
	bool list = t->kind == CHTYPE_LIST || t->kind == CHTYPE_GUESS;

	if (depth > DEPTH)
		return bad(x->work, "too deep");
	if (list && takes(x, '['))
		return put_list(b, t, x, ']', depth);
	if ((t->kind == CHTYPE_TUPLE || t->kind == CHTYPE_GUESS) &&
	    takes(x, '('))
		return put_list(b, t, x, ')', depth);
	if (t->kind == CHTYPE_MAP && takes(x, '{'))
		return put_list(b, t, x, '}', depth);
	return put_word(b, t, x);
}

/* Refuses duplicate names, which a map may have. */
static int check_names(struct buf *b, size_t from, struct chvalue_work *w)
{
	enum scan_kind kind;

	w->scratch.n = 0;
	buf_add(&w->scratch, b->p + from, b->n - from);
	memset(buf_room(&w->scratch, READER_PAD), 0, READER_PAD);
	if (scan_value(w->scan, buf_all(&w->scratch), &kind) == 0)
		return 0;
	return bad(w, scan_why(w->scan));
}

int chvalue_put(struct buf *b, const struct chtype *t, struct slice field,
		struct chvalue_work *work)
{
	struct nest x = {field.p, field.p + field.n, work};
	size_t from = b->n;

	if (field.n == 2 && memcmp(field.p, "\\N", 2) == 0) {
		buf_add(b, "null", 4);
		return 0;
	}
	if (t->kind == CHTYPE_GUESS || t->kind >= CHTYPE_LIST) {
		if (put_nested(b, t, &x, 0) < 0)
			return -1;
		if (x.p < x.end)
			return bad(work, "text after its end");
		return t->maps ? check_names(b, from, work) : 0;
	}
	if (field.n > 0 && memchr(field.p, '\\', field.n)) {
		work->plain.n = 0;
		chvalue_unescape(&work->plain, field);
		field = buf_all(&work->plain);
	}
	return put_leaf(b, t, field, work);
}
