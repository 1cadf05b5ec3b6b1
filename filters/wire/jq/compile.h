/* compile.h - compiles a jq program by libjq, with nothing for it to reach.
 *
 * Floor 1 (wire). To be called in a process of its own (core/sandbox.h): libjq
 * has no limits, and reads the environment.
 */
#ifndef WIRE_JQ_COMPILE_H
#define WIRE_JQ_COMPILE_H

#include <jq.h>

#include "core/buf.h"
#include "core/err.h"

/* The program ready to run, or NULL, with libjq's messages in said, a line
 * each. said must outlive the state: what goes wrong later is added to it. To
 * be freed with jq_teardown. Reads no other input, no module, no debug output.
 */
jq_state *compile_program(const char *program, struct buf *said) MUST_USE;

/* The same for a program that compiles: libjq 1.6 takes error(null) for the end
 * of the results; here it is an error.
 */
jq_state *compile_for_rows(const char *program, struct buf *said) MUST_USE;

/* libjq's message in said, without its "jq: error: " and its "at <top-level>".
 */
struct slice compile_message(const struct buf *said);

/* Where in the program a message of it belongs, for libjq 1.6 gives a line at
 * most. Compiles it some twenty times.
 */
const char *compile_place(const char *program, struct slice message);

/* Checks text and words (program.h), then compiles each of n programs, of which
 * NULL ones are left out, in a sandboxed process that ends. 0, or -1:
 * ERR_CONFIG with the place of the error shown, in the program *which (else n);
 * ERR_OS.
 */
int compile_check(const char *const *programs, size_t n, size_t *which,
		  struct err *e) MUST_USE;

#endif
