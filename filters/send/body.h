/* body.h - the body of a request as a jq program wants to have it.
 *
 * Floor 2 (send). A program is code, and libjq can neither be stopped nor live
 * without memory: it runs in a process of its own, which has no environment,
 * may open no file and no connection, and dies of a second of CPU time for one
 * body, or of 256 MiB. Then another takes its place.
 */
#ifndef SEND_BODY_H
#define SEND_BODY_H

#include "core/buf.h"
#include "core/err.h"

struct body;

/* Compiles the program, and starts its process, which is to be done before
 * secrets are read. ERR_CONFIG with libjq's message, ERR_OS. Free *b with
 * body_close, also after a failure.
 */
int body_open(struct body **b, const char *program, struct err *e) MUST_USE;

/* The one value that the program makes of a JSON text, in place of what is in
 * out: 1, or 0 where it makes none or several, fails, or takes too long, with
 * the reason in out instead. -1 ERR_OS when the process is gone.
 */
int body_make(struct body *b, struct slice in, struct buf *out,
	      struct err *e) MUST_USE;

/* NULL is allowed. */
void body_close(struct body *b);

#endif
