/* pick.h - --pick: choose the columns of a mapping in the terminal.
 *
 * Floor 2 (map). Columns and sample values come from the begin line and the
 * first row on standard input. The mapping file for the choice, with all other
 * settings, is written to standard output.
 */
#ifndef MAP_PICK_H
#define MAP_PICK_H

#include "map/map.h"

/* Returns 0; -1 with ERR_TEMP if the user quits, ERR_INPUT without a terminal,
 * ERR_DATA without a row, and the errors of mapping_load.
 */
int pick_run(const struct map_options *o, int fd_in, int fd_out,
	     struct err *e) MUST_USE;

#endif
