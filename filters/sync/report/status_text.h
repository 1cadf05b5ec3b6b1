/* status_text.h - writes rudder status for people: a table with one line for
 * each sync.
 *
 * Floor 2 (sync). A line that is not ok is followed by the reason.
 */
#ifndef SYNC_REPORT_STATUS_TEXT_H
#define SYNC_REPORT_STATUS_TEXT_H

#include "sync/report/screen_text.h"
#include "sync/report/sync_report.h"

/* Appends the table to b. */
void status_text(struct buf *b, const struct sync_report *r, size_t n,
		 uint64_t now_ms, const struct screen_style *style);

#endif
