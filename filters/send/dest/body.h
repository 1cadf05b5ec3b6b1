/* body.h - makes the body of a request with a jq program.
 *
 * Floor 2 (send). A program is code, and libjq can neither be stopped nor live
 * without memory: it runs in a process of its own (core/sandbox.h), without
 * environment and secrets, which may open no file and no connection, and dies
 * of a second of CPU time for one body, or of 256 MiB. Then another takes its
 * place.
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

/* The one value that the program makes of a JSON text, in place of what is in
 * out: 1, or 0 if it makes none or several, fails, or takes too long, with
 * the reason in out instead. -1 ERR_OS if the process has ended.
 */
int body_make(struct body *b, struct slice in, struct buf *out,
	      struct err *e) MUST_USE;

/* NULL is allowed. */
void body_close(struct body *b);

#endif
