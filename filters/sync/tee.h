/* tee.h - rudder tee: copies one stream to several commands, each at its own
 * pace.
 *
 * Floor 2 (sync). A command is text for sh(1), usually a pipeline that ends
 * with a commit. It gets the bytes of standard input unchanged. What a slow
 * command has not read is kept in memory and then in a temporary file
 * (sync/backlog.h); a command that has ended gets nothing more.
 *
 * A command can always tell that its input is truncated: if reading fails or a
 * signal arrives, it gets an abort line, and if this process is killed the
 * stream has no end line.
 */
#ifndef SYNC_TEE_H
#define SYNC_TEE_H

#include "core/err.h"

#define TEE_MAX_BYTES ((uint64_t)1024 * 1024 * 1024) /* the default */

struct tee_options {
	uint64_t max_bytes; /* size limit of the temporary file */
	char **commands;    /* ended by NULL */
};

/* Runs the commands on the input from fd in, until all have ended. Returns 0,
 * or -1 with *e set: the worst of their statuses, in the order of
 * rudder-sync(7), or
 *
 *     ERR_OS, ERR_CREATE   cannot create a process, pipe or temporary file
 *     ERR_IO               reading failed, or the disk is full
 *     ERR_TEMP             stopped by a signal
 */
int tee_run(const struct tee_options *o, int in, struct err *e) MUST_USE;

#endif
