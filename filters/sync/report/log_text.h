/* log_text.h - rudder log for people: runs, failing rows, the life of one row.
 *
 * Floor 2 (sync).
 */
#ifndef SYNC_REPORT_LOG_TEXT_H
#define SYNC_REPORT_LOG_TEXT_H

#include "sync/report/status_text.h"

/* The newest n runs, newest first, as git log shows commits. */
void log_text_runs(struct buf *b, const struct sync_report *r, size_t n,
		   uint64_t now_ms, const struct screen_style *style);

/* At most n of the rows that fail now, below the reasons, the most frequent
 * first.
 */
void log_text_failing(struct buf *b, const struct sync_report *r, size_t n,
		      uint64_t now_ms, const struct screen_style *style);

/* The last n lines of rudder-diff --log, newest first. lines must have
 * READER_PAD bytes behind it.
 */
void log_text_key(struct buf *b, const char *name, const char *key,
		  struct slice lines, size_t n,
		  const struct screen_style *style);

#endif
