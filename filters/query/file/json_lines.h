/* json_lines.h - rows of sources that write JSON lines themselves.
 *
 * Floor 2 (query). For the sources ndjson: and exec:. Lines are checked as
 * strictly as all readers of the stream do, and passed on byte for byte.
 */
#ifndef QUERY_FILE_JSON_LINES_H
#define QUERY_FILE_JSON_LINES_H

#include "query/rows.h"

/* Gives all lines of fd, which stays the caller's, to rows, begin line
 * included. What is not an object, or has a member _rudder, is a reject by its
 * line. 0 at the end of input or of --limit; -1 with *e set: ERR_IO, ERR_DATA
 * when the last line has no LF and so is truncated, any of rows.h.
 */
int json_lines_copy(struct rows *rows, int fd, struct err *e) MUST_USE;

#endif
