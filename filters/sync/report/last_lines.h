/* last_lines.h - the lines of a text from the last to the first.
 *
 * Floor 2 (sync).
 */
#ifndef SYNC_REPORT_LAST_LINES_H
#define SYNC_REPORT_LAST_LINES_H

#include "core/slice.h"

/* Takes the last line off *rest, whose lines all end with LF, into *line,
 * without its LF. False if there is none; empty lines are passed over.
 */
bool last_lines(struct slice *rest, struct slice *line);

#endif
