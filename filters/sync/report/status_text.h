/* status_text.h - rudder status for people: a table, one line for each sync.
 *
 * Floor 2 (sync). Below a line that is not ok stands why.
 */
#ifndef SYNC_REPORT_STATUS_TEXT_H
#define SYNC_REPORT_STATUS_TEXT_H

#include "sync/report/screen_text.h"
#include "sync/report/sync_report.h"

/* The table at the end of b. */
void status_text(struct buf *b, const struct sync_report *r, size_t n,
		 uint64_t now_ms, const struct screen_style *style);

#endif
