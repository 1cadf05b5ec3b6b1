/* status_prometheus.h - rudder status as metrics of Prometheus.
 *
 * Floor 2 (sync).
 */
#ifndef SYNC_REPORT_STATUS_PROMETHEUS_H
#define SYNC_REPORT_STATUS_PROMETHEUS_H

#include "sync/report/sync_report.h"

/* The text format of Prometheus (its version 0.0.4), at the end of b, for the
 * textfile collector of node_exporter. Each metric has the label sync.
 */
void status_prometheus(struct buf *b, const struct sync_report *r, size_t n,
		       uint64_t now_ms);

#endif
