/* last_lines.h - iterates over the lines of a text from last to first.
 *
 * Floor 2 (sync).
 */
#ifndef SYNC_REPORT_LAST_LINES_H
#define SYNC_REPORT_LAST_LINES_H

#include "core/slice.h"

/* Removes the last line from *rest, in which every line ends with LF, and sets
 * *line to it, without LF. Skips empty lines. False if no line is left.
 */
bool last_lines(struct slice *rest, struct slice *line);

#endif
