/* page_chart.h - charts of the page, as inline SVG.
 *
 * Floor 2 (sync). A chart is as wide as its place; its text stands beside it in
 * HTML, so that nothing is stretched. What each bar is appears when a pointer
 * rests on it.
 */
#ifndef SYNC_REPORT_PAGE_CHART_H
#define SYNC_REPORT_PAGE_CHART_H

#include "sync/report/buckets.h"

/* How the runs of each bucket ended, as a strip of blocks. */
void page_chart_outcomes(struct buf *b, const struct buckets *k);

/* Rows, changes, failures and durations over one axis of time, with their
 * labels.
 */
void page_chart_history(struct buf *b, const struct buckets *k);

#endif
