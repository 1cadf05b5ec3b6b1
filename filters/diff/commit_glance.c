#include "diff/commit_glance.h"

#include "core/num.h"
#include "wire/json/vec.h"

/* A change id in a message id: groups of hexadecimal digits. */
enum { TEXT = 36, MAX_DIGITS = 9 };

/* Skips a text; NULL stays NULL. end is the end of all bytes. */
static ALWAYS_INLINE const char *skip_text(const char *p, const char *end,
					   const char *text, size_t n)
{
	if (!p || (size_t)(end - p) < n || memcmp(p, text, n) != 0)
		return NULL;
	return p + n;
}

#define PASS(p, end, text) skip_text(p, end, text, sizeof(text) - 1)

/* Skips a string of plain ASCII. */
static const char *skip_plain(const char *p, const char *end)
{
	if (!p)
		return NULL;
	p = vec_run_portable(p);
	return p < end ? p : NULL;
}

/* Skips a number of a few digits. */
static const char *skip_count(const char *p, const char *end)
{
	const char *from = p;

	while (p && p < end && *p >= '0' && *p <= '9')
		p++;
	if (p == from || p - from > MAX_DIGITS ||
	    (*from == '0' && p - from > 1))
		return NULL;
	return p;
}

/* Four characters each from two places, as one number. */
static ALWAYS_INLINE uint64_t two_fours(const char *p, const char *q)
{
	char c[8];
	uint64_t v;

	memcpy(c, p, 4);
	memcpy(c + 4, q, 4);
	memcpy(&v, c, sizeof(v));
	return v;
}

static ALWAYS_INLINE uint64_t eight(const char *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}

static ALWAYS_INLINE const char *pass_change(const char *p, const char *end,
					     struct hash *h)
{
	if (!p || end - p < TEXT || p[8] != '-' || p[13] != '-' ||
	    p[18] != '-' || p[23] != '-' ||
	    num_hex_words(eight(p), two_fours(p + 9, p + 14), &h->hi) < 0 ||
	    num_hex_words(two_fours(p + 19, p + 24), eight(p + 28), &h->lo) < 0)
		return NULL;
	return p + TEXT;
}

bool commit_glance(struct slice rest, struct hash *change, size_t *n)
{
	const char *end = rest.p + rest.n;
	const char *p = PASS(rest.p, end, "{\"recordId\":\"");

	p = skip_plain(p, end);
	p = PASS(p, end, "\",\"messageId\":\"");
	p = pass_change(p, end, change);
	p = PASS(p, end, "\",\"status\":\"accepted\",\"code\":");
	p = skip_count(p, end);
	p = PASS(p, end, ",\"attempts\":");
	p = skip_count(p, end);
	p = PASS(p, end, ",\"ms\":");
	p = skip_count(p, end);
	p = PASS(p, end, "}\n");
	if (!p)
		return false;
	*n = (size_t)(p - 1 - rest.p);
	return true;
}
