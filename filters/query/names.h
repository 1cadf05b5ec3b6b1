/* names.h - parses lists of names as users type them: id,"a,b" or schema.table.
 *
 * Floor 2 (query).
 */
#ifndef QUERY_NAMES_H
#define QUERY_NAMES_H

#include "core/buf.h"

/* Parses one name, up to the separator `between` or the end, into *name,
 * without its double quotes. Returns the rest, or NULL if the name is malformed
 * or empty. In a list with commas, blanks outside quotes are ignored.
 */
const char *names_part(const char *p, char between, struct buf *name);

#endif
