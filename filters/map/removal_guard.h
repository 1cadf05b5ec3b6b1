/* removal_guard.h - blocks the deletes of rows that no longer match the
 * condition, if there are too many.
 *
 * Floor 2 (map). A condition that was narrowed by mistake, or a column that is
 * suddenly null, would delete as much as an emptied table, and the delete guard
 * of rudder-diff cannot detect it. So its limit, which is in the begin line,
 * also applies to the deletes of removal.h. Their number is known only when the
 * input has ended: from the first one on, the output is written to a temporary
 * file. Then either all deletes are written, or each becomes a reject, which
 * keeps its row pending; all other lines are written in order.
 */
#ifndef MAP_REMOVAL_GUARD_H
#define MAP_REMOVAL_GUARD_H

#include "core/writer.h"
#include "wire/stream/control.h"

/* All-zero: there is no limit, and no output is waiting. */
struct removal_guard {
	bool on;
	bool has_permit;
	uint64_t keys, limit, permit;

	int fd;                /* the temporary file, if is_open */
	bool is_open;          /* the file is open: a mapping has a condition */
	struct writer *aside;  /* the output while the file is written */
	struct buf kept;       /* events to be written to the file */
	uint64_t rows, events; /* rows and events that would delete */
	uint64_t blocked;      /* number of rows blocked, once decided */
};

/* Opens the temporary file if a mapping may need it: later the sandbox allows
 * access to no folder. ERR_CREATE.
 */
int removal_guard_open(struct removal_guard *g, struct err *e) MUST_USE;

/* Reads the limit from the begin line. changed: the mapping differs from the
 * one that the state was delivered with, so a lower limit applies.
 */
void removal_guard_begin(struct removal_guard *g,
			 const struct control_reader *r, bool changed);

/* Adds a row that would be deleted: *out is building a record of n events,
 * separated by LF. blocked is the reject to write instead if the delete is
 * blocked. Closes the record; *out may become a writer to the file. ERR_IO.
 */
int removal_guard_row(struct removal_guard *g, struct writer **out, uint64_t n,
		      const struct control_note *blocked,
		      struct err *e) MUST_USE;

/* Called when the input has ended: writes everything that waits to the output,
 * to which *out is reset. Adds the written events to *events. ERR_IO.
 */
int removal_guard_release(struct removal_guard *g, struct writer **out,
			  uint64_t *events, struct err *e) MUST_USE;

/* The reason in the rejects. */
extern const char removal_guard_why[];

/* Sets the error: why the deletes are blocked, and how to allow them.
 * ERR_BLOCKED.
 */
int removal_guard_explain(const struct removal_guard *g, struct err *e);

/* Resets *out as removal_guard_release does. All-zero is allowed. */
void removal_guard_clear(struct removal_guard *g, struct writer **out);

#endif
