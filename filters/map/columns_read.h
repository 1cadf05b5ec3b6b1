/* columns_read.h - the columns that the mappings of a run read, as the patterns
 * of rudder-diff --compare.
 *
 * Floor 2 (map). A change in any other column does not change the event.
 */
#ifndef MAP_COLUMNS_READ_H
#define MAP_COLUMNS_READ_H

#include "map/settings/mapping.h"

/* The columns read so far. */
struct columns_read {
	struct buf names; /* patterns, each followed by NUL */
	bool all;
};

/* Adds the columns that a mapping reads. *x is all-zero at first. */
void columns_read_add(struct columns_read *x, const struct mapping *m);

/* Appends the patterns to b, sorted and separated by commas: * for all columns,
 * also if the columns of a jq program are not known. Clears x.
 */
void columns_read_show(struct columns_read *x, struct buf *b);

#endif
