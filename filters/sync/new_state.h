/* new_state.h - checks whether a run can create or write the folder of a state.
 *
 * Floor 2 (sync).
 */
#ifndef SYNC_NEW_STATE_H
#define SYNC_NEW_STATE_H

#include "core/buf.h"
#include "core/err.h"
#include "sync/sync_file.h"

/* Checks a state (as in the file) that does not exist yet. Returns 0 if it is
 * an empty folder, or can be created with its parent folders; -1 with
 * ERR_CREATE.
 */
int new_state_check(const struct sync_file *f, const char *state,
		    struct err *e) MUST_USE;

/* Checks whether a run may write to a state that exists. 0, or -1 with
 * ERR_CREATE.
 */
int new_state_writable(const struct sync_file *f, const char *state,
		       struct err *e) MUST_USE;

/* For a sync that was renamed, or got more destinations, and so has lost its
 * state: appends sep to b, then which state that may be and how to keep using
 * it. Nothing if not exactly one state has no sync file.
 */
void new_state_renamed(struct buf *b, const char *sep,
		       const struct sync_file *f, size_t destination);

#endif
