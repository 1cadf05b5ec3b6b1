/* body.h - makes the body of a request with a jq program.
 *
 * Floor 2 (send). The program is untrusted code, and libjq cannot be
 * interrupted and aborts without memory. So the program runs in a separate
 * process (core/sandbox.h) without environment and secrets, which may not open
 * files or connections. The process is killed after a second of CPU time for
 * one body, or above 256 MiB, and another replaces it.
 */
#ifndef SEND_DEST_BODY_H
#define SEND_DEST_BODY_H

#include "core/buf.h"
#include "core/err.h"

struct body;

/* Checks the program as compile_check does, and starts its process: call it
 * before secrets are read, for the process has what memory has now. option: of
 * which it is, for messages ("--body"; static). lines: it may give several
 * values, each with an LF behind it, and not none. ERR_CONFIG, ERR_OS. Free *b
 * with body_close, also after a failure.
 */
int body_open(struct body **b, const char *option, const char *program,
	      bool lines, struct err *e) MUST_USE;

/* Runs the program on a JSON text. 1 with its one value in out, in place of
 * what was there. 0 with the reason in out if the program gives no value or
 * several, fails, or takes too long. -1 ERR_OS if the process has ended.
 */
int body_make(struct body *b, struct slice in, struct buf *out,
	      struct err *e) MUST_USE;

/* NULL is allowed. */
void body_close(struct body *b);

#endif
