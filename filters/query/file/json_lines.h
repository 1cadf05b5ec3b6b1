/* json_lines.h - reads the rows of sources that write JSON lines.
 *
 * Floor 2 (query). For the sources ndjson: and exec:. Lines are checked as
 * strictly as by all readers of the stream, and passed on byte for byte,
 * without white space around them.
 */
#ifndef QUERY_FILE_JSON_LINES_H
#define QUERY_FILE_JSON_LINES_H

#include "query/rows.h"

/* Writes the begin line and all lines of fd, which stays the caller's, to rows.
 * A line that is not an object, or has a member _rudder, is rejected with its
 * line number. Returns 0 at the end of input or at --limit; -1 with *e set:
 * ERR_IO, ERR_DATA if the last line has no LF, so the input is truncated, or as
 * rows.h.
 */
int json_lines_copy(struct rows *rows, int fd, struct err *e) MUST_USE;

#endif
