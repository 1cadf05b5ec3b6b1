/* names.h - lists of names as typed: id,"a,b" or schema.table.
 *
 * Floor 2 (query).
 */
#ifndef QUERY_NAMES_H
#define QUERY_NAMES_H

#include "core/buf.h"

/* One name of a list, up to the sign between, taken out of double quotes, in
 * *name: what follows, or NULL where it is broken or empty. Between commas
 * blanks outside of quotes do not count.
 */
const char *names_part(const char *p, char between, struct buf *name);

#endif
