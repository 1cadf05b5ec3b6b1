/* slice.h - borrowed bytes: a pointer and a length, never owned.
 *
 * Floor 0.
 */
#ifndef CORE_SLICE_H
#define CORE_SLICE_H

#include <string.h>

struct slice {
	const char *p; /* may be NULL only when n is 0; not NUL-terminated */
	size_t n;      /* bytes */
};

static inline struct slice slice_of(const char *p, size_t n)
{
	return (struct slice){.p = p, .n = n};
}

/* The bytes of a C string, without its NUL. NULL gives the empty slice. */
static inline struct slice slice_str(const char *s)
{
	return slice_of(s, s ? strlen(s) : 0);
}

static inline bool slice_eq(struct slice a, struct slice b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

/* Orders by bytes, a prefix first: -1, 0, 1. */
static inline int slice_order(struct slice a, struct slice b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int order = n > 0 ? memcmp(a.p, b.p, n) : 0;

	return order != 0 ? (order > 0) - (order < 0)
			  : (a.n > b.n) - (a.n < b.n);
}

static inline bool slice_is(struct slice a, const char *s)
{
	return slice_eq(a, slice_str(s));
}

static inline bool slice_starts(struct slice a, const char *s)
{
	size_t n = strlen(s);

	return a.n >= n && (n == 0 || memcmp(a.p, s, n) == 0);
}

/* For "%.*s": precision and pointer of a slice. */
#define SLICE_FMT(s) (int)(s).n, (s).p

#endif
