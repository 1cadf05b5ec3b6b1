/* page_chart.h - draws the charts of the page, as inline SVG.
 *
 * Floor 2 (sync). A chart is as wide as its place. Its text is HTML beside it,
 * so that it is not stretched. The numbers of a bar appear when the pointer
 * rests on it.
 */
#ifndef SYNC_REPORT_PAGE_CHART_H
#define SYNC_REPORT_PAGE_CHART_H

#include "sync/report/buckets.h"

/* Appends how the runs of each bucket ended, as a strip of blocks. */
void page_chart_outcomes(struct buf *b, const struct buckets *k);

/* Appends charts of rows, changes, failures and durations over one time axis,
 * with labels.
 */
void page_chart_history(struct buf *b, const struct buckets *k);

#endif
