/* operations.h - finds whether a receipt is of an insert, an update or a
 * delete.
 *
 * Floor 2 (diff). The receipts of most events do not say so, but the intents in
 * `pending` do, and an intent is there before its receipt can arrive. The file
 * is read as it grows, with about 32 bytes of memory for each change, up to a
 * limit; changes beyond the limit have no operation.
 */
#ifndef DIFF_STATE_OPERATIONS_H
#define DIFF_STATE_OPERATIONS_H

#include "diff/keys/key_set.h"
#include "diff/state/state.h"

struct operations {
	struct key_set ids; /* action of each change, by pending_found_by */
	size_t at;          /* the file was read up to here */
	uint64_t bytes;     /* size of the file then */
	bool ended;         /* stop reading: the file is damaged or too long */
};

/* Finds the change with that messageId: *operation is a JSON string such as
 * "\"insert\"", or empty. Start with all-zero operations. Returns false if the
 * change is certainly not pending: an earlier commit has settled it.
 */
bool operations_of(struct operations *o, const struct state *s,
		   struct slice message, struct slice *operation);
void operations_clear(struct operations *o);

#endif
