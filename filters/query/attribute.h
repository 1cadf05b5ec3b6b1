/* attribute.h - parses ODBC's connection strings: "DSN=wh;PWD={a;b}".
 *
 * Floor 2 (query). Names are compared without case. A value in braces may
 * contain any character; a closing brace in it is doubled.
 */
#ifndef QUERY_ATTRIBUTE_H
#define QUERY_ATTRIBUTE_H

#include "core/buf.h"

struct attribute {
	struct slice name, whole; /* whole: name, sign and value as written */
};

/* Parses the attribute at *text, and moves *text after it. False at the end. */
bool attribute_next(const char **text, struct attribute *a);

/* Whether the string has an attribute of this name. */
bool attribute_has(const char *text, const char *name);

/* Whether the value is a secret, by the attribute's name or a password in its
 * value.
 */
bool attribute_is_secret(const struct attribute *a);

/* Replaces with *** each occurrence in text of a secret value of 4 bytes or
 * more, since a driver may repeat what it was given.
 */
void attribute_mask(struct buf *text, const char *attributes);

/* Appends ";name={value}" to b. */
void attribute_add(struct buf *b, const char *name, const char *value);

#endif
