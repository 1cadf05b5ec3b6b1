/* identifier.h - whom an event is about: a value of a row as a user's id.
 *
 * Floor 2 (map). An id is text. A number that is integral is written in plain
 * form (decimal_id), as rudder-diff writes keys, so that 1000 and 1000.0 are
 * one user; a number of more than DECIMAL_ID digits is not an id.
 *
 * A delete has its key as it was delivered, which is not always plain: keys
 * names the columns, decoded, NUL behind each, whose ids stay as they stand.
 */
#ifndef MAP_VALUE_IDENTIFIER_H
#define MAP_VALUE_IDENTIFIER_H

#include "core/buf.h"
#include "wire/json/scan.h"

/* Whether a value names somebody: a string or number does; null and blank text
 * name nobody; else it is wrong.
 */
enum identifier {
	IDENTIFIER_GOOD,
	IDENTIFIER_NONE,
	IDENTIFIER_WRONG, /* neither string nor number */
	IDENTIFIER_LONG,  /* a number that is too long for an id */
};

/* Whether a JSON string has nothing but white space in it. */
bool identifier_blank(struct slice string);

/* identifier_of for a number that is not canonical. */
enum identifier identifier_number(const struct scan_member *m,
				  struct slice keys);

static ALWAYS_INLINE enum identifier identifier_of(const struct scan_member *m,
						   struct slice keys)
{
	if (m->kind == SCAN_NUMBER)
		return LIKELY(m->plain) ? IDENTIFIER_GOOD
					: identifier_number(m, keys);
	if (m->kind == SCAN_STRING)
		return UNLIKELY(identifier_blank(m->value)) ? IDENTIFIER_NONE
							    : IDENTIFIER_GOOD;
	return m->kind == SCAN_NULL ? IDENTIFIER_NONE : IDENTIFIER_WRONG;
}

/* A number that names somebody as text, at the end of b. */
void identifier_text(const struct scan_member *m, struct slice keys,
		     struct buf *b);

/* What identifier_of says of a value as a JSON string, in b or its own; else,
 * and where there is no such member (at is -1), the empty slice.
 */
struct slice identifier_string(const struct scan_member *m, int at,
			       struct slice keys, struct buf *b);

#endif
