/* removal_guard.h - too many rows that stop matching the condition: their
 * deletes are blocked.
 *
 * Floor 2 (map). A condition that was narrowed by mistake, or a column that is
 * suddenly null, would delete as much as an emptied table, and the delete
 * guards of rudder-diff cannot see it. So the limit of those guards, which the
 * begin line has, holds for the deletes of removal.h too. How many there are is
 * known when the input has ended: from the first one on, the output waits in a
 * temporary file. Then all of them leave, or each becomes a reject that leaves
 * its row pending, and all else leaves in its place.
 */
#ifndef MAP_REMOVAL_GUARD_H
#define MAP_REMOVAL_GUARD_H

#include "core/writer.h"
#include "wire/stream/control.h"

/* All-zero: no limit is known, and nothing waits. */
struct removal_guard {
	bool on;
	bool has_permit;
	uint64_t keys, limit, permit;

	int fd;               /* of the temporary file, where is_open */
	bool is_open;         /* a mapping has a condition */
	struct writer *aside; /* the output, while the run writes to the file */
	struct buf kept;      /* events on their way into the file */
	uint64_t rows, events; /* that would delete */
	uint64_t blocked;      /* rows, once that is decided */
};

/* Opens the temporary file, where a mapping may need it: later the run has
 * access to no folder. ERR_CREATE.
 */
int removal_guard_open(struct removal_guard *g, struct err *e) MUST_USE;

/* What the begin line says of the limit. changed: the mapping is not the one
 * that the state was delivered with, so that few deletes are many.
 */
void removal_guard_begin(struct removal_guard *g,
			 const struct control_reader *r, bool changed);

/* The record that *out is building has n events of one row, an LF between them,
 * and they delete. blocked is the reject that the row becomes if they must not.
 * Closes the record; *out may become a writer to the file. ERR_IO.
 */
int removal_guard_row(struct removal_guard *g, struct writer **out, uint64_t n,
		      const struct control_note *blocked,
		      struct err *e) MUST_USE;

/* The input has ended: what waits leaves by the output, which *out is again.
 * Events that leave are added to *events. ERR_IO.
 */
int removal_guard_release(struct removal_guard *g, struct writer **out,
			  uint64_t *events, struct err *e) MUST_USE;

/* The reason of the rejects. */
extern const char removal_guard_why[];

/* Why they are blocked, and how to allow them: ERR_BLOCKED. */
int removal_guard_explain(const struct removal_guard *g, struct err *e);

/* All-zero is allowed. *out as before. */
void removal_guard_clear(struct removal_guard *g, struct writer **out);

#endif
