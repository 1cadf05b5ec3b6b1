/* identifier.h - reads the id of a user from a value of a row.
 *
 * Floor 2 (map). An id is text. A number that is integral is written in plain
 * form (decimal_id), as rudder-diff writes keys, so that 1000 and 1000.0 are
 * the same user; a number of more than DECIMAL_ID digits is not an id.
 *
 * A delete contains its key as it was first delivered, which is not always in
 * plain form. The parameter keys lists such columns (decoded names, each
 * followed by NUL); their numbers are not rewritten.
 */
#ifndef MAP_VALUE_IDENTIFIER_H
#define MAP_VALUE_IDENTIFIER_H

#include "core/buf.h"
#include "wire/json/scan.h"

/* Whether a value is an id: a non-blank string or a number is; null and blank
 * text mean that the row has no id.
 */
enum identifier {
	IDENTIFIER_GOOD,
	IDENTIFIER_NONE,
	IDENTIFIER_WRONG, /* neither string nor number */
	IDENTIFIER_LONG,  /* a number that is too long for an id */
};

/* Whether a JSON string contains only white space, or nothing. */
bool identifier_blank(struct slice string);

/* identifier_of for a number that is not in plain form. */
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

/* Appends a number that is an id to b, as text. */
void identifier_text(const struct scan_member *m, struct slice keys,
		     struct buf *b);

/* Returns the id in member at of the row m as a JSON string, which is borrowed
 * from m or stored in b. Empty if at is -1 (no such member) or the value is not
 * an id.
 */
struct slice identifier_string(const struct scan_member *m, int at,
			       struct slice keys, struct buf *b);

#endif
