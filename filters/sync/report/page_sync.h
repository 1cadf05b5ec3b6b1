/* page_sync.h - one sync on the page: how it stands, its history, what fails.
 *
 * Floor 2 (sync). Nothing of a row is on it, neither keys nor values: a page is
 * passed on.
 */
#ifndef SYNC_REPORT_PAGE_SYNC_H
#define SYNC_REPORT_PAGE_SYNC_H

#include "sync/report/buckets.h"

/* A sign for a level in a circle. */
void page_sync_mark(struct buf *b, enum sync_level level);

/* The sentence of a verdict as one, with a capital letter and a stop. */
void page_sync_sentence(struct buf *b, const struct sync_verdict *v);

/* The whole section, with the id "sync-N". */
void page_sync(struct buf *b, const struct sync_report *r,
	       const struct buckets *k, size_t number, uint64_t now_ms);

#endif
