/* figures.h - numbers, times and durations as people read them.
 *
 * Floor 2 (sync). Everything is in UTC and English.
 */
#ifndef SYNC_REPORT_FIGURES_H
#define SYNC_REPORT_FIGURES_H

#include "core/buf.h"

/* The time of a stamp ("2026-11-22T05:44:48.120Z") in milliseconds since 1970;
 * 0 where it is not one.
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

/* How long before now: "just now", "40 s ago", "12 min ago", "3 h ago", "2 days
 * ago"; what lies ahead is "just now".
 */
void figures_ago(struct buf *b, uint64_t now_ms, uint64_t then_ms);

/* "2026-11-22 05:44 UTC", with seconds where they are asked for. */
void figures_when(struct buf *b, uint64_t ms, bool seconds);

/* "22 Nov 05:44". */
void figures_short(struct buf *b, uint64_t ms);

/* "22 Nov". */
void figures_day(struct buf *b, uint64_t ms);

/* The words of an exit status of rudder-sync(7), "69 unavailable"; -1 is "no
 * commit".
 */
const char *figures_status(int status);

#endif
