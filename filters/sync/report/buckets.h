/* buckets.h - groups runs by time, for charts.
 *
 * Floor 2 (sync).
 */
#ifndef SYNC_REPORT_BUCKETS_H
#define SYNC_REPORT_BUCKETS_H

#include "sync/report/sync_verdict.h"

enum { BUCKETS_MOST = 64, BUCKETS_LEAST = 24 };

struct bucket {
	uint64_t from_ms;
	uint64_t runs, bad;    /* runs, and those that failed */
	enum sync_level worst; /* LEVEL_NONE: no run */
	bool has_rows;
	uint64_t rows; /* rows of the last run that read them */
	uint64_t inserts, updates, deletes;
	uint64_t failed; /* receipts that report a failure */
	uint64_t longest_ms;
	uint64_t stage_ms[SYNC_REPORT_STAGES]; /* times of the stages in the
						  longest run that has them */
	uint64_t stages_of_ms;                 /* duration of that run */
};

struct buckets {
	struct bucket v[BUCKETS_MOST];
	size_t n;
	uint64_t length_ms; /* length of a bucket: minutes, hours or days */
};

/* Groups the runs of a sync into buckets of equal length; the last one contains
 * now_ms. Runs without a time, and those after now_ms, go to the last.
 */
void buckets_fill(struct buckets *b, const struct sync_report *r,
		  uint64_t now_ms);

#endif
