/* page.h - rudder status --format html: one page with the status of all syncs.
 *
 * Floor 2 (sync). The page is self-contained: no script, and nothing to load,
 * which its content security policy guarantees. It contains neither keys nor
 * values of rows.
 */
#ifndef SYNC_REPORT_PAGE_H
#define SYNC_REPORT_PAGE_H

#include "sync/report/sync_report.h"

/* Appends the whole document to b. */
void page_html(struct buf *b, const struct sync_report *r, size_t n,
	       uint64_t now_ms);

#endif
