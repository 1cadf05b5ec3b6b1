/* log_text.h - formats rudder log for people: runs, failing rows, or the
 * history of one row.
 *
 * Floor 2 (sync).
 */
#ifndef SYNC_REPORT_LOG_TEXT_H
#define SYNC_REPORT_LOG_TEXT_H

#include "sync/report/status_text.h"

/* Appends the newest n runs, newest first, like commits in git log. */
void log_text_runs(struct buf *b, const struct sync_report *r, size_t n,
		   uint64_t now_ms, const struct screen_style *style);

/* Appends at most n of the failing rows, grouped by reason, the most frequent
 * reason first.
 */
void log_text_failing(struct buf *b, const struct sync_report *r, size_t n,
		      uint64_t now_ms, const struct screen_style *style);

/* Appends the last n lines of rudder-diff --log, newest first. READER_PAD bytes
 * must follow lines.
 */
void log_text_key(struct buf *b, const char *name, const char *key,
		  struct slice lines, size_t n,
		  const struct screen_style *style);

#endif
