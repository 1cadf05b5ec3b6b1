/* pick.h - --pick: choose the columns of a mapping in the terminal.
 *
 * Floor 2 (map). Columns and sample values are those of the begin line and of
 * the first row on standard input; the mapping file that follows from the
 * choice, and from all other settings, goes to standard output.
 */
#ifndef MAP_PICK_H
#define MAP_PICK_H

#include "map/map.h"

/* 0; -1 with ERR_TEMP where the person gave up, ERR_INPUT without a terminal,
 * ERR_DATA without a row, and the errors of mapping_load.
 */
int pick_run(const struct map_options *o, int fd_in, int fd_out,
	     struct err *e) MUST_USE;

#endif
