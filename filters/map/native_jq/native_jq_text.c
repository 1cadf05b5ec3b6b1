#include "map/native_jq/native_jq_text.h"

#include <stdlib.h>

#include "map/native_jq/native_jq.h"
#include "wire/jq/jqjson.h"
#include "wire/json/json.h"
#include "wire/json/span.h"

enum { EXACT = 15 }; /* digits that any double carries */

/* ---- strings ---------------------------------------------------------- */

static unsigned hex4(const char *p)
{
	unsigned v = 0;

	for (size_t i = 0; i < 4; i++) {
		char c = p[i];

		v = v * 16 +
		    (unsigned)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
	}
	return v;
}

bool native_jq_text_surrogate(struct slice text)
{
	const char *p = text.p, *end = text.p + text.n;

	while (p < end && (p = memchr(p, '\\', (size_t)(end - p)))) {
		unsigned v = p[1] == 'u' ? hex4(p + 2) : 0;

		p += p[1] == 'u' ? 6 : 2;
		if (v < 0xd800 || v > 0xdfff)
			continue;
		if (v > 0xdbff || end - p < 6 || p[0] != '\\' || p[1] != 'u')
			return true;
		v = hex4(p + 2);
		if (v < 0xdc00 || v > 0xdfff)
			return true;
		p += 6;
	}
	return false;
}

struct slice native_jq_text_decode(struct slice string, struct buf *spare)
{
	struct slice inner = json_inner(string);

	if (inner.n == 0 || !memchr(inner.p, '\\', inner.n))
		return inner;
	spare->n = 0;
	json_decode(spare, inner);
	return buf_all(spare);
}

void native_jq_text_string(struct buf *b, struct slice string,
			   struct buf *spare)
{
	if (memchr(string.p, '\\', string.n))
		json_string(b, native_jq_text_decode(string, spare));
	else
		buf_slice(b, string);
}

/* ---- numbers ---------------------------------------------------------- */

/* How much of a number is the same for libjq: all of an integer, and a decimal
 * without the zeros at its end. 0: that is for libjq to say. Later versions
 * keep the digits of decimals.
 */
static size_t same(struct slice s)
{
	size_t i = *s.p == '-', digits = 0, point = 0;

	for (; i < s.n; i++) {
		if (s.p[i] == '.' && !jqjson_keeps_numbers())
			point = i;
		else if (s.p[i] < '0' || s.p[i] > '9' || ++digits > EXACT)
			return 0;
	}
	if (point == 0)
		return s.n;
	if (s.n - point > 4 && s.p[point - 1] == '0' &&
	    memcmp(s.p + point + 1, "0000", 4) == 0)
		return 0; /* may need an exponent */
	for (i = s.n; s.p[i - 1] == '0';)
		i--;
	return s.p[i - 1] == '.' ? i - 1 : i;
}

static void put_number(struct buf *b, struct slice s)
{
	size_t n = same(s);

	if (LIKELY(n > 0)) {
		buf_add(b, s.p, n);
		return;
	}
	if (jqjson_write(b, jv_parse_sized(s.p, (int)s.n)) < 0)
		abort(); /* a number is not nested */
}

double native_jq_text_double(struct slice number)
{
	char text[64] = {0};
	jv v;
	double d;

	if (number.n < sizeof(text)) {
		memcpy(text, number.p, number.n);
		return strtod(text, NULL);
	}
	v = jv_parse_sized(number.p, (int)number.n);
	d = jv_number_value(v);
	jv_free(v);
	return d;
}

/* ---- values ----------------------------------------------------------- */

static size_t scalar(const char *p, const char *end)
{
	const char *from = p;

	while (p < end && *p != ',' && *p != ']' && *p != '}' &&
	       (unsigned char)*p > ' ')
		p++;
	return (size_t)(p - from);
}

int native_jq_text_put(struct buf *b, struct slice value, struct buf *spare)
{
	const char *p = value.p, *end = value.p + value.n;
	size_t depth = 0;

	while (p < end) {
		const char *from = p;
		char c = *p;

		if (c == '"') {
			p = span_string(p, end);
			native_jq_text_string(
				b, slice_of(from, (size_t)(p - from)), spare);
		} else if (c == '-' || (c >= '0' && c <= '9')) {
			p += scalar(p, end);
			put_number(b, slice_of(from, (size_t)(p - from)));
		} else {
			if (c == '{' || c == '[') {
				if (++depth > NATIVE_JQ_LEVELS)
					return -1;
			} else if (c == '}' || c == ']') {
				depth--;
			}
			if ((unsigned char)c > ' ')
				buf_char(b, c);
			p++;
		}
	}
	return 0;
}
