/* record_lines.h - reads a file of JSON objects, one a line: `runs` and
 * `failing` of a state.
 *
 * Floor 2 (diff). Such files are small and read whole.
 */
#ifndef DIFF_STATE_RECORD_LINES_H
#define DIFF_STATE_RECORD_LINES_H

#include "core/buf.h"
#include "core/err.h"
#include "wire/json/scan.h"

/* Adds the whole file to b, with padding for the scanner: 1; 0 if there is no
 * file; -1: ERR_IO, ERR_CONFIG.
 */
int record_lines_read(const char *path, struct buf *b, struct err *e) MUST_USE;

/* Takes the first line, without its LF, from *rest; false at the end. *whole:
 * the line ended with an LF.
 */
bool record_lines_next(struct slice *rest, struct slice *line, bool *whole);

/* Members of the object that was scanned last. A text is decoded, and truncated
 * at a character if it is too long for to; a missing one is "". A count that is
 * missing or invalid leaves *n unchanged and returns false.
 */
struct slice record_lines_member(const struct scan *s, const char *name);
void record_lines_text(const struct scan *s, const char *name, char *to,
		       size_t size);
bool record_lines_count(const struct scan *s, const char *name, uint64_t *n);

#endif
