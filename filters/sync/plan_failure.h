/* plan_failure.h - records that a plan failed after rudder-diff had begun its
 * run.
 *
 * Floor 2 (sync). Without a record the run would look as if it had been killed.
 */
#ifndef SYNC_PLAN_FAILURE_H
#define SYNC_PLAN_FAILURE_H

#include <signal.h>

#include "core/err.h"
#include "sync/sync_file.h"

/* The data of the record. changes is the file of the changes, whose begin line
 * names the run; without one no run has begun, and nothing is recorded. files
 * are the outputs of the steps: the last abort line in them has the reason.
 * Without an abort line it is the error e, with the given status.
 */
struct plan_failure {
	int changes;
	const int *files;
	size_t n;
	const struct err *e;
	int status;
};

void plan_failure_record(const struct plan_failure *p,
			 const struct sync_file *f, size_t destination,
			 const sigset_t *mask);

#endif
