#include "wire/jq/jqjson.h"

#include <math.h>

#include "wire/json/json.h"
#include "wire/json/span.h"

/* Only in libjq 1.7 and later, whose header has it too. */
/* NOLINTNEXTLINE(readability-redundant-declaration): it is weak */
extern jv jv_number_with_literal(const char *) __attribute__((weak));

static const double power[] = {1,   1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
			       1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};

enum { EXACT = 15 }; /* digits that any double carries */

bool jqjson_keeps_numbers(void)
{
	return jv_number_with_literal != NULL;
}

/* ---- reading ---------------------------------------------------------- */

/* Reads a number without an exponent and with few digits: its digits and the
 * power of ten are exact doubles, so their quotient is the nearest double. Not
 * decimals with libjq 1.7, which keeps their text, so libjq must read them.
 */
static bool read_number(struct slice s, double *d)
{
	size_t i = *s.p == '-', digits = 0, fraction = 0;
	uint64_t v = 0;
	bool point = false;

	for (; i < s.n; i++) {
		char c = s.p[i];

		if (c == '.' && !jqjson_keeps_numbers()) {
			point = true;
			continue;
		}
		if (c < '0' || c > '9')
			return false;
		v = v * 10 + (uint64_t)(c - '0');
		fraction += point;
		if (++digits > EXACT)
			return false;
	}
	*d = (double)v / power[fraction];
	if (*s.p == '-')
		*d = -*d;
	return true;
}

static jv read_string(struct slice s)
{
	struct buf b = {0};
	jv v;

	if (!memchr(s.p, '\\', s.n))
		return jv_string_sized(s.p, (int)s.n);
	json_decode(&b, s);
	v = jv_string_sized(b.p, (int)b.n);
	buf_clear(&b);
	return v;
}

static jv read_scalar(struct slice s)
{
	double d;

	switch (span_kind(*s.p)) {
	case SCAN_NULL:
		return jv_null();
	case SCAN_FALSE:
		return jv_false();
	case SCAN_TRUE:
		return jv_true();
	case SCAN_STRING:
		return read_string(json_inner(s));
	default:
		return read_number(s, &d) ? jv_number(d)
					  : jv_parse_sized(s.p, (int)s.n);
	}
}

/* Whether the text has an escaped surrogate, perhaps half of a pair. */
static bool has_surrogate(struct slice text)
{
	const char *p = text.p, *end = text.p + text.n;

	while ((p = memchr(p, '\\', (size_t)(end - p)))) {
		if (end - p >= 6 && p[1] == 'u' && (p[2] | 0x20) == 'd' &&
		    p[3] >= '8')
			return true;
		p += 2;
	}
	return false;
}

/* An array or object that is being filled. */
struct jq_level {
	jv v;
	jv key; /* of the member to come; invalid in an array */
};

struct jq_reading {
	const char *at, *end;
	struct jq_level open[SCAN_DEPTH];
	size_t depth;
};

static void add(struct jq_level *l, jv v)
{
	if (jv_is_valid(l->key))
		l->v = jv_object_set(l->v, l->key, v);
	else
		l->v = jv_array_append(l->v, v);
}

static struct slice take(struct jq_reading *r)
{
	const char *from = r->at;

	r->at = span_value(from, r->end);
	return slice_of(from, (size_t)(r->at - from));
}

/* Goes to the next value of the innermost array or object; false at its end. */
static bool next_value(struct jq_reading *r)
{
	struct jq_level *l = &r->open[r->depth - 1];

	r->at = span_blank(r->at, r->end);
	if (*r->at == '}' || *r->at == ']')
		return false;
	if (*r->at == ',')
		r->at = span_blank(r->at + 1, r->end);
	if (jv_get_kind(l->v) == JV_KIND_OBJECT) {
		l->key = read_string(json_inner(take(r)));
		r->at = span_blank(r->at, r->end) + 1; /* the colon */
		r->at = span_blank(r->at, r->end);
	}
	return true;
}

/* Reads one scalar, or the start or end of an array or object: true when the
 * outermost value is complete.
 */
static bool step(struct jq_reading *r, jv *done)
{
	jv v;

	if (*r->at == '{' || *r->at == '[') {
		r->open[r->depth++] = (struct jq_level){
			.v = *r->at == '{' ? jv_object() : jv_array(),
			.key = jv_invalid(),
		};
		r->at++;
	} else {
		v = read_scalar(take(r));
		if (r->depth == 0) {
			*done = v;
			return true;
		}
		add(&r->open[r->depth - 1], v);
	}
	while (!next_value(r)) {
		r->at++;
		v = r->open[--r->depth].v;
		if (r->depth == 0) {
			*done = v;
			return true;
		}
		add(&r->open[r->depth - 1], v);
	}
	return false;
}

jv jqjson_read(struct slice text)
{
	struct jq_reading r = {.at = text.p, .end = text.p + text.n};
	jv v;

	if (has_surrogate(text))
		return jv_parse_sized(text.p, (int)text.n);
	r.at = span_blank(r.at, r.end);
	while (!step(&r, &v))
		;
	return v;
}

/* ---- writing ---------------------------------------------------------- */

/* Adds v divided by a power of ten. */
static void put_fixed(struct buf *b, uint64_t v, size_t places)
{
	char text[32];
	size_t at = sizeof(text);

	for (size_t i = 0; v > 0 || i <= places; i++, v /= 10) {
		if (i == places && places > 0)
			text[--at] = '.';
		text[--at] = (char)('0' + v % 10);
	}
	buf_add(b, text + at, sizeof(text) - at);
}

static void put_by_libjq(struct buf *b, jv v)
{
	jv text = jv_dump_string(v, 0);

	buf_add(b, jv_string_value(text),
		(size_t)jv_string_length_bytes(jv_copy(text)));
	jv_free(text);
}

/* A double with few digits: if these digits, read as above, give the same
 * double, no shorter ones do. libjq prints numbers of this size without an
 * exponent.
 */
void jqjson_number(struct buf *b, double d)
{
	double size = fabs(d);

	for (size_t places = 0; size >= 1e-4 && places < 8; places++) {
		double scaled = size * power[places];
		uint64_t v;

		if (scaled >= power[EXACT])
			break;
		v = (uint64_t)(scaled + 0.5);
		if ((double)v / power[places] != size)
			continue;
		if (d < 0)
			buf_char(b, '-');
		put_fixed(b, v, places);
		return;
	}
	put_by_libjq(b, jv_number(d));
}

static void put_number(struct buf *b, jv v)
{
	if (jqjson_keeps_numbers())
		put_by_libjq(b, v);
	else
		jqjson_number(b, jv_number_value(v));
}

static void put_string(struct buf *b, jv v)
{
	json_string(b, slice_of(jv_string_value(v),
				(size_t)jv_string_length_bytes(jv_copy(v))));
	jv_free(v);
}

/* An array or object that is being written. */
struct written {
	jv v;
	int at; /* the next element, or the iterator of the next member */
	int n;  /* elements; -1: an object */
	bool begun;
};

struct writing {
	struct buf *b;
	struct written open[JQJSON_DEPTH];
	size_t depth;
};

static int put(struct writing *w, jv v)
{
	struct written *o = &w->open[w->depth];

	switch (jv_get_kind(v)) {
	case JV_KIND_FALSE:
		buf_str(w->b, "false");
		return 0;
	case JV_KIND_TRUE:
		buf_str(w->b, "true");
		return 0;
	case JV_KIND_NUMBER:
		put_number(w->b, v);
		return 0;
	case JV_KIND_STRING:
		put_string(w->b, v);
		return 0;
	case JV_KIND_ARRAY:
	case JV_KIND_OBJECT:
		break;
	default:
		buf_str(w->b, "null");
		jv_free(v);
		return 0;
	}
	if (w->depth == JQJSON_DEPTH) {
		jv_free(v);
		return -1;
	}
	*o = (struct written){.v = v, .n = -1};
	if (jv_get_kind(v) == JV_KIND_ARRAY)
		o->n = jv_array_length(jv_copy(v));
	else
		o->at = jv_object_iter(v);
	buf_char(w->b, o->n < 0 ? '{' : '[');
	w->depth++;
	return 0;
}

/* Writes the next value of the innermost array or object: 1, 0 at its end, -1.
 */
static int put_next(struct writing *w)
{
	struct written *o = &w->open[w->depth - 1];
	bool more = o->n < 0 ? jv_object_iter_valid(o->v, o->at) : o->at < o->n;
	jv v;

	if (!more)
		return 0;
	if (o->begun)
		buf_char(w->b, ',');
	o->begun = true;
	if (o->n < 0) {
		put_string(w->b, jv_object_iter_key(o->v, o->at));
		buf_char(w->b, ':');
		v = jv_object_iter_value(o->v, o->at);
		o->at = jv_object_iter_next(o->v, o->at);
	} else {
		v = jv_array_get(jv_copy(o->v), o->at++);
	}
	return put(w, v) < 0 ? -1 : 1;
}

int jqjson_write(struct buf *b, jv v)
{
	struct writing w = {.b = b};
	int rc = put(&w, v);

	while (rc >= 0 && w.depth > 0) {
		rc = put_next(&w);
		if (rc == 0) {
			struct written *o = &w.open[--w.depth];

			buf_char(b, o->n < 0 ? '}' : ']');
			jv_free(o->v);
		}
	}
	while (w.depth > 0)
		jv_free(w.open[--w.depth].v);
	return rc;
}

/* The end of the escape at p, if jqjson_write could have written it, or NULL.
 */
static const char *plain_escape(const char *p)
{
	if (p[1] != 'u')
		return p[1] == '/' ? NULL : p + 2;
	return p[2] == '0' && p[3] == '0' && (p[4] == '0' || p[4] == '1')
		       ? p + 6
		       : NULL;
}

/* The end of the string at p, likewise. */
static const char *plain_string(const char *p, const char *end)
{
	for (p++; p && p < end && *p != '"';)
		p = *p == '\\' ? plain_escape(p) : p + 1;
	return p ? p + 1 : NULL;
}

bool jqjson_is_written(struct slice text, size_t depth)
{
	const char *p = text.p, *end = text.p + text.n;
	size_t open = 0;

	while (p && p < end) {
		char c = *p;

		if (c == '"') {
			p = plain_string(p, end);
			continue;
		}
		open += c == '{' || c == '[';
		open -= c == '}' || c == ']';
		if (open > depth || c == ' ' || c == '\t' || c == '\n' ||
		    c == '\r')
			return false;
		p++;
	}
	return p != NULL;
}
