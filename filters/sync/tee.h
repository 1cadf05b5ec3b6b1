/* tee.h - rudder tee: one stream to several commands, each at its own pace.
 *
 * Floor 2 (sync). Every command is a text for sh(1), usually a pipeline that
 * ends with a commit, and gets the bytes of standard input unchanged. What a
 * slow one has not read waits in memory and then in a temporary file
 * (sync/backlog.h); one that has ended is left out.
 *
 * Nobody concludes anything from what is missing: if reading fails or a signal
 * arrives, each command gets an abort line, and if this process is killed they
 * see a stream without an end line.
 */
#ifndef SYNC_TEE_H
#define SYNC_TEE_H

#include "core/err.h"

#define TEE_MAX_BYTES ((uint64_t)1024 * 1024 * 1024) /* the default */

struct tee_options {
	uint64_t max_bytes; /* of the temporary file */
	char **commands;    /* ended by NULL */
};

/* Runs the commands on what comes from fd in, until all have ended. 0, or -1
 * with *e set: the worst of their statuses, in the order of rudder-sync(7), or
 *
 *     ERR_OS, ERR_CREATE   no process, pipe or temporary file
 *     ERR_IO               reading failed, or the disk is full
 *     ERR_TEMP             stopped by a signal
 */
int tee_run(const struct tee_options *o, int in, struct err *e) MUST_USE;

#endif
