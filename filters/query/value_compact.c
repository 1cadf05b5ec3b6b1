/* value_compact.c - removes the white space between the tokens of JSON, such as
 * the blanks that PostgreSQL writes in jsonb after each colon and comma.
 * Handles 16 bytes at a time if the processor can.
 */
#include "query/value.h"
#include "wire/json/vec.h"

enum {
	DEPTH = SCAN_DEPTH - 1, /* the row itself is one level */
	BLOCK = 16,
	TAIL = 3 *
	       BLOCK /* less than two blocks, and the bytes read past them */
};

struct compact {
	char *to;
	size_t opens; /* number of arrays and objects */
	bool inside;  /* inside a string */
	bool escaped; /* after a backslash */
};

static void put_bytes(struct compact *c, const char *p, size_t n)
{
	for (const char *end = p + n; p < end; p++) {
		if (!c->inside && (unsigned char)*p <= ' ')
			continue;
		*c->to++ = *p;
		if (c->escaped) {
			c->escaped = false;
		} else if (*p == '"') {
			c->inside = !c->inside;
		} else if (c->inside) {
			c->escaped = *p == '\\';
		} else {
			c->opens += *p == '{' || *p == '[';
		}
	}
}

#if defined(__SSE2__)
/* Converts a bit for each quote to a bit for each byte inside a string and its
 * opening quote.
 */
static ALWAYS_INLINE unsigned strings(unsigned quotes)
{
	quotes ^= quotes << 1;
	quotes ^= quotes << 2;
	quotes ^= quotes << 4;
	quotes ^= quotes << 8;
	return quotes & 0xffff;
}

/* Copies the bytes of a block, except those marked in drop. */
static ALWAYS_INLINE void put_marked(struct compact *c, const char *p,
				     unsigned drop)
{
	unsigned from = 0;

	for (; drop != 0; drop &= drop - 1) {
		unsigned to = (unsigned)__builtin_ctz(drop);

		memcpy(c->to, p + from, BLOCK);
		c->to += to - from;
		from = to + 1;
	}
	memcpy(c->to, p + from, BLOCK);
	c->to += BLOCK - from;
}

/* Handles the block at p. The block after it must be readable, and as much
 * writable.
 */
static ALWAYS_INLINE void put_block(struct compact *c, const char *p)
{
	vec_bytes v = vec_load(p);
	unsigned quotes = vec_bits((vec_signed)(v == '"'));
	unsigned opens, inside;

	if (UNLIKELY(c->escaped || vec_bits((vec_signed)(v == '\\')) != 0)) {
		put_bytes(c, p, BLOCK);
		return;
	}
	inside = strings(quotes) ^ (c->inside ? 0xffff : 0);
	c->inside = (inside >> (BLOCK - 1)) != 0;
	opens = vec_bits((vec_signed)((v | 0x20) == '{')) & ~inside;
	for (; opens != 0; opens &= opens - 1)
		c->opens++;
	put_marked(c, p, vec_bits((vec_signed)(v <= ' ')) & ~inside);
}

static void put_text(struct compact *c, struct slice text)
{
	const char *p = text.p, *end = text.p + text.n;
	char tail[TAIL];

	for (; end - p >= 2 * BLOCK; p += BLOCK)
		put_block(c, p);
	memset(tail, ' ', sizeof(tail));
	memcpy(tail, p, (size_t)(end - p));
	put_block(c, tail);
	if (end - p > BLOCK)
		put_block(c, tail + BLOCK);
}
#else
static void put_text(struct compact *c, struct slice text)
{
	put_bytes(c, text.p, text.n);
}
#endif

static bool is_too_deep(struct slice text)
{
	unsigned depth = 0;
	bool inside = false;

	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];

		if (c == '"')
			inside = !inside;
		else if (inside)
			i += c == '\\';
		else if (c == '{' || c == '[')
			depth++;
		else if (c == '}' || c == ']')
			depth--;
		if (depth > DEPTH)
			return true;
	}
	return false;
}

int value_compact(struct buf *b, struct slice text)
{
	struct compact c = {.to = buf_room(b, text.n + TAIL)};

	put_text(&c, text);
	if (UNLIKELY(c.opens > DEPTH) && is_too_deep(text))
		return -1;
	b->n = (size_t)(c.to - b->p);
	return 0;
}
