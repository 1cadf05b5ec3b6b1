/* operations.h - finds whether a receipt is of an insert, an update or a
 * delete.
 *
 * Floor 2 (diff). Receipts of most events do not say so; the intents in
 * `pending` do, and each is there before its receipt can arrive. What the file
 * has is read as it grows, about 32 bytes of memory for each change, up to a
 * number of them; beyond it nobody knows.
 */
#ifndef DIFF_STATE_OPERATIONS_H
#define DIFF_STATE_OPERATIONS_H

#include "diff/keys/key_set.h"
#include "diff/state/state.h"

struct operations {
	struct key_set ids; /* by what finds an intent: its action */
	size_t at;          /* so much of the file was read */
	uint64_t bytes;     /* size of the file then */
	bool ended;         /* it is damaged, or too long */
};

/* Of the change with that messageId: *operation is a JSON string such as
 * "\"insert\"", or empty. All-zero operations know nothing yet. Returns false
 * where the change is surely not pending: an earlier commit has settled it.
 */
bool operations_of(struct operations *o, const struct state *s,
		   struct slice message, struct slice *operation);
void operations_clear(struct operations *o);

#endif
