/* columns.h - selects the columns that are compared.
 *
 * Floor 2 (diff). From --compare (only these columns) and --ignore (all except
 * these): lists of names or shell patterns (fnmatch(3)), separated by commas; a
 * name with a comma is in quotes (name_list.h).
 */
#ifndef DIFF_KEYS_COLUMNS_H
#define DIFF_KEYS_COLUMNS_H

#include "wire/stream/input.h"

struct columns {
	const char *compare, *ignore; /* borrowed; NULL: not given */
	bool *skip;                   /* of each member of the current shape */
	size_t size;
	uint64_t shape;
};

/* Whether one of the patterns of a list matches the name. */
bool columns_listed(const char *list, const char *name);

/* Whether the column is compared, by both lists, which may be NULL. */
bool columns_count(const char *compare, const char *ignore, const char *name);

/* A hash of both lists, which may be NULL: 0 without lists. */
uint64_t columns_sum(const char *compare, const char *ignore, uint64_t seed);

/* The members of the current row that are not compared, as hash_row takes them;
 * NULL if all are compared. Calculated once for each shape.
 */
const bool *columns_skip(struct columns *c, const struct input *in);
void columns_clear(struct columns *c);

#endif
