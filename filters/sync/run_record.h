/* run_record.h - the record of a run, as the state has it.
 *
 * Floor 2 (sync).
 */
#ifndef SYNC_RUN_RECORD_H
#define SYNC_RUN_RECORD_H

#include <signal.h>

#include "core/buf.h"
#include "sync/sync_file.h"

/* Appends the newest line of rudder-diff --runs to b, if that run ended after
 * since_ms (wall clock), otherwise null. mask: signal mask of the command.
 */
void run_record_newest(struct buf *b, const struct sync_file *f,
		       const char *state, uint64_t since_ms,
		       const sigset_t *mask);

#endif
