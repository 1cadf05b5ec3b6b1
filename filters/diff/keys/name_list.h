/* name_list.h - names of columns with commas between them, as options have
 * them.
 *
 * Floor 2 (diff).
 */
#ifndef DIFF_KEYS_NAME_LIST_H
#define DIFF_KEYS_NAME_LIST_H

#include "core/buf.h"

/* Adds the first name of a list to b: bytes taken, up to the comma behind it,
 * or 0 where its quotes are wrong; then b has what there was of it. In double
 * quotes a name may have commas, quotes that are doubled, and quotes and
 * backslashes behind a backslash.
 */
size_t name_list_take(struct buf *b, const char *list) MUST_USE;

#endif
