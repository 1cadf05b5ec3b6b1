/* compile.h - compiles a jq program by libjq, without giving it any access.
 *
 * Floor 1 (wire). Call it in a separate process (core/sandbox.h): libjq has no
 * limits, and reads the environment.
 */
#ifndef WIRE_JQ_COMPILE_H
#define WIRE_JQ_COMPILE_H

#include <jq.h>

#include "core/buf.h"
#include "core/err.h"

/* Returns the program ready to run, or NULL with libjq's messages in said, one
 * on each line. Later errors are added to said, which must outlive the result.
 * Free with jq_teardown. The program can read no other input and no module, and
 * writes no debug output.
 */
jq_state *compile_program(const char *program, struct buf *said) MUST_USE;

/* The same for a program that is known to compile. libjq 1.6 treats error(null)
 * as the end of the results; here it is an error.
 */
jq_state *compile_for_rows(const char *program, struct buf *said) MUST_USE;

/* libjq's message in said, without "jq: error: " and "at <top-level>". */
struct slice compile_message(const struct buf *said);

/* Where in the program the error of a message is; libjq 1.6 gives only a line.
 * Compiles the program about twenty times.
 */
const char *compile_place(const char *program, struct slice message);

/* Checks text and words (program.h), then compiles each of n programs (NULL
 * ones are skipped) in a sandboxed process. 0, or -1: ERR_CONFIG, which shows
 * the place of the error, in the program *which (else n); ERR_OS.
 */
int compile_check(const char *const *programs, size_t n, size_t *which,
		  struct err *e) MUST_USE;

#endif
