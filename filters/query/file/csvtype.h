/* csvtype.h - the column types of --types, for CSV.
 *
 * Floor 2 (query).
 */
#ifndef QUERY_FILE_CSVTYPE_H
#define QUERY_FILE_CSVTYPE_H

#include "core/buf.h"

struct csvtype {
	const char *word; /* "int" */
	const char *why;  /* why a field is refused */
	/* The field as JSON at the end of b: 0, or -1; the end of b then may
	 * hold a part of it.
	 */
	int (*take)(struct buf *b, struct slice v);
};

/* The type of a word, or NULL. "string" is that of a column without one. */
const struct csvtype *csvtype_find(struct slice word);

#endif
