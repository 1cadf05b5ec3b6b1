/* multi.h - joins the events that several mappings make of one row.
 *
 * Floor 2 (map). The output for a row is: the events of all its mappings,
 * numbered consecutively in their ids; or one reject, if any mapping rejects
 * the row, because a row is committed only as a whole; or one skip, if no
 * mapping makes an event. Mappings with jq return their results later than
 * others; rows are written in their order.
 */
#ifndef MAP_MULTI_H
#define MAP_MULTI_H

#include "map/parts.h"

/* Borrows the run, whose makers must all exist. Never NULL; free with
 * multi_free.
 */
struct multi *multi_new(struct map *run) MUST_USE;

/* NULL is allowed. */
void multi_free(struct multi *f);

/* multi_open: the row that was read is about to be passed to all makers.
 * multi_keep: it was passed, and is copied if results are still missing.
 */
void multi_open(struct multi *f);
void multi_keep(struct multi *f);

/* The result of one maker for its next row: n events in m->made, or a note.
 * Rows with all results are written. Errors as output_row_note.
 */
int multi_made(struct multi *f, struct maker *m, uint64_t n,
	       struct err *e) MUST_USE;
int multi_note(struct multi *f, const struct maker *m,
	       const struct control_note *note, bool lost,
	       struct err *e) MUST_USE;

/* The same for a delete that removal.h made. It is written before the events of
 * other mappings, which may be about the same user, and not at all if one of
 * them is known to be.
 */
int multi_removed(struct multi *f, struct maker *m, uint64_t n,
		  struct err *e) MUST_USE;

#endif
