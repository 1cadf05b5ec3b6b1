/* page_sync.h - writes one sync on the page: its status, its history, its
 * failures.
 *
 * Floor 2 (sync). It contains neither keys nor values of rows, because pages
 * are passed on.
 */
#ifndef SYNC_REPORT_PAGE_SYNC_H
#define SYNC_REPORT_PAGE_SYNC_H

#include "sync/report/buckets.h"

/* Appends a sign for a level, in a circle. */
void page_sync_mark(struct buf *b, enum sync_level level);

/* Appends the sentence of a verdict, with a capital letter and a full stop. */
void page_sync_sentence(struct buf *b, const struct sync_verdict *v);

/* Appends the whole section, with the id "sync-N". */
void page_sync(struct buf *b, const struct sync_report *r,
	       const struct buckets *k, size_t number, uint64_t now_ms);

#endif
