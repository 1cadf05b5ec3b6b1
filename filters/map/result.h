/* result.h - the result of mapping a row: events, a reject or a skip.
 *
 * Floor 2 (map). With one mapping it is the row's; of several, multi.h puts the
 * row's together.
 */
#ifndef MAP_RESULT_H
#define MAP_RESULT_H

#include "map/multi.h"
#include "map/output.h"
#include "map/parts.h"

/* Where its events are to be added, an LF between them. */
static inline struct buf *result_room(struct maker *m)
{
	return m->run->multi ? &m->made : writer_buf(m->run->leaving.out);
}

/* What is in the room is all: n events of that line. */
static inline int result_made(struct maker *m, struct slice line, uint64_t n,
			      struct err *e)
{
	if (UNLIKELY(m->run->multi != NULL))
		return multi_made(m->run->multi, m, n, e);
	m->run->leaving.events += n;
	return output_emit(m->run, line, e);
}

/* The same of a delete that removal.h made: where another mapping still makes
 * an event of the row, that one counts. note has the line and the change of the
 * row; result_removed_now is for the line of the input.
 */
int result_removed(struct maker *m, const struct control_note *note,
		   struct slice line, uint64_t n, struct err *e) MUST_USE;
int result_removed_now(struct maker *m, uint64_t n, struct err *e) MUST_USE;

/* The line becomes a reject or a skip; the others are for the line of the
 * input. lost: the note is of a delete that cannot be made, or of one that
 * another mapping may make needless. Errors as output_bad.
 */
int result_note(struct maker *m, const struct control_note *note,
		struct slice line, bool lost, struct err *e) MUST_USE;
int result_reject(struct maker *m, const char *reason, struct err *e) MUST_USE;
int result_shared(struct maker *m, struct err *e) MUST_USE; /* removal.h */
int result_skip(struct maker *m, const char *reason, bool lost,
		struct err *e) MUST_USE;

#endif
