/* edge.h - all lines that leave rudder-map, and what a preview shows of them.
 *
 * Floor 2 (map). Each function returns 0, or -1 with ERR_IO when the output
 * cannot be written, and what it says beside.
 */
#ifndef MAP_EDGE_H
#define MAP_EDGE_H

#include "core/writer.h"
#include "map/parts.h"

/* The begin line of a stream that has none: its first tool is this one. */
int edge_begin(struct map *m, struct err *e) MUST_USE;

/* A begin line came in. ERR_DATA behind data, and for a stream that does not
 * hold rows or changes.
 */
int edge_on_begin(struct map *m, struct err *e) MUST_USE;

/* The end line, with all counts. */
int edge_end(struct map *m, struct err *e) MUST_USE;

/* The line of the input as it is. */
int edge_pass(struct map *m, struct err *e) MUST_USE;

/* What stands in the output buffer, beside the row that it was made of. */
int edge_show(struct map *m, struct slice row, struct err *e) MUST_USE;

/* The line that became of a row is complete: it goes on, or is shown. */
static inline int edge_emit(struct map *m, struct slice row, struct err *e)
{
	if (LIKELY(m->o->preview == 0))
		return writer_line(m->out, e);
	return edge_show(m, row, e);
}

/* The line of the input becomes a reject, counted, or a skip. ERR_DATA past
 * the rejects that are allowed.
 */
int edge_reject(struct map *m, const char *reason, struct err *e) MUST_USE;
int edge_skip(struct map *m, const char *reason, struct err *e) MUST_USE;

/* Count a reject of that line, which is written. ERR_DATA as above. */
int edge_count_reject(struct map *m, uint64_t line, const char *reason,
		      struct err *e) MUST_USE;

#endif
