/* end_line.h - the end line of a stream of rows, and its copy in a file.
 *
 * Floor 2 (query). It is written last, once the source has said that the result
 * is complete. rudder-diff --end-from reads the copy (--end-file), for a filter
 * in between that drops control lines.
 */
#ifndef QUERY_END_LINE_H
#define QUERY_END_LINE_H

#include "query/cursor_range.h"
#include "query/if_changed.h"
#include "query/query.h"
#include "query/rows.h"

/* At the end of b, without LF. */
void end_line_put(const struct rows *r, const struct cursor_range *since,
		  const struct if_changed *probe, struct buf *b);

/* The end line of an earlier run must never prove that this one is whole. So it
 * is removed, if there is one. ERR_CREATE.
 */
int end_line_forget_file(const struct query_options *o, struct err *e) MUST_USE;

/* The copy of the end line comes first: who finds it may trust that the
 * stream was whole when it was written, and the stream's own end is last.
 * Nothing without --end-file. ERR_CREATE, ERR_IO.
 */
int end_line_write_file(const struct rows *r, const struct query_options *o,
			const struct cursor_range *since,
			const struct if_changed *probe, struct err *e) MUST_USE;

#endif
