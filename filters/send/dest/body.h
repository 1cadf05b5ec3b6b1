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

/* Checks the program like compile_check, and starts its process. Call it before
 * secrets are read, because the process gets a copy of the memory. option: its
 * name for messages ("--body"; static). lines: the program may give several
 * values, at least one, each followed by an LF. ERR_CONFIG, ERR_OS. Free *b
 * with body_close, also after a failure.
 */
int body_open(struct body **b, const char *option, const char *program,
	      bool lines, struct err *e) MUST_USE;

/* Runs the program on a JSON text. Returns 1 with its one value in out, whose
 * previous content is replaced; 0 with the reason in out if the program gives
 * no value or several, fails, or takes too long; -1 with ERR_OS if the process
 * has ended.
 */
int body_make(struct body *b, struct slice in, struct buf *out,
	      struct err *e) MUST_USE;

/* NULL is allowed. */
void body_close(struct body *b);

#endif
