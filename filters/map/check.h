/* check.h - whether a mapping fits a stream, without making any event.
 *
 * Floor 2 (map). Judged by the columns of the begin line or, if it names
 * none, by the first row that is not a delete.
 */
#ifndef MAP_CHECK_H
#define MAP_CHECK_H

#include "map/parts.h"

/* All mappings of the run. Reads no further than it must. 0; -1 with ERR_CONFIG
 * when a column is missing or two values go to one place, ERR_DATA when there
 * is nothing to judge by, ERR_IO.
 */
int check_run(struct map *m, struct err *e) MUST_USE;

#endif
