/* compute_values.h - splits the values that jq computed for a row.
 *
 * Floor 2 (map). They come from a worker process, which is not trusted
 * (workers.h).
 */
#ifndef MAP_COMPUTE_VALUES_H
#define MAP_COMPUTE_VALUES_H

#include "map/parts.h"

/* Splits text into lines, each a computed value (JSON, or empty for none), and
 * stores them in m->programs.extra. Returns false if the text is invalid. The
 * lines are checked together as members of one object, so that no line can
 * contain more than one value, or part of one.
 */
bool compute_values_split(struct maker *m, struct slice text) MUST_USE;

#endif
