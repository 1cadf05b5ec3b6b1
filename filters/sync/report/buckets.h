/* buckets.h - runs joined by time, for charts.
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
	uint64_t rows; /* of the last run that read them */
	uint64_t inserts, updates, deletes;
	uint64_t failed; /* receipts that report a failure */
	uint64_t longest_ms;
	uint64_t stage_ms[SYNC_REPORT_STAGES]; /* own times in the longest run
						* that has them */
	uint64_t stages_of_ms;                 /* how long that took */
};

struct buckets {
	struct bucket v[BUCKETS_MOST];
	size_t n;
	uint64_t length_ms; /* of each: minutes, hours or days */
};

/* The runs of a sync in buckets of one length, of which the last one has
 * now_ms. Runs without a time, and those after now_ms, go to the last.
 */
void buckets_fill(struct buckets *b, const struct sync_report *r,
		  uint64_t now_ms);

#endif
