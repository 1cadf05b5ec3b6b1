/* myliar_rows.h - what a server of MySQL 9 sends for a prepared model: three
 * rows of the columns i INT, v VECTOR and j JSON.
 */
#ifndef TESTS_TOOL_MYLIAR_ROWS_H
#define TESTS_TOOL_MYLIAR_ROWS_H

#include "core/buf.h"

/* Packets, all-zero but for the number of the first. */
struct myliar_rows {
	struct buf b;
	unsigned char seq;
	size_t cut; /* where the second row is half there, or 0 */
};

enum {
	MYLIAR_INT = 3,
	MYLIAR_VECTOR = 242,
	MYLIAR_JSON = 245,
	MYLIAR_BINARY = 63, /* the character set of bytes */
	MYLIAR_UTF8 = 45,
	MYLIAR_WIDE = 70, /* numbers of a vector of more than 256 bytes */
};

static inline void myliar_rows_say(struct myliar_rows *m, const void *p,
				   size_t n)
{
	const char head[] = {(char)(n & 0xff), (char)(n >> 8), 0,
			     (char)m->seq++};

	buf_add(&m->b, head, sizeof(head));
	buf_add(&m->b, p, n);
}

static inline void myliar_rows_column(struct myliar_rows *m, char name,
				      int type, int charset)
{
	/* name, original name, length of the rest, character set, width, type,
	 * flags, digits, filler
	 */
	const char rest[] = {1,
			     name,
			     0,
			     12,
			     (char)charset,
			     0,
			     11,
			     0,
			     type == MYLIAR_INT ? 0 : 1,
			     0,
			     (char)type,
			     0,
			     0,
			     0,
			     0,
			     0};
	struct buf b = {0};

	buf_add(&b, "\3def\0\0\0", 7); /* of no schema and no table */
	buf_add(&b, rest, sizeof(rest));
	myliar_rows_say(m, b.p, b.n);
	buf_clear(&b);
}

static inline void myliar_rows_end(struct myliar_rows *m)
{
	myliar_rows_say(m, "\xfe\0\0\2\0", 5);
}

static inline void myliar_rows_columns(struct myliar_rows *m)
{
	myliar_rows_column(m, 'i', MYLIAR_INT, MYLIAR_BINARY);
	myliar_rows_column(m, 'v', MYLIAR_VECTOR, MYLIAR_BINARY);
	myliar_rows_column(m, 'j', MYLIAR_JSON, MYLIAR_UTF8);
	myliar_rows_end(m);
}

static inline void myliar_rows_prepared(struct myliar_rows *m)
{
	myliar_rows_say(m, "\0\1\0\0\0\3\0\0\0\0\0\0", 12);
	myliar_rows_columns(m);
}

/* 1.5 and -2, then a vector too long for the first room, then none. */
static inline void myliar_rows_executed(struct myliar_rows *m)
{
	static const char first[] = "\0\0\1\0\0\0"
				    "\x8\0\0\xc0\x3f\0\0\0\xc0"
				    "\x7{\"a\":1}";
	static const char third[] = "\0\x18\3\0\0\0";
	struct buf b = {0};

	myliar_rows_say(m, "\3", 1);
	myliar_rows_columns(m);
	myliar_rows_say(m, first, sizeof(first) - 1);
	buf_add(&b, "\0\x10\2\0\0\0\xfc", 7);
	buf_char(&b, (char)(MYLIAR_WIDE * 4 & 0xff));
	buf_char(&b, (char)(MYLIAR_WIDE * 4 >> 8));
	for (int i = 0; i < MYLIAR_WIDE; i++)
		buf_add(&b, "\0\0\x80\x3f", 4);
	m->cut = m->b.n + b.n / 2;
	myliar_rows_say(m, b.p, b.n);
	myliar_rows_say(m, third, sizeof(third) - 1);
	myliar_rows_end(m);
	buf_clear(&b);
}

#endif
