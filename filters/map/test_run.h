/* test_run.h - runs the tests of a mapping: rows, and the events they must
 * become.
 *
 * Floor 2 (map). A folder contains NAME.rows, lines of JSON, and for each
 * NAME.events: the expected events, rejects and skips, indented with one member
 * on each line. The result depends only on the rows and the mapping: the run
 * has a fixed id, start and version.
 */
#ifndef MAP_TEST_RUN_H
#define MAP_TEST_RUN_H

#include "map/map.h"

/* Maps each file of rows in a process of its own, compares, and writes "ok" or
 * "FAIL" with the difference to standard output. With update, files of events
 * that differ are rewritten instead. Returns 0; -1 with ERR_PARTIAL if a test
 * failed, ERR_INPUT if the folder is missing or empty, ERR_OS, ERR_IO,
 * ERR_CREATE.
 */
int test_run(const struct map_options *o, const char *dir, bool update,
	     struct err *e) MUST_USE;

#endif
