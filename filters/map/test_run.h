/* test_run.h - tests of a mapping: rows, and the events they must become.
 *
 * Floor 2 (map). A folder has NAME.rows, lines of JSON, and beside each
 * NAME.events: the events, rejects and skips of these rows, laid out one member
 * a line. Both depend on nothing but rows and mapping: the run has a fixed id
 * and start, and the version is not that of this build.
 */
#ifndef MAP_TEST_RUN_H
#define MAP_TEST_RUN_H

#include "map/map.h"

/* Maps each file of rows in a process of its own, compares, and writes "ok" or
 * "FAIL" and the difference to standard output; with update, the events that
 * differ are written to their file instead. 0; -1 with ERR_PARTIAL where any
 * failed, ERR_INPUT where there is no folder or nothing in it, ERR_OS, ERR_IO,
 * ERR_CREATE.
 */
int test_run(const struct map_options *o, const char *dir, bool update,
	     struct err *e) MUST_USE;

#endif
