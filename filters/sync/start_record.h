/* start_record.h - records that a run could not start.
 *
 * Floor 2 (sync). rudder-diff --commit gets an abort line (rudder-stream(5)) of
 * the stage "run", as if a stage had failed at once: so the record is like that
 * of any run.
 */
#ifndef SYNC_START_RECORD_H
#define SYNC_START_RECORD_H

#include <signal.h>

#include "core/err.h"
#include "sync/sync_file.h"
#include "wire/stream/abort.h"

/* Adds the record to the states of n destinations from first. The reason is the
 * text of e, without what may be a value. States that do not exist are made,
 * but for those that are a guess. Without a message: the run itself has one.
 * mask: of the signals of the command.
 */
void start_record(const struct sync_file *f, size_t first, size_t n,
		  const struct err *e, const sigset_t *mask);

/* Adds the record that an abort line is to the state of one destination. */
void start_record_abort(const struct sync_file *f, size_t destination,
			const struct abort_line *a, const sigset_t *mask);

#endif
