/* init_text.h - the text of the sync file that rudder init writes.
 *
 * Floor 2 (sync).
 */
#ifndef SYNC_INIT_TEXT_H
#define SYNC_INIT_TEXT_H

#include "sync/sync_text.h"

/* Names of events that nobody is asked for. */
#define INIT_TEXT_EVENT  "Row Changed"
#define INIT_TEXT_DELETE "Row Deleted"

/* What was chosen; all borrowed. */
struct init_answers {
	const char *source, *key, *dest;
	const char *table;       /* NULL: the source is the model */
	const char *delimiter;   /* NULL: the one that the file has */
	const char *type, *mode; /* of events, and of rudder-diff */
	const struct sync_texts *columns;
	struct slice
		picked; /* a mapping in YAML or JSON; empty: of all columns */
};

/* Adds the sync file to b. */
void init_text(struct buf *b, const struct init_answers *x);

#endif
