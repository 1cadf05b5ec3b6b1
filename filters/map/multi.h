/* multi.h - joins the events that several mappings make of one row.
 *
 * Floor 2 (map). A row leaves as the events of all its mappings, whose ids
 * count through; as one reject, if any of them rejects it, for it is
 * committed only as a whole; or as one skip, if none makes an event of it.
 * Mappings with jq answer later than others; rows leave in their order.
 */
#ifndef MAP_MULTI_H
#define MAP_MULTI_H

#include "map/parts.h"

/* Borrows the run, whose makers are complete. Never NULL; free with multi_free.
 */
struct multi *multi_new(struct map *run) MUST_USE;

/* NULL is allowed. */
void multi_free(struct multi *f);

/* The row that was read is about to go through all makers; multi_keep: it has,
 * and what is not yet answered must outlive it.
 */
void multi_open(struct multi *f);
void multi_keep(struct multi *f);

/* The answer of one maker to the next of its rows: n events in m->made, or the
 * note. Rows that are complete leave. Errors as output_row_note.
 */
int multi_made(struct multi *f, struct maker *m, uint64_t n,
	       struct err *e) MUST_USE;
int multi_note(struct multi *f, const struct maker *m,
	       const struct control_note *note, bool lost,
	       struct err *e) MUST_USE;

/* The same of a delete that removal.h made. It leaves before the events of
 * other mappings, which may be about the same thing, and not at all where it is
 * known that one of them is.
 */
int multi_removed(struct multi *f, struct maker *m, uint64_t n,
		  struct err *e) MUST_USE;

#endif
