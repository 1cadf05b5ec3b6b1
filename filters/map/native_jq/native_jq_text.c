#include "map/native_jq/native_jq_text.h"

#include <stdlib.h>

#include "map/native_jq/native_jq.h"
#include "wire/jq/jqjson.h"
#include "wire/json/json.h"
#include "wire/json/span.h"

enum { EXACT = 15 }; /* number of digits that every double holds exactly */

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

static const char *digits(const char *p, const char *end)
{
	while (p < end && *p >= '0' && *p <= '9')
		p++;
	return p;
}

/* Returns the end of the number at p. *same is the length that libjq prints
 * unchanged: all of an integer, and a decimal without its trailing zeros; 0 if
 * libjq has to print the number. Later versions of libjq keep the digits of
 * decimals.
 */
static const char *number_end(const char *p, const char *end, size_t *same)
{
	const char *whole = p + (*p == '-'), *point = digits(whole, end);
	const char *at = point;

	*same = 0;
	if (at < end && *at == '.')
		at = digits(at + 1, end);
	if (at < end && (*at == 'e' || *at == 'E'))
		return digits(
			at + 2,
			end); /* skips "e" and the sign or digit after it */
	if (at - whole - (at > point) > EXACT)
		return at;
	if (LIKELY(at == point)) {
		*same = (size_t)(at - p);
		return at;
	}
	if (jqjson_keeps_numbers() ||
	    (at - point > 4 && point[-1] == '0' &&
	     memcmp(point + 1, "0000", 4) ==
		     0)) /* libjq may print an exponent */
		return at;
	end = at;
	while (end[-1] == '0')
		end--;
	*same = (size_t)(end - (end - 1 == point) - p);
	return at;
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

/* Copies the string at p and returns its end. */
static const char *copy_string(struct native_jq_text_copying *c, const char *p,
			       const char *end, struct buf *spare)
{
	const char *quote = span_quote(p + 1, end);

	if (LIKELY(quote < end && *quote == '"')) {
		native_jq_text_piece(c, slice_of(p, (size_t)(quote + 1 - p)));
		return quote + 1;
	}
	quote = span_string(p, end);
	native_jq_text_end(c);
	native_jq_text_string(c->b, slice_of(p, (size_t)(quote - p)), spare);
	return quote;
}

/* Copies the number at p and returns its end. */
static const char *copy_number(struct native_jq_text_copying *c, const char *p,
			       const char *end)
{
	size_t same;
	const char *behind = number_end(p, end, &same);

	native_jq_text_piece(c, slice_of(p, same));
	if (UNLIKELY(same == 0)) {
		native_jq_text_end(c);
		if (jqjson_write(c->b, jv_parse_sized(p, (int)(behind - p))) <
		    0)
			abort(); /* a number is not nested */
	}
	return behind;
}

int native_jq_text_copy(struct native_jq_text_copying *to, struct slice value,
			struct buf *spare)
{
	const char *p = value.p, *end = value.p + value.n;
	size_t depth = 0;

	while (p < end) {
		char c = *p;

		if (c == '"') {
			p = copy_string(to, p, end, spare);
		} else if (c == '-' || (c >= '0' && c <= '9')) {
			p = copy_number(to, p, end);
		} else {
			if (c == '{' || c == '[') {
				if (++depth > NATIVE_JQ_LEVELS)
					return -1;
			} else if (c == '}' || c == ']') {
				depth--;
			}
			if ((unsigned char)c > ' ')
				native_jq_text_piece(to, slice_of(p, 1));
			p++;
		}
	}
	return 0;
}

int native_jq_text_put(struct buf *b, struct slice value, struct buf *spare)
{
	struct native_jq_text_copying c = native_jq_text_begin(b);
	int rc = native_jq_text_copy(&c, value, spare);

	native_jq_text_end(&c);
	return rc;
}
