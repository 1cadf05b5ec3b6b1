/* figures.h - formats numbers, times and durations for people.
 *
 * Floor 2 (sync). Everything is in UTC and English. Each figures_ function
 * appends to b.
 */
#ifndef SYNC_REPORT_FIGURES_H
#define SYNC_REPORT_FIGURES_H

#include "core/buf.h"

/* Parses "2026-11-22T05:44:48.120Z" to milliseconds since 1970; 0 if it is not
 * a time.
 */
uint64_t figures_time(struct slice stamp);

/* The command of a stage in a stream: "rudder-send", "rudder-diff --commit",
 * "rudder filter".
 */
void figures_stage(struct buf *b, const char *stage);

/* "1,204". */
void figures_count(struct buf *b, uint64_t n);

/* "1,204 rows", "1 row". */
void figures_things(struct buf *b, uint64_t n, const char *one,
		    const char *many);

/* "340 ms", "3.2 s", "4 min 10 s", "3 h 5 min", "2 days". */
void figures_span(struct buf *b, uint64_t ms);

/* The time before now: "just now", "40 s ago", "12 min ago", "3 h ago", "2 days
 * ago". A time in the future is "just now".
 */
void figures_ago(struct buf *b, uint64_t now_ms, uint64_t then_ms);

/* "2026-11-22 05:44 UTC", with seconds if wanted. */
void figures_when(struct buf *b, uint64_t ms, bool seconds);

/* "22 Nov 05:44". */
void figures_short(struct buf *b, uint64_t ms);

/* "22 Nov". */
void figures_day(struct buf *b, uint64_t ms);

/* A description of an exit status of rudder-sync(7), like "disk or pipe
 * failed"; -1 is "no commit".
 */
const char *figures_status(int status);

#endif
