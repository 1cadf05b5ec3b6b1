/* capture.h - runs one of the filters and keeps what it prints.
 *
 * Floor 2 (sync). The filter beside this program is taken, or the one that PATH
 * has. It gets no input.
 */
#ifndef SYNC_REPORT_CAPTURE_H
#define SYNC_REPORT_CAPTURE_H

#include "core/buf.h"
#include "core/err.h"

/* Most of what a filter may print here: 2,000 runs and 10,000 failing keys are
 * some 9 MiB.
 */
#define CAPTURE_MAX ((size_t)64 * 1024 * 1024)

struct capture {
	struct buf out;  /* lines of JSON; behind them READER_PAD zero bytes */
	struct buf said; /* the messages, without the name of the filter */
};

/* argv is ended by NULL, argv[0] is "rudder-diff". 0 when it ended with 0, or
 * -1 with *e set to its message and status, or ERR_OS. Clear c in any case.
 */
int capture_run(struct capture *c, const char *const *argv,
		struct err *e) MUST_USE;

/* All-zero is allowed. */
void capture_clear(struct capture *c);

#endif
