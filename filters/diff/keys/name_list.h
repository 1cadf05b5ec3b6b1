/* name_list.h - lists of column names, separated by commas, as options have
 * them.
 *
 * Floor 2 (diff).
 */
#ifndef DIFF_KEYS_NAME_LIST_H
#define DIFF_KEYS_NAME_LIST_H

#include "core/buf.h"

/* Adds the first name of a list to b. Returns the number of bytes up to the
 * comma after it, or 0 if its quotes are wrong; then b has what was read. A
 * name in double quotes may have commas, doubled quotes, and quotes and
 * backslashes after a backslash.
 */
size_t name_list_take(struct buf *b, const char *list) MUST_USE;

#endif
