#include "core/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/mem.h"

void buf_grow(struct buf *b, size_t n)
{
	size_t size = b->size ? b->size : 256;

	if (n >= SIZE_MAX / 4 - b->n)
		size = SIZE_MAX / 2; /* can never be allocated */
	else
		while (size - b->n <= n)
			size *= 2;
	b->p = mem_resize(b->p, size);
	b->size = size;
}

void buf_clear(struct buf *b)
{
	free(b->p);
	*b = (struct buf){0};
}

void buf_fmt(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n <= 0)
		return;
	buf_room(b, (size_t)n + 1);
	va_start(ap, fmt);
	vsnprintf(b->p + b->n, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->n += (size_t)n;
}

void buf_uint(struct buf *b, uint64_t v)
{
	char digits[20];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + v % 10);
		v /= 10;
	} while (v > 0);
	buf_add(b, digits + at, sizeof(digits) - at);
}

void buf_hex(struct buf *b, const void *p, size_t n)
{
	static const char digit[] = "0123456789abcdef";
	const unsigned char *from = p;
	char *to = buf_room(b, 2 * n);

	for (size_t i = 0; i < n; i++) {
		to[2 * i] = digit[from[i] >> 4];
		to[2 * i + 1] = digit[from[i] & 15];
	}
	b->n += 2 * n;
}

void buf_base64(struct buf *b, const void *p, size_t n)
{
	static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnop"
				    "qrstuvwxyz0123456789+/";
	const unsigned char *from = p;
	char *to = buf_room(b, (n + 2) / 3 * 4);

	for (size_t i = 0; i < n; i += 3) {
		uint32_t v = (uint32_t)from[i] << 16;

		if (i + 1 < n)
			v |= (uint32_t)from[i + 1] << 8;
		if (i + 2 < n)
			v |= from[i + 2];
		*to++ = digit[v >> 18];
		*to++ = digit[v >> 12 & 63];
		*to++ = i + 1 < n ? digit[v >> 6 & 63] : '=';
		*to++ = i + 2 < n ? digit[v & 63] : '=';
	}
	b->n += (n + 2) / 3 * 4;
}

void buf_wipe(struct buf *b)
{
	if (b->p)
		explicit_bzero(b->p, b->size);
	buf_clear(b);
}

void buf_utf8(struct buf *b, uint32_t c)
{
	if (c < 0x80) {
		buf_char(b, (char)c);
		return;
	}
	if (c < 0x800) {
		buf_char(b, (char)(0xc0 | c >> 6));
	} else {
		if (c < 0x10000) {
			buf_char(b, (char)(0xe0 | c >> 12));
		} else {
			buf_char(b, (char)(0xf0 | c >> 18));
			buf_char(b, (char)(0x80 | (c >> 12 & 63)));
		}
		buf_char(b, (char)(0x80 | (c >> 6 & 63)));
	}
	buf_char(b, (char)(0x80 | (c & 63)));
}
