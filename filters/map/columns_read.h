/* columns_read.h - which columns of a row the mappings of a run read, as the
 * patterns of rudder-diff --compare.
 *
 * Floor 2 (map). A change in another column makes no other event.
 */
#ifndef MAP_COLUMNS_READ_H
#define MAP_COLUMNS_READ_H

#include "map/settings/mapping.h"

/* Patterns with commas, in order, at the end of b: * for all columns, also
 * where it is not known which a jq program reads.
 */
struct columns_read {
	struct buf names; /* NUL behind each */
	bool all;
};

/* What one more mapping reads; start all-zero. */
void columns_read_add(struct columns_read *x, const struct mapping *m);

/* As text, at the end of b; x is cleared. */
void columns_read_show(struct columns_read *x, struct buf *b);

#endif
