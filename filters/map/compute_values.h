/* compute_values.h - the values that jq computed for a row, taken apart.
 *
 * Floor 2 (map). They come from a process that is not trusted (workers.h).
 */
#ifndef MAP_COMPUTE_VALUES_H
#define MAP_COMPUTE_VALUES_H

#include "map/parts.h"

/* The lines of computed values, each empty or a JSON value, into
 * m->programs.extra: false where they are not. They are checked as the members
 * of one object, of which none can be more than one, or half of one.
 */
bool compute_values_split(struct maker *m, struct slice text) MUST_USE;

#endif
