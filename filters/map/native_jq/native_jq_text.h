/* native_jq_text.h - writes JSON text of a row exactly as libjq prints it.
 *
 * Floor 2 (map). libjq leaves out white space, writes strings with as few
 * escapes as possible, and prints numbers as doubles.
 */
#ifndef MAP_NATIVE_JQ_NATIVE_JQ_TEXT_H
#define MAP_NATIVE_JQ_NATIVE_JQ_TEXT_H

#include "core/buf.h"

/* Appends a value to b. Returns 0, or -1 if it is nested deeper than
 * NATIVE_JQ_LEVELS. spare is a scratch buffer.
 */
int native_jq_text_put(struct buf *b, struct slice value,
		       struct buf *spare) MUST_USE;

/* Appends spans to b. Adjacent spans of the source are joined and copied at
 * once.
 */
struct native_jq_text_copying {
	struct buf *b;
	struct slice
		waits; /* a span not yet copied: the next span may extend it */
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

/* Like native_jq_text_put, joining spans. */
int native_jq_text_copy(struct native_jq_text_copying *to, struct slice value,
			struct buf *spare) MUST_USE;

/* Appends a JSON string, with its quotes, to b. */
void native_jq_text_string(struct buf *b, struct slice string,
			   struct buf *spare);

/* Returns the string decoded: in spare if it has escapes, otherwise a span of
 * it.
 */
struct slice native_jq_text_decode(struct slice string, struct buf *spare);

/* Whether the text contains half of a surrogate pair. */
bool native_jq_text_surrogate(struct slice text);

/* The value of a number for which number_safe holds. */
double native_jq_text_double(struct slice number);

#endif
