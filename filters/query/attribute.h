/* attribute.h - ODBC's connection strings: "DSN=wh;PWD={a;b}".
 *
 * Floor 2 (query). Names are compared without case. A value in braces may hold
 * any sign; a closing brace in it is there twice.
 */
#ifndef QUERY_ATTRIBUTE_H
#define QUERY_ATTRIBUTE_H

#include "core/buf.h"

struct attribute {
	struct slice name, whole; /* whole: name, sign and value as written */
};

/* The attribute at *text, which moves behind it: false at the end. */
bool attribute_next(const char **text, struct attribute *a);

/* Whether the string has an attribute of this name. */
bool attribute_has(const char *text, const char *name);

/* Whether it is one of those that drivers take secrets by: by its name, or a
 * password within its value.
 */
bool attribute_is_secret(const struct attribute *a);

/* Puts *** in place of each value of a secret attribute of 4 bytes or more that
 * is in text, as a driver may repeat what it was given.
 */
void attribute_mask(struct buf *text, const char *attributes);

/* ";name={value}" at the end of b. */
void attribute_add(struct buf *b, const char *name, const char *value);

#endif
