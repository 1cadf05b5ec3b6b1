/* status_prometheus.h - writes rudder status as Prometheus metrics.
 *
 * Floor 2 (sync).
 */
#ifndef SYNC_REPORT_STATUS_PROMETHEUS_H
#define SYNC_REPORT_STATUS_PROMETHEUS_H

#include "sync/report/sync_report.h"

/* Appends the metrics to b in Prometheus' text format 0.0.4, for the textfile
 * collector of node_exporter. Each metric has the label sync.
 */
void status_prometheus(struct buf *b, const struct sync_report *r, size_t n,
		       uint64_t now_ms);

#endif
