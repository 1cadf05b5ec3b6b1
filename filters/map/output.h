/* output.h - all lines that leave rudder-map, and what a preview shows of them.
 *
 * Floor 2 (map). Each function returns 0, or -1 with ERR_IO when the output
 * cannot be written, and what it says beside.
 */
#ifndef MAP_OUTPUT_H
#define MAP_OUTPUT_H

#include "core/writer.h"
#include "map/multi.h"
#include "map/parts.h"

/* The begin line of a stream that has none: its first tool is this one. */
int output_begin(struct map *m, struct err *e) MUST_USE;

/* A begin line came in. ERR_DATA behind data, and for a stream that does not
 * hold rows or changes.
 */
int output_on_begin(struct map *m, struct err *e) MUST_USE;

/* The end line, with all counts. */
int output_end(struct map *m, struct err *e) MUST_USE;

/* The line of the input as it is. */
int output_pass(struct map *m, struct err *e) MUST_USE;

/* What stands in the output buffer, beside the row that it was made of and,
 * where it was mapped, what the mapping did.
 */
int output_show(struct map *m, struct slice row, bool mapped,
		struct err *e) MUST_USE;

/* The line that became of a row is complete: it goes on, or is shown. */
static inline int output_emit(struct map *m, struct slice row, struct err *e)
{
	if (LIKELY(m->o->preview == 0))
		return writer_line(m->out, e);
	return output_show(m, row, true, e);
}

/* The line of the input, of which no mapping can make anything, becomes a
 * reject. ERR_DATA past the rejects that are allowed.
 */
int output_bad(struct map *m, const char *reason, struct err *e) MUST_USE;

/* ---- what a mapping makes of a row ------------------------------------ */

/* Where its events are to be added, an LF between them. */
static inline struct buf *output_room(struct maker *m)
{
	return m->run->multi ? &m->made : writer_buf(m->run->out);
}

/* What is in the room is all: n events of that line. */
static inline int output_made(struct maker *m, struct slice line, uint64_t n,
			      struct err *e)
{
	if (UNLIKELY(m->run->multi != NULL))
		return multi_made(m->run->multi, m, n, e);
	m->run->events += n;
	return output_emit(m->run, line, e);
}

/* The same of a delete that removal.h made: where another mapping still makes
 * an event of the row, that one counts.
 */
static inline int output_removed(struct maker *m, struct slice line, uint64_t n,
				 struct err *e)
{
	if (m->run->multi)
		return multi_removed(m->run->multi, m, n, e);
	return output_made(m, line, n, e);
}

/* The line becomes a reject or a skip; output_reject and output_skip are for
 * the line of the input. lost: the skip is of a delete that cannot be made.
 * Errors as output_bad.
 */
int output_note(struct maker *m, const struct control_note *note,
		struct slice line, bool lost, struct err *e) MUST_USE;
int output_reject(struct maker *m, const char *reason, struct err *e) MUST_USE;
int output_skip(struct maker *m, const char *reason, bool lost,
		struct err *e) MUST_USE;

/* The same for the whole row. */
int output_row_note(struct map *m, const struct control_note *note,
		    struct slice line, bool lost, struct err *e) MUST_USE;

#endif
