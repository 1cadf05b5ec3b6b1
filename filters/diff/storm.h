/* storm.h - a change of nearly every row, and the columns that are to blame.
 *
 * Floor 2 (diff). A new column, or a driver that writes values in another way,
 * changes every row: worth a look before all of them are paid for. Which
 * columns they are is known as far as values are kept (keep.h).
 */
#ifndef DIFF_STORM_H
#define DIFF_STORM_H

#include "core/buf.h"

/* Columns counted; further ones are not. */
enum { STORM_COLUMNS = 1024 };

struct storm {
	struct buf names; /* of the columns, one behind the other */
	size_t end[STORM_COLUMNS];
	uint64_t count[STORM_COLUMNS]; /* of the rows that differ in it */
	size_t n;
	uint64_t rows; /* of which the columns are known */
};

/* All-zero is valid. */
void storm_clear(struct storm *s);

/* One row: the JSON array of the names of its columns that changed. */
void storm_add(struct storm *s, struct slice changed);

/* Warn if so many updates are nearly all of the keys. */
void storm_warn(const struct storm *s, uint64_t updates, uint64_t keys);

#endif
