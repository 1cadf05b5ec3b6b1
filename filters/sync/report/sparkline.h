/* sparkline.h - draws the changes of the last runs as a line of small bars.
 *
 * Floor 2 (sync).
 */
#ifndef SYNC_REPORT_SPARKLINE_H
#define SYNC_REPORT_SPARKLINE_H

#include "sync/report/sync_report.h"

/* Appends one character for each of the newest runs to b, at most n, oldest
 * first. The more changes, the higher the bar. A run without changes is a low
 * line, a failed run a cross. Uses block characters if utf8, otherwise
 * "_.:-=+*#" and "x". Returns the number of characters.
 */
size_t sparkline(struct buf *b, const struct sync_report *r, size_t n,
		 bool utf8);

#endif
