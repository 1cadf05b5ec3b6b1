/* columns.h - selects the columns that are compared.
 *
 * Floor 2 (diff). From --compare (only these) and --ignore (all but these):
 * lists of names or shell patterns (fnmatch(3)), with commas; one that has a
 * comma itself stands in quotes (name_list.h).
 */
#ifndef DIFF_KEYS_COLUMNS_H
#define DIFF_KEYS_COLUMNS_H

#include "wire/stream/input.h"

struct columns {
	const char *compare, *ignore; /* borrowed; NULL: not given */
	bool *skip;                   /* of each member of the present shape */
	size_t size;
	uint64_t shape;
};

/* Whether one of the patterns of a list fits the name. */
bool columns_listed(const char *list, const char *name);

/* Whether the column makes a change, by both lists, which may be NULL. */
bool columns_count(const char *compare, const char *ignore, const char *name);

/* What stands for both lists, which may be NULL: 0 for none. */
uint64_t columns_sum(const char *compare, const char *ignore, uint64_t seed);

/* Which members of the row in hand do not count, as hash_row takes it: NULL
 * when all do. Worked out once a shape.
 */
const bool *columns_skip(struct columns *c, const struct input *in);
void columns_clear(struct columns *c);

#endif
