/* column_names.h - the names of a row's columns, decoded, and found by hash.
 *
 * Floor 1 (wire).
 */
#ifndef WIRE_JSON_COLUMN_NAMES_H
#define WIRE_JSON_COLUMN_NAMES_H

#include "core/buf.h"
#include "wire/json/scan.h"

struct column_names {
	struct slice *v; /* owned: one for each member, in text */
	size_t n;
	struct buf text;
	uint32_t *slot; /* owned: index plus 1, by the hash of a name */
	size_t n_slots;
};

/* Free with column_names_clear. */
void column_names_init(struct column_names *d, const struct scan_member *m,
		       size_t n);
void column_names_clear(struct column_names *d);

/* The index of a name, or n if it is not there. */
size_t column_names_find(const struct column_names *d, struct slice name);

/* The name that a missing one probably means: the same with other case, or a
 * similar spelling; empty if no name is near.
 */
struct slice column_names_near(const struct column_names *d, const char *name);

/* Appends all names, separated by commas. */
void column_names_list(const struct column_names *d, struct buf *b);

#endif
