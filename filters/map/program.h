/* program.h - the text of a jq program, as far as it is looked at before
 * libjq compiles it.
 *
 * Floor 2 (map). A program is a string, NUL behind.
 */
#ifndef MAP_PROGRAM_H
#define MAP_PROGRAM_H

#include "core/err.h"
#include "core/slice.h"

/* Refuses words that read the environment, other input or files, write to
 * standard error or end the process: ERR_CONFIG, shown as below.
 */
int program_check(const char *program, struct err *e) MUST_USE;

/* Shows the line of the program with a mark under the place, and sets *e with
 * what is wrong there: always -1, ERR_CONFIG.
 */
int program_mark(const char *program, const char *at, const char *what,
		 struct err *e);

typedef void program_field_fn(void *ctx, struct slice name);

/* Names the members of its row that a program reads, some perhaps twice; false
 * when it may read any, and then what was named means nothing.
 */
bool program_fields(const char *program, program_field_fn *add, void *ctx);

/* The first call of a function of that name, or NULL. */
const char *program_call(const char *program, struct slice name);

/* Whether a name may have this character in it. */
bool program_letter(char c);

#endif
