/* native_jq_text.h - JSON text of a row as libjq prints it.
 *
 * Floor 2 (map). libjq leaves out white space, writes strings with the least of
 * escapes, and numbers as the doubles that they are read as.
 */
#ifndef MAP_NATIVE_JQ_NATIVE_JQ_TEXT_H
#define MAP_NATIVE_JQ_NATIVE_JQ_TEXT_H

#include "core/buf.h"

/* A value at the end of b: 0, or -1 where it is nested deeper than
 * NATIVE_JQ_LEVELS. spare is for what is between.
 */
int native_jq_text_put(struct buf *b, struct slice value,
		       struct buf *spare) MUST_USE;

/* Text at the end of b, in as few pieces as it has in its source. */
struct native_jq_text_copying {
	struct buf *b;
	struct slice waits; /* for what may follow it in the source */
};

static inline struct native_jq_text_copying native_jq_text_begin(struct buf *b)
{
	return (struct native_jq_text_copying){.b = b, .waits = {"", 0}};
}

static inline void native_jq_text_end(struct native_jq_text_copying *c)
{
	buf_slice(c->b, c->waits);
	c->waits.n = 0;
}

static ALWAYS_INLINE void native_jq_text_piece(struct native_jq_text_copying *c,
					       struct slice text)
{
	if (UNLIKELY(text.p != c->waits.p + c->waits.n)) {
		native_jq_text_end(c);
		c->waits.p = text.p;
	}
	c->waits.n += text.n;
}

/* As native_jq_text_put. */
int native_jq_text_copy(struct native_jq_text_copying *to, struct slice value,
			struct buf *spare) MUST_USE;

/* A string likewise, with its quotes. */
void native_jq_text_string(struct buf *b, struct slice string,
			   struct buf *spare);

/* The string's bytes, decoded; in spare, where it has escapes. */
struct slice native_jq_text_decode(struct slice string, struct buf *spare);

/* Whether there is half of a surrogate pair in it. */
bool native_jq_text_surrogate(struct slice text);

/* The value of a number that number_safe has passed. */
double native_jq_text_double(struct slice number);

#endif
