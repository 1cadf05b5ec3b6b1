/* output.h - all lines that leave rudder-map, and what a preview shows of them.
 *
 * Floor 2 (map). Each function returns 0, or -1 with ERR_IO when the output
 * cannot be written, and what it says beside.
 */
#ifndef MAP_OUTPUT_H
#define MAP_OUTPUT_H

#include "core/writer.h"
#include "map/parts.h"

/* The begin line of a stream that has none: its first tool is this one. */
int output_begin(struct map *m, struct err *e) MUST_USE;

/* A begin line came in. ERR_DATA behind data, and for a stream that does not
 * hold rows or changes. With m->base.lacks the line is held.
 */
int output_on_begin(struct map *m, struct err *e) MUST_USE;

/* The input ended early: the begin line that was held, if there is one, so that
 * the commit knows the run.
 */
int output_held(struct map *m, struct err *e) MUST_USE;

/* All bytes from here to the end line get a hash, which stands in that
 * (--seal).
 */
void output_seal(struct map_leaving *leaving);

/* The end line, with all counts. */
int output_end(struct map *m, struct err *e) MUST_USE;

/* The line of the input as it is. */
int output_pass(struct map *m, struct err *e) MUST_USE;

/* What stands in the output buffer, beside the row that it was made of and,
 * where it was mapped, what the mapping did.
 */
int output_show(struct map *m, struct slice row, bool mapped,
		struct err *e) MUST_USE;

/* The line of a row is complete: it is written, or shown. */
static inline int output_emit(struct map *m, struct slice row, struct err *e)
{
	if (LIKELY(m->asked.o->preview == 0))
		return writer_line(m->leaving.out, e);
	return output_show(m, row, true, e);
}

/* The same where it deletes a row that the condition leaves out: n events, not
 * yet counted, which leave once it is known how many such rows there are. note
 * has the line and the change of the row.
 */
int output_removed(struct map *m, const struct control_note *note,
		   struct slice row, uint64_t n, struct err *e) MUST_USE;

/* The line of the input, of which no mapping can make anything, becomes a
 * reject. ERR_DATA past the rejects that are allowed.
 */
int output_bad(struct map *m, const char *reason, struct err *e) MUST_USE;

/* A row becomes a reject or a skip. lost: the skip is of a delete that cannot
 * be made. Errors as output_bad.
 */
int output_row_note(struct map *m, const struct control_note *note,
		    struct slice line, bool lost, struct err *e) MUST_USE;

#endif
