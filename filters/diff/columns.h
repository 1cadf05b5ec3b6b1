/* columns.h - which columns of a row count as a change.
 *
 * Floor 2 (diff). From --compare (only these) and --ignore (all but these):
 * lists of names or shell patterns (fnmatch(3)), with commas.
 */
#ifndef DIFF_COLUMNS_H
#define DIFF_COLUMNS_H

#include "wire/input.h"

struct columns {
	const char *compare, *ignore; /* borrowed; NULL: not given */
	bool *skip;                   /* of each member of the present shape */
	size_t size;
	uint64_t shape;
};

/* Which members of the row in hand do not count, as hash_row takes it: NULL
 * when all do. Worked out once a shape.
 */
const bool *columns_skip(struct columns *c, const struct input *in);
void columns_clear(struct columns *c);

#endif
