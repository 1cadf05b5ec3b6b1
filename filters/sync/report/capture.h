/* capture.h - runs a filter and keeps its output.
 *
 * Floor 2 (sync). Runs the filter beside this program, or the one in PATH. It
 * gets no input.
 */
#ifndef SYNC_REPORT_CAPTURE_H
#define SYNC_REPORT_CAPTURE_H

#include "core/buf.h"
#include "core/err.h"

/* The maximum output of a filter: 2,000 runs and 10,000 failing keys are about
 * 9 MiB.
 */
#define CAPTURE_MAX ((size_t)64 * 1024 * 1024)

struct capture {
	struct buf out;  /* lines of JSON, followed by READER_PAD zero bytes */
	struct buf said; /* standard error */
};

/* Runs argv, which is ended by NULL; argv[0] is the filter, like "rudder-diff".
 * Returns 0 if it ends with status 0, or -1 with *e set to its message and
 * status, or ERR_OS. Clear c in any case.
 */
int capture_run(struct capture *c, const char *const *argv,
		struct err *e) MUST_USE;

/* Also allows an all-zero struct. */
void capture_clear(struct capture *c);

#endif
