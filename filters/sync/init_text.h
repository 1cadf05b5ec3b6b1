/* init_text.h - the text of the sync file that rudder init writes.
 *
 * Floor 2 (sync).
 */
#ifndef SYNC_INIT_TEXT_H
#define SYNC_INIT_TEXT_H

#include "sync/sync_text.h"

/* Default names of events, for which init does not ask. */
#define INIT_TEXT_EVENT  "Row Changed"
#define INIT_TEXT_DELETE "Row Deleted"

/* The values for the file; all borrowed. */
struct init_answers {
	const char *source, *key, *dest;
	const char *table;       /* NULL: the source needs no model */
	const char *delimiter;   /* NULL: the default */
	const char *type, *mode; /* type of the events, mode of rudder-diff */
	const struct sync_texts *columns;
	struct slice picked; /* mapping, as YAML or JSON; empty: all columns */
};

/* Adds the sync file to b. */
void init_text(struct buf *b, const struct init_answers *x);

#endif
