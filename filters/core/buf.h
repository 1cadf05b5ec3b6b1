/* buf.h - bytes that grow at their end.
 *
 * Floor 0. An all-zero struct is an empty buffer. A buffer holds one record
 * or one batch, so its size is bounded by what its filler accepts.
 */
#ifndef CORE_BUF_H
#define CORE_BUF_H

#include <string.h>

#include "core/slice.h"

struct buf {
	char *p;     /* owned; not NUL-terminated */
	size_t n;    /* bytes in use */
	size_t size; /* bytes allocated */
};

/* Makes more than n bytes writable after the end (the slow half of buf_room). A
 * size that cannot be allocated ends the program, as in mem_resize.
 */
void buf_grow(struct buf *b, size_t n);

/* Frees the memory; the buffer is empty and usable afterwards. */
void buf_clear(struct buf *b);

/* Appends as printf. */
void buf_fmt(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Appends a decimal number. */
void buf_uint(struct buf *b, uint64_t v);

/* Appends the bytes as lower-case hexadecimal digits. */
void buf_hex(struct buf *b, const void *p, size_t n);

/* Appends the bytes in standard base64 with padding (RFC 4648, 4). */
void buf_base64(struct buf *b, const void *p, size_t n);

/* Makes room for n bytes and one more at the end: write there, then add to
 * b->n. Pointers into the buffer become invalid. Never NULL, even for n of 0.
 */
static inline char *buf_room(struct buf *b, size_t n)
{
	if (UNLIKELY(b->size - b->n <= n))
		buf_grow(b, n);
	return b->p + b->n;
}

static inline void buf_add(struct buf *b, const void *p, size_t n)
{
	char *to = buf_room(b, n);

	if (n > 0)
		memcpy(to, p, n);
	b->n += n;
}

static inline void buf_slice(struct buf *b, struct slice s)
{
	buf_add(b, s.p, s.n);
}

static inline void buf_str(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

static inline void buf_char(struct buf *b, char c)
{
	*buf_room(b, 1) = c;
	b->n++;
}

/* Adds a NUL after the bytes, not counted in n, for a library that needs one.
 * The pointer is valid until the next change of b.
 */
static inline char *buf_cstr(struct buf *b)
{
	*buf_room(b, 1) = '\0';
	return b->p;
}

static inline struct slice buf_all(const struct buf *b)
{
	return slice_of(b->p, b->n);
}

/* Overwrites the content, which is a secret, and frees it. */
void buf_wipe(struct buf *b);

/* Appends a code point as UTF-8; a surrogate becomes three bytes. */
void buf_utf8(struct buf *b, uint32_t c);

#endif
