/* column_names.h - the names of a row's columns, decoded, and found by hash.
 *
 * Floor 1 (wire).
 */
#ifndef WIRE_JSON_COLUMN_NAMES_H
#define WIRE_JSON_COLUMN_NAMES_H

#include "core/buf.h"
#include "wire/json/scan.h"

struct column_names {
	struct slice *v; /* owned: one a member, in text */
	size_t n;
	struct buf text;
	uint32_t *slot; /* owned: index and 1, by the hash of a name */
	size_t n_slots;
};

/* Free with column_names_clear. */
void column_names_init(struct column_names *d, const struct scan_member *m,
		       size_t n);
void column_names_clear(struct column_names *d);

/* The index of a name, or n. */
size_t column_names_find(const struct column_names *d, struct slice name);

/* The name that was meant by one that is not there: the same in other letters,
 * or spelled much alike; empty for none.
 */
struct slice column_names_near(const struct column_names *d, const char *name);

/* All of them, with commas between, at the end of b. */
void column_names_list(const struct column_names *d, struct buf *b);

#endif
