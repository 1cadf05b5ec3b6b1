/* start_record.h - records that a run could not start.
 *
 * Floor 2 (sync). Passes an abort line (rudder-stream(5)) of the stage "run" to
 * rudder-diff --commit, as if a stage had failed at once, so that the record
 * has the form of any other run's.
 */
#ifndef SYNC_START_RECORD_H
#define SYNC_START_RECORD_H

#include <signal.h>

#include "core/err.h"
#include "sync/sync_file.h"
#include "wire/stream/abort.h"

/* Adds the record to the states of n destinations from first. The reason is the
 * text of e, without parts that may be values. States that do not exist are
 * created, except those of a guess. Prints nothing, because the run itself
 * reports the error. mask: signal mask of the command.
 */
void start_record(const struct sync_file *f, size_t first, size_t n,
		  const struct err *e, const sigset_t *mask);

/* Adds the record for an abort line to the state of one destination. */
void start_record_abort(const struct sync_file *f, size_t destination,
			const struct abort_line *a, const sigset_t *mask);

#endif
