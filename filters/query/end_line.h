/* end_line.h - writes the end line of a stream of rows, and its copy in a file.
 *
 * Floor 2 (query). It is written last, after the source has reported that the
 * result is complete. rudder-diff --end-from reads the copy (--end-file), for a
 * filter in between that drops control lines.
 */
#ifndef QUERY_END_LINE_H
#define QUERY_END_LINE_H

#include "query/cursor_range.h"
#include "query/if_changed.h"
#include "query/query.h"
#include "query/rows.h"

/* Appends the end line to b, without LF. */
void end_line_put(const struct rows *r, const struct cursor_range *since,
		  const struct if_changed *probe, struct buf *b);

/* Removes the file of an earlier run, because it must never prove that this run
 * is complete. ERR_CREATE.
 */
int end_line_forget_file(const struct query_options *o, struct err *e) MUST_USE;

/* Writes the copy; does nothing without --end-file. Call it before the stream's
 * own end line is written, which is last. ERR_CREATE, ERR_IO.
 */
int end_line_write_file(const struct rows *r, const struct query_options *o,
			const struct cursor_range *since,
			const struct if_changed *probe, struct err *e) MUST_USE;

#endif
