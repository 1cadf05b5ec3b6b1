/* sparkline.h - the changes of the last runs as a line of small bars.
 *
 * Floor 2 (sync).
 */
#ifndef SYNC_REPORT_SPARKLINE_H
#define SYNC_REPORT_SPARKLINE_H

#include "sync/report/sync_report.h"

/* One character for each of the newest runs, oldest first, at most n, at the
 * end of b: the more changes, the higher; no change is a low line, and a run
 * that failed a cross. With utf8 by block characters, else by "_.:-=+*#" and
 * "x". Returns how many.
 */
size_t sparkline(struct buf *b, const struct sync_report *r, size_t n,
		 bool utf8);

#endif
