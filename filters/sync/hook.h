/* hook.h - runs the hooks of a sync file: on_success, on_failure,
 * on_expectation.
 *
 * Floor 2 (sync). A hook is a text for sh(1). It gets the record of the run on
 * standard input, one line of JSON:
 *
 *     {"sync":"users","file":"syncs/users.yaml","started":"...","ended":"...",
 *      "status":69,"destinations":[{"name":"crm","state":"state/users/crm",
 *      "run":{...}}]}
 *
 * where run is the line of rudder-diff --runs, or null. What it prints goes to
 * standard error. It has hook_timeout, and cannot change the outcome.
 */
#ifndef SYNC_HOOK_H
#define SYNC_HOOK_H

#include <signal.h>
#include <sys/types.h>

#include "core/buf.h"
#include "sync/sync_file.h"

/* The result of a run, for its record. */
struct hook_run {
	const struct sync_file *file;
	uint64_t started_ms, ended_ms; /* wall clock */
	int status;
};

/* The hooks for an exit status, or NULL if nothing runs for it. */
const struct sync_texts *hook_list(const struct sync_file *f, int status);

/* Appends the record, with LF, to b. Reads the newest run of each state. */
void hook_record(struct buf *b, const struct hook_run *r, const sigset_t *mask);

/* Starts a hook in the folder of the sync file, as a process group of its own.
 * Returns its pid, or -1 with the error.
 */
pid_t hook_start(const struct sync_file *f, const char *text,
		 struct slice record, const sigset_t *mask, struct err *e);

#endif
