/* doc.h - a settings file as a tree, each value with its text and line.
 *
 * Floor 1 (wire). For files that people write, of some kilobytes. Strict JSON
 * (scan.h), at most 256 levels. Numbers keep their text.
 */
#ifndef WIRE_SETTINGS_DOC_H
#define WIRE_SETTINGS_DOC_H

#include "core/err.h"
#include "wire/json/scan.h"

struct doc {
	enum scan_kind kind;
	struct slice raw; /* as JSON text on one line */
	char *text;       /* owned: decoded string with NUL, or NULL */
	size_t text_n;
	char *name; /* owned: of a member, decoded; else NULL */
	unsigned line;
	struct doc *parent, *first, *last, *next;
	char *own; /* owned by the root: the bytes of all raw */
};

/* Never NULL on 0; free with doc_free. ERR_CONFIG with line and column. */
int doc_parse(struct doc **d, struct slice text, struct err *e) MUST_USE;

/* The same for YAML, see yaml.h: an array of its documents. */
int doc_parse_yaml(struct doc **d, struct slice text, struct err *e) MUST_USE;

/* The same for a file of at most DOC_MAX bytes: YAML or JSON, by its name. Also
 * ERR_INPUT.
 */
#define DOC_MAX ((size_t)4 * 1024 * 1024)
int doc_read(struct doc **d, const char *path, struct err *e) MUST_USE;

/* NULL is allowed. */
void doc_free(struct doc *d);

/* The member of that name, or NULL. d may be NULL. */
const struct doc *doc_get(const struct doc *d, const char *name);

/* Refuses a member whose name is not in the list (ended by NULL): ERR_CONFIG,
 * with the nearest name.
 */
int doc_only(const struct doc *d, const char *const *names,
	     struct err *e) MUST_USE;

#endif
