#include "diff/keys/order.h"

#include "wire/json/hash.h"
#include "wire/json/json.h"
#include "wire/json/span.h"

/* The order of types; the first byte of a scalar shows its type. */
enum rank { FALSE, TRUE, NUMBER, STRING };

static enum rank rank_of(struct slice scalar)
{
	switch (*scalar.p) {
	case 'f':
		return FALSE;
	case 't':
		return TRUE;
	case '"':
		return STRING;
	default:
		return NUMBER;
	}
}

static int string_order(struct slice a, struct slice b, struct buf *scratch)
{
	size_t n;

	a = json_inner(a);
	b = json_inner(b);
	if (!memchr(a.p, '\\', a.n) && !memchr(b.p, '\\', b.n))
		return slice_order(a, b);
	scratch->n = 0;
	json_decode(scratch, a);
	n = scratch->n;
	json_decode(scratch, b);
	return slice_order(slice_of(scratch->p, n),
			   slice_of(scratch->p + n, scratch->n - n));
}

static int scalar_order(struct slice a, struct slice b, struct buf *scratch)
{
	enum rank ra = rank_of(a), rb = rank_of(b);

	if (ra != rb)
		return ra < rb ? -1 : 1;
	if (ra == NUMBER)
		return hash_number_order(a, b);
	return ra == STRING ? string_order(a, b, scratch) : 0;
}

/* Takes the next value from the inside of an array of scalars. */
static struct slice take(struct slice *rest)
{
	const char *p = rest->p, *end = rest->p + rest->n;
	struct slice scalar;

	p = span_value(p, end);
	scalar = slice_of(rest->p, (size_t)(p - rest->p));
	p += p < end; /* the comma */
	*rest = slice_of(p, (size_t)(end - p));
	return scalar;
}

int order_keys(struct slice a, struct slice b, struct buf *scratch)
{
	int order = 0;

	if (*a.p != '[')
		return scalar_order(a, b, scratch);
	a = json_inner(a);
	b = json_inner(b);
	while (order == 0 && a.n > 0 && b.n > 0) {
		struct slice x = take(&a), y = take(&b);

		order = scalar_order(x, y, scratch);
	}
	return order;
}
