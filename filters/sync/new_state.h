/* new_state.h - whether the first run can make the folder of a state.
 *
 * Floor 2 (sync).
 */
#ifndef SYNC_NEW_STATE_H
#define SYNC_NEW_STATE_H

#include "core/buf.h"
#include "core/err.h"
#include "sync/sync_file.h"

/* state is as in the file, and does not exist yet. 0 where it is an empty
 * folder, or can be made with the folders around it; ERR_CREATE.
 */
int new_state_check(const struct sync_file *f, const char *state,
		    struct err *e) MUST_USE;

/* Whether a run may write to a state that exists; ERR_CREATE. */
int new_state_writable(const struct sync_file *f, const char *state,
		       struct err *e) MUST_USE;

/* A sync that was renamed, or got more destinations, has lost its state: at the
 * end of b, behind sep, which one that may be and how to get it back; nothing
 * where no state, or several, have no sync file.
 */
void new_state_renamed(struct buf *b, const char *sep,
		       const struct sync_file *f, size_t destination);

#endif
