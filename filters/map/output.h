/* output.h - writes all lines of rudder-map's output, and shows previews.
 *
 * Floor 2 (map). Each function returns 0, or -1 with ERR_IO if the output
 * cannot be written, and the errors that it lists.
 */
#ifndef MAP_OUTPUT_H
#define MAP_OUTPUT_H

#include "core/writer.h"
#include "map/parts.h"

/* Writes a begin line for a stream without one; this tool is its first. */
int output_begin(struct map *m, struct err *e) MUST_USE;

/* Handles a begin line of the input. ERR_DATA after data, and for a stream of
 * neither rows nor changes. If m->base.lacks is set the line is kept back.
 */
int output_on_begin(struct map *m, struct err *e) MUST_USE;

/* Writes the begin line that was kept back, if there is one, when the input
 * ended early, so that the commit knows the run.
 */
int output_held(struct map *m, struct err *e) MUST_USE;

/* Starts the hash of all bytes up to the end line, which contains it (--seal).
 */
void output_seal(struct map_leaving *leaving);

/* Writes the end line, with all counts. */
int output_end(struct map *m, struct err *e) MUST_USE;

/* Writes the input line unchanged. */
int output_pass(struct map *m, struct err *e) MUST_USE;

/* Shows the content of the output buffer beside its row and, with mapped, what
 * the mapping did.
 */
int output_show(struct map *m, struct slice row, bool mapped,
		struct err *e) MUST_USE;

/* The output line of a row is complete: writes it, or shows it in a preview. */
static inline int output_emit(struct map *m, struct slice row, struct err *e)
{
	if (LIKELY(m->asked.o->preview == 0))
		return writer_line(m->leaving.out, e);
	return output_show(m, row, true, e);
}

/* The same for the n events that delete a row which the condition excludes.
 * They are not counted yet, and written only when the number of such rows is
 * known (removal_guard.h). note has the line and the change of the row.
 */
int output_removed(struct map *m, const struct control_note *note,
		   struct slice row, uint64_t n, struct err *e) MUST_USE;

/* Rejects the input line, which no mapping can use. ERR_DATA if that exceeds
 * the allowed rejects.
 */
int output_bad(struct map *m, const char *reason, struct err *e) MUST_USE;

/* Writes a reject or a skip for a row. lost: the skip is for a delete that
 * cannot be made. Errors as output_bad.
 */
int output_row_note(struct map *m, const struct control_note *note,
		    struct slice line, bool lost, struct err *e) MUST_USE;

#endif
