/* program.h - reads the text of a jq program, before libjq compiles it.
 *
 * Floor 1 (wire). Knows the tokens of jq 1.6 to 1.8: strings with expressions
 * in them, comments, names of members, variables. A program is NUL-terminated.
 */
#ifndef WIRE_JQ_PROGRAM_H
#define WIRE_JQ_PROGRAM_H

#include "core/err.h"
#include "core/slice.h"

/* Refuses a program with calls or variables that read the environment, other
 * input or files, write to standard error or end the process. Also refuses text
 * that versions of jq read in different ways, or that is nested deeper than 256
 * levels: ERR_CONFIG, shown as below.
 */
int program_check(const char *program, struct err *e) MUST_USE;

/* Sets *e to the line of the program with a mark under the place, and what is
 * wrong there: always -1, ERR_CONFIG.
 */
int program_mark(const char *program, const char *at, const char *what,
		 struct err *e);

typedef void program_field_fn(void *ctx, struct slice name);

/* Calls add for each member of the row that a program reads, perhaps
 * repeatedly; false if it may read any member, and then these calls mean
 * nothing.
 */
bool program_fields(const char *program, program_field_fn *add, void *ctx);

/* The first call of a function of that name, or NULL. */
const char *program_call(const char *program, struct slice name);

/* Whether a name may contain this character. */
bool program_letter(char c);

#endif
