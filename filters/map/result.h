/* result.h - the result of mapping a row: events, a reject or a skip.
 *
 * Floor 2 (map). With one mapping it is written directly; with several, multi.h
 * joins their results.
 */
#ifndef MAP_RESULT_H
#define MAP_RESULT_H

#include "map/multi.h"
#include "map/output.h"
#include "map/parts.h"

/* The buffer to which the row's events are appended, separated by LF. */
static inline struct buf *result_room(struct maker *m)
{
	return m->run->multi ? &m->made : writer_buf(m->run->leaving.out);
}

/* The buffer is complete: it has the n events of this line. */
static inline int result_made(struct maker *m, struct slice line, uint64_t n,
			      struct err *e)
{
	if (UNLIKELY(m->run->multi != NULL))
		return multi_made(m->run->multi, m, n, e);
	m->run->leaving.events += n;
	return output_emit(m->run, line, e);
}

/* The same for a delete that removal.h made. If another mapping still makes an
 * event of the row, only that event is written. note has the line and the
 * change of the row; result_removed_now is for the current input line.
 */
int result_removed(struct maker *m, const struct control_note *note,
		   struct slice line, uint64_t n, struct err *e) MUST_USE;
int result_removed_now(struct maker *m, uint64_t n, struct err *e) MUST_USE;

/* Makes the line a reject or a skip; the functions below do so for the current
 * input line. lost: the note is for a delete that cannot be made, or that
 * another mapping may make unnecessary. Errors as output_bad.
 */
int result_note(struct maker *m, const struct control_note *note,
		struct slice line, bool lost, struct err *e) MUST_USE;
int result_reject(struct maker *m, const char *reason, struct err *e) MUST_USE;
int result_shared(struct maker *m, struct err *e) MUST_USE; /* removal.h */
int result_skip(struct maker *m, const char *reason, bool lost,
		struct err *e) MUST_USE;

#endif
