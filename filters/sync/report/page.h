/* page.h - rudder status --format html: one page that shows how syncs stand.
 *
 * Floor 2 (sync). It is complete in itself: no script, no network, nothing to
 * load; a browser that follows it can be sure by its content security policy.
 * Neither keys nor values of rows are on it.
 */
#ifndef SYNC_REPORT_PAGE_H
#define SYNC_REPORT_PAGE_H

#include "sync/report/sync_report.h"

/* The whole document at the end of b. */
void page_html(struct buf *b, const struct sync_report *r, size_t n,
	       uint64_t now_ms);

#endif
