/* csvtype.h - converts CSV fields to the types of --types.
 *
 * Floor 2 (query).
 */
#ifndef QUERY_FILE_CSVTYPE_H
#define QUERY_FILE_CSVTYPE_H

#include "core/buf.h"

struct csvtype {
	const char *word; /* "int" */
	const char *why;  /* why a field is invalid */
	/* Appends the field to b as JSON. Returns 0, or -1; b may then end with
	 * part of the value.
	 */
	int (*take)(struct buf *b, struct slice v);
};

/* Finds a type by its name, or NULL. "string" is the default of a column. */
const struct csvtype *csvtype_find(struct slice word);

#endif
