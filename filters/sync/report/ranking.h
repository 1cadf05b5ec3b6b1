/* ranking.h - counts texts and sorts them, the most frequent first.
 *
 * Floor 2 (sync).
 */
#ifndef SYNC_REPORT_RANKING_H
#define SYNC_REPORT_RANKING_H

#include "core/slice.h"

enum { RANKING_KEPT = 64 }; /* different texts; others are only counted */

struct ranking_one {
	const char *text; /* borrowed */
	uint64_t n;
	uint64_t newest_ms; /* newest time that was added */
};

/* An all-zero ranking is empty. */
struct ranking {
	struct ranking_one one[RANKING_KEPT];
	size_t kinds;
	uint64_t others;
};

/* Counts a text, which must live as long as the ranking. */
void ranking_add(struct ranking *r, const char *text, uint64_t at_ms);

/* Sorts by frequency, the highest first; equal ones by time, the newest first.
 */
void ranking_sort(struct ranking *r);

#endif
