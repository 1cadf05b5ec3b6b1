/* plan_failure.h - records that a plan, for which a state was held, failed.
 *
 * Floor 2 (sync). rudder-diff has begun a run for the plan; without a record
 * it would look killed.
 */
#ifndef SYNC_PLAN_FAILURE_H
#define SYNC_PLAN_FAILURE_H

#include <signal.h>

#include "core/err.h"
#include "sync/sync_file.h"

/* changes: the file of the changes, whose begin line names the run; without one
 * nothing has begun, and nothing is recorded. files are those that the steps
 * have written, of which the last abort line has the reason, or where there is
 * none the error e, whose status is given.
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
