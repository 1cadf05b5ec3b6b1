/* check.h - checks whether the mappings fit a stream, without making events.
 *
 * Floor 2 (map). They are checked against the columns of the begin line or, if
 * it names none, against the first row that is not a delete.
 */
#ifndef MAP_CHECK_H
#define MAP_CHECK_H

#include "map/parts.h"

/* Checks all mappings of the run, and reads no further than necessary. Returns
 * 0; -1 with ERR_CONFIG if a column is missing or two values have the same
 * target, ERR_DATA if the stream has neither columns nor a row, ERR_IO.
 */
int check_run(struct map *m, struct err *e) MUST_USE;

#endif
